//! ONNX Runtime, loaded once, and sessions with our options: one thread each, no spinning.

use std::path::Path;
use std::sync::OnceLock;

use ort::environment::Environment;
use ort::ep::CPU;
use ort::logging::LogLevel;
use ort::session::Session;
use ort::session::builder::SessionBuilder;

use crate::{File, ModelError, ModelFolder, onnx, tables};

/// Loads the library once for the whole process. Later calls with another path change nothing.
fn environment(path: &Path) -> Result<&'static Environment, ModelError> {
    static LOADED: OnceLock<Result<Environment, ModelError>> = OnceLock::new();
    LOADED
        .get_or_init(|| {
            let failed = |error: &dyn std::fmt::Display| {
                ModelError::Missing(format!("ONNX Runtime cannot be loaded from {}: {error}", path.display()))
            };
            let environment = ort::init_from(path)
                .map_err(|error| failed(&error))?
                .with_telemetry(false)
                .build()
                .map_err(|error| failed(&error))?;
            // Errors are returned; the library's own log would bypass ours.
            environment.set_log_level(LogLevel::Fatal);
            Ok(environment)
        })
        .as_ref()
        .map_err(Clone::clone)
}

/// Opens a model of the folder for one thread.
pub fn session(folder: &ModelFolder, model: File) -> Result<Session, ModelError> {
    session_with(folder, model, &[])
}

/// Opens an `.onnx` model with inner values of its graph, of these names, as additional outputs.
pub fn session_with(folder: &ModelFolder, model: File, inner: &[&str]) -> Result<Session, ModelError> {
    let environment = environment(&folder.path(File::OnnxRuntime))?;
    let broken = |error: &dyn std::fmt::Display| {
        ModelError::Missing(format!("the model {} cannot be loaded: {error}", model.name()))
    };
    // The embedding table is most of this model. Memory of a run is released, because long texts are rare.
    let small = model == File::MiniLm;
    let open = || -> ort::Result<SessionBuilder> {
        let mut builder = Session::builder(environment)?
            .with_intra_threads(1)?
            .with_inter_threads(1)?
            .with_intra_op_spinning(false)?
            .with_log_level(LogLevel::Fatal)?;
        if small {
            builder = builder
                .with_memory_pattern(false)?
                .with_execution_providers([CPU::default().with_arena_allocator(false).build()])?;
        }
        if folder.arithmetic().wants_entry() {
            return builder.with_config_entry("session.x64quantprecision", "1").map_err(Into::into);
        }
        Ok(builder)
    };
    let mut builder = open().map_err(|error| broken(&error))?;
    let path = folder.path(model);
    let exact = folder.arithmetic().wants_entry() && model.name().ends_with(".onnx");
    if inner.is_empty() && !exact && !small {
        return builder.commit_from_file(path).map_err(|error| broken(&error));
    }
    let mut bytes = std::fs::read(path).map_err(|error| broken(&error))?;
    if exact {
        bytes = onnx::with_own_weights(&bytes).ok_or_else(|| broken(&"it is no ONNX model"))?;
    }
    if small {
        bytes = tables::with_small_tables(&bytes).ok_or_else(|| broken(&"it is no ONNX model"))?;
    }
    for name in inner {
        bytes.extend(onnx::output(name));
    }
    builder.commit_from_memory(&bytes).map_err(|error| broken(&error))
}
