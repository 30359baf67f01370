//! Estimates how long packets must be held back so that nearly all arrive in time.
//!
//! Only differences of transit times count: the clock of the sender is unknown and drifts. The fastest packet of
//! the last seconds is the baseline; how much later the others came is counted in a histogram that forgets.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// RTP ticks of Opus a second, whatever the rate of the audio.
pub const TICKS: u64 = 48_000;

/// The width of a histogram bin.
const BAR_US: i64 = 5_000;
/// The number of bins: delays up to 0.5 s are distinguished.
const BARS: usize = 100;
/// The decay of a bin with each packet: half after some 7 s at 50 packets a second.
const KEEP: f32 = 0.998;
/// The share of packets that should be in time.
const IN_TIME: f32 = 0.97;
/// How long the fastest packet stays the baseline.
const WINDOW: Duration = Duration::from_secs(10);
/// The smallest delay: half a packet, so that a late tick of ours does no harm.
const LEAST: Duration = Duration::from_millis(10);

/// The transit times of one stream.
pub struct Delay {
    origin: Option<(Instant, u64)>,
    /// Candidates for the window's minimum, oldest and smallest first.
    minima: VecDeque<(Instant, i64)>,
    bars: [f32; BARS],
    sum: f32,
    most: Duration,
}

impl Delay {
    /// Without data yet. The delay never exceeds `most`.
    pub fn new(most: Duration) -> Self {
        let mut bars = [0.0; BARS];
        // The initial guess: 20 to 25 ms.
        bars[4] = 1.0;
        Self { origin: None, minima: VecDeque::new(), bars, sum: 1.0, most }
    }

    /// Counts a packet.
    pub fn arrived(&mut self, now: Instant, ticks: u64) {
        let transit = match self.transit(now, ticks) {
            Some(transit) => transit,
            None => {
                self.origin = Some((now, ticks));
                0
            }
        };
        while self.minima.back().is_some_and(|&(_, least)| least >= transit) {
            self.minima.pop_back();
        }
        self.minima.push_back((now, transit));
        while self.minima.front().is_some_and(|&(at, _)| now.saturating_duration_since(at) > WINDOW) {
            self.minima.pop_front();
        }
        let late = transit - self.baseline();
        let bar = usize::try_from(late / BAR_US).unwrap_or(0).min(BARS - 1);
        for weight in &mut self.bars {
            *weight *= KEEP;
        }
        self.bars[bar] += 1.0;
        self.sum = self.sum * KEEP + 1.0;
    }

    /// Forgets the baseline but not the spread: the sender's clock has jumped.
    pub fn rebase(&mut self) {
        self.origin = None;
        self.minima.clear();
    }

    /// How long to hold packets back.
    pub fn target(&self) -> Duration {
        let mut seen = 0.0;
        let enough = self.sum * IN_TIME;
        let bar = self.bars.iter().position(|weight| {
            seen += weight;
            seen >= enough
        });
        let edge = (bar.unwrap_or(BARS - 1) as u64 + 1) * BAR_US.unsigned_abs();
        Duration::from_micros(edge).max(LEAST).min(self.most)
    }

    /// How much later than the fastest packet a packet with this timestamp would be at `now`, in microseconds. `None`
    /// before the first packet.
    pub fn behind(&self, now: Instant, ticks: u64) -> Option<i64> {
        Some(self.transit(now, ticks)? - self.baseline())
    }

    fn baseline(&self) -> i64 {
        self.minima.front().map_or(0, |&(_, least)| least)
    }

    fn transit(&self, now: Instant, ticks: u64) -> Option<i64> {
        let (start, first) = self.origin?;
        let passed = match now.checked_duration_since(start) {
            Some(after) => i64::try_from(after.as_micros()).unwrap_or(i64::MAX / 4),
            None => -i64::try_from((start - now).as_micros()).unwrap_or(i64::MAX / 4),
        };
        let sent = ticks.wrapping_sub(first).cast_signed();
        Some(passed - sent.saturating_mul(1_000) / 48)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn start() -> Instant {
        tokio::time::Instant::now().into_std()
    }

    #[test]
    fn a_steady_network_needs_little_and_a_shaky_one_more() {
        let start = start();
        let mut steady = Delay::new(Duration::from_millis(400));
        let mut shaky = Delay::new(Duration::from_millis(400));
        for n in 0..500_u64 {
            let sent = start + Duration::from_millis(20 * n);
            steady.arrived(sent + Duration::from_millis(30), n * 960);
            shaky.arrived(sent + Duration::from_millis(30 + (n * 7) % 60), n * 960);
        }
        assert_eq!(steady.target(), Duration::from_millis(10));
        let target = shaky.target().as_millis();
        assert!((50..=65).contains(&target), "{target} ms for a spread of 60 ms");
    }

    #[test]
    fn a_drifting_clock_moves_the_baseline() {
        let start = start();
        let mut delay = Delay::new(Duration::from_millis(400));
        // The sender's second is 0.1 % longer than ours: over a minute, packets come 60 ms later.
        for n in 0..3_000_u64 {
            delay.arrived(start + Duration::from_micros(20_020 * n), n * 960);
        }
        let now = start + Duration::from_micros(20_020 * 2_999);
        let behind = delay.behind(now, 2_999 * 960).unwrap();
        assert!((0..=11_000).contains(&behind), "{behind} us behind the fastest of the last 10 s");
        assert!(delay.target() <= Duration::from_millis(20));
    }
}
