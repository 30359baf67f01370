//! Every target on mutated samples and on random bytes: a short version of `make fuzz`.

use fuzz_kit::input;
use proptest::prelude::*;

use super::*;

#[test]
fn samples_of_honest_clients_are_taken() {
    TARGETS.iter().for_each(Target::try_samples);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn join(bytes in input(JOIN)) {
        (JOIN.run)(&bytes);
    }

    #[test]
    fn token(bytes in input(TOKEN)) {
        (TOKEN.run)(&bytes);
    }

    #[test]
    fn data(bytes in input(DATA)) {
        (DATA.run)(&bytes);
    }
}

proptest! {
    // These set up transports, which takes some milliseconds.
    #![proptest_config(ProptestConfig::with_cases(80))]

    #[test]
    fn signal(bytes in input(SIGNAL)) {
        (SIGNAL.run)(&bytes);
    }

    #[test]
    fn sdp(bytes in input(SDP)) {
        (SDP.run)(&bytes);
    }

    #[test]
    fn datagrams(bytes in input(DATAGRAMS)) {
        (DATAGRAMS.run)(&bytes);
    }

    #[test]
    fn twirp(bytes in input(TWIRP)) {
        (TWIRP.run)(&bytes);
    }
}
