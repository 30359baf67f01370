//! What one thread of the pool has loaded: nothing until it is first needed.

use super::hibari::Hibari;
use crate::SpeechError;
use crate::models::Folder;

/// The models of one thread.
pub struct Loaded {
    folder: Folder,
    hibari: Option<Hibari>,
}

impl Loaded {
    /// Nothing loaded yet.
    pub fn new(folder: Folder) -> Self {
        Self { folder, hibari: None }
    }

    /// Where the models are.
    pub fn folder(&self) -> &Folder {
        &self.folder
    }

    /// The voice, loaded now if it is not yet.
    pub fn hibari(&mut self) -> Result<&mut Hibari, SpeechError> {
        match &mut self.hibari {
            Some(hibari) => Ok(hibari),
            none => Ok(none.insert(Hibari::open(&self.folder)?)),
        }
    }
}
