//! The lines of a long stay and the verdict on it.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::ops::Range;
use std::time::Duration;

use super::PEOPLE;
use super::churn::ChurnTally;
use crate::served::mebibytes;
use crate::sound::ReceptionCounts;

/// After so many minutes everything was used once: by how large a share memory may grow from then to the end, since
/// allocators keep what came and went.
const SETTLED: usize = 3;
const KEPT: f64 = 0.25;
/// Nothing leaks if that comes to an end: how much more there may be in the last quarter of the time than in the one
/// before, on the average: a share, and bytes.
const GROWTH: (f64, f64) = (0.02, (1 << 20) as f64);
/// The share of what is heard in the last minute that may be silent or wrong.
const SPOILT: f64 = 0.1;
/// Messages, one a second, that must have come in it.
const MESSAGES: u64 = 45;

/// What the server needs.
#[derive(Debug, Clone, Copy)]
pub(super) struct SoakResourceUsage {
    /// Resident, in bytes.
    pub(super) memory: u64,
    pub(super) files: usize,
    pub(super) tasks: usize,
    pub(super) rooms: usize,
    pub(super) cpu: Duration,
    /// What this program needs, in bytes: our participants, the relay and the wires.
    pub(super) own: u64,
}

/// A minute.
#[derive(Debug)]
pub(super) struct Minute {
    pub(super) number: u32,
    pub(super) figures: SoakResourceUsage,
    /// What is heard, by who hears whom.
    pub(super) pairs: BTreeMap<(String, String), ReceptionCounts>,
    /// How often ours resumed and joined anew, and the SDKs in Python and in the browser came back, so far.
    pub(super) came_back: [u64; 4],
    pub(super) tally: ChurnTally,
}

impl Minute {
    pub(super) fn line(&self) -> String {
        let Self { number, figures, pairs, came_back: [resumed, rejoined, python, browser], tally } = self;
        let SoakResourceUsage { memory, files, tasks, rooms, cpu, own } = figures;
        let gaps: Vec<String> = pairs
            .iter()
            .filter(|(_, heard)| heard.windows > 0)
            .map(|((hearer, speaker), ReceptionCounts { windows, silent, wrong, messages })| {
                format!("{hearer}<{speaker} {}/{windows} {messages}", silent + wrong)
            })
            .collect();
        format!(
            "{number:>3} min | server {} · {files} files · {tasks} tasks · {rooms} rooms · {:.1} CPU-s | load {} | \
             came back: ours {resumed}+{rejoined}, python {python}, browser {browser} | churn: {} rooms, {} resumed, \
             {} anew, {} vanished, {} at the second try, {} failed | gaps/heard, messages: {}",
            mebibytes(*memory),
            cpu.as_secs_f64(),
            mebibytes(*own),
            tally.rooms,
            tally.resumed,
            tally.rejoined,
            tally.vanished,
            tally.again,
            tally.failures.len(),
            gaps.join(" · "),
        )
    }
}

/// All of it.
#[derive(Debug)]
pub(super) struct SoakReport {
    empty: SoakResourceUsage,
    pub(super) minutes: Vec<Minute>,
    pub(super) left: Option<SoakResourceUsage>,
    pub(super) faults: Vec<String>,
}

impl SoakReport {
    /// `empty`: before anybody came.
    pub(super) fn new(empty: SoakResourceUsage) -> Self {
        Self { empty, minutes: Vec::new(), left: None, faults: Vec::new() }
    }

    /// What is wrong; nothing if all is well.
    fn complaints(&self) -> Vec<String> {
        let mut wrong = self.faults.clone();
        let (Some(settled), Some(last)) =
            (self.minutes.get(SETTLED - 1).or(self.minutes.first()), self.minutes.last())
        else {
            return vec!["it was too short".into()];
        };
        let (then, now) = (settled.figures.memory, last.figures.memory);
        if now as f64 > then as f64 * (1.0 + KEPT) + GROWTH.1 {
            wrong.push(format!("memory grew from {} to {}", mebibytes(then), mebibytes(now)));
        }
        let count = self.minutes.len();
        let (third, fourth) = (self.memory(count / 2..count * 3 / 4), self.memory(count * 3 / 4..count));
        if third.zip(fourth).is_some_and(|(third, fourth)| fourth > third * (1.0 + GROWTH.0) + GROWTH.1) {
            wrong.push("memory still grows in the last quarter".to_owned());
        }
        for (hearer, _) in PEOPLE {
            for (speaker, _) in PEOPLE.iter().filter(|(name, _)| *name != hearer) {
                let pair = (hearer.to_owned(), (*speaker).to_owned());
                let heard = last.pairs.get(&pair).copied().unwrap_or_default();
                let spoilt = (heard.silent + heard.wrong) as f64 / heard.windows.max(1) as f64;
                if heard.windows < 300 || spoilt > SPOILT || heard.messages < MESSAGES {
                    wrong.push(format!("at the end {hearer} hears {speaker} like this: {heard:?}"));
                }
            }
        }
        match self.left {
            None => wrong.push("the end was not looked at".into()),
            Some(left) => {
                if left.rooms > 0 {
                    wrong.push(format!("{} rooms are left after everybody went", left.rooms));
                }
                if left.tasks > self.empty.tasks {
                    wrong.push(format!("{} tasks are left instead of {}", left.tasks, self.empty.tasks));
                }
                if left.files > self.empty.files {
                    wrong.push(format!("{} files are left open instead of {}", left.files, self.empty.files));
                }
            }
        }
        wrong
    }

    /// Memory in these minutes, on the average; `None` of no minute.
    fn memory(&self, minutes: Range<usize>) -> Option<f64> {
        let minutes = self.minutes.get(minutes).filter(|minutes| !minutes.is_empty())?;
        let all: f64 = minutes.iter().map(|minute| minute.figures.memory as f64).sum();
        Some(all / minutes.len() as f64)
    }

    pub(super) fn good(&self) -> bool {
        self.complaints().is_empty()
    }

    /// In words.
    pub(super) fn verdict(&self) -> String {
        let mut text = String::new();
        let memory =
            |minute: Option<&Minute>| minute.map_or_else(String::new, |m| mebibytes(m.figures.memory));
        // Writing to a string does not fail.
        let _ = writeln!(
            text,
            "server: {} empty, {} after {SETTLED} minutes, {} at half time, {} at the end, {} after the last leave",
            mebibytes(self.empty.memory),
            memory(self.minutes.get(SETTLED - 1)),
            memory(self.minutes.get(self.minutes.len() / 2)),
            memory(self.minutes.last()),
            self.left.map_or_else(String::new, |left| mebibytes(left.memory)),
        );
        let complaints = self.complaints();
        for complaint in &complaints {
            let _ = writeln!(text, "WRONG: {complaint}");
        }
        text.push_str(if complaints.is_empty() {
            "Nothing leaked, and everybody hears everybody.\n"
        } else {
            "FAILED\n"
        });
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figures(memory: u64, rooms: usize) -> SoakResourceUsage {
        SoakResourceUsage { memory, files: 9, tasks: 5, rooms, cpu: Duration::ZERO, own: 0 }
    }

    /// A stay of so many minutes with these memories, in which everybody hears everybody.
    fn stay(memory: &[u64]) -> SoakReport {
        let mut report = SoakReport::new(figures(1 << 20, 0));
        for (number, &memory) in (1..).zip(memory) {
            let heard = ReceptionCounts { windows: 3_000, silent: 20, wrong: 0, messages: 60 };
            let names = || PEOPLE.iter().map(|(name, _)| (*name).to_owned());
            let pairs = names().flat_map(|one| names().map(move |other| ((one.clone(), other), heard)));
            let minute = Minute {
                number,
                figures: figures(memory << 20, 5),
                pairs: pairs.filter(|((one, other), _)| one != other).collect(),
                came_back: [1, 0, 1, 1],
                tally: ChurnTally::default(),
            };
            report.minutes.push(minute);
        }
        report.left = Some(figures(20 << 20, 0));
        report
    }

    #[test]
    fn what_leaks_or_falls_silent_is_named() {
        let good = stay(&[10, 20, 23, 24, 24, 25, 25, 25]);
        let figures_of = "23.0 MiB after 3 minutes, 24.0 MiB at half time, 25.0 MiB at the end";
        assert!(good.good() && good.verdict().contains(figures_of), "{}", good.verdict());
        let said = |change: fn(&mut SoakReport)| {
            let mut report = stay(&[10, 20, 23, 24, 24]);
            change(&mut report);
            assert!(!report.good());
            report.verdict()
        };
        assert!(stay(&[10, 20, 23, 24, 31]).verdict().contains("memory grew from 23.0 MiB to 31.0 MiB"));
        let leaks = stay(&[10, 20, 23, 24, 25, 26, 27, 28]).verdict();
        assert!(leaks.contains("memory still grows in the last quarter"), "{leaks}");
        assert!(said(|report| report.left = Some(figures(20 << 20, 1))).contains("1 rooms are left"));
        assert!(
            said(|report| report.faults.push("churn-1: bob is not heard".into()))
                .contains("bob is not heard")
        );
        let deaf = said(|report| {
            let last = report.minutes.last_mut().expect("minutes");
            last.pairs.remove(&("python".to_owned(), "browser".to_owned()));
        });
        assert!(deaf.contains("at the end python hears browser like this"), "{deaf}");
        let quiet = said(|report| {
            let last = report.minutes.last_mut().expect("minutes");
            last.pairs.values_mut().for_each(|heard| heard.silent = 400);
        });
        assert_eq!(quiet.matches("WRONG").count(), 6, "{quiet}");
    }
}
