//! Which line goes with which answer. Both are a few numbers: the answer's come with its reading, the lines' are in
//! `bank/lines/fit.bin`, and the more the two agree, the likelier a good interviewer would say this line here. Trained on
//! judgements of lines after answers (`server/reading/data/fits`).

use std::collections::HashMap;
use std::sync::OnceLock;

use crate::reading::{AnswerReading, Probe};

/// How many numbers answers and lines have in common.
pub const WIDTH: usize = 24;
/// What a whole step of those numbers is.
pub const STEP: f32 = 16.0;
/// What the file begins with.
const MAGIC: &[u8; 4] = b"FIT1";
/// How long the entry of a line is: its name, its own number, those it has in common with answers.
const ENTRY: usize = 8 + 2 + WIDTH;

/// A line as numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LineFit {
    /// How well it goes with any answer, in steps of `STEP` times `STEP`.
    pub own: i16,
    /// What it asks for.
    pub asks: [i8; WIDTH],
}

/// The name of a line in the file: its place, what it asks for and its words (`{x}` as it stands there), mixed (FNV-1a).
pub fn name(place: &str, probe: Probe, text: &str) -> u64 {
    let parts = [place, probe.key(), text];
    let bytes = parts.iter().flat_map(|part| part.bytes().chain([0]));
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// The file for these lines.
pub fn to_bytes(lines: &[(u64, LineFit)]) -> Vec<u8> {
    let mut bytes = MAGIC.to_vec();
    for (name, line) in lines {
        bytes.extend(name.to_le_bytes());
        bytes.extend(line.own.to_le_bytes());
        bytes.extend(line.asks.iter().flat_map(|number| number.to_le_bytes()));
    }
    bytes
}

fn shipped() -> &'static HashMap<u64, LineFit> {
    static LINES: OnceLock<HashMap<u64, LineFit>> = OnceLock::new();
    LINES.get_or_init(|| {
        let bytes = include_bytes!("../../bank/lines/fit.bin");
        let entries = bytes.strip_prefix(MAGIC).unwrap_or_default();
        entries.chunks_exact(ENTRY).filter_map(entry).collect()
    })
}

fn entry(bytes: &[u8]) -> Option<(u64, LineFit)> {
    let (name, rest) = bytes.split_first_chunk::<8>()?;
    let (own, rest) = rest.split_first_chunk::<2>()?;
    let asks: [u8; WIDTH] = rest.try_into().ok()?;
    let line = LineFit { own: i16::from_le_bytes(*own), asks: asks.map(|byte| i8::from_le_bytes([byte])) };
    Some((u64::from_le_bytes(*name), line))
}

/// The numbers of a line of the bank, by its name, if it was there when they were made.
pub fn of_line(name: u64) -> Option<LineFit> {
    shipped().get(&name).copied()
}

/// How well a line goes with an answer, in thousandths: the more, the likelier a good interviewer says it. `None` where
/// one of the two has no numbers.
pub fn fit(reading: &AnswerReading, line: u64) -> Option<i32> {
    let wants: &[i8; WIDTH] = reading.wants.as_slice().try_into().ok()?;
    let line = of_line(line)?;
    let agree: i32 = wants.iter().zip(line.asks).map(|(want, ask)| i32::from(*want) * i32::from(ask)).sum();
    Some((agree + i32::from(line.own)) * 1000 / (STEP * STEP) as i32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_has_its_numbers() {
        let without: Vec<String> = crate::bank::lines()
            .into_iter()
            .filter(|line| of_line(line.name()).is_none())
            .map(|line| line.text.to_owned())
            .collect();
        assert!(without.is_empty(), "make train-reading: nothing is known of {without:#?}");
    }

    #[test]
    fn a_file_is_read_as_it_was_written() {
        let line = LineFit { own: -300, asks: [-7; WIDTH] };
        let name = name("any", Probe::Detail, "What did you do?");
        let bytes = to_bytes(&[(name, line)]);
        assert_eq!(entry(&bytes[MAGIC.len()..]), Some((name, line)));
    }
}
