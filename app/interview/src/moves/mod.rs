//! What a good interviewer says next while somebody introduces themselves, learnt from places in introductions where people
//! have said so (`server/reading/data/introductions`). An introduction is no story: what was said may be a list, a claim, a
//! course of life, a wish or three words, and each wants a question of another sort. Each sort is a [`Move`], with lines of
//! its own (`bank/lines/introduction.toml`); `weights.tsv` is made by `make train-notes`. The rules decide what of it is
//! right here (`step/introduce.rs`).

mod known;

use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

pub use known::introduction_features;

use crate::learnt::FeatureWeights;
use crate::next::StoryStanding;
use crate::reading::Probe;

/// How many moves there are.
pub const MOVES: usize = Move::ALL.len();

const FILE: &str = include_str!("weights.tsv");

/// What may be said next in an introduction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Move {
    /// Of several things one.
    Pick,
    /// One occasion of what they say in general.
    Case,
    /// How they did what they name.
    How,
    /// What happened, which they mention in passing.
    Story,
    /// How something ended that they began to tell.
    Then,
    /// What a job, a course or a task is like that they only name.
    Day,
    /// More, where too little was said to take hold of.
    More,
    /// Why they made a move or a choice.
    Change,
    /// What they like about it.
    Draw,
    /// What is behind a reason or a wish.
    Behind,
    /// What is hardest about it.
    Hard,
    /// What they take from it.
    Learned,
    /// Why this one means something to them.
    Proud,
    /// Which share was theirs.
    Part,
    /// How they got from there to here.
    Road,
    /// Another topic.
    NewTopic,
    /// A kind word, and an easier way in.
    Gently,
}

impl Move {
    /// All of them.
    pub const ALL: [Self; 17] = [
        Self::Pick,
        Self::Case,
        Self::How,
        Self::Story,
        Self::Then,
        Self::Day,
        Self::More,
        Self::Change,
        Self::Draw,
        Self::Behind,
        Self::Hard,
        Self::Learned,
        Self::Proud,
        Self::Part,
        Self::Road,
        Self::NewTopic,
        Self::Gently,
    ];

    /// Its name in data files.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Pick => "pick",
            Self::Case => "case",
            Self::How => "how",
            Self::Story => "story",
            Self::Then => "then",
            Self::Day => "day",
            Self::More => "more",
            Self::Change => "change",
            Self::Draw => "draw",
            Self::Behind => "behind",
            Self::Hard => "hard",
            Self::Learned => "learned",
            Self::Proud => "proud",
            Self::Part => "part",
            Self::Road => "road",
            Self::NewTopic => "new_topic",
            Self::Gently => "gently",
        }
    }

    /// What kind of question it is.
    pub const fn probe(self) -> Probe {
        match self {
            Self::Pick | Self::Case => Probe::Example,
            Self::How => Probe::Detail,
            Self::Story | Self::More | Self::Proud | Self::Draw => Probe::Depth,
            Self::Then => Probe::Result,
            Self::Day => Probe::Context,
            Self::Change | Self::Behind => Probe::Reasoning,
            Self::Hard => Probe::HardMoment,
            Self::Learned => Probe::Learned,
            Self::Part => Probe::OwnPart,
            Self::Road => Probe::Timeline,
            Self::NewTopic => Probe::NewTopic,
            Self::Gently => Probe::CloseGently,
        }
    }
}

/// The weights of the moves.
pub fn shipped() -> &'static FeatureWeights<MOVES> {
    static TABLE: OnceLock<FeatureWeights<MOVES>> = OnceLock::new();
    TABLE.get_or_init(|| FeatureWeights::parse(FILE))
}

/// The SHA-256 of what they were learnt from.
pub fn learnt_from() -> &'static str {
    FeatureWeights::<MOVES>::learnt_from(FILE)
}

/// The moves, the likeliest to be made by a good interviewer first, each with how likely it is. `said`: the answer's words.
pub(crate) fn likeliest(standing: &StoryStanding<'_>, said: &str) -> Vec<(Move, f32)> {
    shipped().likeliest(&Move::ALL, &introduction_features(standing, said))
}
