//! Where the focus goes.

use leptos::prelude::*;
use wasm_bindgen::JsCast as _;
use web_sys::HtmlElement;

/// What had the focus may be gone: the strip takes it, unless a person is writing.
pub(super) fn focus_strip() {
    request_animation_frame(|| {
        let lost = document().active_element().is_none_or(|e| e.tag_name() == "BODY");
        let strip = document().get_element_by_id("voice").and_then(|e| e.dyn_into::<HtmlElement>().ok());
        if let (true, Some(strip)) = (lost, strip) {
            let _ = strip.focus();
        }
    });
}

/// Gives the focus to what this selector finds, once it is there.
pub(in crate::voice) fn focus(selector: &'static str) {
    request_animation_frame(move || {
        if let Ok(Some(element)) = document().query_selector(selector)
            && let Ok(element) = element.dyn_into::<HtmlElement>()
        {
            let _ = element.focus();
        }
    });
}
