//! Every target, on samples that were bent a little and on bytes that mean nothing: short runs of what `make fuzz`
//! does for as long as one likes.

use fuzz_kit::input;
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
