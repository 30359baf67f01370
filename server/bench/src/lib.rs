//! Measures InterviewOS from outside, over HTTP, as one run that prints one table.
//!
//! The program runs as a child on a fresh folder on disk. What it does durably is measured in turn with equally
//! durable one-row commits of SQLite, since what a disk gives wanders. The load comes from this same machine, so
//! the program and what measures it share its cores.

mod cold;
mod http;
mod load;
mod machine;
mod memory;
mod pages;
mod plan;
mod program;
mod raw;
mod report;
mod reports;
mod run;
mod samples;
mod sizes;
mod turns;
mod words;

pub use self::report::ProgramBenchReport;
pub use plan::{ProgramBenchPlan, ProgramWorkload};
pub use program::Program;
pub use run::run;
