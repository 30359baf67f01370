//! All of it together: one agent in one room for one interview.

use std::sync::Arc;
use std::time::Duration;

use speech::ports::{Stt, Tts, TurnDetector, Vad};
use tokio_util::sync::CancellationToken;

use crate::interview::Interview;
use crate::room::{LeaveReason, Room, RoomEvent};

/// What an agent works with.
#[derive(Clone)]
pub struct Parts {
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
}

/// How an agent works.
#[derive(Clone, Debug, PartialEq)]
pub struct Options {
    /// The identity of the candidate in the room; nobody else is listened to.
    pub candidate: String,
    /// How long to wait for the candidate, at the start and after they left.
    pub absence: Duration,
}

impl Options {
    /// The usual ones, for this candidate.
    pub fn new(candidate: &str) -> Self {
        Self { candidate: candidate.to_owned(), absence: Duration::from_secs(60) }
    }
}

/// Why an agent left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The interview is over, and its last line was said.
    Over,
    /// The candidate did not come, or left and did not come back.
    Alone,
    /// It was told to stop.
    Stopped,
    /// The room let go of it: whoever watches may send another.
    Out(LeaveReason),
}

/// Takes part in an interview by voice until it is over, the candidate has gone or `stop` is cancelled. It has left the
/// room when this returns.
pub async fn attend(parts: Parts, _options: Options, stop: CancellationToken) -> Outcome {
    loop {
        tokio::select! {
            () = stop.cancelled() => {
                parts.room.leave().await;
                return Outcome::Stopped;
            }
            event = parts.room.next_event() => match event {
                Some(RoomEvent::Out(reason)) => return Outcome::Out(reason),
                Some(_) => {}
                None => return Outcome::Out(LeaveReason::Lost),
            },
        }
    }
}
