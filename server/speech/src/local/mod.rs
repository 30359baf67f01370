//! The local models, each behind plain functions on samples. Each belongs to one thread at a time.

mod loaded;
pub(crate) mod runtime;

pub use loaded::Loaded;
