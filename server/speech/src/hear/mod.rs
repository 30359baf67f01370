//! Hearing: what any model that writes down windows of audio is made into, so that one can listen to somebody.
//!
//! - [`WindowedStt`]: a stream of interim and final transcripts out of a [`Transcriber`](crate::ports::Transcriber);
//! - [`GhostFilter`]: a transcriber without the words that it makes up over noise;
//! - [`MendedStt`]: an [`Stt`](crate::ports::Stt) whose transcripts are repaired with a vocabulary;
//! - [`Activity`]: speech started, paused, stopped, out of a VAD's probabilities;
//! - [`Ears`]: all of it together: audio in, speech and words out;
//! - [`recording()`]: a whole recording through ears, as fast as they can.

mod activity;
mod audio;
mod ears;
mod gate;
mod hearing;
mod interim;
mod levels;
mod limits;
mod mended;
mod recording;
mod stitch;
mod sureness;
#[cfg(test)]
mod tests;
mod times;
mod utterance;
mod windows;

pub use activity::{Activity, ActivityChange, ActivityOptions};
pub use ears::{Ears, EarsOptions};
pub use gate::GhostFilter;
pub use limits::WindowLimits;
pub use mended::{Mend, MendedStt};
pub use recording::recording;
pub use windows::WindowedStt;
