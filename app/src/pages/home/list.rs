//! The interviews that were held here before. Rendered by the server alone.

use leptos::prelude::*;

use crate::pages::kept_for;
use crate::view::SummaryView;

/// So many are named here; all of them have a page of their own.
const MOST: usize = 5;

pub(super) fn earlier(list: Vec<SummaryView>, keep_days: u32) -> AnyView {
    let all = list.len();
    let many = all > 1;
    let items = list.into_iter().take(MOST).map(item).collect_view();
    let rest =
        if all > MOST { format!("All {all} interviews") } else { "How they went over time".to_owned() };
    view! {
        <section class="earlier" aria-labelledby="earlier">
            <h2 id="earlier">"Your interviews"</h2>
            <p class="earlier-kept">{format!("Every line is kept on the machine that runs this page. {}", kept_for(keep_days))}</p>
            <ul>{items}</ul>
            <p class="earlier-rest">
                <a href="/interviews">{rest}</a>
            </p>
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
                "Every interview in this browser will be deleted, including unfinished ones. "
                <button class="link" type="submit">
                    "Delete all interviews"
                </button>
            </form>
        </details>
    }
    .into_any()
}

fn item(s: SummaryView) -> AnyView {
    let page = if s.open { format!("/interview/{}#now", s.id) } else { format!("/interview/{}", s.id) };
    let export = format!("/interview/{}/export?format=md", s.id);
    let about = format!(": {}, {}, ", s.title, s.note);
    let when = {
        let (at, day) = (s.at, s.day);
        // Put right by scripts: the browser's time zone may be another.
        move || view! { <time data-day=at>{day.clone()}</time> }
    };
    let hidden = || view! { <span class="visually-hidden">{about.clone()} {when()}</span> };
    view! {
        <li>
            <p class="earlier-title">{s.title}</p>
            <p class="earlier-note">{when()} ", " {s.note}</p>
            <div class="earlier-do">
                <a href=page>{if s.open { "Continue" } else { "Read" }} {hidden()}</a>
                <a class="quiet" href=export download="">
                    "Export"
                    {hidden()}
                </a>
                <details class="sure">
                    <summary>"Delete" {hidden()}</summary>
                    <form method="post" action="/api/delete_interview">
                        <input type="hidden" name="id" value=s.id />
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
