//! When packets left, and how long they took.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};

use tokio::time::Instant;

/// Packets that may be under way: at 50 a second, 80 s.
const ROOM: usize = 4_096;

/// Nanoseconds on a clock that all threads of this process share; never 0.
pub(super) fn nanos() -> u64 {
    static BEGIN: OnceLock<Instant> = OnceLock::new();
    let begin = *BEGIN.get_or_init(Instant::now);
    u64::try_from(begin.elapsed().as_nanos()).unwrap_or(u64::MAX).saturating_add(1)
}

/// The packets of one sender.
#[derive(Debug)]
pub(super) struct PacketTimes {
    left: Vec<AtomicU64>,
    took: Mutex<Vec<u64>>,
}

impl Default for PacketTimes {
    fn default() -> Self {
        Self { left: (0..ROOM).map(|_| AtomicU64::new(0)).collect(), took: Mutex::default() }
    }
}

impl PacketTimes {
    /// Packet `number` leaves now.
    pub(super) fn left(&self, number: u32) {
        self.left[number as usize % ROOM].store(nanos(), Ordering::Release);
    }

    /// Packet `number` leaves and is not measured.
    pub(super) fn forget(&self, number: u32) {
        self.left[number as usize % ROOM].store(0, Ordering::Release);
    }

    /// Packet `number` came at this time.
    pub(super) fn came(&self, number: u32, now: u64) {
        let left = self.left[number as usize % ROOM].swap(0, Ordering::AcqRel);
        if left > 0 {
            self.took.lock().unwrap_or_else(PoisonError::into_inner).push(now.saturating_sub(left));
        }
    }

    /// How long each that came took, in nanoseconds.
    pub(super) fn took(&self) -> Vec<u64> {
        std::mem::take(&mut *self.took.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// The milliseconds that this share did not exceed.
pub(super) fn percentile(took: &mut [u64], share: f64) -> f64 {
    took.sort_unstable();
    let at = (took.len() as f64 * share).ceil() as usize;
    took.get(at.saturating_sub(1)).map_or(0.0, |nanos| *nanos as f64 / 1e6)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_packet_is_timed_once_and_only_if_it_was_to_be() {
        let times = PacketTimes::default();
        times.left(7);
        times.came(7, nanos() + 1_000_000);
        times.came(7, nanos() + 1_000_000);
        times.left(8);
        times.forget(8);
        times.came(8, nanos());
        let took = times.took();
        assert!(took.len() == 1 && took[0] >= 1_000_000, "{took:?}");
        let mut many: Vec<u64> = (1..=100).rev().map(|ms| ms * 1_000_000).collect();
        assert_eq!((percentile(&mut many, 0.5), percentile(&mut many, 0.99)), (50.0, 99.0));
        assert_eq!(percentile(&mut [], 0.5), 0.0);
    }
}
