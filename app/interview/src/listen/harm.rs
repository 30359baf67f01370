//! Whether somebody's injury is told of: of a person it is harm, of a machine it is not.

use super::token::bare_words;

/// What can be hurt of a person.
const BODY: &[&str] = &[
    "arm",
    "arms",
    "forearm",
    "leg",
    "legs",
    "hand",
    "hands",
    "finger",
    "fingers",
    "thumb",
    "foot",
    "feet",
    "ankle",
    "wrist",
    "elbow",
    "knee",
    "shoulder",
    "neck",
    "spine",
    "rib",
    "ribs",
    "skull",
    "face",
    "eye",
    "eyes",
    "hip",
    "collarbone",
    "jaw",
    "nose",
];
/// Whose it can be.
const WHOSE: &[&str] = &["his", "her", "my", "their"];
/// What can happen to it.
const HURT: &[&str] = &[
    "burned",
    "burnt",
    "burn",
    "broke",
    "broken",
    "breaking",
    "fractured",
    "crushed",
    "scalded",
    "severed",
    "lost",
    "cut",
    "smashed",
    "trapped",
    "injured",
    "hurt",
    "losing",
];
/// So many words may lie between what happened, whose it was and what was hurt.
const NEAR: usize = 3;

/// Whether an answer tells that somebody was hurt: "he burned his forearm", "she was badly injured".
pub fn tells_of_injury(answer: &str) -> bool {
    let words = bare_words(answer);
    let is = |at: usize, some: &[&str]| words.get(at).is_some_and(|word| some.contains(&word.as_str()));
    (0..words.len()).any(|at| match words[at].as_str() {
        // "The care unit" is a place; "he was eleven days in intensive care" is what happened.
        "care" => is(at.wrapping_sub(1), &["intensive"]) && is(at.wrapping_sub(2), &["in", "into"]),
        // "I killed her", of an animal in one's care too; not "I killed the process".
        "killed" if is(at.wrapping_sub(1), &["i", "we"]) => is(at + 1, &["her", "him", "them"]),
        "injured" if is(at.wrapping_sub(1), &["badly", "seriously", "severely", "was", "were", "got"]) => {
            true
        }
        word if HURT.contains(&word) => (at + 1..at + 1 + NEAR)
            .any(|whose| is(whose, WHOSE) && (whose + 1..whose + 1 + NEAR).any(|part| is(part, BODY))),
        _ => false,
    })
}

/// What is done to somebody who comes to harm.
const HARMED: &[&str] = &[
    "burnt",
    "burned",
    "scalded",
    "electrocuted",
    "crushed",
    "hurt",
    "injured",
    "stabbed",
    "assaulted",
    "attacked",
];
/// Who may come to it.
const PEOPLE: &[&str] = &[
    "lad",
    "boy",
    "girl",
    "man",
    "woman",
    "apprentice",
    "colleague",
    "patient",
    "child",
    "pupil",
    "driver",
    "worker",
];
const ANYBODY: &[&str] = &["he", "she", "they", "i", "him", "her", "them", "somebody", "someone", "nobody"];
/// What is named as known and was never told.
const KNOWN: &[&str] = &["the", "my", "that", "our", "his", "her"];

/// Whether an answer mentions in passing that somebody came to harm: "he'd not have been burnt", "after the accident".
pub fn mentions_harm(answer: &str) -> bool {
    let words = bare_words(answer);
    let is = |at: usize, some: &[&str]| words.get(at).is_some_and(|word| some.contains(&word.as_str()));
    (0..words.len()).any(|at| match words[at].as_str() {
        "accident" => is(at.wrapping_sub(1), KNOWN),
        word if HARMED.contains(&word) => {
            let suffered = is(at.wrapping_sub(1), &["been", "was", "were", "got", "get", "being", "be"]);
            // "I had a lad hurt on my job."
            let had = is(at.wrapping_sub(1), PEOPLE);
            had || suffered && (at.saturating_sub(6)..at).any(|who| is(who, PEOPLE) || is(who, ANYBODY))
        }
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn harm_that_is_mentioned_in_passing_is_heard() {
        for (answer, expected) in [
            ("If there'd been one of those in that corridor he'd not have been burnt.", true),
            ("After the accident I started a thing with the apprentices.", true),
            ("My colleague got hurt on that machine.", true),
            ("They could have been crushed.", true),
            ("I'd a young lad hurt on my job. Not badly, he's fine.", true),
            ("The cakes were burnt, all two trays.", false),
            ("I got there by accident.", false),
            ("Accident prevention is most of it.", false),
            ("The figures were crushed by the new prices.", false),
        ] {
            assert_eq!(mentions_harm(answer), expected, "{answer}");
        }
    }

    #[test]
    fn an_injury_of_a_person_is_told_from_other_damage() {
        for (answer, expected) in [
            ("He burned his forearm badly on the deck oven.", true),
            ("One of the lads broke his left ankle on my shift.", true),
            ("She lost two of her fingers in the slicer.", true),
            ("Two drivers were injured.", true),
            ("He was eleven days in intensive care.", true),
            ("I gave a ewe the wrong drug. I killed her.", true),
            ("I killed the process and it came back.", false),
            ("The belt broke and we lost his order.", false),
            ("I cut their costs by a third.", false),
            ("We burned the first two trays.", false),
            ("I had my hands in flour all day.", false),
        ] {
            assert_eq!(tells_of_injury(answer), expected, "{answer}");
        }
    }
}
