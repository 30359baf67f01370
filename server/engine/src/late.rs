//! Answers that were not read in time are read once the interview is over: the notes go by more than their words.

use std::sync::Arc;

use interview::{Event, Speaker};

use crate::inner::EngineInner;
use crate::{Answer, EngineError, SessionId, Snapshot};

impl EngineInner {
    /// Reads what was not read in time of an interview that is over, and keeps it. What cannot be read is left: the
    /// notes go by its words, and the next look back tries again.
    pub(crate) async fn understand_late(self: &Arc<Self>, id: SessionId) {
        if self.reader.is_none() {
            return;
        }
        let inner = Arc::clone(self);
        let read = self.spawn(async move { inner.read_late(id).await }).await;
        if let Err(error) = read {
            tracing::debug!(session.id = %id, %error, "late answers were not read");
        }
    }

    async fn read_late(self: &Arc<Self>, id: SessionId) -> Result<(), EngineError> {
        let (Some(reader), cell) = (&self.reader, self.cell(id)?) else { return Ok(()) };
        let shown = self.committed_snapshot(&cell).await?;
        if !shown.status.is_completed() || !has_unread_answer(&shown) {
            return Ok(());
        }
        let mut held = self.take_up(&cell).await?;
        let live = &mut held.live;
        for seq in live.session.not_understood() {
            let Some((question, text, introduction)) = live.session.to_read_again(seq) else { continue };
            match reader.read_at_leisure(Answer { question, text, introduction }).await {
                Ok(reading) => {
                    let reading = Box::new(reading);
                    live.step(Event::Understood { seq, reading }, self.clock.moment());
                }
                // What fails once fails again.
                Err(_) => break,
            }
        }
        let stored = if live.is_dirty() { self.store(&cell, live, None).await } else { Ok(()) };
        self.put_back(&cell, held, stored).await
    }
}

/// Whether nothing is understood of an answer.
fn has_unread_answer(shown: &Snapshot) -> bool {
    let messages = shown.messages.iter().map(|(message, _)| message);
    let next = messages.clone().skip(1).map(Some).chain([None]);
    let is_answer = |m: &interview::Message| m.speaker == Speaker::Candidate;
    messages
        .zip(next)
        .any(|(m, next)| is_answer(m) && m.reading.is_none() && next.is_none_or(|next| !is_answer(next)))
}
