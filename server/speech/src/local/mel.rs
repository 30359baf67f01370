//! What Smart Turn looks at: the loudness of 80 bands of pitch, 100 times a second, over exactly eight seconds.
//!
//! The arithmetic is that of Whisper's features (as Pipecat has it, BSD-2-Clause): samples brought to mean 0 and
//! variance 1, frames of 400 samples every 160 under a periodic Hann window, mirrored at both ends; power in 80
//! triangular bands on Slaney's scale; base-10 logarithm, at most 8 below the loudest, then `(x + 4) / 4`.

use std::sync::Arc;

use realfft::num_complex::Complex32;
use realfft::{RealFftPlanner, RealToComplex};

use crate::ports::HEARING_RATE;

/// Samples that are looked at.
pub(super) const SAMPLES: usize = 8 * HEARING_RATE as usize;
/// Bands of pitch.
pub(super) const BANDS: usize = 80;
/// Points in time.
pub(super) const FRAMES: usize = SAMPLES / HOP;
const WINDOW: usize = 400;
const HOP: usize = 160;
const BINS: usize = WINDOW / 2 + 1;

/// The arithmetic with its tables.
pub(super) struct Mel {
    fft: Arc<dyn RealToComplex<f32>>,
    hann: Vec<f32>,
    bands: Vec<Band>,
}

/// The weights of neighbouring frequencies in one band.
struct Band {
    first: usize,
    weights: Vec<f32>,
}

impl Mel {
    pub(super) fn new() -> Self {
        let hann = (0..WINDOW)
            .map(|at| (0.5 - 0.5 * (std::f64::consts::TAU * at as f64 / WINDOW as f64).cos()) as f32)
            .collect();
        Self { fft: RealFftPlanner::new().plan_fft_forward(WINDOW), hann, bands: bands() }
    }

    /// The features, band by band (`[80, 800]`). What is shorter than eight seconds has silence before it; of what
    /// is longer, the end counts.
    pub(super) fn features(&self, pcm: &[i16]) -> Vec<f32> {
        let mirrored = mirrored(&normalised(&pcm[pcm.len().saturating_sub(SAMPLES)..]));
        let mut frame = self.fft.make_input_vec();
        let mut spectrum = self.fft.make_output_vec();
        let mut scratch = self.fft.make_scratch_vec();
        let mut power = [0.0_f32; BINS];
        let mut features = vec![0.0; BANDS * FRAMES];
        let mut loudest = f32::MIN;
        for at in 0..FRAMES {
            for ((to, sample), hann) in frame.iter_mut().zip(&mirrored[at * HOP..]).zip(&self.hann) {
                *to = sample * hann;
            }
            self.fft
                .process_with_scratch(&mut frame, &mut spectrum, &mut scratch)
                .expect("the buffers are those that the transform made");
            for (power, value) in power.iter_mut().zip(&spectrum) {
                *power = Complex32::norm_sqr(value);
            }
            for (band, Band { first, weights }) in self.bands.iter().enumerate() {
                let sum: f32 =
                    weights.iter().zip(&power[*first..]).map(|(weight, power)| weight * power).sum();
                let log = sum.max(1e-10).log10();
                loudest = loudest.max(log);
                features[band * FRAMES + at] = log;
            }
        }
        for feature in &mut features {
            *feature = (feature.max(loudest - 8.0) + 4.0) / 4.0;
        }
        features
    }
}

/// Eight seconds with the audio at their end, of mean 0 and variance 1.
fn normalised(pcm: &[i16]) -> Vec<f32> {
    let mut samples = vec![0.0; SAMPLES - pcm.len()];
    samples.extend(pcm.iter().map(|sample| f32::from(*sample) / 32_768.0));
    let mean = samples.iter().map(|sample| f64::from(*sample)).sum::<f64>() / SAMPLES as f64;
    let variance =
        samples.iter().map(|sample| (f64::from(*sample) - mean).powi(2)).sum::<f64>() / SAMPLES as f64;
    let scale = (variance + 1e-7).sqrt();
    for sample in &mut samples {
        *sample = ((f64::from(*sample) - mean) / scale) as f32;
    }
    samples
}

/// Half a window more at either end, mirrored without doubling the outermost sample.
fn mirrored(samples: &[f32]) -> Vec<f32> {
    const HALF: usize = WINDOW / 2;
    let mut all = Vec::with_capacity(samples.len() + 2 * HALF);
    all.extend(samples[1..=HALF].iter().rev());
    all.extend_from_slice(samples);
    all.extend(samples[samples.len() - 1 - HALF..samples.len() - 1].iter().rev());
    all
}

/// Slaney's scale: even steps up to 1000 Hz, equal ratios above.
fn hertz(mel: f64) -> f64 {
    if mel < 15.0 { mel * 200.0 / 3.0 } else { 1000.0 * (6.4_f64.ln() / 27.0 * (mel - 15.0)).exp() }
}

fn bands() -> Vec<Band> {
    let nyquist = f64::from(HEARING_RATE) / 2.0;
    let highest = 15.0 + (nyquist / 1000.0).ln() * 27.0 / 6.4_f64.ln();
    let edges: Vec<f64> =
        (0..BANDS + 2).map(|edge| hertz(highest * edge as f64 / (BANDS + 1) as f64)).collect();
    edges
        .windows(3)
        .map(|edges| {
            let weight = |bin: usize| {
                let here = nyquist * bin as f64 / (BINS - 1) as f64;
                let (up, down) =
                    ((here - edges[0]) / (edges[1] - edges[0]), (edges[2] - here) / (edges[2] - edges[1]));
                // Each band has the same area.
                up.min(down).max(0.0) * 2.0 / (edges[2] - edges[0])
            };
            let first = (0..BINS).find(|bin| weight(*bin) > 0.0).unwrap_or(0);
            let weights =
                (first..BINS).map(weight).take_while(|weight| *weight > 0.0).map(|weight| weight as f32);
            Band { first, weights: weights.collect() }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The signal that the vector was made from: noise in steps of loudness.
    fn noise(samples: usize) -> Vec<i16> {
        let mut seed = 12_345_u64;
        (0..samples)
            .map(|at| {
                seed = (seed * 1_103_515_245 + 12_345) & 0x7fff_ffff;
                let value = ((seed >> 16) & 0x3fff) as i64 - 8192;
                (value * ((at / 1600) % 5) as i64).div_euclid(4) as i16
            })
            .collect()
    }

    /// `tests/vectors/mel.json` holds every 97th value of `compute_whisper_log_mel_features` of Pipecat 1.14.0
    /// (`pipecat/audio/turn/smart_turn/_whisper_features.py`, with numpy) for three seconds of [`noise`], divided by
    /// 32768 as float32 and padded in front to 128000 samples.
    #[test]
    fn the_features_are_those_of_the_reference() {
        let vector: serde_json::Value =
            serde_json::from_str(include_str!("../../tests/vectors/mel.json")).unwrap();
        let expected: Vec<f64> =
            vector["mel"].as_array().unwrap().iter().map(|v| v.as_f64().unwrap()).collect();
        let features = Mel::new().features(&noise(48_000));
        assert_eq!(features.len(), BANDS * FRAMES);
        let found: Vec<f64> = features.iter().step_by(97).map(|value| f64::from(*value)).collect();
        assert_eq!(found.len(), expected.len());
        for (at, (found, expected)) in found.iter().zip(&expected).enumerate() {
            assert!((found - expected).abs() < 2e-3, "value {at}: {found} instead of {expected}");
        }
    }

    #[test]
    fn of_long_audio_the_end_counts_and_none_is_silence() {
        let mel = Mel::new();
        let long = noise(SAMPLES + 12_345);
        assert_eq!(mel.features(&long), mel.features(&long[12_345..]));
        assert!(mel.features(&[]).iter().all(|value| value.is_finite()));
    }
}
