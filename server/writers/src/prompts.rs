//! What a model is told: files with named variables, one for each purpose.
//!
//! What the plan and the rules say stands in the text; whatever comes from the candidate (name, role, answers, CV,
//! job description, and lines that may quote them) travels as one JSON object under a heading that calls it data.

use std::sync::LazyLock;

use engine::{JudgeRequest, Judgeable};
use interview::moves::Move;
use interview::reading::{AnswerReading, Ask, Probe, Situation, THERE};
use interview::{Brief, LinePurpose, Modality, Speaker, bank, heard::Element};
use minijinja::{Environment, UndefinedBehavior, context};
use serde_json::json;

use crate::ProviderFault;

/// Longest part of a CV, job description or answer that is sent, in characters.
const LONGEST_PASTED: usize = 6_000;

/// A prompt, ready to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prompt {
    /// What holds for every line.
    pub system: String,
    /// What this line is for, then the data.
    pub user: String,
}

/// The file for all purposes, the one around a purpose's, then the file of each purpose.
const FILES: [(&str, &str); 17] = [
    ("system", include_str!("../prompts/system.txt")),
    ("line", include_str!("../prompts/line.txt")),
    ("opening", include_str!("../prompts/opening.txt")),
    ("question", include_str!("../prompts/question.txt")),
    ("probe", include_str!("../prompts/probe.txt")),
    ("transition", include_str!("../prompts/transition.txt")),
    ("repeat", include_str!("../prompts/repeat.txt")),
    ("clarify", include_str!("../prompts/clarify.txt")),
    ("redirect", include_str!("../prompts/redirect.txt")),
    ("smaller", include_str!("../prompts/smaller.txt")),
    ("concrete", include_str!("../prompts/concrete.txt")),
    ("care", include_str!("../prompts/care.txt")),
    ("boundary", include_str!("../prompts/boundary.txt")),
    ("wait", include_str!("../prompts/wait.txt")),
    ("nudge", include_str!("../prompts/nudge.txt")),
    ("offer", include_str!("../prompts/offer.txt")),
    ("closing", include_str!("../prompts/closing.txt")),
];

static PROMPTS: LazyLock<Environment<'static>> = LazyLock::new(|| {
    let mut prompts = Environment::new();
    prompts.set_undefined_behavior(UndefinedBehavior::Strict);
    prompts.set_trim_blocks(true);
    prompts.set_lstrip_blocks(true);
    for (name, text) in FILES {
        prompts.add_template(name, text).expect("a test renders every prompt");
    }
    prompts
});

/// What holds for a model that judges.
const JUDGE: &str = include_str!("../prompts/judge.txt");
/// Most stories that are sent to be judged.
const MOST_STORIES: usize = 12;

/// The prompt to judge these stories.
pub(crate) fn judge(stories: &JudgeRequest) -> Prompt {
    let told: Vec<_> = stories.told.iter().take(MOST_STORIES).map(story).collect();
    let data = json!({ "role": stories.role, "stories": told });
    Prompt { system: JUDGE.trim().to_owned(), user: format!("DATA\n{data}") }
}

fn story(told: &Judgeable) -> serde_json::Value {
    let said = told.said.iter().map(|(speaker, words)| match speaker {
        Speaker::Interviewer => json!({ "interviewer": clip(words) }),
        Speaker::Candidate => json!({ "answer": clip(words) }),
    });
    json!({ "question": told.question, "said": said.collect::<Vec<_>>() })
}

/// The files as they are, for those who look for pieces of them in a line.
pub(crate) fn files() -> impl Iterator<Item = &'static str> {
    FILES.iter().map(|(_, text)| *text)
}

/// The prompt for this brief.
///
/// # Errors
/// [`ProviderFault::Configuration`] if a prompt's variables and the brief do not fit; a test renders them all.
pub fn render(brief: &Brief) -> Result<Prompt, ProviderFault> {
    let task = context! {
        stage => brief.stage.title,
        goal => brief.stage.goal,
        leaving => brief.leaving,
        topic => brief.topic.as_deref().map(in_words),
        missing => brief.made.map(move_request).or(brief.probe.map(asked_for)).or(brief.missing.map(wanted)),
        occasion => !brief.stage.kind.introduces()
            && !brief.reading.as_ref().is_some_and(|reading| general(reading)),
        occasions => brief.stage.kind.tells_stories(),
        closes => brief.stage.kind.closes(),
    };
    let rejected = brief.rejected.as_deref();
    let line = context! {
        task => one(file(brief.purpose), &task)?,
        goal => brief.stage.goal,
        voice => brief.modality == Modality::Voice,
        asks => brief.purpose.asks(),
        rejected => rejected,
        shown => !brief.first_try.shown.is_empty(),
        tact => tact(brief),
        data => data(brief),
    };
    Ok(Prompt { system: one("system", &context! {})?, user: one("line", &line)? })
}

fn one(name: &str, variables: &minijinja::Value) -> Result<String, ProviderFault> {
    let template = PROMPTS.get_template(name).map_err(|_| ProviderFault::Configuration)?;
    let text = template.render(variables).map_err(|_| ProviderFault::Configuration)?;
    Ok(text.trim().to_owned())
}

fn file(purpose: LinePurpose) -> &'static str {
    match purpose {
        LinePurpose::Opening => "opening",
        LinePurpose::Question => "question",
        LinePurpose::Probe => "probe",
        LinePurpose::Transition => "transition",
        LinePurpose::Repeat => "repeat",
        LinePurpose::Clarify => "clarify",
        LinePurpose::Redirect => "redirect",
        LinePurpose::Smaller => "smaller",
        LinePurpose::Concrete => "concrete",
        LinePurpose::Care => "care",
        LinePurpose::Boundary => "boundary",
        LinePurpose::Wait => "wait",
        LinePurpose::Nudge => "nudge",
        LinePurpose::Offer => "offer",
        LinePurpose::Closing => "closing",
    }
}

/// What to ask for, in words for a model.
fn wanted(missing: Element) -> &'static str {
    match missing {
        Element::Situation => "when and where it was: the circumstances",
        Element::Task => "what was wanted of them, or what was at stake",
        Element::Action => "what they themselves did, step by step, rather than the team",
        Element::Result => "how it came out, with a number or a consequence",
        Element::Reasoning => "why they did it in that way",
        Element::Obstacle => "what made it hard",
        Element::Role => "which part was theirs",
        Element::Team => "who else was in it, and what those others wanted",
        Element::Scale => "how many, how much or how long",
        Element::Technology => "the tools or techniques, by name",
        Element::Date => "when it was, or how long it took",
        Element::Reflection => "what they would do differently now",
    }
}

/// What a kind of question asks for, in words for a model.
fn asked_for(probe: Probe) -> &'static str {
    match probe.ask() {
        Ask::OwnPart => "which part was theirs, as apart from the others'",
        Ask::Example => "one occasion, or what they meant by a word of theirs",
        Ask::Detail => "how it was done, from the first step on",
        Ask::Context => "what it was about, for whom, how large or how long",
        Ask::Reasoning => "why they did it so, and instead of what",
        Ask::Hard => "what was hardest, or stood in the way",
        Ask::OtherSide => "how the others in it saw it",
        Ask::Result => "what came of it, and how they know",
        Ask::Learned => "what it left behind, or what they would do differently",
        Ask::Motivation => "why they want this, or what of it serves them now",
        Ask::NewTopic => "something that has not come up yet",
        Ask::CloseGently => "something small that is easy to answer",
    }
}

/// What follows up on what they say of themselves, in words for a model.
fn move_request(made: Move) -> &'static str {
    match made {
        Move::Pick => "of the several things that they name the one with the most in it",
        Move::Case => "one occasion of what they say in general",
        Move::How => "how they did what they name",
        Move::Story => "what happened, which they mention in passing",
        Move::Then => "how what they began to tell ended",
        Move::Day => "what the job, course or task that they only name is like",
        Move::More => "a little more about themselves; they have said very little",
        Move::Change => "why they made the move or the choice that they tell of",
        Move::Draw => "what they like about it",
        Move::Behind => "what is behind the reason or the wish that they give",
        Move::Hard => "what is hardest about it",
        Move::Learned => "what they take from it",
        Move::Proud => "why this one means something to them",
        Move::Part => "which share of it was theirs",
        Move::Road => "how they got from there to where they are now",
        Move::NewTopic => "something that has not come up yet",
        Move::Gently => "something small that is easy to answer",
    }
}

/// Whether an answer tells of nothing that happened.
fn general(reading: &AnswerReading) -> bool {
    use Situation::{Generality, GenericMotivation, ListOfDuties, SpecificMotivation};
    reading.situation().is_some_and(|first| {
        [Generality, GenericMotivation, ListOfDuties, SpecificMotivation].contains(&first)
    })
}

/// What to be careful of after this answer, if anything.
fn tact(brief: &Brief) -> Option<&'static str> {
    let reading = brief.reading.as_ref()?;
    let seen =
        |situation| reading.situations.iter().any(|known| known.what == situation && known.likely >= THERE);
    if seen(Situation::HardEvent) || seen(Situation::EmotionShown) {
        Some("The last answer tells of something hard. Do not dig into it; be brief and kind.")
    } else if seen(Situation::OwnMistake) {
        Some("They told of a mistake of their own. Ask without reproach.")
    } else if seen(Situation::OthersBlamed) || seen(Situation::OneSidedConflict) {
        Some("They told one side of it. Take no side.")
    } else if reading.is_setback() {
        Some("Some of what they told went badly, or is a trouble: no word that sounds cheerful about that.")
    } else {
        None
    }
}

/// A topic in words: the keys of plans say too little by themselves. The key of a plan of one's own is its words.
fn in_words(topic: &str) -> String {
    let words = match topic {
        "origin" => "how they came to this kind of work",
        "present" => "what their work is like today",
        "thread" => "what connects the work they have done so far",
        "pride" => "work that they are proud of",
        "motivation" => "why they want this role",
        "next" => "what they want to do next",
        "strengths" => "what they are good at in their work",
        "working_style" => "how they like to work",
        "learning_path" => "how they learned what they know",
        "role_fit" => "how what they have done fits this role",
        "ownership" => "something that was theirs from beginning to end",
        "teamwork" => "work that they did together with others",
        "conflict" => "a disagreement at work",
        "failure" => "something that went wrong",
        "leading" => "a time when they led others",
        "learning" => "something they had to learn",
        "pressure" => "a time under pressure",
        "ambiguity" => "work that nobody had defined",
        "quality" => "how they make sure that work is good",
        "users" => "the people they work for",
        "influence" => "how they won others over",
        "judgement" | "hard_decision" => "a hard decision they made",
        "trade" => "the craft of their work",
        "open_door" => "what has not come up yet and belongs here",
        "impact" => "work that made a difference",
        "background" | "introduction" => "what they have done so far",
        other => return other.replace('_', " "),
    };
    words.to_owned()
}

/// All that comes from the candidate or may quote them, as one line of JSON: nothing in it can end the data.
fn data(brief: &Brief) -> String {
    let profile = &brief.profile;
    let recent: Vec<_> = brief
        .recent
        .iter()
        .map(|e| json!({"question": clip(&e.question), "answer": clip(&e.answer)}))
        .collect();
    let particulars: Vec<_> =
        brief.heard.iter().flat_map(|heard| &heard.particulars).map(|p| p.words.as_str()).collect();
    // What is to be asked again is no question that must not be.
    let again = matches!(brief.purpose, LinePurpose::Repeat | LinePurpose::Clarify | LinePurpose::Redirect);
    let open = brief.question.as_deref().filter(|_| again);
    let avoid: Vec<_> =
        brief.avoid.iter().filter(|asked| open.is_none_or(|open| !asked.text().contains(open))).collect();
    json!({
        "candidate_name": profile.name,
        "role": profile.role,
        "seniority": profile.seniority.key(),
        "cv": clip(&profile.cv),
        "job_description": clip(&profile.job_description),
        "recent_exchanges_oldest_first": recent,
        "particulars_of_the_last_answer": particulars,
        "open_question": brief.question,
        "keepsake": brief.keepsake,
        "a_plain_line": bank::compose(brief).map(|line| line.text),
        "questions_never_to_ask_again": avoid,
        "your_last_lines": brief.said,
        "how_earlier_answers_begin": brief.so_far.earlier_answers,
        "topics_covered": brief.so_far.covered.iter().map(|topic| in_words(topic)).collect::<Vec<_>>(),
        "answers_left_in_this_part": brief.so_far.turns_left,
        "questions_they_had_no_answer_to": brief.so_far.declined,
        "painful_and_not_to_be_asked_about": brief.so_far.painful.iter().map(|told| clip(told)).collect::<Vec<_>>(),
        "first_try": brief.first_try.text,
        "already_said": brief.first_try.shown,
    })
    .to_string()
}

fn clip(text: &str) -> &str {
    text.char_indices().nth(LONGEST_PASTED).map_or(text, |(at, _)| &text[..at])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_topic_of_a_plan_goes_to_a_model_as_its_key() {
        for topic in
            interview::Plan::all().iter().flat_map(|plan| &plan.stages).flat_map(|stage| &stage.topics)
        {
            assert_ne!(in_words(topic), topic.replace('_', " "), "{topic} has no words");
        }
        assert_eq!(in_words("night_shifts"), "night shifts");
    }
}
