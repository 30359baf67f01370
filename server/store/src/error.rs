//! Errors, in words that name the remedy.

use std::io;
use std::path::Path;

use engine::{StorageFault, StoreError};

/// Primary result codes of SQLite.
mod code {
    pub(super) const PERM: i32 = 3;
    pub(super) const BUSY: i32 = 5;
    pub(super) const LOCKED: i32 = 6;
    pub(super) const READONLY: i32 = 8;
    pub(super) const IOERR: i32 = 10;
    pub(super) const CORRUPT: i32 = 11;
    pub(super) const FULL: i32 = 13;
    pub(super) const CANTOPEN: i32 = 14;
    pub(super) const NOTADB: i32 = 26;
}

/// The primary result code, if SQLite gave one.
fn code_of(error: &sqlx::Error) -> Option<i32> {
    let code: i32 = error.as_database_error()?.code()?.parse().ok()?;
    Some(code & 0xff)
}

/// True if the error concerns one statement (a failed constraint), not the database as a whole.
pub(crate) fn is_local(error: &sqlx::Error) -> bool {
    const CONSTRAINT: i32 = 19;
    const TOO_BIG: i32 = 18;
    const MISMATCH: i32 = 20;
    matches!(code_of(error), Some(CONSTRAINT | TOO_BIG | MISMATCH))
}

/// The fault of the disk or the file, if the error is one.
pub(crate) fn fault(error: &sqlx::Error, path: &Path) -> Option<StorageFault> {
    match code_of(error) {
        Some(code::FULL) => Some(StorageFault::Full),
        Some(code::READONLY) => Some(StorageFault::ReadOnly),
        Some(code::CORRUPT | code::NOTADB) => Some(StorageFault::Damaged),
        // A disk that became read-only under an open file shows up as a failed write, or as a failed open.
        Some(code::IOERR | code::CANTOPEN | code::PERM) if is_read_only(path) => Some(StorageFault::ReadOnly),
        Some(_) => None,
        // A value that this program never writes: some byte of the file has changed.
        None => matches!(error, sqlx::Error::ColumnDecode { .. }).then_some(StorageFault::Damaged),
    }
}

/// True if the file exists and may not be written.
fn is_read_only(path: &Path) -> bool {
    let refused = [io::ErrorKind::ReadOnlyFilesystem, io::ErrorKind::PermissionDenied];
    let opened = std::fs::OpenOptions::new().append(true).open(path);
    opened.is_err_and(|error| refused.contains(&error.kind()))
}

/// True if there is no space left.
pub(crate) fn is_full(error: &sqlx::Error) -> bool {
    code_of(error) == Some(code::FULL)
}

/// The message for a damaged file. `what`: how the damage shows.
pub(crate) fn damaged(path: &Path, what: &str) -> String {
    let file = path.display();
    format!(
        "{file} is damaged ({what}): stop the program, move the file away together with {file}-wal and {file}-shm if \
         they are there, and put a backup in its place; without one it begins anew. Interviews that are whole can \
         still be read out of it with `interviewos export`"
    )
}

/// The message for a disk that is almost full.
pub(crate) fn low_space_message(path: &Path) -> String {
    format!(
        "hardly any room is left where {} lies: free some space there, or lower `min_free_mb`; until then no new \
         interview is begun",
        path.display()
    )
}

/// What is wrong and what to do about it.
pub(crate) fn explain(error: &sqlx::Error, path: &Path) -> String {
    let file = path.display();
    match fault(error, path) {
        Some(StorageFault::Full) => {
            return format!(
                "the disk is full: free some space where {file} lies; nothing that was acknowledged is lost"
            );
        }
        Some(StorageFault::Low) => return low_space_message(path),
        Some(StorageFault::ReadOnly) => {
            return format!(
                "{file} is read-only: make the file and its folder writable for the user that runs this program"
            );
        }
        Some(StorageFault::Damaged) => return damaged(path, "or not a database of this program"),
        None => {}
    }
    match code_of(error) {
        Some(code::PERM | code::CANTOPEN) => {
            format!(
                "{file} cannot be opened: check that its folder exists and belongs to the user that runs this program"
            )
        }
        Some(code::BUSY | code::LOCKED) => {
            format!("{file} is held by another program: stop that program, or let it finish")
        }
        Some(code::IOERR) => format!("{file} cannot be read or written ({error}): check the disk it lies on"),
        Some(_) | None if matches!(error, sqlx::Error::PoolTimedOut) => {
            "the database is overloaded: too many readers at once; try again in a moment".to_owned()
        }
        Some(_) | None if matches!(error, sqlx::Error::PoolClosed) => "the database is closed".to_owned(),
        // Written by SQLite or the driver: no values of ours are in it.
        Some(_) | None => format!("{file}: {error}"),
    }
}

/// True if a retry may succeed: another program holds the file, or all readers are busy.
fn is_busy(error: &sqlx::Error) -> bool {
    matches!(code_of(error), Some(code::BUSY | code::LOCKED)) || matches!(error, sqlx::Error::PoolTimedOut)
}

/// A value that this program does not know in a row whose sum holds: what was written is there, and a newer version
/// wrote it.
#[derive(Debug, thiserror::Error)]
#[error("the value is one that a newer version writes")]
struct NewerValue;

/// The error for a row that is as it was written and cannot be read all the same.
pub(crate) fn newer(error: sqlx::Error) -> sqlx::Error {
    if let sqlx::Error::ColumnDecode { index, .. } = error {
        sqlx::Error::ColumnDecode { index, source: Box::new(NewerValue) }
    } else {
        error
    }
}

fn is_newer(error: &sqlx::Error) -> bool {
    matches!(error, sqlx::Error::ColumnDecode { source, .. } if source.is::<NewerValue>())
}

/// The error for callers.
pub(crate) fn unavailable(error: &sqlx::Error, path: &Path) -> StoreError {
    if is_newer(error) {
        return StoreError::Newer(format!(
            "{} holds something that a newer version of InterviewOS wrote: update InterviewOS to go on with it",
            path.display()
        ));
    }
    let what = explain(error, path);
    match fault(error, path) {
        Some(fault) => StoreError::Storage(fault, what),
        None if is_busy(error) => StoreError::Busy(what),
        None => StoreError::Unavailable(what),
    }
}
