//! The audio of a stream that may still be needed, with its levels and with what was left out of it.
//!
//! A *position* counts the samples of this audio from the start of the stream. Silence that was left out is in it as
//! a short silence; [`Audio::ms`] knows how long it really was.

use std::sync::Arc;

use super::levels::{FRAME, level};
use crate::ports::HEARING_RATE;

/// Silence that was left out is at most so long here, in samples: enough that words do not run into each other.
const SHORT_SILENCE: u64 = HEARING_RATE as u64 * 3 / 10;

/// See the module's description.
pub(super) struct Audio {
    samples: Vec<i16>,
    /// The position of the first of them: a whole number of frames.
    start: u64,
    /// Of their whole frames.
    levels: Vec<f32>,
    /// Where samples were left out, and how many up to there since the stream began.
    gaps: Vec<(u64, u64)>,
}

impl Audio {
    pub(super) fn new() -> Self {
        Self { samples: Vec::new(), start: 0, levels: Vec::new(), gaps: Vec::new() }
    }

    pub(super) fn push(&mut self, pcm: &[i16]) {
        self.samples.extend_from_slice(pcm);
        while let Some(frame) = self.samples.get(self.levels.len() * FRAME..(self.levels.len() + 1) * FRAME) {
            self.levels.push(level(frame));
        }
    }

    /// So much silence comes here that is left out.
    pub(super) fn skip(&mut self, ms: u32) {
        let all = u64::from(ms) * u64::from(HEARING_RATE) / 1000;
        let short = all.min(SHORT_SILENCE);
        self.push(&vec![0; short as usize]);
        if all > short {
            let before = self.gaps.last().map_or(0, |(_, skipped)| *skipped);
            self.gaps.push((self.end(), before + all - short));
        }
    }

    /// The position after the last sample.
    pub(super) fn end(&self) -> u64 {
        self.start + self.samples.len() as u64
    }

    /// When a position is, in milliseconds from the start of the stream.
    pub(super) fn ms(&self, position: u64) -> u32 {
        let skipped = match self.gaps.partition_point(|(at, _)| *at <= position).checked_sub(1) {
            Some(gap) => self.gaps[gap].1,
            None => 0,
        };
        u32::try_from((position + skipped) * 1000 / u64::from(HEARING_RATE)).unwrap_or(u32::MAX)
    }

    /// The samples between two positions, as far as they are still there.
    pub(super) fn pcm(&self, from: u64, to: u64) -> Arc<[i16]> {
        let place = |position: u64| (position.saturating_sub(self.start) as usize).min(self.samples.len());
        self.samples.get(place(from)..place(to)).unwrap_or_default().into()
    }

    /// The levels of the whole frames between two positions, the first of which holds `from`.
    pub(super) fn levels(&self, from: u64, to: u64) -> &[f32] {
        let place =
            |position: u64| ((position.saturating_sub(self.start)) as usize / FRAME).min(self.levels.len());
        self.levels.get(place(from)..place(to)).unwrap_or_default()
    }

    /// Nothing before this position is needed any more. What is a second old or more is let go.
    pub(super) fn forget_before(&mut self, position: u64) {
        let frames = (position.saturating_sub(self.start) as usize / FRAME).min(self.levels.len());
        if frames * FRAME < HEARING_RATE as usize {
            return;
        }
        self.samples.drain(..frames * FRAME);
        self.levels.drain(..frames);
        self.start += (frames * FRAME) as u64;
    }

    /// Nobody asks any more when something before this position was.
    pub(super) fn forget_times_before(&mut self, position: u64) {
        // The last gap before it still counts.
        let past = self.gaps.partition_point(|(at, _)| *at <= position).saturating_sub(1);
        self.gaps.drain(..past);
    }

    /// Samples that are held.
    #[cfg(test)]
    pub(super) fn held(&self) -> usize {
        self.samples.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_left_out_counts_in_time_but_takes_no_room() {
        let mut audio = Audio::new();
        audio.push(&[1000; 16_000]);
        audio.skip(100);
        audio.push(&[1000; 14_400]);
        assert_eq!((audio.end(), audio.ms(audio.end())), (32_000, 2000));
        audio.skip(60_000);
        assert_eq!((audio.end(), audio.ms(audio.end())), (36_800, 62_000));
        assert_eq!(audio.ms(36_799), 2299);
        audio.push(&[1000; 3200]);
        assert_eq!(audio.ms(audio.end()), 62_200);
        assert_eq!(audio.pcm(31_999, 32_001)[..], [1000, 0]);
        audio.forget_before(38_000);
        assert_eq!((audio.end(), audio.ms(audio.end())), (40_000, 62_200));
        assert!(audio.held() < 3000);
        assert_eq!(audio.levels(38_400, 40_000).len(), 5);
        assert_eq!((audio.ms(1600), audio.ms(36_799)), (100, 2299));
        audio.skip(1000);
        audio.forget_times_before(38_000);
        assert_eq!((audio.ms(38_400), audio.ms(audio.end())), (62_100, 63_200));
        assert!(audio.pcm(0, 100).is_empty());
    }

    #[test]
    fn levels_do_not_depend_on_how_it_came() {
        let pcm: Vec<i16> = (0..10_000).map(|at| (at % 700) as i16).collect();
        let (mut whole, mut parts) = (Audio::new(), Audio::new());
        whole.push(&pcm);
        pcm.chunks(37).for_each(|part| parts.push(part));
        assert_eq!(whole.levels(0, 10_000), parts.levels(0, 10_000));
        assert_eq!(whole.levels(0, 10_000).len(), 10_000 / FRAME);
    }
}
