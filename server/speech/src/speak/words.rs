//! What is written, and the words that are said for it.

use std::ops::Range;

/// What is said for a piece of text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct SpokenText {
    /// Words with one space between them, and punctuation.
    pub(super) spoken: String,
    /// For each of the words, which bytes of the piece it stands for. Neither start nor end goes back.
    stands_for: Vec<Range<usize>>,
}

/// Written words, and the spoken words that stand for them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Group {
    /// Bytes of the piece.
    pub(super) written: Range<usize>,
    /// Which words of [`SpokenText::spoken`].
    pub(super) spoken: Range<usize>,
}

impl SpokenText {
    /// Makes a piece of text speakable.
    pub(super) fn of(piece: &str) -> Self {
        let said = speech_text::say::words(piece);
        Self { spoken: said.text, stands_for: said.spans.into_iter().map(|span| span.source).collect() }
    }

    /// Whether there is nothing to say.
    pub(super) fn is_blank(&self) -> bool {
        self.stands_for.is_empty()
    }

    /// The written words of the piece in order, each with what is said for it. Words that are said together ("10 million")
    /// are one group, and words for which nothing is said are in none.
    pub(super) fn groups(&self, piece: &str) -> Vec<Group> {
        let mut groups: Vec<Group> = Vec::new();
        for (spoken, source) in self.stands_for.iter().enumerate() {
            let written = whole_words(piece, source);
            if written.is_empty() {
                continue;
            }
            match groups.last_mut() {
                Some(last) if written.start < last.written.end => {
                    last.written.end = last.written.end.max(written.end);
                    last.spoken.end = spoken + 1;
                }
                Some(_) | None => groups.push(Group { written, spoken: spoken..spoken + 1 }),
            }
        }
        groups
    }
}

/// The range, grown to where its words begin and end.
fn whole_words(piece: &str, range: &Range<usize>) -> Range<usize> {
    let inner = piece[range.clone()].trim();
    if inner.is_empty() {
        return range.start..range.start;
    }
    let start = range.start + piece[range.clone()].find(inner).unwrap_or(0);
    let end = start + inner.len();
    let before = piece[..start].trim_end_matches(|letter: char| !letter.is_whitespace());
    let after = piece[end..].trim_start_matches(|letter: char| !letter.is_whitespace());
    before.len()..piece.len() - after.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn groups(piece: &str, stands_for: &[Range<usize>]) -> Vec<(String, Range<usize>)> {
        let line = SpokenText { spoken: String::new(), stands_for: stands_for.to_vec() };
        line.groups(piece).into_iter().map(|group| (piece[group.written].to_owned(), group.spoken)).collect()
    }

    #[test]
    fn spoken_words_are_grouped_by_what_is_written() {
        // "We cut forty five percent, now."
        let piece = " We cut 45%, now.";
        let found = groups(piece, &[1..3, 4..7, 8..11, 8..11, 8..11, 13..16]);
        let expected = [("We", 0..1), ("cut", 1..2), ("45%,", 2..5), ("now.", 5..6)];
        assert_eq!(found, expected.map(|(text, spoken)| (text.to_owned(), spoken)));
    }

    #[test]
    fn words_that_are_said_together_stay_together() {
        let piece = "about 10 million, or well-known (yes) 👍 ok";
        let million = piece.find("10").unwrap()..piece.find(',').unwrap();
        let well = piece.find("well").unwrap();
        let known = piece.find("known").unwrap();
        let ok = piece.len() - 2..piece.len();
        let found =
            groups(piece, &[0..5, million.clone(), million, 18..20, well..well + 4, known..known + 5, ok]);
        let texts: Vec<&str> = found.iter().map(|(text, _)| text.as_str()).collect();
        assert_eq!(texts, ["about", "10 million,", "or", "well-known", "ok"]);
        assert_eq!(found[3].1, 4..6);
    }

    #[test]
    fn every_spoken_word_stands_for_something() {
        let piece = "Tell me, in short: did p99 fall by 45% (or $5)?";
        let line = SpokenText::of(piece);
        assert_eq!(line.spoken.split_whitespace().count(), line.stands_for.len());
        let written: Vec<&str> = line.groups(piece).into_iter().map(|group| &piece[group.written]).collect();
        assert_eq!(written, piece.split_whitespace().collect::<Vec<_>>());
        assert!(SpokenText::of(" — 👍 ").is_blank());
    }
}
