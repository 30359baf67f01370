//! The local models, each behind plain functions on samples. Each belongs to one thread at a time.

mod ears;
mod guess;
pub mod hibari;
mod loaded;
mod mel;
pub mod moonshine;
mod pace;
pub mod silero;
mod smart_turn;
mod tokens;

pub use ears::LocalEars;
pub use loaded::{Model, SpeechModels};
pub use moonshine::Moonshine;
pub use pace::ModelTimings;
pub use silero::{LocalVad, Silero};
pub use smart_turn::SmartTurn;

use crate::SpeechError;
use models::{File, ModelFolder};

/// Loads ONNX Runtime and the smallest of the models, to see whether they run on this machine.
pub fn try_runtime(folder: &ModelFolder) -> Result<(), SpeechError> {
    models::runtime::session(folder, File::Silero).map(drop).map_err(Into::into)
}
