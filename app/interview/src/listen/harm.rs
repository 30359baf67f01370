//! Whether somebody's injury is told of: of a person it is harm, of a machine it is not.

use super::bare_words;

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
pub fn hurt(answer: &str) -> bool {
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

#[cfg(test)]
mod tests {
    use super::*;

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
            assert_eq!(hurt(answer), expected, "{answer}");
        }
    }
}
