//! Who is ill: a circuit breaker for each. One failure is enough, since somebody waits while it is found out.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// How long somebody ill is left alone the first time.
const FIRST: Duration = Duration::from_secs(15);
/// How long at most; each failed try doubles the time until then.
const LONGEST: Duration = Duration::from_secs(300);

/// How one of a chain does.
#[derive(Debug)]
pub(super) struct Health {
    name: String,
    state: Mutex<State>,
}

#[derive(Debug, Clone, Copy)]
enum State {
    Well,
    /// Nobody asks before this moment; the next pause is this one, doubled.
    Ill {
        until: Instant,
        pause: Duration,
    },
}

impl Health {
    /// Of the one with this name.
    pub(super) fn new(name: String) -> Self {
        Self { name, state: Mutex::new(State::Well) }
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether it may be asked.
    pub(super) fn fit(&self) -> bool {
        match *self.state() {
            State::Well => true,
            State::Ill { until, .. } => Instant::now() >= until,
        }
    }

    /// It did what was asked.
    pub(super) fn well(&self) {
        let before = std::mem::replace(&mut *self.state(), State::Well);
        if matches!(before, State::Ill { .. }) {
            tracing::info!(provider = self.name, "works again");
        }
    }

    /// It did not.
    pub(super) fn failed(&self) {
        let mut state = self.state();
        let now = Instant::now();
        let pause = match *state {
            State::Well => FIRST,
            // Several that asked at once fail at once: that is one failure.
            State::Ill { until, pause } if now < until => pause,
            State::Ill { pause, .. } => (pause * 2).min(LONGEST),
        };
        if !matches!(*state, State::Ill { until, .. } if now < until) {
            tracing::warn!(
                provider = self.name,
                rest_ms = pause.as_millis() as u64,
                "fails and is left alone"
            );
            *state = State::Ill { until: now + pause, pause };
        }
    }
}

/// Who is asked next: the first that is fit, of those that were not `tried`; if none is fit, the last.
pub(super) fn next<'a>(healths: impl Iterator<Item = &'a Health>, tried: &[bool]) -> Option<usize> {
    let left: Vec<_> =
        healths.enumerate().filter(|(at, _)| !tried.get(*at).copied().unwrap_or(false)).collect();
    left.iter().find(|(_, health)| health.fit()).or(left.last()).map(|(at, _)| *at)
}
