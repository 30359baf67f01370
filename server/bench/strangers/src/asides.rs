//! What people do while the interviewer speaks, and what sounds beside them: hums of many throats, coughs, laughs, a
//! keyboard. Made here of pulses, resonances and noise, another one for every seed.

use std::f32::consts::TAU;

use fastrand::Rng;

use crate::{RATE, samples};

/// What it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum AsideSound {
    /// "Mm."
    Hum,
    /// "Mm-hm."
    TwoHums,
    /// "Uh-huh."
    UhHuh,
    /// One or two coughs.
    Cough,
    /// A throat is cleared.
    Throat,
    /// Three to six bursts of laughter.
    Laugh,
    /// Typing.
    Keyboard,
}

impl AsideSound {
    /// All of them.
    pub const ALL: [Self; 7] =
        [Self::Hum, Self::TwoHums, Self::UhHuh, Self::Cough, Self::Throat, Self::Laugh, Self::Keyboard];

    /// Its name in tables.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Hum => "mm",
            Self::TwoHums => "mm-hm",
            Self::UhHuh => "uh-huh",
            Self::Cough => "cough",
            Self::Throat => "throat",
            Self::Laugh => "laugh",
            Self::Keyboard => "keyboard",
        }
    }

    /// The sound of it, at [`RATE`], as somebody with this seed makes it.
    #[must_use]
    pub fn sound(self, seed: u64) -> Vec<i16> {
        let mut rng = Rng::with_seed(seed.wrapping_mul(0x9E37_79B9) ^ self as u64);
        let pitch = 85.0 + 150.0 * rng.f32();
        let loud = 3_500.0 + 5_000.0 * rng.f32();
        let mut between = |from: u32, to: u32| rng.u32(from..to);
        let sound = match self {
            Self::Hum => {
                let (ms, bend) = (between(220, 520), between(80, 115));
                voiced(&mut rng, ms, [pitch, pitch * bend as f32 / 100.0], &NASAL, 0.02)
            }
            Self::TwoHums => {
                let (first, gap, second) = (between(140, 240), between(40, 110), between(160, 320));
                [
                    voiced(&mut rng, first, [pitch, pitch * 0.95], &NASAL, 0.02),
                    breath(&mut rng, gap, 0.05),
                    voiced(&mut rng, second, [pitch * 1.05, pitch * 1.2], &NASAL, 0.03),
                ]
                .concat()
            }
            Self::UhHuh => {
                let (first, gap, second) = (between(110, 200), between(40, 90), between(150, 300));
                [
                    voiced(&mut rng, first, [pitch, pitch * 0.97], &NEUTRAL, 0.03),
                    breath(&mut rng, gap, 0.12),
                    voiced(&mut rng, second, [pitch * 1.08, pitch * 1.25], &NEUTRAL, 0.05),
                ]
                .concat()
            }
            Self::Cough => {
                let bursts = between(1, 3);
                (0..bursts).flat_map(|_| burst(&mut rng, 120, 260)).collect()
            }
            Self::Throat => {
                let ms = between(250, 500);
                voiced(&mut rng, ms, [pitch * 0.6, pitch * 0.5], &NEUTRAL, 0.9)
            }
            Self::Laugh => {
                let bursts = between(3, 7);
                let mut all = Vec::new();
                for number in 0..bursts {
                    let high = pitch * (1.5 - 0.06 * number as f32);
                    all.extend(voiced(&mut rng, 90, [high, high * 0.9], &OPEN, 0.25));
                    all.extend(breath(&mut rng, 90, 0.1));
                }
                all
            }
            Self::Keyboard => {
                let keys = between(4, 12);
                let mut all = Vec::new();
                for _ in 0..keys {
                    all.extend(burst(&mut rng, 6, 18));
                    let gap = samples(rng.u32(60..190));
                    all.resize(all.len() + gap, 0.0);
                }
                all
            }
        };
        let most = sound.iter().fold(1e-6_f32, |most, sample| most.max(sample.abs()));
        sound.into_iter().map(|sample| (sample / most * loud) as i16).collect()
    }
}

/// Resonances of a closed mouth, of "uh" and of "ah": hertz, and how sharp.
const NASAL: [(f32, f32); 2] = [(260.0, 60.0), (1_050.0, 250.0)];
const NEUTRAL: [(f32, f32); 2] = [(560.0, 90.0), (1_250.0, 140.0)];
const OPEN: [(f32, f32); 2] = [(780.0, 110.0), (1_300.0, 150.0)];

/// A voice that glides from one pitch to another, with so much breath in it.
fn voiced(rng: &mut Rng, ms: u32, pitch: [f32; 2], resonances: &[(f32, f32)], breath: f32) -> Vec<f32> {
    let count = samples(ms);
    let mut phase = 0.0_f32;
    // Throats tremble a little.
    let mut tremble = 0.0_f32;
    let source: Vec<f32> = (0..count)
        .map(|at| {
            let share = at as f32 / count.max(1) as f32;
            tremble = 0.995 * tremble + 0.005 * (rng.f32() - 0.5);
            phase += (pitch[0] + (pitch[1] - pitch[0]) * share) * (1.0 + tremble) / RATE as f32;
            let pulse = if phase >= 1.0 { 1.0 } else { 0.0 };
            phase = phase.fract();
            pulse + breath * (rng.f32() - 0.5)
        })
        .collect();
    let mut sound: Vec<f32> = vec![0.0; count];
    for (number, (hertz, width)) in resonances.iter().enumerate() {
        let share = 1.0 / (1.0 + 3.0 * number as f32);
        for (sum, sample) in sound.iter_mut().zip(resonance(&source, *hertz, *width)) {
            *sum += share * sample;
        }
    }
    fade(&mut sound, 30);
    sound
}

/// Two poles at a frequency, with a band so wide.
fn resonance(source: &[f32], hertz: f32, width: f32) -> Vec<f32> {
    let radius = (-TAU / 2.0 * width / RATE as f32).exp();
    let (one, two) = (2.0 * radius * (TAU * hertz / RATE as f32).cos(), -radius * radius);
    let (mut before, mut last) = (0.0, 0.0);
    source
        .iter()
        .map(|sample| {
            let now = sample + one * last + two * before;
            (before, last) = (last, now);
            now * (1.0 - radius)
        })
        .collect()
}

fn breath(rng: &mut Rng, ms: u32, loud: f32) -> Vec<f32> {
    (0..samples(ms)).map(|_| loud * 0.02 * (rng.f32() - 0.5)).collect()
}

/// Noise that begins at once and dies away.
fn burst(rng: &mut Rng, shortest: u32, longest: u32) -> Vec<f32> {
    let count = samples(rng.u32(shortest..longest));
    let mut low = 0.0;
    let mut sound: Vec<f32> = (0..count)
        .map(|at| {
            low = 0.6 * low + 0.4 * (rng.f32() * 2.0 - 1.0);
            low * (-(at as f32) / (count as f32 / 3.0)).exp()
        })
        .collect();
    sound.resize(count + samples(80), 0.0);
    sound
}

/// Begins and ends softly.
fn fade(sound: &mut [f32], ms: u32) {
    let edge = samples(ms).min(sound.len() / 2).max(1);
    for at in 0..edge.min(sound.len()) {
        let share = at as f32 / edge as f32;
        let last = sound.len() - 1 - at;
        sound[at] *= share;
        sound[last] *= share;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_seed_is_another_sound_and_the_same_each_time() {
        for aside in AsideSound::ALL {
            let sounds: Vec<_> = (0..20).map(|seed| aside.sound(seed)).collect();
            for (seed, sound) in sounds.iter().enumerate() {
                let lasts = sound.len() as f32 / RATE as f32;
                assert!((0.1..3.0).contains(&lasts), "{}: {lasts} s", aside.name());
                assert!(sound.iter().any(|sample| *sample > 3_000), "{}", aside.name());
                assert_eq!(*sound, aside.sound(seed as u64));
            }
            assert!(sounds.windows(2).all(|pair| pair[0] != pair[1]), "{}", aside.name());
        }
    }

    #[test]
    fn a_hum_is_low_and_has_a_pitch() {
        let hum = AsideSound::Hum.sound(3);
        let power = |pcm: &[i16]| pcm.iter().map(|sample| f32::from(*sample).powi(2)).sum::<f32>();
        let high: Vec<i16> = hum.windows(2).map(|pair| pair[1].saturating_sub(pair[0])).collect();
        assert!(power(&high) < power(&hum) * 0.2, "most of it is low");
    }
}
