//! A clock that follows tokio's, so that paused time moves it, and that can be made to jump.

use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use interview::{Millis, Moment, UnixMillis};
use tokio::time::Instant;

use crate::Clock;

/// A clock for tests.
#[derive(Debug)]
pub struct FakeClock {
    origin: Instant,
    base: AtomicI64,
    run: AtomicU64,
}

impl FakeClock {
    /// A clock that shows this moment now and goes on with tokio's time.
    pub fn new(now: UnixMillis) -> Self {
        Self { origin: Instant::now(), base: AtomicI64::new(now), run: AtomicU64::new(0) }
    }

    /// Moves the wall clock by so much, forwards or backwards, without time being observed: a clock that is set, or a
    /// machine that sleeps.
    pub fn jump(&self, by: Millis) {
        self.base.fetch_add(by, Ordering::SeqCst);
    }

    /// Begins another run, as a restart does.
    pub fn restart(&self) {
        self.run.fetch_add(1, Ordering::SeqCst);
    }

    fn passed(&self) -> Millis {
        Millis::try_from(self.origin.elapsed().as_millis()).unwrap_or(Millis::MAX)
    }
}

impl Clock for FakeClock {
    fn now(&self) -> UnixMillis {
        self.base.load(Ordering::SeqCst).saturating_add(self.passed())
    }

    fn moment(&self) -> Moment {
        Moment { wall: self.now(), run: self.run.load(Ordering::SeqCst), observed: self.passed() }
    }
}
