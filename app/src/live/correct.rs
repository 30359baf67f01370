//! Sends corrections of answers.

use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast as _;
use web_sys::{HtmlElement, HtmlTextAreaElement};

use super::{dom, follow};
use crate::api;
use crate::state::PageState;

/// Puts what stands in the field of this answer in its place; `problem` is told why it could not be.
pub(crate) fn correct(state: PageState, seq: u32, problem: RwSignal<String>) {
    let Some(field) = dom::by_id::<HtmlTextAreaElement>(&format!("said-{seq}")) else { return };
    let (id, since) = state.view.with_untracked(|v| (v.id.clone(), v.version));
    let text = field.value();
    problem.set(String::new());
    spawn_local(async move {
        match api::correct(id, seq, text, since).await {
            Ok(update) => {
                state.returned.set_value(None);
                follow::take(state, update);
                state.announced.set("Corrected.".to_owned());
                request_animation_frame(move || close(seq));
            }
            // The line may have been made anew meanwhile, and its form with it.
            Err(error) => drop(problem.try_set(error.to_string())),
        }
    });
}

/// Folds the form of an answer; whoever was in it goes on beside it.
fn close(seq: u32) {
    let Some(form) = dom::by_id::<HtmlElement>(&format!("correct-{seq}")) else { return };
    let _ = form.remove_attribute("open");
    if let Some(summary) = form.first_element_child().and_then(|it| it.dyn_into::<HtmlElement>().ok()) {
        let _ = summary.focus();
    }
}

/// Opens the form that the address names (`#said-4`), and says whether it names one.
pub(super) fn open_targeted_form() -> bool {
    let hash = window().location().hash().unwrap_or_default();
    let named = hash.strip_prefix('#').filter(|name| name.starts_with("said-"));
    let Some(field) = named.and_then(dom::by_id::<HtmlTextAreaElement>) else { return false };
    if let Ok(Some(form)) = field.closest("details") {
        let _ = form.set_attribute("open", "");
    }
    let _ = field.focus();
    true
}
