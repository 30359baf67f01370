//! The files that hold trained weights: what begins them, the digest of the data, words, networks.

use crate::ReadError;
use crate::heads::Net;
use crate::words::NgramVocabulary;

/// The most words that are known.
const WORDS: usize = 100_000;
/// The most units of a hidden layer.
const UNITS: usize = 1024;

/// The digest of the data, and what follows it, in a file that begins with this.
pub(crate) fn opened<'a>(bytes: &'a [u8], magic: &[u8; 8]) -> Result<([u8; 32], &'a [u8]), ReadError> {
    let rest = bytes.strip_prefix(magic).ok_or(ReadError::Weights("they are of another version"))?;
    let (data, rest) = rest.split_first_chunk::<32>().ok_or(SHORT)?;
    Ok((*data, rest))
}

/// Nothing may follow.
pub(crate) fn expect_end(rest: &[u8]) -> Result<(), ReadError> {
    if rest.is_empty() { Ok(()) } else { Err(ReadError::Weights("there are more than there should be")) }
}

fn put_number(bytes: &mut Vec<u8>, size: usize) {
    bytes.extend(u32::try_from(size).expect("small").to_le_bytes());
}

/// Writes what [`vocabulary`] reads.
pub(crate) fn put_vocabulary(bytes: &mut Vec<u8>, words: &NgramVocabulary) {
    let lines = words.lines();
    put_number(bytes, lines.len());
    bytes.extend(lines.as_bytes());
}

/// Writes what [`net`] reads.
pub(crate) fn put_net(bytes: &mut Vec<u8>, net: &Net) {
    for size in [net.inputs, net.words, net.hidden, net.outputs] {
        put_number(bytes, size);
    }
    for weights in [&net.direct, &net.first, &net.last] {
        bytes.extend(weights.iter().flat_map(|weight| half(*weight).to_le_bytes()));
    }
}

/// A weight as the file holds it, in the upper half of its bits: its size, and how large it is to about a four hundredth.
pub(crate) fn half(weight: f32) -> u16 {
    let bits = weight.to_bits();
    // To the nearest, and to the even one of two that are as near.
    (bits.saturating_add(0x7fff + (bits >> 16 & 1)) >> 16) as u16
}

const SHORT: ReadError = ReadError::Weights("there are fewer than there should be");

fn number(rest: &mut &[u8]) -> Result<usize, ReadError> {
    let (bytes, after) = rest.split_first_chunk::<4>().ok_or(SHORT)?;
    *rest = after;
    Ok(u32::from_le_bytes(*bytes) as usize)
}

pub(crate) fn vocabulary(rest: &mut &[u8]) -> Result<NgramVocabulary, ReadError> {
    let length = number(rest)?;
    let (lines, after) = rest.split_at_checked(length).ok_or(SHORT)?;
    *rest = after;
    let lines = std::str::from_utf8(lines).map_err(|_| ReadError::Weights("their words are no text"))?;
    Some(NgramVocabulary::parse(lines))
        .filter(|words| words.len() <= WORDS)
        .ok_or(ReadError::Weights("they know too many words"))
}

pub(crate) fn net(rest: &mut &[u8], inputs: usize, words: usize, outputs: usize) -> Result<Net, ReadError> {
    let (of_inputs, of_words, hidden, of_outputs) =
        (number(rest)?, number(rest)?, number(rest)?, number(rest)?);
    if (of_inputs, of_words, of_outputs) != (inputs, words, outputs) || hidden > UNITS {
        return Err(ReadError::Weights("they are for other features"));
    }
    let direct = numbers(rest, Net::size(inputs, words, outputs))?;
    let first = numbers(rest, Net::size(inputs, words, hidden))?;
    let last = numbers(rest, hidden * outputs)?;
    Ok(Net { inputs, words, hidden, outputs, direct, first, last })
}

fn numbers(rest: &mut &[u8], count: usize) -> Result<Vec<f32>, ReadError> {
    let (bytes, after) = rest.split_at_checked(count * 2).ok_or(SHORT)?;
    *rest = after;
    let weight = |bytes: &[u8; 2]| f32::from_bits(u32::from(u16::from_le_bytes(*bytes)) << 16);
    let numbers: Vec<f32> = bytes.as_chunks::<2>().0.iter().map(weight).collect();
    if numbers.iter().any(|weight| !weight.is_finite()) {
        return Err(ReadError::Weights("one is no number"));
    }
    Ok(numbers)
}
