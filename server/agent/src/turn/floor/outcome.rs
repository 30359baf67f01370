//! What becomes of what somebody said: a record, or a word that it is none.

use std::time::Duration;

use tokio::time::Instant;

use super::Floor;
use crate::interview::NotCaught;
use crate::turn::act::{FinishedTurn, FloorAction, PlayoutState};
use crate::turn::answer::{AnswerPhase, ClosingAnswer, LatestHypothesis, OngoingAnswer};
use crate::turn::backchannel::is_only_fillers;
use crate::turn::pause::AnswerPause;
use crate::turn::{TurnHypothesis, credible, endpoint, words};

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
    pub(super) fn drop_answer(&mut self, text: &str) {
        let Some(mut answer) = self.answer.take() else { return };
        self.withdraw(&mut answer);
        self.acts.push_back(FloorAction::Discard);
        answer.newest.text.clear();
        let (blank, failed) = (text.trim().is_empty(), answer.missed);
        let ended = answer.ended(answer.began);
        self.reject_answer(answer, |certain| not_caught_reason(certain, blank, failed), ended);
    }

    /// The turn is over, with the words that were known at this moment.
    pub(super) fn end_turn(&mut self, heard: Instant) {
        let Some(answer) = self.answer.take() else { return };
        let finished = match &answer.phase {
            AnswerPhase::Paused(pause) => pause.finished,
            AnswerPhase::Speaking => None,
        };
        self.acts.push_back(FloorAction::Commit { wanted: false });
        let ended = answer.ended(heard);
        self.resolve(answer, ended, heard, finished);
    }

    /// Whatever is being said is over now, as far as we can hear: its words are wanted.
    pub fn close(&mut self, now: Instant) {
        let Some(mut answer) = self.answer.take() else { return };
        self.withdraw(&mut answer);
        self.acts.push_back(FloorAction::Commit { wanted: true });
        let ended = answer.ended(now);
        answer.note_voice_end(ended);
        self.closing.push_back(ClosingAnswer { answer, ended, since: now, goes_on: false });
    }

    /// The last words of an utterance that was ended; they come in order.
    pub fn last_words(&mut self, heard: TurnHypothesis<'_>, now: Instant) {
        let Some(ClosingAnswer { mut answer, ended, .. }) = self.closing.pop_front() else { return };
        if !is_only_fillers(heard.text) || words(&answer.newest.text).count() < KNOWN {
            answer.newest = heard.into();
        }
        self.resolve(answer, ended, now, None);
    }

    /// Hearing let go of some of what is being said.
    pub fn note_missed_audio(&mut self) {
        if let Some(answer) =
            self.answer.as_mut().or(self.closing.back_mut().map(|closing| &mut closing.answer))
        {
            answer.missed = true;
        }
    }

    /// Hearing cannot go on: what was being said is what is known of it.
    pub fn handle_hearing_lost(&mut self, now: Instant) {
        let mut ended: Vec<(OngoingAnswer, Instant)> =
            self.closing.drain(..).map(|closing| (closing.answer, closing.ended)).collect();
        if let Some(mut answer) = self.answer.take() {
            self.withdraw(&mut answer);
            let at = answer.ended(now);
            ended.push((answer, at));
        }
        for (mut answer, at) in ended {
            answer.note_voice_end(at);
            answer.missed = true;
            self.resolve(answer, at, now, None);
        }
    }

    /// What was prepared for an answer is not wanted, if anything was.
    fn withdraw(&mut self, answer: &mut OngoingAnswer) {
        if let AnswerPhase::Paused(AnswerPause { proposed, .. }) = &mut answer.phase
            && std::mem::take(proposed)
        {
            self.acts.push_back(FloorAction::Withdraw);
        }
    }

    /// Decides what becomes of an answer that is over, with the newest words that are known.
    fn resolve(&mut self, answer: OngoingAnswer, ended: Instant, heard: Instant, finished: Option<f32>) {
        if is_only_fillers(&answer.newest.text) {
            let (blank, failed) = (answer.newest.text.is_empty(), answer.missed);
            return self.reject_answer(answer, |certain| not_caught_reason(certain, blank, failed), ended);
        }
        match credible::doubt(answer.evidence(ended)) {
            Some(doubt) => self.reject_answer(answer, |_| Some(doubt), ended),
            None => self.take(answer, ended, heard, finished),
        }
    }

    /// It is no record. `missed`: what is said of it, if so much of it was certainly somebody.
    fn reject_answer(
        &mut self,
        mut answer: OngoingAnswer,
        missed: impl FnOnce(Duration) -> Option<NotCaught>,
        ended: Instant,
    ) {
        self.withdraw(&mut answer);
        let silent_since = self.silent_since.filter(|_| self.voice == PlayoutState::Silent);
        if let Some(missed) = missed(answer.certain(ended, silent_since)) {
            self.acts.push_back(FloorAction::Uncaption(answer.turn));
            self.acts.push_back(FloorAction::Missed(missed));
            self.acts.push_back(FloorAction::Activity);
        }
        self.update_hurry();
        if !self.has_open_turn() {
            self.resume_voice();
        }
    }

    /// Readings are wanted fast only while it matters.
    fn update_hurry(&mut self) {
        let matters = self.answer.as_ref().is_some_and(|answer| answer.doubtful);
        self.hurry(matters);
    }

    /// Our voice goes on.
    pub(super) fn resume_voice(&mut self) {
        match self.voice {
            PlayoutState::Ducked => self.acts.push_back(FloorAction::Unduck),
            PlayoutState::Held => self.acts.push_back(FloorAction::Resume),
            PlayoutState::Silent | PlayoutState::Playing => return,
        }
        self.voice = PlayoutState::Playing;
    }

    fn take(&mut self, answer: OngoingAnswer, ended: Instant, heard: Instant, finished: Option<f32>) {
        let OngoingAnswer { turn, began, missed, newest, pauses, .. } = answer;
        let LatestHypothesis { text, sure } = newest;
        // What was prepared for what is being said now did not know of this answer.
        if let Some(OngoingAnswer { phase: AnswerPhase::Paused(pause), .. }) = &mut self.answer
            && std::mem::take(&mut pause.proposed)
        {
            self.acts.push_back(FloorAction::Withdraw);
        }
        self.acts.push_back(FloorAction::Caption { turn: turn.clone(), text: text.clone(), last: true });
        self.update_hurry();
        if !self.guarded && std::mem::replace(&mut self.voice, PlayoutState::Silent) != PlayoutState::Silent {
            self.silent_since = Some(heard);
        }
        if let Some(cut) = self.answered.map(|at| began.saturating_duration_since(at))
            && cut <= CUT_SHORT
        {
            self.habits.record_false_end(cut);
        }
        self.answered = Some(ended);
        self.habits.answered(words(&text).count(), endpoint::sentences_of(&text));
        self.acts.push_back(FloorAction::Take(FinishedTurn {
            turn,
            text,
            began,
            ended,
            heard,
            finished,
            pauses,
            sure,
        }));
        if missed {
            self.acts.push_back(FloorAction::Missed(NotCaught::Part));
        }
    }
}

/// What is said of a voice that was certainly heard for so long and of which no word counts. `blank`: none was read.
/// `failed`: hearing let go of some of it.
fn not_caught_reason(certain: Duration, blank: bool, failed: bool) -> Option<NotCaught> {
    if failed {
        (certain >= ANYTHING).then_some(NotCaught::Failed)
    } else {
        (blank && certain >= SOMETHING).then_some(NotCaught::Nothing)
    }
}
