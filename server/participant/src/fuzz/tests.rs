//! Every target, on samples that were bent a little and on bytes that mean nothing: short runs of what `make fuzz`
//! does for as long as one likes.

use fuzz_kit::input;
use proptest::prelude::*;

use super::*;

#[test]
fn samples_of_an_honest_server_are_taken() {
    TARGETS.iter().for_each(Target::try_samples);
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
