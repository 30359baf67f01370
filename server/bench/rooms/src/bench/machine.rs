//! The machine that it is measured on.

use anyhow::{Context as _, Result};

/// Ticks of all cores so far.
#[derive(Debug, Clone, Copy)]
pub(super) struct CoreTicks {
    idle: u64,
    all: u64,
}

impl CoreTicks {
    /// The share of the time since then in which cores were busy.
    pub(super) fn since(&self, then: &Self) -> f64 {
        let all = self.all.saturating_sub(then.all).max(1);
        1.0 - self.idle.saturating_sub(then.idle) as f64 / all as f64
    }
}

/// What the cores did so far.
pub(super) fn busy() -> Result<CoreTicks> {
    let stat = std::fs::read_to_string("/proc/stat")?;
    let line =
        stat.lines().next().and_then(|line| line.strip_prefix("cpu ")).context("no line of all cores")?;
    // user, nice, system, idle, waiting for disks, interrupts, stolen ...; what guests use is counted as user too.
    let ticks: Vec<u64> = line.split_whitespace().take(8).map(|n| n.parse().unwrap_or(0)).collect();
    let idle = ticks.iter().skip(3).take(2).sum();
    Ok(CoreTicks { idle, all: ticks.iter().sum() })
}

/// Day, processor, cores and kernel, in words.
pub(super) fn words() -> Result<String> {
    #[expect(clippy::disallowed_methods, reason = "a table of measurements says when they were made")]
    let now = jiff::Timestamp::now();
    Ok(format!(
        "{} on {}, {} cores shared by the server and the load, Linux {}",
        now.strftime("%-d %B %Y"),
        models::Processor::here(),
        std::thread::available_parallelism()?,
        std::fs::read_to_string("/proc/sys/kernel/osrelease")?.trim(),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_others_use_is_seen_too() {
        let then = CoreTicks { idle: 100, all: 200 };
        assert!((CoreTicks { idle: 125, all: 300 }.since(&then) - 0.75).abs() < 1e-9);
        assert!(busy().expect("Linux tells").all > 0);
    }
}
