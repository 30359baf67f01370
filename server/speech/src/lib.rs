//! Hears, speaks and knows when someone has finished: on this machine's processor with no network and no key, or
//! through providers. It knows nothing of rooms or interviews.
//!
//! - [`ports`]: what hearing, speaking and judging look like to whoever uses them;
//! - [`audio`]: recordings as files;
//! - [`local`]: the local models, which the crate `models` fetches, opens and keeps on threads;
//! - [`hear`]: what makes a stream of words out of windows of audio;
//! - [`speak`]: text in, speech out, sentence by sentence;
//! - [`remote`]: providers elsewhere, behind the same ports;
//! - [`chain`]: several of either as one, where the next goes on when one fails.

pub mod audio;
pub mod chain;
mod error;
pub mod hear;
pub mod local;
pub mod ports;
pub mod remote;
pub mod speak;

pub use error::SpeechError;
