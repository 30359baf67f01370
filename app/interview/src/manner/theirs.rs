//! What a sentence takes up of what the person has said.

use std::collections::BTreeSet;

use super::private;
use crate::check::{LineSentence, sentences};
use crate::listen::{COURTESY, PlainWord, is_number_word, is_past, particular, stem, words_of};
use crate::{Brief, LinePurpose};

/// What the person said and was asked, word by word.
pub(super) struct CandidateVocabulary(BTreeSet<String>);

impl CandidateVocabulary {
    pub(super) fn of(brief: &Brief) -> Self {
        let asked = brief.question.iter().chain(brief.recent.iter().flat_map(|e| [&e.question, &e.answer]));
        let given =
            brief.so_far.answers.iter().chain(asked).chain(&brief.keepsake).chain([&brief.profile.name]);
        Self(given.flat_map(|text| words_of(text)).map(|word| stem(bare(&word))).collect())
    }

    fn holds(&self, word: &PlainWord) -> bool {
        self.0.contains(&stem(bare(word)))
    }
}

fn bare(word: &PlainWord) -> &str {
    word.word.trim_end_matches("'s")
}

/// Whether a word says something in particular.
fn is_content(word: &PlainWord) -> bool {
    const QUANTIFIERS: [&str; 7] = ["every", "each", "both", "many", "much", "all", "such"];
    let said = word.word.as_str();
    particular(said) && !COURTESY.contains(said) && !QUANTIFIERS.contains(&said)
}

/// Whether the beginning of a line can be said before its question is known: it says what the person said, or nothing in
/// particular. What is new in it may lead to anything.
pub(super) fn adds_nothing_new(brief: &Brief, text: &str) -> bool {
    let theirs = CandidateVocabulary::of(brief);
    sentences(text).iter().all(|sentence| {
        let words = words_of(sentence.text);
        let content = words.iter().filter(|word| is_content(word) && !is_number_word(&word.word));
        let (old, new): (Vec<_>, Vec<_>) = content.partition(|word| theirs.holds(word));
        let cared = brief.purpose != LinePurpose::Care && private::cares(sentence, &words);
        !cared && (new.is_empty() || old.len() >= 2 * new.len())
    })
}

/// Whether a sentence that asks nothing is to the person: it speaks of them, points at what they said or takes it up, or
/// is no more than a few words.
pub(super) fn addresses_candidate(brief: &Brief, sentence: &LineSentence<'_>, words: &[PlainWord]) -> bool {
    const THEM: [&str; 6] = ["you", "your", "yours", "yourself", "yourselves", "then"];
    const POINTS: [&str; 20] = [
        "that",
        "this",
        "it",
        "there",
        "here",
        "those",
        "these",
        "both",
        "they",
        "he",
        "she",
        "such",
        "nobody",
        "everyone",
        "everybody",
        "someone",
        "somebody",
        "something",
        "nothing",
        "neither",
    ];
    // "Trust was low after that hour."
    const TIMES: [&str; 18] = [
        "hour", "hours", "day", "days", "night", "nights", "week", "weeks", "month", "months", "year",
        "years", "time", "moment", "morning", "evening", "shift", "point",
    ];
    const STANDS: [&str; 12] =
        ["is", "are", "was", "were", "has", "have", "had", "will", "would", "can", "does", "did"];
    let says = |of: &[&str]| words.iter().any(|word| of.contains(&word.word.as_str()));
    let points = words.iter().any(|word| word.first && POINTS.contains(&word.word.as_str()))
        || words.windows(2).any(|pair| {
            matches!(pair[0].word.as_str(), "that" | "this" | "those" | "these")
                && TIMES.contains(&pair[1].word.as_str())
        });
    let verb = says(&STANDS) || words.iter().any(|word| is_past(&word.word));
    let short = words.len() <= 3 || (words.len() <= 5 && !verb);
    let theirs = || {
        let theirs = CandidateVocabulary::of(brief);
        words.iter().any(|word| is_content(word) && theirs.holds(word))
    };
    // "Nurses are the heart of every hospital" holds for all: nothing in it is this person's.
    (short && !generalises(words)) || says(&THEM) || points || sentence.asks() || theirs()
}

/// "Mistakes happen", "Leadership means courage": somebody's wisdom, in a few words.
fn generalises(words: &[PlainWord]) -> bool {
    const TEACHES: [&str; 22] = [
        "means", "matters", "matter", "helps", "help", "happen", "happens", "needs", "need", "runs", "run",
        "makes", "make", "shows", "counts", "count", "talk", "takes", "saves", "save", "changes", "requires",
    ];
    words.iter().skip(1).any(|word| TEACHES.contains(&word.word.as_str()))
}
