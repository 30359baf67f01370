//! What went wrong, in words that name the remedy.

use std::path::Path;

use engine::StoreError;

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

/// The primary result code, where SQLite gave one.
fn code_of(error: &sqlx::Error) -> Option<i32> {
    let code: i32 = error.as_database_error()?.code()?.parse().ok()?;
    Some(code & 0xff)
}

/// True if this concerns one statement only (a check that does not hold), not the database as a whole.
pub(crate) fn is_local(error: &sqlx::Error) -> bool {
    const CONSTRAINT: i32 = 19;
    const TOO_BIG: i32 = 18;
    const MISMATCH: i32 = 20;
    matches!(code_of(error), Some(CONSTRAINT | TOO_BIG | MISMATCH))
}

/// What is wrong and what to do about it.
pub(crate) fn explain(error: &sqlx::Error, path: &Path) -> String {
    let file = path.display();
    match code_of(error) {
        Some(code::FULL) => {
            format!(
                "the disk is full: free some space where {file} lies; nothing that was acknowledged is lost"
            )
        }
        Some(code::READONLY) => {
            format!(
                "{file} is read-only: make the file and its folder writable for the user that runs this program"
            )
        }
        Some(code::PERM | code::CANTOPEN) => {
            format!(
                "{file} cannot be opened: check that its folder exists and belongs to the user that runs this program"
            )
        }
        Some(code::CORRUPT | code::NOTADB) => format!(
            "{file} is damaged or not a database of this program: stop the program and put a backup in its place, \
             or move the file away to begin anew"
        ),
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

/// The error for callers.
pub(crate) fn unavailable(error: &sqlx::Error, path: &Path) -> StoreError {
    StoreError::Unavailable(explain(error, path))
}
