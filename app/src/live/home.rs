//! The first page in the browser: what was typed is kept until an interview begins with it.

use std::cell::Cell;

use leptos::prelude::{document, window};
use wasm_bindgen::JsCast as _;
use web_sys::{HtmlElement, HtmlInputElement, HtmlTextAreaElement};

use super::{dom, intake};

/// The fields that are kept.
const FIELDS: [&str; 4] = ["name", "role", "cv", "job_description"];
/// Under which the drafts of the first page are kept.
const START: &str = "start";

/// Makes the page live: puts back what was typed before a reload, unless the server gave something, and goes to the
/// first field.
pub(super) fn begin() {
    for id in FIELDS {
        let Some(kept) = dom::kept("draft", &key(id)) else { continue };
        if let Some(input) = dom::by_id::<HtmlInputElement>(id).filter(|input| input.value().is_empty()) {
            input.set_value(&kept);
        } else if let Some(area) =
            dom::by_id::<HtmlTextAreaElement>(id).filter(|area| area.value().is_empty())
        {
            area.set_value(&kept);
        }
    }
    if dom::fine_pointer() {
        for id in ["cv", "job_description"] {
            if let Some(area) = dom::by_id::<HtmlTextAreaElement>(id) {
                area.set_placeholder("Paste here, or drop a file");
            }
        }
    }
    if !keeps_cookies()
        && let Some(words) = dom::by_id::<HtmlElement>("no-cookies")
    {
        let _ = words.remove_attribute("hidden");
    }
    dom::listen("input", intake::written);
    dom::listen("submit", |event| {
        let starts = event
            .target()
            .and_then(|t| t.dyn_into::<HtmlElement>().ok())
            .is_some_and(|form| form.class_name() == "start");
        if !starts {
            return;
        }
        // What does not fit is not sent, and a double click starts one interview.
        if !intake::fits() || too_soon() {
            event.prevent_default();
        } else {
            dom::keep("sent", START, "yes");
        }
    });
    // Back here, nothing is known to have begun with it.
    dom::keep("sent", START, "");
    dom::focus_unless_touched("name");
}

thread_local! {
    /// When the form was last sent.
    static SENT: Cell<f64> = const { Cell::new(0.0) };
}

/// True if this happens for the second time within three seconds.
fn too_soon() -> bool {
    let now = js_sys::Date::now();
    now - SENT.replace(now) < 3_000.0
}

/// Keeps what a field holds.
pub(super) fn keep(id: &str, text: &str) {
    if FIELDS.contains(&id) {
        dom::keep("draft", &key(id), text);
    }
}

/// An interview has begun: what it began with need not be kept.
pub(super) fn clear_start_drafts() {
    if dom::kept("sent", START).is_some() {
        dom::keep("sent", START, "");
        for id in FIELDS {
            dom::keep("draft", &key(id), "");
        }
    }
}

/// Whether this browser keeps cookies for this page.
fn keeps_cookies() -> bool {
    // Old engines do not tell.
    js_sys::Reflect::get(&window().navigator(), &"cookieEnabled".into())
        .is_ok_and(|v| !v.is_falsy() || v.is_undefined())
}

fn key(id: &str) -> String {
    format!("{START}.{id}")
}

/// Closes what is open: with Escape, the innermost around the focus, else all.
pub(super) fn escape() {
    dom::listen("keydown", |event| {
        let Some(event) = event.dyn_ref::<web_sys::KeyboardEvent>() else { return };
        if event.key() != "Escape" || event.is_composing() {
            return;
        }
        let around = document().active_element().and_then(|e| e.closest("details[open]").ok().flatten());
        let Ok(open) = document().query_selector_all("details[open]") else { return };
        let all = (0..open.length()).filter_map(|at| open.get(at)?.dyn_into::<HtmlElement>().ok());
        for details in all.filter(|one| around.as_ref().is_none_or(|around| **one == *around)) {
            let _ = details.remove_attribute("open");
        }
        if let Some(Ok(Some(summary))) = around.map(|around| around.query_selector("summary"))
            && let Ok(summary) = summary.dyn_into::<HtmlElement>()
        {
            let _ = summary.focus();
        }
    });
}
