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
pub enum End {
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
pub enum Change {
    /// It opened, for this long.
    Opened(Duration),
    /// It closed again.
    Closed,
}

/// The breaker of one provider. `now` is the time since a fixed moment, the same one for all calls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Breaker {
    policy: Policy,
    state: State,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// Requests pass.
    Closed { failures: u32 },
    /// No request passes before this moment. A failed trial then doubles the pause.
    Open { until: Duration, pause: Duration },
    /// A trial is under way. Its caller may vanish without a result, so after a while another may try.
    Trying { since: Duration, pause: Duration },
}

impl Breaker {
    /// A closed breaker.
    pub fn new(policy: Policy) -> Self {
        Self { policy, state: State::Closed { failures: 0 } }
    }

    /// Whether a request would pass now.
    pub fn would_admit(&self, now: Duration) -> bool {
        match self.state {
            State::Closed { .. } => true,
            State::Open { until, .. } => now >= until,
            State::Trying { since, pause } => now >= since + pause.min(self.policy.longest),
        }
    }

    /// Whether a request may pass now. `Some(true)`: it is the trial.
    pub fn admit(&mut self, now: Duration) -> Option<bool> {
        if !self.would_admit(now) {
            return None;
        }
        match self.state {
            State::Closed { .. } => Some(false),
            State::Open { pause, .. } | State::Trying { pause, .. } => {
                self.state = State::Trying { since: now, pause };
                Some(true)
            }
        }
    }

    /// A request succeeded even though the breaker may be open: the caller may have had no other provider.
    pub fn worked(&mut self) -> Option<Change> {
        let was = std::mem::replace(&mut self.state, State::Closed { failures: 0 });
        (!matches!(was, State::Closed { .. })).then_some(Change::Closed)
    }

    /// A request ended. `tried` is what [`Self::admit`] returned for it.
    pub fn ended(&mut self, end: End, tried: bool, now: Duration) -> Option<Change> {
        let open = |pause: Duration, rest: Duration| {
            (State::Open { until: now + rest, pause }, Some(Change::Opened(rest)))
        };
        let asked = |rest: Duration| rest.min(self.policy.longest_asked);
        let (state, change) = match (self.state, end) {
            (State::Closed { .. }, End::Well) => (State::Closed { failures: 0 }, None),
            (State::Closed { failures }, End::Badly) if failures + 1 < self.policy.failures => {
                (State::Closed { failures: failures + 1 }, None)
            }
            (State::Closed { .. }, End::Badly) => open(self.policy.first, self.policy.first),
            (State::Closed { .. }, End::Busy(rest)) => open(self.policy.first, asked(rest)),
            (State::Trying { .. }, End::Well) if tried => {
                (State::Closed { failures: 0 }, Some(Change::Closed))
            }
            (State::Trying { pause, .. }, End::Badly) if tried => {
                let pause = (pause * 2).min(self.policy.longest);
                open(pause, pause)
            }
            (State::Trying { pause, .. }, End::Busy(rest)) if tried => open(pause, asked(rest)),
            (State::Trying { pause, .. }, End::Dropped) if tried => (State::Open { until: now, pause }, None),
            // A request from before the breaker opened ends late.
            (state, End::Well | End::Badly | End::Busy(_) | End::Dropped) => (state, None),
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
        let mut breaker = Breaker::new(Policy::LINES);
        assert_eq!(breaker.admit(at(0)), Some(false));
        assert_eq!(breaker.ended(End::Busy(at(120)), false, at(1)), Some(Change::Opened(at(120))));
        assert_eq!((breaker.admit(at(120)), breaker.admit(at(121))), (None, Some(true)));
        // A rest that was asked for does not double.
        assert_eq!(breaker.ended(End::Busy(at(9)), true, at(122)), Some(Change::Opened(at(9))));
        assert_eq!(breaker.admit(at(131)), Some(true));
        assert_eq!(breaker.ended(End::Well, true, at(132)), Some(Change::Closed));
        let mut breaker = Breaker::new(Policy::SPEECH);
        assert_eq!(breaker.ended(End::Busy(at(9_999)), false, at(0)), Some(Change::Opened(at(300))));
    }

    #[test]
    fn a_try_that_nobody_ends_holds_nobody_up_for_ever() {
        let mut breaker = Breaker::new(Policy::SPEECH);
        breaker.ended(End::Badly, false, at(0));
        assert_eq!(
            (breaker.admit(at(15)), breaker.admit(at(29)), breaker.admit(at(30))),
            (Some(true), None, Some(true))
        );
    }
}
