//! Loudness: every sentence as loud as the next, and no sample too large.

/// How loud speech is made, as the root mean square of the frames that hold sound: -20 dB of the largest sample.
pub(super) const TARGET: f32 = 0.1;
/// The largest sample: -1 dB.
pub(super) const CEILING: f32 = 0.891;
/// A sentence is made at most so many times louder or softer.
const MOST: f32 = 4.0;
/// Samples of a frame: 20 ms.
const FRAME: usize = 480;
/// Frames that are softer than the loudest by more than this hold no speech: 30 dB, in energy.
const GATE: f32 = 1e-3;
/// The limiter looks so many samples ahead, and takes as many to let go: 2.5 ms.
const LOOK: usize = 60;

/// How loud the sounding frames are; 0 for silence.
pub(super) fn loudness(samples: &[f32]) -> f32 {
    let energy = |frame: &[f32]| frame.iter().map(|sample| sample * sample).sum::<f32>() / frame.len() as f32;
    let frames: Vec<f32> = samples.chunks(FRAME).map(energy).collect();
    let gate = frames.iter().copied().fold(0.0, f32::max) * GATE;
    let sounding: Vec<f32> = frames.into_iter().filter(|energy| *energy > gate).collect();
    match sounding.len() {
        0 => 0.0,
        count => (sounding.iter().sum::<f32>() / count as f32).sqrt(),
    }
}

/// Brings speech to [`TARGET`], with no sample above [`CEILING`].
pub(super) fn even_out(samples: &mut [f32]) {
    let loudness = loudness(samples);
    if loudness <= f32::EPSILON {
        return;
    }
    let gain = (TARGET / loudness).clamp(1.0 / MOST, MOST);
    for sample in samples.iter_mut() {
        *sample *= gain;
    }
    limit(samples);
}

/// Turns the sound down around samples that are too large, gently.
fn limit(samples: &mut [f32]) {
    if samples.iter().all(|sample| sample.abs() <= CEILING) {
        return;
    }
    let wanted: Vec<f32> =
        samples.iter().map(|sample| (CEILING / sample.abs().max(CEILING)).min(1.0)).collect();
    // The least of what is wanted nearby, and then its mean nearby: it never exceeds what is wanted here. Nearly all
    // samples are far from one that is too large.
    let nearby = |at: usize| at.saturating_sub(LOOK)..(at + LOOK + 1).min(samples.len());
    let (mut least, mut gains) = (vec![1.0_f32; samples.len()], vec![1.0_f32; samples.len()]);
    let mut near: Vec<usize> = Vec::new();
    for (at, wanted) in wanted.iter().enumerate().filter(|(_, wanted)| **wanted < 1.0) {
        least[nearby(at)].iter_mut().for_each(|least| *least = least.min(*wanted));
        let reach = at.saturating_sub(2 * LOOK)..(at + 2 * LOOK + 1).min(samples.len());
        let from = near.last().map_or(reach.start, |last| reach.start.max(last + 1));
        near.extend(from..reach.end);
    }
    for at in near {
        let around = &least[nearby(at)];
        gains[at] = around.iter().sum::<f32>() / around.len() as f32;
    }
    for (sample, gain) in samples.iter_mut().zip(gains) {
        *sample = (*sample * gain).clamp(-CEILING, CEILING);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tone(size: f32, count: usize) -> Vec<f32> {
        (0..count).map(|at| size * (at as f32 * 0.1).sin()).collect()
    }

    fn decibels(ratio: f32) -> f32 {
        20.0 * ratio.log10()
    }

    #[test]
    fn loud_and_soft_come_out_alike_and_pauses_do_not_count() {
        for size in [0.05, 0.1, 0.3, 0.5] {
            let mut samples = tone(size, 24_000);
            samples.extend(vec![0.0; 24_000]);
            samples.extend(tone(size, 24_000));
            even_out(&mut samples);
            assert!(decibels(loudness(&samples) / TARGET).abs() < 0.2, "{size}");
        }
    }

    #[test]
    fn silence_stays_silence() {
        let mut samples = vec![0.0; 1000];
        even_out(&mut samples);
        assert!(samples.iter().all(|sample| *sample == 0.0));
        even_out(&mut []);
    }

    #[test]
    fn nothing_clips_and_what_is_far_from_a_peak_stays() {
        let mut samples = tone(0.14, 48_000);
        for sample in &mut samples[24_000..24_020] {
            *sample *= 20.0;
        }
        let before = samples.clone();
        limit(&mut samples);
        assert!(samples.iter().all(|sample| sample.abs() <= CEILING));
        assert_eq!(samples[..23_000], before[..23_000]);
        assert_eq!(samples[25_000..], before[25_000..]);
        // It is turned down, not cut off: the shape stays.
        let ratio = |at: usize| samples[at] / before[at];
        assert!((ratio(24_005) / ratio(24_015) - 1.0).abs() < 0.2);
    }
}
