//! The trained heads for answers: small networks from features to probabilities.

use interview::reading::{Ask, Part, Probe, Role, Situation, Tone, Who};

use crate::ReadError;
use crate::features::{self, AnswerEncoding, FeatureRow, HeadVocabularies};
use crate::weights;

/// A network from features to the logits of several yes-or-no questions: the sum of what the features say directly and
/// of what they say through a hidden layer, if there is one.
#[derive(Debug, Clone, PartialEq)]
pub struct Net {
    /// How many features are numbers.
    pub inputs: usize,
    /// How many are words.
    pub words: usize,
    /// How many units are in the hidden layer; 0: there is none.
    pub hidden: usize,
    /// How many answers come out.
    pub outputs: usize,
    /// What the features say directly: for each output a row of weights for the numbers and its bias; then for each word
    /// a row of weights for the outputs.
    pub direct: Vec<f32>,
    /// The same for the units of the hidden layer, of which only what is above 0 counts.
    pub first: Vec<f32>,
    /// For each output a row of weights for the units.
    pub last: Vec<f32>,
}

impl Net {
    /// How many weights there are from such features to so many units or outputs.
    pub fn size(inputs: usize, words: usize, units: usize) -> usize {
        (inputs + 1 + words) * units
    }

    /// The logit of each answer.
    pub fn logits(&self, row: &FeatureRow) -> Vec<f32> {
        let mut logits = layer(&self.direct, row, self.outputs);
        if self.hidden > 0 {
            let mut units = layer(&self.first, row, self.hidden);
            units.iter_mut().for_each(|unit| *unit = unit.max(0.0));
            let rows = self.last.chunks_exact(self.hidden);
            logits.iter_mut().zip(rows).for_each(|(logit, weights)| *logit += product(weights, &units));
        }
        logits
    }

    /// The probability of each answer.
    pub fn likely(&self, row: &FeatureRow) -> Vec<f32> {
        self.logits(row).into_iter().map(sigmoid).collect()
    }
}

fn layer(weights: &[f32], row: &FeatureRow, units: usize) -> Vec<f32> {
    let (numbers, words) = weights.split_at((row.numbers.len() + 1) * units);
    let rows = numbers.chunks_exact(row.numbers.len() + 1);
    let mut sums: Vec<f32> =
        rows.map(|weights| product(weights, &row.numbers) + weights[row.numbers.len()]).collect();
    for word in &row.words {
        let weights = &words[*word as usize * units..][..units];
        sums.iter_mut().zip(weights).for_each(|(sum, weight)| *sum += weight);
    }
    sums
}

/// Inputs times as many weights. Eight sums side by side, always in the same order, so that wide registers can be used
/// and every machine gets the same.
pub fn product(weights: &[f32], inputs: &[f32]) -> f32 {
    let mut sums = [0.0_f32; 8];
    let (weights_8, inputs_8) = (weights[..inputs.len()].chunks_exact(8), inputs.chunks_exact(8));
    let rest: f32 = weights_8.remainder().iter().zip(inputs_8.remainder()).map(|(w, i)| w * i).sum();
    for (weights, inputs) in weights_8.zip(inputs_8) {
        for ((sum, weight), input) in sums.iter_mut().zip(weights).zip(inputs) {
            *sum += weight * input;
        }
    }
    sums.iter().sum::<f32>() + rest
}

/// From a logit to a probability.
pub fn sigmoid(logit: f32) -> f32 {
    1.0 / (1.0 + (-logit).exp())
}

/// What the answer head says last: that what was noticed is the candidate's own
/// (their own hard event, refusal, breach), and that the hard event does not weigh.
pub const WHOSE: usize = 2;

/// How many answers each head gives.
pub const SENTENCE_OUTPUTS: usize = Role::ALL.len() + Who::ALL.len() + Tone::ALL.len();
/// The same of the head for whole answers.
///
/// In this order: what is there, what is missing, situations, sorts and kinds of next question, whose.
pub const ANSWER_OUTPUTS: usize =
    2 * Part::ALL.len() + Situation::ALL.len() + Ask::ALL.len() + Probe::ALL.len() + WHOSE;

/// The heads for sentences: the second reads each again when all have been read.
#[derive(Debug, Clone, PartialEq)]
pub struct Sentences {
    /// Reads a sentence by itself.
    pub first: Net,
    /// Reads it again, by what it and the others were read as.
    pub again: Net,
}

/// What all sentences of an answer were read as: what each does, who acts, how it goes.
#[derive(Debug, Clone, PartialEq)]
pub struct SentencesRead {
    /// The probabilities by the first head.
    pub first: Vec<Vec<f32>>,
    /// By the second.
    pub again: Vec<Vec<f32>>,
}

impl Sentences {
    /// Reads all sentences of an answer.
    pub fn read(&self, seen: &AnswerEncoding, known: &HeadVocabularies) -> SentencesRead {
        let all = || 0..seen.meanings.len();
        let logits: Vec<Vec<f32>> =
            all().map(|at| self.first.logits(&features::sentence(seen, at, known))).collect();
        let first = likely(&logits);
        let again = all()
            .map(|at| self.again.likely(&features::second_reading_features(seen, &logits, &first, at)))
            .collect();
        SentencesRead { first, again }
    }
}

/// Probabilities from logits.
pub fn likely(logits: &[Vec<f32>]) -> Vec<Vec<f32>> {
    logits.iter().map(|logits| logits.iter().copied().map(sigmoid).collect()).collect()
}

/// All heads.
#[derive(Debug, Clone, PartialEq)]
pub struct Heads {
    /// The words that they know.
    pub known: HeadVocabularies,
    /// What a sentence does, who acts, how it goes.
    pub sentences: Sentences,
    /// What an answer holds, what is to be noticed, what to ask next.
    pub answer: Net,
    /// Whether an answer stops before what came of what it tells.
    pub open: Net,
    /// SHA-256 of the labelled answers that they were trained on.
    pub data: [u8; 32],
}

/// What the file of weights begins with; the last letter counts versions of the features.
const MAGIC: &[u8; 8] = b"READING3";

impl Heads {
    /// The heads that come with the program.
    ///
    /// # Errors
    /// [`ReadError::Weights`] where they are not for these features.
    pub fn shipped() -> Result<Self, ReadError> {
        Self::from_bytes(include_bytes!("../weights.bin"))
    }

    /// The file of these heads.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = [&MAGIC[..], &self.data].concat();
        weights::put_vocabulary(&mut bytes, &self.known.words);
        weights::put_vocabulary(&mut bytes, &self.known.asked);
        for net in [&self.sentences.first, &self.sentences.again, &self.answer, &self.open] {
            weights::put_net(&mut bytes, net);
        }
        bytes
    }

    /// Reads a file of heads.
    ///
    /// # Errors
    /// [`ReadError::Weights`] where it is none, or for other features.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, ReadError> {
        let (data, mut rest) = weights::opened(bytes, MAGIC)?;
        let known = HeadVocabularies {
            words: weights::vocabulary(&mut rest)?,
            asked: weights::vocabulary(&mut rest)?,
        };
        let (words, all) = (known.words.len(), known.words.len() + known.asked.len());
        let first = weights::net(&mut rest, features::SENTENCE_NUMBERS, words, SENTENCE_OUTPUTS)?;
        let again = weights::net(&mut rest, features::AGAIN_NUMBERS, 0, SENTENCE_OUTPUTS)?;
        let answer = weights::net(&mut rest, features::ANSWER_NUMBERS, all, ANSWER_OUTPUTS)?;
        let open = weights::net(&mut rest, features::ANSWER_NUMBERS, all, 1)?;
        weights::expect_end(rest)?;
        Ok(Self { known, sentences: Sentences { first, again }, answer, open, data })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::weights::half;
    use crate::words::NgramVocabulary;

    fn small(inputs: usize, words: usize, hidden: usize, outputs: usize) -> Net {
        let some = |count: usize| (0..count).map(|at| (at % 7) as f32 / 7.0 - 0.4).collect();
        let size = |units| Net::size(inputs, words, units);
        let (direct, first, last) = (some(size(outputs)), some(size(hidden)), some(hidden * outputs));
        Net { inputs, words, hidden, outputs, direct, first, last }
    }

    #[test]
    fn a_net_adds_what_is_said_directly_and_through_the_hidden_layer() {
        let net = Net {
            direct: vec![1.0, 2.0, 0.5, 10.0, 20.0],
            first: vec![1.0, 0.0, 0.0, 0.0, -1.0, 0.0, 0.0, 1.0, 3.0, 5.0],
            last: vec![2.0, 3.0],
            ..small(2, 2, 2, 1)
        };
        let row = |words: &[u32]| FeatureRow { numbers: vec![1.0, 4.0], words: words.to_vec() };
        assert_eq!(net.logits(&row(&[])), [1.0 + 8.0 + 0.5 + 2.0]);
        assert_eq!(net.logits(&row(&[1])), [9.5 + 20.0 + 2.0 * (1.0 + 3.0) + 3.0 * (5.0 - 4.0)]);
    }

    #[test]
    fn files_of_weights_are_read_again_and_broken_ones_refused() {
        let words = |lines| NgramVocabulary::parse(lines);
        let heads = Heads {
            known: HeadVocabularies { words: words("a\nb\nb a"), asked: words("why") },
            sentences: Sentences {
                first: small(features::SENTENCE_NUMBERS, 3, 2, SENTENCE_OUTPUTS),
                again: small(features::AGAIN_NUMBERS, 0, 0, SENTENCE_OUTPUTS),
            },
            answer: small(features::ANSWER_NUMBERS, 4, 1, ANSWER_OUTPUTS),
            open: small(features::ANSWER_NUMBERS, 4, 0, 1),
            data: [7; 32],
        };
        let bytes = heads.to_bytes();
        let read = Heads::from_bytes(&bytes).unwrap();
        assert_eq!(read.to_bytes(), bytes);
        assert_eq!(read.known, heads.known);
        let weights = |heads: &Heads| heads.sentences.first.direct.clone();
        for (one, other) in weights(&read).iter().zip(weights(&heads)) {
            assert!((one - other).abs() <= other.abs() / 256.0, "{one} {other}");
        }
        for length in (0..120).chain([bytes.len() / 2, bytes.len() - 1]) {
            assert!(Heads::from_bytes(&bytes[..length]).is_err(), "{length}");
        }
        assert!(Heads::from_bytes(&[&bytes[..], &[0]].concat()).is_err());
        for at in 0..120 {
            let mut broken = bytes.clone();
            broken[at] = 0xff;
            drop(Heads::from_bytes(&broken));
        }
        let mut infinite = bytes.clone();
        let end = bytes.len() - 2;
        infinite[end..].copy_from_slice(&half(f32::INFINITY).to_le_bytes());
        assert!(Heads::from_bytes(&infinite).is_err());
    }
}
