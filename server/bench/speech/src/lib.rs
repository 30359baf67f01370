//! Measures hearing and speaking on this machine as one run that prints one table, each figure beside that of the same
//! model run by its own Python package.
//!
//! What is heard is heard as in an interview: in pieces of 20 ms as fast as they are spoken, through voice activity,
//! growing windows and mending. Word errors are counted after both sides were put into spoken words and small letters.

mod corpus;
mod kit;
mod listen;
mod loaded;
mod machine;
pub mod noise;
mod plan;
mod python;
mod report;
mod run;
mod samples;
mod sets;
mod speaking;
mod turns;
mod words;

pub use kit::Kit;
pub use loaded::loaded;
pub use plan::{SpeechBenchPlan, SpeechWorkload};
pub use report::SpeechBenchReport;
pub use run::run;
pub use words::Errors;
