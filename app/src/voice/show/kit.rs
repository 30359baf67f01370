//! Elements that follow what is known of voice. Everything is of one type, so that it is compiled once.

use js_sys::Reflect;
use leptos::prelude::*;
use wasm_bindgen::JsCast as _;
use wasm_bindgen::prelude::{Closure, JsValue};
use web_sys::{Element, Event};

use crate::state::PageState;
use crate::voice::state::VoicePageState;
use crate::voice::{VoiceUserAction, act};

/// What is to be seen of what is known.
pub(super) type VoiceText = fn(&VoicePageState) -> String;

/// Adds an element.
pub(super) fn add(parent: &Element, tag: &str, class: &str) -> Element {
    // Both fail only for names that are none.
    let element = document().create_element(tag).expect("the names of tags are ours");
    if !class.is_empty() {
        element.set_class_name(class);
    }
    let _ = parent.append_child(&element);
    element
}

/// Gives an element attributes.
pub(super) fn set_attributes(element: &Element, attributes: &[(&str, &str)]) {
    for (name, value) in attributes {
        let _ = element.set_attribute(name, value);
    }
}

/// Adds words.
pub(super) fn write(parent: &Element, words: &str) {
    let _ = parent.append_with_str_1(words);
}

/// Adds a button that is only words.
pub(super) fn add_button(state: PageState, parent: &Element, label: &str, what: VoiceUserAction) -> Element {
    let button = add(parent, "button", "link");
    set_attributes(&button, &[("type", "button")]);
    write(&button, label);
    on(&button, "click", Box::new(move |_| act(state, what)));
    button
}

/// Calls back on an event, for as long as what made the element is there.
pub(super) fn on(element: &Element, event: &str, back: Box<dyn FnMut(Event)>) {
    let back = Closure::wrap(back);
    let _ = element.add_event_listener_with_callback(event, back.as_ref().unchecked_ref());
    StoredValue::new_local(back);
}

fn followed(state: PageState, see: VoiceText) -> Memo<String> {
    Memo::new(move |_| state.voice.with(see))
}

/// Keeps the words of an element.
pub(super) fn bind_text(state: PageState, element: &Element, see: VoiceText) {
    let (seen, element) = (followed(state, see), element.clone());
    follow(Box::new(move || element.set_text_content(Some(&seen.get()))));
}

/// Keeps an attribute; empty: it is not there.
pub(super) fn attribute(state: PageState, element: &Element, name: &'static str, see: VoiceText) {
    let (seen, element) = (followed(state, see), element.clone());
    follow(Box::new(move || {
        let value = seen.get();
        let _ = if value.is_empty() {
            element.remove_attribute(name)
        } else {
            element.set_attribute(name, &value)
        };
    }));
}

/// Keeps a property: `value`, or `checked` (which is for anything but nothing).
pub(super) fn property(state: PageState, element: &Element, name: &'static str, see: VoiceText) {
    let (seen, element) = (followed(state, see), element.clone());
    follow(Box::new(move || {
        let value = seen.get();
        let value = if name == "checked" { JsValue::from(!value.is_empty()) } else { JsValue::from(value) };
        let _ = Reflect::set(&element, &name.into(), &value);
    }));
}

/// Makes what is in an element anew whenever what is seen changes.
pub(super) fn rebuild_on_change(
    state: PageState,
    element: &Element,
    see: VoiceText,
    build: fn(PageState, &Element, &str),
) {
    let (seen, element) = (followed(state, see), element.clone());
    follow(Box::new(move || {
        let seen = seen.get();
        element.set_text_content(None);
        untrack(|| build(state, &element, &seen));
    }));
}

fn follow(run: Box<dyn Fn()>) {
    Effect::new(move |_| run());
}

/// The value of the field that an event is of.
pub(super) fn value(event: &Event, name: &str) -> JsValue {
    event.target().and_then(|t| Reflect::get(&t, &name.into()).ok()).unwrap_or(JsValue::UNDEFINED)
}
