//! Speech that comes in pieces, and the words that are said in each: measured where the provider says when,
//! otherwise estimated.

use std::collections::VecDeque;

use super::words::{SourceWord, bare};
use crate::ports::{SpeechChunk, TimedWord};

/// How long a character lasts at the voice's own pace, in milliseconds: about 150 words a minute.
const CHARACTER_MS: f32 = 66.0;
/// How many words further on a word that the provider names may be.
const AHEAD: usize = 4;

/// Puts words to audio.
#[derive(Debug)]
pub(super) struct WordAligner {
    rate: u32,
    samples: u64,
    words: VecDeque<SourceWord>,
    /// Words with their times, whose audio has not come yet.
    due: VecDeque<(TimedWord, usize)>,
}

impl WordAligner {
    /// For these words, at this rate, after so many samples.
    pub(super) fn new(rate: u32, samples: u64, words: Vec<SourceWord>) -> Self {
        Self { rate, samples, words: words.into(), due: VecDeque::new() }
    }

    /// How many samples there were.
    pub(super) fn samples(&self) -> u64 {
        self.samples
    }

    /// How much audio there was, in milliseconds.
    fn millis(&self) -> u32 {
        u32::try_from(self.samples * 1000 / u64::from(self.rate)).unwrap_or(u32::MAX)
    }

    /// The provider says when a word is said, in milliseconds from the first sample.
    pub(super) fn measured(&mut self, said: &str, start_ms: u32, end_ms: u32) {
        let said = bare(said);
        if said.is_empty() {
            return;
        }
        let here = |word: &SourceWord| bare(&word.text) == said;
        let skipped = self.words.iter().take(AHEAD).position(here).unwrap_or(0);
        for written in self.words.drain(..=skipped.min(self.words.len().saturating_sub(1))) {
            let word = TimedWord { text: written.text, start_ms, end_ms: end_ms.max(start_ms) };
            self.due.push_back((word, written.end));
        }
    }

    /// Guesses when the words are said from here on, at this speed.
    pub(super) fn estimate(&mut self, speed: f32) {
        let mut at = self.millis();
        for written in std::mem::take(&mut self.words) {
            let characters = u16::try_from(written.text.chars().count() + 1).unwrap_or(u16::MAX);
            // Small, and not negative.
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "milliseconds of a word"
            )]
            let length = (f32::from(characters) * CHARACTER_MS / speed.clamp(0.5, 2.0)) as u32;
            self.due.push_back((
                TimedWord { text: written.text, start_ms: at, end_ms: at + length },
                written.end,
            ));
            at += length;
        }
    }

    /// More audio: the words that begin in what there is now are said in it.
    pub(super) fn piece(&mut self, pcm: Vec<i16>) -> SpeechChunk {
        self.samples += pcm.len() as u64;
        let now = self.millis();
        let begun = self.due.iter().take_while(|(word, _)| word.start_ms < now).count();
        let (words, said) = self.due.drain(..begun).unzip();
        SpeechChunk { pcm, words, said }
    }

    /// All audio has come: the words that are left are said at its end. `None` if none are left.
    pub(super) fn rest(&mut self) -> Option<SpeechChunk> {
        let now = self.millis();
        for written in std::mem::take(&mut self.words) {
            self.due.push_back((TimedWord { text: written.text, start_ms: now, end_ms: now }, written.end));
        }
        let (words, said): (Vec<TimedWord>, Vec<usize>) = self.due.drain(..).unzip();
        let words: Vec<TimedWord> = words
            .into_iter()
            .map(|word| TimedWord { start_ms: word.start_ms.min(now), end_ms: word.end_ms.min(now), ..word })
            .collect();
        (!words.is_empty()).then_some(SpeechChunk { pcm: Vec::new(), words, said })
    }
}

#[cfg(test)]
mod tests {
    use super::super::words::words;
    use super::*;

    #[test]
    fn words_go_with_their_audio() {
        let mut timing = WordAligner::new(1000, 0, words("Well, I used C++ there.", 0));
        timing.measured("Well", 0, 90);
        timing.measured("I", 100, 150);
        // "used" was not named; "C++" is what comes next.
        timing.measured("C", 300, 400);
        assert_eq!(timing.piece(vec![0; 200]).said, [5, 7]);
        let later = timing.piece(vec![0; 200]);
        assert_eq!(later.words.iter().map(|w| w.text.as_str()).collect::<Vec<_>>(), ["used", "C++"]);
        let rest = timing.rest().unwrap();
        assert_eq!((rest.words[0].text.as_str(), rest.words[0].start_ms, rest.said[0]), ("there.", 400, 23));
        assert_eq!(timing.rest(), None);
    }
}
