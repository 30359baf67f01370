//! The queue between whoever writes a voice and whoever plays it.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

use crate::audio::frame::{ClearedSamples, Playout};
use crate::audio::outbox::PcmBuffer;

/// A [`PcmBuffer`] shared between the source that fills it and what empties it.
#[derive(Debug, Default)]
pub struct PcmQueue {
    buffer: Mutex<PcmBuffer>,
    /// Notified when samples were taken or dropped, and at the end.
    moved: Notify,
    /// The number of clears so far: a write that waits while one happens is dropped.
    clears: AtomicU64,
    closed: AtomicBool,
}

/// The queue is closed: nobody plays it any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QueueClosed;

impl PcmQueue {
    /// Room for this many milliseconds at this rate, and for 20 ms at least.
    pub fn new(rate: u32, milliseconds: u32) -> Self {
        let room = u64::from(rate) * u64::from(milliseconds) / 1_000;
        let room = usize::try_from(room).unwrap_or(usize::MAX).max(rate as usize / 50);
        Self { buffer: PcmBuffer::new(room).into(), ..Self::default() }
    }

    fn outbox(&self) -> MutexGuard<'_, PcmBuffer> {
        self.buffer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds samples; waits while the queue is full. What still waits when the queue is cleared is dropped. Calls
    /// `begun` when an empty queue has got its first samples.
    ///
    /// # Errors
    /// If the queue is closed.
    pub async fn put(&self, samples: &[i16], begun: impl Fn()) -> Result<(), QueueClosed> {
        let clears = self.clears.load(Ordering::Acquire);
        let mut rest = samples;
        loop {
            let moved = self.moved.notified();
            tokio::pin!(moved);
            moved.as_mut().enable();
            if self.is_closed() {
                return Err(QueueClosed);
            }
            {
                let mut outbox = self.outbox();
                if self.clears.load(Ordering::Acquire) != clears {
                    outbox.count_dropped(rest.len());
                    return Ok(());
                }
                let was_empty = outbox.is_empty();
                let put = outbox.put(rest);
                rest = &rest[put..];
                if was_empty {
                    begun();
                }
            }
            if rest.is_empty() {
                return Ok(());
            }
            moved.await;
        }
    }

    /// Takes samples to play now, up to the length of `frame`, and fills the rest with silence. Returns how many were
    /// taken. Whoever waits learns of them by [`taken`](Self::taken), once they are on their way.
    pub fn take(&self, frame: &mut [i16]) -> usize {
        self.outbox().take(frame)
    }

    /// The outbox for as long as it takes to encode from it.
    pub(crate) fn with<T>(&self, take: impl FnOnce(&mut PcmBuffer) -> T) -> T {
        take(&mut self.outbox())
    }

    /// Tells whoever waits that samples were taken.
    pub fn taken(&self) {
        self.moved.notify_waiters();
    }

    /// Drops what has not been taken yet.
    pub fn clear(&self) -> ClearedSamples {
        let mut outbox = self.outbox();
        self.clears.fetch_add(1, Ordering::AcqRel);
        let cleared = outbox.clear();
        drop(outbox);
        self.moved.notify_waiters();
        cleared
    }

    /// The account so far.
    pub fn account(&self) -> Playout {
        self.outbox().account()
    }

    /// Returns once all was taken or dropped, or the queue is closed. Returns whether it was all taken or dropped.
    pub async fn drained(&self) -> bool {
        loop {
            let moved = self.moved.notified();
            tokio::pin!(moved);
            moved.as_mut().enable();
            if self.is_closed() {
                return false;
            }
            if self.outbox().is_empty() {
                return true;
            }
            moved.await;
        }
    }

    /// From now on nothing can be put; whoever waits is told.
    pub fn close(&self) {
        self.closed.store(true, Ordering::Release);
        self.moved.notify_waiters();
    }

    /// Whether it is closed.
    pub fn is_closed(&self) -> bool {
        self.closed.load(Ordering::Acquire)
    }
}
