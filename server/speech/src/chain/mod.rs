//! Several ways to hear or to speak as one: where the first fails, the next goes on within the turn, and a failing
//! one is skipped for a while. The last is best a local one: it has no network to lose.

mod health;
mod stt;
mod tts;

use std::time::Duration;

pub use stt::SttChain;
pub use tts::TtsChain;

/// How long a provider may take before the next is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChainTimeouts {
    /// For the answer to a pause or a commit.
    pub settle: Duration,
    /// For the first audio of a speech.
    pub first: Duration,
    /// For each piece after it.
    pub piece: Duration,
}

impl Default for ChainTimeouts {
    fn default() -> Self {
        let millis = Duration::from_millis;
        Self { settle: millis(2_500), first: millis(2_500), piece: millis(2_500) }
    }
}
