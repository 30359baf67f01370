//! Opens the database to look at it, without changing anything: neither the file nor what lies beside it.

use std::path::{Path, PathBuf};

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, Error, SqliteConnection};

use crate::open::BUSY;

/// A connection that only reads.
///
/// SQLite's read-only mode leaves an empty log and its index behind where there were none. Where there is no log
/// nobody has the database open, so that its file can be read as it is; where there is one, it is read too.
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

/// The write-ahead log beside the database: there while it is open, and after a crash.
pub(crate) fn log(path: &Path) -> PathBuf {
    beside(path, "-wal")
}

/// SQLite's side file with this ending.
pub(crate) fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}
