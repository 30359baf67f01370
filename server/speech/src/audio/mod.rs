//! Recordings: read from files and written to them, mono, at the rate that is wanted.

mod rate;
mod wav;

pub use rate::at_rate;
pub use wav::{Recording, WavError};
