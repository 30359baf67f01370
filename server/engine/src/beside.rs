//! What is committed beside turns: signs of life, and notes of what happened. Neither changes what is said next, so
//! a reply that was proposed before them is still good.

use std::sync::Arc;

use interview::{Event, Millis, Modality, Moment, Status};

use crate::cell::Cell;
use crate::inner::{EngineInner, TurnQueueEntry};
use crate::live::LiveSession;
use crate::{EngineError, SessionEvent};

/// A deadline that moves by less than this is not worth a commit.
const WORTH: Millis = 1_000;

impl EngineInner {
    /// A sign of life: restarts the silence timer.
    pub(crate) async fn activity(
        &self,
        entry: TurnQueueEntry,
        modality: Modality,
    ) -> Result<(), EngineError> {
        let cell = &entry.cell;
        if cell.published().is_some_and(|shown| shown.replying_to.is_some()) {
            return Ok(());
        }
        let mut held = self.take_up(cell).await?;
        let result = match held.live.session.status() {
            Status::Ready | Status::Paused => Ok(()),
            Status::Completed(_) => Err(EngineError::Ended),
            Status::Active => match after_activity(&held.live, modality, self.clock.moment()) {
                Some(alive) => {
                    held.live = alive;
                    self.store_without_settling(cell, &mut held.live).await
                }
                None => Ok(()),
            },
        };
        self.put_back(cell, held, result).await
    }

    /// Keeps what happened.
    pub(crate) async fn note(&self, entry: TurnQueueEntry, event: SessionEvent) -> Result<(), EngineError> {
        let cell: &Arc<Cell> = &entry.cell;
        let mut held = self.take_up(cell).await?;
        held.live.keep(event);
        let result = self.store_without_settling(cell, &mut held.live).await;
        self.put_back(cell, held, result).await
    }

    pub(crate) async fn store_without_settling(
        &self,
        cell: &Cell,
        live: &mut LiveSession,
    ) -> Result<(), EngineError> {
        let settled = live.settled();
        self.store(cell, live, None).await?;
        live.set_settled_version(settled);
        Ok(())
    }
}

/// The session after a sign of life; `None` if that is not worth a commit.
fn after_activity(live: &LiveSession, modality: Modality, now: Moment) -> Option<LiveSession> {
    let mut alive = live.clone();
    alive.step(Event::Activity { modality }, now);
    let moved = alive.session.next_deadline().zip(live.deadline()).map(|(new, old)| new.saturating_sub(old));
    // One that comes nearer, as it does for somebody who takes up the microphone, always is.
    let worth = moved.is_none_or(|by| !(0..WORTH).contains(&by)) || live.session.modality() != modality;
    worth.then_some(alive)
}
