//! What is to be measured, and how much of it.

use std::path::PathBuf;

use models::ModelFolder;

/// What is to be measured, and with what.
#[derive(Debug, Clone)]
pub struct SpeechBenchPlan {
    /// The models.
    pub models: ModelFolder,
    /// A Python that has the packages to compare with; without one, only our own side is measured.
    pub python: Option<PathBuf>,
    /// The other engine's program, espeak-ng; without it, only our own voice is heard.
    pub espeak: Option<PathBuf>,
    /// How much.
    pub amounts: SpeechWorkload,
}

/// How much is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SpeechWorkload {
    /// Streams that are heard at once where words are counted.
    pub lanes: usize,
    /// Answers that are heard, of sixteen.
    pub answers: usize,
    /// Sentences that go from text to speech and back, of two hundred.
    pub sentences: usize,
    /// Rounds of asking for speech, for each number of sessions.
    pub rounds: [usize; 3],
    /// Seconds of the long answer that one session hears.
    pub long: usize,
    /// Seconds of noise alone.
    pub noise: usize,
}

impl SpeechWorkload {
    /// Sessions at once, where latency is measured.
    pub const SESSIONS: [usize; 3] = [1, 4, 8];

    /// For the table.
    pub fn full(lanes: usize) -> Self {
        Self { lanes, answers: 16, sentences: 200, rounds: [40, 15, 12], long: 120, noise: 60 }
    }

    /// To see whether everything can be measured.
    pub fn quick() -> Self {
        Self { lanes: 2, answers: 2, sentences: 8, rounds: [2, 1, 1], long: 8, noise: 3 }
    }
}
