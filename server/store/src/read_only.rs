//! Opens the database for reading without changing anything, neither the file nor its side files.

use std::path::{Path, PathBuf};

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, Error, SqliteConnection};

use crate::open::BUSY;

/// A read-only connection.
///
/// SQLite's read-only mode leaves an empty log and its index behind if there were none. Without a log nobody has the
/// database open, so the file is opened as immutable; with a log, that is read too.
pub(crate) async fn open(path: &Path) -> Result<SqliteConnection, Error> {
    let alone = !log(path).exists();
    SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(false)
        .read_only(true)
        .immutable(alone)
        .busy_timeout(BUSY)
        .disable_statement_logging()
        .connect()
        .await
}

/// The write-ahead log beside the database. It exists while the database is open, and after a crash.
pub(crate) fn log(path: &Path) -> PathBuf {
    side_file(path, "-wal")
}

/// SQLite's side file with this ending.
pub(crate) fn side_file(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}
