//! Plans: the stages of an interview, as data.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::reading::Probe;
use crate::{Millis, Modality, StageKind, Topic};

mod read;
mod take;

pub use take::RetakeManner;

/// How a silence is treated. Each is the time since the last thing said; in voice, since it was heard to its end
/// ([`crate::Event::Activity`]), the time not counted that the words into the silence take.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct SilenceThresholds {
    /// After this a gentle word.
    pub nudge: Millis,
    /// After this an offer to move on.
    pub offer: Millis,
    /// After this the interview pauses and keeps everything.
    pub pause: Millis,
}

/// One stage of a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stage {
    /// Its id: lower-case words joined by `_`.
    pub id: String,
    /// Its title, as the page shows it.
    pub title: String,
    /// What it wants to find out, in a sentence.
    pub goal: String,
    /// What sort it is.
    pub kind: StageKind,
    /// The topics it may ask about, in order of preference.
    pub topics: Vec<Topic>,
    /// How many topics must be covered before the stage may end by coverage.
    pub cover: u32,
    /// Fewest turns before it may end by coverage.
    pub min_turns: u32,
    /// Most turns: with the answer that makes this many it ends.
    pub max_turns: u32,
    /// How many probes a topic gets before another is taken.
    pub max_probes: u32,
    /// Its time: once this much of active time is spent, the next answer ends it.
    pub budget: Millis,
    /// The kinds of question that may follow an answer, where they are not left to what was understood of it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub follow_ups: Vec<Probe>,
    /// The question that it opens with, in these words; `None`: it is composed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ask: Option<String>,
    /// True if its main questions are on the posting, line by line, as long as there is one that was not asked about.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub posting: bool,
}

/// The title of the stage of this id; the id, if there is none of it.
pub fn stage_title<'a>(stages: &'a [Stage], id: &'a str) -> &'a str {
    stages.iter().find(|stage| stage.id == id).map_or(id, |stage| &stage.title)
}

/// An ordered list of stages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// Its id: `standard`, `quick`, ...
    pub id: String,
    /// Its title, as forms show it.
    pub title: String,
    /// The stages, at least one; the last is the closing one, unless there is only one.
    pub stages: Vec<Stage>,
    /// Silence while typing.
    pub silence_text: SilenceThresholds,
    /// Silence while talking.
    pub silence_voice: SilenceThresholds,
    /// An interview in which nothing happens for this long is closed.
    pub abandon: Millis,
    /// The last line, in these words; `None`: it is composed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub goodbye: Option<String>,
}

/// What is wrong with a plan, and in which line.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("line {line}: {what}")]
pub struct PlanError {
    /// The line of the file, from 1.
    pub line: usize,
    /// What is wrong and what would be right.
    pub what: String,
}

/// The plans that come with the program, the default first.
const OWN: [&str; 2] = [include_str!("../../plans/standard.toml"), include_str!("../../plans/quick.toml")];

/// The plan by which one story is practised; no form offers it.
const PRACTICE: &str = include_str!("../../plans/practice.toml");
/// What the name of such a plan begins with; the topic follows.
const PRACTICE_OF: &str = "practice_";
/// What the name of the plan that practises a posting begins with; how many lines of it follows.
const POSTING_OF: &str = "practice_posting.";
/// Most lines of a posting that are asked about in one go.
const MOST_LINES: u32 = 5;
/// What else is asked for where one thing is practised, if it is missing.
const GAPS: [Probe; 4] = [Probe::Result, Probe::OwnPart, Probe::Measure, Probe::Learned];

impl Plan {
    /// Reads and checks a plan; the error says what is wrong in which line, and what would be right.
    pub fn parse(text: &str) -> Result<Self, PlanError> {
        read::parse(text)
    }

    /// All plans that come with the program, the default first.
    pub fn all() -> Vec<Self> {
        OWN.into_iter()
            .map(|text| Self::parse(text).expect("the program's own plans are checked by a test"))
            .collect()
    }

    /// The plan by which one story to this topic is practised. `None` if the bank has no such topic of experience.
    pub fn practice(topic: &str) -> Option<Self> {
        let mut plan = Self::parse(PRACTICE).expect("the program's own plans are checked by a test");
        let stage = plan.stages.iter_mut().find(|stage| stage.kind.tells_stories())?;
        stage.topics = vec![topic.to_owned()];
        crate::bank::topics_of_experience().contains(&topic).then_some(plan)
    }

    /// The same, in which what this probe asks for is asked first of all that is missing.
    pub fn practice_asking(topic: &str, first: Probe) -> Option<Self> {
        let mut plan = Self::practice(topic)?;
        let stage = plan.stages.iter_mut().find(|stage| stage.kind.tells_stories())?;
        stage.follow_ups = GAPS.to_vec();
        stage.ask_first(first);
        Some(plan)
    }

    /// The name by which [`Plan::named`] knows the plan that practises this topic.
    pub fn practice_name(topic: &str) -> String {
        format!("{PRACTICE_OF}{topic}")
    }

    /// The name of [`Plan::practice_asking`].
    pub fn practice_name_asking(topic: &str, first: Probe) -> String {
        format!("{PRACTICE_OF}{topic}.{}", first.key())
    }

    /// The plan by which so many lines of a posting are asked about, five at most.
    pub fn practice_posting(lines: u32) -> Self {
        let mut plan = Self::parse(PRACTICE).expect("the program's own plans are checked by a test");
        let lines = lines.clamp(1, MOST_LINES);
        if let Some(stage) = plan.stages.iter_mut().find(|stage| stage.kind.tells_stories()) {
            stage.topics =
                crate::bank::topics_of_experience().iter().map(|topic| (*topic).to_owned()).collect();
            (stage.cover, stage.min_turns, stage.max_turns) = (lines, lines, 3 * lines);
            (stage.max_probes, stage.posting) = (1, true);
            stage.budget *= Millis::from(lines);
            "The posting".clone_into(&mut plan.title);
        }
        plan
    }

    /// The name of [`Plan::practice_posting`].
    pub fn practice_posting_name(lines: u32) -> String {
        format!("{POSTING_OF}{lines}")
    }

    /// The plan of this id among those that come with the program.
    pub fn named(id: &str) -> Option<Self> {
        if let Some(lines) = id.strip_prefix(POSTING_OF) {
            return lines.parse().ok().map(Self::practice_posting);
        }
        if let Some(topic) = id.strip_prefix(PRACTICE_OF) {
            return match topic.split_once('.') {
                Some((topic, first)) => Self::practice_asking(topic, Probe::from_key(first)?),
                None => Self::practice(topic),
            };
        }
        Self::all().into_iter().find(|plan| plan.id == id)
    }

    /// About how long the interview takes, in whole minutes.
    pub fn minutes(&self) -> u32 {
        let millis: Millis = self.stages.iter().map(|stage| stage.budget).sum();
        u32::try_from((millis + 59_999) / 60_000).unwrap_or(u32::MAX)
    }

    /// The silence that goes with a modality.
    pub fn silence(&self, modality: Modality) -> SilenceThresholds {
        match modality {
            Modality::Text => self.silence_text,
            Modality::Voice => self.silence_voice,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_topic_of_experience_can_be_practised_and_no_other() {
        for topic in crate::bank::topics() {
            let plan = Plan::named(&Plan::practice_name(topic));
            let experience = crate::bank::topics_of_experience().contains(&topic);
            assert_eq!(plan.is_some(), experience, "{topic}");
            assert!(plan.is_none_or(|plan| plan.stages[0].topics == [topic]));
        }
        let plan = Plan::named(&Plan::practice_name_asking("ownership", Probe::Measure)).unwrap();
        assert_eq!(
            plan.stages[0].follow_ups,
            [Probe::Measure, Probe::Result, Probe::OwnPart, Probe::Learned],
            "what is practised is asked for first, and once"
        );
        assert_eq!(Plan::named("practice_ownership.charm"), None);
        let posting = Plan::named(&Plan::practice_posting_name(3)).unwrap();
        assert!(posting.stages[0].posting && posting.stages[0].cover == 3);
        assert_eq!(Plan::named("practice_posting.many"), None);
        assert_eq!(Plan::named("practice"), None, "it is nothing without a topic");
        assert!(Plan::all().iter().all(|plan| plan.id != "practice"));
    }
}
