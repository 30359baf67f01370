//! Our voice grows softer at the first sound of another, before it is certain that there is one.

use std::time::Duration;

use tokio::time::Instant;

use super::Floor;
use crate::turn::act::{FloorAction, PlayoutState};

/// What may be a voice makes ours softer until it has not sounded for so long, or is one.
const SOFT_FOR: Duration = Duration::from_millis(150);

impl Floor {
    /// Something sounds that may be a voice, long before that is certain: ours is softer at once, and as loud as before if it
    /// is none.
    pub fn soften_tentatively(&mut self, now: Instant) {
        if !self.has_open_turn() && self.listens() {
            self.soften();
            self.soft_until = (self.voice == PlayoutState::Ducked).then_some(now + SOFT_FOR);
        }
    }

    /// It was no voice, or it is one whose words decide.
    pub(super) fn end_tentative_softening(&mut self, now: Instant) {
        if self.soft_until.is_some_and(|until| until <= now || self.has_open_turn()) {
            self.soft_until = None;
            if !self.has_open_turn() && self.voice == PlayoutState::Ducked {
                self.resume_voice();
            }
        }
    }

    /// Our voice is softer from now on. Nobody makes the goodbye softer.
    pub(super) fn soften(&mut self) {
        if self.voice == PlayoutState::Playing && !self.guarded {
            self.voice = PlayoutState::Ducked;
            self.acts.push_back(FloorAction::Duck);
        }
    }
}
