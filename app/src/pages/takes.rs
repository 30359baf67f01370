//! `/interview/:id/takes`: a take beside another one of the same question. Whole as the server makes it; no script takes it
//! over.

use interview::{Message, RetakeManner, Speaker};
use leptos::prelude::*;
use report::{AnswerDifference, Aspect, AspectMark, Comparison, Quotation, Take};

use super::{Tab, again, bar, bar_links, lost, notes_of, tabs, title};
use crate::view::{SideView, TakesView, take_name};

/// The page; `with=3` in the query names the take to stand beside.
pub(super) fn page(id: String, query: &str) -> AnyView {
    let with = query.split('&').find_map(|pair| pair.strip_prefix("with=")?.parse().ok());
    view! {
        <Suspense>
            {move || {
                let id = id.clone();
                Suspend::new(async move {
                    match crate::api::load_takes(&id, with).await {
                        Ok(takes) => shown(takes),
                        Err(error) => lost::error(&error),
                    }
                })
            }}
        </Suspense>
    }
    .into_any()
}

fn shown(takes: TakesView) -> AnyView {
    title(&format!("{}: {} \u{2013} InterviewOS", takes.name, takes.title));
    let about = view! {
        <p class="bar-about">
            <a href=format!("/interview/{}", takes.id)>{takes.title.clone()}</a>
        </p>
    };
    let problem = (!takes.problem.is_empty())
        .then(|| view! { <p class="problem" role="alert">{takes.problem.clone()}</p> });
    view! {
        {bar(Some(about.into_any()), bar_links())}
        <main id="main" class="takes">
            {tabs(&takes.id, Tab::Takes, true)}
            <header class="takes-head">
                <h1 id="takes" tabindex="-1">
                    <span class="act-part">{takes.scene.clone()}</span>
                    " "
                    <span class="act-title">{takes.name.clone()}</span>
                </h1>
            </header>
            <div class="speech asks">
                <p class="who">"Interviewer"</p>
                <div class="words">
                    <span class="said">{takes.question.clone()}</span>
                </div>
            </div>
            {beside(&takes)}
            {problem}
            {go_on(&takes)}
            {all(&takes)}
        </main>
    }
    .into_any()
}

/// The two takes and what is different, or why there is nothing to compare.
fn beside(takes: &TakesView) -> AnyView {
    let Some((one, other, comparison)) = &takes.beside else {
        let why = match (takes.answer, takes.takes.len()) {
            (None, _) => "This take is not answered yet.",
            (Some(_), 0 | 1) => "There is no other take of this question here.",
            (Some(_), _) => "The other take of this question is not answered yet.",
        };
        return view! { <p class="stated takes-sentence">{why}</p> }.into_any();
    };
    let quotes = |of: fn(&AnswerDifference) -> &[Quotation]| -> Vec<&Quotation> {
        comparison.changes.iter().flat_map(of).collect()
    };
    view! {
        <div class="sides">
            {side(one, &comparison.first, &quotes(AnswerDifference::first))} {side(other, &comparison.second, &quotes(AnswerDifference::second))}
        </div>
        <p class="stated takes-sentence">{comparison.sentence()}</p>
        {evidence(comparison)}
    }
    .into_any()
}

/// One take: what was said, with the words marked that make the difference, and what there is of each element.
fn side(side: &SideView, take: &Take, quotes: &[&Quotation]) -> AnyView {
    let head = format!("take-{}", side.number);
    let labelled = head.clone();
    let lines = side
        .messages
        .iter()
        .map(|message| match message.speaker {
            Speaker::Interviewer => view! { <p class="asked">{message.text.clone()}</p> }.into_any(),
            Speaker::Candidate => view! { <p class="told">{marked(message, quotes)}</p> }.into_any(),
        })
        .collect_view();
    let found = found(take);
    view! {
        <section class="side" aria-labelledby=labelled>
            <h2 id=head>{side.head.clone()}</h2>
            {lines}
            {(!found.is_empty()).then(|| view! { <p class="pencil">{found}</p> })}
        </section>
    }
    .into_any()
}

/// An answer, in which the words that make the difference are marked.
fn marked(message: &Message, quotes: &[&Quotation]) -> AnyView {
    let mut places: Vec<_> =
        quotes.iter().filter(|quote| quote.seq() == message.seq).map(|quote| quote.place()).collect();
    places.sort_by_key(|place| (place.start, place.end));
    let text = |from: usize, to: usize| message.text.get(from..to).unwrap_or_default().to_owned();
    // An empty text is written as a blank, which would show.
    let some = |text: String| (!text.is_empty()).then(|| text.into_any());
    let mut parts: Vec<AnyView> = Vec::new();
    let mut at = 0;
    for place in places {
        let from = place.start.max(at);
        if from < place.end {
            parts.extend(some(text(at, from)));
            parts.push(view! { <mark>{text(from, place.end)}</mark> }.into_any());
            at = place.end;
        }
    }
    parts.extend(some(text(at, message.text.len())));
    parts.collect_view().into_any()
}

/// "Found: situation, what you did. Partly: number. Not found: result."
fn found(take: &Take) -> String {
    let of = |name: &str, fits: fn(&AspectMark) -> bool| {
        let all: Vec<String> =
            take.marks.iter().filter(|(_, mark)| fits(mark)).map(|(aspect, _)| lower(*aspect)).collect();
        (!all.is_empty()).then(|| format!("{name}: {}.", all.join(", ")))
    };
    let parts = [
        of("Found", AspectMark::is_said),
        of("Partly", |mark| matches!(mark, AspectMark::Partly(_))),
        of("Not found", AspectMark::is_missing),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

fn lower(aspect: Aspect) -> String {
    aspect.label().to_lowercase()
}

/// What each difference rests on.
fn evidence(comparison: &Comparison) -> AnyView {
    let items = comparison
        .changes
        .iter()
        .map(|change| {
            let quote = change.second().first().or(change.first().first());
            let rests = match (quote, change.counts()) {
                (Some(quote), _) => view! { <q>{quote.text().to_owned()}</q> }.into_any(),
                (None, Some((before, after))) => format!("{before}, then {after}").into_any(),
                (None, None) => ().into_any(),
            };
            view! { <li>{change.text().to_owned()} ": " {rests}</li> }
        })
        .collect_view();
    view! {
        <ul class="paper takes-why">{items}</ul>
        <p class="notes-note takes-limits">"Found and counted in your own words. Which take is better is yours to say."</p>
    }
    .into_any()
}

/// The next take, and the ways back.
fn go_on(takes: &TakesView) -> AnyView {
    let next = takes.takes.iter().map(|(number, _)| *number).max().unwrap_or(1).max(takes.number) + 1;
    let open = (!takes.over).then(|| {
        view! {
            <a class="button" href=format!("/interview/{}#now", takes.id)>
                "Go on with this take"
            </a>
        }
    });
    let retry = takes.answer.filter(|_| takes.over).map(|answer| {
        let more = [RetakeManner::Harder, RetakeManner::Strict]
            .map(|manner| {
                view! {
                    <button class="link" type="submit" name="manner" value=manner.key()>
                        {again::label(manner)}
                    </button>
                }
            })
            .into_iter()
            .collect_view();
        view! {
            <form class="takes-next" method="post" action="/api/retry">
                <input type="hidden" name="id" value=takes.id.clone() />
                <input type="hidden" name="answer" value=answer />
                <input type="hidden" name="from" value="takes" />
                <button class="button" type="submit" name="manner" value=RetakeManner::Same.key()>
                    {take_name(next)}
                </button>
                {more}
                <div class="agains" inner_html=takes.voice.map(again::talk).unwrap_or_default()></div>
            </form>
        }
    });
    let back = takes.parent.as_ref().map(|parent| {
        view! {
            <a href=notes_of(parent)>"Back to the notes"</a>
            <a href=format!("/interview/{parent}#line-{}", takes.seq)>"See it in the transcript"</a>
        }
    });
    let export = |format: &str| format!("/interview/{}/export?format={format}", takes.id);
    view! {
        <div class="takes-do">
            {retry} <p class="end-do">
                {open} {back} <a href=export("md") download="">
                    "Export as Markdown"
                </a> <a href=export("json") download="">
                    "Export as JSON"
                </a>
            </p>
        </div>
    }
    .into_any()
}

/// All takes of the question; each stands beside this one where that is chosen.
fn all(takes: &TakesView) -> Option<AnyView> {
    let chosen = takes.beside.as_ref().map(|(one, ..)| one.number);
    let item = |(number, id): &(u32, String)| {
        let name = take_name(*number);
        let read = match number {
            1 => format!("/interview/{id}#line-{}", takes.seq),
            _ => format!("/interview/{id}"),
        };
        let place = if *number == takes.number {
            view! { <span class="soft">"this take"</span> }.into_any()
        } else if Some(*number) == chosen {
            view! { <span class="soft">"compared here"</span> }.into_any()
        } else {
            view! {
                <a href=format!("/interview/{}/takes?with={number}", takes.id)>
                    "compare"
                    <span class="visually-hidden">{format!(" the {} with this take", name.to_lowercase())}</span>
                </a>
            }
            .into_any()
        };
        view! {
            <li>
                <a href=read>{name}</a>
                " "
                {place}
            </li>
        }
    };
    (takes.takes.len() > 1).then(|| {
        view! {
            <section class="takes-all" aria-labelledby="all-takes">
                <h2 id="all-takes" class="entry-name">
                    "All takes"
                </h2>
                <ol>{takes.takes.iter().map(item).collect_view()}</ol>
            </section>
        }
        .into_any()
    })
}
