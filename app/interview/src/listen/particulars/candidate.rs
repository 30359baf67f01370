//! What of an answer could be taken up.

use crate::heard::ParticularKind;

/// Something that could be taken up: tokens from the first to the last.
#[derive(Debug, Clone)]
pub(super) struct ParticularCandidate {
    pub(super) kind: ParticularKind,
    pub(super) from: usize,
    pub(super) to: usize,
    /// As said to the person, if it is not just the words with "you" for "I".
    pub(super) to_you: Option<String>,
    /// What speaks for or against it besides its words.
    pub(super) bonus: f32,
}
