//! Where somebody speaks: a quiet room, one with noise, a narrow-band headset.

use speech::audio::at_rate;
use speech_bench::noise::{PinkNoise, clamped, noisy};

use crate::RATE;

/// Where it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AcousticCondition {
    /// Quiet: nothing but a breath of noise.
    Quiet,
    /// Noise that is so many decibels weaker than the voice.
    Noisy(u8),
    /// A headset that passes 300 to 3,400 Hz.
    Narrow,
}

impl AcousticCondition {
    /// As candidates have them, in turn.
    pub const ALL: [Self; 4] = [Self::Quiet, Self::Noisy(20), Self::Narrow, Self::Noisy(12)];

    /// Its name in tables.
    #[must_use]
    pub fn name(self) -> String {
        match self {
            Self::Quiet => "quiet".to_owned(),
            Self::Noisy(decibels) => format!("noise at {decibels} dB"),
            Self::Narrow => "narrow band".to_owned(),
        }
    }

    /// What is spoken, as it is heard in this room.
    #[must_use]
    pub fn heard(self, pcm: &[i16], seed: u64) -> Vec<i16> {
        match self {
            Self::Quiet => breath(pcm, seed),
            Self::Noisy(decibels) => noisy(pcm, f64::from(decibels), seed),
            Self::Narrow => breath(&narrow(pcm), seed),
        }
    }
}

/// With the noise of a good microphone: no room is without any.
fn breath(pcm: &[i16], seed: u64) -> Vec<i16> {
    let breath = PinkNoise::new(seed).samples(pcm.len(), 8.0);
    pcm.iter().zip(breath).map(|(sample, noise)| clamped(f64::from(*sample) + noise)).collect()
}

/// Through a telephone's band: what is above goes with the lower rate, what is below by two poles.
fn narrow(pcm: &[i16]) -> Vec<i16> {
    let mut pcm = at_rate(&at_rate(pcm, RATE, 6_800), 6_800, RATE);
    let keep = (-std::f32::consts::TAU * 300.0 / RATE as f32).exp();
    for _ in 0..2 {
        let (mut low, mut out) = (0.0_f32, Vec::with_capacity(pcm.len()));
        for sample in &pcm {
            low = keep * low + (1.0 - keep) * f32::from(*sample);
            out.push(((f32::from(*sample) - low) / keep) as i16);
        }
        pcm = out;
    }
    pcm
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tone(hertz: f32) -> Vec<i16> {
        let turn = std::f32::consts::TAU * hertz / RATE as f32;
        (0..RATE).map(|at| ((at as f32 * turn).sin() * 8_000.0) as i16).collect()
    }

    fn power(pcm: &[i16]) -> f32 {
        pcm.iter().map(|sample| f32::from(*sample).powi(2)).sum::<f32>() / pcm.len() as f32
    }

    #[test]
    fn a_narrow_band_keeps_the_middle_and_no_more() {
        let passes = |hertz| power(&narrow(&tone(hertz))) / power(&tone(hertz));
        assert!(passes(1_000.0) > 0.7, "{}", passes(1_000.0));
        assert!(passes(60.0) < 0.02, "{}", passes(60.0));
        assert!(passes(5_000.0) < 0.02, "{}", passes(5_000.0));
    }

    #[test]
    fn every_room_is_as_long_as_what_is_said_in_it() {
        for room in AcousticCondition::ALL {
            let heard = room.heard(&tone(440.0), 5);
            assert!(heard.len().abs_diff(RATE as usize) < 64, "{}: {}", room.name(), heard.len());
            assert_eq!(heard, room.heard(&tone(440.0), 5), "the same each time");
        }
    }
}
