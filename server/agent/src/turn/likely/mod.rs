//! How likely it is that an answer is over whose words may be its last, and how long its pause is therefore waited for.
//!
//! A logistic probability of what is known of the pause and of how long it has lasted. Its weights are fitted to labelled
//! pauses (`data/pauses.jsonl`) by `make train-turns`, which says what they are worth on voices that they have not seen.

use std::ops::RangeInclusive;
use std::time::Duration;

use super::endpoint::{EndpointEvidence, ends_sentence, sentences_of};
use super::habits::Habits;
use super::words;

#[cfg(test)]
mod data;
#[cfg(test)]
mod fit;
mod weights;

/// No wait is shorter. None is longer than the first of these, nor than the second where it sounds over.
const SHORTEST: Duration = Duration::from_millis(300);
const LONGEST: (Duration, Duration) = (Duration::from_millis(1300), Duration::from_millis(1200));
/// The same after a few words: none of the labelled answers to open questions are so short, people's are.
const LONGEST_FEW: (Duration, Duration) = (Duration::from_millis(1000), LONGEST_NEW);
/// Where it sounds over, and nothing is known yet of how much this person says.
const LONGEST_NEW: Duration = Duration::from_millis(750);
/// Waits are whole hundredths of a second.
const STEP: Duration = Duration::from_millis(10);
/// A cut-in costs as much as so many seconds of waiting: ten replies that are each a tenth of a second late.
const CUT_IN: f64 = 1.0;
/// Between these moments of a pause (seconds) the logarithm of the odds grows evenly with that of the time.
const MOMENTS: [f64; 7] = [0.3, 0.45, 0.6, 0.8, 1.1, 1.5, 2.2];
/// So few words are an answer where little was asked for; one alone is often a beginning.
const FEW: RangeInclusive<usize> = 2..=4;
/// So much more than a long answer of this person's tells no more, nor so much less: the logarithm of the ratio.
const FULLNESS: (f64, f64) = (-2.0, 0.5);
/// So many sentences are as good as more.
const SENTENCES: usize = 8;
/// The logarithm of the odds by the sound counts up to this.
const SOUND: f64 = 4.0;
/// Pauses that are usual, in seconds, and by how much the logarithm of the ratio to them counts.
const USUAL_PAUSE: f64 = 0.5;
const PAUSES: f64 = 1.0;

/// What is known of a pause, in the order of its weights.
type PauseFeatures = [f64; 8];
/// How much of each stretch between the moments has passed.
type SilenceFeatures = [f64; MOMENTS.len() - 1];

fn pause_features(evidence: EndpointEvidence<'_>, habits: &Habits) -> PauseFeatures {
    let EndpointEvidence { finished, words: text, asked } = evidence;
    let truth = |is: bool| f64::from(u8::from(is));
    let (said, sentences) = (words(text).count(), sentences_of(text));
    let (usual, _) = habits.answer();
    let fullness = (said.max(1) as f64 / usual.max(1) as f64).ln().clamp(FULLNESS.0, FULLNESS.1);
    let sound = finished.map_or(0.0, |finished| {
        let finished = f64::from(finished).clamp(1e-4, 1.0 - 1e-4);
        (finished / (1.0 - finished)).ln().clamp(-SOUND, SOUND)
    });
    let pauses = habits
        .pause()
        .map_or(0.0, |usual| (usual.as_secs_f64() / USUAL_PAUSE).max(0.01).ln().clamp(-PAUSES, PAUSES));
    [
        1.0,
        truth(ends_sentence(text)),
        sentences.min(SENTENCES) as f64 / 4.0,
        truth(asked.wants_little() && FEW.contains(&said)),
        truth(asked.wants_a_story()),
        fullness,
        sound,
        pauses,
    ]
}

fn silence(lasts: f64) -> SilenceFeatures {
    let mut passed = [0.0; MOMENTS.len() - 1];
    for (passed, between) in passed.iter_mut().zip(MOMENTS.windows(2)) {
        *passed = ((lasts / between[0]).ln() / (between[1] / between[0]).ln()).clamp(0.0, 1.0);
    }
    passed
}

fn weighted_sum(of: &[f64], weights: &[f64]) -> f64 {
    of.iter().zip(weights).map(|(value, weight)| value * weight).sum()
}

/// What each thing that is known adds to the logarithm of the odds, and each stretch of silence.
#[derive(Clone, Copy, Debug)]
pub struct EndpointWeights {
    known: PauseFeatures,
    silence: SilenceFeatures,
}

/// Those that the labelled pauses give.
pub const FITTED: EndpointWeights = EndpointWeights { known: weights::KNOWN, silence: weights::SILENCE };

fn longest(evidence: EndpointEvidence<'_>, habits: &Habits) -> Duration {
    let (unsure, sure) = if FEW.contains(&words(evidence.words).count()) { LONGEST_FEW } else { LONGEST };
    match (evidence.sounds_over(), habits.knows_answers()) {
        (false, _) => unsure,
        (true, true) => sure,
        (true, false) => sure.min(LONGEST_NEW),
    }
}

/// How long a pause is waited for whose words may be the last. It is the wait that costs least: the longer it is, the later the
/// reply; the shorter, the likelier a cut-in.
pub fn wait(evidence: EndpointEvidence<'_>, habits: &Habits, weights: &EndpointWeights) -> Duration {
    let longest = longest(evidence, habits);
    let base = weighted_sum(&pause_features(evidence, habits), &weights.known);
    let (mut best, mut least) = (longest, f64::INFINITY);
    let mut wait = SHORTEST;
    while wait <= longest {
        let lasts = wait.as_secs_f64();
        let odds = base + weighted_sum(&silence(lasts), &weights.silence);
        let cost = lasts + CUT_IN * (-odds).exp();
        if cost < least {
            (best, least) = (wait, cost);
        }
        wait += STEP;
    }
    best
}
