//! Trains what reads answers from labelled ones, and measures it on professions that it has not seen.

mod cut;
pub mod data;
pub mod fits;
pub mod measure;
pub mod optimise;
pub mod training;
