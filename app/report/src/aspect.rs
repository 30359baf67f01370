//! What a story can hold.

use interview::reading::{Ask, Probe};
use serde::Serialize;

/// What a story can hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Aspect {
    /// What the situation was.
    Situation,
    /// Which part was theirs.
    Part,
    /// What they did.
    Action,
    /// What came of it.
    Result,
    /// A figure.
    Number,
    /// What they make of it.
    Reflection,
}

impl Aspect {
    /// All of them, in the order of a story.
    pub const ALL: [Self; 6] =
        [Self::Situation, Self::Part, Self::Action, Self::Result, Self::Number, Self::Reflection];

    /// Its name, as the head of a column.
    pub fn label(self) -> &'static str {
        match self {
            Self::Situation => "Situation",
            Self::Part => "Your part",
            Self::Action => "What you did",
            Self::Result => "Result",
            Self::Number => "Number",
            Self::Reflection => "Reflection",
        }
    }

    /// Its name in identifiers.
    pub fn key(self) -> &'static str {
        match self {
            Self::Situation => "situation",
            Self::Part => "part",
            Self::Action => "action",
            Self::Result => "result",
            Self::Number => "number",
            Self::Reflection => "reflection",
        }
    }

    /// What was looked for, after "we found no".
    pub fn sought(self) -> &'static str {
        match self {
            Self::Situation => "situation",
            Self::Part => "mention of your own part",
            Self::Action => "clear action of your own",
            Self::Result => "result",
            Self::Number => "figure",
            Self::Reflection => "mention of what you learnt",
        }
    }

    /// The question that asks for it.
    pub fn probe(self) -> Probe {
        match self {
            Self::Situation => Probe::Context,
            Self::Part | Self::Action => Probe::OwnPart,
            Self::Result => Probe::Result,
            Self::Number => Probe::Measure,
            Self::Reflection => Probe::Learned,
        }
    }

    /// The one of this name.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|aspect| aspect.key() == key)
    }

    /// True if a line of this sort asks for it.
    pub(crate) fn is_asked_by(self, ask: Ask) -> bool {
        match ask {
            Ask::OwnPart => matches!(self, Self::Part | Self::Action),
            Ask::Detail => self == Self::Action,
            Ask::Context => self == Self::Situation,
            Ask::Result => self == Self::Result,
            Ask::Learned => self == Self::Reflection,
            Ask::Example
            | Ask::Reasoning
            | Ask::Hard
            | Ask::OtherSide
            | Ask::Motivation
            | Ask::NewTopic
            | Ask::CloseGently => false,
        }
    }

    /// True if whoever answers a line of this sort has said it.
    pub(crate) fn is_answered_by(self, ask: Ask) -> bool {
        matches!(self, Self::Result | Self::Reflection) && self.is_asked_by(ask)
    }

    /// What is stated where it is there.
    pub(crate) fn said(self) -> &'static str {
        match self {
            Self::Situation => "You say what the situation was",
            Self::Part => "You say which part was yours",
            Self::Action => "You say what you did",
            Self::Result => "You say what came of it",
            Self::Number => "You put a figure to it",
            Self::Reflection => "You say what you learnt from it",
        }
    }
}
