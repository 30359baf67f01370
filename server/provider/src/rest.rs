//! For how long a provider asks not to be called, and that it is not.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crate::{Policy, ProviderFailure, ProviderFault};

/// The rest after too many requests, where the provider does not say for how long.
const UNSAID: Duration = Duration::from_secs(1);

/// Until when a provider is not to be called because it asked for that. Beside a [`CircuitBreaker`](crate::CircuitBreaker)
/// it is for calls that overlap: a breaker lets one of them try after a pause, this lets all of them through again.
/// `now` is the time since a fixed moment, the same one for all calls.
#[derive(Debug)]
pub struct Rest {
    longest: Duration,
    until: Mutex<Option<Duration>>,
}

impl Rest {
    /// No rest yet. Of the policy, the longest pause that a provider may ask for counts.
    pub fn new(policy: Policy) -> Self {
        Self { longest: policy.longest_asked, until: Mutex::new(None) }
    }

    /// Whether a call may be made now.
    ///
    /// # Errors
    /// [`ProviderFault::Spared`] while the provider asks not to be called.
    pub fn may_ask(&self, now: Duration) -> Result<(), ProviderFault> {
        let until = *self.until.lock().unwrap_or_else(PoisonError::into_inner);
        if until.is_some_and(|until| now < until) { Err(ProviderFault::Spared) } else { Ok(()) }
    }

    /// Keeps the rest that this failure asks for; whether it asks for one. Of calls that overlap, the longest rest counts.
    pub fn record(&self, failure: ProviderFailure, now: Duration) -> bool {
        let unsaid = (failure.fault == ProviderFault::Status(429)).then_some(UNSAID);
        let Some(rest) = failure.rest.or(unsaid) else { return false };
        let until = now + rest.min(self.longest);
        let mut kept = self.until.lock().unwrap_or_else(PoisonError::into_inner);
        *kept = (*kept).max(Some(until));
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failure(status: u16, seconds: Option<u64>) -> ProviderFailure {
        ProviderFailure { fault: ProviderFault::Status(status), rest: seconds.map(Duration::from_secs) }
    }

    #[test]
    fn a_rest_is_kept_by_all_and_believed_up_to_a_limit() {
        let rest = Rest::new(Policy::SPEECH);
        let at = Duration::from_secs;
        assert!(rest.may_ask(at(0)).is_ok() && !rest.record(failure(500, None), at(0)));
        assert!(rest.may_ask(at(0)).is_ok() && rest.record(failure(503, Some(40)), at(0)));
        assert_eq!(rest.may_ask(at(39)), Err(ProviderFault::Spared));
        assert!(rest.may_ask(at(40)).is_ok() && rest.may_ask(at(40)).is_ok());
        assert!(rest.record(failure(429, None), at(40)));
        assert!(rest.may_ask(at(40)).is_err() && rest.may_ask(at(41)).is_ok());
        assert!(rest.record(failure(429, Some(9_999)), at(50)));
        assert!(rest.may_ask(at(349)).is_err() && rest.may_ask(at(350)).is_ok());
    }

    #[test]
    fn a_call_that_overlaps_shortens_no_rest() {
        let rest = Rest::new(Policy::SPEECH);
        let at = Duration::from_secs;
        assert!(rest.record(failure(503, Some(60)), at(0)) && rest.record(failure(429, None), at(1)));
        assert!(rest.may_ask(at(59)).is_err() && rest.may_ask(at(60)).is_ok());
    }
}
