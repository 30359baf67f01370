//! What is known of a pause in what somebody says, and when it is taken for the end.

use std::time::Duration;

use tokio::time::Instant;

use super::asked::ExpectedAnswer;
use super::endpoint::{self, EndpointEvidence};
use super::habits::Habits;

/// Whoever may just be going on is waited for so long: by then it is known.
const MAY_GO_ON: Duration = Duration::from_millis(100);

/// See the module's description.
#[derive(Clone, Debug)]
pub(super) struct AnswerPause {
    pub(super) number: u32,
    /// When the speech before it ended.
    pub(super) ended: Instant,
    /// The words, and when they were known.
    pub(super) words: Option<(String, Instant)>,
    /// How likely it is by the sound that they have finished.
    pub(super) finished: Option<f32>,
    /// How often its sound was judged.
    pub(super) judged: usize,
    /// A reply is being prepared.
    pub(super) proposed: bool,
    /// Its words are not believed: no reply is.
    pub(super) doubted: bool,
    /// Not over before this: something sounded.
    not_before: Instant,
}

impl AnswerPause {
    /// Nothing is known of it but when the speech before it ended.
    pub(super) fn new(number: u32, ended: Instant) -> Self {
        Self {
            number,
            ended,
            words: None,
            finished: None,
            judged: 0,
            proposed: false,
            doubted: false,
            not_before: ended,
        }
    }

    /// Something sounds that may be speech.
    pub(super) fn postpone_end(&mut self, now: Instant) {
        self.not_before = now + MAY_GO_ON;
    }

    /// When its sound is to be judged (again): not once it seems to be the end, nor where the words want more whatever it sounds
    /// like.
    pub(super) fn judge_at(&self) -> Option<Instant> {
        let sure = self.finished.is_some_and(|finished| finished >= endpoint::OVER);
        let open = self.words.as_ref().is_some_and(|(words, _)| !endpoint::sound_affects_wait(words));
        endpoint::JUDGED.get(self.judged).filter(|_| !sure && !open).map(|after| self.ended + *after)
    }

    /// When the turn is over, with these words in answer to what was asked.
    pub(super) fn turn_ends_at(&self, words: &str, asked: ExpectedAnswer, habits: &Habits) -> Instant {
        let evidence = EndpointEvidence { finished: self.finished, words, asked };
        let over = self.ended + endpoint::needed_silence(evidence, habits);
        over.max(self.not_before).min(self.ended + endpoint::longest(habits))
    }
}
