//! What is spoken, word by word, and which part of the written text each word stands for.

use std::ops::Range;

/// One spoken word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpokenSpan {
    /// Bytes of [`Speakable::text`]: the word, without the punctuation that follows it.
    pub spoken: Range<usize>,
    /// Bytes of the written text, on character boundaries. Words that stand for one thing together ("five dollars"
    /// for "$5") share one range.
    pub source: Range<usize>,
}

/// A text as it is spoken.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Speakable {
    /// Words of ASCII letters and inner apostrophes, one space between them; of punctuation only `. , ? ! ; :`, right
    /// after a word.
    pub text: String,
    /// Every word of `text`, in order. Neither start nor end of `source` ever goes back.
    pub spans: Vec<SpokenSpan>,
}

impl Speakable {
    /// How much of the written text had been said when the first `words` words had been: a byte offset into it. What
    /// takes several words ("$5") counts once its last one is said.
    ///
    /// ```
    /// let rate = speech_text::say::words("We cut 45% now.");
    /// assert_eq!(rate.text, "We cut forty five percent now.");
    /// assert_eq!(rate.said(2), "We cut".len());
    /// assert_eq!(rate.said(3), "We cut".len());
    /// assert_eq!(rate.said(5), "We cut 45%".len());
    /// ```
    #[must_use]
    pub fn said(&self, words: usize) -> usize {
        let words = words.min(self.spans.len());
        let unfinished = self.spans.get(words).map(|next| &next.source);
        self.spans[..words]
            .iter()
            .rev()
            .find(|span| unfinished.is_none_or(|next| *next != span.source))
            .map_or(0, |span| span.source.end)
    }
}

impl Speakable {
    /// This, read from the spoken text of `before`, as read from what `before` was read from.
    pub(super) fn through(mut self, before: &Speakable) -> Speakable {
        for span in &mut self.spans {
            let from = before.spans.partition_point(|b| b.spoken.end <= span.source.start);
            let to = before.spans.partition_point(|b| b.spoken.start < span.source.end).max(from + 1);
            let (Some(first), Some(last)) = (before.spans.get(from), before.spans.get(to - 1)) else {
                continue;
            };
            span.source = first.source.start..last.source.end;
        }
        self
    }
}

/// Writes a [`Speakable`] word by word.
#[derive(Debug, Default)]
pub(super) struct SpeakableBuilder {
    out: Speakable,
    /// The pause after the last word, not yet written: a stronger one may follow.
    pause: Option<char>,
}

impl SpeakableBuilder {
    /// Says some words, with pauses written after them (`"for example,"`), for one range of the written text.
    pub(super) fn say(&mut self, said: &str, source: &Range<usize>) {
        for piece in said.split_ascii_whitespace() {
            let word = piece.trim_end_matches(is_pause);
            if !word.is_empty() {
                self.word(word, source.clone());
            }
            for pause in piece[word.len()..].chars() {
                self.pause(pause);
            }
        }
    }

    fn word(&mut self, word: &str, source: Range<usize>) {
        self.settle();
        if !self.out.text.is_empty() {
            self.out.text.push(' ');
        }
        let start = self.out.text.len();
        self.out.text.push_str(word);
        self.out.spans.push(SpokenSpan { spoken: start..self.out.text.len(), source });
    }

    /// A pause after the last word: of several the strongest stays.
    pub(super) fn pause(&mut self, pause: char) {
        if !self.out.spans.is_empty() && self.pause.is_none_or(|before| strength(before) < strength(pause)) {
            self.pause = Some(pause);
        }
    }

    /// The last word, if nothing pauses after it.
    pub(super) fn last(&self) -> Option<&str> {
        if self.pause.is_some() {
            None
        } else {
            self.out.spans.last().map(|s| &self.out.text[s.spoken.clone()])
        }
    }

    fn settle(&mut self) {
        if let Some(pause) = self.pause.take() {
            self.out.text.push(pause);
        }
    }

    pub(super) fn finish(mut self) -> Speakable {
        self.settle();
        self.out
    }
}

fn is_pause(c: char) -> bool {
    strength(c) > 0
}

fn strength(pause: char) -> u8 {
    match pause {
        ',' => 1,
        ';' => 2,
        ':' => 3,
        '.' => 4,
        '!' => 5,
        '?' => 6,
        _ => 0,
    }
}
