//! Lets through what may be heard, a tenth of a second at a time.
//!
//! Speech is smooth: from one sample to the next it moves little, however loud it is, and only its quiet sounds (`s`,
//! `sh`) move much. What was never sound, or is read in the wrong way, jumps: the bytes of a compressed file, samples
//! with their bytes swapped, floats read as whole numbers.

use super::Unplayable;

/// How far sound may jump from sample to sample: the effective value of the steps, over the square root of two, where
/// 1.0 is full scale. For white noise this is its own effective value, 0.58 at full scale; of loud vowels it is below
/// 0.15.
const STEPS: f32 = 0.25;
/// The loudest that may move as much as noise does; a loud `sh` is half of it.
const ROUGH: f32 = 0.2;
/// Steps over loudness, squared, from which sound moves as much as noise; white noise has 2.
const ROUGHNESS: f32 = 1.0;
/// The loudest that anything may be: that of a tone at full scale.
const LOUDEST: f32 = 0.71;
/// How far its middle may be from zero: bytes of text all lie on one side.
const OFF: f32 = 0.25;

/// See the module's description.
#[derive(Debug)]
pub(super) struct PcmGate {
    block: usize,
    waiting: Vec<f32>,
}

impl PcmGate {
    /// For sound at this many samples a second.
    pub(super) fn new(rate: u32) -> Self {
        Self { block: usize::try_from(rate / 10).unwrap_or(usize::MAX).max(1), waiting: Vec::new() }
    }

    /// More sound; what may be heard of it and of what waited.
    ///
    /// # Errors
    /// [`Unplayable::Noise`] for a stretch that nobody should hear.
    pub(super) fn pass(&mut self, samples: Vec<f32>) -> Result<Vec<f32>, Unplayable> {
        if self.waiting.is_empty() {
            self.waiting = samples;
        } else {
            self.waiting.extend(samples);
        }
        let whole = self.waiting.len() / self.block * self.block;
        let rest = self.waiting.split_off(whole);
        let passed = std::mem::replace(&mut self.waiting, rest);
        self.judged(passed)
    }

    /// There is no more: what waited.
    ///
    /// # Errors
    /// As [`Self::pass`].
    pub(super) fn rest(&mut self) -> Result<Vec<f32>, Unplayable> {
        let rest = std::mem::take(&mut self.waiting);
        self.judged(rest)
    }

    fn judged(&self, samples: Vec<f32>) -> Result<Vec<f32>, Unplayable> {
        if samples.chunks(self.block).all(pleasant) { Ok(samples) } else { Err(Unplayable::Noise) }
    }
}

/// Whether this may be heard.
pub(super) fn pleasant(samples: &[f32]) -> bool {
    if samples.is_empty() {
        return true;
    }
    let count = samples.len() as f32;
    let power = samples.iter().map(|sample| sample * sample).sum::<f32>() / count;
    let middle = samples.iter().sum::<f32>() / count;
    let moved = samples.windows(2).map(|two| (two[1] - two[0]).powi(2)).sum::<f32>() / count;
    let (loudness, steps) = (power.sqrt(), (moved / 2.0).sqrt());
    let rough = moved > ROUGHNESS * power && loudness > ROUGH;
    !(rough || steps > STEPS || loudness > LOUDEST || middle.abs() > OFF)
}
