//! What can be chosen: microphone, loudspeaker, volume, speed, patience, push to talk.

use protocol::browser::{Device, Replied};
use web_sys::{Element, Event};

use super::kit::{
    self, VoiceText, add, attribute, bind_text, property, rebuild_on_change, set_attributes, write,
};
use crate::state::PageState;
use crate::voice::{VoiceSettingChange, choose};

/// All of it, while voice is on.
pub(super) fn settings(state: PageState, element: &Element) {
    let fields = add(element, "div", "voice-fields");
    set_attributes(&fields, &[("role", "group"), ("aria-label", "Voice settings")]);
    microphone(state, &fields);
    speaker(state, &fields);
    range(
        state,
        &fields,
        ("voice-volume", "Volume"),
        ["0", "100"],
        |t| t.volume.to_string(),
        VoiceSettingChange::Volume,
    );
    range(
        state,
        &fields,
        ("voice-speed", "Speaking speed"),
        ["80", "130"],
        |t| t.speed.to_string(),
        VoiceSettingChange::Speed,
    );
    range(
        state,
        &fields,
        ("voice-patience", "How long it waits"),
        ["70", "200"],
        |t| t.patience.to_string(),
        VoiceSettingChange::Patience,
    );
    let label = add(&fields, "label", "voice-push");
    let push = add(&label, "input", "");
    set_attributes(&push, &[("type", "checkbox")]);
    property(state, &push, "checked", |t| if t.push { "yes" } else { "" }.to_owned());
    kit::on(
        &push,
        "change",
        Box::new(move |e| choose(state, VoiceSettingChange::Push(kit::value(&e, "checked").is_truthy()))),
    );
    write(&label, "Push to talk: hold Space (or the button) while you speak");
    let took = add(&fields, "p", "voice-took");
    bind_text(state, &took, |t| match t.replied {
        Some(Replied { after, pause }) => {
            let reply = format!("The last reply came after {}.", seconds(after));
            pause.map_or(reply.clone(), |pause| format!("{reply} Your pauses are about {}.", seconds(pause)))
        }
        None => String::new(),
    });
}

fn seconds(ms: u32) -> String {
    format!("{}.{} s", ms / 1000, ms % 1000 / 100)
}

/// The microphones.
pub(super) fn microphone(state: PageState, fields: &Element) {
    let select = field(fields, "select", "voice-microphone", "Microphone");
    rebuild_on_change(
        state,
        &select,
        |t| key(&t.microphones, &t.microphone),
        |state, select, _| {
            let talk = state.voice_now();
            options(select, "Microphone", &talk.microphones, &talk.microphone);
        },
    );
    kit::on(&select, "change", Box::new(move |e| choose(state, VoiceSettingChange::Microphone(text(&e)))));
}

/// The loudspeakers, where a page may choose.
pub(super) fn speaker(state: PageState, fields: &Element) {
    let place = add(fields, "div", "field");
    attribute(state, &place, "hidden", |t| if t.speakers.is_empty() { "hidden" } else { "" }.to_owned());
    let select = labelled(&place, "select", "voice-speaker", "Speaker");
    rebuild_on_change(
        state,
        &select,
        |t| key(&t.speakers, &t.speaker),
        |state, select, _| {
            let talk = state.voice_now();
            options(select, "Speaker", &talk.speakers, &talk.speaker);
        },
    );
    kit::on(&select, "change", Box::new(move |e| choose(state, VoiceSettingChange::Speaker(text(&e)))));
}

/// Another one for every list and choice.
fn key(devices: &[Device], current: &str) -> String {
    devices.iter().fold(current.to_owned(), |key, d| key + "\n" + &d.id + "\n" + &d.label)
}

fn options(select: &Element, what: &str, devices: &[Device], current: &str) {
    for (at, device) in devices.iter().enumerate() {
        let option = add(select, "option", "");
        set_attributes(&option, &[("value", &device.id)]);
        if device.id == current {
            set_attributes(&option, &[("selected", "")]);
        }
        // Some browsers give no names.
        if device.label.is_empty() {
            write(&option, &format!("{what} {}", at + 1));
        } else {
            write(&option, &device.label);
        }
    }
}

fn range(
    state: PageState,
    fields: &Element,
    (id, label): (&str, &str),
    [min, max]: [&str; 2],
    see: VoiceText,
    choice: fn(u32) -> VoiceSettingChange,
) {
    let input = field(fields, "input", id, label);
    set_attributes(&input, &[("type", "range"), ("min", min), ("max", max), ("step", "5")]);
    property(state, &input, "value", see);
    kit::on(
        &input,
        "change",
        Box::new(move |e| {
            // A slider holds nothing but numbers within its bounds.
            if let Ok(number) = text(&e).parse() {
                choose(state, choice(number));
            }
        }),
    );
}

fn field(fields: &Element, tag: &str, id: &str, label: &str) -> Element {
    labelled(&add(fields, "div", "field"), tag, id, label)
}

fn labelled(place: &Element, tag: &str, id: &str, label: &str) -> Element {
    let words = add(place, "label", "");
    set_attributes(&words, &[("for", id)]);
    write(&words, label);
    let field = add(place, tag, "");
    set_attributes(&field, &[("id", id)]);
    field
}

fn text(event: &Event) -> String {
    kit::value(event, "value").as_string().unwrap_or_default()
}
