//! `/interview/:id/report`: notes on the performance. Whole as the server makes it; no script takes it over.

mod after;
mod judged;
mod stories;

use leptos::prelude::*;
use report::{NextPractice, Quotation, Statement};

use super::{Tab, bar, bar_links, lost, tabs, title};
use crate::view::NotesView;

/// The page.
pub(super) fn page(id: String) -> AnyView {
    view! {
        <Suspense>
            {move || {
                let id = id.clone();
                Suspend::new(async move {
                    match crate::api::load_notes(&id).await {
                        Ok(notes) => shown(notes),
                        Err(error) => lost::error(&error),
                    }
                })
            }}
        </Suspense>
    }
    .into_any()
}

fn shown(notes: NotesView) -> AnyView {
    title(&format!("Notes: {} \u{2013} InterviewOS", notes.title));
    let about = view! {
        <p class="bar-about">
            <a href=format!("/interview/{}", notes.id)>{notes.title.clone()}</a>
        </p>
    };
    let running = (!notes.over).then(|| {
        view! {
            <p class="notes-note">
                "The interview is still under way. " <a href=format!("/interview/{}#now", notes.id)>"Go on with it"</a>
            </p>
        }
    });
    let problem = (!notes.problem.is_empty())
        .then(|| view! { <p class="problem" role="alert">{notes.problem.clone()}</p> });
    view! {
        {bar(Some(about.into_any()), bar_links())}
        <main id="main" class="notes">
            {tabs(&notes.id, Tab::Notes, notes.is_take)}
            <header class="notes-head">
                <h1 id="notes" tabindex="-1">
                    "Notes on the performance"
                </h1>
                <p class="notes-about">{notes.about.clone()}</p>
                {running} {problem}
            </header>
            {headline(&notes)}
            {stories::shown(&notes)}
            {judged::shown(&notes)}
            {after::shown(&notes)}
            <form id="strike" method="post" action="/api/strike">
                <input type="hidden" name="id" value=notes.id.clone() />
            </form>
            {foot(&notes)}
        </main>
    }
    .into_any()
}

/// Keep, work on, next.
fn headline(notes: &NotesView) -> AnyView {
    let made = &notes.report;
    let keep = made.keep.as_ref().map(|it| entry("Keep", statement(notes, it), when(notes, it)));
    let work_on = made.work_on.as_ref().map(|it| entry("Work on", statement(notes, it), when(notes, it)));
    let next = made.next.as_ref().map(|next| {
        let practise = (next.answer.is_some() || !next.topic.is_empty()).then(|| practise(notes, Some(next)));
        let body = view! { {statement(notes, &next.statement)} {practise} };
        entry("Next", body.into_any(), when(notes, &next.statement))
    });
    let nothing = (keep.is_none() && work_on.is_none() && next.is_none()).then(|| {
        let why = match made.answers {
            0 => "No answer was given, so there is nothing to note yet.",
            _ => "We found no story here that says both what you did and what came of it.",
        };
        entry("Notes", view! { <p class="stated">{why}</p> }.into_any(), None)
    });
    view! { <section class="notes-part" aria-label="In short">{keep} {work_on} {next} {nothing}</section> }
        .into_any()
}

/// Something with its name in the margin, and when it was said in the other one.
fn entry(name: &'static str, what: AnyView, when: Option<AnyView>) -> AnyView {
    view! {
        <div class="entry">
            <h2 class="entry-name">{name}</h2>
            <div class="entry-body">{what}</div>
            {when}
        </div>
    }
    .into_any()
}

/// When the words were said that a statement rests on first.
fn when(notes: &NotesView, it: &Statement) -> Option<AnyView> {
    let seq = it.quotes().first()?.seq();
    let message = notes.messages.iter().find(|message| message.seq == seq)?;
    let (moment, clock) = crate::view::moment(message.at);
    let time = view! {
        <p class="entry-when">
            <time class="clock" datetime=moment>
                {clock}
            </time>
        </p>
    };
    Some(time.into_any())
}

/// A sentence in the serif, its first quotation in italics, and what can be done with it.
fn statement(notes: &NotesView, it: &Statement) -> AnyView {
    let quotes = it.quotes();
    let first = quotes.first().map(quoted);
    let lines = match quotes {
        [one] => view! { <a href=line(notes, one)>"see it in the transcript"</a> }.into_any(),
        many => {
            let links = many
                .iter()
                .enumerate()
                .map(|(n, quote)| {
                    view! {
                        " "
                        <a href=line(notes, quote) aria-label=format!("Place {}: line {}", n + 1, quote.seq())>
                            {n + 1}
                        </a>
                    }
                })
                .collect_view();
            view! { <span class="places">"see it in the transcript:" {links}</span> }.into_any()
        }
    };
    view! {
        <p class="stated">{leading(it)} {first}</p>
        <p class="note-do">{lines} {strike_button(it, "This is wrong")}</p>
    }
    .into_any()
}

/// A statement as it stands before the words that it rests on.
fn leading(it: &Statement) -> String {
    let text = it.text();
    if text.ends_with(['.', '?', '!']) { format!("{text} ") } else { format!("{text}: ") }
}

/// Words of the candidate's.
fn quoted(quote: &Quotation) -> AnyView {
    view! { <q>{quote.text().to_owned()}</q> }.into_any()
}

/// Where a quotation stands in the transcript.
fn line(notes: &NotesView, quote: &Quotation) -> String {
    format!("/interview/{}#line-{}", notes.id, quote.seq())
}

/// Strikes a statement.
fn strike_button(it: &Statement, label: &'static str) -> AnyView {
    view! {
        <button
            class="link wrong"
            type="submit"
            form="strike"
            name="statement"
            value=it.id().to_owned()
            aria-label=format!("This is wrong: {}", it.text())
        >
            {label}
        </button>
    }
    .into_any()
}

/// Takes a strike back.
fn put_back(statement: &str, named: &str) -> AnyView {
    view! {
        <button
            class="link wrong"
            type="submit"
            form="strike"
            formaction="/api/unstrike"
            name="statement"
            value=statement.to_owned()
            aria-label=format!("Put it back: {named}")
        >
            "Put it back"
        </button>
    }
    .into_any()
}

/// Begins what practises the story that is to be told again, else what did not come up of the posting.
fn practise(notes: &NotesView, next: Option<&NextPractice>) -> AnyView {
    let (class, label) = if next.is_some() { ("button", "Practise this") } else { ("link", "Ask me these") };
    let field = |name: &'static str, value: String| view! { <input type="hidden" name=name value=value /> };
    let next = next.map(|next| {
        let answer = next.answer.map(|answer| field("answer", answer.to_string()));
        view! {
            {answer} {field("topic", next.topic.clone())}
            {field("element", next.aspect.key().to_owned())}
        }
    });
    view! {
        <form class="practise" method="post" action="/api/practise">
            <input type="hidden" name="id" value=notes.id.clone() />
            {next}
            <button class=class type="submit">
                {label}
            </button>
        </form>
    }
    .into_any()
}

fn foot(notes: &NotesView) -> AnyView {
    let export = |format: &str| format!("/interview/{}/export?format={format}", notes.id);
    view! {
        <footer class="notes-foot">
            <p class="end-do">
                <a class="button" href=format!("/?again={}", notes.id)>
                    "Practise again"
                </a>
                <button class="link print" type="button" hidden>
                    "Print"
                </button>
                <a href=export("md") download="">
                    "Export as Markdown"
                </a>
                <a href=export("json") download="">
                    "Export as JSON"
                </a>
                <a href=export("zip") download="">
                    "Export as zip"
                </a>
            </p>
            <p class="notes-limits">
                "Everything here was found in your own words. What these notes cannot judge: whether it is true, your tone, your body language. There is no overall score, on purpose."
            </p>
        </footer>
    }
    .into_any()
}
