//! Candidates who are not our own voice: people of several speech synthesisers ([`voices`]) who give the labelled answers
//! with the pauses and slips of free speech ([`material`]), in rooms with noise or through a narrow band ([`room`]), and
//! what people do while they listen ([`asides`]).
//!
//! Where every pause begins and ends, and where the answer does, is known to the sample. Sound is made at run time and
//! cached, never committed.

pub mod answers;
pub mod asides;
pub mod material;
pub mod room;
pub mod speaker;
pub mod voices;

/// Samples a second of all sound here.
pub const RATE: u32 = speech::ports::HEARING_RATE;

/// So many samples are so many milliseconds.
#[must_use]
pub fn samples(ms: u32) -> usize {
    (u64::from(RATE) * u64::from(ms) / 1000) as usize
}
