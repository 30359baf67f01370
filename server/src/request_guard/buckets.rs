//! How often something may happen for each of many: token buckets, bounded in memory.
//!
//! A bucket is one moment: when it will be full again (the "generic cell rate algorithm"). One that is full is
//! as good as none, so those not seen for a while are let go: there are two generations, and what the younger
//! has not taken over when it turns old itself is forgotten. They turn as soon as a bucket would be full again
//! anyway, or when there are very many; then whoever is forgotten may begin anew.

use std::collections::HashMap;
use std::hash::Hash;
use std::mem;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// Most buckets of one generation; two are held.
const MOST: usize = 32_768;
/// What a rate counts by.
const MINUTE: Duration = Duration::from_secs(60);
/// How much of a minute's rate may come at once.
const BURST_PART: u32 = 4;

/// Token buckets, one a key.
pub struct Buckets<K>(Option<Limited<K>>);

struct Limited<K> {
    /// How long one request takes to be forgiven.
    interval: Duration,
    /// How long a whole burst takes to be forgiven: how far ahead of the clock a bucket may be.
    depth: Duration,
    held: Mutex<Generations<K>>,
}

struct Generations<K> {
    young: HashMap<K, Instant>,
    old: HashMap<K, Instant>,
    turned: Instant,
}

impl<K: Hash + Eq> Buckets<K> {
    /// Buckets for so many requests a minute, a quarter of them (at least one) at once; 0: no limit.
    pub fn new(rate: u32) -> Self {
        if rate == 0 {
            return Self(None);
        }
        let interval = MINUTE / rate;
        let depth = interval * (rate / BURST_PART).max(1);
        let held = Generations { young: HashMap::new(), old: HashMap::new(), turned: Instant::now() };
        Self(Some(Limited { interval, depth, held: Mutex::new(held) }))
    }

    /// Counts a request. `Err`: there are too many; how long until one would be taken. Such a one is not counted.
    pub fn take(&self, key: K) -> Result<(), Duration> {
        let Some(limited) = &self.0 else { return Ok(()) };
        let now = Instant::now();
        let mut held = limited.held.lock().unwrap_or_else(PoisonError::into_inner);
        held.turn(now, limited.depth);
        let full = held.full(&key).map_or(now, |full| full.max(now));
        let result = limited.fits(full, now);
        let full = if result.is_ok() { full + limited.interval } else { full };
        held.old.remove(&key);
        held.young.insert(key, full);
        result
    }

    /// Whether one more would be taken now, without counting it.
    pub fn check(&self, key: &K) -> Result<(), Duration> {
        let Some(limited) = &self.0 else { return Ok(()) };
        let now = Instant::now();
        let held = limited.held.lock().unwrap_or_else(PoisonError::into_inner);
        limited.fits(held.full(key).map_or(now, |full| full.max(now)), now)
    }

    /// How many buckets are in memory.
    #[cfg(test)]
    fn len(&self) -> usize {
        self.0.as_ref().map_or(0, |limited| {
            let held = limited.held.lock().unwrap();
            held.young.len() + held.old.len()
        })
    }
}

impl<K> Limited<K> {
    /// Whether a request fits into a bucket that is full again then.
    fn fits(&self, full: Instant, now: Instant) -> Result<(), Duration> {
        let after = (full + self.interval).saturating_duration_since(now);
        match after.checked_sub(self.depth) {
            Some(wait) if !wait.is_zero() => Err(wait),
            Some(_) | None => Ok(()),
        }
    }
}

impl<K: Hash + Eq> Generations<K> {
    fn full(&self, key: &K) -> Option<Instant> {
        self.young.get(key).or_else(|| self.old.get(key)).copied()
    }

    /// The young turn old once the old would all be full again, or once they are too many.
    fn turn(&mut self, now: Instant, depth: Duration) {
        let since = now.saturating_duration_since(self.turned);
        if since >= depth || self.young.len() >= MOST {
            self.old = mem::take(&mut self.young);
            self.turned = now;
            if since >= depth * 2 {
                self.old = HashMap::new();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(buckets: &Buckets<u32>, key: u32, tries: usize) -> usize {
        (0..tries).filter(|_| buckets.take(key).is_ok()).count()
    }

    #[tokio::test(start_paused = true)]
    async fn a_quarter_of_a_minute_at_once_then_one_by_one() {
        let buckets = Buckets::new(240);
        assert_eq!(taken(&buckets, 1, 1_000), 60);
        assert_eq!(buckets.take(1), Err(Duration::from_millis(250)));
        assert_eq!(buckets.check(&1), Err(Duration::from_millis(250)));
        assert_eq!(taken(&buckets, 2, 1_000), 60, "each has its own");
        tokio::time::advance(Duration::from_millis(250)).await;
        assert_eq!(buckets.check(&1), Ok(()));
        assert_eq!(taken(&buckets, 1, 5), 1);
        // As much again in a minute as the rate says, however often it is tried.
        let mut all = 0;
        for _ in 0..600 {
            tokio::time::advance(Duration::from_millis(100)).await;
            all += taken(&buckets, 1, 3);
        }
        assert_eq!(all, 240);
        tokio::time::advance(MINUTE).await;
        assert_eq!(taken(&buckets, 1, 1_000), 60, "a rest fills it, and no more than that");
    }

    #[tokio::test(start_paused = true)]
    async fn how_long_to_wait_is_true() {
        for rate in [1, 7, 240, 1_200, 12_000] {
            let buckets = Buckets::new(rate);
            taken(&buckets, 1, 20_000);
            let wait = buckets.take(1).unwrap_err();
            tokio::time::advance(wait.saturating_sub(Duration::from_millis(1))).await;
            assert!(buckets.take(1).is_err(), "{rate}: earlier would not do");
            tokio::time::advance(Duration::from_millis(1)).await;
            assert!(buckets.take(1).is_ok(), "{rate}: {wait:?}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn none_is_no_limit() {
        let buckets = Buckets::new(0);
        assert_eq!(taken(&buckets, 1, 100_000), 100_000);
        assert_eq!(buckets.len(), 0);
    }

    #[tokio::test(start_paused = true)]
    async fn a_flood_from_a_million_fills_no_memory() {
        let buckets = Buckets::new(240);
        for key in 0..1_000_000 {
            assert!(buckets.take(key).is_ok());
        }
        assert!(buckets.len() <= 2 * MOST, "{}", buckets.len());
        tokio::time::advance(MINUTE).await;
        buckets.take(1).unwrap();
        assert_eq!(buckets.len(), 1, "and what is full again is let go");
    }

    #[tokio::test(start_paused = true)]
    async fn nobody_is_forgotten_by_the_clock_before_the_bucket_is_full() {
        let buckets = Buckets::new(240);
        let mut all = 0;
        // Others come and go; the one that takes what there is gets the rate and no more.
        for n in 0..1_200 {
            all += taken(&buckets, 1, 10);
            buckets.take(1_000 + n).unwrap();
            tokio::time::advance(Duration::from_millis(100)).await;
        }
        assert!((60 + 479..=60 + 480).contains(&all), "{all}");
    }
}
