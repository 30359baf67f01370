//! A circuit breaker driven by injected time: a provider that keeps failing is skipped for a while, then one trial
//! decides.

use std::time::Duration;

/// When a provider is skipped, and for how long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Policy {
    /// How many failures in a row open the breaker; at least 1.
    pub failures: u32,
    /// How long it stays open the first time. Each failed trial doubles it.
    pub first: Duration,
    /// The longest time it stays open.
    pub longest: Duration,
    /// The longest pause that a provider may ask for.
    pub longest_asked: Duration,
}

impl Policy {
    /// For the interviewer's lines: the built-in interviewer stands in, so a few failures are tolerated.
    pub const LINES: Self = Self {
        failures: 3,
        first: Duration::from_secs(30),
        longest: Duration::from_secs(300),
        longest_asked: Duration::from_secs(3_600),
    };
    /// For speech: a person waits while a failure is noticed, so one is enough.
    pub const SPEECH: Self = Self {
        failures: 1,
        first: Duration::from_secs(15),
        longest: Duration::from_secs(300),
        longest_asked: Duration::from_secs(300),
    };
}

/// How a request ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProviderCallOutcome {
    /// It succeeded.
    Well,
    /// It failed.
    Badly,
    /// It failed, and the provider asks for a pause of this long.
    Busy(Duration),
    /// The caller dropped it before its deadline: says nothing about the provider.
    Dropped,
}

/// A change of the breaker's state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BreakerTransition {
    /// It opened, for this long.
    Opened(Duration),
    /// It closed again.
    Closed,
}

/// The breaker of one provider. `now` is the time since a fixed moment, the same one for all calls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CircuitBreaker {
    policy: Policy,
    state: BreakerState,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum BreakerState {
    /// Requests pass.
    Closed { failures: u32 },
    /// No request passes before this moment. A failed trial then doubles the pause.
    Open { until: Duration, pause: Duration },
    /// A trial is under way. Its caller may vanish without a result, so after a while another may try.
    Trying { since: Duration, pause: Duration },
}

impl CircuitBreaker {
    /// A closed breaker.
    pub fn new(policy: Policy) -> Self {
        Self { policy, state: BreakerState::Closed { failures: 0 } }
    }

    /// Whether a request would pass now.
    pub fn would_admit(&self, now: Duration) -> bool {
        match self.state {
            BreakerState::Closed { .. } => true,
            BreakerState::Open { until, .. } => now >= until,
            BreakerState::Trying { since, pause } => now >= since + pause.min(self.policy.longest),
        }
    }

    /// Whether a request may pass now. `Some(true)`: it is the trial.
    pub fn admit(&mut self, now: Duration) -> Option<bool> {
        if !self.would_admit(now) {
            return None;
        }
        match self.state {
            BreakerState::Closed { .. } => Some(false),
            BreakerState::Open { pause, .. } | BreakerState::Trying { pause, .. } => {
                self.state = BreakerState::Trying { since: now, pause };
                Some(true)
            }
        }
    }

    /// A request succeeded even though the breaker may be open: the caller may have had no other provider.
    pub fn worked(&mut self) -> Option<BreakerTransition> {
        let was = std::mem::replace(&mut self.state, BreakerState::Closed { failures: 0 });
        (!matches!(was, BreakerState::Closed { .. })).then_some(BreakerTransition::Closed)
    }

    /// A request ended. `tried` is what [`Self::admit`] returned for it.
    pub fn ended(
        &mut self,
        end: ProviderCallOutcome,
        tried: bool,
        now: Duration,
    ) -> Option<BreakerTransition> {
        let open = |pause: Duration, rest: Duration| {
            (BreakerState::Open { until: now + rest, pause }, Some(BreakerTransition::Opened(rest)))
        };
        let asked = |rest: Duration| rest.min(self.policy.longest_asked);
        let (state, change) = match (self.state, end) {
            (BreakerState::Closed { .. }, ProviderCallOutcome::Well) => {
                (BreakerState::Closed { failures: 0 }, None)
            }
            (BreakerState::Closed { failures }, ProviderCallOutcome::Badly)
                if failures + 1 < self.policy.failures =>
            {
                (BreakerState::Closed { failures: failures + 1 }, None)
            }
            (BreakerState::Closed { .. }, ProviderCallOutcome::Badly) => {
                open(self.policy.first, self.policy.first)
            }
            (BreakerState::Closed { .. }, ProviderCallOutcome::Busy(rest)) => {
                open(self.policy.first, asked(rest))
            }
            (BreakerState::Trying { .. }, ProviderCallOutcome::Well) if tried => {
                (BreakerState::Closed { failures: 0 }, Some(BreakerTransition::Closed))
            }
            (BreakerState::Trying { pause, .. }, ProviderCallOutcome::Badly) if tried => {
                let pause = (pause * 2).min(self.policy.longest);
                open(pause, pause)
            }
            (BreakerState::Trying { pause, .. }, ProviderCallOutcome::Busy(rest)) if tried => {
                open(pause, asked(rest))
            }
            (BreakerState::Trying { pause, .. }, ProviderCallOutcome::Dropped) if tried => {
                (BreakerState::Open { until: now, pause }, None)
            }
            // A request from before the breaker opened ends late.
            (
                state,
                ProviderCallOutcome::Well
                | ProviderCallOutcome::Badly
                | ProviderCallOutcome::Busy(_)
                | ProviderCallOutcome::Dropped,
            ) => (state, None),
        };
        self.state = state;
        change
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn at(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn one_that_asks_for_rest_is_left_alone_as_long_as_it_asks() {
        let mut breaker = CircuitBreaker::new(Policy::LINES);
        assert_eq!(breaker.admit(at(0)), Some(false));
        assert_eq!(
            breaker.ended(ProviderCallOutcome::Busy(at(120)), false, at(1)),
            Some(BreakerTransition::Opened(at(120)))
        );
        assert_eq!((breaker.admit(at(120)), breaker.admit(at(121))), (None, Some(true)));
        // A rest that was asked for does not double.
        assert_eq!(
            breaker.ended(ProviderCallOutcome::Busy(at(9)), true, at(122)),
            Some(BreakerTransition::Opened(at(9)))
        );
        assert_eq!(breaker.admit(at(131)), Some(true));
        assert_eq!(breaker.ended(ProviderCallOutcome::Well, true, at(132)), Some(BreakerTransition::Closed));
        let mut breaker = CircuitBreaker::new(Policy::SPEECH);
        assert_eq!(
            breaker.ended(ProviderCallOutcome::Busy(at(9_999)), false, at(0)),
            Some(BreakerTransition::Opened(at(300)))
        );
    }

    #[test]
    fn a_try_that_nobody_ends_holds_nobody_up_for_ever() {
        let mut breaker = CircuitBreaker::new(Policy::SPEECH);
        breaker.ended(ProviderCallOutcome::Badly, false, at(0));
        assert_eq!(
            (breaker.admit(at(15)), breaker.admit(at(29)), breaker.admit(at(30))),
            (Some(true), None, Some(true))
        );
    }
}
