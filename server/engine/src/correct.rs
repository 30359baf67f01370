//! Answers that the candidate corrects.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use interview::{Brief, Event};
use serde_json::json;
use tokio::sync::{Notify, oneshot};

use crate::cell::Cell;
use crate::inner::{EngineInner, TurnQueueEntry};
use crate::live::LiveSession;
use crate::{Answer, EngineError, SessionEvent};

/// A correction that waits to be made.
struct QueuedCorrection {
    seq: u32,
    text: String,
    /// Told once it is durable, or why it was not made.
    done: oneshot::Sender<Result<(), EngineError>>,
}

/// The corrections of a session that wait.
#[derive(Default)]
pub(crate) struct Corrections {
    waiting: Mutex<VecDeque<QueuedCorrection>>,
    came: Notify,
}

impl Corrections {
    fn add(&self, correction: QueuedCorrection) {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).push_back(correction);
        self.came.notify_one();
    }

    /// The next one that somebody still waits for.
    fn next(&self) -> Option<QueuedCorrection> {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        std::iter::from_fn(|| waiting.pop_front()).find(|correction| !correction.done.is_closed())
    }

    /// Returns once one waits. Safe to drop.
    pub(crate) async fn wait_for_correction(&self) {
        while self.waiting.lock().unwrap_or_else(PoisonError::into_inner).is_empty() {
            self.came.notified().await;
        }
    }
}

impl EngineInner {
    /// Corrects an answer; what is understood of it is made anew. The turn under way makes it, if a reply is being
    /// written: one that goes by what was misheard is not wanted.
    pub(crate) async fn correct(
        &self,
        entry: TurnQueueEntry,
        seq: u32,
        text: String,
    ) -> Result<(), EngineError> {
        let cell = &entry.cell;
        let (done, mut made) = oneshot::channel();
        cell.corrections.add(QueuedCorrection { seq, text, done });
        tokio::select! {
            biased;
            result = &mut made => return result.unwrap_or(Err(EngineError::Busy)),
            // Nothing is under way now: whatever takes the session up before we do makes it, too.
            turn = cell.live.lock() => drop(turn),
        }
        let mut held = self.take_up(cell).await?;
        let result = self.make_corrections(cell, &mut held.live, None).await.map(drop);
        self.put_back(cell, held, result).await?;
        made.await.unwrap_or(Err(EngineError::Busy))
    }

    /// Makes the corrections that wait, each durable. Gives back the ask that is open after them; `ask` is the one that was
    /// open before.
    pub(crate) async fn make_corrections(
        &self,
        cell: &Arc<Cell>,
        live: &mut LiveSession,
        mut ask: Option<Box<Brief>>,
    ) -> Result<Option<Box<Brief>>, EngineError> {
        while let Some(QueuedCorrection { seq, text, done }) = cell.corrections.next() {
            let made = match corrects(live, seq, &text) {
                Ok(true) => {
                    let anew = self.apply_correction(cell, live, seq, text).await;
                    ask = anew.or(ask).filter(|brief| live.session.pending() == Some(brief.ask));
                    self.store(cell, live, ask.as_ref().map(|brief| brief.whole_by)).await
                }
                Ok(false) => Ok(()),
                Err(refused) => Err(refused),
            };
            match made {
                // Whoever works on the session is to know that it could not be stored.
                Err(error @ EngineError::Store(_)) => return Err(error),
                made => drop(done.send(made)),
            }
        }
        Ok(ask)
    }

    async fn apply_correction(
        &self,
        cell: &Cell,
        live: &mut LiveSession,
        seq: u32,
        text: String,
    ) -> Option<Box<Brief>> {
        let now = self.clock.now();
        let reading = match live.session.to_read_corrected(seq, &text) {
            Some((question, text, introduction)) => {
                self.read_answer(cell, Answer { question, text, introduction }).await.unwrap_or_else(|why| {
                    live.unread(why, now);
                    None
                })
            }
            None => None,
        };
        live.keep(SessionEvent { at: now, kind: "corrected".to_owned(), data: json!({ "seq": seq }) });
        live.step(Event::Corrected { seq, text, reading }, self.clock.moment())
    }
}

/// Whether this would change the answer: `Ok(false)` if it was corrected to these words before.
fn corrects(live: &LiveSession, seq: u32, text: &str) -> Result<bool, EngineError> {
    let answer = live.session.transcript().iter().find(|message| message.seq == seq);
    match answer.filter(|_| live.session.may_correct(seq)) {
        None => Err(EngineError::NotCorrectable),
        Some(answer) if answer.text != text => Ok(true),
        Some(answer) if answer.original.is_some() => Ok(false),
        Some(_) => Err(EngineError::Unchanged),
    }
}
