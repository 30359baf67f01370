//! What the composer's row has of voice: the way in, and while it is on settings, the way out, and what is held to talk.

use leptos::prelude::document;
use web_sys::Element;

use super::kit::{self, add, add_button, attribute, rebuild_on_change, set_attributes, write};
use crate::state::PageState;
use crate::voice::state::{VoicePageState, VoicePhase};
use crate::voice::{VoiceSettingChange, VoiceUserAction, choose};

/// The way in, or settings and the way out.
pub(super) fn way(state: PageState, element: &Element) {
    rebuild_on_change(
        state,
        element,
        |t| way_of(t).to_owned(),
        |state, element, way| {
            if way == "in" {
                add_button(state, element, "Start voice", VoiceUserAction::Start);
            } else if way == "out" {
                let settings = add_button(state, element, "Settings", VoiceUserAction::Settings);
                attribute(state, &settings, "aria-expanded", |t| t.settings.to_string());
                add_button(state, element, "Leave voice", VoiceUserAction::Leave);
            }
            // The composer is one way of two while voice is on.
            if let Some(field) = document().get_element_by_id("answer") {
                set_attributes(&field, &[("placeholder", crate::live::placeholder(way == "out"))]);
            }
        },
    );
}

fn way_of(talk: &VoicePageState) -> &'static str {
    match talk.phase {
        VoicePhase::Off => "in",
        VoicePhase::Joining | VoicePhase::On => "out",
        VoicePhase::Offered | VoicePhase::Asking | VoicePhase::Check | VoicePhase::Out(_) => "",
    }
}

/// With push to talk: what is held, by finger, mouse or key.
pub(super) fn talk(state: PageState, element: &Element) {
    let shown = |t: &VoicePageState| if t.push && t.phase == VoicePhase::On { "talk" } else { "" }.to_owned();
    rebuild_on_change(state, element, shown, |state, element, shown| {
        if shown.is_empty() {
            return;
        }
        let button = add(element, "button", "talk");
        set_attributes(&button, &[("type", "button")]);
        attribute(state, &button, "aria-pressed", |t| t.talking.to_string());
        write(&add(&button, "span", "talk-fine"), "Hold space to talk");
        write(&add(&button, "span", "talk-coarse"), "Hold to talk");
        kit::on(&button, "pointerdown", Box::new(move |_| choose(state, VoiceSettingChange::Talk(true))));
        for event in ["pointerup", "pointerleave", "pointercancel"] {
            kit::on(&button, event, Box::new(move |_| choose(state, VoiceSettingChange::Talk(false))));
        }
        // A long touch is not a wish for a menu here.
        kit::on(&button, "contextmenu", Box::new(|e| e.prevent_default()));
    });
}
