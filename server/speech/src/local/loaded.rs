//! What one thread of the pool has loaded: nothing until it is first needed.

use crate::models::Folder;

/// The models of one thread.
pub struct Loaded {
    folder: Folder,
}

impl Loaded {
    /// Nothing loaded yet.
    pub fn new(folder: Folder) -> Self {
        Self { folder }
    }

    /// Where the models are.
    pub fn folder(&self) -> &Folder {
        &self.folder
    }
}
