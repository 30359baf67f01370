//! Every target on mutated samples and on random bytes: a short version of `make fuzz`.

use fuzz_kit::{glued, input, pieces};
use proptest::prelude::*;

use super::*;

#[test]
fn samples_of_an_honest_server_are_taken() {
    TARGETS.iter().for_each(Target::try_samples);
}

/// Found by libFuzzer: a check with a long name could not be written.
#[test]
fn names_that_are_too_long_for_a_check_are_refused() {
    for sample in (SDP.samples)() {
        let text = String::from_utf8(sample).expect("a sample is text");
        let (before, after) = text.split_once("a=ice-ufrag:").expect("it has a name");
        (SDP.run)(format!("{before}a=ice-ufrag:{}{after}", "x".repeat(300)).as_bytes());
        (SDP.run)(text.replace("a=ice-ufrag:", &format!("a=ice-ufrag:{}", "x".repeat(100))).as_bytes());
    }
}

/// Found by libFuzzer: a gap that is no multiple of 2.5 ms made the decoder panic.
#[test]
fn gaps_of_any_length_are_concealed() {
    for sample in (AUDIO.samples)() {
        let (kind, rest) = sample.split_first().expect("a sample is not empty");
        for gap in [1, 37, 100, 119, 121, 200] {
            let mut steps: Vec<Vec<u8>> = pieces(rest).map(<[u8]>::to_vec).collect();
            // A packet is missing before every fifth one, which lasted this many ticks.
            for step in steps.iter_mut().skip(10).step_by(5) {
                (step[1], step[3]) = (2, gap);
            }
            (AUDIO.run)(&glued(*kind, &steps));
        }
    }
}

proptest! {
    // Most set up transports, which takes some milliseconds.
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
