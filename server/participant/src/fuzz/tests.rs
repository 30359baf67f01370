//! Every target, on samples that were bent a little and on bytes that mean nothing: short runs of what `make fuzz`
//! does for as long as one likes.

use proptest::prelude::*;
use proptest::sample::{Index, select};

use super::*;

/// One change of an input.
#[derive(Debug, Clone)]
enum Bend {
    Set(Index, u8),
    Put(Index, Vec<u8>),
    Cut(Index, usize),
    Repeat(Index, usize),
    End(Index),
}

fn bend() -> impl Strategy<Value = Bend> {
    let at = any::<Index>;
    prop_oneof![
        (at(), any::<u8>()).prop_map(|(at, byte)| Bend::Set(at, byte)),
        (at(), prop::collection::vec(any::<u8>(), 1..6)).prop_map(|(at, bytes)| Bend::Put(at, bytes)),
        (at(), 1_usize..40).prop_map(|(at, length)| Bend::Cut(at, length)),
        (at(), 1_usize..40).prop_map(|(at, length)| Bend::Repeat(at, length)),
        at().prop_map(Bend::End),
    ]
}

fn apply(bytes: &mut Vec<u8>, bend: &Bend) {
    if bytes.is_empty() {
        return;
    }
    let length = bytes.len();
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
    }
}

fn input(target: Target) -> impl Strategy<Value = Vec<u8>> {
    let bent = (select((target.samples)()), prop::collection::vec(bend(), 0..6));
    let bent = bent.prop_map(|(mut bytes, bends)| {
        bends.iter().for_each(|bend| apply(&mut bytes, bend));
        bytes
    });
    prop_oneof![6 => bent, 1 => prop::collection::vec(any::<u8>(), 0..300)]
}

#[test]
fn samples_of_an_honest_server_are_taken() {
    for target in TARGETS {
        let samples = (target.samples)();
        assert!(!samples.is_empty(), "{} has no samples", target.name);
        samples.iter().for_each(|sample| (target.run)(sample));
    }
}

proptest! {
    // Most have transports in them, which cost some milliseconds.
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn signal(bytes in input(SIGNAL)) {
        (SIGNAL.run)(&bytes);
    }

    #[test]
    fn sdp(bytes in input(SDP)) {
        (SDP.run)(&bytes);
    }

    #[test]
    fn data(bytes in input(DATA)) {
        (DATA.run)(&bytes);
    }

    #[test]
    fn datagrams(bytes in input(DATAGRAMS)) {
        (DATAGRAMS.run)(&bytes);
    }

    #[test]
    fn audio(bytes in input(AUDIO)) {
        (AUDIO.run)(&bytes);
    }
}
