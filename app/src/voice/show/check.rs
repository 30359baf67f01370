//! Before the first time: which microphone, how loud, and whether the interviewer is heard.

use web_sys::Element;

use super::kit::{self, add, add_button, bind_text, property, rebuild_on_change, set_attributes, write};
use super::sound;
use crate::state::PageState;
use crate::voice::state::VoicePhase;
use crate::voice::{VoiceUserAction, act, words};

pub(super) fn show(state: PageState, element: &Element) {
    let check = add(element, "div", "voice-check");
    let see = |t: &crate::voice::state::VoicePageState| {
        if t.phase == VoicePhase::Asking { "asking" } else { "trying" }.to_owned()
    };
    rebuild_on_change(state, &check, see, |state, check, step| {
        if step == "asking" { asking(state, check) } else { trying(state, check) }
    });
}

/// The microphone is asked for here, where a person has said that they want to talk.
fn asking(state: PageState, check: &Element) {
    let p = add(check, "p", "voice-notice");
    set_attributes(&p, &[("role", "status")]);
    write(
        &p,
        "To talk, let this page use the microphone when the browser asks. It is open only while voice is on. ",
    );
    add_button(state, &p, "Type instead", VoiceUserAction::Leave);
}

fn trying(state: PageState, check: &Element) {
    write(&add(check, "p", "voice-title"), "Before you talk");
    let said = add(check, "p", "voice-said");
    set_attributes(&said, &[("role", "status")]);
    bind_text(state, &said, |t| {
        if let Some(notice) = words::microphone(t) {
            // The list below is the other way out.
            return notice.words.trim_end_matches(", or").to_owned()
                + if notice.remedy.is_some() { ", or choose another." } else { "" };
        }
        let said = if t.sounded {
            "You can be heard."
        } else if t.unmeasured {
            "This browser cannot show how loud you are, but you can still be heard. Start talking."
        } else {
            "Say a few words, to see whether you can be heard."
        };
        said.to_owned()
    });
    let meter = add(check, "meter", "voice-meter");
    set_attributes(&meter, &[("min", "0"), ("max", "100"), ("aria-label", "How loud you are")]);
    property(state, &meter, "value", |t| t.level.to_string());
    let fields = add(check, "div", "voice-fields");
    sound::microphone(state, &fields);
    sound::speaker(state, &fields);
    let buttons = add(check, "p", "voice-do");
    let start = add(&buttons, "button", "button");
    set_attributes(&start, &[("type", "button")]);
    write(&start, "Start talking");
    kit::on(&start, "click", Box::new(move |_| act(state, VoiceUserAction::Join)));
    add_button(state, &buttons, "Test speaker", VoiceUserAction::Test);
    add_button(state, &buttons, "Type instead", VoiceUserAction::Leave);
}
