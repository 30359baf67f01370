//! The local models as files: which, where, whether they are whole, and how they are fetched.

mod files;
mod folder;

pub use files::{File, Package};
pub use folder::{Flaw, Folder};
