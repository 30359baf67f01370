//! Taking up a candidate's own words: which of them are fit, and how they go into a frame.

use crate::heard::{Feeling, Heard, Kind, Particular, ParticularKind};

/// Longest words taken up, in words.
const MOST_WORDS: usize = 12;

/// Words that would sound wrong said back, or that belong to an attempt to change the rules.
const UNFIT: [&str; 20] = [
    "i",
    "i'm",
    "i’m",
    "i'd",
    "i’d",
    "i've",
    "i’ve",
    "i'll",
    "me",
    "my",
    "mine",
    "myself",
    "we",
    "our",
    "ours",
    "us",
    "instructions",
    "prompt",
    "http",
    "www",
];

/// The particulars of an answer that can be said back, the most particular first. Nothing is taken up from what is
/// no answer, or from something painful.
pub(super) fn usable(heard: Option<&Heard>) -> Vec<&Particular> {
    let Some(heard) = heard else { return Vec::new() };
    if !(heard.kind.is_answer() || heard.kind == Kind::Short) || heard.feeling == Some(Feeling::Painful) {
        return Vec::new();
    }
    heard.particulars.iter().filter(|p| fit(p)).collect()
}

/// True when a particular can be said back in the middle of a sentence.
pub(super) fn fit(particular: &Particular) -> bool {
    let count = particular.to_you.split_whitespace().count();
    let least = match particular.kind {
        ParticularKind::Turn | ParticularKind::Saying => 3,
        ParticularKind::Deed => 2,
        ParticularKind::Number | ParticularKind::Tool | ParticularKind::Name | ParticularKind::Thing => 1,
    };
    let person = particular.kind == ParticularKind::Thing && is_person(&particular.to_you);
    let cut_off = CUT_OFF.iter().any(|end| particular.to_you.ends_with(end));
    count >= least
        && !person
        && !cut_off
        && !particular.words.trim().is_empty()
        && sayable(&particular.to_you)
}

/// Ends of words that were cut in the middle of a thought.
const CUT_OFF: [&str; 9] = [
    " before it",
    " after it",
    " until it",
    " when it",
    " that it",
    " because it",
    " if it",
    " to begin",
    " so it",
];

/// Nouns for people, about whom one does not ask as about things.
const PEOPLE: [&str; 58] = [
    "manager",
    "boss",
    "colleague",
    "friend",
    "customer",
    "client",
    "patient",
    "pupil",
    "student",
    "teacher",
    "doctor",
    "nurse",
    "driver",
    "mother",
    "father",
    "parent",
    "brother",
    "sister",
    "wife",
    "husband",
    "partner",
    "family",
    "daughter",
    "son",
    "child",
    "children",
    "kid",
    "people",
    "person",
    "man",
    "woman",
    "men",
    "women",
    "girl",
    "boy",
    "guy",
    "lead",
    "director",
    "engineer",
    "developer",
    "designer",
    "supervisor",
    "professor",
    "tutor",
    "guest",
    "user",
    "resident",
    "neighbour",
    "mentor",
    "consultant",
    "chef",
    "cook",
    "registrar",
    "lawyer",
    "officer",
    "assistant",
    "team",
    "owner",
];

/// True for a phrase that names a person or people: by its last word, or by the one before "of", "in", "who".
pub(super) fn is_person(phrase: &str) -> bool {
    let lower = phrase.to_lowercase();
    let joint = [" of ", " in ", " who ", " at ", " from ", " on ", " with "]
        .iter()
        .filter_map(|j| lower.find(j))
        .min();
    let head = lower[..joint.unwrap_or(lower.len())].split_whitespace().last().unwrap_or("");
    PEOPLE.contains(&head) || head.strip_suffix('s').is_some_and(|one| PEOPLE.contains(&one))
}

/// True for words that can stand inside a spoken sentence: plain, short, from nobody's instructions.
pub(super) fn sayable(words: &str) -> bool {
    let trimmed = words.trim();
    let plain = |c: char| {
        c.is_alphanumeric()
            || matches!(c, ' ' | '\'' | '’' | '-' | ',' | '%' | '£' | '$' | '€' | '&' | '.' | '+' | '#' | '/')
    };
    let tokens: Vec<&str> = trimmed.split_whitespace().collect();
    let ends_inside = |token: &&str| token.ends_with('.') || token.starts_with('.') && token.len() == 1;
    let word = |token: &&str| {
        let bare = token.trim_matches(|c: char| !c.is_alphanumeric());
        let lower = bare.to_lowercase();
        // "US" is a country, "us" is not.
        UNFIT.contains(&lower.as_str()) && !(lower == "us" && bare == "US")
    };
    (1..=MOST_WORDS).contains(&tokens.len())
        && trimmed == words
        && words.chars().all(plain)
        && words.chars().any(char::is_alphanumeric)
        && !tokens.iter().any(ends_inside)
        && !tokens.iter().any(word)
        && tokens
            .iter()
            .all(|t| t.chars().count() <= 30 && !t.contains("//") && !t.to_lowercase().starts_with("www"))
        && !trimmed.ends_with([',', '-', '/', '&', '+'])
        && trimmed.chars().filter(char::is_ascii_digit).count() <= 8
        && !trimmed.to_lowercase().contains("ignore ")
}

/// A frame with the words put in at `{x}`.
pub(super) fn woven(frame: &str, words: &str) -> String {
    frame.replace("{x}", words)
}

/// True when a line was made from this frame: its fixed parts stand in the line, in order.
pub(super) fn made_from(line: &str, frame: &str) -> bool {
    let mut rest = line;
    let mut weight = 0;
    for piece in frame.split(['{', '}']).step_by(2).filter(|piece| piece.len() > 1) {
        let Some(at) = rest.find(piece) else { return false };
        rest = &rest[at + piece.len()..];
        weight += piece.len();
    }
    weight > 4
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_words_that_can_be_said_back_are_taken_up() {
        for good in
            ["four million rows", "Node.js", "Kafka", "40 % of the orders", "the US office", "£2.5 million"]
        {
            assert!(sayable(good), "{good}");
        }
        for bad in [
            "",
            " ",
            "what?",
            "my manager",
            "the vendor. It",
            "call me on 07700 900123 4567",
            "a@b.example",
            "http://x",
            "ignore all of it",
            "(aside)",
            "“quoted”",
            "one two three four five six seven eight nine ten eleven twelve t",
            "line\nbreak",
            "and then,",
        ] {
            assert!(!sayable(bad), "{bad}");
        }
    }

    #[test]
    fn a_frame_is_known_again() {
        assert!(made_from(
            "When the vendor pulled out, what did you do first?",
            "When {x}, what did you do first?"
        ));
        assert!(!made_from("When did you last do it?", "When {x}, what did you do first?"));
        assert!(made_from("I see. How big was it?", "I see."));
    }
}
