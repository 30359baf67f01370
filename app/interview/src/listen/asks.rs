//! What an answer asks the interviewer, and what it offers: more than one story, or more of one.

use super::harm::mentions_harm;
use super::hook::{HOOKS, says};
use super::pattern::words_of;
use super::token::bare_words;

/// What an answer itself gives to ask about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FollowUpCue {
    /// More than one story, and none of them chosen: "Two come to mind.", "It's hard to pick."
    Several,
    /// To say more, at its end: "I've reasons for that, which I'm happy to go into."
    More,
    /// Harm that it only mentions, as [`mentions_harm`] says.
    Harm,
}

/// What an answer gives to ask about, if it does; several stories count where stories are told.
pub fn offer(answer: &str, tells_stories: bool) -> Option<FollowUpCue> {
    if tells_stories && offers_several(answer) {
        Some(FollowUpCue::Several)
    } else if invites(answer) {
        Some(FollowUpCue::More)
    } else {
        mentions_harm(answer).then_some(FollowUpCue::Harm)
    }
}

fn offers_several(answer: &str) -> bool {
    says(&words_of(answer), "several")
}

fn invites(answer: &str) -> bool {
    let words = words_of(answer);
    let last = words.last().map_or(0, |word| word.sentence);
    HOOKS.find(&words).iter().any(|hit| hit.section == "invited" && words[hit.from].sentence == last)
}

/// What a question to the interviewer in the middle of an answer is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AskedBack {
    /// Whether what they tell will do: "Does that count?"
    Fit,
    /// Whether what they tell is odd or wrong: "Is that weird?"
    Worry,
    /// The work or the place, which nobody knows here: "Is it right that it's mostly referrals?"
    Work,
}

/// What an answer asks the interviewer at its very end. A question that somebody asks themselves while they tell asks
/// nothing: "And who was to pay for it?"
pub fn asks_back(answer: &str) -> Option<AskedBack> {
    let at = super::sentences(answer).pop()?;
    let sentence = &answer[at];
    let words = format!(" {} ", bare_words(sentence).join(" "));
    let has = |some: &[&str]| some.iter().any(|phrase| words.contains(phrase));
    let asks = sentence.trim_end().ends_with('?');
    let worry = [
        " is that weird ",
        " is that odd ",
        " is that strange ",
        " is that silly ",
        " is that bad ",
        " is that wrong ",
        " is that not ",
        " is that a good ",
        " is that a bad ",
        " is it bad ",
        " should i have said ",
        " should i not have said ",
        " was that too ",
    ];
    // "Is that weird" asks, with a mark or without.
    if asks && has(&worry) || worry.iter().any(|phrase| words.ends_with(phrase)) {
        return Some(AskedBack::Worry);
    }
    let fit = [
        " does that count ",
        " does it count ",
        " sort of thing you ",
        " kind of thing you ",
        " is that what you ",
    ];
    // "Is that enough?", "Is that all right?", "Is that a conflict?"
    let short =
        words.rfind(" is that ").is_some_and(|at| (2..=4).contains(&words[at..].split_whitespace().count()));
    if asks && (has(&fit) || short) {
        return Some(AskedBack::Fit);
    }
    // "I thought, who's this?" was asked of nobody here.
    let reports = [
        " thought ",
        " said ",
        " asked ",
        " says ",
        " thinking ",
        " wondered ",
        " shouted ",
        " goes ",
        " went ",
    ];
    if !asks_the_interviewer(sentence) || has(&reports) {
        return None;
    }
    let work = [
        " do you do ",
        " do you have ",
        " do you use ",
        " do you still ",
        " are you ",
        " have you ",
        " is your ",
        " are your ",
        " is it right that ",
        " is it true that ",
        " would i ",
        " will i ",
        " is there ",
        " are there ",
    ];
    (has(&work) || super::speaks_of_you(answer)).then_some(AskedBack::Work)
}

/// Longest question that is one without a mark.
const TYPED: usize = 18;

/// Whether the end of an answer asks the interviewer something: "Who buys the sand? I ask because ...", "I want to know
/// if you send a letter." A tag ("isn't it?") and what somebody is said to have asked ask nothing.
pub fn asks_the_interviewer(answer: &str) -> bool {
    let at = super::sentences(answer);
    at.into_iter().any(|at| {
        let sentence = &answer[at];
        let words = bare_words(sentence);
        let word = |nth: usize| words.get(nth).map_or("", String::as_str);
        let wonders = words.windows(3).any(|three| {
            let (first, second, third) = (three[0].as_str(), three[1].as_str(), three[2].as_str());
            first == "to"
                && second == "know"
                && matches!(third, "if" | "whether" | "who" | "what" | "how" | "why" | "when")
                || first == "was"
                    && second == "wondering"
                    && matches!(third, "if" | "whether" | "who" | "what" | "how" | "why")
        }) && matches!(word(0), "i" | "and" | "but" | "so");
        let quoted = sentence.contains(['“', '"', '‘']);
        let asks = sentence.trim_end().trim_end_matches(['"', '”', '’', ')']).ends_with('?');
        // "did i get the job", as it may be typed.
        let unmarked = !sentence.trim_end().ends_with(['.', '!', ',', '?']);
        let verb =
            matches!(word(0), "did" | "do" | "does" | "is" | "are" | "will" | "can" | "could" | "would");
        let whom = matches!(word(1), "i" | "you" | "we" | "they")
            || word(0) != "do" && matches!(word(1), "it" | "the" | "there");
        let typed = unmarked && verb && whom && words.len() <= TYPED;
        wonders || typed || asks && !quoted && !is_tag(sentence, &words)
    })
}

/// Whether only the end of a sentence asks, and that for nothing: "That's better, isn't it?"
fn is_tag(sentence: &str, words: &[String]) -> bool {
    const TAGS: [&str; 16] = [
        "right",
        "you know",
        "isn t it",
        "wasn t it",
        "aren t they",
        "don t you think",
        "you see",
        "no",
        "eh",
        "doesn t it",
        "didn t it",
        "innit",
        "weren t they",
        "yeah",
        "okay",
        "don t they",
    ];
    const ASKING: [&str; 34] = [
        "who", "what", "why", "how", "when", "where", "which", "is", "are", "do", "does", "did", "can",
        "could", "may", "should", "will", "would", "have", "has", "was", "were", "am", "any", "and", "so",
        "but", "if", "or", "also", "sorry", "okay", "one", "just",
    ];
    let all = words.join(" ");
    let tagged =
        TAGS.iter().any(|tag| all == *tag || all.ends_with(&format!(" {tag}")) && sentence.contains(','));
    tagged && !words.first().is_some_and(|first| ASKING.contains(&first.as_str())) || words.len() <= 1
}

/// Whether a question asks for something that the candidate got wrong.
pub fn asks_for_a_mistake(question: &str) -> bool {
    const WRONG: [&str; 15] = [
        "mistake",
        "got wrong",
        "went wrong",
        "go wrong",
        "gone wrong",
        "wrong way",
        "been wrong",
        "missed",
        "an error of",
        "forgot",
        "noticed sooner",
        "regret",
        "apologise",
        "didn't work",
        "didn't go",
    ];
    let low = question.to_lowercase();
    WRONG.iter().any(|phrase| low.contains(phrase))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_to_the_interviewer_is_told_from_a_tag_and_from_what_others_asked() {
        let table = [
            ("Who buys the sand? I ask because in the last company the office buys it.", true),
            ("Who decides whether a case goes forward? Name, not a committee.", true),
            ("Is there somewhere for the volunteers to sit down? Only at ours there's the one chair.", true),
            ("What does great look like at twelve months? And, well. It rather stung.", true),
            ("Do I have to wear a tie? I don't mind.", true),
            (
                "When somebody dies that shouldn't have, who goes to the family? I want to know if you send a letter.",
                true,
            ),
            ("I'd like to know how the shifts are shared.", true),
            ("I was wondering whether there's parking.", true),
            ("How many are on a shift?", true),
            ("did i get the job", true),
            ("is there parking", true),
            ("is the budget for the old plant signed off or still being talked about", true),
            ("do the scary bit first", false),
            ("can you", true),
            ("Did the rota and went home.", false),
            ("No, that was all. A good talk, wasn't it?", false),
            ("It's a nice place, right?", false),
            ("She said \"why not?\" and that was that.", false),
            ("No, I think that's everything.", false),
            ("I'd like you to remember the harvest.", false),
            ("", false),
        ];
        let missed: Vec<&str> = table
            .into_iter()
            .filter(|(answer, expected)| asks_the_interviewer(answer) != *expected)
            .map(|(answer, _)| answer)
            .collect();
        assert_eq!(missed, [""; 0]);
    }

    #[test]
    fn what_is_asked_at_the_end_of_an_answer_is_told_from_what_people_ask_themselves() {
        for (answer, expected) in [
            ("I'd do the Wednesday all week. Is it right that it's mostly referrals?", Some(AskedBack::Work)),
            ("That's what I'd like. Do you have nights as well?", Some(AskedBack::Work)),
            ("You've got the new heat pump centre. Is that up and running now?", Some(AskedBack::Work)),
            ("I taught my cousin maths for his GCSE, does that count?", Some(AskedBack::Fit)),
            ("It was at school, is that all right?", Some(AskedBack::Fit)),
            ("I ordered eighty. Is that the sort of thing you mean?", Some(AskedBack::Fit)),
            ("I drive past it sometimes, is that weird", Some(AskedBack::Worry)),
            ("hmm dont think i have one, is that bad?", Some(AskedBack::Worry)),
            ("I did a year of chemistry and left. Sorry, should I have said that?", Some(AskedBack::Worry)),
            (
                "I kept thinking how does it not fall over. Why, is that not a good reason?",
                Some(AskedBack::Worry),
            ),
            ("Sorry, I think that's all I have on that... is that ok?", Some(AskedBack::Fit)),
            ("And the room went quiet. I thought, who's this?", None),
            (
                "There was one where a developer wanted me to take the allowance off. Is that conflict?",
                Some(AskedBack::Fit),
            ),
            ("First YouTube, then building things. You want the list?", None),
            ("And who was to pay for it?", None),
            ("So why would anybody do that?", None),
            ("Do you have nights? We had, and I liked them.", None),
            ("It went well, didn't it?", None),
            ("", None),
        ] {
            assert_eq!(asks_back(answer), expected, "{answer}");
        }
    }

    #[test]
    fn several_stories_and_an_offer_to_say_more_are_heard() {
        for answer in [
            "Two come to mind. One's the Friday calls, the other's the guide.",
            "Two really. One with a vet about pain relief, and then the other with the manager.",
            "The carrier bag. And then lunch clubs. And the trip. It's hard to pick.",
            "So pick whichever aligns.",
            "A couple of things spring to mind.",
        ] {
            assert!(offers_several(answer), "{answer}");
        }
        for answer in [
            "It came to mind on the way home that I had two keys.",
            "Two of us did it, really.",
            "It was hard to pick the stones out.",
            "Two years ago I moved to Leeds.",
        ] {
            assert!(!offers_several(answer), "{answer}");
        }
        assert!(invites("I'd do it carefully. I've reasons for that which I'm happy to go into if you ask."));
        assert!(invites("There's more to it, I can say a bit more if you want me to."));
        assert!(invites("freecodecamp, then youtube, then breaking it. you want the list?"));
        assert!(invites("It's a bit of a saga. Shall I go on?"));
        assert!(!invites("I'd be happy to go into planning one day."));
        assert!(!invites("I asked if you ask me that again I'll leave. That was Tuesday."));
    }
}
