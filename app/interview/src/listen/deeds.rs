//! Who did what: the verbs in the past with "I" or "we" before them.

use super::{
    grammar::{ADVERBS, FINITE, SUBJECTS},
    token::AnswerToken,
    words::{STATE, is_past},
};

/// A deed told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Deed {
    /// The token of its verb.
    pub verb: usize,
    /// True for "we", false for "I" (said or understood).
    pub we: bool,
    /// True if the verb, as it stands, follows "you" as well as "I".
    pub sayable: bool,
}

/// Participles that are no past tense.
const PARTICIPLES: [&str; 22] = [
    "written",
    "done",
    "taken",
    "given",
    "driven",
    "chosen",
    "spoken",
    "grown",
    "seen",
    "drawn",
    "overseen",
    "broken",
    "flown",
    "begun",
    "become",
    "come",
    "rewritten",
    "undertaken",
    "overcome",
    "run",
    "gone",
    "shown",
];
/// Words before "I" that make the deed a wish, a condition or hearsay.
const UNREAL: [&str; 24] = [
    "if", "whenever", "unless", "whether", "said", "says", "say", "think", "thought", "claimed", "wish",
    "hope", "believe", "suppose", "imagine", "saying", "told", "assumed", "feel", "like", "should", "would",
    "until", "guess",
];

/// All deeds of a text, in order.
pub(super) fn deeds(tokens: &[AnswerToken<'_>]) -> Vec<Deed> {
    let mut found = Vec::new();
    let mut running: Option<(bool, usize)> = None;
    for (i, token) in tokens.iter().enumerate() {
        let low = token.low.as_str();
        if let Some((we, perfect)) = subject(low) {
            let before = i.checked_sub(1).map_or("", |j| tokens[j].low.as_str());
            if UNREAL.contains(&before) {
                running = None;
                continue;
            }
            match verb_after(tokens, i + 1, perfect) {
                Some((verb, sayable)) => {
                    found.push(Deed { verb, we, sayable });
                    running = Some((we, token.sentence));
                }
                None => running = None,
            }
            continue;
        }
        // "... and rewrote the parser": the subject goes on.
        if let Some((we, sentence)) = running {
            if sentence != token.sentence
                || (SUBJECTS.contains(&low) || matches!(low, "it" | "which" | "who" | "that" | "when"))
            {
                running = None;
            } else if matches!(low, "and" | "then" | ",") {
                let next = tokens.get(i + 1).map_or("", |t| t.low.as_str());
                if !matches!(next, "and" | "then")
                    && let Some((verb, true)) = verb_after(tokens, i + 1, false)
                {
                    found.push(Deed { verb, we, sayable: true });
                }
            }
        }
        // "Rewrote the parser.": a sentence that begins with the verb.
        if token.first
            && running.is_none()
            && acts(low)
            && tokens.get(i + 1).is_some_and(|t| {
                matches!(
                    t.low.as_str(),
                    "the" | "a" | "an" | "my" | "our" | "all" | "every" | "two" | "three"
                )
            })
        {
            found.push(Deed { verb: i, we: false, sayable: true });
            running = Some((false, token.sentence));
        }
    }
    found
}

/// "I" or "we" as a subject: whether "we", and whether a participle must follow.
fn subject(low: &str) -> Option<(bool, bool)> {
    match low {
        "i" => Some((false, false)),
        "we" => Some((true, false)),
        "i've" | "ive" | "i'd" => Some((false, true)),
        "we've" | "we'd" => Some((true, true)),
        _ => None,
    }
}

fn acts(low: &str) -> bool {
    is_past(low) && !STATE.contains(low) && !FINITE.contains(&low)
}

/// The verb of a deed that begins here, and whether it follows "you" as it stands.
fn verb_after(tokens: &[AnswerToken<'_>], mut i: usize, mut perfect: bool) -> Option<(usize, bool)> {
    for _ in 0..4 {
        let token = tokens.get(i)?;
        let low = token.low.as_str();
        let next = tokens.get(i + 1).map_or("", |t| t.low.as_str());
        if matches!(low, "have" | "had" | "was" | "were") && next == "to" {
            // "I had to call the family"; "I was to ..." tells of no deed.
            let base = tokens.get(i + 2).filter(|t| t.is_word() && t.low != "be")?;
            return (low == "had" && !FINITE.contains(&base.low.as_str())).then_some((i, true));
        }
        if matches!(low, "have" | "had") {
            perfect = true;
        } else if ADVERBS.contains(&low) || (low.ends_with("ly") && low.len() > 4 && !is_past(low)) {
            // Between subject and verb.
        } else if acts(low) {
            if low == "used" && next == "to" {
                return None;
            }
            return Some((i, true));
        } else if perfect && PARTICIPLES.contains(&low) {
            return Some((i, false));
        } else {
            return None;
        }
        i += 1;
    }
    None
}
