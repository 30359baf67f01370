//! Who is ill: a circuit breaker for each. One failure is enough, since somebody waits while it is found out.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use provider::{BreakerTransition, CircuitBreaker, Policy, ProviderCallOutcome};
use tokio::time::Instant;

/// How one of a chain does.
#[derive(Debug)]
pub(super) struct Health {
    name: String,
    since: Instant,
    breaker: Mutex<CircuitBreaker>,
}

impl Health {
    /// Of the one with this name.
    pub(super) fn new(name: String) -> Self {
        Self { name, since: Instant::now(), breaker: Mutex::new(CircuitBreaker::new(Policy::SPEECH)) }
    }

    fn breaker(&self) -> std::sync::MutexGuard<'_, CircuitBreaker> {
        self.breaker.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn now(&self) -> Duration {
        self.since.elapsed()
    }

    /// Whether it may be asked.
    pub(super) fn fit(&self) -> bool {
        self.breaker().would_admit(self.now())
    }

    /// It did what was asked.
    pub(super) fn record_success(&self) {
        if self.breaker().worked().is_some() {
            tracing::info!(provider = self.name, "works again");
        }
    }

    /// It did not.
    pub(super) fn failed(&self) {
        let now = self.now();
        let mut breaker = self.breaker();
        // Several that asked at once and fail are one failure; the first after a rest is the one that tried.
        let tried = breaker.admit(now).unwrap_or(false);
        if let Some(BreakerTransition::Opened(rest)) = breaker.ended(ProviderCallOutcome::Badly, tried, now) {
            let rest_ms = u64::try_from(rest.as_millis()).unwrap_or(u64::MAX);
            tracing::warn!(provider = self.name, rest_ms, "fails and is skipped for a while");
        }
    }
}

/// Who is asked next: the first that is fit, of those that were not `tried`; if none is fit, the last.
pub(super) fn next<'a>(healths: impl Iterator<Item = &'a Health>, tried: &[bool]) -> Option<usize> {
    let left: Vec<_> =
        healths.enumerate().filter(|(at, _)| !tried.get(*at).copied().unwrap_or(false)).collect();
    left.iter().find(|(_, health)| health.fit()).or(left.last()).map(|(at, _)| *at)
}
