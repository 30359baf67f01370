//! What each thing that is known weighs for each aspect: `weights.tsv`.

use std::sync::OnceLock;

use interview::learnt::FeatureWeights;

use crate::aspect::Aspect;

/// A table of weights, a column an aspect in the order of [`Aspect::ALL`].
pub type AspectWeights = FeatureWeights<{ Aspect::ALL.len() }>;

const FILE: &str = include_str!("weights.tsv");

/// The weights of the notes.
pub fn bundled_weights() -> &'static AspectWeights {
    static WEIGHTS: OnceLock<AspectWeights> = OnceLock::new();
    WEIGHTS.get_or_init(|| AspectWeights::parse(FILE))
}

/// The SHA-256 of the stories that they were learnt from.
pub fn learnt_from() -> &'static str {
    AspectWeights::learnt_from(FILE)
}
