//! What voice looks like: made in the browser, into the places that the page has for it.

mod check;
mod kit;
mod row;
mod sound;
mod strip;

use web_sys::Element;

use self::kit::{hold, press, rebuilt};
use super::Act;
use super::state::{Phase, Talk, Why};
use super::words::{self, Notice};
use crate::pages::Place;
use crate::state::State;

/// Fills this place, and keeps it up to date for as long as it is there.
pub(crate) fn show(state: State, place: Place, element: &Element) {
    if !state.offers_voice {
        return;
    }
    match place {
        Place::Strip => {
            hold(element, &[("id", "voice"), ("role", "group"), ("aria-label", "Voice"), ("tabindex", "-1")]);
            kit::attribute(state, element, "hidden", |t| {
                if part(t).is_empty() { "hidden" } else { "" }.to_owned()
            });
            rebuilt(
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
        Place::Row => row::way(state, element),
        Place::Talk => row::talk(state, element),
    }
}

/// What there is of voice just now.
fn part(talk: &Talk) -> &'static str {
    match talk.phase {
        Phase::Off => "",
        Phase::Offered => "offer",
        Phase::Asking | Phase::Check => "check",
        Phase::Joining | Phase::On => "strip",
        Phase::Out(_) => "out",
    }
}

/// After a reload, where the browser wants to ask first.
fn offer(state: State, element: &Element) {
    let p = kit::add(element, "p", "voice-notice");
    kit::write(&p, "Voice was on. ");
    press(state, &p, "Continue by voice", Act::Join);
    press(state, &p, "Type instead", Act::Leave);
}

/// Why voice does not go on.
fn out(state: State, element: &Element) {
    let p = kit::add(element, "p", "voice-notice");
    hold(&p, &[("role", "alert")]);
    // The words follow the reason: one may come after another.
    rebuilt(state, &p, said, |state, p, _| {
        let talk = state.voice_now();
        match talk.phase {
            Phase::Out(Why::Refused) => {
                kit::write(p, &format!("{} ", talk.refused));
                press(state, p, "Try again", Act::Join);
            }
            Phase::Out(why) => {
                if let Some(notice) = words::out(why) {
                    tell(state, p, notice);
                }
            }
            Phase::Off | Phase::Offered | Phase::Asking | Phase::Check | Phase::Joining | Phase::On => {}
        }
        press(state, p, "Type instead", Act::Leave);
    });
}

/// What is said while voice does not go on.
fn said(talk: &Talk) -> String {
    match talk.phase {
        Phase::Out(why) => words::out(why).map_or_else(|| talk.refused.clone(), |n| n.words.into_owned()),
        Phase::Off | Phase::Offered | Phase::Asking | Phase::Check | Phase::Joining | Phase::On => {
            String::new()
        }
    }
}

/// What stands in the way, and the button that helps.
fn tell(state: State, element: &Element, notice: Notice) {
    kit::write(element, &format!("{} ", notice.words));
    if let Some((label, act)) = notice.remedy {
        press(state, element, label, act);
    }
}
