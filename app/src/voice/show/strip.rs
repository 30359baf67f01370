//! The strip: the state in a word, both voices, the captions.

use protocol::signals::AgentState;
use web_sys::Element;

use super::kit::{self, add, attribute, hold, press, rebuilt, says};
use super::{sound, tell};
use crate::state::State;
use crate::voice::state::Talk;
use crate::voice::{Act, act, run, words};

pub(super) fn show(state: State, element: &Element) {
    let row = add(element, "div", "voice-row");
    let word = add(&row, "p", "voice-state");
    hold(&word, &[("role", "status")]);
    says(state, &word, |t| words::state(t).to_owned());
    let levels = add(&row, "canvas", "voice-levels");
    hold(&levels, &[("aria-hidden", "true")]);
    run::draw(&levels);
    press(state, &row, "Let me think", Act::Think);
    mute(state, &row);
    let leave = press(state, &row, "Leave voice", Act::Leave);
    attribute(state, &leave, "hidden", |t| if t.over { "" } else { "hidden" }.to_owned());

    let notice = add(element, "p", "voice-notice");
    hold(&notice, &[("role", "status")]);
    rebuilt(
        state,
        &notice,
        |t| words::fault(t).map_or_else(String::new, |n| n.words.into_owned()),
        |state, notice, _| {
            if let Some(fault) = words::fault(&state.voice_now()) {
                tell(state, notice, fault);
            }
        },
    );
    captions(state, element);
    let settings = add(element, "div", "");
    rebuilt(
        state,
        &settings,
        |t| if t.settings { "open" } else { "" }.to_owned(),
        |state, settings, open| {
            if !open.is_empty() {
                sound::settings(state, settings);
            }
        },
    );
}

/// With push to talk nobody is heard by accident.
fn mute(state: State, row: &Element) {
    let button = add(row, "button", "link voice-mute");
    hold(&button, &[("type", "button"), ("aria-keyshortcuts", "m"), ("title", "M")]);
    says(state, &button, |t| if t.muted { "Unmute" } else { "Mute" }.to_owned());
    attribute(state, &button, "hidden", |t| if t.push { "hidden" } else { "" }.to_owned());
    kit::on(&button, "click", Box::new(move |_| act(state, Act::Mute)));
}

/// The words of whoever speaks. They keep one place, however many there are; the newest are in sight. They are not
/// announced: the transcript is, line by line.
fn captions(state: State, element: &Element) {
    let place = add(element, "div", "voice-captions");
    let line = add(&place, "p", "voice-asks");
    says(state, &line, |t| if asks(t) { t.captions.line.clone() } else { String::new() });
    let words = add(&place, "p", "");
    let open = add(&words, "span", "soft");
    says(state, &open, |t| if answers(t) { "\u{201c}" } else { "" }.to_owned());
    let stays = add(&words, "span", "");
    says(state, &stays, |t| match t.captions.words() {
        _ if !answers(t) => String::new(),
        (stays, may_change) if stays.is_empty() || may_change.is_empty() => stays,
        (stays, _) => stays + " ",
    });
    let may_change = add(&words, "span", "soft");
    says(state, &may_change, |t| match t.captions.words().1 {
        _ if !answers(t) => String::new(),
        words if words.is_empty() => "\u{201d}".to_owned(),
        words => format!("{words} \u{2026}\u{201d}"),
    });
}

fn asks(t: &Talk) -> bool {
    t.agent.state == AgentState::Speaking && !t.captions.line.is_empty()
}

fn answers(t: &Talk) -> bool {
    let (stays, may_change) = t.captions.words();
    let some = !stays.is_empty() || !may_change.is_empty();
    some && !asks(t)
}
