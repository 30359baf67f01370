//! What comes after the stories: the posting, the CV, competencies, delivery, and what was struck.

use leptos::prelude::*;
use report::{CompetencyLevel, PaperCoverage, source};

use super::{entry, leading, line, practise, put_back, quoted, statement, strike_button};
use crate::view::NotesView;

pub(super) fn shown(notes: &NotesView) -> AnyView {
    let made = &notes.report;
    let posting = made.posting.as_ref().map(|posting| {
        let ask = (!posting.not_heard.is_empty()).then(|| practise(notes, None));
        entry("Posting", view! { {paper(notes, posting, "Came up")} {ask} }.into_any(), None)
    });
    let cv = made.cv.as_ref().map(|cv| entry("CV", paper(notes, cv, "Came up"), None));
    let delivery = made.delivery.as_ref().map(|delivery| {
        let left_out = match delivery.left_out.as_slice() {
            [] => String::new(),
            [(_, harm)] => format!(" One answer is not counted: {}.", harm.words()),
            many => {
                let mut why: Vec<&str> = many.iter().map(|(_, harm)| harm.words()).collect();
                why.sort_unstable();
                why.dedup();
                format!(" {} answers are not counted: {}.", many.len(), why.join(", "))
            }
        };
        let counted = format!(
            "Based on {}, as transcribed. Of every 100 words in {}, {} were yours.{left_out}",
            match delivery.answers {
                1 => "one spoken answer".to_owned(),
                n => format!("{n} spoken answers"),
            },
            if delivery.answers == 1 { "that exchange" } else { "those exchanges" },
            delivery.share
        );
        let body = view! {
            {statement(notes, &delivery.statement)}
            <p class="notes-note">{counted}</p>
        };
        entry("Delivery", body.into_any(), None)
    });
    let any = posting.is_some() || cv.is_some() || delivery.is_some();
    let parts =
        any.then(|| view! { <section class="notes-part" aria-label="Papers and delivery">{posting} {cv} {delivery}</section> });
    view! { {parts} {competencies(notes)} {struck(notes)} }.into_any()
}

/// What was heard of a paper, and what was not.
fn paper(notes: &NotesView, paper: &PaperCoverage, heard: &'static str) -> AnyView {
    let items = paper
        .heard
        .iter()
        .map(|it| {
            let quote = it.quotes().first();
            view! {
                <li>
                    {it.text().to_owned()}
                    ": "
                    {quote.map(|quote| view! { <a href=line(notes, quote)>{quoted(quote)}</a> })}
                    " "
                    {strike_button(it, "This is wrong")}
                </li>
            }
        })
        .collect_view();
    let shown = (!paper.heard.is_empty()).then(|| {
        view! {
            <p class="stated">{heard} ":"</p>
            <ul class="paper">{items}</ul>
        }
    });
    let not_heard = (!paper.not_heard.is_empty())
        .then(|| view! { <p class="stated">{format!("Did not come up in these words: {}.", paper.not_heard.join("; "))}</p> });
    view! { {shown} {not_heard} }.into_any()
}

fn competencies(notes: &NotesView) -> Option<AnyView> {
    let all = &notes.report.competencies;
    if all.is_empty() {
        return None;
    }
    let rows = all
        .iter()
        .filter_map(|competency| Some((&competency.name, competency.shown.as_ref()?)))
        .map(|(name, (level, it))| {
            let quotes = it
                .quotes()
                .iter()
                .map(|quote| view! { <li><a href=line(notes, quote)>{quoted(quote)}</a></li> })
                .collect_view();
            view! {
                <div class="competency">
                    <dt>{name.clone()}</dt>
                    <dd>
                        <p class="level">{level.label()}</p>
                        <p>{it.text().to_owned()} " " {strike_button(it, "This is wrong")}</p>
                        <ul class="paper">{quotes}</ul>
                    </dd>
                </div>
            }
        })
        .collect_view();
    let others: Vec<&str> = all.iter().filter(|it| it.shown.is_none()).map(|it| it.name.as_str()).collect();
    let others = (!others.is_empty())
        .then(|| view! { <p class="soft not-enough">{format!("You didn\u{2019}t say enough about: {}.", others.join("; "))}</p> });
    Some(
        view! {
            <section class="notes-part competencies" aria-labelledby="competencies">
                <h2 id="competencies" class="entry-name">
                    "Competencies"
                </h2>
                <div class="entry-body">
                    <dl>{rows}</dl>
                    {others}
                    <p class="notes-note" hidden=all.iter().all(|it| it.shown.is_none())>
                        {{
                            let level = |level: CompetencyLevel| format!("{}: {}", level.label(), level.criteria());
                            let levels = [CompetencyLevel::Strong, CompetencyLevel::Sound, CompetencyLevel::Weak].map(level).join("; ");
                            format!("Each level goes by what we found in your best answer on it ({levels}). There is no total. {}", source())
                        }}
                    </p>
                </div>
            </section>
        }
        .into_any(),
    )
}

/// What the candidate has struck.
fn struck(notes: &NotesView) -> Option<AnyView> {
    let struck = &notes.report.struck;
    if struck.is_empty() {
        return None;
    }
    let items = struck
        .iter()
        .map(|it| {
            view! {
                <li>
                    <s>{leading(it)} {it.quotes().first().map(quoted)}</s>
                    " "
                    {put_back(it.id(), it.text())}
                </li>
            }
        })
        .collect_view();
    let n =
        if struck.len() == 1 { "One statement".to_owned() } else { format!("{} statements", struck.len()) };
    let body = view! {
        <details class="struck-list">
            <summary>{format!("{n}, not counted any more")}</summary>
            <ul class="paper">{items}</ul>
        </details>
    };
    Some(view! { <section class="notes-part" aria-label="Struck">{entry("Struck", body.into_any(), None)}</section> }.into_any())
}
