//! What the page needs of the document.

use leptos::prelude::{document, request_animation_frame, window, window_event_listener_untyped};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::JsValue;
use web_sys::{
    Event, HtmlElement, HtmlTextAreaElement, KeyboardEvent, ScrollBehavior, ScrollToOptions, Storage,
};

use crate::view::{Civil, date_of, day_of};

/// The composer's field; none after the end.
pub(super) fn composer() -> Option<HtmlTextAreaElement> {
    by_id("answer")
}

/// The element of this id, if it is one of this kind.
pub(super) fn by_id<E: JsCast>(id: &str) -> Option<E> {
    document().get_element_by_id(id)?.dyn_into().ok()
}

/// Sets the words of the element of this id.
pub(super) fn write(id: &str, words: &str) {
    if let Some(element) = document().get_element_by_id(id) {
        element.set_text_content(Some(words));
    }
}

/// What stands in the empty composer: beside voice, or with the key that does not send, where there is a keyboard.
pub(crate) fn placeholder(talks: bool) -> &'static str {
    match (talks, fine_pointer()) {
        (true, _) => "Or type your answer",
        (false, true) => "Your answer (Shift + Enter for a new line)",
        (false, false) => "Your answer",
    }
}

/// Puts right what the server could only tell in its own time zone.
pub(super) fn times() {
    let Ok(all) = document().query_selector_all("time[data-day], time[data-date]") else { return };
    let [today, yesterday] = today();
    for time in (0..all.length()).filter_map(|at| all.get(at)?.dyn_into::<HtmlElement>().ok()) {
        let at = |name| time.get_attribute(name).and_then(|at| at.parse().ok()).map(civil);
        if let Some(at) = at("data-day") {
            time.set_text_content(Some(&day_of(at, today, yesterday)));
        } else if let Some(at) = at("data-date") {
            time.set_text_content(Some(&date_of(at.date)));
        }
    }
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
        && fine_pointer()
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
    let (hour, minute) = civil(at).time;
    format!("{hour:02}:{minute:02}")
}

/// Whether what is pointed with is a mouse, or as fine.
pub(super) fn fine_pointer() -> bool {
    media("(pointer: fine)")
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

/// What is kept under this id; `kind` is `draft` or `sent`. Each tab has its own; one that has kept nothing yet gets what
/// was kept last, in whichever tab.
pub(super) fn kept(kind: &str, id: &str) -> Option<String> {
    let key = key(kind, id);
    let of = |storage: Option<Storage>| storage.and_then(|s| s.get_item(&key).ok().flatten());
    of(tab()).or_else(|| of(shared())).filter(|text| !text.is_empty())
}

/// Keeps something; nothing for an empty text. What another tab has kept since stays.
pub(super) fn keep(kind: &str, id: &str, text: &str) {
    // A browser that keeps nothing (private, or full) loses drafts on reload only.
    let key = key(kind, id);
    let mut last = true;
    if let (Some(tab), shared) = (tab(), shared()) {
        let of = |storage: &Storage| storage.get_item(&key).ok().flatten();
        last = shared.is_some_and(|shared| of(&shared) == of(&tab));
        // An empty one too: this tab has none, whatever others have.
        let _ = tab.set_item(&key, text);
    }
    if let Some(shared) = shared() {
        let _ = match text {
            "" if last => shared.remove_item(&key),
            "" => Ok(()),
            text => shared.set_item(&key, text),
        };
    }
}

fn key(kind: &str, id: &str) -> String {
    format!("interviewos.{kind}.{id}")
}

fn shared() -> Option<Storage> {
    window().local_storage().ok().flatten()
}

fn tab() -> Option<Storage> {
    window().session_storage().ok().flatten()
}

/// Calls back on an event of the window or, if it comes there, of the document, for as long as the page is open.
pub(super) fn listen(name: &'static str, back: impl Fn(&Event) + 'static) {
    std::mem::forget(window_event_listener_untyped(name, move |event| back(&event)));
}

/// Puts the cursor into the element of this id, unless something else was gone to, or a keyboard of glass would rise.
pub(super) fn focus_unless_touched(id: &str) {
    let untouched = document().active_element().is_none_or(|e| e.tag_name() == "BODY");
    if untouched
        && fine_pointer()
        && let Some(element) = by_id::<HtmlElement>(id)
    {
        let _ = element.focus();
    }
}

/// A moment (milliseconds since the epoch) in this browser's time zone.
fn civil(at: i64) -> Civil {
    let date = js_sys::Date::new(&JsValue::from_f64(at as f64));
    Civil { date: day(&date), time: (date.get_hours(), date.get_minutes()) }
}

/// Today's date and yesterday's, in this browser's time zone.
fn today() -> [(i32, u32, u32); 2] {
    let today = js_sys::Date::new_0();
    // The day before the first is the last of the month before.
    let yesterday = js_sys::Date::new_with_year_month_day(
        today.get_full_year(),
        today.get_month() as i32,
        today.get_date() as i32 - 1,
    );
    [day(&today), day(&yesterday)]
}

fn day(date: &js_sys::Date) -> (i32, u32, u32) {
    (date.get_full_year() as i32, date.get_month() + 1, date.get_date())
}
