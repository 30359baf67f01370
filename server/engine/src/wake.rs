//! Wakes sessions at their deadlines.

use std::sync::atomic::Ordering;
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use interview::{Millis, Moment, UnixMillis};
use tokio_util::sync::CancellationToken;
use tracing::Instrument as _;

use crate::cell::Cell;
use crate::inner::EngineInner;
use crate::{EngineError, words};

/// Most sessions woken at a time.
const MOST_DUE: u32 = 256;
/// At the start, sessions due within this time are looked at, so that replies which a crash left out are written.
const AHEAD: Millis = 60_000;
/// A session that could not be woken is skipped for this long.
const LEFT_ALONE: Millis = 30_000;
/// How often idle sessions are let go.
const SWEEP: Millis = 60_000;
/// The longest sleep: a machine's clock may jump.
const LONGEST: Duration = Duration::from_secs(60);
/// A clock that is put back by less than this harms nothing.
pub(crate) const PUT_BACK: Millis = 2_000;
/// The pause after waking some: more may be due.
const SOON: Duration = Duration::from_millis(50);
/// The pause while all that is due is being seen to.
const LATER: Duration = Duration::from_secs(1);
/// The pause after the store has failed.
const AFTER_FAILURE: Duration = Duration::from_secs(5);

impl EngineInner {
    pub(crate) async fn run(self: &Arc<Self>, stop: CancellationToken) {
        let mut ahead = AHEAD;
        let mut before = self.clock.moment();
        let mut swept = before.observed;
        while !stop.is_cancelled() {
            // From here on every commit tells; what is committed meanwhile makes the sleep end at once.
            self.next_wake.store(UnixMillis::MAX, Ordering::SeqCst);
            let now = self.clock.moment();
            if now.observed.saturating_sub(swept) >= SWEEP {
                self.cells.sweep(now.observed);
                swept = now.observed;
            }
            if was_put_back(before, now) {
                self.look_again();
            }
            before = now;
            let pause = self.wake_due(now, ahead).await;
            if pause.is_ok() {
                ahead = 0;
            }
            tokio::select! {
                () = stop.cancelled() => {}
                () = self.nearer.notified() => {}
                () = tokio::time::sleep(pause.unwrap_or(AFTER_FAILURE)) => {}
            }
        }
        self.stopping.store(true, Ordering::SeqCst);
        self.judging.stop.cancel();
        self.tracker.close();
        self.tracker.wait().await;
    }

    /// After the clock was put back, what is stored as due later is due now: everything in memory is looked at.
    fn look_again(self: &Arc<Self>) {
        tracing::warn!("the clock was put back; nothing is charged for it");
        for cell in self.cells.all() {
            self.rouse(&cell, true);
        }
    }

    /// Wakes what is due. Returns how long nothing more will be.
    async fn wake_due(self: &Arc<Self>, now: Moment, ahead: Millis) -> Result<Duration, EngineError> {
        let until = now.wall.saturating_add(ahead);
        let due = self.store.due(until, MOST_DUE).await.map_err(|e| self.log_store_error("due", e))?;
        let mut woken = false;
        for id in &due {
            let mut failing = self.failing.lock().unwrap_or_else(PoisonError::into_inner);
            failing.retain(|_, again| *again > now.observed);
            let left_alone = failing.contains_key(id);
            drop(failing);
            if !left_alone && let Ok(cell) = self.cell(*id) {
                woken |= self.rouse(&cell, false);
            }
        }
        if woken {
            return Ok(SOON);
        }
        if !due.is_empty() && ahead == 0 {
            return Ok(LATER);
        }
        let next = self.store.next_deadline().await.map_err(|e| self.log_store_error("next deadline", e))?;
        let next = next.unwrap_or(UnixMillis::MAX);
        self.next_wake.store(next, Ordering::SeqCst);
        Ok(words::until(&*self.clock, next).min(LONGEST))
    }

    /// Wakes this session beside everything else, once at a time. `false` if that is under way already.
    pub(crate) fn rouse(self: &Arc<Self>, cell: &Arc<Cell>, put_back: bool) -> bool {
        if self.stopping.load(Ordering::SeqCst) || cell.waking.swap(true, Ordering::SeqCst) {
            return false;
        }
        let (inner, waking) = (Arc::clone(self), Waking(Arc::clone(cell)));
        let span = tracing::info_span!(parent: None, "wake", session.id = %cell.id);
        let work = async move {
            let result = inner.wake(&waking.0, put_back).await;
            // Otherwise someone else saw to it, or deleted it.
            if result.is_err_and(|e| !matches!(e, EngineError::Stale { .. } | EngineError::NotFound)) {
                let again = inner.clock.moment().observed.saturating_add(LEFT_ALONE);
                inner.failing.lock().unwrap_or_else(PoisonError::into_inner).insert(waking.0.id, again);
            }
        };
        self.tracker.spawn(work.instrument(span));
        true
    }
}

/// Whether the wall clock was put back between these moments, by more than it takes to look at it.
fn was_put_back(before: Moment, now: Moment) -> bool {
    let passed = now.wall.saturating_sub(before.wall);
    passed.saturating_sub(now.observed.saturating_sub(before.observed)) < -PUT_BACK
}

/// Says that the wake-up is over, however it ends.
struct Waking(Arc<Cell>);

impl Drop for Waking {
    fn drop(&mut self) {
        self.0.waking.store(false, Ordering::SeqCst);
    }
}
