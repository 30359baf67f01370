//! An answer in sentences, as it was typed or as a recogniser wrote it down.

use std::ops::Range;

/// Speech without punctuation is cut before these words, once a piece is long enough.
const JOINS: [&str; 14] = [
    "and then",
    "and so",
    "so",
    "but",
    "because",
    "basically",
    "anyway",
    "then",
    "and i",
    "and we",
    "and they",
    "and it",
    "i mean",
    "after that",
];
/// Words that a piece of unpunctuated speech has at least.
const SHORTEST: usize = 6;
/// A stretch with more words than this and no mark in it is speech without punctuation.
const UNPUNCTUATED: usize = 26;

/// Where the sentences of an answer are, in bytes, without the spaces around them. Bullets and lines are sentences of
/// their own.
pub fn sentences(answer: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    for line in lines(answer) {
        for sentence in marked(answer, line) {
            if answer[sentence.clone()].split_whitespace().count() > UNPUNCTUATED {
                found.extend(split_unpunctuated(answer, sentence));
            } else {
                found.push(sentence);
            }
        }
    }
    found
}

fn lines(answer: &str) -> Vec<Range<usize>> {
    let mut start = 0;
    let mut found = Vec::new();
    for line in answer.split_inclusive('\n') {
        found.extend(trimmed(answer, start..start + line.len()));
        start += line.len();
    }
    found
}

/// The range without white space around it and bullets before it; `None` if nothing is left.
fn trimmed(answer: &str, range: Range<usize>) -> Option<Range<usize>> {
    let text = &answer[range.clone()];
    let from = text.trim_start_matches(|letter: char| letter.is_whitespace() || "-*•–·".contains(letter));
    let start = range.start + (text.len() - from.len());
    let end = start + from.trim_end().len();
    (start < end).then_some(start..end)
}

/// Sentences by their marks: `.`, `!`, `?`, `…` or `;` before a space, but not after an abbreviation or an initial.
fn marked(answer: &str, line: Range<usize>) -> Vec<Range<usize>> {
    let text = &answer[line.clone()];
    let mut found = Vec::new();
    let mut start = 0;
    let mut letters = text.char_indices().peekable();
    while let Some((at, letter)) = letters.next() {
        let next = letters.peek().map(|(_, next)| *next);
        let ends = ".!?…;".contains(letter)
            && next.is_none_or(char::is_whitespace)
            && !(letter == '.' && abbreviated(&text[start..at]))
            || "\"'”’)".contains(letter)
                && next.is_none_or(char::is_whitespace)
                && text[start..at].ends_with(['.', '!', '?']);
        if ends {
            let end = at + letter.len_utf8();
            found.extend(trimmed(answer, line.start + start..line.start + end));
            start = end;
        }
    }
    found.extend(trimmed(answer, line.start + start..line.end));
    found
}

/// Whether a full stop after these words is part of an abbreviation.
fn abbreviated(before: &str) -> bool {
    let word = before.rsplit(char::is_whitespace).next().unwrap_or_default();
    let low = word.to_lowercase();
    ["mr", "mrs", "ms", "dr", "st", "prof", "e.g", "i.e", "etc", "approx", "ca", "no", "vs"]
        .contains(&low.as_str())
        && !(low == "no" && word == "no")
        || word.chars().count() == 1 && word.chars().all(char::is_uppercase) && word != "I"
}

/// Speech without punctuation, cut before words that usually begin a new thought.
fn split_unpunctuated(answer: &str, sentence: Range<usize>) -> Vec<Range<usize>> {
    let text = &answer[sentence.clone()];
    let words: Vec<(usize, &str)> = {
        let mut words = Vec::new();
        let mut at = 0;
        for word in text.split_whitespace() {
            let start = at + text[at..].find(word).unwrap_or(0);
            words.push((start, word));
            at = start + word.len();
        }
        words
    };
    let plain: Vec<String> = words
        .iter()
        .map(|(_, word)| word.trim_matches(|letter: char| !letter.is_alphanumeric()).to_lowercase())
        .collect();
    let joins = |at: usize| {
        JOINS.iter().any(|join| {
            join.split(' ').enumerate().all(|(n, word)| plain.get(at + n).is_some_and(|p| p == word))
        })
    };
    let mut found = Vec::new();
    let (mut first, mut start) = (0, 0);
    for at in 0..words.len() {
        if at - first >= SHORTEST && words.len() - at >= SHORTEST / 2 && joins(at) {
            found.extend(trimmed(answer, sentence.start + start..sentence.start + words[at].0));
            (first, start) = (at, words[at].0);
        }
    }
    found.extend(trimmed(answer, sentence.start + start..sentence.end));
    found
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn split(answer: &str) -> Vec<&str> {
        sentences(answer).into_iter().map(|range| &answer[range]).collect()
    }

    #[test]
    fn written_answers_are_split_by_their_marks() {
        assert_eq!(
            split("I did. Did I? Yes!  Dr. Roe said \"No.\" It cost 3.5 million."),
            ["I did.", "Did I?", "Yes!", "Dr. Roe said \"No.\"", "It cost 3.5 million."]
        );
        assert_eq!(
            split("- Question: why\n- Data: 1.2M items\n\n* Result; done"),
            ["Question: why", "Data: 1.2M items", "Result;", "done"]
        );
        assert_eq!(split("  "), Vec::<&str>::new());
    }

    #[test]
    fn speech_without_marks_is_split_where_thoughts_begin() {
        let said = "so um it was last november we had this outage on the payment service basically the database was \
                    running out of connections every evening and then i sat down with the logs and found one loop";
        assert_eq!(
            split(said),
            [
                "so um it was last november we had this outage on the payment service",
                "basically the database was running out of connections every evening",
                "and then i sat down with the logs and found one loop",
            ]
        );
    }

    proptest! {
        /// Every letter that is not a space or a bullet is in exactly one sentence, in order.
        #[test]
        fn nothing_is_lost(answer in "([a-zA-Z.,;!?é\"' \n-]{0,12} ){0,40}") {
            let found = sentences(&answer);
            prop_assert!(found.windows(2).all(|pair| pair[0].end <= pair[1].start));
            let kept: String = found.iter().map(|range| &answer[range.clone()]).collect();
            let letters = |text: &str| text.chars().filter(|letter| letter.is_alphanumeric()).collect::<String>();
            prop_assert_eq!(letters(&kept), letters(&answer));
        }
    }
}
