//! Our voice grows softer at the first sound of another, before it is certain that there is one.

use std::time::Duration;

use tokio::time::Instant;

use super::Floor;
use crate::turn::act::{Act, Voice};

/// What may be a voice makes ours softer until it has not sounded for so long, or is one.
const SOFT_FOR: Duration = Duration::from_millis(150);

impl Floor {
    /// Something sounds that may be a voice, long before that is certain: ours is softer at once, and as loud as before if it
    /// is none.
    pub fn may_be_heard(&mut self, now: Instant) {
        if !self.stirring() && self.listens() {
            self.soften();
            self.soft_until = (self.voice == Voice::Ducked).then_some(now + SOFT_FOR);
        }
    }

    /// It was no voice, or it is one whose words decide.
    pub(super) fn soft_enough(&mut self, now: Instant) {
        if self.soft_until.is_some_and(|until| until <= now || self.stirring()) {
            self.soft_until = None;
            if !self.stirring() && self.voice == Voice::Ducked {
                self.go_on();
            }
        }
    }

    /// Our voice is softer from now on. Nobody makes the goodbye softer.
    pub(super) fn soften(&mut self) {
        if self.voice == Voice::Playing && !self.guarded {
            self.voice = Voice::Ducked;
            self.acts.push_back(Act::Duck);
        }
    }
}
