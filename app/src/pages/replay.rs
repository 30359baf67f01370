//! `/interview/:id/replay`: the interview is played as it went. Whole as the server makes it; a module of its own
//! (`frontend/replay`) plays it, and without scripts it is read.

use leptos::prelude::*;

use super::{Tab, bar, bar_links, lost, tabs, title, transcript};
use crate::view::{ReplayLine, ReplayView, clock_of};

/// The page.
pub(super) fn page(id: String) -> AnyView {
    view! {
        <Suspense>
            {move || {
                let id = id.clone();
                Suspend::new(async move {
                    match crate::api::load_replay(&id).await {
                        Ok(replay) => shown(replay),
                        Err(error) => lost::error(&error),
                    }
                })
            }}
        </Suspense>
    }
    .into_any()
}

fn shown(replay: ReplayView) -> AnyView {
    title(&format!("Replay: {} \u{2013} InterviewOS", replay.title));
    let about = view! {
        <p class="bar-about">
            <a href=format!("/interview/{}", replay.id)>{replay.title.clone()}</a>
        </p>
    };
    let heard = replay.lines.iter().filter(|line| line.heard).count();
    let heard = match heard {
        0 => "There is no recording, so the words appear at a pace for reading.".to_owned(),
        1 => "You can hear one of your answers as you said it.".to_owned(),
        n => format!("You can hear {n} of your answers as you said them."),
    };
    let (length, id) = (replay.length, replay.id);
    let lines = replay.lines.into_iter().map(|it| line(it, &id)).collect_view();
    let nav = replay.over.then(|| tabs(&id, Tab::Replay, replay.is_take));
    view! {
        {bar(Some(about.into_any()), bar_links())}
        <main id="main" class="replay">
            {nav}
            <header class="replay-head">
                <h1>"Replay"</h1>
                <p>{heard} " Long silences are shortened and marked. The K key plays and pauses."</p>
                <noscript>
                    <p>"Playing it needs JavaScript, which is off here: this is the transcript to read."</p>
                </noscript>
            </header>
            <div class="play" id="replay" data-length=length>
                {lines}
            </div>
            {controls(length)}
        </main>
    }
    .into_any()
}

fn line(line: ReplayLine, id: &str) -> AnyView {
    let ReplayLine { act, after_skip, before, seq, asks, who, text, cut, corrected, from, to, heard } = line;
    let act = act.map(|(part, title)| transcript::act_heading(transcript::ordinal(part), title));
    let before = before.into_iter().map(|words| view! { <p class="direction">{words}</p> }).collect_view();
    let sound = heard.then(|| format!("/interview/{id}/sound/{seq}"));
    view! {
        <div class="beat" data-from=from data-to=to data-sound=sound>
            {after_skip.then(|| view! { <p class="direction">"(Skipped.)"</p> })}
            {act}
            {before}
            <div class=if asks { "speech asks" } else { "speech" } id=format!("line-{seq}")>
                <p class="who">{who}</p>
                <div class="words">
                    <span class="said">{text}</span>
                    {cut.then_some(" \u{2014}")}
                    {corrected.then(|| view! { <span class="mended">"corrected"</span> })}
                </div>
                <p class="when">{clock_of(from)}</p>
            </div>
        </div>
    }
    .into_any()
}

/// What it is played by; of no use without scripts, which show it.
fn controls(length: i64) -> AnyView {
    view! {
        <div class="replay-bar" id="replay-bar" role="group" aria-label="Replay" hidden>
            <button class="button" type="button" id="replay-play">
                "Play"
            </button>
            <button class="link" type="button" id="replay-back">
                "Line before"
            </button>
            <button class="link" type="button" id="replay-next">
                "Next line"
            </button>
            <input type="range" id="replay-place" min="0" max=length step="100" value="0" aria-label="Place in the interview" />
            <span id="replay-time">{format!("0:00 of {}", clock_of(length))}</span>
            <label>
                "Speed "
                <select id="replay-speed">
                    <option value="1">"1\u{d7}"</option>
                    <option value="2">"2\u{d7}"</option>
                    <option value="4">"4\u{d7}"</option>
                </select>
            </label>
        </div>
    }
    .into_any()
}
