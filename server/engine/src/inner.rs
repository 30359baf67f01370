//! What the engine holds, and how a session is taken up and put back.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, Mutex};

use interview::{MAX_ANSWER, Millis, UnixMillis, WriterTimeouts};
use tokio::sync::{MutexGuard, Notify, OwnedSemaphorePermit};
use tokio_util::task::TaskTracker;
use tokio_util::task::task_tracker::TaskTrackerToken;
use tracing::Instrument as _;

use crate::cell::{Cell, Cells};
use crate::judging::JudgingRegistry;
use crate::live::LiveSession;
use crate::observer::{TurnTimer, TurnTrigger};
use crate::pace::Paces;
use crate::standing::WriterHealth;
use crate::wake::PUT_BACK;
use crate::{
    Clock, EngineError, Helpers, Judge, Observer, Reader, SessionId, Snapshot, SoundStore, Store, StoreError,
    TurnKind, Writer, ids,
};

pub(crate) struct EngineInner {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) writer: Arc<dyn Writer>,
    pub(crate) reader: Option<Arc<dyn Reader>>,
    pub(crate) judge: Option<Arc<dyn Judge>>,
    pub(crate) sounds: Option<Arc<dyn SoundStore>>,
    seed: Option<u64>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) settings: WriterTimeouts,
    pub(crate) observer: Arc<dyn Observer>,
    pub(crate) standing: WriterHealth,
    pub(crate) paces: Paces,
    pub(crate) judging: JudgingRegistry,
    pub(crate) cells: Cells,
    pub(crate) tracker: TaskTracker,
    pub(crate) stopping: AtomicBool,
    /// Told when a deadline is committed that is nearer than `next_wake`.
    pub(crate) nearer: Notify,
    pub(crate) next_wake: AtomicI64,
    /// Sessions that could not be woken, and at how much observed time to try again.
    pub(crate) failing: Mutex<BTreeMap<SessionId, Millis>>,
}

/// A place in the queue of a session.
pub(crate) struct TurnQueueEntry {
    pub(crate) cell: Arc<Cell>,
    _place: OwnedSemaphorePermit,
    _under_way: TaskTrackerToken,
}

/// A session taken up by the one turn that runs. Dropped without [`EngineInner::put_back`] it leaves the memory, and
/// the next turn reads what is stored.
pub(crate) struct LiveSessionGuard<'c> {
    slot: MutexGuard<'c, Option<LiveSession>>,
    pub(crate) live: LiveSession,
}

impl EngineInner {
    pub(crate) fn new(
        store: Arc<dyn Store>,
        writer: Arc<dyn Writer>,
        Helpers { reader, judge, sounds, seed }: Helpers,
        clock: Arc<dyn Clock>,
        settings: WriterTimeouts,
        observer: Arc<dyn Observer>,
    ) -> Self {
        Self {
            store,
            writer,
            reader,
            judge,
            sounds,
            seed,
            clock,
            settings,
            observer,
            standing: WriterHealth::default(),
            paces: Paces::default(),
            judging: JudgingRegistry::default(),
            cells: Cells::default(),
            tracker: TaskTracker::new(),
            stopping: AtomicBool::new(false),
            nearer: Notify::new(),
            next_wake: AtomicI64::new(UnixMillis::MAX),
            failing: Mutex::new(BTreeMap::new()),
        }
    }

    /// The seed of a new session's choices.
    pub(crate) fn seed(&self) -> u64 {
        self.seed.unwrap_or_else(ids::new_seed)
    }

    /// Holds the shutdown up while something is under way. The token comes first: a shutdown that does not see
    /// it yet has already said that it is stopping.
    pub(crate) fn hold_shutdown(&self) -> Result<TaskTrackerToken, EngineError> {
        let token = self.tracker.token();
        if self.stopping.load(Ordering::SeqCst) { Err(EngineError::ShuttingDown) } else { Ok(token) }
    }

    pub(crate) fn cell(&self, id: SessionId) -> Result<Arc<Cell>, EngineError> {
        self.cells.get(id, self.clock.moment().observed)
    }

    /// A place in the queue of this session.
    pub(crate) fn enter(&self, id: SessionId) -> Result<TurnQueueEntry, EngineError> {
        let under_way = self.hold_shutdown()?;
        let cell = self.cell(id)?;
        let place = Arc::clone(&cell.queue).try_acquire_owned().map_err(|_| EngineError::Busy)?;
        Ok(TurnQueueEntry { cell, _place: place, _under_way: under_way })
    }

    /// Tells of a turn that was not taken.
    pub(crate) fn report_refusal<T>(
        &self,
        kind: TurnTrigger,
        result: Result<T, EngineError>,
    ) -> Result<T, EngineError> {
        result.inspect_err(|error| {
            self.observer.turn_refused(kind, error.code());
            tracing::debug!(turn.kind = kind.name(), reason = error.code(), "a turn was not taken");
        })
    }

    /// Logs and tells of a failure of the store, once, where it happens. A conflict is none.
    pub(crate) fn log_store_error(&self, doing: &'static str, error: StoreError) -> StoreError {
        match &error {
            StoreError::Storage(_, what)
            | StoreError::Newer(what)
            | StoreError::Busy(what)
            | StoreError::Unavailable(what) => {
                tracing::error!(store.doing = doing, error = %what, "the store failed");
                self.observer.store_failed(doing);
            }
            StoreError::Conflict | StoreError::NotFound => {}
        }
        error
    }

    /// Runs on although the caller goes away, in the span of the caller.
    pub(crate) async fn spawn<T: Send + 'static>(
        &self,
        work: impl Future<Output = Result<T, EngineError>> + Send + 'static,
    ) -> Result<T, EngineError> {
        match self.tracker.spawn(work.in_current_span()).await {
            Ok(result) => result,
            Err(error) => {
                tracing::error!(error = %error, "a turn broke off");
                Err(StoreError::Unavailable("the turn broke off inside the server".to_owned()).into())
            }
        }
    }

    /// Takes the session up: waits for the turns before, reads it if need be, and has a reply written that a
    /// crash has left out.
    pub(crate) async fn take_up<'c>(&self, cell: &'c Arc<Cell>) -> Result<LiveSessionGuard<'c>, EngineError> {
        let mut slot = cell.live.lock().await;
        if cell.gone.is_cancelled() {
            return Err(EngineError::NotFound);
        }
        let live = match slot.take() {
            Some(live) => live,
            None => self.read(cell).await?,
        };
        let mut held = LiveSessionGuard { slot, live };
        if held.live.is_waiting() {
            let ask = held.live.resume(self.clock.moment());
            let result = self
                .answer(cell, &mut held.live, &TurnTimer::start(TurnTrigger::Resume), ask, Default::default())
                .await;
            if result.is_err() {
                let error = self.put_back(cell, held, result).await.err();
                return Err(error.unwrap_or(EngineError::Busy));
            }
        }
        Ok(held)
    }

    /// Puts the session back if it is what is stored. If someone else has changed it, reads it again and says so.
    pub(crate) async fn put_back<T>(
        &self,
        cell: &Arc<Cell>,
        held: LiveSessionGuard<'_>,
        result: Result<T, EngineError>,
    ) -> Result<T, EngineError> {
        let LiveSessionGuard { mut slot, live } = held;
        match result {
            Err(EngineError::Store(StoreError::Conflict)) => {
                cell.unpublish();
                let fresh = self.read(cell).await?;
                let status = fresh.session.status();
                *slot = Some(fresh);
                Err(EngineError::Stale { status })
            }
            Err(EngineError::Store(StoreError::NotFound)) => {
                cell.unpublish();
                Err(EngineError::NotFound)
            }
            other => {
                if live.is_dirty() {
                    cell.unpublish();
                } else {
                    *slot = Some(live);
                }
                other
            }
        }
    }

    /// Reads the session from the store and shows it.
    async fn read(&self, cell: &Arc<Cell>) -> Result<LiveSession, EngineError> {
        let loaded = self.store.load(cell.id).await.map_err(|e| self.log_store_error("load", e))?;
        let Some(loaded) = loaded else {
            self.cells.remove(cell);
            return Err(EngineError::NotFound);
        };
        cell.belongs_to(loaded.session.owner.as_ref());
        let live = LiveSession::read(loaded)?;
        cell.publish(live.snapshot());
        Ok(live)
    }

    /// The session as it was last committed. Waits for no turn.
    pub(crate) async fn committed_snapshot(
        self: &Arc<Self>,
        cell: &Arc<Cell>,
    ) -> Result<Arc<Snapshot>, EngineError> {
        if cell.gone.is_cancelled() {
            return Err(EngineError::NotFound);
        }
        if let Some(snapshot) = cell.published() {
            return Ok(snapshot);
        }
        let live = self.read(cell).await?;
        let put_back = live.session.seen_at() > self.clock.now().saturating_add(PUT_BACK);
        if live.is_waiting() || put_back {
            // Someone is looking at an interview that a crash has left without a reply, or that waits for a moment on
            // a clock that was wrong.
            self.rouse(cell, put_back);
        }
        Ok(cell.publish(live.snapshot()))
    }

    /// Deletes all of the session.
    pub(crate) async fn delete(&self, cell: &Arc<Cell>) -> Result<(), EngineError> {
        cell.gone.cancel();
        let mut slot = cell.live.lock().await;
        *slot = None;
        cell.unpublish();
        let deleted = match self.delete_sound(cell.id).await {
            Ok(()) => self.store.delete(cell.id).await.map_err(|e| self.log_store_error("delete", e)),
            Err(error) => Err(error),
        };
        self.cells.remove(cell);
        if deleted? {
            cell.partial.send_replace(None);
            cell.version.send_replace(0);
            Ok(())
        } else {
            Err(EngineError::NotFound)
        }
    }
}

/// Checks the words of a correction, as those of an answer.
pub(crate) fn check_words(text: &str) -> Result<(), EngineError> {
    check_text(&TurnKind::Said(text.to_owned()))
}

/// Checks the words of a turn.
pub(crate) fn check_text(kind: &TurnKind) -> Result<(), EngineError> {
    match kind {
        TurnKind::Said(text) if text.trim().is_empty() => Err(EngineError::BlankText),
        TurnKind::Said(text) | TurnKind::Heard(text) if text.chars().count() > MAX_ANSWER => {
            Err(EngineError::LongText { limit: MAX_ANSWER })
        }
        TurnKind::Said(_)
        | TurnKind::Heard(_)
        | TurnKind::Start
        | TurnKind::Asked(_)
        | TurnKind::Silence
        | TurnKind::End => Ok(()),
    }
}
