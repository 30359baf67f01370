//! The browser's side of the intake: takes files that are dropped, pasted or chosen, and counts what is written. It
//! listens to the whole page, so that the fields need no scripts of their own.

use std::time::Duration;

use interview::{MAX_ANSWER, MAX_PASTED};
use leptos::prelude::{Set as _, document, set_timeout};
use leptos::task::spawn_local;
use wasm_bindgen::JsCast as _;
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    ClipboardEvent, DataTransfer, DragEvent, Element, Event, EventInit, File, HtmlInputElement,
    HtmlTextAreaElement,
};

use super::{dom, home};
use crate::intake::{self, IntakeField, IntakeRefusal};

/// The fields that take texts, by their ids.
fn field(id: &str) -> Option<IntakeField> {
    Some(match id {
        "cv" => IntakeField { name: "the CV", limit: MAX_PASTED },
        "job_description" => IntakeField { name: "the job description", limit: MAX_PASTED },
        "answer" => IntakeField { name: "the answer", limit: MAX_ANSWER },
        _ => return None,
    })
}

/// Listens for as long as the page is open.
pub(super) fn begin() {
    for name in ["dragover", "drop", "paste", "click", "change"] {
        dom::listen(name, |event| {
            let Some(target) = event.target().and_then(|t| t.dyn_into::<Element>().ok()) else { return };
            match event.type_().as_str() {
                "click" => choose(&target),
                "change" => chosen(&target),
                "paste" => pasted(event.unchecked_ref(), &target),
                _ => dropped(event.unchecked_ref(), &target),
            }
        });
    }
}

/// Opens the browser's dialogue that chooses a file. Any can be chosen: what cannot be read is told so.
fn choose(target: &Element) {
    let button = target.closest("[data-file]").ok().flatten();
    let id = button.and_then(|button| button.get_attribute("data-file"));
    if let Some(input) = id.and_then(|id| dom::by_id::<HtmlInputElement>(&format!("{id}-file"))) {
        // Not from within a click, which this is one too.
        set_timeout(move || input.click(), Duration::ZERO);
    }
}

fn chosen(target: &Element) {
    let Some(input) = target.dyn_ref::<HtmlInputElement>() else { return };
    let id = input.id();
    let Some(id) = id.strip_suffix("-file").filter(|id| field(id).is_some()) else { return };
    if let Some(file) = input.files().and_then(|files| files.get(0)) {
        take(file, id.to_owned());
    }
    // The same can be chosen again.
    input.set_value("");
}

/// A file that is pasted, as file managers copy them. Programs that copy text may add a picture of it: the text counts.
fn pasted(event: &ClipboardEvent, target: &Element) {
    if let Some(data) = event.clipboard_data().filter(brings_files)
        && field(&target.id()).is_some()
        && data.get_data("text/plain").is_ok_and(|text| text.is_empty())
    {
        event.prevent_default();
        take_all(&data, target.id());
    }
}

/// A file that is dropped on a field, or held over one. What is dropped as text is the browser's to take. Beside the
/// fields a file would take the page's place: the pointer says that it is not taken there.
fn dropped(event: &DragEvent, target: &Element) {
    let Some(data) = event.data_transfer().filter(|d| d.types().includes(&"Files".into(), 0)) else { return };
    event.prevent_default();
    let takes = field(&target.id()).is_some();
    data.set_drop_effect(if takes { "copy" } else { "none" });
    if takes && event.type_() == "drop" {
        take_all(&data, target.id());
    }
}

fn brings_files(data: &DataTransfer) -> bool {
    data.files().is_some_and(|files| files.length() > 0)
}

fn take_all(data: &DataTransfer, id: String) {
    match data.files() {
        Some(files) if files.length() > 1 => say(&id, &IntakeRefusal::Several, ""),
        Some(files) => {
            if let Some(file) = files.get(0) {
                take(file, id);
            }
        }
        None => {}
    }
}

/// Adds the text of a file to what stands in the field, or says why not.
fn take(file: File, id: String) {
    spawn_local(async move {
        let size = file.size();
        let start = start_of(&file, size).await;
        let (Some(area), Some(field)) = (dom::by_id::<HtmlTextAreaElement>(&id), field(&id)) else { return };
        let read = start.ok_or(IntakeRefusal::Unreadable);
        match read.and_then(|start| intake::read(&start, size as usize, &area.value(), field.limit)) {
            Ok(whole) => {
                area.set_value(&whole);
                let changed = EventInit::new();
                changed.set_bubbles(true);
                // It counts, is kept and grows as if it had been typed.
                if let Ok(event) = Event::new_with_event_init_dict("input", &changed) {
                    let _ = area.dispatch_event(&event);
                }
                let _ = area.focus();
            }
            Err(refusal) => say(&id, &refusal, &file.name()),
        }
    });
}

/// The first bytes of a file; none where the browser cannot read it.
async fn start_of(file: &File, size: f64) -> Option<Vec<u8>> {
    let part = file.slice_with_f64_and_f64(0.0, size.min(intake::MOST_BYTES as f64)).ok()?;
    let bytes = JsFuture::from(part.array_buffer()).await.ok()?;
    Some(js_sys::Uint8Array::new(&bytes).to_vec())
}

/// Says why a file was not taken, beside its field.
fn say(id: &str, refusal: &IntakeRefusal, file: &str) {
    let Some(field) = field(id) else { return };
    let words = refusal.words(file, field);
    match super::interview() {
        Some(state) => state.problem.set(words),
        None => dom::write(&format!("{id}-note"), &words),
    }
}

/// Counts what was written in a field of the first page, and keeps it.
pub(super) fn written(event: &Event) {
    let Some(target) = event.target() else { return };
    if let Some(area) = target.dyn_ref::<HtmlTextAreaElement>() {
        let (id, text) = (area.id(), area.value());
        if let Some(field) = field(&id) {
            dom::write(&format!("{id}-note"), &intake::counted(intake::count(&text), field.limit));
        }
        home::keep(&id, &text);
    } else if let Some(input) = target.dyn_ref::<HtmlInputElement>().filter(|input| input.type_() == "text") {
        home::keep(&input.id(), &input.value());
    }
}

/// Whether everything that was pasted fits; the first field that is too long gets the focus.
pub(super) fn fits() -> bool {
    for id in ["cv", "job_description"] {
        if let (Some(area), Some(field)) = (dom::by_id::<HtmlTextAreaElement>(id), field(id))
            && intake::count(area.value().trim()) > field.limit
        {
            let _ = area.focus();
            return false;
        }
    }
    true
}

/// Whether this is the first page.
pub(super) fn is_first_page() -> bool {
    document().get_element_by_id("cv").is_some()
}
