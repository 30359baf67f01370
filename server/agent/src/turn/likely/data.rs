//! The labelled pauses, as the agent meets them: in the order in which they were said, with the habits of each person as they
//! are known by then.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Deserialize;

use super::super::asked::ExpectedAnswer;
use super::super::endpoint::{EndpointEvidence, JUDGED, OVER, needed_silence_with, sentences_of};
use super::super::habits::Habits;
use super::super::unfinished::{TextEnding, ending};
use super::super::words;
use super::{EndpointWeights, PauseFeatures};

const PAUSES: &str = include_str!("../../../data/pauses.jsonl");
/// A judgement of the sound takes so long.
const JUDGING: Duration = Duration::from_millis(80);

/// Why somebody was silent.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub(super) enum SilenceCause {
    /// The answer was over.
    End,
    /// A sentence was over, and another followed.
    Sentence,
    /// They looked for words inside a sentence.
    Hesitation,
    /// A comma, and what the voice itself leaves between words.
    Comma,
    Gap,
}

/// One pause.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TrainingPause {
    /// Whose it is.
    pub voice: usize,
    pub why: SilenceCause,
    question: String,
    /// What the recogniser had heard of the answer.
    words: String,
    /// How long it lasted; nothing: until the reply.
    lasts_ms: Option<u32>,
    /// So much later than its true beginning it was taken to begin.
    late_ms: i32,
    /// What Smart Turn said of it, at each of the moments at which it is asked.
    finished: Vec<f32>,
    /// How the person was known to speak when it began.
    #[serde(skip)]
    habits: Habits,
}

/// All of them.
pub(super) fn pauses() -> Vec<TrainingPause> {
    let mut people: BTreeMap<usize, Habits> = BTreeMap::new();
    let parsed = PAUSES.lines().map(|line| serde_json::from_str(line).unwrap());
    let met = |mut pause: TrainingPause| {
        let habits = people.entry(pause.voice).or_default();
        pause.habits = habits.clone();
        match pause.lasts() {
            None => habits.answered(words(&pause.words).count(), sentences_of(&pause.words)),
            Some(lasts) if pause.is_whole() => habits.paused(lasts),
            Some(_) => {}
        }
        pause
    };
    parsed.map(met).collect()
}

impl TrainingPause {
    pub fn lasts(&self) -> Option<Duration> {
        self.lasts_ms.map(|ms| Duration::from_millis(u64::from(ms)))
    }

    /// Whether its words may be the last.
    pub fn is_whole(&self) -> bool {
        ending(&self.words) == TextEnding::Whole
    }

    /// What is known of it once it has lasted so long.
    pub fn known(&self, lasted: Duration) -> PauseFeatures {
        let judged = JUDGED.iter().zip(&self.finished).take_while(|(at, _)| **at + JUDGING <= lasted).last();
        super::pause_features(self.evidence(judged.map(|(_, finished)| *finished)), &self.habits)
    }

    fn evidence(&self, finished: Option<f32>) -> EndpointEvidence<'_> {
        EndpointEvidence { finished, words: &self.words, asked: ExpectedAnswer::of(&self.question) }
    }

    /// After how much silence the turn is over by these weights, as `floor` decides it: with whatever has been judged by then.
    fn over(&self, weights: &EndpointWeights) -> Duration {
        let wait = |finished| needed_silence_with(self.evidence(finished), &self.habits, weights);
        let (mut known, mut from) = (None, Duration::ZERO);
        for (at, finished) in JUDGED.iter().zip(&self.finished) {
            let judged = *at + JUDGING;
            let over = wait(known).max(from);
            if over < judged {
                return over;
            }
            (known, from) = (Some(*finished), judged);
            if *finished >= OVER {
                break;
            }
        }
        wait(known).max(from)
    }

    /// How long its reply was waited for from the true end; `Err`: the person was cut in on.
    pub fn reply(&self, weights: &EndpointWeights) -> Result<Duration, CutIn> {
        let over = self.over(weights);
        if self.lasts().is_some_and(|lasts| over < lasts) {
            return Err(CutIn);
        }
        let late = i64::from(self.late_ms);
        let ms = i64::try_from(over.as_millis()).unwrap_or(i64::MAX).saturating_add(late);
        Ok(Duration::from_millis(u64::try_from(ms).unwrap_or(0)))
    }
}

/// Somebody was cut in on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct CutIn;
