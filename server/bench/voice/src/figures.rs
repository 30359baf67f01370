//! What was measured at one level, and what is said of it.

use std::sync::Arc;
use std::time::Duration;

use protocol::signals::Timing;
use serde::Serialize;

use crate::host::Interviewer;
use crate::script::{CandidateAside, CandidateSpeakingStyle};

/// What became of one answer.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct VoiceTurnResult {
    /// The name of the voice.
    pub(crate) voice: Arc<str>,
    pub(crate) manner: CandidateSpeakingStyle,
    /// The last words that were said.
    pub(crate) ended: String,
    /// From the last audible sample of the answer to the first of the reply, both at the candidate, in milliseconds;
    /// `None`: no reply came in time, or it came before the end.
    pub(crate) voice_to_voice_ms: Option<u32>,
    /// The reply began before the answer was over.
    pub(crate) cut_in: bool,
    /// No reply came in time.
    pub(crate) missed: bool,
    /// The agent's own account of it.
    pub(crate) timing: Option<Timing>,
}

/// What became of something done while the interviewer spoke.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct AsideResult {
    pub(crate) aside: CandidateAside,
    /// It stopped: after how long, from the first audible sample of what was done.
    pub(crate) stopped_ms: Option<u32>,
}

/// One interview.
#[derive(Debug, Clone, Default, Serialize)]
pub(crate) struct VoiceInterviewResult {
    pub(crate) turns: Vec<VoiceTurnResult>,
    pub(crate) asides: Vec<AsideResult>,
    /// What the agent says of its turns.
    #[serde(skip)]
    pub(crate) timings: Vec<Timing>,
    /// What a framework's worker told of what it keeps, turn by turn.
    #[serde(skip)]
    pub(crate) kept: Vec<String>,
    /// Word errors of what was stored, and words that were said.
    pub(crate) wrong: usize,
    pub(crate) said: usize,
    /// It went to its end, or as far as was wanted.
    pub(crate) whole: bool,
    #[serde(skip)]
    pub(crate) lasted: Duration,
}

/// All interviews of one level with one interviewer.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct VoiceLevelResult {
    pub(crate) interviewer: Interviewer,
    pub(crate) at_once: usize,
    pub(crate) held: Vec<VoiceInterviewResult>,
    /// Processor time of the interviewer for a minute of an interview, in seconds.
    pub(crate) cpu_a_minute: f64,
    /// Memory at its most, and before anybody came (models loaded), in bytes.
    pub(crate) memory: u64,
    pub(crate) memory_before: u64,
    /// How many processes wanted a core in the minute before each round.
    pub(crate) load: Vec<f64>,
}

/// The value that this share of all does not exceed.
pub(crate) fn percentile(mut values: Vec<u32>, share: f64) -> Option<u32> {
    values.sort_unstable();
    let at = (values.len() as f64 * share).ceil() as usize;
    values.get(at.saturating_sub(1)).copied()
}

impl VoiceLevelResult {
    pub(crate) fn turns(&self) -> impl Iterator<Item = &VoiceTurnResult> {
        self.held.iter().flat_map(|held| &held.turns)
    }

    pub(crate) fn asides(&self, aside: CandidateAside) -> impl Iterator<Item = &AsideResult> {
        self.held.iter().flat_map(|held| &held.asides).filter(move |one| one.aside == aside)
    }

    /// So many of such answers were cut in on, of so many.
    pub(crate) fn cut_ins(&self, manner: CandidateSpeakingStyle) -> (usize, usize) {
        let such = || self.turns().filter(|turn| turn.manner == manner);
        (such().filter(|turn| turn.cut_in).count(), such().count())
    }

    /// So many of these stopped the interviewer, of so many.
    pub(crate) fn stops(&self, aside: CandidateAside) -> (usize, usize) {
        let such = || self.asides(aside);
        (such().filter(|one| one.stopped_ms.is_some()).count(), such().count())
    }

    pub(crate) fn voice_to_voice(&self, share: f64) -> Option<u32> {
        percentile(self.turns().filter_map(|turn| turn.voice_to_voice_ms).collect(), share)
    }

    pub(crate) fn stopped(&self, share: f64) -> Option<u32> {
        percentile(self.asides(CandidateAside::Interrupt).filter_map(|one| one.stopped_ms).collect(), share)
    }

    pub(crate) fn timing(&self, of: impl Fn(&Timing) -> u32) -> Option<u32> {
        percentile(self.held.iter().flat_map(|held| &held.timings).map(of).collect(), 0.5)
    }

    /// Word errors in percent.
    pub(crate) fn word_errors(&self) -> f64 {
        let (wrong, said) =
            self.held.iter().fold((0, 0), |(wrong, said), held| (wrong + held.wrong, said + held.said));
        wrong as f64 * 100.0 / said.max(1) as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_of_what_there_is() {
        assert_eq!(percentile(vec![30, 10, 20], 0.5), Some(20));
        assert_eq!(percentile(vec![30, 10, 20], 0.95), Some(30));
        assert_eq!(percentile(vec![], 0.5), None);
    }
}
