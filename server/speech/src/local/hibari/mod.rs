//! Hibari: text to speech in the voice "heart" (American English, a woman's), 70 to 95 times faster than real time on
//! one thread.
//!
//! [`read`] turns words into phonemes, [`graph`] has the network make the parts of a voice of them, and [`wave`] turns
//! those into samples. The model and its data: see the licence and the notice beside them.

mod fast;
mod graph;
mod noise;
mod read;
mod wave;

use std::collections::BTreeMap;
use std::ops::Range;

use self::graph::Graph;
use self::read::{PhonemeSequence, Phonemiser};
pub use self::wave::RATE;
use crate::SpeechError;
use models::pool::CancelToken;
use models::{File, ModelFolder};

/// The most phonemes that the network gets at once; it learnt on sentences of up to about that many.
const MOST_PHONEMES: usize = 400;
/// The number of silence, which stands before and after each sentence.
const SILENCE: i64 = 0;

/// What was said.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SynthesisedSpeech {
    /// Samples at [`RATE`], mostly from -1 to 1, with silence before and after.
    pub samples: Vec<f32>,
    /// For each word that [`str::split_whitespace`] finds in the text, where in the samples it is said; empty where it
    /// is not said at all (a dash, say). The sound of a word before a pause goes on into the pause.
    pub words: Vec<Range<usize>>,
}

/// The voice of one thread. The first costs about 70 MB while it loads, with ONNX Runtime and the dictionaries; those
/// are shared by all threads.
pub struct Hibari {
    reader: Phonemiser,
    graph: Graph,
    numbers: BTreeMap<char, i64>,
}

impl Hibari {
    /// Loads what is needed.
    pub fn open(folder: &ModelFolder) -> Result<Self, SpeechError> {
        let path = folder.path(File::HibariPhonemes);
        let broken = |error: &dyn std::fmt::Display| {
            SpeechError::Missing(format!("{} cannot be read: {error}", path.display()))
        };
        let numbers = std::fs::read_to_string(&path).map_err(|error| broken(&error))?;
        let numbers = serde_json::from_str(&numbers).map_err(|error| broken(&error))?;
        Ok(Self { reader: Phonemiser::open(folder)?, graph: Graph::open(folder)?, numbers })
    }

    /// Says a text of words and punctuation, a sentence or so; numbers and symbols must have become words before.
    /// `speed` is 1.0 at the voice's own pace, more is faster.
    ///
    /// The same text and speed give the same samples. Text without a word in it gives no sound. Errors:
    /// [`SpeechError::Late`] when nobody waits any more, [`SpeechError::Failed`] when the network fails.
    pub fn say(
        &mut self,
        text: &str,
        speed: f32,
        wanted: &CancelToken,
    ) -> Result<SynthesisedSpeech, SpeechError> {
        let reading = self.reader.read(text)?;
        let mut sound =
            SynthesisedSpeech { samples: Vec::new(), words: vec![0..0; text.split_whitespace().count()] };
        for stretch in stretches(&reading) {
            wanted.check()?;
            self.add(&reading, stretch, speed, &mut sound)?;
        }
        Ok(sound)
    }

    /// Says part of a reading.
    fn add(
        &mut self,
        reading: &PhonemeSequence,
        stretch: Range<usize>,
        speed: f32,
        sound: &mut SynthesisedSpeech,
    ) -> Result<(), SpeechError> {
        // The number of each phoneme that the voice knows, and the word that it belongs to.
        let known: Vec<(i64, usize)> =
            stretch.filter_map(|at| Some((*self.numbers.get(&reading.sounds[at])?, at))).collect();
        if known.is_empty() {
            return Ok(());
        }
        let mut numbers = vec![SILENCE];
        numbers.extend(known.iter().map(|(number, _)| number));
        numbers.push(SILENCE);
        let made = self.graph.make(&numbers, speed)?;
        let mut start = sound.samples.len() + made.lasts[0];
        for ((_, at), lasts) in known.iter().zip(&made.lasts[1..]) {
            // The space after a word is silent or belongs to the next word's start.
            if reading.sounds[*at] != ' ' && !is_mark(reading.sounds[*at]) {
                let word = &mut sound.words[reading.words[*at]];
                *word = if Range::is_empty(word) { start..start + lasts } else { word.start..start + lasts };
            }
            start += lasts;
        }
        sound.samples.extend(made.samples);
        Ok(())
    }
}

/// Whether a phoneme is punctuation.
fn is_mark(phoneme: char) -> bool {
    ";:,.!?—…\"()“”".contains(phoneme)
}

/// A reading in stretches of at most [`MOST_PHONEMES`], cut after punctuation if it can be, else between words.
fn stretches(reading: &PhonemeSequence) -> Vec<Range<usize>> {
    let sounds = &reading.sounds;
    let (mut stretches, mut start) = (Vec::new(), 0);
    while sounds.len() - start > MOST_PHONEMES {
        let window = start + 1..start + MOST_PHONEMES;
        let space = |at: &usize| sounds[*at] == ' ';
        let cut = window
            .clone()
            .rev()
            .find(|at| space(at) && is_mark(sounds[at - 1]))
            .or_else(|| window.clone().rev().find(space))
            .unwrap_or(window.end);
        stretches.push(start..cut);
        start = cut;
    }
    stretches.push(start..sounds.len());
    stretches
}

#[cfg(test)]
#[path = "hibari_tests.rs"]
mod tests;
