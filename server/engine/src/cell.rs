//! The sessions in memory: one cell each, so many at most, idle ones let go. Those that are followed do not
//! count: however many look on, there is room for those that speak.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use interview::{Millis, TurnId};
use tokio::sync::{Mutex as Turnstile, Semaphore, watch};
use tokio_util::sync::CancellationToken;

use crate::correct::Corrections;
use crate::live::LiveSession;
use crate::{EngineError, Owner, SessionId, Snapshot};

/// Most sessions in memory that nobody follows.
pub(crate) const MOST_CELLS: usize = 2_048;
/// Most turns of one session under way or waiting.
pub(crate) const MOST_WAITING: usize = 64;
/// A session that nobody used for this long (milliseconds) leaves the memory.
const IDLE: i64 = 10 * 60 * 1_000;

/// The place of one session.
pub(crate) struct Cell {
    pub(crate) id: SessionId,
    /// Held by the turn that runs; `None` when the session is not in memory.
    pub(crate) live: Turnstile<Option<LiveSession>>,
    /// One permit for each turn under way or waiting.
    pub(crate) queue: Arc<Semaphore>,
    /// The version last committed, as far as known (0: not known, or deleted).
    pub(crate) version: watch::Sender<u64>,
    /// The words of a reply that is being written.
    pub(crate) partial: watch::Sender<Option<(TurnId, String)>>,
    /// Corrections that wait to be made.
    pub(crate) corrections: Corrections,
    /// What is to be said while a line is waited for; wakes whoever speaks.
    pub(crate) aside: watch::Sender<Option<String>>,
    /// Cancelled when the session is deleted.
    pub(crate) gone: CancellationToken,
    /// True while a wake-up is under way.
    pub(crate) waking: AtomicBool,
    published: Mutex<Option<Arc<Snapshot>>>,
    /// Whose the session is, once it was read; that never changes.
    owner: OnceLock<Option<Owner>>,
    /// At how much observed time it was last used.
    used: AtomicI64,
}

impl Cell {
    fn new(id: SessionId, now: Millis) -> Self {
        Self {
            id,
            live: Turnstile::new(None),
            queue: Arc::new(Semaphore::new(MOST_WAITING)),
            version: watch::Sender::new(0),
            partial: watch::Sender::new(None),
            corrections: Corrections::default(),
            aside: watch::Sender::new(None),
            gone: CancellationToken::new(),
            waking: AtomicBool::new(false),
            published: Mutex::new(None),
            owner: OnceLock::new(),
            used: AtomicI64::new(now),
        }
    }

    /// Whose the session is, if that is known and it was not deleted.
    pub(crate) fn owner(&self) -> Option<Option<Owner>> {
        self.owner.get().filter(|_| !self.gone.is_cancelled()).cloned()
    }

    /// Keeps whose the session is.
    pub(crate) fn belongs_to(&self, owner: Option<&Owner>) {
        self.owner.get_or_init(|| owner.cloned());
    }

    /// The session as it was last committed, if it is in memory.
    pub(crate) fn published(&self) -> Option<Arc<Snapshot>> {
        self.published.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Shows what was committed, unless something newer is shown already.
    pub(crate) fn publish(&self, snapshot: Snapshot) -> Arc<Snapshot> {
        let version = snapshot.version;
        let snapshot = Arc::new(snapshot);
        let mut published = self.published.lock().unwrap_or_else(PoisonError::into_inner);
        if published.as_ref().is_none_or(|known| known.version <= version) && !self.gone.is_cancelled() {
            *published = Some(Arc::clone(&snapshot));
            self.version.send_if_modified(|known| {
                let newer = *known < version;
                *known = version.max(*known);
                newer
            });
        }
        snapshot
    }

    /// Forgets what is shown: it may not be what is stored.
    pub(crate) fn unpublish(&self) {
        *self.published.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    fn followed(&self) -> bool {
        self.version.receiver_count() + self.partial.receiver_count() + self.aside.receiver_count() > 0
    }
}

/// All sessions in memory.
#[derive(Default)]
pub(crate) struct Cells(Mutex<CellMap>);

struct CellMap {
    cells: BTreeMap<SessionId, Arc<Cell>>,
    /// Size at which unfollowed cells are counted again, so that a full map does not count at every call.
    full_at: usize,
}

impl Default for CellMap {
    fn default() -> Self {
        Self { cells: BTreeMap::new(), full_at: MOST_CELLS }
    }
}

impl CellMap {
    /// Lets the longest idle go if there is no room, until a quarter is free. False if there is none even then.
    fn make_room(&mut self) -> bool {
        if self.cells.len() < self.full_at {
            return true;
        }
        let counted =
            |cells: &BTreeMap<SessionId, Arc<Cell>>| cells.values().filter(|c| !c.followed()).count();
        let count = counted(&self.cells);
        if count >= MOST_CELLS {
            let mut idle: Vec<(i64, SessionId)> = self
                .cells
                .values()
                .filter(|cell| unused(cell))
                .map(|cell| (cell.used.load(Ordering::Relaxed), cell.id))
                .collect();
            idle.sort_unstable();
            for (_, id) in idle.into_iter().take(count - MOST_CELLS * 3 / 4) {
                self.cells.remove(&id);
            }
        }
        let room = MOST_CELLS.saturating_sub(counted(&self.cells));
        self.full_at = self.cells.len() + room;
        room > 0
    }
}

impl Cells {
    /// The place of this session. [`EngineError::Busy`] if all places are in use.
    pub(crate) fn get(&self, id: SessionId, now: Millis) -> Result<Arc<Cell>, EngineError> {
        let mut house = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(cell) = house.cells.get(&id) {
            cell.used.store(now, Ordering::Relaxed);
            return Ok(Arc::clone(cell));
        }
        if !house.make_room() {
            return Err(EngineError::Busy);
        }
        let cell = Arc::new(Cell::new(id, now));
        house.cells.insert(id, Arc::clone(&cell));
        Ok(cell)
    }

    /// The place of this session, if it has one.
    pub(crate) fn get_existing(&self, id: SessionId) -> Option<Arc<Cell>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).cells.get(&id).cloned()
    }

    /// All of them.
    pub(crate) fn all(&self) -> Vec<Arc<Cell>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).cells.values().cloned().collect()
    }

    /// Removes this very cell.
    pub(crate) fn remove(&self, cell: &Arc<Cell>) {
        let mut house = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if house.cells.get(&cell.id).is_some_and(|known| Arc::ptr_eq(known, cell)) {
            house.cells.remove(&cell.id);
        }
    }

    /// Lets go of what nobody used for long. A followed session keeps its place but leaves the memory.
    pub(crate) fn sweep(&self, now: Millis) {
        let mut house = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // Those that counted on being followed may not be any more.
        house.full_at = MOST_CELLS;
        house.cells.retain(|_, cell| {
            let idle = now.saturating_sub(cell.used.load(Ordering::Relaxed)) >= IDLE;
            if idle
                && Arc::strong_count(cell) == 1
                && cell.followed()
                && let Ok(mut live) = cell.live.try_lock()
            {
                *live = None;
                cell.unpublish();
            }
            !(idle && unused(cell))
        });
    }

    /// How many are in memory.
    pub(crate) fn len(&self) -> usize {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).cells.len()
    }
}

/// True if nobody but the map holds the cell and nobody follows it. Asked with the map locked, so that nobody
/// can take it up meanwhile.
fn unused(cell: &Arc<Cell>) -> bool {
    Arc::strong_count(cell) == 1 && !cell.followed()
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn id(n: u128) -> SessionId {
        SessionId(Uuid::from_u128(n))
    }

    #[test]
    fn a_full_house_lets_the_longest_idle_go_but_nobody_in_use() {
        let cells = Cells::default();
        let in_use = cells.get(id(0), 0).unwrap();
        let followed = cells.get(id(1), 0).unwrap().version.subscribe();
        for n in 2..=MOST_CELLS {
            cells.get(id(n as u128), n as i64).unwrap();
        }
        assert_eq!(cells.len(), MOST_CELLS + 1, "the followed one does not count");
        let last = id(MOST_CELLS as u128);
        let before = Arc::as_ptr(&cells.get(last, 9_999).unwrap());
        cells.get(id(u128::MAX), 10_000).unwrap();
        assert_eq!(cells.len(), MOST_CELLS + 1 - MOST_CELLS / 4 + 1);
        assert!(Arc::ptr_eq(&cells.get(id(0), 0).unwrap(), &in_use));
        assert_eq!(cells.get(id(1), 0).unwrap().version.receiver_count(), 1, "the follower's own cell");
        assert_eq!(Arc::as_ptr(&cells.get(last, 0).unwrap()), before, "the last used stays");
        drop(followed);
    }

    #[test]
    fn a_house_full_of_work_takes_no_more() {
        let cells = Cells::default();
        let held: Vec<_> = (0..MOST_CELLS).map(|n| cells.get(id(n as u128), 0).unwrap()).collect();
        assert!(matches!(cells.get(id(u128::MAX), 0), Err(EngineError::Busy)));
        assert!(cells.get(id(7), 0).is_ok());
        drop(held);
        assert!(cells.get(id(u128::MAX), 0).is_ok());
    }

    #[test]
    fn those_that_are_followed_keep_nobody_else_out() {
        let cells = Cells::default();
        let followed: Vec<_> =
            (0..2 * MOST_CELLS).map(|n| cells.get(id(n as u128), 0).unwrap().version.subscribe()).collect();
        let others = |from: usize| (from..from + MOST_CELLS).map(|n| cells.get(id(n as u128), 1));
        let held: Result<Vec<_>, _> = others(10 * MOST_CELLS).collect();
        let held = held.expect("as much room as if nobody were followed");
        assert!(matches!(cells.get(id(u128::MAX), 1), Err(EngineError::Busy)), "and no more");
        drop(held);
        assert!(others(20 * MOST_CELLS).all(|cell| cell.is_ok()));
        assert!(cells.len() <= 3 * MOST_CELLS, "{}", cells.len());
        assert!(
            followed.iter().all(|follower| follower.has_changed().is_ok()),
            "nobody loses what they follow"
        );
        drop(followed);
        cells.sweep(1);
        cells.get(id(u128::MAX), 2).unwrap();
        assert_eq!(cells.len(), MOST_CELLS * 3 / 4 + 1, "once they are followed no more they count");
        cells.sweep(IDLE + 2);
        assert_eq!(cells.len(), 0);
    }

    #[test]
    fn what_nobody_uses_or_follows_is_swept_away() {
        let cells = Cells::default();
        let follower = cells.get(id(1), 0).unwrap().partial.subscribe();
        cells.get(id(2), 0).unwrap();
        cells.get(id(3), IDLE).unwrap();
        cells.sweep(IDLE - 1);
        assert_eq!(cells.len(), 3);
        cells.sweep(IDLE);
        assert_eq!(cells.len(), 2, "the idle one is gone, the followed and the used are not");
        drop(follower);
        cells.sweep(2 * IDLE);
        assert_eq!(cells.len(), 0);
    }
}
