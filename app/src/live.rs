//! The pages in the browser: sending, following, taking text in, keeping drafts.

mod correct;
mod dom;
mod follow;
mod home;
mod intake;
mod send;

use std::cell::Cell;

pub(crate) use correct::correct;
pub(crate) use dom::{clock, focus_composer, placeholder, sends};
pub(crate) use send::{answer, ask, edited, finish, go_to_notes, retry};

use leptos::prelude::{Effect, Set as _, With as _, WithUntracked as _, document};

use crate::pages::ProgressLabels;
use crate::state::PageState;

thread_local! {
    /// The interview that this page shows.
    static INTERVIEW: Cell<Option<PageState>> = const { Cell::new(None) };
}

/// The interview that this page shows; none on other pages.
fn interview() -> Option<PageState> {
    INTERVIEW.get()
}

/// What every page does once it is live.
pub(crate) fn init_page() {
    // Style sheets show what scripts alone can do.
    if let Some(root) = document().document_element() {
        let _ = root.set_attribute("data-live", "");
    }
    dom::times();
    home::escape();
    intake::begin();
    if intake::is_first_page() {
        home::begin();
    }
}

/// Makes the page of an interview live. Called once, in the browser.
pub(crate) fn begin(state: PageState) {
    INTERVIEW.set(Some(state));
    state.live.set(true);
    home::clear_start_drafts();
    send::restore(state);
    let aimed = correct::open_targeted_form();
    if !state.view.with_untracked(|v| v.status.is_completed()) {
        Effect::new(move |_| progress(&state.view.with(ProgressLabels::of)));
        follow::begin(state);
        if !aimed {
            dom::to_the_end();
        }
        crate::voice::begin(state);
        // Whoever goes on by voice, or came to correct something, is not put into a field.
        if !aimed && state.voice_now().phase == crate::voice::state::VoicePhase::Off {
            focus_composer();
        }
    }
}

/// Tells how far the interview has come.
fn progress(told: &ProgressLabels) {
    for (id, words) in [("questions", &told.questions), ("left", &told.left), ("part", &told.part)] {
        dom::write(id, words);
    }
    if let Some(done) = document().get_element_by_id("done") {
        let _ = done.set_attribute("value", &told.done.to_string());
    }
}
