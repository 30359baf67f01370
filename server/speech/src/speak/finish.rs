//! What the voice made, ready to be played: trimmed, even, and with words that end where their sound does.

use std::ops::Range;

use super::level;
use crate::local::hibari::{RATE, SynthesisedSpeech};

/// Samples in a millisecond.
const MS: usize = RATE as usize / 1000;
/// Frames in which sound is looked for: 5 ms.
const FRAME: usize = 5 * MS;
/// Below the loudest frame by more than this there is no sound: 46 dB, in energy.
const SILENT: f32 = 2.5e-5;
/// Kept before the first sound and after the last.
const BEFORE: usize = 15 * MS;
const AFTER: usize = 40 * MS;
/// How long the sound takes to come in and to go out.
const FADE_IN: usize = 3 * MS;
const FADE_OUT: usize = 15 * MS;

/// Speech that can be played.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Finished {
    /// Samples at [`RATE`].
    pub(super) pcm: Vec<i16>,
    /// For each spoken word, where it is said; empty where it is not.
    pub(super) words: Vec<Range<usize>>,
}

/// Makes what the voice made ready to be played.
pub(super) fn finish(sound: SynthesisedSpeech) -> Finished {
    let SynthesisedSpeech { mut samples, mut words } = sound;
    level::even_out(&mut samples);
    let Some(kept) = sounding(&samples) else {
        return Finished { pcm: Vec::new(), words: vec![0..0; words.len()] };
    };
    end_words(&samples, &mut words);
    // A soft first or last word is not cut off.
    let first = words.iter().find(|word| !Range::is_empty(*word)).map_or(kept.start, |word| word.start);
    let start = kept.start.saturating_sub(BEFORE).min(first);
    let end = (kept.end + AFTER).min(samples.len());
    let mut samples = samples[start..end].to_vec();
    fade(&mut samples);
    for word in &mut words {
        let place = |at: usize| at.clamp(start, end) - start;
        *word = place(word.start)..place(word.end);
    }
    let pcm = samples.iter().map(|sample| (sample * f32::from(i16::MAX)).round() as i16).collect();
    Finished { pcm, words }
}

/// From the first frame with sound in it to the last; `None` if there is none.
fn sounding(samples: &[f32]) -> Option<Range<usize>> {
    let energies: Vec<f32> = samples.chunks(FRAME).map(energy).collect();
    let gate = energies.iter().copied().fold(0.0, f32::max) * SILENT;
    let sounds = |energy: &f32| *energy > gate;
    let first = energies.iter().position(sounds)?;
    let last = energies.iter().rposition(sounds)?;
    Some(first * FRAME..((last + 1) * FRAME).min(samples.len()))
}

/// The mean of the squares.
fn energy(frame: &[f32]) -> f32 {
    frame.iter().map(|sample| sample * sample).sum::<f32>() / frame.len().max(1) as f32
}

/// The sound of a word before a pause goes on into the pause: ends the word where its sound does.
fn end_words(samples: &[f32], words: &mut [Range<usize>]) {
    let loudest = samples.chunks(FRAME).map(energy).fold(0.0, f32::max);
    for word in words.iter_mut().filter(|word| !Range::is_empty(*word)) {
        // From behind, so long as nothing is heard; half of it stays in any case.
        let middle = word.start + word.len() / 2;
        while word.end >= middle + FRAME && energy(&samples[word.end - FRAME..word.end]) <= loudest * SILENT {
            word.end -= FRAME;
        }
    }
}

fn fade(samples: &mut [f32]) {
    for (at, sample) in samples.iter_mut().take(FADE_IN).enumerate() {
        *sample *= at as f32 / FADE_IN as f32;
    }
    for (at, sample) in samples.iter_mut().rev().take(FADE_OUT).enumerate() {
        *sample *= at as f32 / FADE_OUT as f32;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Silence of 350 ms, a sound of so many milliseconds, a silence of 430.
    fn sound(sounding_ms: usize) -> SynthesisedSpeech {
        let mut samples = vec![1e-6; 350 * MS];
        samples.extend((0..sounding_ms * MS).map(|at| 0.2 * (at as f32 * 0.05).sin()));
        samples.extend(vec![-1e-6; 430 * MS]);
        let (start, end) = (350 * MS, (350 + sounding_ms) * MS);
        // The second word's sound goes on into the silence; the third is not said.
        SynthesisedSpeech {
            samples,
            words: vec![start..start + 100 * MS, start + 100 * MS..end + 300 * MS, 0..0],
        }
    }

    #[test]
    fn silence_is_trimmed_and_words_are_moved() {
        let finished = finish(sound(500));
        let length = finished.pcm.len() / MS;
        assert!((500..=565).contains(&length), "{length} ms");
        let words: Vec<Range<usize>> =
            finished.words.iter().map(|word| word.start / MS..word.end / MS).collect();
        assert!(words[0].start <= BEFORE / MS, "{words:?}");
        assert_eq!(words[0].len(), 100);
        assert!((words[1].len() as i64 - 400).abs() <= 6, "{words:?}");
        assert_eq!(words[2].len(), 0);
        assert!(finished.words.iter().all(|word| word.end <= finished.pcm.len()));
    }

    #[test]
    fn it_begins_and_ends_softly() {
        let pcm = finish(sound(500)).pcm;
        assert_eq!((pcm[0], pcm[pcm.len() - 1]), (0, 0));
        assert!(pcm.iter().any(|sample| sample.unsigned_abs() > 3000));
    }

    #[test]
    fn silence_gives_nothing() {
        let finished = finish(SynthesisedSpeech { samples: vec![0.0; 9999], words: vec![0..500, 500..600] });
        assert_eq!(finished, Finished { pcm: Vec::new(), words: vec![0..0, 0..0] });
        assert_eq!(finish(SynthesisedSpeech::default()), Finished::default());
    }
}
