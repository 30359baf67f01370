//! What can be chosen: microphone, loudspeaker, volume, speed, patience, push to talk.

use protocol::browser::{Device, Replied};
use web_sys::{Element, Event};

use super::kit::{self, See, add, attribute, hold, property, rebuilt, says, write};
use crate::state::State;
use crate::voice::{Choice, choose};

/// All of it, while voice is on.
pub(super) fn settings(state: State, element: &Element) {
    let fields = add(element, "div", "voice-fields");
    hold(&fields, &[("role", "group"), ("aria-label", "Voice settings")]);
    microphone(state, &fields);
    speaker(state, &fields);
    range(state, &fields, ("voice-volume", "Volume"), ["0", "100"], |t| t.volume.to_string(), Choice::Volume);
    range(
        state,
        &fields,
        ("voice-speed", "Speaking speed"),
        ["80", "130"],
        |t| t.speed.to_string(),
        Choice::Speed,
    );
    range(
        state,
        &fields,
        ("voice-patience", "How long it waits"),
        ["70", "200"],
        |t| t.patience.to_string(),
        Choice::Patience,
    );
    let label = add(&fields, "label", "voice-push");
    let push = add(&label, "input", "");
    hold(&push, &[("type", "checkbox")]);
    property(state, &push, "checked", |t| if t.push { "yes" } else { "" }.to_owned());
    kit::on(
        &push,
        "change",
        Box::new(move |e| choose(state, Choice::Push(kit::value(&e, "checked").is_truthy()))),
    );
    write(&label, "Push to talk: hold Space (or the button) while you speak");
    let took = add(&fields, "p", "voice-took");
    says(state, &took, |t| match t.replied {
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
pub(super) fn microphone(state: State, fields: &Element) {
    let select = field(fields, "select", "voice-microphone", "Microphone");
    rebuilt(
        state,
        &select,
        |t| key(&t.microphones, &t.microphone),
        |state, select, _| {
            let talk = state.voice_now();
            options(select, "Microphone", &talk.microphones, &talk.microphone);
        },
    );
    kit::on(&select, "change", Box::new(move |e| choose(state, Choice::Microphone(text(&e)))));
}

/// The loudspeakers, where a page may choose.
pub(super) fn speaker(state: State, fields: &Element) {
    let place = add(fields, "div", "field");
    attribute(state, &place, "hidden", |t| if t.speakers.is_empty() { "hidden" } else { "" }.to_owned());
    let select = labelled(&place, "select", "voice-speaker", "Speaker");
    rebuilt(
        state,
        &select,
        |t| key(&t.speakers, &t.speaker),
        |state, select, _| {
            let talk = state.voice_now();
            options(select, "Speaker", &talk.speakers, &talk.speaker);
        },
    );
    kit::on(&select, "change", Box::new(move |e| choose(state, Choice::Speaker(text(&e)))));
}

/// Another one for every list and choice.
fn key(devices: &[Device], current: &str) -> String {
    devices.iter().fold(current.to_owned(), |key, d| key + "\n" + &d.id + "\n" + &d.label)
}

fn options(select: &Element, what: &str, devices: &[Device], current: &str) {
    for (at, device) in devices.iter().enumerate() {
        let option = add(select, "option", "");
        hold(&option, &[("value", &device.id)]);
        if device.id == current {
            hold(&option, &[("selected", "")]);
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
    state: State,
    fields: &Element,
    (id, label): (&str, &str),
    [min, max]: [&str; 2],
    see: See,
    choice: fn(u32) -> Choice,
) {
    let input = field(fields, "input", id, label);
    hold(&input, &[("type", "range"), ("min", min), ("max", max), ("step", "5")]);
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
    hold(&words, &[("for", id)]);
    write(&words, label);
    let field = add(place, tag, "");
    hold(&field, &[("id", id)]);
    field
}

fn text(event: &Event) -> String {
    kit::value(event, "value").as_string().unwrap_or_default()
}
