//! The data folder: made at need, for its owner alone, used by one server at a time.

use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use crate::storage;

/// Why a folder cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum DataError {
    /// It cannot be made, or not written.
    #[error("the data folder {} cannot be used ({source}); make it writable for the user that runs this program, or name another with --data DIR", path.display())]
    Io {
        /// Which folder.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Another server has it.
    #[error("another InterviewOS is using the data folder {}; stop that one, or give this one its own with --data DIR", path.display())]
    InUse {
        /// Which folder.
        path: PathBuf,
    },
    /// There is none, where one is needed.
    #[error("there is no interview kept in {}; name the folder with --data DIR", path.display())]
    Absent {
        /// Which folder.
        path: PathBuf,
    },
}

/// A data folder that is held: no other server can use it until this is dropped.
#[derive(Debug)]
pub struct DataFolder {
    path: PathBuf,
    lock: File,
}

impl DataFolder {
    /// Makes the folder at need and takes it.
    pub fn open(path: &Path) -> Result<Self, DataError> {
        let io = |source| DataError::Io { path: path.to_owned(), source };
        DirBuilder::new().recursive(true).mode(0o700).create(path).map_err(io)?;
        let mode = fs::metadata(path).map_err(io)?.permissions().mode();
        if mode & 0o077 != 0 {
            tighten(path, mode);
        }
        let lock =
            OpenOptions::new().create(true).append(true).mode(0o600).open(path.join("lock")).map_err(io)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(DataError::InUse { path: path.to_owned() }),
            Err(TryLockError::Error(source)) => return Err(io(source)),
        }
        Ok(Self { path: path.to_owned(), lock })
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for DataFolder {
    /// Gives the folder back at once. Closing the file alone would not: a process that is being started in this
    /// moment has the file open too, until it runs its own program.
    fn drop(&mut self) {
        if let Err(error) = self.lock.unlock() {
            tracing::warn!(%error, "the data folder is given back late");
        }
    }
}

/// Takes the folder from everyone but its owner, if it is there for interviews alone.
fn tighten(path: &Path, mode: u32) {
    let ours = storage::of(path).is_there() || path.read_dir().is_ok_and(|mut held| held.next().is_none());
    let shared = mode & 0o1000 != 0;
    let tightened = ours && !shared && fs::set_permissions(path, fs::Permissions::from_mode(0o700)).is_ok();
    let folder = path.display();
    match tightened {
        true => {
            tracing::warn!(%folder, "others could look into the data folder; from now on only its owner can")
        }
        false => tracing::warn!(%folder, "others can look into the data folder; `chmod 700` it"),
    }
}

/// Whether a server uses this folder. Nothing is made; a server that starts in this very moment may be told that
/// the folder is in use.
///
/// # Errors
/// When that cannot be told, as of a folder of another user.
pub fn is_held(folder: &Path) -> io::Result<bool> {
    let lock = match File::open(folder.join("lock")) {
        Ok(lock) => lock,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
        Err(error) => return Err(error),
    };
    // Shared, so that two that look do not see each other; given back at once.
    match lock.try_lock_shared() {
        Ok(()) => lock.unlock().map(|()| false),
        Err(TryLockError::WouldBlock) => Ok(true),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_made_private_and_held_by_one() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a/b");
        let held = DataFolder::open(&path).unwrap();
        let mode = |p: &Path| fs::metadata(p).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&path), mode(&path.join("lock"))), (0o700, 0o600));
        assert!(DataFolder::open(&path).unwrap_err().to_string().contains("another InterviewOS"));
        // As a process has it that is being started.
        let inherited = held.lock.try_clone().unwrap();
        drop(held);
        assert!(DataFolder::open(&path).is_ok(), "a folder is free again once its server is gone");
        drop(inherited);
    }

    #[test]
    fn a_folder_of_interviews_is_tightened_and_no_other() {
        let dir = tempfile::tempdir().unwrap();
        let mode = |p: &Path| fs::metadata(p).unwrap().permissions().mode() & 0o7777;
        for (name, holds, before, after) in [
            ("new", "", 0o755, 0o700),
            ("ours", store::FILE_NAME, 0o750, 0o700),
            ("theirs", "photos", 0o755, 0o755),
            ("shared", store::FILE_NAME, 0o1777, 0o1777),
        ] {
            let path = dir.path().join(name);
            fs::create_dir(&path).unwrap();
            if !holds.is_empty() {
                fs::write(path.join(holds), "").unwrap();
            }
            fs::set_permissions(&path, fs::Permissions::from_mode(before)).unwrap();
            drop(DataFolder::open(&path).unwrap());
            assert_eq!(mode(&path), after, "{name}");
        }
    }

    #[test]
    fn a_folder_that_cannot_be_made_is_named() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("file"), "").unwrap();
        let error = DataFolder::open(&dir.path().join("file/data")).unwrap_err().to_string();
        assert!(error.contains("file/data") && error.contains("--data"), "{error}");
        assert!(storage::existing(dir.path()).err().expect("none").to_string().contains("no interview"));
    }
}
