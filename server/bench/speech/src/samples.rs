//! Durations measured, and what is said of them.

use std::time::Duration;

use serde_json::{Value, json};

/// Durations.
#[derive(Debug, Clone, Default)]
pub(crate) struct LatencySamples(pub(crate) Vec<Duration>);

impl LatencySamples {
    /// The milliseconds that this share of them did not exceed; `None` of nothing.
    pub(crate) fn percentile(&self, share: f64) -> Option<f64> {
        let mut all = self.0.clone();
        all.sort_unstable();
        let at = (all.len() as f64 * share).ceil() as usize;
        all.get(at.saturating_sub(1)).map(|duration| duration.as_secs_f64() * 1_000.0)
    }

    pub(crate) fn text(&self) -> String {
        match (self.percentile(0.5), self.percentile(0.95)) {
            (Some(p50), Some(p95)) => format!("p50 {p50:.0} ms · p95 {p95:.0} ms"),
            _ => "none".to_owned(),
        }
    }

    pub(crate) fn json(&self) -> Value {
        json!({ "p50": self.percentile(0.5), "p95": self.percentile(0.95), "count": self.0.len() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles() {
        let samples = LatencySamples((1..=20).rev().map(Duration::from_millis).collect());
        assert_eq!((samples.percentile(0.5), samples.percentile(0.95)), (Some(10.0), Some(19.0)));
        assert_eq!(samples.text(), "p50 10 ms · p95 19 ms");
        assert_eq!(LatencySamples::default().text(), "none");
    }
}
