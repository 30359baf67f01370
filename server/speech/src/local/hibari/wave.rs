//! From what the network says about each frame of 12.5 ms to samples.
//!
//! The spectrum of a frame is a sum of three: a train of pulses at the voice's pitch, filtered; noise, shaped; and a
//! part with a phase of its own. One inverse short-time Fourier transform makes samples of it. The arithmetic is
//! Hibari's (`dsp.py` of the package, Apache-2.0), written anew and held to its output by stored vectors.

use std::f32::consts::PI;
use std::sync::Arc;

use realfft::num_complex::Complex32;
use realfft::{ComplexToReal, RealFftPlanner, RealToComplex};

use super::fast;

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
pub(super) struct SpectralFrames<'a> {
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

impl SpectralFrames<'_> {
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

    /// Samples of these frames, [`HOP`] for each, mostly from -1 to 1. The parts must [`fit`](SpectralFrames::fit); `noise`
    /// gives numbers of variance 1, two for each bin of each frame, bin by bin.
    pub(super) fn make(&self, parts: &SpectralFrames<'_>, mut noise: impl FnMut() -> f32) -> Vec<f32> {
        let frames = parts.frames();
        if frames == 0 {
            return Vec::new();
        }
        let mut spectra = self.spectra(&pulses(parts.pitch), frames);
        let (mut filter, mut free) = (PolarRow::new(frames), PolarRow::new(frames));
        let mut breath = vec![0.0; frames];
        for bin in 0..BINS {
            let row = bin * frames..(bin + 1) * frames;
            filter.set(&parts.harmonic[row.clone()], &parts.theta[row.clone()], fast::tanh);
            free.set(&parts.free[row.clone()], &parts.phi[row.clone()], |phi| phi * (1.0 / PI));
            for (breath, log) in breath.iter_mut().zip(&parts.noise[row]) {
                *breath = size(*log);
            }
            for frame in 0..frames {
                let breath = Complex32::new(noise(), noise()) * breath[frame];
                let spectrum = &mut spectra[frame * BINS + bin];
                *spectrum = *spectrum * filter.at(frame) + breath + free.at(frame);
            }
        }
        self.samples(&mut spectra, frames)
    }

    /// The spectrum of every frame of these samples, frame by frame; mirrored at both ends.
    fn spectra(&self, samples: &[f32], frames: usize) -> Vec<Complex32> {
        const HALF: isize = WINDOW as isize / 2;
        let inner = samples.len() as isize;
        let mirror = |at: isize| samples[mirrored(at, samples.len())];
        let mut around: Vec<f32> = (-HALF..0).map(mirror).collect();
        around.extend_from_slice(samples);
        around.extend((inner..inner + HALF).map(mirror));

        let mut spectra = vec![Complex32::ZERO; frames * BINS];
        let mut block = vec![0.0; WINDOW];
        let mut scratch = self.forward.make_scratch_vec();
        // So that a cosine of size 1 has size 1 in the spectrum.
        let scale = 4.0 / WINDOW as f32;
        for (frame, spectrum) in spectra.chunks_exact_mut(BINS).enumerate() {
            let samples = &around[frame * HOP..frame * HOP + WINDOW];
            for ((value, sample), weight) in block.iter_mut().zip(samples).zip(&self.window) {
                *value = sample * (weight * scale);
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
            let place = frame * HOP..frame * HOP + WINDOW;
            let sums = sum[place.clone()].iter_mut().zip(&mut weights[place]);
            for ((sum, weights), (value, weight)) in sums.zip(block.iter().zip(&self.window)) {
                *sum += value * weight * (1.0 / WINDOW as f32);
                *weights += weight * weight;
            }
        }
        let inner = WINDOW / 2..WINDOW / 2 + frames * HOP;
        sum[inner.clone()].iter().zip(&weights[inner]).map(|(sum, weight)| sum / weight.max(1e-11)).collect()
    }
}

/// A row of numbers with a size and a phase each. Every step is a loop over all of them, so that the compiler makes
/// several at a time of it: this is where the time goes.
struct PolarRow {
    size: Vec<f32>,
    sin: Vec<f32>,
    cos: Vec<f32>,
}

impl PolarRow {
    fn new(frames: usize) -> Self {
        Self { size: vec![0.0; frames], sin: vec![0.0; frames], cos: vec![0.0; frames] }
    }

    /// Of these logarithms of sizes, and of these phases, which `turns` makes half turns of.
    fn set(&mut self, logs: &[f32], phases: &[f32], turns: impl Fn(f32) -> f32) {
        for (to, log) in self.size.iter_mut().zip(logs) {
            *to = size(*log);
        }
        let to = self.sin.iter_mut().zip(&mut self.cos);
        for ((sin, cos), phase) in to.zip(phases) {
            (*sin, *cos) = fast::sin_cos(turns(*phase));
        }
    }

    fn at(&self, frame: usize) -> Complex32 {
        Complex32::new(self.cos[frame], self.sin[frame]) * self.size[frame]
    }
}

/// A size that cannot run away, of its logarithm.
fn size(log: f32) -> f32 {
    fast::exp(if log > 7.0 { 7.0 } else { log })
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
    // Between the middles of the frames, the pitch goes straight.
    let between: Vec<f32> =
        (0..HOP).map(|at| ((at as f64 + 0.5) / HOP as f64 - 0.5).rem_euclid(1.0) as f32).collect();
    let (mut turn, mut turns, mut hertz) = (0.0_f64, [0.0_f32; HOP], [0.0_f32; HOP]);
    let mut pulses = vec![0.0; pitch.len() * HOP];
    for (frame, out) in pulses.chunks_exact_mut(HOP).enumerate() {
        let here = pitch[frame];
        let (before, after) = (pitch[frame.saturating_sub(1)], pitch[(frame + 1).min(pitch.len() - 1)]);
        for (at, (hertz, part)) in hertz.iter_mut().zip(&between).enumerate() {
            let (from, to) = if at < HOP / 2 { (before, here) } else { (here, after) };
            *hertz = from * (1.0 - part) + to * part;
        }
        for (turns, hertz) in turns.iter_mut().zip(&hertz) {
            turn += f64::from(hertz.max(VOICED)) / f64::from(RATE);
            turn -= if turn >= 1.0 { 1.0 } else { 0.0 };
            *turns = turn as f32;
        }
        for ((out, turn), hertz) in out.iter_mut().zip(&turns).zip(&hertz) {
            // As many as fit below the highest, and a half.
            let harmonics = (HIGHEST / hertz.max(VOICED)) as i32 as f32 + 0.5;
            let below = 2.0 * fast::sin_cos(*turn).0;
            // The limit, where both sines vanish.
            let limit = below.abs() <= 2e-3;
            let pulse = fast::sin_cos(2.0 * harmonics * turn).0 / if limit { 1.0 } else { below };
            let pulse = if limit { harmonics } else { pulse } - 0.5;
            *out = if *hertz > VOICED { pulse } else { 0.0 };
        }
    }
    pulses
}

#[cfg(test)]
#[path = "wave_tests.rs"]
mod tests;
