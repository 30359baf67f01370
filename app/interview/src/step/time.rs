//! What of the time that passes is charged, and to what.

use crate::session::{Session, Status};
use crate::{Millis, Moment};

/// An absence that nobody observed counts for this part of the time after which an interview is closed, at most: one
/// that nobody comes back to ends even on a server that restarts every day, and no jump of a clock ends it.
const ABSENCES: Millis = 7;

impl Session {
    /// Time goes on. Only what one run of the server observed is charged; what waits for a moment waits as long as it
    /// would have waited without the jump, the sleep or the restart.
    pub(super) fn pass_time(&mut self, now: Moment) {
        let observed = self.watched.map_or(0, |watched| watched.until(now));
        if self.status == Status::Active {
            // A silence counts until it is answered with a nudge.
            let silence = self.silence_deadline(self.plan.silence(self.modality).nudge);
            let counts = observed.min(silence.saturating_sub(self.now).max(0));
            self.here.active = self.here.active.saturating_add(counts);
        }
        let unobserved = now.wall.saturating_sub(self.now).saturating_sub(observed);
        let absent = match self.status {
            Status::Ready | Status::Paused => unobserved.clamp(0, self.plan.abandon / ABSENCES),
            Status::Active | Status::Completed(_) => 0,
        };
        self.quiet_since = self.quiet_since.saturating_add(unobserved.saturating_sub(absent));
        if let Some(pending) = &mut self.pending {
            pending.first_words_by = pending.first_words_by.saturating_add(unobserved);
            pending.whole_by = pending.whole_by.saturating_add(unobserved);
        }
        self.now = now.wall;
        self.watched = Some(now.into());
    }
}
