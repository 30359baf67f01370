//! Reconnecting: what to try, when, and when to give up. Pure.

use std::time::Duration;

use livekit_protocol::leave_request::Action;

/// The waits before each attempt, as in LiveKit's SDKs; after the last we give up.
const WAITS_MS: [u64; 10] = [0, 300, 1_200, 2_700, 4_800, 7_000, 7_000, 7_000, 7_000, 7_000];
/// Attempts to resume before the room is joined again.
const RESUMES: usize = 3;

/// A way to reconnect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attempt {
    /// Resume the session: new signalling connection, ICE restart.
    Resume,
    /// Join again, and publish and subscribe to everything again.
    Rejoin,
}

/// What the loss, or a failed attempt, tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReconnectVerdict {
    /// The network failed: try the same again.
    Unreachable,
    /// The server no longer knows this session, or asks for a new one.
    Stale,
    /// The server does not want us: give up.
    Refused,
}

impl ReconnectVerdict {
    /// From the action of a leave message.
    pub fn of_leave(action: Action) -> Self {
        match action {
            Action::Disconnect => Self::Refused,
            Action::Resume => Self::Unreachable,
            Action::Reconnect => Self::Stale,
        }
    }
}

/// One loss of the connection, until it is restored.
#[derive(Debug)]
pub struct ReconnectAttempts {
    tried: usize,
    stale: bool,
    refused: bool,
}

impl ReconnectAttempts {
    /// The connection is lost, for this reason.
    pub fn new(why: ReconnectVerdict) -> Self {
        let mut comeback = Self { tried: 0, stale: false, refused: false };
        comeback.learn(why);
        comeback
    }

    /// An attempt failed.
    pub fn learn(&mut self, why: ReconnectVerdict) {
        match why {
            ReconnectVerdict::Unreachable => {}
            ReconnectVerdict::Stale => self.stale = true,
            ReconnectVerdict::Refused => self.refused = true,
        }
    }

    /// What to try next, and how long to wait before; `None` to give up.
    pub fn next_attempt(&mut self) -> Option<(Duration, Attempt)> {
        let wait = *WAITS_MS.get(self.tried)?;
        if self.refused {
            return None;
        }
        let attempt = if self.stale || self.tried >= RESUMES { Attempt::Rejoin } else { Attempt::Resume };
        self.tried += 1;
        Some((Duration::from_millis(wait), attempt))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_the_same_stay_then_a_new_one_then_nothing() {
        let mut comeback = ReconnectAttempts::new(ReconnectVerdict::Unreachable);
        let mut tried = Vec::new();
        let mut waited = Duration::ZERO;
        while let Some((wait, attempt)) = comeback.next_attempt() {
            waited += wait;
            tried.push(attempt);
            comeback.learn(ReconnectVerdict::Unreachable);
        }
        assert_eq!(tried[..3], [Attempt::Resume; 3]);
        assert_eq!(tried[3..], [Attempt::Rejoin; 7]);
        assert_eq!(waited, Duration::from_secs(44));
    }

    #[test]
    fn an_unknown_stay_is_not_resumed_and_who_is_unwanted_stays_away() {
        let mut comeback = ReconnectAttempts::new(ReconnectVerdict::of_leave(Action::Reconnect));
        assert_eq!(comeback.next_attempt(), Some((Duration::ZERO, Attempt::Rejoin)));
        let mut comeback = ReconnectAttempts::new(ReconnectVerdict::of_leave(Action::Resume));
        assert_eq!(comeback.next_attempt(), Some((Duration::ZERO, Attempt::Resume)));
        comeback.learn(ReconnectVerdict::Stale);
        assert_eq!(comeback.next_attempt().map(|(_, attempt)| attempt), Some(Attempt::Rejoin));
        comeback.learn(ReconnectVerdict::Refused);
        assert_eq!(comeback.next_attempt(), None);
        assert_eq!(
            ReconnectAttempts::new(ReconnectVerdict::of_leave(Action::Disconnect)).next_attempt(),
            None
        );
    }
}
