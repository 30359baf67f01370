//! The arithmetic against the reference's output; `tests/vectors/make.py` says how that was made.

use super::*;
use crate::local::hibari::noise::Noise;

const FRAMES: usize = 12;

fn part(value: impl Fn(f64, f64) -> f64) -> Vec<f32> {
    (0..BINS * FRAMES).map(|at| value((at / FRAMES) as f64, (at % FRAMES) as f64) as f32).collect()
}

fn made() -> Vec<f32> {
    let harmonic = part(|bin, frame| -3.0 + (0.013 * bin + 0.31 * frame).sin());
    let theta = part(|bin, frame| 0.4 * (0.007 * bin - 0.2 * frame).sin());
    let noise = part(|bin, frame| -5.0 + (0.011 * bin + 0.17 * frame).cos());
    let free = part(|bin, frame| -4.0 + (0.02 * bin + frame).sin());
    let phi = part(|bin, frame| 3.0 * (0.05 * bin + 0.7 * frame).sin());
    let mut pitch: Vec<f32> =
        (0..FRAMES).map(|frame| (180.0 + 40.0 * (0.5 * frame as f64).sin()) as f32).collect();
    pitch[4..6].fill(0.0);
    let parts = SpectralFrames {
        harmonic: &harmonic,
        theta: &theta,
        noise: &noise,
        free: &free,
        phi: &phi,
        pitch: &pitch,
    };
    assert!(parts.fit());
    let mut source = Noise::new(7);
    Wave::new().make(&parts, || source.next())
}

#[test]
fn the_samples_are_those_of_the_reference() {
    let expected: Vec<f32> = include_bytes!("../../../tests/vectors/wave.f32")
        .chunks_exact(4)
        .map(|bytes| f32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]))
        .collect();
    let made = made();
    assert_eq!(made.len(), expected.len());
    let largest = expected.iter().fold(0.0_f32, |largest, sample| largest.max(sample.abs()));
    let worst =
        made.iter().zip(&expected).map(|(made, expected)| (made - expected).abs()).fold(0.0, f32::max);
    assert!(largest > 0.01, "the vector is not silence: {largest}");
    assert!(worst < 1e-4 * largest, "off by {worst} of {largest}");
}

#[test]
fn parts_of_other_sizes_do_not_fit() {
    let (part, pitch) = (vec![0.0; BINS * 2], [100.0; 2]);
    let fit = |harmonic: &[f32]| {
        SpectralFrames { harmonic, theta: &part, noise: &part, free: &part, phi: &part, pitch: &pitch }.fit()
    };
    assert!(fit(&part));
    assert!(!fit(&part[1..]));
}

#[test]
fn places_outside_are_mirrored() {
    let places: Vec<usize> = (-5..8).map(|at| mirrored(at, 4)).collect();
    assert_eq!(places, [1, 2, 3, 2, 1, 0, 1, 2, 3, 2, 1, 0, 1]);
    assert_eq!(mirrored(-3, 1), 0);
    assert_eq!(mirrored(3, 0), 0);
}

#[test]
fn nothing_makes_nothing() {
    let parts = SpectralFrames { harmonic: &[], theta: &[], noise: &[], free: &[], phi: &[], pitch: &[] };
    assert!(Wave::new().make(&parts, || 0.0).is_empty());
}
