//! From what the network says about each frame of 12.5 ms to samples.
//!
//! The spectrum of a frame is a sum of three: a train of pulses at the voice's pitch, filtered; noise, shaped; and a
//! part with a phase of its own. One inverse short-time Fourier transform makes samples of it. The arithmetic is
//! Hibari's (`dsp.py` of the package, Apache-2.0), written anew and held to its output by stored vectors.

use std::f32::consts::PI;
use std::sync::Arc;

use realfft::num_complex::Complex32;
use realfft::{ComplexToReal, RealFftPlanner, RealToComplex};

/// Samples a second.
pub const RATE: u32 = 24_000;
/// Samples from one frame to the next.
pub(super) const HOP: usize = 300;
/// Samples that a frame's spectrum is of.
const WINDOW: usize = 1200;
/// Numbers in a frame's spectrum.
pub(super) const BINS: usize = WINDOW / 2 + 1;
/// Below this pitch, in hertz, a sample has no voice.
const VOICED: f32 = 40.0;
/// No harmonic lies above this, in hertz.
const HIGHEST: f32 = 11_000.0;

/// What the network gives: five parts of [`BINS`] by [`frames`](Self::frames), bin by bin, and a pitch a frame.
pub(super) struct Parts<'a> {
    /// Logarithm of the pulses' filter.
    pub(super) harmonic: &'a [f32],
    /// Phase of that filter, before `tanh`.
    pub(super) theta: &'a [f32],
    /// Logarithm of the noise's size.
    pub(super) noise: &'a [f32],
    /// Logarithm of the free part's size.
    pub(super) free: &'a [f32],
    /// Phase of the free part.
    pub(super) phi: &'a [f32],
    /// Pitch in hertz.
    pub(super) pitch: &'a [f32],
}

impl Parts<'_> {
    /// How many frames there are.
    pub(super) fn frames(&self) -> usize {
        self.pitch.len()
    }

    /// Whether every part has the size that it should have.
    pub(super) fn fit(&self) -> bool {
        let size = BINS * self.frames();
        [self.harmonic, self.theta, self.noise, self.free, self.phi].iter().all(|part| part.len() == size)
    }
}

/// The transforms, planned once.
pub(super) struct Wave {
    forward: Arc<dyn RealToComplex<f32>>,
    inverse: Arc<dyn ComplexToReal<f32>>,
    /// A periodic Hann window.
    window: Vec<f32>,
}

impl Wave {
    /// Plans the transforms.
    pub(super) fn new() -> Self {
        let mut planner = RealFftPlanner::new();
        let window = (0..WINDOW)
            .map(|at| (0.5 - 0.5 * (std::f64::consts::TAU * at as f64 / WINDOW as f64).cos()) as f32)
            .collect();
        Self { forward: planner.plan_fft_forward(WINDOW), inverse: planner.plan_fft_inverse(WINDOW), window }
    }

    /// Samples of these frames, [`HOP`] for each, mostly from -1 to 1. The parts must [`fit`](Parts::fit); `noise`
    /// gives numbers of variance 1, two for each bin of each frame, bin by bin.
    pub(super) fn make(&self, parts: &Parts<'_>, mut noise: impl FnMut() -> f32) -> Vec<f32> {
        let frames = parts.frames();
        let mut spectra = self.spectra(&pulses(parts.pitch), frames);
        for bin in 0..BINS {
            for frame in 0..frames {
                let at = bin * frames + frame;
                let filter = turned(exp(parts.harmonic[at]), PI * parts.theta[at].tanh());
                let breath = Complex32::new(noise(), noise()) * exp(parts.noise[at]);
                let free = turned(exp(parts.free[at]), parts.phi[at]);
                let spectrum = &mut spectra[frame * BINS + bin];
                *spectrum = *spectrum * filter + breath + free;
            }
        }
        self.samples(&mut spectra, frames)
    }

    /// The spectrum of every frame of these samples, frame by frame; mirrored at both ends.
    fn spectra(&self, samples: &[f32], frames: usize) -> Vec<Complex32> {
        let mut spectra = vec![Complex32::ZERO; frames * BINS];
        let mut block = vec![0.0; WINDOW];
        let mut scratch = self.forward.make_scratch_vec();
        // So that a cosine of size 1 has size 1 in the spectrum.
        let scale = 4.0 / WINDOW as f32;
        for (frame, spectrum) in spectra.chunks_exact_mut(BINS).enumerate() {
            for (at, (value, weight)) in block.iter_mut().zip(&self.window).enumerate() {
                *value = samples[mirrored((frame * HOP + at) as isize - WINDOW as isize / 2, samples.len())]
                    * (weight * scale);
            }
            self.forward
                .process_with_scratch(&mut block, spectrum, &mut scratch)
                .expect("every buffer has the planned size");
        }
        spectra
    }

    /// The samples of these spectra: windowed, laid over each other and evened out.
    fn samples(&self, spectra: &mut [Complex32], frames: usize) -> Vec<f32> {
        let whole = (frames.max(1) - 1) * HOP + WINDOW;
        let (mut sum, mut weights) = (vec![0.0_f32; whole], vec![0.0_f32; whole]);
        let mut block = vec![0.0; WINDOW];
        let mut scratch = self.inverse.make_scratch_vec();
        for (frame, spectrum) in spectra.chunks_exact_mut(BINS).enumerate() {
            spectrum[0].im = 0.0;
            spectrum[BINS - 1].im = 0.0;
            self.inverse
                .process_with_scratch(spectrum, &mut block, &mut scratch)
                .expect("every buffer has the planned size, and the ends are real");
            let start = frame * HOP;
            for (at, (value, weight)) in block.iter().zip(&self.window).enumerate() {
                sum[start + at] += value * weight / WINDOW as f32;
                weights[start + at] += weight * weight;
            }
        }
        let inner = WINDOW / 2..WINDOW / 2 + frames * HOP;
        sum[inner.clone()].iter().zip(&weights[inner]).map(|(sum, weight)| sum / weight.max(1e-11)).collect()
    }
}

/// A size that cannot run away.
fn exp(log: f32) -> f32 {
    log.min(7.0).exp()
}

fn turned(size: f32, angle: f32) -> Complex32 {
    let (sin, cos) = angle.sin_cos();
    Complex32::new(size * cos, size * sin)
}

/// Where a place outside of `0..len` lies inside, mirrored at the first and the last place.
fn mirrored(at: isize, len: usize) -> usize {
    let last = len.max(1) - 1;
    if last == 0 {
        return 0;
    }
    let round = at.unsigned_abs() % (2 * last);
    if round > last { 2 * last - round } else { round }
}

/// A pulse train that follows the pitch: every harmonic below [`HIGHEST`] with size 1; nothing where no voice is.
fn pulses(pitch: &[f32]) -> Vec<f32> {
    let frames = pitch.len();
    let mut phase = 0.0_f64;
    (0..frames * HOP)
        .map(|at| {
            // Between the middles of the frames, the pitch goes straight.
            let (frame, offset) = (at / HOP, at % HOP);
            let part = (((offset as f64 + 0.5) / HOP as f64 - 0.5).rem_euclid(1.0)) as f32;
            let (before, after) = if offset < HOP / 2 {
                (pitch[frame.saturating_sub(1)], pitch[frame])
            } else {
                (pitch[frame], pitch[(frame + 1).min(frames - 1)])
            };
            let hertz = before * (1.0 - part) + after * part;
            let voiced = hertz > VOICED;
            let hertz = hertz.max(VOICED);
            phase += f64::from(hertz);
            let turn = ((phase / f64::from(RATE)).fract() * std::f64::consts::TAU) as f32;
            let harmonics = (HIGHEST / hertz).floor() + 0.5;
            let below = 2.0 * (turn * 0.5).sin();
            match voiced {
                false => 0.0,
                // The limit, where both sines vanish.
                true if below.abs() <= 2e-3 => harmonics - 0.5,
                true => (harmonics * turn).sin() / below - 0.5,
            }
        })
        .collect()
}

#[cfg(test)]
#[path = "wave_tests.rs"]
mod tests;
