//! `/`: what this is, the form that starts an interview, and the earlier ones.

use interview::Seniority;
use leptos::prelude::*;

use super::{bar, colophon, how_link, lost, title};
use crate::AppError;
use crate::api::{HomeView, Returned};
use crate::view::SummaryView;

/// The page.
pub(super) fn page(query: String) -> AnyView {
    title("InterviewOS \u{2013} practise the interview before the interview");
    let home = OnceResource::new_blocking(load(query));
    view! {
        {bar(None, how_link())}
        <Suspense>
            {move || Suspend::new(async move {
                match home.await {
                    Ok(home) => shown(home),
                    Err(error) => lost::error(&error),
                }
            })}
        </Suspense>
    }
    .into_any()
}

/// On the server; the browser finds the result in the document.
async fn load(query: String) -> Result<HomeView, AppError> {
    #[cfg(feature = "ssr")]
    {
        let again = query.split('&').find_map(|pair| pair.strip_prefix("again=")).unwrap_or("").to_owned();
        crate::api::load_home(again).await
    }
    #[cfg(not(feature = "ssr"))]
    {
        drop(query);
        Err(AppError::Failed)
    }
}

fn shown(home: HomeView) -> AnyView {
    let earlier = (!home.earlier.is_empty()).then(|| earlier(home.earlier, home.about.keep_days));
    view! {
        <main id="main" class="home">
            <div class="home-start">
                <h1>"Practise the interview before the interview."</h1>
                <p class="lead">"An interviewer that listens, asks about what you actually said, and keeps every word."</p>
                {form(home.form, home.plans, home.about.voice, home.about.slow_note())}
                {colophon(&home.about)}
            </div>
            {earlier}
        </main>
    }
    .into_any()
}

fn form(form: Returned, plans: Vec<crate::view::PlanView>, voice: bool, slow: Option<String>) -> AnyView {
    let Returned { problem, name, role, seniority, plan, cv, job_description, mode, .. } = form;
    let problem = (!problem.is_empty()).then(|| view! { <p class="problem" role="alert">{problem}</p> });
    let level = Seniority::parse(&seniority).unwrap_or_default();
    let levels = Seniority::ALL
        .map(|s| view! { <option value=s.key() selected=s == level>{label(s)}</option> })
        .collect_view();
    let plans = plans
        .into_iter()
        .map(|p| view! { <option value=p.id.clone() selected=p.id == plan>{p.label}</option> })
        .collect_view();
    let talks = voice && mode == "voice";
    let talk_note = match (voice, slow) {
        (false, _) => "Not on this server".to_owned(),
        (true, Some(slow)) => slow,
        (true, None) => "Out loud, by microphone".to_owned(),
    };
    let submitted = StoredValue::new(0.0_f64);
    view! {
        <form
            class="start"
            method="post"
            action="/api/start_interview"
            on:submit=move |event| {
                // A double click starts one interview.
                #[cfg(feature = "hydrate")]
                if crate::live::too_soon(submitted) {
                    event.prevent_default();
                }
                #[cfg(not(feature = "hydrate"))]
                let _ = (event, submitted);
            }
        >
            {problem}
            <div class="field">
                <label for="name">"Your name"</label>
                <input id="name" name="name" value=name required maxlength="80" autocomplete="given-name" />
            </div>
            <div class="field">
                <label for="role">"Role"</label>
                <input
                    id="role"
                    name="role"
                    value=role
                    required
                    maxlength="120"
                    autocomplete="organization-title"
                    placeholder="The one you are applying for"
                />
            </div>
            <div class="field">
                <label for="seniority">"Level"</label>
                <select id="seniority" name="seniority">
                    {levels}
                </select>
            </div>
            <div class="field">
                <label for="plan">"Plan"</label>
                <select id="plan" name="plan">
                    {plans}
                </select>
            </div>
            {pasted("cv", "CV", cv)}
            {pasted("job_description", "Job description", job_description)}
            <p id="pasted" class="field-note soft">
                "Both are optional; they make the questions yours."
            </p>
            <fieldset class="mode">
                <legend class="visually-hidden">"How to answer"</legend>
                <label class="mode-choice" class:mode-off=!voice>
                    <input type="radio" name="mode" value="voice" disabled=!voice checked=talks />
                    <span class="mode-name">"Talk"</span>
                    <span class="mode-note">{talk_note}</span>
                </label>
                <label class="mode-choice">
                    <input type="radio" name="mode" value="text" checked=!talks />
                    <span class="mode-name">"Type"</span>
                    <span class="mode-note">"At your own pace"</span>
                </label>
            </fieldset>
            <div>
                <button class="button" type="submit">
                    "Begin"
                </button>
            </div>
        </form>
    }
    .into_any()
}

fn pasted(name: &'static str, label: &'static str, text: String) -> AnyView {
    view! {
        <div class="field">
            <label for=name>{label}</label>
            <textarea
                id=name
                name=name
                rows="2"
                maxlength="20000"
                aria-describedby="pasted"
                placeholder="Paste here, or drop a text file"
                on:drop=move |event| {
                    #[cfg(feature = "hydrate")]
                    crate::live::drop_text(&event);
                    #[cfg(not(feature = "hydrate"))]
                    let _ = event;
                }
            >
                {text}
            </textarea>
        </div>
    }
    .into_any()
}

fn label(level: Seniority) -> &'static str {
    match level {
        Seniority::Student => "Student",
        Seniority::Junior => "Junior",
        Seniority::Mid => "Mid-level",
        Seniority::Senior => "Senior",
        Seniority::Lead => "Lead",
    }
}

fn earlier(list: Vec<SummaryView>, keep_days: u32) -> AnyView {
    let many = list.len() > 1;
    let items = list.into_iter().map(item).collect_view();
    view! {
        <section class="earlier" aria-labelledby="earlier">
            <h2 id="earlier">"Earlier"</h2>
            <p class="earlier-kept">{format!("Every line is kept on the machine that runs this page. {}", super::kept_for(keep_days))}</p>
            <ul>{items}</ul>
            {many.then(delete_all)}
        </section>
    }
    .into_any()
}

fn delete_all() -> AnyView {
    view! {
        <details class="sure earlier-all">
            <summary>"Delete all"</summary>
            <form method="post" action="/api/delete_interviews">
                "All interviews of this browser go for good, those under way too. "
                <button class="link" type="submit">
                    "Delete all of them"
                </button>
            </form>
        </details>
    }
    .into_any()
}

fn item(s: SummaryView) -> AnyView {
    let page = if s.open { format!("/interview/{}#now", s.id) } else { format!("/interview/{}", s.id) };
    let export = format!("/interview/{}/export?format=md", s.id);
    let about = format!(": {}, {}", s.title, s.note);
    let hidden = move || view! { <span class="visually-hidden">{about.clone()}</span> };
    view! {
        <li>
            <p class="earlier-title">{s.title}</p>
            <p class="earlier-note">{s.note}</p>
            <div class="earlier-do">
                <a href=page>{if s.open { "Go on" } else { "Read" }} {hidden()}</a>
                <a class="quiet" href=export download="">
                    "Export"
                    {hidden()}
                </a>
                <details class="sure">
                    <summary>"Delete" {hidden()}</summary>
                    <form method="post" action="/api/delete_interview">
                        <input type="hidden" name="id" value=s.id />
                        "All of it goes for good. "
                        <button class="link" type="submit">
                            "Delete it"
                        </button>
                    </form>
                </details>
            </div>
        </li>
    }
    .into_any()
}
