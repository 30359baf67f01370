//! Trains what reads answers and the interviewer's own lines from labelled ones, and measures it on professions and
//! authors that it has not seen.

pub mod choice;
mod cut;
pub mod data;
pub mod fits;
pub mod measure;
pub mod optimise;
pub mod private;
pub mod stories;
pub mod training;
