//! Recordings: read from files and written to them, mono, at the rate that is wanted.

mod incoming;
mod rate;
mod wav;

pub(crate) use incoming::IncomingAudio;
pub use incoming::Unplayable;
pub use rate::at_rate;
pub use wav::{MonoRecording, WavError};
