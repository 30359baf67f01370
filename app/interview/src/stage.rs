//! The kinds of stages, known to plans and to the bank, and what tells them apart.

use serde::{Deserialize, Serialize};

use crate::reading::Probe;

/// What kind of stage it is: decides which part of the bank fits and what an answer must hold.
///
/// What a kind is like stands in its row of [`StageKind::traits`] alone; everything else asks for one of these, never for
/// the kind. The recipe for another one is `plans/README.md`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StageKind {
    /// Who they are: an answer to a topic covers it.
    Introduction,
    /// What they did: a topic is covered by an occasion with task, own action and result.
    Experience,
    /// An open door, and goodbye.
    Closing,
}

/// The topic of an introduction that asks why they want this work.
pub(crate) const MOTIVE: &str = "motivation";

/// What a kind of stage is like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StageTraits {
    /// The topics that may be asked about; what they mean is in the bank's `topics.toml`.
    pub topics: &'static [&'static str],
    /// Occasions are told: followed up to their end, and counted as stories.
    pub tells_stories: bool,
    /// They say who they are: what they say of themselves is asked about.
    pub introduces: bool,
    /// It ends the interview: nothing is followed up, and nothing of it is evidence.
    pub closes: bool,
    /// What covers a topic.
    pub covered_by: Cover,
    /// After two topics any other may come; else the next ones of the plan.
    pub roams: bool,
    /// What is still worth asking where nothing is known to be missing, the best first.
    pub probes: &'static [Probe],
    /// What leads over to it: a key under `[transition]` in the bank's `words.toml`.
    pub lead: &'static str,
    /// What leads a student over to it, if that differs.
    pub student_lead: Option<&'static str>,
    /// The bank's lines that ask the same with less to it, if it has some.
    pub easier: Option<&'static str>,
    /// How many words a question usually wants with all that follows it, at least and at most.
    pub words: (usize, usize),
    /// How many more with each line of the interviewer that follows.
    pub words_each: (usize, usize),
}

/// What covers a topic.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cover {
    /// An answer of some length or substance.
    Answer,
    /// An occasion with its task, what they did and what came of it.
    Story,
    /// Whatever is said.
    Anything,
}

/// An introduction takes about two minutes.
const INTRODUCTION: StageTraits = StageTraits {
    topics: &[
        "origin",
        "present",
        "thread",
        "pride",
        "motivation",
        "next",
        "strengths",
        "working_style",
        "learning_path",
        "role_fit",
    ],
    tells_stories: false,
    introduces: true,
    closes: false,
    covered_by: Cover::Answer,
    roams: false,
    probes: &[],
    lead: "to_introduction",
    student_lead: None,
    easier: None,
    words: (60, 260),
    words_each: (30, 80),
};

/// A story takes between one and three minutes.
const EXPERIENCE: StageTraits = StageTraits {
    topics: &[
        "ownership",
        "teamwork",
        "conflict",
        "failure",
        "leading",
        "pressure",
        "ambiguity",
        "quality",
        "users",
        "learning",
        "influence",
        "judgement",
        "trade",
    ],
    tells_stories: true,
    introduces: false,
    closes: false,
    covered_by: Cover::Story,
    roams: true,
    probes: &[Probe::OwnPart, Probe::Result, Probe::Learned],
    lead: "to_experience",
    student_lead: Some("to_experience_student"),
    easier: Some("easier.story"),
    words: (90, 250),
    words_each: (30, 80),
};

const CLOSING: StageTraits = StageTraits {
    topics: &["open_door"],
    tells_stories: false,
    introduces: false,
    closes: true,
    covered_by: Cover::Anything,
    roams: true,
    probes: &[],
    lead: "to_closing",
    student_lead: None,
    easier: None,
    words: (1, 120),
    words_each: (0, 0),
};

impl StageKind {
    /// All of them, in the order of an interview.
    pub const ALL: [Self; 3] = [Self::Introduction, Self::Experience, Self::Closing];

    /// What it is like.
    pub const fn traits(self) -> &'static StageTraits {
        match self {
            Self::Introduction => &INTRODUCTION,
            Self::Experience => &EXPERIENCE,
            Self::Closing => &CLOSING,
        }
    }

    /// Occasions are told in it.
    pub const fn tells_stories(self) -> bool {
        self.traits().tells_stories
    }

    /// They say in it who they are.
    pub const fn introduces(self) -> bool {
        self.traits().introduces
    }

    /// It ends the interview.
    pub const fn closes(self) -> bool {
        self.traits().closes
    }
}
