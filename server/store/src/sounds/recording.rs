//! One answer while it is being recorded.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::PathBuf;
use std::sync::Arc;

use async_trait::async_trait;
use engine::{Recording, StoreError};

use super::ogg::OggOpus;
use super::{FileSoundsInner, MARK, blocking};

/// A file that is written under one name and, once the answer is taken, gets its own.
pub(super) struct FileRecording {
    place: Arc<FileSoundsInner>,
    file: Arc<File>,
    ogg: OggOpus,
    part: PathBuf,
    done: PathBuf,
    /// Bytes that may still be written.
    left: u64,
}

impl FileRecording {
    /// In this file, which has nothing in it, of at most so many bytes.
    pub(super) fn begin(
        place: Arc<FileSoundsInner>,
        file: File,
        [part, done]: [PathBuf; 2],
        most: u64,
    ) -> io::Result<Self> {
        Ok(Self { place, file: Arc::new(file), ogg: OggOpus::begin()?, part, done, left: most })
    }

    /// Writes the pages that are whole, each about a second.
    async fn flush(&mut self) -> Result<(), StoreError> {
        let pages = self.ogg.pages();
        if pages.is_empty() {
            return Ok(());
        }
        self.left = self.left.saturating_sub(pages.len() as u64);
        let (place, file) = (Arc::clone(&self.place), Arc::clone(&self.file));
        blocking(move || {
            let written = place.has_room().and_then(|()| (&*file).write_all(&pages));
            written.map_err(|error| place.refused(&error))
        })
        .await
    }
}

#[async_trait]
impl Recording for FileRecording {
    async fn write(&mut self, packet: &[u8]) -> Result<(), StoreError> {
        // What is more than there may be is left out.
        if self.left > 0 {
            self.ogg.packet(packet).map_err(|error| self.place.refused(&error))?;
        }
        self.flush().await
    }

    async fn keep(mut self: Box<Self>) -> Result<(), StoreError> {
        if self.ogg.is_empty() {
            return Ok(());
        }
        self.ogg.end().map_err(|error| self.place.refused(&error))?;
        self.flush().await?;
        let (place, part, done) = (Arc::clone(&self.place), self.part.clone(), self.done.clone());
        blocking(move || {
            let kept = part.with_file_name(MARK).try_exists().and_then(|on| match on {
                true => fs::rename(part, done),
                // It was switched off while this was said.
                false => Ok(()),
            });
            kept.map_err(|error| place.refused(&error))
        })
        .await
    }
}

impl Drop for FileRecording {
    fn drop(&mut self) {
        // Once it has its own name there is none under this one.
        let _gone = fs::remove_file(&self.part);
    }
}
