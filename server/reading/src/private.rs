//! The head for the interviewer's own lines, before they are said: whether a line asks something private.

use interview::WriterLine;

use crate::ReadError;
use crate::features::FeatureRow;
use crate::heads::{Net, sigmoid};
use crate::minilm;
use crate::weights;
use crate::words::{NgramVocabulary, grams};

/// A line in the two parts that are read apart: the sentence that asks, and the rest of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SplitLine {
    /// The sentence that asks; of a line that asks nothing, its last.
    pub question: String,
    /// What else is said; often nothing.
    pub rest: String,
}

impl SplitLine {
    /// Of a line.
    pub fn of(line: &str) -> Self {
        let whole = WriterLine { text: line.trim().to_owned(), took_up: None };
        let question = whole.question().to_owned();
        let rest = whole.text.replacen(&question, "", 1).trim().to_owned();
        Self { question, rest }
    }

    /// The parts that have words.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        [self.question.as_str(), self.rest.as_str()].into_iter().filter(|text| !text.is_empty())
    }
}

const FORM: usize = 3;
/// How many numbers the features of a line are: what its question means, what the rest means, its form.
pub const BLOCKS: [usize; 3] = [minilm::WIDTH, minilm::WIDTH, FORM];
/// All of them.
pub const NUMBERS: usize = 2 * minilm::WIDTH + FORM;

/// The features of a line, from what its parts mean. A meaning is empty where there is no such part.
pub fn features(parts: &SplitLine, question: &[f32], rest: &[f32], known: &NgramVocabulary) -> FeatureRow {
    let mut numbers = question.to_vec();
    numbers.resize(minilm::WIDTH, 0.0);
    numbers.extend(rest);
    numbers.resize(2 * minilm::WIDTH, 0.0);
    let flag = |set: bool| f32::from(u8::from(set));
    let words = parts.question.split_whitespace().count() as f32;
    numbers.extend([flag(!parts.rest.is_empty()), flag(parts.question.ends_with('?')), words / 20.0]);
    FeatureRow { numbers, words: known.numbers(&grams(&parts.question)).collect() }
}

/// The head. What it says is at least a half where a line is best refused.
#[derive(Debug, Clone, PartialEq)]
pub struct PrivateHead {
    /// The words that it knows.
    pub words: NgramVocabulary,
    /// The network.
    pub net: Net,
    /// SHA-256 of the lines that it was trained on.
    pub data: [u8; 32],
}

/// What the file of weights begins with; the last letter counts versions of the features.
const MAGIC: &[u8; 8] = b"PRIVATE1";

impl PrivateHead {
    /// The head that comes with the program.
    ///
    /// # Errors
    /// [`ReadError::Weights`] where it is not for these features.
    pub fn shipped() -> Result<Self, ReadError> {
        Self::from_bytes(include_bytes!("../private.bin"))
    }

    /// How likely it is that a line asks something private, from 0 to 1.
    pub fn likely(&self, parts: &SplitLine, question: &[f32], rest: &[f32]) -> f32 {
        sigmoid(self.net.logits(&features(parts, question, rest, &self.words))[0])
    }

    /// The file of this head.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = [&MAGIC[..], &self.data].concat();
        weights::put_vocabulary(&mut bytes, &self.words);
        weights::put_net(&mut bytes, &self.net);
        bytes
    }

    /// Reads the file of a head.
    ///
    /// # Errors
    /// [`ReadError::Weights`] where it is none, or for other features.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, ReadError> {
        let (data, mut rest) = weights::opened(bytes, MAGIC)?;
        let words = weights::vocabulary(&mut rest)?;
        let net = weights::net(&mut rest, NUMBERS, words.len(), 1)?;
        weights::expect_end(rest)?;
        Ok(Self { words, net, data })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_read_in_two_parts() {
        let parts = SplitLine::of(" Thank you. Are you married? ");
        assert_eq!((parts.question.as_str(), parts.rest.as_str()), ("Are you married?", "Thank you."));
        assert_eq!(SplitLine::of("Are you married?").texts().collect::<Vec<_>>(), ["Are you married?"]);
        assert_eq!(SplitLine::of(""), SplitLine { question: String::new(), rest: String::new() });
        assert_eq!(
            features(&SplitLine::of(""), &[], &[], &NgramVocabulary::parse("")).numbers.len(),
            NUMBERS
        );
    }

    #[test]
    fn the_shipped_head_is_read_and_written_again() {
        let shipped = PrivateHead::shipped().unwrap();
        let bytes = shipped.to_bytes();
        assert_eq!(PrivateHead::from_bytes(&bytes).unwrap(), shipped);
        for length in (0..80).chain([bytes.len() / 2, bytes.len() - 1]) {
            assert!(PrivateHead::from_bytes(&bytes[..length]).is_err(), "{length}");
        }
        assert!(PrivateHead::from_bytes(&[&bytes[..], &[0]].concat()).is_err());
    }
}
