//! `/interviews`: all interviews of this browser, how they went over time, what to practise next. Whole as the server makes
//! it; no script takes it over.

mod claims;
mod over;

use leptos::prelude::*;

use super::{bar, bar_links, kept_for, lost, title};
use crate::api::{ReadPage, returned};
use crate::view::{DueView, InterviewRow, InterviewsView, LONGEST_LABEL};

/// The page. The words sought stand in the query.
pub(super) fn page(query: String) -> AnyView {
    let sought = form_urlencoded::parse(query.as_bytes()).find(|(key, _)| key == "find");
    let sought = sought.map(|(_, words)| words.into_owned()).unwrap_or_default();
    let form = returned(ReadPage::Interviews);
    view! {
        <Suspense>
            {move || {
                let (sought, form) = (sought.clone(), form.clone());
                Suspend::new(async move {
                    match crate::api::load_interviews(&sought, form).await {
                        Ok(all) => shown(all),
                        Err(error) => lost::error(&error),
                    }
                })
            }}
        </Suspense>
    }
    .into_any()
}

fn shown(all: InterviewsView) -> AnyView {
    title("Your interviews \u{2013} InterviewOS");
    let problem = (!all.problem.is_empty())
        .then(|| view! { <p class="problem" role="alert">{all.problem.clone()}</p> });
    let body = if all.all == 0 { none() } else { some(all) };
    view! {
        {bar(None, bar_links())}
        <main id="main" class="bill">
            <h1>"Your interviews"</h1>
            {problem}
            {body}
        </main>
    }
    .into_any()
}

/// For a browser that has held none.
fn none() -> AnyView {
    view! {
        <p class="bill-none">"No interviews yet. A five-minute one is enough to start."</p>
        <p>
            <a class="button" href="/?plan=quick">
                "Start five minutes"
            </a>
        </p>
    }
    .into_any()
}

fn some(all: InterviewsView) -> AnyView {
    let found = match (all.sought.trim(), all.rows.len()) {
        ("", _) => String::new(),
        (sought, 0) => format!("Nothing found for \u{201c}{sought}\u{201d}."),
        (sought, 1) => format!("One of {} found for \u{201c}{sought}\u{201d}.", all.all),
        (sought, n) => format!("{n} of {} found for \u{201c}{sought}\u{201d}.", all.all),
    };
    let found = (!found.is_empty()).then(|| {
        view! {
            <p class="bill-found" role="status">
                {found}
                " "
                <a href="/interviews">"Show all"</a>
            </p>
        }
    });
    let kept = kept_for(all.keep_days);
    let many = all.all > 1;
    let sought = all.sought.clone();
    let rows = all.rows.into_iter().map(row).collect_view();
    view! {
        <form class="bill-find" method="get" action="/interviews" role="search">
            <label for="find">"Find an interview"</label>
            <input id="find" type="search" name="find" value=sought maxlength="120" />
            <button class="link" type="submit">
                "Find"
            </button>
        </form>
        {found}
        <ul class="bill-list">{rows}</ul>
        {(!all.due.is_empty()).then(|| due(all.due))}
        {all.over.map(over::shown)}
        {all.ledger.map(claims::shown)}
        <footer class="bill-foot">
            <p>{format!("Every line is kept on the machine that runs this page. {kept}")}</p>
            {many.then(delete_all)}
        </footer>
    }
    .into_any()
}

fn row(row: InterviewRow) -> AnyView {
    let InterviewRow { id, title, label, day, moment, note, open, begun, comments } = row;
    let page = if open { format!("/interview/{id}#now") } else { format!("/interview/{id}") };
    let (about, field) = (format!(": {title}, {day}"), format!("label-{id}"));
    let hidden = || view! { <span class="visually-hidden">{about.clone()}</span> };
    let (place, again) = (format!("interview-{id}"), format!("/?again={id}"));
    let notes = begun.then(|| view! { <a href=super::notes_of(&id)>"Notes" {hidden()}</a> });
    let share = begun.then(|| {
        let words = match comments {
            0 => "Share".to_owned(),
            1 => "One comment".to_owned(),
            n => format!("{n} comments"),
        };
        view! { <a href=format!("/interview/{id}/share")>{words} {hidden()}</a> }
    });
    view! {
        <li id=place>
            <p class="bill-day">
                <time datetime=moment>{day}</time>
            </p>
            <div class="bill-what">
                <h2>{title}</h2>
                <p class="bill-note">{note}</p>
            </div>
            <div class="bill-do">
                <a href=page>{if open { "Continue" } else { "Read" }} {hidden()}</a>
                {notes}
                {share}
                <a href=again>"Again" {hidden()}</a>
                <details class="sure">
                    <summary>"Name\u{2026}" {hidden()}</summary>
                    <form method="post" action="/api/label_interview">
                        <input type="hidden" name="id" value=id.clone() />
                        <label for=field.clone()>"What you call it"</label>
                        <input id=field type="text" name="label" value=label maxlength=LONGEST_LABEL.to_string() />
                        <button class="link" type="submit">
                            "Save"
                        </button>
                    </form>
                </details>
                <details class="sure">
                    <summary>"Delete\u{2026}" {hidden()}</summary>
                    <form method="post" action="/api/delete_interview">
                        <input type="hidden" name="id" value=id />
                        <input type="hidden" name="from" value="interviews" />
                        "This cannot be undone. "
                        <button class="link" type="submit">
                            "Delete interview"
                        </button>
                    </form>
                </details>
            </div>
        </li>
    }
    .into_any()
}

/// What to practise next: one thing with a button, and what comes after it.
fn due(due: Vec<DueView>) -> AnyView {
    let mut due = due.into_iter();
    let first = due.next().map(|first| {
        view! {
            <div class="bill-next">
                <h3 class="entry-name">{first.name.clone()}</h3>
                <div>
                    <p class="stated">{format!("{} {}", first.reason, first.when)}</p>
                    <form class="practise" method="post" action="/api/practise">
                        <input type="hidden" name="id" value=first.id />
                        <input type="hidden" name="topic" value=first.topic />
                        <input type="hidden" name="element" value=first.element />
                        <input type="hidden" name="from" value="interviews" />
                        <button class="button" type="submit">
                            "Practise it now"
                        </button>
                    </form>
                </div>
            </div>
        }
    });
    let later: Vec<DueView> = due.collect();
    let later = (!later.is_empty()).then(|| {
        let items = later
            .into_iter()
            .map(|it| view! { <li>{format!("{}: {} {}", it.name, it.reason, it.when)}</li> })
            .collect_view();
        view! {
            <p class="bill-note">"After that:"</p>
            <ul class="bill-later">{items}</ul>
        }
    });
    view! {
        <section class="bill-part" aria-labelledby="next">
            <h2 id="next">"Practise next"</h2>
            {first}
            {later}
            <p class="bill-note">
                "What your stories rarely have comes up again soon; what they always have comes up less and less often."
            </p>
        </section>
    }
    .into_any()
}

fn delete_all() -> AnyView {
    view! {
        <details class="sure">
            <summary>"Delete all\u{2026}"</summary>
            <form method="post" action="/api/delete_interviews">
                <input type="hidden" name="from" value="interviews" />
                "Every interview in this browser will be deleted, including unfinished ones. "
                <button class="link" type="submit">
                    "Delete all interviews"
                </button>
            </form>
        </details>
    }
    .into_any()
}
