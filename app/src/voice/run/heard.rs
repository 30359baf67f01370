//! What the voice module tells.

use std::time::Duration;

use leptos::prelude::*;
use protocol::browser::{VoiceEvent, Words};
use protocol::signals::{AgentState, Trouble};

use super::join::{leave_when_over, next, retry_later, stop_voice, watch_for_absence};
use super::phase;
use super::tell::greet;
use crate::state::PageState;
use crate::voice::kept::{self, VoiceSettingKey};
use crate::voice::state::{AgentPresence, VoicePageState, VoicePhase, VoiceStopReason};

/// How long it is said that the browser went on to another microphone.
const SWITCHED: Duration = Duration::from_secs(8);
/// From here on the meter shows a voice, in percent.
const AUDIBLE: u32 = 35;

/// What the voice module tells.
pub(super) fn handle_voice_event(state: PageState, event: VoiceEvent) {
    let on = phase(state) == VoicePhase::On;
    match event {
        // Another tab may come while this one is still joining.
        VoiceEvent::RoomLeft(exit) if on || phase(state) == VoicePhase::Joining => {
            let attempt = next();
            state.voice.update(|t| t.agent = AgentPresence::default());
            leave_when_over(state);
            if phase(state) != VoicePhase::Off {
                let why = VoiceStopReason::from(exit);
                if why == VoiceStopReason::Lost {
                    retry_later(state, attempt)
                } else {
                    stop_voice(state, attempt, why)
                }
            }
        }
        VoiceEvent::RoomLeft(_) => {}
        VoiceEvent::AgentPresent(here) => changed(state, |agent| agent.here = here),
        // A name that is not known says nothing.
        VoiceEvent::AgentState(name) => {
            changed(state, |agent| agent.state = AgentState::named(&name).unwrap_or_default());
        }
        VoiceEvent::AgentTrouble(name) => changed(state, |agent| agent.trouble = Trouble::named(&name)),
        VoiceEvent::MicrophoneSwitched(label) => {
            state.voice.update(|t| t.switched = Some(label.clone()));
            let gone = move || {
                state.voice.update(|t| t.switched = t.switched.take().filter(|now| *now != label));
            };
            set_timeout(gone, SWITCHED);
        }
        shown @ (VoiceEvent::Microphones(_)
        | VoiceEvent::MicrophoneInUse(_)
        | VoiceEvent::MicrophonePresent(_)
        | VoiceEvent::MicrophoneMuted(_)
        | VoiceEvent::MicrophoneSilent(_)
        | VoiceEvent::Level(_)
        | VoiceEvent::LevelMeasurable(_)
        | VoiceEvent::Speakers(_)
        | VoiceEvent::PlaybackBlocked(_)
        | VoiceEvent::Line(_)
        | VoiceEvent::Words(_)
        | VoiceEvent::Replied(_)
        | VoiceEvent::ConnectionWeak(_)
        | VoiceEvent::Reconnecting(_)) => state.voice.update(|t| take(t, shown, on)),
    }
}

/// Takes what is only shown.
fn take(t: &mut VoicePageState, event: VoiceEvent, on: bool) {
    match event {
        VoiceEvent::Microphones(microphones) => t.microphones = microphones,
        VoiceEvent::MicrophoneInUse(id) => t.microphone = id,
        VoiceEvent::MicrophonePresent(present) => t.faults.unplugged = !present,
        VoiceEvent::MicrophoneMuted(muted) => t.faults.muted = muted,
        VoiceEvent::MicrophoneSilent(silent) => t.faults.silent = silent,
        VoiceEvent::Level(level) => (t.level, t.sounded) = (level, t.sounded || level > AUDIBLE),
        VoiceEvent::LevelMeasurable(measurable) => t.unmeasured = !measurable,
        VoiceEvent::Speakers(speakers) => {
            let chosen = kept::choice(VoiceSettingKey::Speaker);
            let there = speakers.iter().any(|speaker| speaker.id == chosen);
            t.speaker = if there { chosen } else { String::new() };
            t.speakers = speakers;
        }
        VoiceEvent::PlaybackBlocked(blocked) => t.faults.blocked = blocked,
        VoiceEvent::Line(text) => t.captions.heard(text),
        VoiceEvent::Words(Words { segment, text, is_final }) => t.captions.said(segment, text, is_final),
        VoiceEvent::Replied(replied) => t.replied = Some(replied),
        VoiceEvent::ConnectionWeak(weak) => t.faults.weak = weak,
        VoiceEvent::Reconnecting(reconnecting) => t.faults.reconnecting = reconnecting && on,
        VoiceEvent::MicrophoneSwitched(_)
        | VoiceEvent::AgentPresent(_)
        | VoiceEvent::AgentState(_)
        | VoiceEvent::AgentTrouble(_)
        | VoiceEvent::RoomLeft(_) => {}
    }
}

/// The interviewer came, changed or left.
fn changed(state: PageState, change: impl FnOnce(&mut AgentPresence)) {
    let before = state.voice.with_untracked(|t| t.agent);
    let mut agent = before;
    change(&mut agent);
    if before == agent {
        return;
    }
    state.voice.update(|t| {
        t.agent = agent;
        t.faults.absent &= !agent.here;
        if agent.state != AgentState::Speaking {
            t.captions.line.clear();
        }
    });
    if agent.here && !before.here {
        greet(state);
    }
    if !agent.here && before.here {
        watch_for_absence(state);
        leave_when_over(state);
    }
}
