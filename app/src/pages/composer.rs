//! Where the candidate answers. Without scripts it is one form with several buttons.

use interview::Status;
use leptos::prelude::*;

use super::voice::{Place, place};
use crate::state::State;

/// The composer, with these words in it to begin with; `slow` says that spoken replies take long, if they do.
pub(super) fn shown(state: State, id: String, text: String, slow: Option<String>) -> AnyView {
    let ready = Memo::new(move |_| state.view.with(|v| v.status == Status::Ready && v.messages.is_empty()));
    view! {
        <div class="foot">
            <p class="note" class:problem=move || state.problem.with(|p| !p.is_empty()) role="status">
                {move || note(state, slow.as_deref())}
            </p>
            {place(state, Place::Strip)}
            <form
                class="composer"
                method="post"
                action="/api/answer"
                aria-label="Your answer"
                on:submit=move |event| {
                    event.prevent_default();
                    #[cfg(feature = "hydrate")]
                    crate::live::answer(state);
                }
            >
                <input type="hidden" name="id" value=id />
                <input type="hidden" name="turn_id" value=state.turn.get_untracked() />
                {move || if ready.get() { begin(state) } else { answer(state, text.clone()) }}
            </form>
            {move || progress(state)}
        </div>
    }
    .into_any()
}

/// What went wrong, or that the connection is being found again, or that talking is slow here.
fn note(state: State, slow: Option<&str>) -> String {
    match (state.problem.get(), state.connected.get(), slow) {
        (problem, _, _) if !problem.is_empty() => problem,
        (_, false, _) => "Reconnecting\u{2026}".to_owned(),
        (_, true, slow) => slow.unwrap_or_default().to_owned(),
    }
}

fn answer(state: State, text: String) -> AnyView {
    view! {
        <label class="visually-hidden" for="answer">
            "Your answer"
        </label>
        <textarea
            id="answer"
            name="text"
            rows="1"
            maxlength="8000"
            required
            placeholder="Your answer"
            enterkeyhint="send"
            autocomplete="off"
            on:input=move |_| {
                #[cfg(feature = "hydrate")]
                crate::live::edited(state);
            }
            on:keydown=move |event| {
                #[cfg(feature = "hydrate")]
                if crate::live::sends(&event) {
                    event.prevent_default();
                    crate::live::answer(state);
                }
                #[cfg(not(feature = "hydrate"))]
                let _ = event;
            }
        >
            {text}
        </textarea>
        <div class="composer-row">
            {request(state, "repeat", "Ask again")}
            {request(state, "skip", "Skip")}
            {place(state, Place::Row)}
            <span class="composer-hint" class:shown=move || state.live.get()>
                "Shift + Enter for a new line"
            </span>
            {place(state, Place::Talk)}
            <button class="button" type="submit">
                "Answer"
            </button>
        </div>
    }
    .into_any()
}

/// For an interview that was created and could not be opened.
fn begin(state: State) -> AnyView {
    view! {
        <div class="composer-row">
            <span>"The interview has not begun yet."</span>
            {request(state, "begin", "Begin")}
            {place(state, Place::Row)}
        </div>
    }
    .into_any()
}

fn request(state: State, request: &'static str, label: &'static str) -> AnyView {
    view! {
        <button
            class="link"
            type="submit"
            name="request"
            value=request
            formaction="/api/ask"
            formnovalidate
            on:click=move |event| {
                event.prevent_default();
                #[cfg(feature = "hydrate")]
                crate::live::ask(state, request);
                #[cfg(not(feature = "hydrate"))]
                let _ = state;
            }
        >
            {label}
        </button>
    }
    .into_any()
}

fn progress(state: State) -> AnyView {
    let (part, parts, done, left) =
        state.view.with(|v| (v.stage + 1, v.stages.len(), (v.done * 1000.0) as u32, v.left_ms));
    view! {
        <div class="progress">
            <span>{format!("Part {part} of {parts}")}</span>
            <progress max="1000" value=done aria-label="How far the interview has come"></progress>
            <span>{minutes_left(left)}</span>
        </div>
    }
    .into_any()
}

/// "about 9 minutes left"
fn minutes_left(ms: i64) -> String {
    match (ms.max(0) + 30_000) / 60_000 {
        0 => "almost done".to_owned(),
        1 => "about a minute left".to_owned(),
        n => format!("about {n} minutes left"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_left_is_said_roundly() {
        assert_eq!(minutes_left(-5), "almost done");
        assert_eq!(minutes_left(31_000), "about a minute left");
        assert_eq!(minutes_left(9 * 60_000 + 10_000), "about 9 minutes left");
    }
}
