//! One utterance while it is being heard: what is known of it, and which windows are to be read next.

use super::audio::Audio;
use super::interim::InterimWords;
use super::levels::{FRAME, pauses, quietest, threshold, voiced};
use super::limits::WindowLimits;
use super::sureness::Sureness;
use crate::ports::{HEARING_RATE, TimedWord, Transcript};

#[derive(Debug, Clone, Copy)]
pub(super) struct UtterancePause {
    pub(super) number: u32,
    pub(super) at: u64,
    pub(super) answered: bool,
}

pub(super) struct Utterance {
    pub(super) number: u32,
    pub(super) start: u64,
    /// Where the next whole window starts, and whether that is between words.
    pub(super) from: u64,
    pub(super) clean: bool,
    /// The same of the next draft.
    pub(super) draft_from: u64,
    pub(super) draft_clean: bool,
    /// How far it has been read at all, and by a whole window.
    pub(super) read_to: u64,
    pub(super) whole_to: u64,
    pub(super) line: InterimWords,
    /// How sure the model is of it.
    pub(super) sure: Sureness,
    pub(super) pause: Option<UtterancePause>,
    /// Where it was committed.
    pub(super) end: Option<u64>,
    pub(super) failures: u32,
    pub(super) not_before: u64,
}

impl Utterance {
    pub(super) fn new(number: u32, start: u64) -> Self {
        Self {
            number,
            start,
            from: start,
            clean: true,
            draft_from: start,
            draft_clean: true,
            read_to: start,
            whole_to: start,
            line: InterimWords::new(start),
            sure: Sureness::default(),
            pause: None,
            end: None,
            failures: 0,
            not_before: 0,
        }
    }

    /// Where an answer is wanted, if one is.
    pub(super) fn wanted_at(&self) -> Option<u64> {
        self.end.or(self.pause.filter(|pause| !pause.answered).map(|pause| pause.at))
    }

    /// Whether a whole window has read all that was said up to this position.
    pub(super) fn known(&self, audio: &Audio, to: u64) -> bool {
        if self.whole_to >= to {
            return true;
        }
        let least = threshold(audio.levels(self.from, to));
        // A frame or two of noise hold no word.
        let frames = audio.levels(self.whole_to, to);
        let ends_in_silence = self.whole_to == self.start || {
            let before = self.whole_to.saturating_sub(4 * FRAME as u64);
            voiced(audio.levels(before, self.whole_to), least) == 0
        };
        ends_in_silence && voiced(frames, least) <= 2
    }

    /// Where the next draft starts: moved on, in a pause, when it has become long.
    pub(super) fn draft_start(&mut self, audio: &Audio, limits: &WindowLimits, to: u64) -> (u64, bool) {
        if to - self.draft_from > limits.draft_longest {
            let (first, last) = (self.draft_from + limits.draft_longest / 5, to - limits.draft_overlap);
            let least = threshold(audio.levels(self.from, to));
            if let Some(pause) = latest_pause(audio, first, last, least) {
                (self.draft_from, self.draft_clean) = (pause, true);
            } else if to - self.draft_from > limits.draft_longest * 2 {
                let first = last.saturating_sub(limits.draft_longest / 2);
                (self.draft_from, self.draft_clean) = (quiet_place(audio, first, last), false);
            }
        }
        (self.draft_from, self.draft_clean)
    }

    /// After a whole window that ended at `to`: the next one starts further on, if this one was long enough.
    pub(super) fn move_on(&mut self, audio: &Audio, limits: &WindowLimits, to: u64) {
        let long = to - self.from;
        if long > limits.whole_enough {
            let (first, last) = (self.from + u64::from(HEARING_RATE), to - limits.whole_overlap);
            let least = threshold(audio.levels(self.from, to));
            if let Some(pause) = latest_pause(audio, first, last, least) {
                (self.from, self.clean) = (pause, true);
            } else if long > limits.whole_longest {
                let first = last.saturating_sub(limits.whole_overlap / 2);
                (self.from, self.clean) = (quiet_place(audio, first, last), false);
            }
        }
        // Drafts go on from the last pause in what is known now.
        let least = threshold(audio.levels(self.from, to));
        let first = self.from.max(self.draft_from);
        if let Some(pause) = latest_pause(audio, first, to.saturating_sub(limits.draft_overlap), least) {
            (self.draft_from, self.draft_clean) = (pause, true);
        }
        if self.draft_from < self.from {
            (self.draft_from, self.draft_clean) = (self.from, self.clean);
        }
    }

    /// What comes before this position is held no longer. Whether something was lost by it that nobody has read.
    pub(super) fn let_go_before(&mut self, audio: &Audio, from: u64) -> bool {
        let least = threshold(audio.levels(self.from, audio.end()));
        let lost = voiced(audio.levels(self.read_to.max(self.whole_to), from), least) > 2;
        let around = 2 * FRAME as u64;
        self.from = from;
        self.clean = voiced(audio.levels(from - around, from + around), least) == 0;
        if self.draft_from < from {
            (self.draft_from, self.draft_clean) = (from, self.clean);
        }
        lost
    }

    /// What is known of it.
    pub(super) fn transcript(&self, audio: &Audio) -> Transcript {
        let said = self.line.words();
        let words: Vec<TimedWord> = said
            .iter()
            .map(|said| TimedWord {
                text: said.text.clone(),
                start_ms: audio.ms(said.start),
                end_ms: audio.ms(said.end),
            })
            .collect();
        let end = self.end.unwrap_or(audio.end());
        Transcript {
            text: said.iter().map(|said| said.text.as_str()).collect::<Vec<_>>().join(" "),
            heard: None,
            sure: self.sure.mean(),
            start_ms: words.first().map_or_else(|| audio.ms(self.start), |word| word.start_ms),
            end_ms: words.last().map_or_else(|| audio.ms(end), |word| word.end_ms),
            words,
        }
    }
}

/// The middle of the latest pause between two positions that is long enough to be between words: 200 ms.
fn latest_pause(audio: &Audio, first: u64, last: u64, least: f32) -> Option<u64> {
    let first = first.next_multiple_of(FRAME as u64);
    let pause = pauses(audio.levels(first, last), least, 10).pop()?;
    Some(first + (pause.start + pause.len() / 2) as u64 * FRAME as u64)
}

/// The quietest place between two positions.
fn quiet_place(audio: &Audio, first: u64, last: u64) -> u64 {
    let first = first.next_multiple_of(FRAME as u64);
    first + quietest(audio.levels(first, last)).unwrap_or(0) as u64 * FRAME as u64
}
