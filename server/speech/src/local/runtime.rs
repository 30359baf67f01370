//! ONNX Runtime, loaded once, and sessions as we want them: one thread each, no spinning.

use std::path::Path;
use std::sync::OnceLock;

use ort::environment::Environment;
use ort::logging::LogLevel;
use ort::session::Session;
use ort::session::builder::SessionBuilder;

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
    session_with(folder, model, &[])
}

/// Opens an `.onnx` model that also gives out values from inside of its graph, by these names.
pub(crate) fn session_with(folder: &Folder, model: File, inner: &[&str]) -> Result<Session, SpeechError> {
    let environment = environment(&folder.path(File::OnnxRuntime))?;
    let broken = |error: &dyn std::fmt::Display| {
        SpeechError::Missing(format!("the model {} cannot be loaded: {error}", model.name()))
    };
    let open = || -> ort::Result<SessionBuilder> {
        Session::builder(environment)?
            .with_intra_threads(1)?
            .with_inter_threads(1)?
            .with_intra_op_spinning(false)?
            .with_log_level(LogLevel::Fatal)
            .map_err(Into::into)
    };
    let mut builder = open().map_err(|error| broken(&error))?;
    let path = folder.path(model);
    if inner.is_empty() {
        return builder.commit_from_file(path).map_err(|error| broken(&error));
    }
    let mut bytes = std::fs::read(path).map_err(|error| broken(&error))?;
    for name in inner {
        bytes.extend(output(name));
    }
    builder.commit_from_memory(&bytes).map_err(|error| broken(&error))
}

/// What to write after a model so that this value becomes an output: in protocol buffers, a message that comes
/// again is merged into the first. This is `ModelProto { graph: GraphProto { output: ValueInfoProto { name } } }`.
fn output(name: &str) -> Vec<u8> {
    let field = |number: u8, inside: Vec<u8>| {
        let length = u8::try_from(inside.len()).ok().filter(|length| *length < 128);
        let length = length.expect("the name of a value is short");
        [vec![number << 3 | 2, length], inside].concat()
    };
    field(7, field(12, field(1, name.as_bytes().to_vec())))
}
