//! What is to be measured, and how much of it.

use std::path::PathBuf;

/// What is to be measured.
#[derive(Debug, Clone)]
pub struct ProgramBenchPlan {
    /// The program.
    pub program: PathBuf,
    /// What it serves to browsers, as the bundler leaves it.
    pub site: PathBuf,
    /// The folder of the models, if turns whose answers are read are to be measured beside those by words alone.
    pub models: Option<PathBuf>,
    /// Where folders are made for what is written; removed at the end.
    pub folder: PathBuf,
    /// How much is measured.
    pub amounts: ProgramWorkload,
}

/// How much is measured.
#[derive(Debug, Clone, Copy)]
pub struct ProgramWorkload {
    /// How often raw commits and turns alternate.
    pub rounds: usize,
    /// Raw commits in one go.
    pub raw: usize,
    /// Turns of each session in one go, at each of [`ProgramWorkload::LEVELS`].
    pub turns: [usize; 3],
    /// Requests of each connection for a page.
    pub pages: usize,
    /// Event streams held open.
    pub streams: usize,
    /// Cold starts.
    pub starts: usize,
    /// Reports on a long interview.
    pub reports: usize,
}

impl ProgramWorkload {
    /// How many sessions have a turn at once.
    pub const LEVELS: [usize; 3] = [1, 16, 64];

    /// Enough for figures to quote; about a minute.
    pub const fn full() -> Self {
        Self {
            rounds: 7,
            raw: 300,
            turns: [300, 60, 30],
            pages: 400,
            streams: 1_000,
            starts: 7,
            reports: 100,
        }
    }

    /// Just enough to see that everything can be measured.
    pub const fn quick() -> Self {
        Self { rounds: 1, raw: 10, turns: [6, 2, 1], pages: 2, streams: 8, starts: 1, reports: 2 }
    }
}
