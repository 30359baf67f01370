//! The trained heads: small networks from features to probabilities, and the file that holds their weights.

use interview::reading::{Ask, Part, Probe, Role, Situation, Tone, Who};

use crate::{ReadError, features};

/// A network from features to the logits of several yes-or-no questions, with one hidden layer or none.
#[derive(Debug, Clone, PartialEq)]
pub struct Net {
    /// How many features go in.
    pub inputs: usize,
    /// How many units are in the hidden layer; 0: there is none.
    pub hidden: usize,
    /// How many answers come out.
    pub outputs: usize,
    /// A row of weights for each unit, then its bias; the hidden layer's rows first.
    pub weights: Vec<f32>,
}

impl Net {
    /// How many weights such a network has.
    pub fn size(inputs: usize, hidden: usize, outputs: usize) -> usize {
        match hidden {
            0 => (inputs + 1) * outputs,
            hidden => (inputs + 1) * hidden + (hidden + 1) * outputs,
        }
    }

    /// The probability of each answer.
    pub fn likely(&self, features: &[f32]) -> Vec<f32> {
        let logits = match self.hidden {
            0 => layer(&self.weights, features, self.outputs),
            hidden => {
                let (first, last) = self.weights.split_at((self.inputs + 1) * hidden);
                let mut units = layer(first, features, hidden);
                units.iter_mut().for_each(|unit| *unit = unit.tanh());
                layer(last, &units, self.outputs)
            }
        };
        logits.into_iter().map(sigmoid).collect()
    }
}

fn layer(weights: &[f32], inputs: &[f32], outputs: usize) -> Vec<f32> {
    weights.chunks_exact(inputs.len() + 1).take(outputs).map(|row| weighted(row, inputs)).collect()
}

/// Inputs times weights, and the bias that stands after them. Eight sums side by side, always in the same order, so
/// that wide registers can be used and every machine gets the same.
pub fn weighted(weights: &[f32], inputs: &[f32]) -> f32 {
    let mut sums = [0.0_f32; 8];
    let (weights_8, inputs_8) = (weights[..inputs.len()].chunks_exact(8), inputs.chunks_exact(8));
    let rest: f32 = weights_8.remainder().iter().zip(inputs_8.remainder()).map(|(w, i)| w * i).sum();
    for (weights, inputs) in weights_8.zip(inputs_8) {
        for ((sum, weight), input) in sums.iter_mut().zip(weights).zip(inputs) {
            *sum += weight * input;
        }
    }
    sums.iter().sum::<f32>() + rest + weights[inputs.len()]
}

fn sigmoid(logit: f32) -> f32 {
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

/// All heads.
#[derive(Debug, Clone, PartialEq)]
pub struct Heads {
    /// What a sentence does, who acts, how it goes.
    pub sentence: Net,
    /// What an answer holds, what is to be noticed, what to ask next.
    pub answer: Net,
    /// SHA-256 of the labelled answers that they were trained on.
    pub data: [u8; 32],
}

/// What the file of weights begins with; the last letter counts versions of the features.
const MAGIC: &[u8; 8] = b"READING1";

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
        for net in [&self.sentence, &self.answer] {
            for size in [net.inputs, net.hidden, net.outputs] {
                bytes.extend(u32::try_from(size).expect("small").to_le_bytes());
            }
            bytes.extend(net.weights.iter().flat_map(|weight| weight.to_le_bytes()));
        }
        bytes
    }

    /// Reads a file of heads.
    ///
    /// # Errors
    /// [`ReadError::Weights`] where it is none, or for other features.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, ReadError> {
        let rest = bytes.strip_prefix(MAGIC).ok_or(ReadError::Weights("they are of another version"))?;
        let (data, mut rest) = rest.split_first_chunk::<32>().ok_or(SHORT)?;
        let sentence = net(&mut rest, features::SENTENCE, SENTENCE_OUTPUTS)?;
        let answer = net(&mut rest, features::ANSWER, ANSWER_OUTPUTS)?;
        if !rest.is_empty() {
            return Err(ReadError::Weights("there are more than there should be"));
        }
        Ok(Self { sentence, answer, data: *data })
    }
}

const SHORT: ReadError = ReadError::Weights("there are fewer than there should be");

fn net(rest: &mut &[u8], inputs: usize, outputs: usize) -> Result<Net, ReadError> {
    let mut sizes = [0; 3];
    for size in &mut sizes {
        let (bytes, after) = rest.split_first_chunk::<4>().ok_or(SHORT)?;
        (*size, *rest) = (u32::from_le_bytes(*bytes) as usize, after);
    }
    if sizes[0] != inputs || sizes[2] != outputs || sizes[1] > 1024 {
        return Err(ReadError::Weights("they are for other features"));
    }
    let count = Net::size(inputs, sizes[1], outputs);
    let (bytes, after) = rest.split_at_checked(count * 4).ok_or(SHORT)?;
    *rest = after;
    let weights: Vec<f32> = bytes.as_chunks::<4>().0.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect();
    if weights.iter().any(|weight| !weight.is_finite()) {
        return Err(ReadError::Weights("one is no number"));
    }
    Ok(Net { inputs, hidden: sizes[1], outputs, weights })
}
