//! What the browser's voice module (`frontend/voice`) tells the page: microphone, loudspeaker and room.
//!
//! An event goes to the page as the JSON of a [`VoiceEvent`]. What the page asks for and cannot be had fails with the
//! name of a [`VoiceFault`].

use serde::{Deserialize, Serialize};

/// Something happened. As JSON an object of one field, named by what it tells.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum VoiceEvent {
    /// What there is to speak with.
    Microphones(Vec<Device>),
    /// The id of the microphone in use.
    MicrophoneInUse(String),
    /// The browser went on to the microphone of this label by itself.
    MicrophoneSwitched(String),
    /// Whether there is a microphone: it has gone, or one is there again.
    MicrophonePresent(bool),
    /// Whether the microphone is muted outside the page: by a switch on it, by the system or by the browser.
    MicrophoneMuted(bool),
    /// Whether nothing but digital silence comes from the microphone, though it is not muted here.
    MicrophoneSilent(bool),
    /// How loud the candidate is, in percent; only while the microphone is tried out.
    Level(u32),
    /// Whether this browser lets the page hear how loud the microphone is.
    LevelMeasurable(bool),
    /// What there is to listen with; nothing where the browser lets no page choose.
    Speakers(Vec<Device>),
    /// Whether the browser keeps the interviewer's voice from being played.
    PlaybackBlocked(bool),
    /// Whether the interviewer is in the room.
    AgentPresent(bool),
    /// The interviewer's attribute `lk.agent.state` as it stands: empty where there is none; a newer agent may have names
    /// that are not known here.
    AgentState(String),
    /// The interviewer's attribute `interviewos.trouble`, in the same way.
    AgentTrouble(String),
    /// All of the interviewer's line, as far as it is said.
    Line(String),
    /// The candidate's words.
    Words(Words),
    /// The reply to an answer is heard.
    Replied(Replied),
    /// Whether this browser is connected badly.
    ConnectionWeak(bool),
    /// Whether the connection is being found again.
    Reconnecting(bool),
    /// The room is left, and the page did not ask for it.
    RoomLeft(RoomExit),
}

/// A microphone or a loudspeaker.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Device {
    /// What the browser knows it by.
    pub id: String,
    /// What people know it by; empty where the browser does not tell.
    pub label: String,
}

/// When a reply was heard, and how the candidate pauses, in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(optional_fields))]
pub struct Replied {
    /// How long after the candidate's last word it was heard.
    pub after: u32,
    /// Their usual pause within an answer, once it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pause: Option<u32>,
}

/// Words of the candidate's, as they are understood. A segment's later text takes the place of its earlier one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Words {
    /// The id of the segment.
    pub segment: String,
    /// All its words so far.
    pub text: String,
    /// Whether they will not change.
    pub is_final: bool,
}

named! {
    /// Why the room is left.
    pub enum RoomExit {
        /// Another tab came.
        Elsewhere = "elsewhere",
        /// The tab was asleep.
        Asleep = "asleep",
        /// The room was closed.
        Closed = "closed",
        /// The connection was lost.
        Lost = "lost",
    }
}

named! {
    /// What can go wrong when something is asked of the voice module.
    pub enum VoiceFault {
        /// The page came neither over HTTPS nor from this machine: browsers then hide microphones.
        Insecure = "insecure",
        /// The microphone is not allowed.
        Denied = "denied",
        /// There is no microphone.
        NoMicrophone = "no_microphone",
        /// Another program has the microphone.
        Taken = "taken",
        /// The room's server does not answer.
        Unreachable = "unreachable",
        /// The room's server answers, and no sound gets to it.
        Blocked = "blocked",
        /// The room's server does not take the token.
        Refused = "refused",
        /// The browser could not do it.
        Failed = "failed",
    }
}
