//! What the interviewer asks next, beside what people said that a good interviewer would ask there.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result};
use interview::moves::Move;
use interview::next::story_features;
use interview::reading::{Ask, Probe};
use interview::{
    Event, LinePurpose, Modality, Plan, Session, Speaker, TurnId, WriterFailure, WriterTimeouts,
};

use super::LabelledStory;
use super::marked::{self, ActionLabelSet, DecisionPoint};

/// The places of stories at which an interviewer speaks.
pub fn places<'a>(
    stories: &'a [LabelledStory],
    wanted: &'a ActionLabelSet<Ask>,
) -> Vec<DecisionPoint<'a, Ask>> {
    marked::places(stories, wanted, |standing, _| story_features(standing))
}

/// A table of what the interviewer asks.
///
/// # Errors
/// None that happens: the standard plan is there.
pub fn asked(stories: &[LabelledStory], wanted: &ActionLabelSet<Ask>) -> Result<String> {
    let mut counts: BTreeMap<(bool, usize), [usize; 4]> = BTreeMap::new();
    let mut wrong: BTreeMap<(Ask, Ask), usize> = BTreeMap::new();
    let mut lines = String::new();
    for story in stories {
        for (at, FollowUpLine { ask, line, .. }) in hold(story)?.into_iter().enumerate() {
            let Some(row) = wanted.at(&story.id, at) else { continue };
            let kind = row.grade(ask);
            let introduction = story.introduces();
            counts.entry((introduction, at)).or_default()[kind] += 1;
            if kind > 1 {
                *wrong.entry((row.best, ask)).or_default() += 1;
                lines +=
                    &format!("{}#{at} wanted {} asked {}: {line}\n", story.id, row.best.key(), ask.key());
            }
        }
    }
    let mut text = String::from("introduction, answer: best, fine, neither, bad\n");
    for ((introduction, at), counts) in counts {
        text += &format!("{introduction} {at}: {counts:?}\n");
    }
    let mut wrong: Vec<_> = wrong.into_iter().collect();
    wrong.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    for ((best, ask), count) in wrong.into_iter().take(25) {
        text += &format!("{count:>4} wanted {}, asked {}\n", best.key(), ask.key());
    }
    Ok(text + &lines)
}

/// What the interviewer says after an answer.
pub(super) struct FollowUpLine {
    /// What kind of question it is.
    ask: Ask,
    /// Which move it makes, in an introduction.
    pub(super) made: Move,
    /// The words.
    pub(super) line: String,
}

/// What the interviewer asks after each answer of a story, as long as it asks what the story answers next.
pub(super) fn hold(story: &LabelledStory) -> Result<Vec<FollowUpLine>> {
    let mut plan = Plan::named("standard").context("the standard plan is there")?;
    let first = story.messages.first().context("a story begins")?;
    plan.stages.retain(|stage| stage.id == first.stage || stage.kind.closes());
    let topic = story.topic().to_owned();
    for stage in plan.stages.iter_mut().filter(|stage| stage.id == first.stage) {
        stage.ask = Some(first.text.clone());
        stage.topics.retain(|known| *known != topic);
        stage.topics.insert(0, topic.clone());
    }
    let mut now = 1_700_000_000_000;
    let mut session =
        Session::new(plan, story.profile.clone(), WriterTimeouts::default(), 11, Vec::new(), now);
    session.step(Event::Start { turn: TurnId("start".into()), modality: Modality::Text }, now);
    stand_in(&mut session, now);
    let mut asked = Vec::new();
    let answers: Vec<_> = story.messages.iter().filter(|m| m.speaker == Speaker::Candidate).collect();
    let lines: Vec<_> = story.messages.iter().filter(|m| m.speaker == Speaker::Interviewer).collect();
    for (at, answer) in answers.iter().enumerate() {
        now += 40_000;
        session.step(
            Event::Said {
                turn: TurnId(format!("t{at}")),
                text: answer.text.clone(),
                modality: Modality::Text,
                reading: answer.reading.clone(),
            },
            now,
        );
        stand_in(&mut session, now);
        let last = session.transcript().last().context("there is a line")?;
        let why = last.why.as_ref().context("a line says why")?;
        let ask = match why.purpose {
            LinePurpose::Probe => why.probe.map_or(Ask::Detail, Probe::ask),
            LinePurpose::Care | LinePurpose::Smaller => Ask::CloseGently,
            LinePurpose::Concrete | LinePurpose::Redirect | LinePurpose::Clarify => Ask::Example,
            LinePurpose::Repeat | LinePurpose::Wait | LinePurpose::Nudge => Ask::Example,
            LinePurpose::Opening
            | LinePurpose::Question
            | LinePurpose::Transition
            | LinePurpose::Boundary
            | LinePurpose::Offer
            | LinePurpose::Closing => Ask::NewTopic,
        };
        let made = why.made.unwrap_or(if ask == Ask::NewTopic { Move::NewTopic } else { Move::Gently });
        asked.push(FollowUpLine { ask, made, line: last.text.clone() });
        let next = lines.get(at + 1).and_then(|line| line.why.as_ref()?.probe).map(Probe::ask);
        if next != Some(ask) {
            break;
        }
    }
    Ok(asked)
}

/// The bank words the line.
fn stand_in(session: &mut Session, now: i64) {
    while let Some(ask) = session.pending() {
        session.step(Event::WriterFailed { ask, failure: WriterFailure::Failed, shown: String::new() }, now);
    }
}
