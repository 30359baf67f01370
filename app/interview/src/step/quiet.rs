//! Silence and time: a nudge, an offer, a pause; a late writer; an interview that nobody comes back to.

use crate::session::{Session, SilenceResponse, Status};
use crate::{Effect, EndReason, LinePurpose, Millis, Modality, TurnId, UnixMillis, WriterFailure};

/// How much longer silence is left alone after "give me a moment".
const PATIENCE: Millis = 3;

impl Session {
    /// When to give a [`crate::Event::Tick`] if nothing else happens. `None` only after the end.
    pub fn next_deadline(&self) -> Option<UnixMillis> {
        let abandoned = self.quiet_since.saturating_add(self.plan.abandon);
        let silence = self.plan.silence(self.modality);
        match self.status {
            Status::Completed(_) => None,
            Status::Ready | Status::Paused => Some(abandoned),
            Status::Active => Some(match &self.pending {
                Some(pending) => pending.whole_by,
                None => self.silence_deadline(match self.hush {
                    SilenceResponse::None => silence.nudge,
                    SilenceResponse::Nudged => silence.offer,
                    SilenceResponse::Offered => silence.pause,
                }),
            }),
        }
    }

    /// The moment at which the silence has lasted this long; later for someone who asked for time.
    pub(super) fn silence_deadline(&self, wait: Millis) -> UnixMillis {
        let wait = if self.patient { wait.saturating_mul(PATIENCE) } else { wait };
        self.quiet_since.saturating_add(wait)
    }

    /// Time has passed: does what is due. After a long absence nobody is nudged for each step missed.
    pub(super) fn tick(&mut self, effects: &mut Vec<Effect>) {
        let now = self.now;
        let silence = self.plan.silence(self.modality);
        if let Some(pending) = &self.pending {
            if now >= pending.whole_by {
                self.fall_back(WriterFailure::Late, "", effects);
            }
            return;
        }
        match self.status {
            Status::Completed(_) => {}
            Status::Ready | Status::Paused => {
                if now >= self.quiet_since.saturating_add(self.plan.abandon) {
                    self.set_status(Status::Completed(EndReason::Abandoned), effects);
                }
            }
            Status::Active => {
                let turn = TurnId(format!("quiet-{}", self.asks + 1));
                if now >= self.silence_deadline(silence.pause) {
                    self.set_status(Status::Paused, effects);
                } else if now >= self.silence_deadline(silence.offer) && self.hush < SilenceResponse::Offered
                {
                    self.hush = SilenceResponse::Offered;
                    self.say_own(self.on_current_topic(LinePurpose::Offer), turn, effects);
                } else if now >= self.silence_deadline(silence.nudge) && self.hush < SilenceResponse::Nudged {
                    self.hush = SilenceResponse::Nudged;
                    self.say_own(self.on_current_topic(LinePurpose::Nudge), turn, effects);
                }
            }
        }
    }

    /// Somebody can be heard, or nobody could be: restarts the timer for what is left of the silence. What was said into
    /// it stays said: a cough after a nudge brings no second nudge, only words do away with it.
    pub(super) fn activity(&mut self, modality: Modality) {
        if self.status != Status::Active {
            return;
        }
        self.modality = modality;
        let silence = self.plan.silence(self.modality);
        let reached = match self.hush {
            SilenceResponse::None => 0,
            SilenceResponse::Nudged => silence.nudge,
            SilenceResponse::Offered => silence.offer,
        };
        let reached = if self.patient { reached.saturating_mul(PATIENCE) } else { reached };
        self.quiet_since = self.quiet_since.max(self.now.saturating_sub(reached));
    }

    /// A voice worker says that the candidate has been silent for long: one step further.
    pub(super) fn silence(&mut self, turn: TurnId, effects: &mut Vec<Effect>) {
        if self.status != Status::Active || self.pending.is_some() {
            return;
        }
        match self.hush {
            SilenceResponse::None => {
                self.hush = SilenceResponse::Nudged;
                self.say_own(self.on_current_topic(LinePurpose::Nudge), turn, effects);
            }
            SilenceResponse::Nudged => {
                self.hush = SilenceResponse::Offered;
                self.say_own(self.on_current_topic(LinePurpose::Offer), turn, effects);
            }
            SilenceResponse::Offered => self.set_status(Status::Paused, effects),
        }
    }
}
