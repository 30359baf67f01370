//! The page of an interview in the browser: sending, following, keeping drafts.

mod dom;
mod follow;
mod send;

pub(crate) use dom::{clock, drop_text, focus_composer, sends, too_soon};
pub(crate) use send::{answer, ask, edited, finish, retry};

use leptos::prelude::{Set as _, WithUntracked as _};

use crate::state::State;

/// Makes the page live. Called once, in the browser.
pub(crate) fn begin(state: State) {
    state.live.set(true);
    send::restore(state);
    if !state.view.with_untracked(|v| v.status.is_completed()) {
        follow::connect(state, 0);
        dom::to_the_end();
        crate::voice::begin(state);
        // Whoever goes on by voice is not put into a field.
        if state.voice_now().phase == crate::voice::state::Phase::Off {
            focus_composer();
        }
    }
}
