//! What the agent and the candidate's client tell each other beside audio: names of topics and attributes, and what
//! goes through them. Clients other than the page may rely on them.

use serde::{Deserialize, Serialize};

/// Captions of both: LiveKit's topic. One stream a line of the interviewer's, in pieces as they are played; of the
/// candidate's words one whole stream for each reading, that of a segment taking the place of the one before.
pub const TRANSCRIPTION: &str = "lk.transcription";
/// The attribute of a caption that names its segment: readings of the same words carry the same.
pub const SEGMENT: &str = "lk.segment_id";
/// The attribute of a caption: whose track it transcribes.
pub const TRACK: &str = "lk.transcribed_track_id";
/// The attribute of a caption: `true` once its words will not change.
pub const FINAL: &str = "lk.transcription_final";
/// The agent's attribute that says what it does: see [`AgentState`].
pub const STATE: &str = "lk.agent.state";
/// The agent's attribute that says what does not work: see [`Trouble`]. Not there where all is well.
pub const TROUBLE: &str = "interviewos.trouble";
/// The candidate's messages to the agent: each a [`Control`] as JSON.
pub const CONTROL: &str = "interviewos.control";
/// The agent's messages about turns: each a [`Timing`] as JSON.
pub const TIMING: &str = "interviewos.timing";

/// What the agent does: LiveKit's own set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AgentState {
    /// It has joined and is getting ready.
    Initializing,
    /// Nobody is there to talk with, or the interview is paused.
    Idle,
    /// It listens.
    Listening,
    /// It has heard an answer, and the reply is not there yet.
    Thinking,
    /// It speaks.
    Speaking,
}

impl AgentState {
    /// As the attribute says it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Initializing => "initializing",
            Self::Idle => "idle",
            Self::Listening => "listening",
            Self::Thinking => "thinking",
            Self::Speaking => "speaking",
        }
    }
}

/// What does not work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trouble {
    /// What the candidate says cannot be written down: typing works.
    Hearing,
    /// What the candidate said last became no answer, and not for the first time: English is understood, and typing
    /// works.
    NotCaught,
    /// Lines cannot be spoken: they can be read.
    Speaking,
    /// The interview cannot be reached: what was said is kept and sent again.
    Interview,
}

impl Trouble {
    /// As the attribute says it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Hearing => "hearing",
            Self::NotCaught => "not_caught",
            Self::Speaking => "speaking",
            Self::Interview => "interview",
        }
    }
}

/// How turns are taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// Whoever speaks is heard; a turn ends when it is over.
    #[default]
    Open,
    /// Push to talk: only what is said while a key is held counts, and letting go ends the turn.
    Push,
}

/// What a candidate's client asks of the agent. Fields that are left out change nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Control {
    /// How turns are taken from now on.
    pub mode: Option<Mode>,
    /// In [`Mode::Push`]: the key is held, or let go.
    pub talk: Option<bool>,
    /// How fast the interviewer speaks from now on, 0.8 to 1.3.
    pub speed: Option<f32>,
    /// The candidate is typing: silence counts from now. To be said every few seconds while it lasts.
    pub typing: Option<bool>,
}

/// The times of one turn, in milliseconds from the end of the candidate's speech.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Timing {
    /// Until the turn was taken to be over.
    pub endpoint_ms: u32,
    /// Until its words were known.
    pub heard_ms: u32,
    /// Until the first words of the reply were there.
    pub first_words_ms: u32,
    /// Until the first of its audio was there.
    pub first_audio_ms: u32,
    /// Until the first of its audio was sent to the room.
    pub played_ms: u32,
    /// How likely the end was held to be, in percent; absent where nobody judged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finished_percent: Option<u8>,
}
