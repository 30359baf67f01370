//! A clock that follows tokio's, so that paused time moves it, and that can be made to jump.

use std::sync::atomic::{AtomicI64, Ordering};

use interview::{Millis, UnixMillis};
use tokio::time::Instant;

use crate::Clock;

/// A clock for tests.
#[derive(Debug)]
pub struct FakeClock {
    origin: Instant,
    base: AtomicI64,
}

impl FakeClock {
    /// A clock that shows this moment now and goes on with tokio's time.
    pub fn new(now: UnixMillis) -> Self {
        Self { origin: Instant::now(), base: AtomicI64::new(now) }
    }

    /// Moves the clock by so much, forwards or backwards, without time passing.
    pub fn jump(&self, by: Millis) {
        self.base.fetch_add(by, Ordering::SeqCst);
    }
}

impl Clock for FakeClock {
    fn now(&self) -> UnixMillis {
        let passed = UnixMillis::try_from(self.origin.elapsed().as_millis()).unwrap_or(UnixMillis::MAX);
        self.base.load(Ordering::SeqCst).saturating_add(passed)
    }
}
