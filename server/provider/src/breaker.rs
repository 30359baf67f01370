//! A circuit breaker, driven by injected time: one that keeps failing is left alone for a while, then one try decides.

use std::time::Duration;

/// When somebody is left alone, and for how long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Policy {
    /// So many failures in a row open it; at least 1.
    pub failures: u32,
    /// How long it is open the first time; each failed try doubles it.
    pub first: Duration,
    /// How long at most.
    pub longest: Duration,
    /// Longest rest that is granted to one that asks for it.
    pub longest_asked: Duration,
}

impl Policy {
    /// For lines of an interview: others stand in, so a few failures are borne.
    pub const LINES: Self = Self {
        failures: 3,
        first: Duration::from_secs(30),
        longest: Duration::from_secs(300),
        longest_asked: Duration::from_secs(3_600),
    };
    /// For speech: somebody waits while a failure is found out, so one is enough.
    pub const SPEECH: Self = Self {
        failures: 1,
        first: Duration::from_secs(15),
        longest: Duration::from_secs(300),
        longest_asked: Duration::from_secs(300),
    };
}

/// How an ask ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// It did what was asked.
    Well,
    /// It did not.
    Badly,
    /// It did not, and asks to be left alone for this long.
    Busy(Duration),
    /// Given up by the one who asked, before it was due: says nothing about it.
    Dropped,
}

/// What became different.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// It is left alone from now on, for this long.
    Opened(Duration),
    /// It works again.
    Closed,
}

/// The state of one provider. `now` is the time since any fixed moment, the same for all calls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Breaker {
    policy: Policy,
    state: State,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// Asks go through.
    Closed { failures: u32 },
    /// Nobody is asked before this moment; the next pause is as long as this one was, doubled.
    Open { until: Duration, pause: Duration },
    /// One ask is through, to see. Whoever tries may go away unheard: after a while the next one may.
    Trying { since: Duration, pause: Duration },
}

impl Breaker {
    /// One that is closed.
    pub fn new(policy: Policy) -> Self {
        Self { policy, state: State::Closed { failures: 0 } }
    }

    /// Whether an ask would go through now.
    pub fn would_admit(&self, now: Duration) -> bool {
        match self.state {
            State::Closed { .. } => true,
            State::Open { until, .. } => now >= until,
            State::Trying { since, pause } => now >= since + pause.min(self.policy.longest),
        }
    }

    /// Whether an ask may go through now; `Some(true)` if it is the one that tries.
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

    /// It did what was asked, whether it was to be asked or not: somebody may have had no other.
    pub fn worked(&mut self) -> Option<Change> {
        let was = std::mem::replace(&mut self.state, State::Closed { failures: 0 });
        (!matches!(was, State::Closed { .. })).then_some(Change::Closed)
    }

    /// An ask ended like this; `tried` is what [`Self::admit`] gave for it.
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
            // An ask from before it opened ends late.
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
