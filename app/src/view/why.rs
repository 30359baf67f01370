//! Says to the candidate why a question was asked, and whose words it is in.

use interview::{LinePurpose, LineRationale, LineSource, WriterFailure, reading::Probe};

/// Why a line was said, in a sentence or two; nothing where it explains itself.
pub fn explain_line(why: &LineRationale, source: Option<LineSource>) -> Option<String> {
    let words = match source {
        Some(LineSource::Model) => " Worded by a language model.".to_owned(),
        Some(LineSource::Fallback) => {
            format!(" Worded by the built-in interviewer, because the language model {}.", fault(why.instead))
        }
        Some(LineSource::Bank) | None => String::new(),
    };
    let read = if why.by_words {
        " Your answer was read by simple word rules, not by the reading model."
    } else {
        ""
    };
    reason(why).map(|reason| reason + read + &words)
}

/// What the language model did not do, after its name. Of older lines it is not known what it was.
fn fault(failure: Option<WriterFailure>) -> &'static str {
    match failure {
        Some(WriterFailure::Late) => "was too slow",
        Some(WriterFailure::Failed) => "could not be used",
        Some(WriterFailure::Unfit) => "twice wrote something an interviewer should not say",
        None => "gave no usable line",
    }
}

fn reason(why: &LineRationale) -> Option<String> {
    let took_up = why.took_up.as_deref().map(|words| format!("\u{201c}{}\u{201d}", words.trim()));
    Some(match why.purpose {
        LinePurpose::Opening => "An easy question first, to begin with.".to_owned(),
        LinePurpose::Question => match (took_up, topic(why)) {
            (Some(words), _) => format!("Asked because you said {words}."),
            (None, Some(topic)) => format!("A new question, to hear about {topic}."),
            (None, None) => "A new question in this part.".to_owned(),
        },
        LinePurpose::Probe if why.topic.as_deref() == Some("motivation") => {
            "Asked to hear more about why you want this role.".to_owned()
        }
        LinePurpose::Probe => match why.probe.and_then(sought) {
            Some(sought) => format!("Asked to hear {sought}."),
            None => "Asked to hear more about that.".to_owned(),
        },
        LinePurpose::Transition => match topic(why) {
            Some(topic) => format!("The first question of a new part, to hear about {topic}."),
            None => "The first question of a new part.".to_owned(),
        },
        LinePurpose::Repeat => "Said again because you asked.".to_owned(),
        LinePurpose::Clarify => "Put in other words because you asked what was meant.".to_owned(),
        LinePurpose::Redirect => {
            "Asked again because the answer seemed to be about something else.".to_owned()
        }
        LinePurpose::Smaller => "A smaller question, as nothing came to mind for the last one.".to_owned(),
        LinePurpose::Concrete => {
            "Asked because your answer stayed general: one specific example says more.".to_owned()
        }
        LinePurpose::Care => {
            "Asked with care, because what you describe is hard. You need not go on with it.".to_owned()
        }
        LinePurpose::Boundary => "Asked to get back to the interview.".to_owned(),
        LinePurpose::Offer => "Asked because it had been quiet for a while.".to_owned(),
        LinePurpose::Wait | LinePurpose::Nudge | LinePurpose::Closing => return None,
    })
}

/// What a question after an answer is to bring, where it can be said in a few words.
fn sought(probe: Probe) -> Option<&'static str> {
    Some(match probe {
        Probe::OwnPart => "which part was yours",
        Probe::Collaboration => "who else was in it",
        Probe::Example => "one specific example",
        Probe::FirstStep => "how it began",
        Probe::Detail => "how it was done",
        Probe::Context | Probe::Task => "what it was about",
        Probe::Scale | Probe::Measure => "how much, and how you know",
        Probe::Timeline => "when it was",
        Probe::Reasoning | Probe::Priorities => "why it was done that way",
        Probe::Alternatives | Probe::TradeOff => "what else was possible, and what it cost",
        Probe::Obstacle | Probe::HardMoment => "what made it hard",
        Probe::OtherSide => "how the others saw it",
        Probe::Result => "what came of it",
        Probe::Reaction => "how others reacted",
        Probe::Learned | Probe::Differently => "what you learnt from it",
        Probe::Transfer => "what you can still use from it",
        Probe::Motivation => "what draws you to it",
        Probe::Clarify | Probe::Depth | Probe::NewTopic | Probe::CloseGently => return None,
    })
}

/// What a topic is about, in words that follow "to hear about". Nothing for one that has none: a key is no word.
fn topic(why: &LineRationale) -> Option<&'static str> {
    Some(match why.topic.as_deref()? {
        "origin" => "how you came to this work",
        "present" => "your work today",
        "thread" => "what connects your jobs",
        "pride" => "work that you are proud of",
        "motivation" => "why you want this role",
        "next" => "what you want to do next",
        "strengths" => "what you are good at",
        "working_style" => "how you like to work",
        "learning_path" => "how you learned what you know",
        "role_fit" => "how you fit this role",
        "ownership" => "something that was yours to get done",
        "teamwork" => "how you work with others",
        "conflict" => "a disagreement you had",
        "failure" => "something that went wrong",
        "leading" => "a time when you led others",
        "pressure" => "a time when you were under pressure",
        "ambiguity" => "work that nobody had defined",
        "quality" => "how you make sure that work is good",
        "users" => "the people you work for",
        "learning" => "something you had to learn",
        "influence" => "how you won others over",
        "judgement" | "hard_decision" => "a hard decision you made",
        "trade" => "the craft of your work",
        "open_door" => "anything we missed",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn why(purpose: LinePurpose) -> LineRationale {
        LineRationale::new(purpose, Some("hard_decision".into()))
    }

    #[test]
    fn a_probe_says_what_it_is_to_bring_or_only_more() {
        let asked = |probe| reason(&LineRationale { probe, ..why(LinePurpose::Probe) }).unwrap();
        assert_eq!(asked(Some(Probe::Result)), "Asked to hear what came of it.");
        assert_eq!(asked(Some(Probe::Depth)), "Asked to hear more about that.");
        assert_eq!(asked(None), "Asked to hear more about that.");
    }

    #[test]
    fn a_question_names_the_words_it_takes_up_or_its_topic() {
        let asked = LineRationale { took_up: Some("four million rows".into()), ..why(LinePurpose::Question) };
        assert_eq!(
            reason(&asked).as_deref(),
            Some("Asked because you said \u{201c}four million rows\u{201d}.")
        );
        let fresh = reason(&why(LinePurpose::Question));
        assert_eq!(fresh.as_deref(), Some("A new question, to hear about a hard decision you made."));
    }

    #[test]
    fn every_topic_of_every_plan_has_words() {
        for topic_of in
            interview::Plan::all().iter().flat_map(|plan| &plan.stages).flat_map(|stage| &stage.topics)
        {
            let why = LineRationale { topic: Some(topic_of.clone()), ..why(LinePurpose::Question) };
            assert!(topic(&why).is_some(), "{topic_of}");
        }
        let unknown = LineRationale { topic: Some("some_key".into()), ..why(LinePurpose::Question) };
        assert_eq!(reason(&unknown).as_deref(), Some("A new question in this part."));
    }

    #[test]
    fn whose_words_they_are_is_told_where_there_is_a_model() {
        let told = |source| explain_line(&why(LinePurpose::Opening), source).unwrap();
        let plain = told(Some(LineSource::Bank));
        assert_eq!(plain, "An easy question first, to begin with.");
        assert!(told(Some(LineSource::Model)).starts_with(&plain));
        assert!(told(Some(LineSource::Fallback)).contains("built-in"));
    }

    #[test]
    fn why_a_model_gave_no_line_is_told_as_it_was() {
        let said = |instead| {
            explain_line(&LineRationale { instead, ..why(LinePurpose::Opening) }, Some(LineSource::Fallback))
                .unwrap()
        };
        let all = [Some(WriterFailure::Late), Some(WriterFailure::Failed), Some(WriterFailure::Unfit), None]
            .map(said);
        assert!(all[0].ends_with("the language model was too slow."), "{}", all[0]);
        assert!(all[1].ends_with("the language model could not be used."), "{}", all[1]);
        assert!(all[2].contains("an interviewer should not say"), "{}", all[2]);
        assert!(all[3].ends_with("gave no usable line."), "{}", all[3]);
    }

    #[test]
    fn what_explains_itself_stays_unexplained() {
        assert_eq!(reason(&why(LinePurpose::Wait)), None);
        assert_eq!(reason(&why(LinePurpose::Closing)), None);
    }
}
