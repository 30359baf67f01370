//! How loud audio is, frame by frame: where somebody speaks and where there is a pause, by loudness alone. It is for
//! finding a good place to cut and for guessing when a word was said; whether it is speech at all is for a VAD.

use std::ops::Range;

/// Samples of one frame: 20 ms.
pub(super) const FRAME: usize = 320;

/// What is below this is silence wherever it comes, in dB below full scale.
pub(super) const SILENT: f32 = -58.0;
/// Where the loud and the quiet frames differ by less than this, in dB, there are no pauses to be found.
const CONTRAST: f32 = 8.0;

/// The level of a frame in dB below full scale; minus infinity for nothing at all.
pub(super) fn level(frame: &[i16]) -> f32 {
    let sum: f32 = frame.iter().map(|sample| f32::from(*sample).powi(2)).sum();
    10.0 * (sum / frame.len().max(1) as f32 / 32_768.0_f32.powi(2)).log10()
}

/// The levels of audio, frame by frame; what is left over at the end is not looked at.
pub(super) fn levels(pcm: &[i16]) -> Vec<f32> {
    pcm.chunks_exact(FRAME).map(level).collect()
}

/// From which level on a frame of this stretch counts as voiced.
pub(super) fn threshold(levels: &[f32]) -> f32 {
    // Digital silence says nothing about how quiet the room is.
    let mut sorted: Vec<f32> = levels.iter().copied().filter(|level| level.is_finite()).collect();
    sorted.sort_by(f32::total_cmp);
    let (Some(floor), Some(loud)) = (sorted.get(sorted.len() / 10), sorted.get(sorted.len() * 19 / 20))
    else {
        return SILENT;
    };
    let contrast = loud - floor;
    if contrast < CONTRAST { SILENT } else { (floor + 0.4 * contrast).max(SILENT) }
}

/// How many frames are voiced.
pub(super) fn voiced(levels: &[f32], threshold: f32) -> usize {
    levels.iter().filter(|level| **level >= threshold).count()
}

/// The pauses of at least so many frames, in order.
pub(super) fn pauses(levels: &[f32], threshold: f32, least: usize) -> Vec<Range<usize>> {
    let (mut found, mut start) = (Vec::new(), 0);
    for (at, level) in levels.iter().chain([&f32::INFINITY]).enumerate() {
        if *level >= threshold {
            if at - start >= least && at > start {
                found.push(start..at);
            }
            start = at + 1;
        }
    }
    found
}

/// The quietest frame, judged with its neighbours; `None` of nothing.
pub(super) fn quietest(levels: &[f32]) -> Option<usize> {
    let around = |at: usize| {
        let near = &levels[at.saturating_sub(1)..(at + 2).min(levels.len())];
        near.iter().map(|level| level.max(-100.0)).sum::<f32>() / near.len() as f32
    };
    (0..levels.len()).min_by(|one, other| around(*one).total_cmp(&around(*other)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tone(amplitude: i16, frames: usize) -> Vec<i16> {
        (0..frames * FRAME).map(|at| if at % 20 < 10 { amplitude } else { -amplitude }).collect()
    }

    #[test]
    fn pauses_are_found_in_quiet_and_in_noise() {
        for noise in [0, 3, 100, 800] {
            let pcm =
                [tone(8000, 40), tone(noise, 15), tone(6000, 30), tone(noise, 5), tone(8000, 20)].concat();
            let levels = levels(&pcm);
            let threshold = threshold(&levels);
            let long = pauses(&levels, threshold, 10);
            assert!(long.len() == 1 && long[0] == (40..55), "noise {noise}: {long:?}");
            assert_eq!(pauses(&levels, threshold, 5), [40..55, 85..90], "noise {noise}");
            assert_eq!(voiced(&levels, threshold), 90);
            assert!((40..55).contains(&quietest(&levels[..80]).unwrap()));
        }
    }

    #[test]
    fn even_sound_has_no_pauses_and_silence_no_voice() {
        let hum = levels(&tone(3000, 50));
        assert_eq!(voiced(&hum, threshold(&hum)), 50);
        assert!(pauses(&hum, threshold(&hum), 1).is_empty());
        for quiet in [tone(0, 50), tone(20, 50)] {
            let quiet = levels(&quiet);
            assert_eq!(voiced(&quiet, threshold(&quiet)), 0);
            let long = pauses(&quiet, threshold(&quiet), 10);
            assert!(long.len() == 1 && long[0] == (0..50), "{long:?}");
        }
        assert!(pauses(&[], SILENT, 0).is_empty() && quietest(&[]).is_none());
    }
}
