//! What a process and all that it started use, seen through `/proc`.

use std::time::Duration;

use anyhow::{Context as _, Result};

/// One line of `/proc/*/stat`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Stat {
    parent: u32,
    /// Its processor time, and that of those of its children that have ended.
    cpu: Duration,
}

fn stat(line: &str) -> Option<Stat> {
    let (_, after) = line.rsplit_once(')')?;
    let fields: Vec<&str> = after.split_whitespace().collect();
    // The kernel counts in hundredths of a second.
    let ticks: u64 = fields.get(11..15)?.iter().filter_map(|ticks| ticks.parse::<u64>().ok()).sum();
    Some(Stat { parent: fields.get(1)?.parse().ok()?, cpu: Duration::from_millis(ticks * 10) })
}

/// These processes and all that descend from them; those that ended meanwhile are left out.
fn family(roots: &[u32]) -> Result<Vec<(u32, Stat)>> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir("/proc")? {
        let Some(process) = entry?.file_name().to_str().and_then(|name| name.parse::<u32>().ok()) else {
            continue;
        };
        if let Some(stat) =
            std::fs::read_to_string(format!("/proc/{process}/stat")).ok().and_then(|line| stat(&line))
        {
            all.push((process, stat));
        }
    }
    Ok(descendants(roots, &all))
}

fn descendants(roots: &[u32], all: &[(u32, Stat)]) -> Vec<(u32, Stat)> {
    let mut found: Vec<(u32, Stat)> =
        all.iter().filter(|(process, _)| roots.contains(process)).copied().collect();
    let mut at = 0;
    while let Some(&(parent, _)) = found.get(at) {
        found.extend(all.iter().filter(|(process, stat)| stat.parent == parent && !roots.contains(process)));
        at += 1;
    }
    found
}

/// Processor time that they have used so far.
pub(super) fn cpu(roots: &[u32]) -> Result<Duration> {
    Ok(family(roots)?.iter().map(|(_, stat)| stat.cpu).sum())
}

/// Memory in use, in bytes: what several of them share is counted once.
pub(super) fn memory(roots: &[u32]) -> Result<u64> {
    let shares = family(roots)?.into_iter().filter_map(|(process, _)| {
        let all = std::fs::read_to_string(format!("/proc/{process}/smaps_rollup")).ok()?;
        let line = all.lines().find_map(|line| line.strip_prefix("Pss:"))?;
        line.trim().trim_end_matches("kB").trim().parse::<u64>().ok()
    });
    Ok(shares.sum::<u64>() * 1_024)
}

/// How many processes wanted a core in the last minute, on average.
pub(crate) fn load() -> Result<f64> {
    let line = std::fs::read_to_string("/proc/loadavg")?;
    Ok(line.split_whitespace().next().context("a load")?.parse()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_read_whatever_the_name_is() {
        let line = "7 (a ) name) S 3 7 7 0 -1 4194304 100 0 0 0 150 20 30 5 20 0 1 0 100 1000";
        assert_eq!(stat(line), Some(Stat { parent: 3, cpu: Duration::from_millis(2_050) }));
        assert_eq!(stat("7 (name) S 3"), None);
    }

    #[test]
    fn all_that_descend_are_counted_once() {
        let of = |parent| Stat { parent, cpu: Duration::ZERO };
        let all = [(9, of(8)), (2, of(1)), (8, of(2)), (5, of(1)), (6, of(5))];
        let found: Vec<u32> = descendants(&[2, 8], &all).into_iter().map(|(process, _)| process).collect();
        assert_eq!(found, [2, 8, 9]);
    }

    #[test]
    fn this_process_uses_memory() {
        assert!(memory(&[std::process::id()]).unwrap() > 1_000_000);
    }
}
