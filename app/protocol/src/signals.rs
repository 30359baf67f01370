//! What the voice agent and a candidate's client tell each other in a room, beside audio: names of topics and attributes,
//! and what goes through them. Clients other than the page may rely on them.

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
/// The end of the last word is still on its way from the microphone when the key of push to talk is let go: for so many
/// milliseconds after it the client still sends, and the agent still listens.
pub const KEY_TAIL_MS: u32 = 260;

named! {
    /// What the agent does: LiveKit's own set.
    #[derive(Default)]
    pub enum AgentState {
        /// It has joined and is getting ready.
        #[default]
        Initializing = "initializing",
        /// Nobody is there to talk with, or the interview is paused.
        Idle = "idle",
        /// It listens.
        Listening = "listening",
        /// It has heard an answer, and the reply is not there yet.
        Thinking = "thinking",
        /// It speaks.
        Speaking = "speaking",
    }
}

named! {
    /// What does not work.
    pub enum Trouble {
        /// What the candidate says cannot be written down: typing works.
        Hearing = "hearing",
        /// What the candidate said last became no answer, and not for the first time: English is understood, and
        /// typing works.
        NotCaught = "not_caught",
        /// Lines cannot be spoken: they can be read.
        Speaking = "speaking",
        /// The interview cannot be reached: what was said is kept and sent again.
        Interview = "interview",
        /// The agent's machine is slow at speech: everything works, and spoken replies take long.
        Slow = "slow",
    }
}

named! {
    /// How turns are taken.
    #[derive(Default)]
    pub enum Mode {
        /// Whoever speaks is heard; a turn ends when it is over.
        #[default]
        Open = "open",
        /// Push to talk: only what is said while a key is held counts, and letting go ends the turn.
        Push = "push",
    }
}

/// What a candidate's client asks of the agent. Fields that are left out change nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(optional_fields))]
#[serde(default)]
pub struct Control {
    /// How turns are taken from now on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mode: Option<Mode>,
    /// With push to talk: the key is held, or let go.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub talk: Option<bool>,
    /// How fast the interviewer speaks from now on, 0.8 to 1.3.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub speed: Option<f64>,
    /// How long the candidate is waited for from now on, beside what is usual: 0.7 to 2.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub patience: Option<f64>,
    /// The candidate is typing: silence counts from now. To be said every few seconds while it lasts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub typing: Option<bool>,
}

/// The times of one turn, in milliseconds from the end of the candidate's speech.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(optional_fields))]
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
    /// The candidate's own usual pause within an answer; absent until it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pause_ms: Option<u32>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_control_says_only_what_changes() {
        let faster = Control { speed: Some(1.05), ..Control::default() };
        assert_eq!(serde_json::to_string(&faster).unwrap(), r#"{"speed":1.05}"#);
        let push: Control = serde_json::from_str(r#"{"mode":"push","newer":1}"#).unwrap();
        assert_eq!(push, Control { mode: Some(Mode::Push), ..Control::default() });
    }

    #[test]
    fn an_attribute_and_json_have_the_same_names() {
        for trouble in Trouble::ALL {
            let json = serde_json::to_value(trouble).unwrap();
            assert_eq!(json, trouble.name());
            assert_eq!(serde_json::from_value::<Trouble>(json).unwrap(), *trouble);
            assert_eq!(Trouble::named(trouble.name()), Some(*trouble));
        }
        assert!(serde_json::from_str::<Trouble>("\"dreaming\"").is_err());
    }
}
