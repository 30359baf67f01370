//! Where the time comes from.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use interview::{Millis, Moment, UnixMillis};
use tokio::time::{Instant, MissedTickBehavior, interval};

use crate::ids;

/// Tells the time; injected, so that tests can drive it.
pub trait Clock: Send + Sync {
    /// What the wall clock shows now.
    fn now(&self) -> UnixMillis;

    /// Now, with how much time was observed: what the rules charge. As it stands it is for clocks that never jump.
    fn moment(&self) -> Moment {
        self.now().into()
    }
}

/// The machine's own clock, believed as it is.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the clock that is injected")]
    fn now(&self) -> UnixMillis {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        UnixMillis::try_from(since.as_millis()).unwrap_or(UnixMillis::MAX)
    }
}

/// How often a [`WatchedClock`] is looked at.
const BEAT: Duration = Duration::from_secs(1);

/// The clock of a server: the machine's, and beside it how long this run of the server has been awake.
#[derive(Debug)]
pub struct WatchedClock<C = SystemClock> {
    wall: C,
    run: u64,
    seen: Mutex<ClockReading>,
}

#[derive(Debug)]
struct ClockReading {
    at: Instant,
    observed: Millis,
}

impl WatchedClock {
    /// The most that counts between two looks at the clock (milliseconds): a machine that sleeps, or a server that is
    /// stopped for a while, has observed no more than that.
    pub const STEP: Millis = 5_000;

    /// A clock that begins to observe now.
    pub fn start() -> Self {
        Self::on(SystemClock)
    }
}

impl<C: Clock> WatchedClock<C> {
    /// The same, with another clock on the wall.
    pub fn on(wall: C) -> Self {
        Self {
            wall,
            run: ids::new_seed(),
            seen: Mutex::new(ClockReading { at: Instant::now(), observed: 0 }),
        }
    }

    /// Looks at the clock every second, so that time in which nothing happens is observed too. Never ends.
    pub async fn watch(&self) {
        let mut beats = interval(BEAT);
        // What was slept through is not made up for.
        beats.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            beats.tick().await;
            self.moment();
        }
    }
}

impl<C: Clock> Clock for WatchedClock<C> {
    fn now(&self) -> UnixMillis {
        self.wall.now()
    }

    fn moment(&self) -> Moment {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let passed = Millis::try_from(seen.at.elapsed().as_millis()).unwrap_or(Millis::MAX);
        // Whole milliseconds only, so that many looks lose nothing.
        seen.at += Duration::from_millis(passed.unsigned_abs());
        seen.observed = seen.observed.saturating_add(passed.min(WatchedClock::STEP));
        Moment { wall: self.now(), run: self.run, observed: seen.observed }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::testing::FakeClock;

    #[tokio::test(start_paused = true)]
    async fn what_is_watched_counts_whatever_the_wall_shows() {
        let clock = Arc::new(WatchedClock::on(FakeClock::new(1_700_000_000_000)));
        let watching = tokio::spawn({
            let clock = Arc::clone(&clock);
            async move { clock.watch().await }
        });
        let began = clock.moment();
        for jump in [3_600_000, -3_600_000, 86_400_000, 315_576_000_000, -315_576_000_000] {
            let before = clock.moment().observed;
            clock.wall.jump(jump);
            tokio::time::sleep(Duration::from_secs(120)).await;
            assert_eq!(clock.moment().observed - before, 120_000, "after a jump of {jump} ms");
        }
        assert_eq!(clock.moment().run, began.run);
        watching.abort();
    }

    #[tokio::test(start_paused = true)]
    async fn a_sleep_counts_a_step_at_most_and_looks_lose_nothing() {
        let clock = WatchedClock::start();
        for slept in [3_600, 86_400, 315_576_000] {
            let before = clock.moment().observed;
            tokio::time::advance(Duration::from_secs(slept)).await;
            assert_eq!(clock.moment().observed - before, WatchedClock::STEP);
        }
        let before = clock.moment().observed;
        for _ in 0..3_000 {
            tokio::time::advance(Duration::from_micros(500)).await;
            clock.moment();
        }
        assert_eq!(clock.moment().observed - before, 1_500);
    }

    #[tokio::test]
    async fn each_run_is_another() {
        assert_ne!(WatchedClock::start().moment().run, WatchedClock::start().moment().run);
    }
}
