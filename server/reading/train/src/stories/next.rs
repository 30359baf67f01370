//! What the interviewer asks next, beside what people said that a good interviewer would ask there.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::{Context as _, Result, ensure};
use interview::learnt::{Known, Table};
use interview::next::{KINDS, Standing, known};
use interview::reading::{Ask, Part, Probe};
use interview::{Event, Modality, Plan, Purpose, Session, Settings, Speaker, TurnId, WriterFailure};
use serde::Deserialize;
use sha2::{Digest as _, Sha256};

use super::Story;
use super::learn::good;
use crate::choice::{Offer, fit};

/// What a good interviewer would ask at a place of a story.
#[derive(Debug, Clone, Deserialize)]
pub struct Wanted {
    /// The story, and after which of its answers.
    id: String,
    best: Ask,
    #[serde(default)]
    fine: Vec<Ask>,
    #[serde(default)]
    bad: Vec<Ask>,
}

/// What was wanted at every place, by story and answer.
#[derive(Debug, Clone)]
pub struct AllWanted {
    places: BTreeMap<String, Wanted>,
    /// SHA-256 of the files.
    pub digest: String,
}

/// Reads the files of a folder.
///
/// # Errors
/// What of it cannot be read.
pub fn read(folder: &Path) -> Result<AllWanted> {
    let (mut places, mut digest) = (BTreeMap::new(), Sha256::new());
    for path in super::files(folder)? {
        let text =
            std::fs::read_to_string(&path).with_context(|| format!("{} cannot be read", path.display()))?;
        digest.update(text.as_bytes());
        for (at, line) in text.lines().enumerate() {
            let row: Wanted =
                serde_json::from_str(line).with_context(|| format!("{}, line {}", path.display(), at + 1))?;
            places.insert(row.id.clone(), row);
        }
    }
    ensure!(!places.is_empty(), "{} says nothing", folder.display());
    Ok(AllWanted { places, digest: super::hex(&digest.finalize()) })
}

/// A place in a story, and what was wanted there.
struct Place<'a> {
    writer: &'a str,
    known: Known,
    wanted: &'a Wanted,
}

fn places<'a>(stories: &'a [Story], wanted: &'a AllWanted) -> Vec<Place<'a>> {
    let mut places = Vec::new();
    for story in stories {
        let (mut told, mut asked) = (Vec::new(), Vec::new());
        let mut at = 0;
        for message in &story.messages {
            if let Some(probe) = message.why.as_ref().and_then(|why| why.probe) {
                asked.push(probe);
            }
            let Some(reading) = message.reading.as_deref() else { continue };
            told.extend(Part::ALL.iter().copied().filter(|part| reading.tells(*part)));
            let words = u32::try_from(message.text.split_whitespace().count()).unwrap_or(u32::MAX);
            let topic = story.topic();
            let known = known(&Standing { reading, words, told: &told, asked: &asked, topic });
            if let Some(wanted) = wanted.places.get(&format!("{}#{at}", story.id)) {
                places.push(Place { writer: &story.writer, known, wanted });
            }
            at += 1;
        }
    }
    places
}

impl Place<'_> {
    fn goal(&self, ask: Ask) -> f32 {
        match ask {
            ask if ask == self.wanted.best => good::BEST,
            ask if self.wanted.fine.contains(&ask) => good::FINE,
            _ => 0.0,
        }
    }

    fn offers(&self) -> Vec<Offer<'_>> {
        let asks = Ask::ALL.iter().enumerate();
        asks.map(|(column, ask)| Offer { known: &self.known, column, goal: self.goal(*ask) }).collect()
    }

    fn likeliest(&self, weights: &Table<KINDS>) -> Ask {
        let sums = (0..KINDS).map(|kind| weights.sum(kind, &self.known));
        let best = sums.zip(Ask::ALL).max_by(|one, other| one.0.total_cmp(&other.0));
        best.map_or(Ask::NewTopic, |(_, ask)| *ask)
    }
}

/// The weights of the kinds of question, learnt from these stories.
pub fn train(stories: &[Story], wanted: &AllWanted) -> Table<KINDS> {
    let places = places(stories, wanted);
    fit(&places.iter().map(Place::offers).collect::<Vec<_>>())
}

/// How often two sets of weights choose the same, from 0 to 1.
pub fn alike(stories: &[Story], wanted: &AllWanted, one: &Table<KINDS>, other: &Table<KINDS>) -> f32 {
    let places = places(stories, wanted);
    let same = places.iter().filter(|place| place.likeliest(one) == place.likeliest(other));
    same.count() as f32 / places.len() as f32
}

/// How often a good interviewer would ask what weights choose that have not seen the writer: a line.
pub fn unseen(stories: &[Story], wanted: &AllWanted) -> String {
    let places = places(stories, wanted);
    let writers: BTreeSet<&str> = places.iter().map(|place| place.writer).collect();
    let (mut best, mut fine, mut bad) = (0, 0, 0);
    for writer in writers {
        let others = places.iter().filter(|place| place.writer != writer);
        let weights: Table<KINDS> = fit(&others.map(Place::offers).collect::<Vec<_>>());
        for place in places.iter().filter(|place| place.writer == writer) {
            let ask = place.likeliest(&weights);
            best += usize::from(ask == place.wanted.best);
            fine += usize::from(place.wanted.fine.contains(&ask));
            bad += usize::from(place.wanted.bad.contains(&ask));
        }
    }
    let share = |count: usize| count * 100 / places.len();
    format!(
        "what to ask next, {} places in stories of others: {} % the best, {} % as good, {} % bad\n",
        places.len(),
        share(best),
        share(fine),
        share(bad)
    )
}

/// A table of what the interviewer asks.
///
/// # Errors
/// None that happens: the standard plan is there.
pub fn asked(stories: &[Story], wanted: &AllWanted) -> Result<String> {
    let mut counts: BTreeMap<(bool, usize), [usize; 4]> = BTreeMap::new();
    let mut wrong: BTreeMap<(Ask, Ask), usize> = BTreeMap::new();
    let mut lines = String::new();
    for story in stories {
        for (at, (ask, line)) in hold(story)?.into_iter().enumerate() {
            let Some(row) = wanted.places.get(&format!("{}#{at}", story.id)) else { continue };
            let kind = if row.best == ask {
                0
            } else if row.fine.contains(&ask) {
                1
            } else if row.bad.contains(&ask) {
                3
            } else {
                2
            };
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

/// What the interviewer asks after each answer of a story, as long as it asks what the story answers next.
fn hold(story: &Story) -> Result<Vec<(Ask, String)>> {
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
    let mut session = Session::new(plan, story.profile.clone(), Settings::default(), 11, Vec::new(), now);
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
            Purpose::Probe => why.probe.map_or(Ask::Detail, Probe::ask),
            Purpose::Care | Purpose::Smaller => Ask::CloseGently,
            Purpose::Concrete | Purpose::Redirect | Purpose::Clarify => Ask::Example,
            Purpose::Repeat | Purpose::Wait | Purpose::Nudge => Ask::Example,
            Purpose::Opening
            | Purpose::Question
            | Purpose::Transition
            | Purpose::Boundary
            | Purpose::Offer
            | Purpose::Closing => Ask::NewTopic,
        };
        asked.push((ask, last.text.clone()));
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
