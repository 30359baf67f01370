//! A bad network for tests, between the participant's UDP sockets and the world.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

#[derive(Clone, Copy, Debug)]
struct State {
    loss_percent: u64,
    jitter_ms: u64,
    dice: u64,
}

/// What the network does to datagrams in both directions. Fair at first; can be changed at any time.
#[derive(Debug)]
pub struct Weather(Mutex<State>);

impl Weather {
    /// A fair network. The same seed gives the same randomness.
    pub fn fair(seed: u64) -> Self {
        Self(Mutex::new(State { loss_percent: 0, jitter_ms: 0, dice: seed }))
    }

    /// From now on this share of the datagrams is lost, and each is delayed by up to so much, independently, so that
    /// they overtake each other.
    pub fn turn(&self, loss_percent: u64, jitter_ms: u64) {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        state.loss_percent = loss_percent;
        state.jitter_ms = jitter_ms;
    }

    /// The fate of the next datagram: its delay, or `None` if it is lost.
    pub(crate) fn fate(&self) -> Option<Duration> {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut roll = |sides: u64| {
            state.dice =
                state.dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state.dice >> 33) % sides
        };
        let (lost, late) = (roll(100), roll(1_000));
        let lost = lost < state.loss_percent;
        (!lost).then(|| Duration::from_micros(late * state.jitter_ms))
    }
}
