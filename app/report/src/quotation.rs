//! Words of the candidate's that stand in the transcript.

use std::ops::Range;

use interview::{Message, Speaker};
use serde::Serialize;

/// Words of the candidate's, found in a message. There is no other way to have one: what is not in the transcript cannot
/// be quoted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Quotation {
    seq: u32,
    text: String,
    #[serde(skip)]
    place: Range<usize>,
}

impl Quotation {
    /// These words where they first stand in this message of the candidate's, as whole words; white space and the sort of
    /// quotation marks do not matter. What is quoted is what the message says.
    pub fn find(message: &Message, words: &str) -> Option<Self> {
        let sought: Vec<char> = plain(words.trim()).map(|(c, _)| c).collect();
        let said: Vec<(char, Range<usize>)> = plain(&message.text).collect();
        if sought.is_empty() || sought.len() > said.len() {
            return None;
        }
        let inside = |at: Option<&(char, Range<usize>)>, edge: char| {
            edge.is_alphanumeric() && at.is_some_and(|(c, _)| c.is_alphanumeric())
        };
        let (first, last) = (*sought.first()?, *sought.last()?);
        (0..=said.len() - sought.len()).find_map(|from| {
            let to = from + sought.len();
            let same = said[from..to].iter().map(|(c, _)| c).eq(sought.iter());
            let before = from.checked_sub(1).and_then(|before| said.get(before));
            let whole = !inside(before, first) && !inside(said.get(to), last);
            (same && whole).then(|| Self::at(message, said[from].1.start..said[to - 1].1.end)).flatten()
        })
    }

    /// What stands at this place of a message of the candidate's, in bytes, without white space around it. `None` if that
    /// is no word, or no place.
    pub(crate) fn at(message: &Message, place: Range<usize>) -> Option<Self> {
        let text = message.text.get(place.clone())?;
        let start = place.start + text.len() - text.trim_start().len();
        let text = text.trim();
        let fit = message.speaker == Speaker::Candidate && text.chars().any(char::is_alphanumeric);
        fit.then(|| Self { seq: message.seq, text: text.to_owned(), place: start..start + text.len() })
    }

    /// The number of its message.
    pub fn seq(&self) -> u32 {
        self.seq
    }

    /// The words, as they stand there.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Where they stand in the message, in bytes.
    pub fn place(&self) -> Range<usize> {
        self.place.clone()
    }
}

/// The characters of a text with their places; a run of white space is one blank, quotation marks are straight.
fn plain(text: &str) -> impl Iterator<Item = (char, Range<usize>)> {
    let mut blank = false;
    text.char_indices().filter_map(move |(at, c)| {
        let place = at..at + c.len_utf8();
        let before = std::mem::replace(&mut blank, c.is_whitespace());
        match c {
            c if c.is_whitespace() => (!before).then_some((' ', place)),
            '\u{2018}' | '\u{2019}' | '\u{02bc}' | '`' | '\u{b4}' => Some(('\'', place)),
            '\u{201c}' | '\u{201d}' | '\u{ab}' | '\u{bb}' | '\u{201e}' => Some(('"', place)),
            c => Some((c, place)),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::said;

    #[test]
    fn words_are_found_whatever_the_marks_and_the_white_space() {
        let message = said(4, "Six squads\n use it \u{2014} \u{201c}now\u{201d}, and it\u{2019}s fine.");
        let found = Quotation::find(&message, "squads use it \u{2014} \"now\", and it's").unwrap();
        assert_eq!(found.text(), "squads\n use it \u{2014} \u{201c}now\u{201d}, and it\u{2019}s");
        assert_eq!((found.seq(), &message.text[found.place()]), (4, found.text()));
    }

    #[test]
    fn what_nobody_said_is_not_found() {
        let message = said(4, "Six squads use it now.");
        for words in ["", " ", "seven squads", "quads use", "squads us", "Six squads use it now. Yes"] {
            assert_eq!(Quotation::find(&message, words), None, "{words}");
        }
        let asked = Message { speaker: Speaker::Interviewer, ..message };
        assert_eq!(Quotation::find(&asked, "Six squads"), None, "the interviewer is not quoted");
    }
}
