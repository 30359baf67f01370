//! Drives voice: does what is asked for and what is chosen.
//!
//! `join` joins, joins again and leaves; `heard` takes what the voice module tells, `tell` is what the interviewer is told,
//! `module` is the module itself.

mod focus;
mod heard;
mod join;
mod module;
mod tell;

use leptos::prelude::*;
use leptos::task::spawn_local;
use protocol::signals::Control;
use wasm_bindgen::prelude::JsValue;
use web_sys::Element;

pub(super) use self::focus::focus;
use self::module::{drive, loaded, module, permitted, sound};
pub(crate) use self::tell::typing;
use self::tell::{control, factor, mode};
use super::kept::{self, VoiceSettingKey};
use super::state::{VoicePhase, VoiceStopReason};
use super::{VoiceSettingChange, VoiceUserAction, keys};
use crate::state::PageState;

/// Makes voice possible on this page, and goes on with it where it was on or was chosen.
pub(crate) fn begin(state: PageState) {
    if !state.offers_voice {
        return;
    }
    state.voice.update(|t| {
        t.volume = kept::percent(VoiceSettingKey::Volume, 0, 100);
        t.speed = kept::percent(VoiceSettingKey::Speed, 80, 130);
        t.patience = kept::percent(VoiceSettingKey::Patience, 70, 200);
        t.push = kept::yes(VoiceSettingKey::Push);
    });
    keys::listen(state);
    listen("visibilitychange", move || {
        // A tab that slept goes on by itself.
        if !document().hidden() && phase(state) == VoicePhase::Out(VoiceStopReason::Asleep) {
            act(state, VoiceUserAction::Join);
        }
    });
    listen("online", move || {
        if matches!(phase(state), VoicePhase::Out(VoiceStopReason::Lost | VoiceStopReason::Blocked)) {
            act(state, VoiceUserAction::Join);
        }
    });
    Effect::new(move |_| {
        let over = state.view.with(|v| v.status.is_completed());
        state.voice.update(|t| t.over = over);
        join::leave_when_over(state);
    });
    if kept::was_on(&id(state)) {
        state.voice.update(|t| t.phase = VoicePhase::Offered);
        spawn_local(async move {
            if let Ok(voice) = module(state).await
                && permitted(&voice).await
                && phase(state) == VoicePhase::Offered
            {
                join::join(state).await;
            }
        });
    } else if window().location().hash().is_ok_and(|hash| hash == "#voice") {
        // Chosen on the first page; a reload is to go by whether it was on.
        if let Ok(history) = window().history() {
            let _ = history.replace_state_with_url(&JsValue::NULL, "", Some("#now"));
        }
        act(state, VoiceUserAction::Start);
    }
}

/// Shows both voices in this canvas.
pub(super) fn draw(canvas: &Element) {
    if let Some(voice) = loaded() {
        voice.draw(canvas);
    }
}

/// Does what was asked for.
pub(crate) fn act(state: PageState, act: VoiceUserAction) {
    match act {
        VoiceUserAction::Start => spawn_local(join::start(state)),
        VoiceUserAction::Join => join::anew(state),
        VoiceUserAction::Test => drive(state, async |voice| voice.test().await),
        VoiceUserAction::Play => drive(state, async |voice| voice.play().await),
        VoiceUserAction::Another => choose(state, VoiceSettingChange::Microphone(String::new())),
        VoiceUserAction::Mute => {
            let muted = !state.voice.with_untracked(|t| t.muted);
            state.voice.update(|t| t.muted = muted);
            drive(state, async move |voice| voice.mute(muted).await);
        }
        VoiceUserAction::Think => crate::live::ask(state, "wait"),
        VoiceUserAction::Settings => state.voice.update(|t| t.settings = !t.settings),
        VoiceUserAction::Leave => {
            join::leave(state);
            crate::live::focus_composer();
        }
    }
}

/// Does as was chosen, and remembers it.
pub(crate) fn choose(state: PageState, choice: VoiceSettingChange) {
    match choice {
        VoiceSettingChange::Microphone(id) => {
            kept::keep(VoiceSettingKey::Microphone, &id);
            drive(state, async move |voice| voice.use_microphone(&id).await);
        }
        VoiceSettingChange::Speaker(id) => {
            kept::keep(VoiceSettingKey::Speaker, &id);
            state.voice.update(|t| t.speaker = id);
            sound(state);
        }
        VoiceSettingChange::Volume(volume) => {
            kept::keep(VoiceSettingKey::Volume, &volume.to_string());
            state.voice.update(|t| t.volume = volume);
            sound(state);
        }
        VoiceSettingChange::Speed(speed) => {
            kept::keep(VoiceSettingKey::Speed, &speed.to_string());
            state.voice.update(|t| t.speed = speed);
            control(state, Control { speed: Some(factor(speed)), ..Control::default() });
        }
        VoiceSettingChange::Patience(patience) => {
            kept::keep(VoiceSettingKey::Patience, &patience.to_string());
            state.voice.update(|t| t.patience = patience);
            control(state, Control { patience: Some(factor(patience)), ..Control::default() });
        }
        VoiceSettingChange::Push(push) => {
            kept::keep(VoiceSettingKey::Push, if push { "yes" } else { "" });
            state.voice.update(|t| (t.push, t.talking, t.muted) = (push, false, false));
            if let Some(voice) = loaded() {
                voice.hold(!push);
            }
            drive(state, async |voice| voice.mute(false).await);
            control(state, Control { mode: Some(mode(push)), ..Control::default() });
            if push {
                // The next press of Space is to talk, not to untick.
                focus(".talk");
            }
        }
        VoiceSettingChange::Talk(talk) => {
            if state.voice.with_untracked(|t| !t.push || t.talking == talk) {
                return;
            }
            state.voice.update(|t| t.talking = talk);
            if let Some(voice) = loaded() {
                voice.hold(talk);
            }
            control(state, Control { talk: Some(talk), ..Control::default() });
        }
    }
}

/// Calls back on an event of the window or, if it comes there, of the document, for as long as the page is open.
fn listen(event: &'static str, back: impl Fn() + 'static) {
    std::mem::forget(window_event_listener_untyped(event, move |_| back()));
}

fn phase(state: PageState) -> VoicePhase {
    state.voice.with_untracked(|t| t.phase)
}

fn id(state: PageState) -> String {
    state.view.with_untracked(|v| v.id.clone())
}
