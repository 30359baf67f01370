//! What the composer's row has of voice: the way in, and while it is on settings, the way out, and what is held to talk.

use leptos::prelude::document;
use web_sys::Element;

use super::kit::{self, add, attribute, hold, press, rebuilt, write};
use crate::state::State;
use crate::voice::state::{Phase, Talk};
use crate::voice::{Act, Choice, choose};

/// The way in, or settings and the way out.
pub(super) fn way(state: State, element: &Element) {
    rebuilt(
        state,
        element,
        |t| way_of(t).to_owned(),
        |state, element, way| {
            if way == "in" {
                press(state, element, "Start voice", Act::Start);
            } else if way == "out" {
                let settings = press(state, element, "Settings", Act::Settings);
                attribute(state, &settings, "aria-expanded", |t| t.settings.to_string());
                press(state, element, "Leave voice", Act::Leave);
            }
            // The composer is one way of two while voice is on.
            if let Some(field) = document().get_element_by_id("answer") {
                hold(&field, &[("placeholder", crate::live::placeholder(way == "out"))]);
            }
        },
    );
}

fn way_of(talk: &Talk) -> &'static str {
    match talk.phase {
        Phase::Off => "in",
        Phase::Joining | Phase::On => "out",
        Phase::Offered | Phase::Asking | Phase::Check | Phase::Out(_) => "",
    }
}

/// With push to talk: what is held, by finger, mouse or key.
pub(super) fn talk(state: State, element: &Element) {
    let shown = |t: &Talk| if t.push && t.phase == Phase::On { "talk" } else { "" }.to_owned();
    rebuilt(state, element, shown, |state, element, shown| {
        if shown.is_empty() {
            return;
        }
        let button = add(element, "button", "talk");
        hold(&button, &[("type", "button")]);
        attribute(state, &button, "aria-pressed", |t| t.talking.to_string());
        write(&add(&button, "span", "talk-fine"), "Hold space to talk");
        write(&add(&button, "span", "talk-coarse"), "Hold to talk");
        kit::on(&button, "pointerdown", Box::new(move |_| choose(state, Choice::Talk(true))));
        for event in ["pointerup", "pointerleave", "pointercancel"] {
            kit::on(&button, event, Box::new(move |_| choose(state, Choice::Talk(false))));
        }
        // A long touch is not a wish for a menu here.
        kit::on(&button, "contextmenu", Box::new(|e| e.prevent_default()));
    });
}
