//! The sorts of stages, known to plans and to the bank.

use serde::{Deserialize, Serialize};

/// What sort of stage it is: decides which part of the bank fits and what an answer must hold.
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
