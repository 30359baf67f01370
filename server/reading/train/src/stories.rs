//! Stories whose sentences people have marked (`server/reading/data/stories`; its README says how): which of them to
//! quote for what a story can hold, and whether there is anything to quote. Trains the weights of the notes
//! (`app/report/src/carry`) and says how well they choose in stories of writers whom they have not seen.

pub mod introductions;
mod learn;
pub mod marked;
pub mod next;
mod tally;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};
use interview::next::StoryStanding;
use interview::reading::{AnswerReading, Ask, Part, Probe};
use interview::{
    LinePurpose, LineRationale, LineSource, Message, Modality, Plan, Profile, Seniority, Speaker, TurnId,
};
use reading::{AnswerInContext, MiniLmReader};
use report::{Aspect, Performance};
use serde::Deserialize;
use sha2::{Digest as _, Sha256};

pub use learn::{alike, train, unseen};
pub use tally::measure;

/// A story as it was written and marked.
#[derive(Debug, Clone, Deserialize)]
struct RawStory {
    id: String,
    role: String,
    topic: String,
    question: String,
    turns: Vec<RawStoryTurn>,
    /// None in an introduction.
    #[serde(default)]
    marks: BTreeMap<String, RawAspectLabel>,
}

#[derive(Debug, Clone, Deserialize)]
struct RawStoryTurn {
    /// The sort of follow-up; none for the question itself.
    ask: Option<Ask>,
    line: Option<String>,
    answer: String,
}

/// How much of an aspect there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AspectLevel {
    /// Nothing.
    None,
    /// It is touched on.
    Partly,
    /// It is said.
    Said,
}

#[derive(Debug, Clone, Deserialize)]
struct RawAspectLabel {
    level: AspectLevel,
    /// The words that carry it best.
    best: Vec<String>,
    /// Others that a fair reader would quote.
    #[serde(default)]
    fine: Vec<String>,
}

/// How well some words do as a quotation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Worth {
    /// Others say it, or nobody does.
    Wrong,
    /// They do as well.
    Fine,
    /// None say it better.
    Best,
}

/// What people marked of an aspect.
#[derive(Debug, Clone)]
pub struct AspectLabel {
    /// How much of it there is.
    pub level: AspectLevel,
    /// Where the words are that carry it: in which message, and at which bytes of it.
    places: Vec<(u32, Range<usize>, Worth)>,
}

impl AspectLabel {
    /// How well these words do. Words are those that were marked if they share most of either.
    pub fn worth(&self, seq: u32, place: &Range<usize>) -> Worth {
        let shares = |marked: &Range<usize>| {
            let both = marked.end.min(place.end).saturating_sub(marked.start.max(place.start));
            both * 2 > marked.len().min(place.len())
        };
        let worth = self.places.iter().filter(|(of, marked, _)| *of == seq && shares(marked));
        worth.map(|(_, _, worth)| *worth).max().unwrap_or(Worth::Wrong)
    }
}

/// A story, with its answers read.
#[derive(Debug, Clone)]
pub struct LabelledStory {
    /// Names it.
    pub id: String,
    /// Who wrote it: the file.
    pub writer: String,
    profile: Profile,
    messages: Vec<Message>,
    /// What people marked, by aspect.
    pub marks: BTreeMap<&'static str, AspectLabel>,
}

impl LabelledStory {
    fn topic(&self) -> &str {
        let why = self.messages.first().and_then(|line| line.why.as_ref());
        why.and_then(|why| why.topic.as_deref()).unwrap_or_default()
    }

    fn introduces(&self) -> bool {
        self.messages.first().is_some_and(|line| line.stage == "self_introduction")
    }

    /// Where it stands after each of its answers.
    fn stands(&self) -> Vec<StoryCheckpoint<'_>> {
        let (mut stands, mut told, mut asked) = (Vec::new(), Vec::new(), Vec::new());
        for message in &self.messages {
            asked.extend(message.why.as_ref().and_then(|why| why.probe));
            let Some(reading) = message.reading.as_deref() else { continue };
            told.extend(Part::ALL.iter().copied().filter(|part| reading.tells(*part)));
            stands.push(StoryCheckpoint {
                said: &message.text,
                reading,
                told: told.clone(),
                asked: asked.clone(),
            });
        }
        stands
    }

    /// Looks at it as an interview. `read`: with what a model understood of the answers.
    pub fn with<T>(&self, read: bool, look: impl FnOnce(&Performance<'_>) -> T) -> Result<T> {
        let plan = Plan::named("standard").context("the standard plan is there")?;
        let struck = BTreeSet::new();
        let mut messages = self.messages.clone();
        if !read {
            messages.iter_mut().for_each(|message| message.reading = None);
        }
        Ok(look(&Performance {
            profile: &self.profile,
            plan: &plan,
            messages: &messages,
            spoken: &[],
            troubles: &[],
            struck: &struck,
            judged: None,
        }))
    }
}

/// Where a story stands after an answer.
struct StoryCheckpoint<'a> {
    said: &'a str,
    reading: &'a AnswerReading,
    told: Vec<Part>,
    asked: Vec<Probe>,
}

impl<'a> StoryCheckpoint<'a> {
    fn standing(&'a self, story: &'a LabelledStory) -> StoryStanding<'a> {
        let Self { said, reading, told, asked } = self;
        let words = u32::try_from(said.split_whitespace().count()).unwrap_or(u32::MAX);
        StoryStanding { reading, words, told, asked, topic: story.topic() }
    }
}

/// All marked stories.
#[derive(Debug, Clone)]
pub struct StoryCorpus {
    /// The stories.
    pub stories: Vec<LabelledStory>,
    /// SHA-256 of their files.
    pub digest: String,
}

/// Where they are.
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../data/stories")
}

/// Reads the files of a folder, and their answers by a model.
///
/// # Errors
/// Which story cannot be read.
pub fn read(folder: &Path, reader: &mut MiniLmReader) -> Result<StoryCorpus> {
    let stories = written(folder, |mut written, writer| {
        let marks = std::mem::take(&mut written.marks);
        marked_in(marks, story(written, writer, reader)?)
    })?;
    ensure!(!stories.stories.is_empty(), "{} holds no stories", folder.display());
    Ok(stories)
}

/// Reads the lines of a folder's files.
fn written(
    folder: &Path,
    mut story: impl FnMut(RawStory, &str) -> Result<LabelledStory>,
) -> Result<StoryCorpus> {
    let (mut stories, mut digest) = (Vec::new(), Sha256::new());
    for path in files(folder)? {
        let text =
            std::fs::read_to_string(&path).with_context(|| format!("{} cannot be read", path.display()))?;
        digest.update(text.as_bytes());
        let writer = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        for (at, line) in text.lines().enumerate() {
            let broken = || format!("{}, line {}", path.display(), at + 1);
            let written: RawStory = serde_json::from_str(line).with_context(broken)?;
            stories.push(story(written, &writer).with_context(broken)?);
        }
    }
    Ok(StoryCorpus { stories, digest: hex(&digest.finalize()) })
}

/// The `.jsonl` files of a folder, by name.
fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .with_context(|| format!("{} cannot be read", folder.display()))?
        .map(|entry| Ok(entry?.path()))
        .collect::<Result<_>>()?;
    files.retain(|path| path.extension().is_some_and(|ext| ext == "jsonl"));
    files.sort();
    Ok(files)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn story(written: RawStory, writer: &str, reader: &mut MiniLmReader) -> Result<LabelledStory> {
    let plan = Plan::named("standard").context("the standard plan is there")?;
    let introduces = |topic: &str| {
        let stage = plan.stages.iter().find(|stage| stage.kind.introduces());
        stage.is_some_and(|stage| stage.topics.iter().any(|known| *known == topic))
    };
    let introduction = introduces(&written.topic);
    let stage = plan
        .stages
        .iter()
        .find(|stage| if introduction { stage.kind.introduces() } else { stage.kind.tells_stories() })
        .context("the plan has such a stage")?;
    let mut messages: Vec<Message> = Vec::new();
    for turn in &written.turns {
        let why = match turn.ask {
            None => LineRationale::new(LinePurpose::Question, Some(written.topic.clone())),
            Some(ask) => LineRationale {
                probe: Probe::ALL.iter().copied().find(|probe| probe.ask() == ask),
                ..LineRationale::new(LinePurpose::Probe, Some(written.topic.clone()))
            },
        };
        let line = turn.line.clone().unwrap_or_else(|| written.question.clone());
        let reading = reader.read(AnswerInContext { question: &line, answer: &turn.answer, introduction })?;
        messages.push(message(messages.len(), &stage.id, line, Some(why), None));
        messages.push(message(messages.len(), &stage.id, turn.answer.clone(), None, Some(reading)));
    }
    let profile = Profile::new("Ada", &written.role, Seniority::Mid, "", "")?;
    let writer = writer.to_owned();
    Ok(LabelledStory { id: written.id, writer, profile, messages, marks: BTreeMap::new() })
}

/// The story with what people marked in it.
fn marked_in(marks: BTreeMap<String, RawAspectLabel>, mut story: LabelledStory) -> Result<LabelledStory> {
    for aspect in Aspect::ALL {
        let marked = marks.get(aspect.key()).with_context(|| format!("no mark for {}", aspect.key()))?;
        let mut places = Vec::new();
        for (words, worth) in marked
            .best
            .iter()
            .map(|words| (words, Worth::Best))
            .chain(marked.fine.iter().map(|words| (words, Worth::Fine)))
        {
            let said = story.messages.iter().filter(|message| message.speaker == Speaker::Candidate);
            let found =
                said.filter_map(|m| m.text.find(words.as_str()).map(|at| (m.seq, at..at + words.len())));
            let found: Vec<_> = found.collect();
            ensure!(!found.is_empty(), "{}: nobody said {words:?}", story.id);
            places.extend(found.into_iter().map(|(seq, place)| (seq, place, worth)));
        }
        story.marks.insert(aspect.key(), AspectLabel { level: marked.level, places });
    }
    Ok(story)
}

fn message(
    at: usize,
    stage: &str,
    text: String,
    why: Option<LineRationale>,
    reading: Option<AnswerReading>,
) -> Message {
    let seq = at as u32 + 1;
    let asks = why.is_some();
    Message {
        seq,
        speaker: if asks { Speaker::Interviewer } else { Speaker::Candidate },
        stage: stage.to_owned(),
        modality: Modality::Text,
        text,
        at: i64::from(seq) * 40_000,
        turn: TurnId(format!("turn-{seq}")),
        source: asks.then_some(LineSource::Bank),
        why,
        cut: false,
        reading: reading.map(Box::new),
        original: None,
    }
}
