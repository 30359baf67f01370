//! `/interview/:id`: the transcript, and the composer or the end.

#[cfg(feature = "ssr")]
use interview::Speaker;
use interview::{EndReason, Status};
use leptos::prelude::*;

use super::voice::{VoiceSlot, place};
use super::{
    Tab, bar, bar_links, composer, lost, notes_of, render_static, tabs, takes_of, title, transcript,
};
use crate::AppError;
use crate::api::InterviewPage;
use crate::state::PageState;
use crate::view::{InterviewView, OriginView, title_of};

/// The page.
pub(super) fn page(id: String) -> AnyView {
    let page = OnceResource::new_blocking(load(id));
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                match page.await {
                    Ok(page) => shown(page),
                    Err(error) => lost::error(&error),
                }
            })}
        </Suspense>
    }
    .into_any()
}

/// On the server; the browser finds the result in the document.
#[cfg_attr(not(feature = "ssr"), expect(clippy::unused_async, reason = "the browser waits for nothing"))]
async fn load(id: String) -> Result<InterviewPage, AppError> {
    #[cfg(feature = "ssr")]
    {
        crate::api::load_interview(id).await
    }
    #[cfg(not(feature = "ssr"))]
    {
        drop(id);
        Err(AppError::Failed)
    }
}

fn shown(page: InterviewPage) -> AnyView {
    let about = title_of(&page.interview.role, &page.interview.seniority);
    title(&format!("{about} \u{2013} InterviewOS"));
    let state = PageState::new(&page);
    let over = Memo::new(move |_| state.view.with(|v| v.status.is_completed()));
    let id = page.interview.id.clone();
    let notes_id = id.clone();
    // A correction that was not taken goes back to where it was written.
    let text = if page.form.corrects.is_some() { String::new() } else { page.form.text };
    // Where there is no composer any more, what a button was refused for is said above.
    let problem = if page.interview.status.is_completed() { page.form.problem } else { String::new() };
    let (note, sound) = (page.note, page.sound);
    let (is_take, origin) = (page.is_take, page.origin);
    // Effects run in the browser alone.
    #[cfg(feature = "hydrate")]
    Effect::new(move |_| crate::live::begin(state));
    // Without scripts nothing brings a reply that is being written: the page is asked for again.
    let again = page.interview.replying.then(|| {
        view! { <noscript inner_html="<meta http-equiv=\"refresh\" content=\"2\">"></noscript> }
    });
    let heading = view! {
        <h1 class="bar-about">
            <span class="visually-hidden">"Interview: "</span>
            {about}
        </h1>
    };
    let finishing = {
        let id = id.clone();
        move || if over.get() { bar_links() } else { finish(state, id.clone()) }
    };
    view! {
        {bar(Some(heading.into_any()), finishing.into_any())}
        {again}
        <main id="main" class="interview">
            {move || over.get().then(|| tabs(&notes_id, Tab::Transcript, is_take))}
            <div class="origin" inner_html=render_static(move || above(origin, problem))></div>
            {transcript::shown(state)}
            {move || {
                if over.get() { end(state, id.clone()) } else { composer::shown(state, id.clone(), text.clone(), note.clone(), sound) }
            }}
        </main>
        <div class="visually-hidden" aria-live="polite" aria-atomic="true">
            {move || state.announced.get()}
        </div>
    }
    .into_any()
}

/// Above the transcript: of a take its scene, with the first one folded; of a fork what it came from.
#[cfg(feature = "ssr")]
fn came_from(origin: Option<OriginView>) -> AnyView {
    let Some(OriginView { fork, parent, seq, scene, title, first }) = origin else { return ().into_any() };
    let link = parent.map(|parent| format!("/interview/{parent}#line-{seq}"));
    if fork {
        let from = match link {
            Some(line) => view! { <a href=line>"an earlier interview"</a> }.into_any(),
            None => "an earlier interview, which is deleted".into_any(),
        };
        return view! { <p class="direction came-from"><span>"This branches off from " {from} "."</span></p> }.into_any();
    }
    let lines = first.into_iter().map(|(speaker, text)| {
        let class = match speaker {
            Speaker::Interviewer => "asked",
            Speaker::Candidate => "told",
        };
        view! { <p class=class>{text}</p> }
    });
    let first = link.map(|line| {
        view! {
            <div class="direction first-take">
                <details>
                    <summary>"First take"</summary>
                    {lines.collect_view()}
                    <p>
                        <a href=line>"See it in the transcript"</a>
                    </p>
                </details>
            </div>
        }
    });
    view! {
        <h2 class="act">
            <span class="act-part">{scene}</span>
            " "
            <span class="act-title">{title}</span>
        </h2>
        {first}
    }
    .into_any()
}

/// What stands above the transcript. Rendered by the server alone.
#[cfg(feature = "ssr")]
fn above(origin: Option<OriginView>, problem: String) -> AnyView {
    let problem = (!problem.is_empty())
        .then(|| view! { <p class="direction problem" role="alert"><span>{problem}</span></p> });
    view! { {problem} {came_from(origin)} }.into_any()
}

#[cfg(not(feature = "ssr"))]
fn above(origin: Option<OriginView>, problem: String) -> AnyView {
    drop((origin, problem));
    ().into_any()
}

fn finish(state: PageState, id: String) -> AnyView {
    view! {
        <details class="sure sure-finish">
            <summary>"Finish\u{2026}"</summary>
            <form
                method="post"
                action="/api/finish"
                on:submit=move |event| {
                    event.prevent_default();
                    #[cfg(feature = "hydrate")]
                    crate::live::finish(state);
                }
            >
                <input type="hidden" name="id" value=id />
                <input type="hidden" name="turn_id" value=state.turn.get_untracked() />
                "End the interview? Your transcript is saved. "
                <button class="link" type="submit">
                    "End"
                </button>
            </form>
        </details>
    }
    .into_any()
}

/// After the last line: what can be done with the transcript.
fn end(state: PageState, id: String) -> AnyView {
    let (first, words) =
        if state.is_take { (takes_of(&id), "Compare the takes") } else { (notes_of(&id), "Read the notes") };
    // As HTML, which costs the wasm less than views.
    let export = format!("/interview/{id}/export?format=");
    let links = format!(
        r#"<a class="button" href="{first}">{words}</a><a href="/?again={id}">Practise again</a><a href="{export}md" download>Export as Markdown</a><a href="{export}json" download>Export as JSON</a><a href="{export}zip" download>Export as zip</a><a href="/interview/{id}/share">Share</a>"#
    );
    view! {
        <section class="end" aria-labelledby="end">
            <h2 id="end">"End"</h2>
            <p>{move || state.view.with(summing_up)}</p>
            <p class="end-do">
                <span class="agains" inner_html=links></span>
                {move || {
                    state
                        .live
                        .get()
                        .then(|| {
                            view! {
                                <button class="link" type="button" on:click=|_| drop(window().print())>
                                    "Print"
                                </button>
                            }
                        })
                }}
            </p>
        </section>
        // The goodbye is heard to its end.
        <div class="foot">{place(state, VoiceSlot::Strip)}</div>
    }
    .into_any()
}

/// "You gave 9 answers in 18 minutes."
fn summing_up(v: &InterviewView) -> String {
    let answers = v.messages.iter().filter(|m| m.answers.is_some()).count();
    let first = v.messages.first().map_or(v.created_at, |m| m.at);
    let last = v.messages.last().map_or(first, |m| m.at);
    let minutes = ((last - first).max(0) + 30_000) / 60_000;
    let said = match answers {
        0 => "You gave no answer this time".to_owned(),
        1 => "You gave one answer".to_owned(),
        n => format!("You gave {n} answers"),
    };
    let long = match minutes {
        1 => " in a minute".to_owned(),
        2..=240 if answers > 0 => format!(" in {minutes} minutes"),
        _ => String::new(),
    };
    let closed = match v.status {
        Status::Completed(EndReason::Abandoned) => " The interview was closed after a long silence.",
        Status::Completed(EndReason::Finished | EndReason::Asked)
        | Status::Ready
        | Status::Active
        | Status::Paused => "",
    };
    format!("{said}{long}.{closed} Your transcript is saved here.")
}
