//! Who is ill: a circuit breaker for each. One failure is enough, since somebody waits while it is found out.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use provider::{BreakerTransition, CircuitBreaker, Policy, ProviderCallOutcome, ProviderFault};
use tokio::time::Instant;

use crate::SpeechError;
use crate::ports::Abilities;

/// How one of a chain does.
#[derive(Debug)]
pub(super) struct Health {
    name: String,
    remote: bool,
    since: Instant,
    breaker: Mutex<CircuitBreaker>,
}

impl Health {
    /// Of the one with these abilities.
    pub(super) fn new(Abilities { name, remote, .. }: Abilities) -> Self {
        let breaker = Mutex::new(CircuitBreaker::new(Policy::SPEECH));
        Self { name, remote, since: Instant::now(), breaker }
    }

    /// What its early end is: this fault if it is a provider, else this failure of this machine.
    pub(super) fn ended(&self, fault: ProviderFault, here: &str) -> SpeechError {
        if self.remote { fault.into() } else { SpeechError::Failed(here.to_owned()) }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_elsewhere_is_called_a_provider() {
        let ended = |remote| {
            let abilities = Abilities {
                name: "one".into(),
                remote,
                streaming: true,
                interim: true,
                word_times: true,
                languages: Vec::new(),
            };
            Health::new(abilities).ended(ProviderFault::CutOff, "cut off").to_string()
        };
        assert_eq!(ended(false), "failed: cut off");
        assert_eq!(ended(true), "the provider breaks off in the middle (cut_off)");
    }
}
