//! Elements that follow what is known of voice. Everything is of one type, so that it is compiled once.

use js_sys::Reflect;
use leptos::prelude::*;
use wasm_bindgen::JsCast as _;
use wasm_bindgen::prelude::{Closure, JsValue};
use web_sys::{Element, Event};

use crate::state::State;
use crate::voice::state::Talk;
use crate::voice::{Act, act};

/// What is to be seen of what is known.
pub(super) type See = fn(&Talk) -> String;

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
pub(super) fn hold(element: &Element, attributes: &[(&str, &str)]) {
    for (name, value) in attributes {
        let _ = element.set_attribute(name, value);
    }
}

/// Adds words.
pub(super) fn write(parent: &Element, words: &str) {
    let _ = parent.append_with_str_1(words);
}

/// Adds a button that is only words.
pub(super) fn press(state: State, parent: &Element, label: &str, what: Act) -> Element {
    let button = add(parent, "button", "link");
    hold(&button, &[("type", "button")]);
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

fn followed(state: State, see: See) -> Memo<String> {
    Memo::new(move |_| state.voice.with(see))
}

/// Keeps the words of an element.
pub(super) fn says(state: State, element: &Element, see: See) {
    let (seen, element) = (followed(state, see), element.clone());
    follow(Box::new(move || element.set_text_content(Some(&seen.get()))));
}

/// Keeps an attribute; empty: it is not there.
pub(super) fn attribute(state: State, element: &Element, name: &'static str, see: See) {
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
pub(super) fn property(state: State, element: &Element, name: &'static str, see: See) {
    let (seen, element) = (followed(state, see), element.clone());
    follow(Box::new(move || {
        let value = seen.get();
        let value = if name == "checked" { JsValue::from(!value.is_empty()) } else { JsValue::from(value) };
        let _ = Reflect::set(&element, &name.into(), &value);
    }));
}

/// Makes what is in an element anew whenever what is seen changes.
pub(super) fn rebuilt(state: State, element: &Element, see: See, build: fn(State, &Element, &str)) {
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
