//! What becomes of what somebody said: a record, or a word that it is none.

use std::time::Duration;

use tokio::time::Instant;

use super::Floor;
use crate::interview::NotCaught;
use crate::turn::act::{Act, Taken, Voice};
use crate::turn::answer::{Answer, Closing, Known, Phase};
use crate::turn::backchannel::is_sound;
use crate::turn::pause::Pause;
use crate::turn::{Heard, credible, endpoint, words};

/// Whoever begins so soon after their answer was over was cut short.
const CUT_SHORT: Duration = Duration::from_millis(1200);
/// A voice that was heard for so long said something, though no word of it is known.
const SOMETHING: Duration = Duration::from_millis(1500);
/// Where hearing failed, so much is enough: a "yes" may be lost.
const ANYTHING: Duration = Duration::from_millis(150);
/// So many words that were read while somebody spoke are not made undone by a last reading without any.
const KNOWN: usize = 6;

impl Floor {
    /// The words up to a pause are none that count.
    pub(super) fn nothing(&mut self, text: &str) {
        let Some(mut answer) = self.answer.take() else { return };
        self.withdraw(&mut answer);
        self.acts.push_back(Act::Discard);
        answer.newest.text.clear();
        let (blank, failed) = (text.trim().is_empty(), answer.missed);
        let ended = answer.ended(answer.began);
        self.lost(answer, |certain| nothing_of(certain, blank, failed), ended);
    }

    /// The turn is over, with the words that were known at this moment.
    pub(super) fn over(&mut self, heard: Instant) {
        let Some(answer) = self.answer.take() else { return };
        let finished = match &answer.phase {
            Phase::Paused(pause) => pause.finished,
            Phase::Speaking => None,
        };
        self.acts.push_back(Act::Commit { wanted: false });
        let ended = answer.ended(heard);
        self.resolve(answer, ended, heard, finished);
    }

    /// Whatever is being said is over now, as far as we can hear: its words are wanted.
    pub fn close(&mut self, now: Instant) {
        let Some(mut answer) = self.answer.take() else { return };
        self.withdraw(&mut answer);
        self.acts.push_back(Act::Commit { wanted: true });
        let ended = answer.ended(now);
        answer.rests(ended);
        self.closing.push_back(Closing { answer, ended, since: now, goes_on: false });
    }

    /// The last words of an utterance that was ended; they come in order.
    pub fn last_words(&mut self, heard: Heard<'_>, now: Instant) {
        let Some(Closing { mut answer, ended, .. }) = self.closing.pop_front() else { return };
        if !is_sound(heard.text) || words(&answer.newest.text).count() < KNOWN {
            answer.newest = heard.into();
        }
        self.resolve(answer, ended, now, None);
    }

    /// Hearing let go of some of what is being said.
    pub fn misses(&mut self) {
        if let Some(answer) =
            self.answer.as_mut().or(self.closing.back_mut().map(|closing| &mut closing.answer))
        {
            answer.missed = true;
        }
    }

    /// Hearing cannot go on: what was being said is what is known of it.
    pub fn deaf(&mut self, now: Instant) {
        let mut ended: Vec<(Answer, Instant)> =
            self.closing.drain(..).map(|closing| (closing.answer, closing.ended)).collect();
        if let Some(mut answer) = self.answer.take() {
            self.withdraw(&mut answer);
            let at = answer.ended(now);
            ended.push((answer, at));
        }
        for (mut answer, at) in ended {
            answer.rests(at);
            answer.missed = true;
            self.resolve(answer, at, now, None);
        }
    }

    /// What was prepared for an answer is not wanted, if anything was.
    fn withdraw(&mut self, answer: &mut Answer) {
        if let Phase::Paused(Pause { proposed, .. }) = &mut answer.phase
            && std::mem::take(proposed)
        {
            self.acts.push_back(Act::Withdraw);
        }
    }

    /// Decides what becomes of an answer that is over, with the newest words that are known.
    fn resolve(&mut self, answer: Answer, ended: Instant, heard: Instant, finished: Option<f32>) {
        if is_sound(&answer.newest.text) {
            let (blank, failed) = (answer.newest.text.is_empty(), answer.missed);
            return self.lost(answer, |certain| nothing_of(certain, blank, failed), ended);
        }
        match credible::doubt(answer.evidence(ended)) {
            Some(doubt) => self.lost(answer, |_| Some(doubt), ended),
            None => self.take(answer, ended, heard, finished),
        }
    }

    /// It is no record. `missed`: what is said of it, if so much of it was certainly somebody.
    fn lost(
        &mut self,
        mut answer: Answer,
        missed: impl FnOnce(Duration) -> Option<NotCaught>,
        ended: Instant,
    ) {
        self.withdraw(&mut answer);
        let silent_since = self.silent_since.filter(|_| self.voice == Voice::Silent);
        if let Some(missed) = missed(answer.certain(ended, silent_since)) {
            self.acts.push_back(Act::Uncaption(answer.turn));
            self.acts.push_back(Act::Missed(missed));
            self.acts.push_back(Act::Activity);
        }
        self.at_ease();
        if !self.stirring() {
            self.go_on();
        }
    }

    /// Readings are wanted fast only while it matters.
    fn at_ease(&mut self) {
        let matters = self.answer.as_ref().is_some_and(|answer| answer.doubtful);
        self.hurry(matters);
    }

    /// Our voice goes on.
    pub(super) fn go_on(&mut self) {
        match self.voice {
            Voice::Ducked => self.acts.push_back(Act::Unduck),
            Voice::Held => self.acts.push_back(Act::Resume),
            Voice::Silent | Voice::Playing => return,
        }
        self.voice = Voice::Playing;
    }

    fn take(&mut self, answer: Answer, ended: Instant, heard: Instant, finished: Option<f32>) {
        let Answer { turn, began, missed, newest, pauses, .. } = answer;
        let Known { text, sure } = newest;
        // What was prepared for what is being said now did not know of this answer.
        if let Some(Answer { phase: Phase::Paused(pause), .. }) = &mut self.answer
            && std::mem::take(&mut pause.proposed)
        {
            self.acts.push_back(Act::Withdraw);
        }
        self.acts.push_back(Act::Caption { turn: turn.clone(), text: text.clone(), last: true });
        self.at_ease();
        if !self.guarded && std::mem::replace(&mut self.voice, Voice::Silent) != Voice::Silent {
            self.silent_since = Some(heard);
        }
        if let Some(cut) = self.answered.map(|at| began.saturating_duration_since(at))
            && cut <= CUT_SHORT
        {
            self.habits.went_on(cut);
        }
        self.answered = Some(ended);
        self.habits.answered(words(&text).count(), endpoint::sentences_of(&text));
        self.acts.push_back(Act::Take(Taken { turn, text, began, ended, heard, finished, pauses, sure }));
        if missed {
            self.acts.push_back(Act::Missed(NotCaught::Part));
        }
    }
}

/// What is said of a voice that was certainly heard for so long and of which no word counts. `blank`: none was read.
/// `failed`: hearing let go of some of it.
fn nothing_of(certain: Duration, blank: bool, failed: bool) -> Option<NotCaught> {
    if failed {
        (certain >= ANYTHING).then_some(NotCaught::Failed)
    } else {
        (blank && certain >= SOMETHING).then_some(NotCaught::Nothing)
    }
}
