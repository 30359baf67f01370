//! The transcript, set like a printed play: parts as acts, names in the margin, times outside.

use interview::{Modality, Speaker, Status};
use leptos::prelude::*;

use super::again::{self, again};
use super::correct;
use crate::state::PageState;
use crate::view::{InterviewView, MessageView, title_of};

/// One thing said, and the part that begins with it.
#[derive(Clone, PartialEq)]
struct TranscriptRow {
    /// True if the question before was skipped.
    skips: bool,
    /// True if it may be corrected.
    corrects: bool,
    act: Option<(&'static str, String)>,
    name: String,
    message: MessageView,
}

/// The transcript.
pub(super) fn shown(state: PageState) -> AnyView {
    let rows = move || state.view.with(|v| rows(v, state.is_take));
    let about = state
        .view
        .with_untracked(|v| format!("{} \u{b7} {} \u{b7} ", v.name, title_of(&v.role, &v.seniority)));
    let (at, date) = state.view.with_untracked(|v| (v.created_at, v.date.clone()));
    view! {
        <p class="play-about">{about} <time data-date=at>{date}</time></p>
        <div class="play">
            <For each=rows key=|row| (row.message.seq, row.message.version, row.corrects) let:row>
                {speech(state, row)}
            </For>
            {move || state.pending.get().map(|p| on_its_way(state, p.text, p.failed))}
            {move || coming(state)}
            {move || paused(state)}
            {beside(state, 0)}
            <div id="now"></div>
        </div>
    }
    .into_any()
}

/// A take is one scene, whose heading stands above.
fn rows(v: &InterviewView, is_take: bool) -> Vec<TranscriptRow> {
    let mut stage = "";
    let mut parts = 0;
    v.messages
        .iter()
        .enumerate()
        .map(|(at, m)| {
            let begins = m.stage != stage;
            stage = &m.stage;
            let act = (begins && !is_take).then(|| {
                parts += 1;
                let title =
                    v.stages.iter().find(|s| s.id == m.stage).map_or(m.stage.clone(), |s| s.title.clone());
                (ordinal(parts), title)
            });
            let name = match m.speaker {
                Speaker::Interviewer => "Interviewer".to_owned(),
                Speaker::Candidate => v.name.clone(),
            };
            TranscriptRow { skips: m.skips, corrects: v.may_correct(at), act, name, message: m.clone() }
        })
        .collect()
}

/// What stands over a part of the play.
pub(super) fn act_heading(part: &'static str, title: String) -> AnyView {
    view! {
        <h2 class="act">
            <span class="act-part">{part}</span>
            " "
            <span class="act-title">{title}</span>
        </h2>
    }
    .into_any()
}

pub(super) fn ordinal(part: usize) -> &'static str {
    const WORDS: [&str; 9] = [
        "Part one",
        "Part two",
        "Part three",
        "Part four",
        "Part five",
        "Part six",
        "Part seven",
        "Part eight",
        "Part nine",
    ];
    WORDS.get(part.saturating_sub(1)).copied().unwrap_or("Another part")
}

fn speech(state: PageState, row: TranscriptRow) -> AnyView {
    let TranscriptRow { skips, corrects, act, name, message } = row;
    let skipped = skips.then(|| direction("(Skipped.)"));
    let MessageView { seq, speaker, text, at, clock, why, cut, original, modality, answers, .. } = message;
    let corrected = original.map(|original| correct::corrected(&original, modality));
    let correct = corrects.then(|| correct::form(state, seq, &text));
    let retry = answers.map(|question| retry(state, (seq, question), modality));
    let beside = beside(state, seq);
    let turns = (state.forked_at == Some(seq)).then(|| direction("(This interview branches off here.)"));
    let act = act.map(|(part, title)| act_heading(part, title));
    let mut class = match speaker {
        Speaker::Interviewer => "speech asks".to_owned(),
        Speaker::Candidate => "speech".to_owned(),
    };
    if state.reveal.get_value() && speaker == Speaker::Interviewer {
        class.push_str(" arrives");
    }
    let why = why.map(|why| {
        view! {
            <details class="why">
                <summary>
                    "why?"
                    <span class="visually-hidden">" Why was this asked?"</span>
                </summary>
                <p>{why}</p>
            </details>
        }
    });
    let clock = move || if state.live.get() { local(at, &clock) } else { clock.clone() };
    view! {
        {skipped}
        {act}
        <div class=class id=format!("line-{seq}")>
            <p class="who">{name}</p>
            <div class="words">
                <span class="said">{text}</span>
                {cut.then_some(" \u{2014}")}
                {why}
                {corrected}
                {correct}
                {retry}
            </div>
            <p class="when">{clock}</p>
            {beside}
        </div>
        {turns}
    }
    .into_any()
}

/// What the server knows that stands under a line.
fn beside(state: PageState, seq: u32) -> Option<AnyView> {
    let of_line = |all: &Vec<(u32, String)>| all.iter().find(|(line, _)| *line == seq).cloned();
    state
        .beside
        .with_value(of_line)
        .map(|(_, html)| view! { <div class="beside" inner_html=html></div> }.into_any())
}

/// To give an answer again.
fn retry(state: PageState, (seq, question): (u32, u32), modality: Modality) -> AnyView {
    let id = state.view.with_untracked(|v| v.id.clone());
    let spoken = state.offers_voice.then_some(modality == Modality::Voice);
    let answer = again::RepeatableAnswer { interview: &id, seq, question, spoken, page: "" };
    let html = state.children.with_value(|children| again(&answer, children));
    view! { <div class="agains" inner_html=html></div> }.into_any()
}

/// What happened that nobody said.
fn direction(words: &'static str) -> AnyView {
    view! { <p class="direction">{words}</p> }.into_any()
}

/// The time in the browser's zone.
fn local(at: i64, clock: &str) -> String {
    #[cfg(feature = "hydrate")]
    {
        let _ = clock;
        crate::live::clock(at)
    }
    #[cfg(not(feature = "hydrate"))]
    {
        let _ = at;
        clock.to_owned()
    }
}

/// The candidate's words while the server does not have them yet.
fn on_its_way(state: PageState, text: String, failed: Option<String>) -> AnyView {
    let name = state.view.with_untracked(|v| v.name.clone());
    let note = match failed {
        None => view! { <p class="visually-hidden">"Sending"</p> }.into_any(),
        Some(why) => view! {
            <p class="unsent" role="alert">
                {format!("Not sent. {why} Your words are kept. ")}
                <button
                    class="link"
                    type="button"
                    on:click=move |_| {
                        #[cfg(feature = "hydrate")]
                        crate::live::retry(state);
                    }
                >
                    "Try again"
                </button>
            </p>
        }
        .into_any(),
    };
    view! {
        <div class="speech pending">
            <p class="who">{name}</p>
            <div class="words">
                <span class="said">{text}</span>
                {note}
            </div>
        </div>
    }
    .into_any()
}

/// The interviewer's words while they come, or a sign that they will.
fn coming(state: PageState) -> Option<AnyView> {
    if !state.waits() {
        return None;
    }
    let words = state.partial.get();
    let class = if words.is_some() { "said" } else { "said thinks" };
    let words = words.unwrap_or_else(|| "\u{2026}".to_owned());
    // Read out when it is whole.
    Some(
        view! {
            <div class="speech asks" aria-hidden="true">
                <p class="who">"Interviewer"</p>
                <div class="words">
                    <span class=class>{words}</span>
                </div>
            </div>
        }
        .into_any(),
    )
}

fn paused(state: PageState) -> Option<AnyView> {
    (state.view.with(|v| v.status == Status::Paused) && !state.waits()).then(|| {
        view! { <p class="paused">"Paused. Answer whenever you like; everything is kept."</p> }.into_any()
    })
}

#[cfg(test)]
mod tests {
    use interview::LineSource;

    use super::*;
    use crate::view::StageView;

    fn message(seq: u32, speaker: Speaker, stage: &str) -> MessageView {
        MessageView {
            seq,
            speaker,
            stage: stage.into(),
            text: "x".into(),
            at: 0,
            clock: "00:00".into(),
            modality: Modality::Text,
            source: Some(LineSource::Bank),
            why: None,
            cut: false,
            skips: false,
            asks_on: speaker == Speaker::Interviewer,
            original: None,
            answers: None,
            version: 1,
        }
    }

    fn view(messages: Vec<MessageView>) -> InterviewView {
        InterviewView {
            id: "1".into(),
            version: 1,
            status: Status::Active,
            name: "Priya".into(),
            role: "Nurse".into(),
            seniority: String::new(),
            plan_title: "Full".into(),
            stages: vec![
                StageView { id: "intro".into(), title: "Self-introduction".into() },
                StageView { id: "past".into(), title: "Past experience".into() },
            ],
            stage: 1,
            done: 0.5,
            left_ms: 0,
            asked: 2,
            about: 15,
            messages,
            replying: false,
            spoken: false,
            created_at: 0,
            date: String::new(),
            ended_at: None,
        }
    }

    #[test]
    fn each_part_begins_once_with_its_title() {
        let view = view(vec![
            message(1, Speaker::Interviewer, "intro"),
            message(2, Speaker::Candidate, "intro"),
            message(3, Speaker::Interviewer, "past"),
        ]);
        let rows = rows(&view, false);
        assert_eq!(rows[0].act, Some(("Part one", "Self-introduction".into())));
        assert_eq!(rows[1].act, None);
        assert_eq!(rows[2].act, Some(("Part two", "Past experience".into())));
        assert_eq!((rows[0].name.as_str(), rows[1].name.as_str()), ("Interviewer", "Priya"));
    }

    #[test]
    fn what_was_spoken_is_corrected_at_any_time_and_what_was_typed_until_something_is_asked_on_it() {
        let spoken = |seq| MessageView { modality: Modality::Voice, ..message(seq, Speaker::Candidate, "a") };
        let goodbye = |seq| MessageView { asks_on: false, ..message(seq, Speaker::Interviewer, "a") };
        let mut view = InterviewView {
            messages: vec![
                message(1, Speaker::Interviewer, "a"),
                spoken(2),
                message(3, Speaker::Interviewer, "a"),
                message(4, Speaker::Candidate, "a"),
            ],
            ..view(Vec::new())
        };
        let corrected =
            |view: &InterviewView| rows(view, false).iter().map(|row| row.corrects).collect::<Vec<_>>();
        assert_eq!(corrected(&view), [false, true, false, true]);
        view.messages.push(goodbye(5));
        assert_eq!(corrected(&view), [false, true, false, true, false]);
        view.messages.push(message(6, Speaker::Interviewer, "a"));
        assert_eq!(corrected(&view), [false, true, false, false, false, false]);
    }
}
