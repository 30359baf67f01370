//! The stories: a row each with what there is of it, which opens to the words.

use interview::{Message, Modality, Speaker, answered};
use leptos::prelude::*;
use report::{Aspect, AspectMark, Harm, Measures, Quotation, Story, StorylessReply, length};

use super::{leading, line, put_back, quoted, strike_button};
use crate::pages::again::{self, again};
use crate::pages::beside::player;
use crate::view::NotesView;

/// All of them, and the other questions.
pub(super) fn shown(notes: &NotesView) -> AnyView {
    let made = &notes.report;
    let stories = (!made.stories.is_empty()).then(|| {
        let heads = Aspect::ALL.map(|aspect| view! { <span>{aspect.label()}</span> }).collect_view();
        let rows = made.stories.iter().map(|story| row(notes, story)).collect_view();
        view! {
            <section class="notes-part stories" aria-labelledby="stories">
                <h2 id="stories" class="visually-hidden">
                    "Your stories"
                </h2>
                <p class="story-heads" aria-hidden="true">
                    <span>"Story"</span>
                    {heads}
                </p>
                <ol class="story-list">{rows}</ol>
            </section>
        }
    });
    let replies = (!made.replies.is_empty()).then(|| {
        let rows = made.replies.iter().map(|reply| other(notes, reply)).collect_view();
        view! {
            <section class="notes-part stories others" aria-labelledby="others">
                <h2 id="others" class="entry-name">
                    "Also asked"
                </h2>
                <ul class="story-list">{rows}</ul>
            </section>
        }
    });
    view! { {stories} {replies} }.into_any()
}

/// The name of a mark, as a class and in words.
fn mark_words(mark: &AspectMark) -> (&'static str, &'static str) {
    match mark {
        AspectMark::Said(_) => ("said", "said"),
        AspectMark::Partly(_) => ("partly", "partly"),
        AspectMark::Unclear => ("unclear", "unclear"),
        AspectMark::NotFound(_) => ("not-found", "not found"),
        AspectMark::Struck => ("struck", "struck"),
    }
}

fn row(notes: &NotesView, story: &Story) -> AnyView {
    let marks = Aspect::ALL
        .into_iter()
        .map(|aspect| {
            let Some(mark) = story.mark(aspect) else {
                return view! { <span class="mark"></span> }.into_any();
            };
            let (class, words) = mark_words(mark);
            view! {
                <span class=format!("mark {class}")>
                    <span class="mark-of">{aspect.label()} ": "</span>
                    <span class="dot" aria-hidden="true"></span>
                    {words}
                </span>
            }
            .into_any()
        })
        .collect_view();
    view! {
        <li>
            <details class="story">
                <summary>
                    <span class="story-title">
                        <strong>{story.title.clone()}</strong>
                        <span class="story-begins">{quoted(&story.begins)}</span>
                        <span class="story-long">{long(&story.measures)}</span>
                    </span>
                    {marks}
                </summary>
                <div class="story-open">
                    {exchange(notes, story)}
                    <dl class="elements">{story.marks.iter().map(|(aspect, mark)| element(story, *aspect, mark)).collect_view()}</dl>
                    {counted(&story.measures)}
                    {shape(story)}
                    <p class="note-do">
                        <a href=line(notes, &story.begins)>"see it in the transcript"</a>
                    </p>
                </div>
            </details>
        </li>
    }
    .into_any()
}

/// "128 words", "128 words, 1 min 40 s".
fn long(measures: &Measures) -> String {
    let words = if measures.words == 1 { "1 word".to_owned() } else { format!("{} words", measures.words) };
    measures.spoke_ms.map_or(words.clone(), |spoke| format!("{words}, {}", length(spoke)))
}

/// The question, what followed it, and the answers with what carries each element marked.
fn exchange(notes: &NotesView, story: &Story) -> AnyView {
    let last = story.answers.last().copied().unwrap_or(story.question);
    let carried: Vec<(Aspect, &Quotation)> = story
        .marks
        .iter()
        .filter_map(|(aspect, mark)| Some((*aspect, mark.supporting_quotation()?)))
        .collect();
    notes
        .messages
        .iter()
        .filter(|message| (story.question..=last).contains(&message.seq))
        .map(|message| match message.speaker {
            Speaker::Interviewer => view! { <p class="asked">{message.text.clone()}</p> }.into_any(),
            Speaker::Candidate => {
                let correct =
                    interview::may_correct(&notes.messages, message.seq).then(|| correct(notes, message));
                view! {
                    <p class="told">{marked(message, &carried)} {correct}</p>
                    {heard(notes, message.seq)}
                    {retry(notes, message)}
                }
                .into_any()
            }
        })
        .collect_view()
        .into_any()
}

/// That an answer was corrected, and the way to where it is.
fn correct(notes: &NotesView, message: &Message) -> AnyView {
    let corrected = message.original.as_ref().map(|_| view! { <span class="soft">"corrected, "</span> });
    view! {
        <span class="mend">
            {corrected} <a href=format!("/interview/{}#said-{}", notes.id, message.seq)>
                "correct"
                <span class="visually-hidden">" this answer"</span>
            </a>
        </span>
    }
    .into_any()
}

/// To hear an answer, if its sound was kept.
fn heard(notes: &NotesView, seq: u32) -> Option<AnyView> {
    notes.sounds.iter().any(|sound| sound.seq == seq).then(|| player(&notes.id, seq))
}

/// To give an answer again.
fn retry(notes: &NotesView, message: &Message) -> Option<AnyView> {
    let question = answered(&notes.messages, message.seq)?.question;
    let answer = again::RepeatableAnswer {
        interview: &notes.id,
        seq: message.seq,
        question,
        spoken: notes.voice.then_some(message.modality == Modality::Voice),
        page: "notes",
    };
    Some(view! { <div class="agains" inner_html=again(&answer, &notes.children)></div> }.into_any())
}

/// An answer, in which the words that carry something are marked and named.
fn marked(message: &Message, carried: &[(Aspect, &Quotation)]) -> AnyView {
    let mut here: Vec<(std::ops::Range<usize>, Vec<&'static str>)> = Vec::new();
    let mut sorted: Vec<_> = carried.iter().filter(|(_, quote)| quote.seq() == message.seq).collect();
    sorted.sort_by_key(|(aspect, quote)| (quote.place().start, *aspect));
    for (aspect, quote) in sorted {
        match here.last_mut() {
            Some((place, names)) if quote.place().start < place.end => {
                place.end = place.end.max(quote.place().end);
                names.push(aspect.label());
            }
            Some(_) | None => here.push((quote.place(), vec![aspect.label()])),
        }
    }
    let mut parts: Vec<AnyView> = Vec::new();
    let mut at = 0;
    let text = |from: usize, to: usize| message.text.get(from..to).unwrap_or_default().to_owned();
    // An empty text is written as a blank, which would show.
    let some = |text: String| (!text.is_empty()).then(|| text.into_any());
    for (place, names) in here {
        parts.extend(some(text(at, place.start)));
        let names = names.join(", ");
        parts.push(
            view! {
                <mark>{text(place.start, place.end)}</mark>
                <span class="carries">
                    <span class="visually-hidden">" ("</span>
                    {names}
                    <span class="visually-hidden">") "</span>
                </span>
            }
            .into_any(),
        );
        at = place.end;
    }
    parts.extend(some(text(at, message.text.len())));
    parts.collect_view().into_any()
}

/// What there is of an element, in a line that can be struck.
fn element(story: &Story, aspect: Aspect, mark: &AspectMark) -> AnyView {
    let (class, _) = mark_words(mark);
    let id = format!("story.{}.{}", story.question, aspect.key());
    let words = match mark.statement() {
        None if *mark == AspectMark::Unclear => {
            view! { <span class="soft">"We could not tell."</span> }.into_any()
        }
        None => view! {
            <span class="soft">"You have said that this was wrong; it is not counted."</span>
            " "
            {put_back(&id, aspect.label())}
        }
        .into_any(),
        Some(it) => view! {
            {leading(it)}
            {it.quotes().first().map(quoted)}
            " "
            {strike_button(it, "This is wrong")}
        }
        .into_any(),
    };
    view! {
        <div class=format!("element {class}") id=id>
            <dt>
                <span class="dot" aria-hidden="true"></span>
                {aspect.label()}
            </dt>
            <dd>{words}</dd>
        </div>
    }
    .into_any()
}

/// What was counted, in a sentence or two.
fn counted(measures: &Measures) -> AnyView {
    let Measures { words, wants, own, common, hedges, figures, harms, .. } = measures;
    let (least, most) = wants;
    let fits = match words {
        words if words < least => "fewer than",
        words if words > most => "more than",
        _ => "within",
    };
    let times = |n: usize| if n == 1 { "once".to_owned() } else { format!("{n} times") };
    let hedges = match hedges {
        0 => String::new(),
        1 => {
            " One hedge (\u{201c}kind of\u{201d}, \u{201c}I guess\u{201d}, \u{201c}maybe\u{201d}).".to_owned()
        }
        n => {
            format!(" {n} hedges (\u{201c}kind of\u{201d}, \u{201c}I guess\u{201d}, \u{201c}maybe\u{201d}).")
        }
    };
    let figures = (!figures.is_empty()).then(|| {
        let name = if figures.len() == 1 { " Figure: " } else { " Figures: " };
        let all = figures.iter().enumerate();
        let all = all.map(|(n, figure)| view! { {(n > 0).then_some(", ")} {quoted(figure)} }).collect_view();
        view! { {name} {all} "." }
    });
    let said = own + common;
    let share = if said >= 5 {
        format!(", so \u{201c}I\u{201d} {} times in 100", own * 100 / said)
    } else {
        String::new()
    };
    view! {
        <p class="counted">
            {format!(
                "{words} words, {fits} the usual {least} to {most} for a question like this and its follow-ups. You said \u{201c}I\u{201d} {}, \u{201c}we\u{201d} {}{share}.{hedges}",
                times(*own), times(*common),
            )} {figures}
        </p>
        {harmed(harms)}
    }
    .into_any()
}

/// What the system did to an answer.
fn harmed(harms: &[Harm]) -> Option<AnyView> {
    let words = harms.iter().map(|harm| harm.words()).collect::<Vec<_>>().join(", ");
    let text = format!("Not your fault: {words}. Anything this affects is not counted.");
    (!harms.is_empty()).then(|| view! { <p class="harm">{text}</p> }.into_any())
}

/// An outline of the story from what was said, with blanks for what was not.
fn shape(story: &Story) -> AnyView {
    // A sentence that says two things stands once.
    let mut lines: Vec<(Vec<&'static str>, Option<&Quotation>)> = Vec::new();
    for (aspect, mark) in &story.marks {
        let quote = mark.supporting_quotation();
        match lines.iter_mut().find(|(_, known)| quote.is_some() && *known == quote) {
            Some((labels, _)) => labels.push(aspect.label()),
            None => lines.push((vec![aspect.label()], quote)),
        }
    }
    let lines = lines
        .into_iter()
        .map(|(labels, quote)| {
            let words = match quote {
                Some(quote) => quoted(quote),
                None => view! { <span class="blank"><span class="visually-hidden">"to be filled in"</span></span> }.into_any(),
            };
            view! {
                <div>
                    <dt>{labels.join(", ")}</dt>
                    <dd>{words}</dd>
                </div>
            }
        })
        .collect_view();
    view! {
        <details class="shape">
            <summary>"A possible shape"</summary>
            <p class="soft">"Your own words, in the order of a story. The blanks are yours to fill."</p>
            <dl class="elements">{lines}</dl>
        </details>
    }
    .into_any()
}

/// True if the question of this number was skipped: another one took its place. One that was open when the interview ended
/// was not.
fn skipped(notes: &NotesView, question: u32) -> bool {
    let said: Vec<&Message> = notes.messages.iter().collect();
    let next = said.iter().position(|m| m.seq > question && m.asks_anew());
    next.is_some_and(|next| interview::skips_previous_question(&said, next))
}

/// A question that wanted no story, or got none.
fn other(notes: &NotesView, reply: &StorylessReply) -> AnyView {
    let words = match (&reply.begins, reply.answers.is_empty()) {
        (_, true) => {
            let words = if skipped(notes, reply.question) { "Skipped." } else { "Not answered." };
            view! { <span class="soft">{words}</span> }.into_any()
        }
        (Some(begins), false) => view! { <a href=line(notes, begins)>{quoted(begins)}</a> }.into_any(),
        (None, false) => view! { <span class="soft">"Answered too briefly to say more."</span> }.into_any(),
    };
    let said = reply.measures.words > 0;
    let first = notes.messages.iter().find(|m| reply.answers.first() == Some(&m.seq));
    let sounds = reply.answers.iter().map(|seq| heard(notes, *seq)).collect_view();
    view! {
        <li class="other">
            <strong>{reply.title.clone()}</strong>
            <span class="other-words">{words}</span>
            <span class="story-long">{said.then(|| long(&reply.measures))}</span>
            {harmed(&reply.measures.harms)} {sounds}
            {first.map(|message| view! { <div class="other-again">{retry(notes, message)}</div> })}
        </li>
    }
    .into_any()
}
