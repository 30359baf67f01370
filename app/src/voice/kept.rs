//! What this browser remembers of voice: choices for good, and for the tab whether voice was on.

use leptos::prelude::window;
use web_sys::Storage;

/// A choice, as it is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum VoiceSettingKey {
    /// Microphone and loudspeaker were tried out: then voice starts without.
    Tried,
    /// The id of the microphone.
    Microphone,
    /// The id of the loudspeaker.
    Speaker,
    /// How loud, in percent.
    Volume,
    /// How fast, in percent.
    Speed,
    /// How long the interviewer waits, in percent of what is usual.
    Patience,
    /// Push to talk.
    Push,
}

impl VoiceSettingKey {
    fn key(self) -> &'static str {
        match self {
            Self::Tried => "interviewos.voice.tried",
            Self::Microphone => "interviewos.voice.microphone",
            Self::Speaker => "interviewos.voice.speaker",
            Self::Volume => "interviewos.voice.volume",
            Self::Speed => "interviewos.voice.speed",
            Self::Patience => "interviewos.voice.patience",
            Self::Push => "interviewos.voice.push",
        }
    }
}

/// What was chosen; empty for nothing.
pub(super) fn choice(of: VoiceSettingKey) -> String {
    local().and_then(|s| s.get_item(of.key()).ok().flatten()).unwrap_or_default()
}

/// What was chosen of a number within bounds; 100 for nothing.
pub(super) fn percent(of: VoiceSettingKey, least: u32, most: u32) -> u32 {
    choice(of).parse().unwrap_or(100_u32).clamp(least, most)
}

/// Whether it was chosen.
pub(super) fn yes(of: VoiceSettingKey) -> bool {
    choice(of) == "yes"
}

/// Remembers a choice.
pub(super) fn keep(of: VoiceSettingKey, value: &str) {
    // A browser that keeps nothing (private, or full) asks again the next time.
    if let Some(storage) = local() {
        let _ = storage.set_item(of.key(), value);
    }
}

/// Whether voice was on in this tab, for the interview of this id.
pub(super) fn was_on(id: &str) -> bool {
    session().and_then(|s| s.get_item(&key(id)).ok().flatten()).is_some()
}

/// Remembers whether voice is on.
pub(super) fn set_on(id: &str, on: bool) {
    if let Some(storage) = session() {
        let _ = if on { storage.set_item(&key(id), "on") } else { storage.remove_item(&key(id)) };
    }
}

fn key(id: &str) -> String {
    format!("interviewos.voice.{id}")
}

fn local() -> Option<Storage> {
    window().local_storage().ok().flatten()
}

fn session() -> Option<Storage> {
    window().session_storage().ok().flatten()
}
