//! Joins the room, joins again, leaves.

use std::cell::Cell;
use std::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::focus::focus_strip;
use super::id;
use super::module::{loaded, module, permitted, sound};
use super::tell::greet;
use crate::AppError;
use crate::api;
use crate::state::PageState;
use crate::voice::bridge;
use crate::voice::kept::{self, VoiceSettingKey};
use crate::voice::state::{
    AgentPresence, Faults, VoicePageState, VoicePhase, VoiceStopReason, is_mixed_content,
};

/// How long the interviewer may take to come before that is said.
const ABSENT: Duration = Duration::from_secs(10);
/// The pauses before a lost connection is tried again.
const AGAIN: [Duration; 5] = [
    Duration::from_millis(500),
    Duration::from_secs(2),
    Duration::from_secs(5),
    Duration::from_secs(10),
    Duration::from_secs(20),
];

thread_local! {
    /// Counts what was begun: what an earlier attempt still brings is not taken.
    static ATTEMPT: Cell<u32> = const { Cell::new(0) };
    /// How often in a row joining failed.
    static FAILED: Cell<usize> = const { Cell::new(0) };
}

/// Asks for the microphone and shows how it sounds, unless that was done before: then it joins.
pub(super) async fn start(state: PageState) {
    let attempt = next();
    state.voice.update(|t| (t.phase, t.sounded, t.faults) = (VoicePhase::Asking, false, Faults::default()));
    focus_strip();
    let voice = match module(state).await {
        Ok(voice) => voice,
        Err(why) => return stop_voice(state, attempt, why),
    };
    if kept::yes(VoiceSettingKey::Tried) && permitted(&voice).await {
        return join(state).await;
    }
    match voice.open(&kept::choice(VoiceSettingKey::Microphone)).await {
        Ok(()) if current(attempt) => state.voice.update(|t| t.phase = VoicePhase::Check),
        // Left in between.
        Ok(()) => close(),
        Err(fault) => stop_voice(state, attempt, bridge::why(&fault)),
    }
}

/// Joins, however often that failed before.
pub(super) fn anew(state: PageState) {
    FAILED.set(0);
    spawn_local(join(state));
}

/// Joins the room.
pub(super) async fn join(state: PageState) {
    let attempt = next();
    state.voice.update(|t| {
        // The microphone stays as it is.
        let Faults { muted, silent, .. } = t.faults;
        let faults = Faults { reconnecting: FAILED.get() > 0, muted, silent, ..Faults::default() };
        (t.phase, t.agent, t.faults) = (VoicePhase::Joining, AgentPresence::default(), faults);
        (t.muted, t.talking) = (false, false);
        t.captions.clear();
    });
    let voice = match module(state).await {
        Ok(voice) => voice,
        Err(why) => return stop_voice(state, attempt, why),
    };
    if let Err(fault) = voice.open(&kept::choice(VoiceSettingKey::Microphone)).await {
        return stop_voice(state, attempt, bridge::why(&fault));
    }
    kept::keep(VoiceSettingKey::Tried, "yes");
    sound(state);
    voice.hold(!kept::yes(VoiceSettingKey::Push));
    let ticket = match api::join_voice(id(state)).await {
        Ok(ticket) => ticket,
        Err(AppError::Unreachable | AppError::Busy | AppError::TooOften { .. }) => {
            return retry_later(state, attempt);
        }
        Err(error) => {
            state.voice.update(|t| t.refused = error.to_string());
            return stop_voice(state, attempt, VoiceStopReason::Refused);
        }
    };
    if is_mixed_content(&window().location().origin().unwrap_or_default(), &ticket.server_url) {
        return stop_voice(state, attempt, VoiceStopReason::Mixed);
    }
    if !current(attempt) {
        // Left in between, by typing or because something newer began.
        return;
    }
    if let Err(fault) = voice.join(&ticket.server_url, &ticket.token).await {
        let why = bridge::why(&fault);
        // Trying again would take as long, and fail alike.
        let lasts = matches!(why, VoiceStopReason::Blocked | VoiceStopReason::Unadmitted);
        return if lasts { stop_voice(state, attempt, why) } else { retry_later(state, attempt) };
    }
    if !current(attempt) {
        return;
    }
    FAILED.set(0);
    kept::set_on(&id(state), true);
    state.voice.update(|t| {
        t.phase = VoicePhase::On;
        t.faults.reconnecting = false;
    });
    focus_strip();
    greet(state);
    watch_for_absence(state);
}

/// Says so if the interviewer is not there after a while.
pub(super) fn watch_for_absence(state: PageState) {
    let attempt = ATTEMPT.get();
    let late = move || {
        if current(attempt) && !state.voice.with_untracked(|t| t.agent.here) {
            state.voice.update(|t| t.faults.absent = true);
        }
    };
    set_timeout(late, ABSENT);
}

/// Tries again after a pause, if that did not fail too often.
pub(super) fn retry_later(state: PageState, attempt: u32) {
    if !current(attempt) {
        return;
    }
    let failed = FAILED.get();
    let Some(pause) = AGAIN.get(failed) else { return stop_voice(state, attempt, VoiceStopReason::Lost) };
    FAILED.set(failed + 1);
    state.voice.update(|t| {
        t.phase = VoicePhase::Joining;
        t.faults.reconnecting = true;
    });
    let retry = move || {
        if current(attempt) {
            spawn_local(join(state));
        }
    };
    set_timeout(retry, *pause);
}

/// Voice does not go on; the microphone is given back.
pub(super) fn stop_voice(state: PageState, attempt: u32, why: VoiceStopReason) {
    if !current(attempt) {
        return;
    }
    next();
    state.voice.update(|t| t.phase = VoicePhase::Out(why));
    if matches!(
        why,
        VoiceStopReason::Elsewhere
            | VoiceStopReason::Insecure
            | VoiceStopReason::Mixed
            | VoiceStopReason::Refused
    ) {
        kept::set_on(&id(state), false);
    }
    close();
    focus_strip();
}

/// Goes on in text.
pub(super) fn leave(state: PageState) {
    next();
    state
        .voice
        .update(|t| (t.phase, t.agent, t.settings) = (VoicePhase::Off, AgentPresence::default(), false));
    kept::set_on(&id(state), false);
    close();
}

/// A spoken interview ends when the goodbye has been heard: once the interviewer has left.
pub(super) fn leave_when_over(state: PageState) {
    let gone = |t: &VoicePageState| t.over && t.phase != VoicePhase::Off && !t.agent.here;
    if state.voice.with_untracked(gone) {
        leave(state);
        if state.voice.with_untracked(|t| t.finished) {
            crate::live::go_to_notes(state);
        }
    }
}

fn close() {
    if let Some(voice) = loaded() {
        // Leaving cannot fail in a way that matters: the room notices by itself.
        spawn_local(async move { drop(voice.leave().await) });
    }
}

/// Begins something that makes what was begun before void.
pub(super) fn next() -> u32 {
    ATTEMPT.set(ATTEMPT.get().wrapping_add(1));
    ATTEMPT.get()
}

fn current(attempt: u32) -> bool {
    ATTEMPT.get() == attempt
}
