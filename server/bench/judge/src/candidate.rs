//! A candidate who does not exist, and what they say: stories that are told at first and added to as they are asked about.

use std::collections::BTreeMap;
use std::path::Path;

use ::interview::{LinePurpose, LineRationale, Profile, Seniority};
use anyhow::{Context as _, Result};
use serde::Deserialize;

use crate::interview::question;

/// A candidate (`candidates/*.toml`).
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InventedCandidate {
    /// The name of the file.
    #[serde(skip)]
    pub key: String,
    /// Who it is, in a sentence.
    pub about: String,
    /// First and last name.
    pub name: String,
    /// The role applied for.
    pub role: String,
    /// How experienced.
    pub seniority: String,
    #[serde(default)]
    cv: String,
    #[serde(default)]
    job_description: String,
    /// Answers about themselves by topic or by words of the question, and for what is asked after one of those.
    introduction: BTreeMap<String, InventedAnswer>,
    /// What happened to them, in the order in which they think of it.
    story: Vec<InventedStory>,
    /// What they say where they have told all of it, in turn.
    told_all: Vec<String>,
    /// What they say where nothing comes to their mind, in turn.
    nothing: Vec<String>,
    /// What they say at the end.
    closing: String,
    /// What they say if they are asked again at the end.
    goodbye: String,
}

/// Something told, and what is added to it when it is asked for.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InventedAnswer {
    /// At first.
    told: String,
    /// By what is asked for (the names of `Probe` and `Ask`), or by words of the question; `any` for anything else.
    #[serde(default)]
    more: BTreeMap<String, String>,
}

/// An occasion.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct InventedStory {
    /// The topics that it answers, and words of the questions that it answers.
    topics: Vec<String>,
    told: String,
    #[serde(default)]
    more: BTreeMap<String, String>,
}

/// Where a candidate stands in their own tale.
#[derive(Debug, Default)]
pub struct CandidateProgress {
    /// What is being told.
    now: Option<InventedAnswer>,
    /// The topic that it belongs to.
    topic: Option<String>,
    /// The stories that were told.
    stories: Vec<usize>,
    /// The topics of the introduction that were answered.
    topics: Vec<String>,
    told_all: usize,
    nothing: usize,
    closed: bool,
}

impl InventedCandidate {
    /// Reads a file.
    ///
    /// # Errors
    /// What of it cannot be read.
    pub fn read(path: &Path) -> Result<Self> {
        let broken = || format!("{} cannot be read", path.display());
        let text = std::fs::read_to_string(path).with_context(broken)?;
        let mut candidate: Self = toml::from_str(&text).with_context(broken)?;
        candidate.key = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        Ok(candidate)
    }

    /// What the interviewer is told of them.
    ///
    /// # Errors
    /// What of it the interviewer does not take.
    pub fn profile(&self) -> Result<Profile> {
        let level =
            Seniority::parse(&self.seniority).with_context(|| format!("{}: no such level", self.key))?;
        Ok(Profile::new(&self.name, &self.role, level, &self.cv, &self.job_description)?)
    }

    /// What they say to this line, which has this reason.
    pub fn answer(
        &self,
        line: &str,
        why: &LineRationale,
        stage: &str,
        memory: &mut CandidateProgress,
    ) -> String {
        if stage == "closing" {
            let closed = std::mem::replace(&mut memory.closed, true);
            return if closed { &self.goodbye } else { &self.closing }.clone();
        }
        let heard = question(line).to_lowercase();
        let label = why.probe.map_or(["example"; 2], |probe| [probe.key(), probe.ask().key()]);
        let said = match why.purpose {
            // What opens a topic of its own is answered as one: why they want it, asked after who they are.
            LinePurpose::Probe | LinePurpose::Care if why.topic != memory.topic => {
                self.another(&heard, why, stage, memory).or_else(|| self.more(&heard, label, memory))
            }
            LinePurpose::Probe => self.more(&heard, label, memory),
            // The same question again: whatever else they have to say to it.
            LinePurpose::Repeat
            | LinePurpose::Clarify
            | LinePurpose::Redirect
            | LinePurpose::Wait
            | LinePurpose::Nudge => Self::further(&heard, &["example", "detail", "any"], memory)
                .or_else(|| self.another(&heard, why, stage, memory)),
            LinePurpose::Concrete | LinePurpose::Smaller | LinePurpose::Care => {
                Self::further(&heard, &[label[0], label[1], "example", "detail", "result"], memory)
                    .or_else(|| self.another(&heard, why, stage, memory))
                    .or_else(|| Self::further(&heard, &["any"], memory))
            }
            LinePurpose::Opening
            | LinePurpose::Question
            | LinePurpose::Transition
            | LinePurpose::Boundary
            | LinePurpose::Offer
            | LinePurpose::Closing => self.another(&heard, why, stage, memory),
        };
        said.unwrap_or_else(|| in_turn(&self.nothing, &mut memory.nothing))
    }

    /// Something not told yet: of themselves, or what happened to them.
    fn another(
        &self,
        heard: &str,
        why: &LineRationale,
        stage: &str,
        memory: &mut CandidateProgress,
    ) -> Option<String> {
        let topic = why.topic.as_deref().unwrap_or_default();
        memory.topic.clone_from(&why.topic);
        let told = if stage == "past_experience" {
            self.story(heard, topic, memory)
        } else {
            self.about(heard, topic, memory)
        };
        // Who has nothing to say to a new topic may still add to the one before.
        let goes_on = matches!(why.purpose, LinePurpose::Probe | LinePurpose::Care);
        if told.is_some() || !goes_on {
            memory.now = told;
            return memory.now.as_ref().map(|now| now.told.clone());
        }
        None
    }

    /// More of what is being told: by the words of the question, else by its kind.
    fn more(&self, heard: &str, [kind, sort]: [&str; 2], memory: &mut CandidateProgress) -> Option<String> {
        let said = Self::further(heard, &[kind, sort, "any"], memory);
        let all = memory.now.is_some().then(|| in_turn(&self.told_all, &mut memory.told_all));
        said.or(all)
    }

    /// What is added to what is being told, by the words of the question, else under these names.
    fn further(heard: &str, kinds: &[&str], memory: &mut CandidateProgress) -> Option<String> {
        let now = memory.now.as_mut()?;
        let words = now.more.keys().find(|key| is_words(key) && heard.contains(key.as_str())).cloned();
        words.as_deref().into_iter().chain(kinds.iter().copied()).find_map(|key| now.more.remove(key))
    }

    /// What they say of themselves, once each.
    fn about(&self, heard: &str, topic: &str, memory: &mut CandidateProgress) -> Option<InventedAnswer> {
        let words = self.introduction.keys().filter(|key| is_words(key) && heard.contains(key.as_str()));
        let key = words.map(String::as_str).chain([topic]).find(|key| {
            self.introduction.contains_key(*key) && !memory.topics.iter().any(|told| told == key)
        })?;
        memory.topics.push(key.to_owned());
        self.introduction.get(key).cloned()
    }

    /// The first story not yet told that answers these words, else this topic.
    fn story(&self, heard: &str, topic: &str, memory: &mut CandidateProgress) -> Option<InventedAnswer> {
        let left = || (0..self.story.len()).filter(|at| !memory.stories.contains(at));
        let of = |at: &usize, answers: &dyn Fn(&str) -> bool| {
            self.story[*at].topics.iter().any(|known| answers(known))
        };
        let at = left()
            .find(|at| of(at, &|known| heard.contains(known)))
            .or_else(|| left().find(|at| of(at, &|known| known == topic)))?;
        memory.stories.push(at);
        let InventedStory { told, more, .. } = &self.story[at];
        Some(InventedAnswer { told: told.clone(), more: more.clone() })
    }
}

/// The next of these, and the first again after the last.
fn in_turn(said: &[String], at: &mut usize) -> String {
    *at += 1;
    said.get((*at - 1) % said.len().max(1)).cloned().unwrap_or_default()
}

/// Whether a key is words of a question, as apart from a topic or a kind of question: those are one word.
fn is_words(key: &str) -> bool {
    key.contains(' ')
}
