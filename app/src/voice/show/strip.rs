//! The strip: the state in a word, both voices, the captions.

use protocol::signals::AgentState;
use web_sys::Element;

use super::kit::{self, add, add_button, attribute, bind_text, rebuild_on_change, set_attributes};
use super::{sound, tell};
use crate::state::PageState;
use crate::voice::state::VoicePageState;
use crate::voice::{VoiceUserAction, act, run, words};

pub(super) fn show(state: PageState, element: &Element) {
    let row = add(element, "div", "voice-row");
    let word = add(&row, "p", "voice-state");
    set_attributes(&word, &[("role", "status")]);
    bind_text(state, &word, |t| words::state(t).to_owned());
    let levels = add(&row, "canvas", "voice-levels");
    set_attributes(&levels, &[("aria-hidden", "true")]);
    run::draw(&levels);
    add_button(state, &row, "Let me think", VoiceUserAction::Think);
    mute(state, &row);
    let leave = add_button(state, &row, "Leave voice", VoiceUserAction::Leave);
    attribute(state, &leave, "hidden", |t| if t.over { "" } else { "hidden" }.to_owned());

    let notice = add(element, "p", "voice-notice");
    set_attributes(&notice, &[("role", "status")]);
    rebuild_on_change(
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
    rebuild_on_change(
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
fn mute(state: PageState, row: &Element) {
    let button = add(row, "button", "link voice-mute");
    set_attributes(&button, &[("type", "button"), ("aria-keyshortcuts", "m"), ("title", "M")]);
    bind_text(state, &button, |t| if t.muted { "Unmute" } else { "Mute" }.to_owned());
    attribute(state, &button, "hidden", |t| if t.push { "hidden" } else { "" }.to_owned());
    kit::on(&button, "click", Box::new(move |_| act(state, VoiceUserAction::Mute)));
}

/// The words of whoever speaks. They keep one place, however many there are; the newest are in sight. They are not
/// announced: the transcript is, line by line.
fn captions(state: PageState, element: &Element) {
    let place = add(element, "div", "voice-captions");
    let line = add(&place, "p", "voice-asks");
    bind_text(state, &line, |t| if asks(t) { t.captions.line.clone() } else { String::new() });
    let words = add(&place, "p", "");
    let open = add(&words, "span", "soft");
    bind_text(state, &open, |t| if answers(t) { "\u{201c}" } else { "" }.to_owned());
    let stays = add(&words, "span", "");
    bind_text(state, &stays, |t| match t.captions.words() {
        _ if !answers(t) => String::new(),
        (stays, may_change) if stays.is_empty() || may_change.is_empty() => stays,
        (stays, _) => stays + " ",
    });
    let may_change = add(&words, "span", "soft");
    bind_text(state, &may_change, |t| match t.captions.words().1 {
        _ if !answers(t) => String::new(),
        words if words.is_empty() => "\u{201d}".to_owned(),
        words => format!("{words} \u{2026}\u{201d}"),
    });
}

fn asks(t: &VoicePageState) -> bool {
    t.agent.state == AgentState::Speaking && !t.captions.line.is_empty()
}

fn answers(t: &VoicePageState) -> bool {
    let (stays, may_change) = t.captions.words();
    let some = !stays.is_empty() || !may_change.is_empty();
    some && !asks(t)
}
