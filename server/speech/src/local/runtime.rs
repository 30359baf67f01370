//! ONNX Runtime, loaded once, and sessions as we want them: one thread each, no spinning.

use std::path::Path;
use std::sync::OnceLock;

use ort::environment::Environment;
use ort::logging::LogLevel;
use ort::session::Session;

use crate::SpeechError;
use crate::models::{File, Folder};

/// Loads the library once for the whole program; later calls with another path change nothing.
fn environment(path: &Path) -> Result<&'static Environment, SpeechError> {
    static LOADED: OnceLock<Result<Environment, SpeechError>> = OnceLock::new();
    LOADED
        .get_or_init(|| {
            let failed = |error: &dyn std::fmt::Display| {
                SpeechError::Missing(format!(
                    "ONNX Runtime cannot be loaded from {}: {error}",
                    path.display()
                ))
            };
            let environment = ort::init_from(path)
                .map_err(|error| failed(&error))?
                .with_telemetry(false)
                .build()
                .map_err(|error| failed(&error))?;
            // What is wrong comes back as an error; its own log would go past ours.
            environment.set_log_level(LogLevel::Fatal);
            Ok(environment)
        })
        .as_ref()
        .map_err(Clone::clone)
}

/// Opens a model of the folder for one thread.
pub(crate) fn session(folder: &Folder, model: File) -> Result<Session, SpeechError> {
    let environment = environment(&folder.path(File::OnnxRuntime))?;
    let open = || -> ort::Result<Session> {
        Session::builder(environment)?
            .with_intra_threads(1)?
            .with_inter_threads(1)?
            .with_intra_op_spinning(false)?
            .with_log_level(LogLevel::Fatal)?
            .commit_from_file(folder.path(model))
    };
    open().map_err(|error| {
        SpeechError::Missing(format!("the model {} cannot be loaded: {error}", model.name()))
    })
}
