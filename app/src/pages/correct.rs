//! Under an answer: to correct it in its place, and what it was before.

use interview::Modality;
use leptos::prelude::*;

use super::in_textarea;
use crate::state::PageState;

/// That an answer was corrected, with the words at first.
pub(super) fn corrected(original: &str, modality: Modality) -> AnyView {
    let was = match modality {
        Modality::Voice => "First heard as",
        Modality::Text => "First typed as",
    };
    view! {
        <details class="corrected">
            <summary>
                "corrected"
                <span class="visually-hidden">": what it was at first"</span>
            </summary>
            <p>{format!("{was}: \u{201c}{original}\u{201d}")}</p>
        </details>
    }
    .into_any()
}

/// Puts other words in the place of an answer's. A plain form where no scripts run.
pub(super) fn form(state: PageState, seq: u32, text: &str) -> AnyView {
    let id = state.view.with_untracked(|v| v.id.clone());
    let returned = state.returned.with_value(|it| it.clone().filter(|(of, ..)| *of == seq));
    let open = returned.is_some();
    let (text, why) = match returned {
        Some((_, text, why)) => (text, why),
        None => (text.to_owned(), String::new()),
    };
    let problem = RwSignal::new(why);
    let field = format!("said-{seq}");
    view! {
        <details class="correct" id=format!("correct-{seq}") open=open>
            <summary>
                "correct"
                <span class="visually-hidden">" this answer"</span>
            </summary>
            <form
                method="post"
                action="/api/correct"
                on:submit=move |event| {
                    event.prevent_default();
                    #[cfg(feature = "hydrate")]
                    crate::live::correct(state, seq, problem);
                }
            >
                <input type="hidden" name="id" value=id />
                <input type="hidden" name="seq" value=seq />
                <label class="visually-hidden" for=field.clone()>
                    "What you said"
                </label>
                <textarea id=field name="text" rows="4" autocomplete="off">
                    {in_textarea(&text)}
                </textarea>
                <p class="correct-problem" role="alert">
                    {move || problem.get()}
                </p>
                <button class="button" type="submit">
                    "Save"
                </button>
                <span class="correct-note">"Your original words are kept."</span>
            </form>
        </details>
    }
    .into_any()
}
