//! The local models, each behind plain functions on samples. Each belongs to one thread at a time.

pub mod hibari;
mod loaded;
pub(crate) mod runtime;

pub use loaded::Loaded;

use crate::SpeechError;
use crate::models::{File, Folder};

/// Loads ONNX Runtime and the smallest of the models, to see whether they run on this machine.
pub fn try_runtime(folder: &Folder) -> Result<(), SpeechError> {
    runtime::session(folder, File::Silero).map(drop)
}
