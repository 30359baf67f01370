//! Voice on the page of an interview, in the browser.
//!
//! [`state`] is what is known of it, [`words`] says it, [`captions`] are what is being said just now; all three are pure.
//! `show` shows it, `run` does what is asked for, by way of `bridge`, the one boundary to the JavaScript of
//! `frontend/voice/`.

#[cfg(feature = "hydrate")]
mod bridge;
pub(crate) mod captions;
#[cfg(feature = "hydrate")]
mod kept;
#[cfg(feature = "hydrate")]
mod keys;
#[cfg(feature = "hydrate")]
mod run;
#[cfg(feature = "hydrate")]
mod show;
pub(crate) mod state;
mod words;

#[cfg(feature = "hydrate")]
pub(crate) use self::{
    run::{act, begin, choose, typing},
    show::show,
};

/// What a person asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum VoiceUserAction {
    /// Voice, with a look at microphone and loudspeaker first unless that was done before.
    Start,
    /// To join, or to join again.
    Join,
    /// To hear the test line.
    Test,
    /// To be muted, or not any more.
    Mute,
    /// To hear the interviewer, whom the browser keeps silent.
    Play,
    /// Another microphone, because the one in use has gone.
    Another,
    /// A moment to think, which nothing counts against.
    Think,
    /// The settings, or not any more.
    Settings,
    /// To go on by typing.
    Leave,
}

/// What a person chooses.
#[cfg(feature = "hydrate")]
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum VoiceSettingChange {
    /// The microphone of this id.
    Microphone(String),
    /// The loudspeaker of this id.
    Speaker(String),
    /// How loud the interviewer is, in percent.
    Volume(u32),
    /// How fast the interviewer speaks, in percent: 80 to 130.
    Speed(u32),
    /// How long the interviewer waits before it replies, in percent of what is usual: 70 to 200.
    Patience(u32),
    /// Push to talk.
    Push(bool),
    /// With push to talk: the key is held.
    Talk(bool),
}
