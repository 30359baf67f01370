//! Time, as the rules are told it.

use serde::{Deserialize, Serialize};

/// A moment: milliseconds since the Unix epoch.
pub type UnixMillis = i64;
/// A length of time in milliseconds.
pub type Millis = i64;

/// A moment: what the wall clock shows, and how much time was really observed until then.
///
/// Wall clocks jump, machines sleep and servers restart. So the wall clock only stamps what happens; time is charged
/// by what one run of the server has observed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// What the wall clock shows. It may jump, in both directions.
    pub wall: UnixMillis,
    /// Which run of the server observes; another number after each restart.
    pub run: u64,
    /// How much time this run has observed (milliseconds). Never goes back.
    pub observed: Millis,
}

/// A moment on a clock that never jumps and is never interrupted, as in replays and tests.
impl From<UnixMillis> for Moment {
    fn from(wall: UnixMillis) -> Self {
        Self { wall, run: 0, observed: wall }
    }
}

/// How much of which run had been observed at the last event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ObservedRun {
    run: u64,
    observed: Millis,
}

impl From<Moment> for ObservedRun {
    fn from(moment: Moment) -> Self {
        Self { run: moment.run, observed: moment.observed }
    }
}

impl ObservedRun {
    /// How much time was observed from then to now: none across a restart.
    pub(crate) fn until(self, now: Moment) -> Millis {
        if self.run == now.run { now.observed.saturating_sub(self.observed).max(0) } else { 0 }
    }
}
