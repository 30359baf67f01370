//! Where the candidate answers. Without scripts it is one form with several buttons.

use interview::Status;
use leptos::prelude::*;

use super::voice::{VoiceSlot, place};
use super::{chooser, in_textarea, render_static};
use crate::state::PageState;
use crate::view::InterviewView;

/// The composer, with these words in it to begin with; `known` says what is to be known beforehand, if anything; `sound`, whether
/// that of answers is kept, where it can be.
pub(super) fn shown(
    state: PageState,
    id: String,
    text: String,
    known: Option<String>,
    sound: Option<bool>,
) -> AnyView {
    let ready = Memo::new(move |_| state.view.with(|v| v.status == Status::Ready && v.messages.is_empty()));
    let keeps = render_static({
        let id = id.clone();
        move || keeps_sound(id, sound)
    });
    view! {
        <div class="foot">
            <p class="note" class:problem=move || state.problem.with(|p| !p.is_empty()) role="status">
                {move || note(state, known.as_deref())}
            </p>
            {place(state, VoiceSlot::Strip)}
            <div class="keeps" inner_html=keeps></div>
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
                <input type="hidden" name="seen" value=state.seen() />
                {move || if ready.get() { begin(state) } else { answer(state, text.clone()) }}
            </form>
            {progress(state)}
        </div>
    }
    .into_any()
}

/// Whether the sound of answers is kept. Rendered by the server alone.
#[cfg(feature = "ssr")]
fn keeps_sound(id: String, sound: Option<bool>) -> AnyView {
    sound.map(|on| super::beside::switch(id, on)).into_any()
}

#[cfg(not(feature = "ssr"))]
fn keeps_sound(id: String, sound: Option<bool>) -> AnyView {
    drop((id, sound));
    ().into_any()
}

/// What went wrong, or that the connection is being found again, or how long the answer is, or what is to be known beforehand.
fn note(state: PageState, known: Option<&str>) -> String {
    match (state.problem.get(), state.connected.get(), state.count.get()) {
        (problem, _, _) if !problem.is_empty() => problem,
        (_, false, _) => "Reconnecting\u{2026}".to_owned(),
        (_, true, count) if !count.is_empty() => count,
        (_, true, _) => known.unwrap_or_default().to_owned(),
    }
}

fn answer(state: PageState, text: String) -> AnyView {
    let text = in_textarea(&text);
    view! {
        <label class="visually-hidden" for="answer">
            "Your answer"
        </label>
        <textarea
            id="answer"
            name="text"
            rows="1"
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
            {request(state, "repeat", "Repeat question")}
            {request(state, "skip", "Skip")}
            {place(state, VoiceSlot::Row)}
            <span class="composer-file">{chooser("answer", "the answer")}</span>
            {place(state, VoiceSlot::Talk)}
            <button class="button" type="submit">
                "Answer"
            </button>
        </div>
    }
    .into_any()
}

/// For an interview that was created and could not be opened.
fn begin(state: PageState) -> AnyView {
    view! {
        <div class="composer-row begins">
            <span>"The interview has not begun yet."</span>
            {request(state, "begin", "Begin")}
            {place(state, VoiceSlot::Row)}
        </div>
    }
    .into_any()
}

fn request(state: PageState, request: &'static str, label: &'static str) -> AnyView {
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

/// How far the interview has come; the time that is left only for those who ask for it. Kept up to date by
/// `crate::live::progress`.
fn progress(state: PageState) -> AnyView {
    let told = state.view.with_untracked(ProgressLabels::of);
    view! {
        <div class="progress">
            <details class="clock">
                <summary id="questions">{told.questions}</summary>
                <span id="left">{told.left}</span>
            </details>
            <progress id="done" max="1000" value=told.done aria-label="How far the interview has come"></progress>
            <span id="part">{told.part}</span>
        </div>
    }
    .into_any()
}

/// How far an interview has come, as it is told.
pub(crate) struct ProgressLabels {
    /// "Question 9 of about 14"
    pub questions: String,
    /// "about 9 minutes left"
    pub left: String,
    /// "Part 2 of 3"; empty where there is one part alone.
    pub part: String,
    /// How much is done, of a thousand.
    pub done: u32,
}

impl ProgressLabels {
    pub(crate) fn of(v: &InterviewView) -> Self {
        Self {
            questions: questions(v.asked, v.about),
            left: minutes_left(v.left_ms),
            part: if v.stages.len() < 2 {
                String::new()
            } else {
                format!("Part {} of {}", v.stage + 1, v.stages.len())
            },
            done: (v.done * 1000.0) as u32,
        }
    }
}

/// "Question 9 of about 14"
fn questions(asked: u32, about: u32) -> String {
    format!("Question {} of about {}", asked.max(1), about.max(asked).max(1))
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

    #[test]
    fn questions_are_counted_from_one_and_never_past_their_number() {
        assert_eq!(questions(9, 14), "Question 9 of about 14");
        assert_eq!(questions(0, 15), "Question 1 of about 15");
        assert_eq!(questions(16, 15), "Question 16 of about 16");
    }
}
