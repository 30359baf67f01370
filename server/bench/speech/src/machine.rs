//! Where it was measured, how busy that machine was, and what this process took of it.

use anyhow::{Context as _, Result};

/// Of a second, what the kernel counts processor time in (`USER_HZ`, on every Linux that Rust runs on).
const TICKS: f64 = 100.0;

/// Processor seconds of all threads of this process.
pub(crate) fn cpu() -> Result<f64> {
    Ok(times()?[..2].iter().sum())
}

/// Resident bytes of this process.
pub(crate) fn resident() -> Result<u64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("no VmRSS")?;
    Ok(line.trim().trim_end_matches(" kB").parse::<u64>()? * 1_024)
}

/// Seconds in the program, in the kernel for it, and the same of children that ended.
fn times() -> Result<[f64; 4]> {
    let stat = std::fs::read_to_string("/proc/self/stat")?;
    // The name in brackets may hold anything.
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let field = |at: usize| -> Result<f64> {
        Ok(fields.get(at).context("too few fields in stat")?.parse::<f64>()? / TICKS)
    };
    Ok([field(11)?, field(12)?, field(13)?, field(14)?])
}

/// A look at the machine.
#[derive(Debug, Clone)]
pub(crate) struct MachineSnapshot {
    pub(crate) date: String,
    pub(crate) processor: String,
    pub(crate) cores: usize,
    /// Seconds that all processors worked, and that passed on all of them.
    busy: f64,
    passed: f64,
    own: f64,
}

impl MachineSnapshot {
    pub(crate) fn look() -> Result<Self> {
        #[expect(clippy::disallowed_methods, reason = "a table of measurements says when they were made")]
        let now = jiff::Timestamp::now();
        let stat = std::fs::read_to_string("/proc/stat")?;
        let all = stat.lines().next().and_then(|line| line.strip_prefix("cpu ")).context("no cpu in stat")?;
        let all: Vec<f64> = all
            .split_whitespace()
            .take(8)
            .map(|ticks| Ok(ticks.parse::<f64>()? / TICKS))
            .collect::<Result<_>>()?;
        let passed = all.iter().sum::<f64>();
        // Idle, and waiting for a disk.
        let busy = passed - all.iter().skip(3).take(2).sum::<f64>();
        Ok(Self {
            date: now.strftime("%-d %B %Y").to_string(),
            processor: models::Processor::here().to_string(),
            cores: std::thread::available_parallelism()?.get(),
            busy,
            passed,
            own: times()?.iter().sum(),
        })
    }

    /// The share of the machine, in percent, that others took since an earlier look.
    pub(crate) fn others_since(&self, earlier: &Self) -> f64 {
        let others = (self.busy - earlier.busy) - (self.own - earlier.own);
        (others / (self.passed - earlier.passed).max(1e-9) * 100.0).clamp(0.0, 100.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_shows_in_the_figures() {
        let (before, at_first) = (MachineSnapshot::look().unwrap(), cpu().unwrap());
        let mut sum = 0_u64;
        while cpu().unwrap() - at_first < 0.1 {
            sum = (0..1_000_000).fold(sum, |sum, more| std::hint::black_box(sum ^ more));
        }
        let after = MachineSnapshot::look().unwrap();
        assert!(after.own - before.own >= 0.1 && after.cores > 0);
        assert!((0.0..=100.0).contains(&after.others_since(&before)));
        assert!(resident().unwrap() > 100_000);
    }
}
