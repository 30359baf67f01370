//! What each thing that is known weighs for each aspect: `weights.tsv`.

use std::sync::OnceLock;

use interview::learnt::Table;

use crate::aspect::Aspect;

/// A table of weights, a column an aspect in the order of [`Aspect::ALL`].
pub type Weights = Table<{ Aspect::ALL.len() }>;

const FILE: &str = include_str!("weights.tsv");

/// The weights of the notes.
pub fn shipped() -> &'static Weights {
    static WEIGHTS: OnceLock<Weights> = OnceLock::new();
    WEIGHTS.get_or_init(|| Weights::parse(FILE))
}

/// The SHA-256 of the stories that they were learnt from.
pub fn learnt_from() -> &'static str {
    Weights::learnt_from(FILE)
}
