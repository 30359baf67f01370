//! What voice looks like: made in the browser, into the places that the page has for it.

mod check;
mod kit;
mod row;
mod sound;
mod strip;

use web_sys::Element;

use self::kit::{add_button, rebuild_on_change, set_attributes};
use super::VoiceUserAction;
use super::state::{VoicePageState, VoicePhase, VoiceStopReason};
use super::words::{self, VoiceNotice};
use crate::pages::VoiceSlot;
use crate::state::PageState;

/// Fills this place, and keeps it up to date for as long as it is there.
pub(crate) fn show(state: PageState, place: VoiceSlot, element: &Element) {
    if !state.offers_voice {
        return;
    }
    match place {
        VoiceSlot::Strip => {
            set_attributes(
                element,
                &[("id", "voice"), ("role", "group"), ("aria-label", "Voice"), ("tabindex", "-1")],
            );
            kit::attribute(state, element, "hidden", |t| {
                if part(t).is_empty() { "hidden" } else { "" }.to_owned()
            });
            rebuild_on_change(
                state,
                element,
                |t| part(t).to_owned(),
                |state, element, part| match part {
                    "offer" => offer(state, element),
                    "check" => check::show(state, element),
                    "strip" => strip::show(state, element),
                    "out" => out(state, element),
                    // Nothing while the interview is by text.
                    _ => {}
                },
            );
        }
        VoiceSlot::Row => row::way(state, element),
        VoiceSlot::Talk => row::talk(state, element),
    }
}

/// What there is of voice just now.
fn part(talk: &VoicePageState) -> &'static str {
    match talk.phase {
        VoicePhase::Off => "",
        VoicePhase::Offered => "offer",
        VoicePhase::Asking | VoicePhase::Check => "check",
        VoicePhase::Joining | VoicePhase::On => "strip",
        VoicePhase::Out(_) => "out",
    }
}

/// After a reload, where the browser wants to ask first.
fn offer(state: PageState, element: &Element) {
    let p = kit::add(element, "p", "voice-notice");
    kit::write(&p, "Voice was on. ");
    add_button(state, &p, "Continue by voice", VoiceUserAction::Join);
    add_button(state, &p, "Type instead", VoiceUserAction::Leave);
}

/// Why voice does not go on.
fn out(state: PageState, element: &Element) {
    let p = kit::add(element, "p", "voice-notice");
    set_attributes(&p, &[("role", "alert")]);
    // The words follow the reason: one may come after another.
    rebuild_on_change(state, &p, said, |state, p, _| {
        let talk = state.voice_now();
        match talk.phase {
            VoicePhase::Out(VoiceStopReason::Refused) => {
                kit::write(p, &format!("{} ", talk.refused));
                add_button(state, p, "Try again", VoiceUserAction::Join);
            }
            VoicePhase::Out(why) => {
                if let Some(notice) = words::out(why) {
                    tell(state, p, notice);
                }
            }
            VoicePhase::Off
            | VoicePhase::Offered
            | VoicePhase::Asking
            | VoicePhase::Check
            | VoicePhase::Joining
            | VoicePhase::On => {}
        }
        add_button(state, p, "Type instead", VoiceUserAction::Leave);
    });
}

/// What is said while voice does not go on.
fn said(talk: &VoicePageState) -> String {
    match talk.phase {
        VoicePhase::Out(why) => {
            words::out(why).map_or_else(|| talk.refused.clone(), |n| n.words.into_owned())
        }
        VoicePhase::Off
        | VoicePhase::Offered
        | VoicePhase::Asking
        | VoicePhase::Check
        | VoicePhase::Joining
        | VoicePhase::On => String::new(),
    }
}

/// What stands in the way, and the button that helps.
fn tell(state: PageState, element: &Element, notice: VoiceNotice) {
    kit::write(element, &format!("{} ", notice.words));
    if let Some((label, act)) = notice.remedy {
        add_button(state, element, label, act);
    }
}
