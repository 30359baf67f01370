//! Silence and time: a nudge, an offer, a pause; a late writer; an interview that nobody comes back to.

use crate::session::{Hush, Session, Status};
use crate::{Effect, EndReason, Millis, Purpose, TurnId, UnixMillis, WriterFailure};

/// How much longer silence is left alone after "give me a moment".
const PATIENCE: Millis = 3;

impl Session {
    /// When to give a [`crate::Event::Tick`] if nothing else happens. `None` only after the end.
    pub fn next_deadline(&self) -> Option<UnixMillis> {
        let abandoned = self.quiet_since.saturating_add(self.plan.abandon);
        match self.status {
            Status::Completed(_) => None,
            Status::Ready | Status::Paused => Some(abandoned),
            Status::Active => Some(match &self.pending {
                Some(pending) => pending.whole_by,
                None => self.quiet_until(match self.hush {
                    Hush::None => Purpose::Nudge,
                    Hush::Nudged => Purpose::Offer,
                    Hush::Offered => Purpose::Wait,
                }),
            }),
        }
    }

    /// When the silence so far calls for a nudge, for an offer, or (any other purpose) for a pause.
    fn quiet_until(&self, purpose: Purpose) -> UnixMillis {
        let silence = self.plan.silence(self.modality);
        let after = match purpose {
            Purpose::Nudge => silence.nudge,
            Purpose::Offer => silence.offer,
            Purpose::Opening
            | Purpose::Question
            | Purpose::Probe
            | Purpose::Transition
            | Purpose::Repeat
            | Purpose::Clarify
            | Purpose::Redirect
            | Purpose::Smaller
            | Purpose::Concrete
            | Purpose::Care
            | Purpose::Boundary
            | Purpose::Wait
            | Purpose::Closing => silence.pause,
        };
        let after = if self.patient { after.saturating_mul(PATIENCE) } else { after };
        self.quiet_since.saturating_add(after)
    }

    /// Time has passed: does what is due. After a long absence nobody is nudged for each step missed.
    pub(super) fn tick(&mut self, effects: &mut Vec<Effect>) {
        let now = self.now;
        if let Some(pending) = &self.pending {
            if now >= pending.whole_by {
                self.fall_back(WriterFailure::Late, effects);
            }
            return;
        }
        match self.status {
            Status::Completed(_) => {}
            Status::Ready | Status::Paused => {
                if now >= self.quiet_since.saturating_add(self.plan.abandon) {
                    self.become_(Status::Completed(EndReason::Abandoned), effects);
                }
            }
            Status::Active => {
                let turn = TurnId(format!("quiet-{}", self.asks + 1));
                if now >= self.quiet_until(Purpose::Wait) {
                    self.become_(Status::Paused, effects);
                } else if now >= self.quiet_until(Purpose::Offer) && self.hush < Hush::Offered {
                    self.hush = Hush::Offered;
                    self.say_own(self.same(Purpose::Offer), turn, effects);
                } else if now >= self.quiet_until(Purpose::Nudge) && self.hush < Hush::Nudged {
                    self.hush = Hush::Nudged;
                    self.say_own(self.same(Purpose::Nudge), turn, effects);
                }
            }
        }
    }

    /// A voice worker says that the candidate has been silent for long: one step further.
    pub(super) fn silence(&mut self, turn: TurnId, effects: &mut Vec<Effect>) {
        if self.status != Status::Active || self.pending.is_some() {
            return;
        }
        match self.hush {
            Hush::None => {
                self.hush = Hush::Nudged;
                self.say_own(self.same(Purpose::Nudge), turn, effects);
            }
            Hush::Nudged => {
                self.hush = Hush::Offered;
                self.say_own(self.same(Purpose::Offer), turn, effects);
            }
            Hush::Offered => self.become_(Status::Paused, effects),
        }
    }
}
