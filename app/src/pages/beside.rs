//! What stands under the lines of the transcript, or beside them, that only the server knows of: the sound of an answer, and what
//! a coach wrote in the margin. As HTML, which the browser takes as it is.

use engine::{AnswerSoundInfo, Comment};
use interview::Millis;
use leptos::prelude::*;

use super::share::play::{By, comments};
use crate::context::AppContext;
use crate::view::comment_view;

/// Plays the sound of an answer. The words follow it where scripts are on.
pub(super) fn player(id: &str, seq: u32) -> AnyView {
    let follow = use_context::<AppContext>().map(|context| context.assets.heard).unwrap_or_default();
    // However many there are on a page, the module runs once.
    let follow = (!follow.is_empty()).then(|| view! { <script type="module" src=follow></script> });
    view! {
        <audio
            class="heard"
            controls
            preload="none"
            src=format!("/interview/{id}/sound/{seq}")
            aria-label=format!("Your answer as you said it, line {seq}")
        ></audio>
        {follow}
    }
    .into_any()
}

/// What stands under lines, by their numbers; under 0 what was written on the whole. `minutes`: under the first line, the
/// question of a take, stands a line that runs out in so many, if that is wanted.
pub(crate) fn line_annotations(
    id: &str,
    sounds: &[AnswerSoundInfo],
    written: &[Comment],
    minutes: Option<Millis>,
) -> Vec<(u32, String)> {
    let mut lines: Vec<u32> =
        sounds.iter().map(|sound| sound.seq).chain(written.iter().map(|comment| comment.line)).collect();
    lines.extend(minutes.map(|_| 1));
    lines.sort_unstable();
    lines.dedup();
    let by = By::Person(id.to_owned());
    let each = |line: u32| {
        let heard = sounds.iter().any(|sound| sound.seq == line).then(|| player(id, line));
        let here = written.iter().filter(|comment| comment.line == line).map(comment_view).collect();
        let comments = comments(here, &by);
        let html = match line {
            0 => on_the_whole(comments).to_html(),
            _ => view! { {minutes.filter(|_| line == 1).map(countdown_line)} {heard} {comments} }.to_html(),
        };
        (line, html)
    };
    lines.into_iter().map(each).collect()
}

/// A line that runs out in so many minutes, from when it is switched on (`again.css`).
fn countdown_line(minutes: Millis) -> AnyView {
    view! {
        <p class="drain" data-minutes=minutes>
            <label>
                <input type="checkbox" autocomplete="off" />
                {format!("Show {} {minutes}-minute timer", if matches!(minutes, 8 | 11 | 18) { "an" } else { "a" })}
            </label>
        </p>
    }
    .into_any()
}

fn on_the_whole(comments: AnyView) -> AnyView {
    view! {
        <h2 class="act">
            <span class="act-title">"On the whole"</span>
        </h2>
        <div class="speech">
            <div class="words">{comments}</div>
        </div>
    }
    .into_any()
}

/// Whether the sound of answers is kept, and the switch: above the composer, where voice is on or about to be (`composer.css`).
/// A plain form; while voice is on, `frontend/voice/page.ts` sends it without leaving the page.
pub(super) fn switch(id: String, on: bool) -> AnyView {
    let (said, value, label) = if on {
        (
            "The sound of what you say is being kept on this server, until you delete the interview. ",
            "",
            "Stop keeping it",
        )
    } else {
        ("The sound of what you say is not kept. ", "on", "Keep it, to hear yourself afterwards")
    };
    view! {
        <form class="keeps-sound" class:on=on method="post" action="/api/keep_sound">
            <input type="hidden" name="id" value=id />
            <input type="hidden" name="on" value=value />
            <p>
                {said}
                <button class="link" type="submit">
                    {label}
                </button>
            </p>
        </form>
    }
    .into_any()
}
