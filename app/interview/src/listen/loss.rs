//! Whether somebody's death is told of, in plain words: of a person it is a death, of a battery or a tree it is not.

use super::bare_words;

/// Somebody of the candidate's own: a relative, a friend, somebody they worked beside.
const CLOSE: &[&str] = &[
    "mother",
    "father",
    "mum",
    "mom",
    "dad",
    "parents",
    "brother",
    "sister",
    "son",
    "daughter",
    "husband",
    "wife",
    "partner",
    "friend",
    "mate",
    "colleague",
    "coworker",
    "teammate",
    "grandmother",
    "grandfather",
    "grandma",
    "grandpa",
    "gran",
    "nan",
    "uncle",
    "aunt",
    "cousin",
    "fiancé",
    "fiancée",
];
/// Anybody else.
const SOMEBODY: &[&str] = &[
    "he",
    "she",
    "they",
    "who",
    "somebody",
    "someone",
    "patient",
    "patients",
    "resident",
    "residents",
    "man",
    "woman",
    "boy",
    "girl",
    "child",
    "baby",
    "pupil",
    "student",
    "neighbour",
    "neighbor",
    "boss",
    "client",
    "guest",
    "customer",
    "passenger",
    "driver",
    "people",
];
/// Who is named after somebody of the candidate's own is who "he" or "she" stands for.
const STRANGER: &[&str] = &[
    "man", "woman", "boss", "mr", "mrs", "ms", "dr", "called", "patient", "client", "customer", "teacher",
    "owner", "chef", "landlord",
];
/// "I worked for him until he died" tells of the work.
const UNTIL: &[&str] = &["until", "till"];
/// So many words before "died" may say who.
const BEFORE: usize = 4;
/// So many words before that may say that it was somebody close, whom "he" or "she" then stands for.
const NEAR: usize = 24;

/// Who died.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Loss {
    /// Somebody of the candidate's own.
    Close,
    /// Somebody else, such as a patient.
    Other,
}

/// The death that is told of, if one is.
pub fn loss(answer: &str) -> Option<Loss> {
    let words = bare_words(answer);
    let mut found = None;
    for (at, word) in words.iter().enumerate() {
        let before = |many: usize| &words[at.saturating_sub(many)..at];
        let last = before(1).first().map_or("", String::as_str);
        let named = |who: &[&str]| before(BEFORE).iter().any(|word| who.contains(&word.as_str()));
        let somebody = named(SOMEBODY) || named(CLOSE);
        let died = match word.as_str() {
            "suicide" | "funeral" => true,
            "died" => somebody,
            "away" => last == "passed" && somebody,
            "death" => matches!(last, "her" | "his" | "their") || last == "s" && named(CLOSE),
            // "I lost my mother", not "I lost my mother's keys".
            word if CLOSE.contains(&word) => {
                let own = last == "my" && words.get(at.wrapping_sub(2)).is_some_and(|word| word == "lost");
                own && words.get(at + 1).is_none_or(|next| next != "s")
            }
            _ => false,
        };
        if !died || before(BEFORE).iter().any(|word| UNTIL.contains(&word.as_str())) {
            continue;
        }
        let close = CLOSE.contains(&word.as_str()) || own_person(before(NEAR));
        found = match (found, close) {
            (Some(Loss::Close), _) | (_, true) => Some(Loss::Close),
            (_, false) => Some(Loss::Other),
        };
    }
    found
}

/// Whether somebody close is named as the candidate's own, and nobody after them: "my friend Tomasz", not "a mother of
/// three".
fn own_person(words: &[String]) -> bool {
    let own = words
        .windows(2)
        .rposition(|pair| matches!(pair[0].as_str(), "my" | "our") && CLOSE.contains(&pair[1].as_str()));
    own.is_some_and(|at| !words[at + 2..].iter().any(|word| STRANGER.contains(&word.as_str())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_death_is_told_from_other_ends_and_one_of_their_own_from_others() {
        for (answer, expected) in [
            ("In 2021 my friend Tomasz fell from one. He died. I was on the level below.", Some(Loss::Close)),
            ("I lost my mother that spring and took three months off.", Some(Loss::Close)),
            ("After my dad's funeral I went back to the ward.", Some(Loss::Close)),
            ("My father passed away in the middle of it.", Some(Loss::Close)),
            ("One patient, a mother of three, died on my shift.", Some(Loss::Other)),
            ("A resident died at night and I told the family.", Some(Loss::Other)),
            (
                "My nan had a stall, and later a man called Beddoes taught me. He died in the spring.",
                Some(Loss::Other),
            ),
            (
                "My nan had a stall, and then I worked for a lovely man called Mr. Beddoes until he died.",
                None,
            ),
            ("The battery died and the pager with it.", None),
            ("The old oak died.", None),
            ("I lost my mother's keys.", None),
            ("The idea died in committee.", None),
        ] {
            assert_eq!(loss(answer), expected, "{answer}");
        }
    }
}
