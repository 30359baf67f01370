//! A token bucket: limits how often something may happen.

use std::time::Instant;

/// Refills at a steady rate; holds a burst after a rest.
#[derive(Debug)]
pub(crate) struct Bucket {
    per_second: f64,
    burst: f64,
    level: f64,
    filled: Instant,
}

impl Bucket {
    pub fn new(now: Instant, per_second: u32, burst: u32) -> Self {
        let (per_second, burst) = (f64::from(per_second), f64::from(burst));
        Self { per_second, burst, level: burst, filled: now }
    }

    /// Takes one token. False if there is none.
    pub fn take(&mut self, now: Instant) -> bool {
        self.take_many(now, 1)
    }

    /// Takes `count` tokens. False, and none is taken, if there are fewer.
    pub fn take_many(&mut self, now: Instant, count: u32) -> bool {
        let elapsed = now.saturating_duration_since(self.filled).as_secs_f64();
        self.filled = self.filled.max(now);
        self.level = (self.level + elapsed * self.per_second).min(self.burst);
        let there = self.level >= f64::from(count);
        if there {
            self.level -= f64::from(count);
        }
        there
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    #[expect(clippy::disallowed_methods, reason = "an anchor for virtual time")]
    fn a_burst_and_then_the_rate() {
        let now = Instant::now();
        let mut bucket = Bucket::new(now, 10, 3);
        let taken = |bucket: &mut Bucket, now| (0..9).filter(|_| bucket.take(now)).count();
        assert_eq!(taken(&mut bucket, now), 3);
        assert_eq!(taken(&mut bucket, now + Duration::from_millis(200)), 2);
        assert_eq!(taken(&mut bucket, now + Duration::from_secs(60)), 3);
        let later = now + Duration::from_secs(120);
        assert!(!bucket.take_many(later, 4) && bucket.take_many(later, 3) && !bucket.take(later));
    }
}
