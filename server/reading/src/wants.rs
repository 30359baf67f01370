//! What an answer leaves to be asked, as the few numbers that the bank's lines are compared with
//! ([`interview::bank::fit`]).

use interview::bank::fit::{STEP, WIDTH};

use crate::ReadError;
use crate::features::AnswerEncoding;
use crate::heads::{ANSWER_OUTPUTS, product};
use crate::minilm::{self, unit};
use crate::weights::half;

const SIZE: usize = 3;
/// How many numbers are known of an answer: its meaning, that of its last sentence and of the question, what the heads
/// made of it, its size.
pub const INPUTS: usize = 3 * minilm::WIDTH + ANSWER_OUTPUTS + SIZE;
/// What the file begins with; the last letter counts versions of the inputs.
const MAGIC: &[u8; 6] = b"WANTS1";
/// A probability counts as a logit of this size at most.
const SUREST: f32 = 4.0;

/// What is known of an answer with at least one sentence, of which the heads made these probabilities.
pub fn inputs(seen: &AnswerEncoding, likely: &[f32]) -> Vec<f32> {
    let mut whole = vec![0.0; minilm::WIDTH];
    for meaning in &seen.meanings {
        whole.iter_mut().zip(meaning).for_each(|(sum, value)| *sum += value);
    }
    let words = seen.words.iter().sum::<usize>() as f32;
    let mut inputs: Vec<f32> = unit(whole).into_iter().map(|value| 3.0 * value).collect();
    inputs.extend(seen.meanings.last().into_iter().flatten().map(|value| 1.5 * value));
    inputs.extend(seen.question.iter().map(|value| 2.0 * value));
    inputs.extend(likely.iter().map(|likely| {
        let likely = likely.clamp(1e-4, 1.0 - 1e-4);
        0.5 * (likely / (1.0 - likely)).ln().clamp(-SUREST, SUREST)
    }));
    inputs.extend([f32::from(u8::from(seen.introduction)), (words / 100.0).min(4.0), words.ln_1p() / 3.0]);
    inputs
}

/// From what is known of an answer to what it leaves to be asked.
#[derive(Debug, Clone, PartialEq)]
pub struct Wants {
    /// For each number a row of weights.
    weights: Vec<f32>,
    /// SHA-256 of the judgements that they were trained on.
    pub data: [u8; 32],
}

impl Wants {
    /// With these weights: for each of the numbers a row for the inputs.
    ///
    /// # Errors
    /// [`ReadError::Weights`] where they are not as many as there should be.
    pub fn new(weights: Vec<f32>, data: [u8; 32]) -> Result<Self, ReadError> {
        if weights.len() != WIDTH * INPUTS {
            return Err(ReadError::Weights("what answers leave to be asked is of another size"));
        }
        Ok(Self { weights, data })
    }

    /// Those that come with the program.
    ///
    /// # Errors
    /// [`ReadError::Weights`] where they are not for these inputs.
    pub fn shipped() -> Result<Self, ReadError> {
        let bytes: &[u8] = include_bytes!("../wants.bin");
        let bytes = bytes.strip_prefix(MAGIC).ok_or(ReadError::Weights("they are of another version"))?;
        let (data, bytes) =
            bytes.split_first_chunk().ok_or(ReadError::Weights("there are fewer than there should be"))?;
        let (halves, _) = bytes.as_chunks::<2>();
        let weight = |half: &[u8; 2]| f32::from_bits(u32::from(u16::from_le_bytes(*half)) << 16);
        Self::new(halves.iter().map(weight).collect(), *data)
    }

    /// The file of these weights.
    pub fn to_bytes(&self) -> Vec<u8> {
        let weights = self.weights.iter().flat_map(|weight| half(*weight).to_le_bytes());
        MAGIC.iter().copied().chain(self.data).chain(weights).collect()
    }

    /// What an answer leaves to be asked.
    pub fn of(&self, inputs: &[f32]) -> Vec<i8> {
        // Casts of floats keep within what fits.
        let number = |weights: &[f32]| (product(weights, inputs) * STEP).round() as i8;
        self.weights.chunks_exact(INPUTS).map(number).collect()
    }
}
