//! What the page needs of the document.

use leptos::prelude::{GetValue as _, SetValue as _, StoredValue, document, request_animation_frame, window};
use wasm_bindgen::JsCast as _;
use wasm_bindgen::prelude::{Closure, JsValue};
use web_sys::{DragEvent, HtmlTextAreaElement, KeyboardEvent, ScrollBehavior, ScrollToOptions, Storage};

/// The composer's field; none after the end.
pub(super) fn composer() -> Option<HtmlTextAreaElement> {
    document().get_element_by_id("answer")?.dyn_into().ok()
}

/// Puts words into the composer.
pub(super) fn compose(text: &str) {
    if let Some(field) = composer() {
        field.set_value(text);
        fit(&field);
    }
}

/// Makes the composer as high as its words, where style sheets cannot: up to eight lines.
pub(super) fn fit(field: &HtmlTextAreaElement) {
    field.set_rows(1);
    while field.rows() < 8 && field.scroll_height() > field.client_height() + 2 {
        field.set_rows(field.rows() + 1);
    }
}

/// Puts the cursor into the composer, unless that would raise a keyboard of glass.
pub(crate) fn focus_composer() {
    if let Some(field) = composer()
        && media("(pointer: fine)")
    {
        let _ = field.focus();
    }
}

/// True while the voice strip has the focus.
pub(super) fn in_the_strip() -> bool {
    document().active_element().is_some_and(|e| e.closest("#voice").ok().flatten().is_some())
}

/// True for the key that sends: Enter alone, and not one that ends a composition.
pub(crate) fn sends(event: &KeyboardEvent) -> bool {
    // Some browsers report the Enter of a composition only by the old code 229.
    event.key() == "Enter" && !event.shift_key() && !event.is_composing() && event.key_code() != 229
}

/// A moment (milliseconds since the epoch) as a clock in this browser's time zone shows it.
pub(crate) fn clock(at: i64) -> String {
    let date = js_sys::Date::new(&JsValue::from_f64(at as f64));
    format!("{:02}:{:02}", date.get_hours(), date.get_minutes())
}

/// True if this happens for the second time within three seconds; `last` holds when it last did.
pub(crate) fn too_soon(last: StoredValue<f64>) -> bool {
    let now = js_sys::Date::now();
    let before = last.get_value();
    last.set_value(now);
    now - before < 3_000.0
}

fn media(query: &str) -> bool {
    window().match_media(query).ok().flatten().is_some_and(|m| m.matches())
}

/// True when the end of the page is in sight.
pub(super) fn near_the_end() -> bool {
    let Some(root) = document().document_element() else { return false };
    let scrolled = window().scroll_y().unwrap_or(0.0);
    scrolled + f64::from(root.client_height()) > f64::from(root.scroll_height()) - 160.0
}

/// Scrolls to the end of the page, once what was just added is there.
pub(super) fn to_the_end() {
    request_animation_frame(|| {
        let Some(root) = document().document_element() else { return };
        let options = ScrollToOptions::new();
        options.set_top(f64::from(root.scroll_height()));
        let calm = media("(prefers-reduced-motion: reduce)");
        options.set_behavior(if calm { ScrollBehavior::Instant } else { ScrollBehavior::Smooth });
        window().scroll_to_with_scroll_to_options(&options);
    });
}

/// A turn id that nobody else makes.
pub(super) fn fresh_turn() -> String {
    let mut bytes = [0u8; 16];
    if let Ok(crypto) = window().crypto() {
        let _ = crypto.get_random_values_with_u8_array(&mut bytes);
    }
    bytes.iter().fold(String::new(), |id, byte| format!("{id}{byte:02x}"))
}

/// What this browser keeps for the interview of this id; `kind` is `draft` or `sent`.
pub(super) fn kept(kind: &str, id: &str) -> Option<String> {
    storage()?.get_item(&key(kind, id)).ok().flatten().filter(|text| !text.is_empty())
}

/// Keeps something; nothing for an empty text.
pub(super) fn keep(kind: &str, id: &str, text: &str) {
    // A browser that keeps nothing (private, or full) loses drafts on reload only.
    if let Some(storage) = storage() {
        let key = key(kind, id);
        let _ = if text.is_empty() { storage.remove_item(&key) } else { storage.set_item(&key, text) };
    }
}

fn key(kind: &str, id: &str) -> String {
    format!("interviewos.{kind}.{id}")
}

fn storage() -> Option<Storage> {
    window().local_storage().ok().flatten()
}

/// Puts a dropped text file into the field that it was dropped on. Files of more than 200 kB are left alone.
pub(crate) fn drop_text(event: &DragEvent) {
    let file = event.data_transfer().and_then(|d| d.files()).and_then(|files| files.get(0));
    let field = event.current_target().and_then(|t| t.dyn_into::<HtmlTextAreaElement>().ok());
    let (Some(file), Some(field)) = (file, field) else { return };
    // Without this the browser would leave the page and show the file.
    event.prevent_default();
    if file.size() > 200_000.0 {
        return;
    }
    let read = Closure::once(move |text: JsValue| {
        field.set_value(text.as_string().unwrap_or_default().trim());
    });
    let _ = file.text().then(&read);
    read.forget();
}
