//! What an agent works with, how, and why it leaves.

use std::sync::Arc;
use std::time::Duration;

use speech::local::ModelTimings;
use speech::ports::{Stt, Tts, TurnDetector, Vad};
use tokio::sync::watch;

use crate::interview::Interview;
use crate::room::{LeaveReason, Room};

/// What an agent works with.
#[derive(Clone)]
pub struct AgentParts {
    /// The room, already joined.
    pub room: Arc<dyn Room>,
    /// The interview.
    pub interview: Arc<dyn Interview>,
    /// Writes down what the candidate says.
    pub stt: Arc<dyn Stt>,
    /// Speaks the interviewer's lines.
    pub tts: Arc<dyn Tts>,
    /// Tells speech from what is none.
    pub vad: Arc<dyn Vad>,
    /// Judges whether somebody has finished.
    pub turns: Arc<dyn TurnDetector>,
    /// How long the local models take here, once it was measured.
    pub pace: watch::Receiver<Option<ModelTimings>>,
}

/// How an agent works.
#[derive(Clone, Debug, PartialEq)]
pub struct Options {
    /// The identity of the candidate in the room; nobody else is listened to.
    pub candidate: String,
    /// How long to wait for the candidate, at the start and after they left.
    pub absence: Duration,
    /// How long a candidate is waited for who has not come yet.
    pub arrival: Duration,
    /// Begins the ids of turns: unique among all agents that ever attend this interview. At most 48 visible
    /// characters.
    pub turns: String,
}

impl Options {
    /// The usual ones, for this candidate.
    pub fn new(candidate: &str, turns: &str) -> Self {
        let (absence, arrival) = (Duration::from_secs(60), Duration::from_secs(10));
        Self { candidate: candidate.to_owned(), absence, arrival, turns: turns.to_owned() }
    }
}

/// Why an agent left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AgentOutcome {
    /// The interview is over, and its last line was said.
    Over,
    /// The candidate did not come, or left and did not come back.
    Alone,
    /// It was told to stop.
    Stopped,
    /// The interview cannot be reached.
    Unreachable,
    /// It could not begin to listen or to speak.
    Unable,
    /// The room let go of it: whoever watches may send another.
    Out(LeaveReason),
}
