//! Samples that were bent a little, and bytes that mean nothing: what `make fuzz` makes for as long as one likes, in
//! a few for a property test.

use proptest::prelude::*;
use proptest::sample::{Index, select};

use crate::Target;

/// One change of an input.
#[derive(Debug, Clone)]
enum Bend {
    Set(Index, u8),
    Put(Index, Vec<u8>),
    Cut(Index, usize),
    Repeat(Index, usize),
    End(Index),
    /// Of whole lines, which mean something in an SDP.
    DropLine(Index),
    SwapLines(Index, Index),
    Number(Index, u64),
}

fn bend() -> impl Strategy<Value = Bend> {
    let at = any::<Index>;
    prop_oneof![
        (at(), any::<u8>()).prop_map(|(at, byte)| Bend::Set(at, byte)),
        (at(), prop::collection::vec(any::<u8>(), 1..6)).prop_map(|(at, bytes)| Bend::Put(at, bytes)),
        (at(), 1_usize..40).prop_map(|(at, length)| Bend::Cut(at, length)),
        (at(), 1_usize..40).prop_map(|(at, length)| Bend::Repeat(at, length)),
        at().prop_map(Bend::End),
        at().prop_map(Bend::DropLine),
        (at(), at()).prop_map(|(one, other)| Bend::SwapLines(one, other)),
        (at(), any::<u64>()).prop_map(|(at, number)| Bend::Number(at, number)),
    ]
}

fn apply(bytes: &mut Vec<u8>, bend: &Bend) {
    if bytes.is_empty() {
        return;
    }
    let length = bytes.len();
    let lines = |bytes: &[u8]| -> Vec<Vec<u8>> {
        bytes.split_inclusive(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect()
    };
    match bend {
        Bend::Set(at, byte) => bytes[at.index(length)] = *byte,
        Bend::Put(at, more) => drop(bytes.splice(at.index(length)..at.index(length), more.iter().copied())),
        Bend::Cut(at, count) => {
            let start = at.index(length);
            bytes.drain(start..(start + count).min(length));
        }
        Bend::Repeat(at, count) => {
            let start = at.index(length);
            bytes.extend_from_within(start..(start + count).min(length));
        }
        Bend::End(at) => bytes.truncate(at.index(length)),
        Bend::DropLine(at) => {
            let mut lines = lines(bytes);
            lines.remove(at.index(lines.len()));
            *bytes = lines.concat();
        }
        Bend::SwapLines(one, other) => {
            let mut lines = lines(bytes);
            let count = lines.len();
            lines.swap(one.index(count), other.index(count));
            *bytes = lines.concat();
        }
        Bend::Number(at, number) => {
            let digits: Vec<usize> = (0..length).filter(|at| bytes[*at].is_ascii_digit()).collect();
            if !digits.is_empty() {
                let start = digits[at.index(digits.len())];
                let end = (start..length).find(|at| !bytes[*at].is_ascii_digit()).unwrap_or(length);
                bytes.splice(start..end, number.to_string().into_bytes());
            }
        }
    }
}

/// Inputs for a target: its samples bent up to five times, and now and then bytes that mean nothing.
pub fn input(target: Target) -> impl Strategy<Value = Vec<u8>> {
    let bent = (select((target.samples)()), prop::collection::vec(bend(), 0..6));
    let bent = bent.prop_map(|(mut bytes, bends)| {
        bends.iter().for_each(|bend| apply(&mut bytes, bend));
        bytes
    });
    prop_oneof![6 => bent, 1 => prop::collection::vec(any::<u8>(), 0..300)]
}
