//! Where interviews are kept: the one place that knows which stores there are. Everything else has a [`Store`], or asks
//! a [`Storage`]. The recipe for another store is `server/store/README.md`.

mod sqlite;

use std::path::Path;
use std::sync::Arc;

use async_trait::async_trait;
use engine::Store;
pub use store::FileSounds;

use self::sqlite::Sqlite;
use crate::data::DataError;
use crate::doctor::report::DoctorReport;

/// Why interviews cannot be kept there, or not be read: what is wrong, and the remedy.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct StorageError(String);

/// A finished copy of all interviews.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Copied {
    /// How many interviews are in it.
    pub interviews: u64,
    /// Its size in bytes.
    pub bytes: u64,
    /// How it is put back, as a sentence.
    pub to_restore: String,
}

/// A place where interviews are kept, as the server and the commands use it.
#[async_trait]
pub trait Storage: Send + Sync {
    /// Whether anything is kept there yet.
    fn is_there(&self) -> bool;

    /// Opens it for a server, making it at need. With less than `least_free` bytes left no interview is begun.
    ///
    /// # Errors
    /// When it cannot be opened, or is damaged.
    async fn open(&self, least_free: u64) -> Result<Arc<dyn Store>, StorageError>;

    /// Opens it to look something up, also beside a server that uses it. What is whole can be read where other things
    /// are damaged.
    ///
    /// # Errors
    /// When it cannot be opened.
    async fn open_to_read(&self) -> Result<Arc<dyn Store>, StorageError>;

    /// Copies all of it to a file, also while a server uses it; `replace`: whether a file of that name may be replaced.
    /// Dropping the future leaves nothing behind.
    ///
    /// # Errors
    /// When no copy can be taken.
    async fn copy(&self, to: &Path, replace: bool) -> Result<Copied, StorageError>;

    /// Says for `doctor` whether it can be used and is sound. Changes and makes nothing.
    async fn examine(&self, report: &mut DoctorReport);

    /// Why interviews are not safe on the disk of this folder, if they are not.
    fn unsafe_on(&self, folder: &Path) -> Option<String>;
}

/// The storage of a data folder.
pub fn of(data: &Path) -> Box<dyn Storage> {
    Box::new(Sqlite::new(data))
}

/// The storage of a data folder in which interviews are kept.
///
/// # Errors
/// [`DataError::Absent`] if there are none.
pub fn existing(data: &Path) -> Result<Box<dyn Storage>, DataError> {
    let storage = of(data);
    if storage.is_there() { Ok(storage) } else { Err(DataError::Absent { path: data.to_owned() }) }
}
