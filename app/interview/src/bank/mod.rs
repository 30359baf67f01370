//! The built-in interviewer: a bank of questions and the words around them.
//!
//! The texts are data (`bank/*.toml` of this crate); what is said when is decided here, by the brief, its seed
//! and the number of the ask alone.

mod ask;
mod compose;
mod data;
mod families;
mod family;
mod pasted;
mod role;
mod scene;
mod written;

pub use family::family_of;

use crate::{Brief, Line};

/// Words the line that a brief asks for, from the bank and the candidate's own words, without repeating
/// anything in `brief.avoid`. `None` when nothing unused is left to ask.
pub fn compose(brief: &Brief) -> Option<Line> {
    compose::compose(brief)
}

/// The topics that the bank has questions for, so that a plan can be checked.
pub fn topics() -> Vec<&'static str> {
    [&data::INTRODUCTION[..], &data::EXPERIENCE, &data::CLOSING].concat()
}
