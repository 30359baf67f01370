//! What a good interviewer would ask after what was told of a story, learnt from places in stories where people have said
//! so (`server/reading/data/stories/next`): each kind of question, and going on to something else, has a weight by what
//! is known of the answer and of what was asked before. `weights.tsv` is made by `make train-notes`. The rules decide
//! what of it is right here (`step/right.rs`).

mod known;

use std::sync::OnceLock;

pub use known::{StoryStanding, story_features};

use crate::learnt::FeatureWeights;
use crate::reading::Ask;

/// How many kinds of question there are.
pub const KINDS: usize = Ask::ALL.len();

const FILE: &str = include_str!("weights.tsv");

/// The weights of the kinds of question.
pub fn shipped() -> &'static FeatureWeights<KINDS> {
    static TABLE: OnceLock<FeatureWeights<KINDS>> = OnceLock::new();
    TABLE.get_or_init(|| FeatureWeights::parse(FILE))
}

/// The SHA-256 of what they were learnt from.
pub fn learnt_from() -> &'static str {
    FeatureWeights::<KINDS>::learnt_from(FILE)
}

/// The kinds of question, the likeliest to be asked by a good interviewer first, each with how likely it is.
pub(crate) fn likeliest(standing: &StoryStanding<'_>) -> Vec<(Ask, f32)> {
    shipped().likeliest(Ask::ALL, &story_features(standing))
}
