//! The keyboard while voice is on: hold space to talk, and within the voice strip M to mute (whoever dictates to the
//! browser types letters anywhere); Escape closes what is open. Never where it is wanted for something else.

use leptos::prelude::*;
use wasm_bindgen::JsCast as _;
use web_sys::{Element, KeyboardEvent};

use super::state::VoicePhase;
use super::{VoiceSettingChange, VoiceUserAction, act, choose};
use crate::state::PageState;

/// Listens for as long as the page is open.
pub(super) fn listen(state: PageState) {
    let down = window_event_listener(leptos::ev::keydown, move |event| {
        if event.key() == "Escape" && !event.is_composing() {
            close(state);
        } else if on(state) && !event.ctrl_key() && !event.alt_key() && !event.meta_key() {
            pressed(state, &event);
        }
    });
    let up = window_event_listener(leptos::ev::keyup, move |event| {
        if event.key() == " " {
            choose(state, VoiceSettingChange::Talk(false));
        }
    });
    // Whoever leaves the window lets go of its keys.
    let blur =
        window_event_listener(leptos::ev::blur, move |_| choose(state, VoiceSettingChange::Talk(false)));
    // The page lives as long as its document.
    for handle in [down, up, blur] {
        std::mem::forget(handle);
    }
}

fn on(state: PageState) -> bool {
    state.voice.with_untracked(|t| t.phase) == VoicePhase::On
}

/// Closes what is open of voice: the settings, or the look at the microphone.
fn close(state: PageState) {
    let talk = state.voice_now();
    if talk.settings {
        act(state, VoiceUserAction::Settings);
        super::run::focus(".voice-way [aria-expanded]");
    } else if matches!(talk.phase, VoicePhase::Asking | VoicePhase::Check) {
        act(state, VoiceUserAction::Leave);
    }
}

fn pressed(state: PageState, event: &KeyboardEvent) {
    let target = event.target().and_then(|t| t.dyn_into::<Element>().ok());
    let within = |selector| target.as_ref().is_some_and(|e| e.closest(selector).ok().flatten().is_some());
    let push = state.voice.with_untracked(|t| t.push);
    match event.key().as_str() {
        // Space writes in fields and presses buttons, except that which is there to be held.
        " " if push
            && (within(".talk")
                || !within("input, textarea, select, button, summary, a, [contenteditable]")) =>
        {
            event.prevent_default();
            if !event.repeat() {
                choose(state, VoiceSettingChange::Talk(true));
            }
        }
        "m" | "M" if !push && !event.repeat() && within("#voice") && !within("input, select") => {
            act(state, VoiceUserAction::Mute);
        }
        _ => {}
    }
}
