//! Durations measured, and what is said of them.

use std::time::Duration;

/// One go: how long each piece took, and all together.
#[derive(Debug, Clone, Default)]
pub(crate) struct TimedRun {
    pub(crate) each: Vec<Duration>,
    pub(crate) whole: Duration,
    /// Processor time that the program spent meanwhile.
    pub(crate) cpu: Duration,
}

impl TimedRun {
    fn rate(&self) -> f64 {
        self.each.len() as f64 / self.whole.as_secs_f64().max(1e-9)
    }
}

/// Several goes at the same thing.
#[derive(Debug, Clone, Default)]
pub(crate) struct RunSamples(Vec<TimedRun>);

impl RunSamples {
    pub(crate) fn push(&mut self, go: TimedRun) {
        self.0.push(go);
    }

    /// Pieces in a second: the median of the goes.
    pub(crate) fn rate(&self) -> f64 {
        median(self.0.iter().map(TimedRun::rate).collect())
    }

    /// The duration, in milliseconds, that this share of all pieces did not exceed.
    pub(crate) fn percentile(&self, share: f64) -> f64 {
        let mut all: Vec<Duration> = self.0.iter().flat_map(|go| go.each.iter().copied()).collect();
        all.sort_unstable();
        let at = (all.len() as f64 * share).ceil() as usize;
        all.get(at.saturating_sub(1)).map_or(0.0, |d| millis(*d))
    }

    /// Processor time of the program for a piece, in milliseconds.
    pub(crate) fn cpu(&self) -> f64 {
        let pieces: usize = self.0.iter().map(|go| go.each.len()).sum();
        millis(self.0.iter().map(|go| go.cpu).sum()) / pieces.max(1) as f64
    }
}

/// In milliseconds.
pub(crate) fn millis(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1_000.0
}

/// The middle one, or the mean of the two in the middle; 0 of nothing.
pub(crate) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    match values.len() {
        0 => 0.0,
        n if n % 2 == 1 => values[n / 2],
        n => f64::midpoint(values[n / 2 - 1], values[n / 2]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_of_all_goes() {
        let ms = Duration::from_millis;
        let mut samples = RunSamples::default();
        for whole in [10, 20, 40] {
            let each = (1..=10).map(|n| ms(n * whole)).collect();
            samples.push(TimedRun { each, whole: ms(whole * 10), cpu: ms(5) });
        }
        assert!((samples.rate() - 50.0).abs() < 1e-6, "the middle go");
        assert_eq!((samples.percentile(0.5), samples.percentile(0.99)), (90.0, 400.0));
        assert!((samples.cpu() - 0.5).abs() < 1e-9);
        assert_eq!((median(vec![]), median(vec![3.0, 1.0]), median(vec![9.0, 1.0, 2.0])), (0.0, 2.0, 2.0));
    }
}
