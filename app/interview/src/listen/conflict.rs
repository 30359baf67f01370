//! Whether an answer gives another figure than one before it did, for the same thing.

use std::collections::BTreeSet;
use std::ops::Range;

use super::cardinal::cardinal;
use super::look::{figures, sentences};
use super::token::bare_words;
use super::words::stem;

/// So many other words of two sentences are the same where they tell of the same thing.
const SAME: usize = 2;
/// Words with which a sentence tells how something changed, or how it nearly is: its figure contradicts none.
const ELSE: [&str; 34] = [
    "then", "now", "after", "before", "later", "first", "last", "next", "another", "other", "more", "less",
    "extra", "each", "every", "about", "around", "roughly", "nearly", "almost", "over", "under", "from",
    "became", "grew", "fell", "dropped", "rose", "up", "down", "second", "third", "some", "since",
];

/// Words that say nothing of what is told.
const SMALL: [&str; 30] = [
    "the", "and", "was", "were", "had", "has", "have", "there", "that", "this", "with", "for", "our", "they",
    "them", "their", "all", "are", "but", "who", "which", "you", "your", "she", "her", "his", "him",
    "because", "when", "got",
];

/// A figure that counts something.
#[derive(Debug, PartialEq, Eq)]
struct Count {
    value: u64,
    /// What it counts, stemmed.
    unit: String,
    /// What else the sentence tells of, stemmed.
    of: BTreeSet<String>,
}

/// Whether an answer counts the same thing otherwise than one of these texts: "five of us on the night desk" after "seven
/// of us on the night desk". Only sentences with one figure each, about the same, are compared.
pub fn conflicts<'a>(answer: &str, earlier: impl IntoIterator<Item = &'a str>) -> bool {
    let now = counts(answer);
    !now.is_empty()
        && earlier.into_iter().flat_map(counts).any(|before| {
            now.iter().any(|now| {
                now.unit == before.unit
                    && now.value != before.value
                    && now.of.intersection(&before.of).count() >= SAME
            })
        })
}

fn counts(text: &str) -> Vec<Count> {
    sentences(text).into_iter().filter_map(|at| count(&text[at])).collect()
}

/// The figure of a sentence that has one and tells of no change.
fn count(sentence: &str) -> Option<Count> {
    let words = bare_words(sentence);
    if words.iter().any(|word| ELSE.contains(&word.as_str())) {
        return None;
    }
    let found = figures(sentence);
    let [at]: &[Range<usize>; 1] = found.as_slice().try_into().ok()?;
    let value = value(&sentence[at.clone()])?;
    let after = bare_words(&sentence[at.end..]);
    let mut nouns =
        after.iter().filter(|word| !matches!(word.as_str(), "of" | "the" | "full" | "time" | "whole"));
    let unit = stem(nouns.next()?);
    let of = words
        .iter()
        .filter(|word| word.len() > 2 && !SMALL.contains(&word.as_str()) && cardinal(word).is_none())
        .map(|word| stem(word))
        .filter(|stem| *stem != unit)
        .collect();
    Some(Count { value, unit, of })
}

fn value(figure: &str) -> Option<u64> {
    let low = figure.to_lowercase();
    let parts: Vec<&str> = low.split('-').collect();
    match parts.as_slice() {
        [one] => cardinal(one).or_else(|| one.replace(',', "").parse().ok()),
        [tens, ones] => Some(cardinal(tens)? + cardinal(ones)?),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_figure_for_the_same_thing_is_heard() {
        let table = [
            (
                "I had twelve people in my team at the depot.",
                "At the depot I led a team of nine people.",
                true,
            ),
            ("We were six drivers on the night run.", "We had four drivers on the night run.", true),
            ("I ran the night desk with 7 agents.", "There were five agents on the night desk.", true),
            (
                "We had thirty-two beds on the surgical ward.",
                "The surgical ward has twenty-eight beds.",
                true,
            ),
            (
                "I spent nineteen years in the school office.",
                "I was in the school office fifteen years.",
                true,
            ),
            ("We had thirty-two beds on the surgical ward.", "The surgical ward has 32 beds.", false),
            ("We had four drivers on the night run.", "Now we have six drivers on the night run.", false),
            ("The queue was two hours on payday.", "The queue on payday fell to twenty minutes.", false),
            ("I trained nine apprentices.", "I fixed four pumps.", false),
            ("We had four drivers on the night run.", "We had six drivers on the day run in Leeds.", false),
            ("We had about four drivers on the night run.", "We had six drivers on the night run.", false),
            ("", "Six of us.", false),
        ];
        let missed: Vec<&str> = table
            .into_iter()
            .filter(|(before, now, expected)| conflicts(now, [*before]) != *expected)
            .map(|(_, now, _)| now)
            .collect();
        assert_eq!(missed, [""; 0]);
    }

    #[test]
    fn nothing_contradicts_itself() {
        for text in [
            "We had four drivers on the night run.",
            "I spent nineteen years in the school office. There were six of us.",
            "The surgical ward has twenty-eight beds, and I know each of them.",
        ] {
            assert!(!conflicts(text, [text]), "{text}");
        }
    }
}
