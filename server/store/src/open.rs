//! Opens the database: creates the file, migrates its schema.

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use sqlx::migrate::{MigrateError, Migrator};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions as _, Connection as _, SqliteConnection};

use crate::error::{damaged, explain};
use crate::{check, log, read_only, sums};

/// The name of the database in the data folder.
pub const FILE_NAME: &str = "interviewos.db";

pub(crate) static MIGRATIONS: Migrator = sqlx::migrate!("../../migrations/sqlite");

/// How long commands that look at the database wait for another process that holds the file.
pub(crate) const BUSY: Duration = Duration::from_secs(10);
/// How long a turn waits for that. Shorter, because a person waits for the turn.
pub(crate) const TURN_BUSY: Duration = Duration::from_secs(2);

/// Why the database could not be opened: what is wrong, and the remedy.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct OpenError(String);

impl OpenError {
    pub(crate) fn new(error: &sqlx::Error, path: &Path) -> Self {
        Self(explain(error, path))
    }
}

/// The options of every connection to this file.
pub(crate) fn options(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(false)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(TURN_BUSY)
        // Deleted content is overwritten.
        .pragma("secure_delete", "ON")
        .disable_statement_logging()
}

/// The database file: `path` itself, or `interviewos.db` in it if it is a folder.
pub(crate) fn file(path: &Path) -> PathBuf {
    if path.is_dir() { path.join(FILE_NAME) } else { path.to_owned() }
}

/// Refuses a log whose database file is missing: SQLite would start a new file and discard the log.
pub(crate) fn check_log(path: &Path) -> Result<(), OpenError> {
    let length = |path: &Path| std::fs::metadata(path).map_or(0, |meta| meta.len());
    let log = read_only::log(path);
    if length(path) > 0 || length(&log) == 0 {
        return Ok(());
    }
    Err(OpenError(format!(
        "{} is missing or empty, but its log {} is there and may hold interviews: put the file back, or a backup \
         in its place, or move the log away to begin anew",
        path.display(),
        log.display()
    )))
}

/// Creates the file if there is none, readable by its owner only. SQLite gives its side files the same mode.
pub(crate) fn make_file(path: &Path) -> Result<(), OpenError> {
    let mut open = std::fs::OpenOptions::new();
    open.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut open, 0o600);
    match open.open(path) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            tighten(path);
            Ok(())
        }
        Err(error) => Err(OpenError(format!(
            "{} cannot be made ({error}): check that its folder exists and can be written by the user that runs \
             this program",
            path.display()
        ))),
    }
}

/// Removes everybody else's access to the file and its side files, as far as possible.
fn tighten(path: &Path) {
    #[cfg(unix)]
    for file in [path.to_owned(), read_only::log(path), read_only::side_file(path, "-shm")] {
        use std::os::unix::fs::PermissionsExt as _;
        let open = std::fs::metadata(&file).is_ok_and(|file| file.permissions().mode() & 0o077 != 0);
        if open && std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600)).is_ok() {
            tracing::warn!(file = %file.display(), "others could read this file; from now on only its owner can");
        }
    }
}

/// Refuses a damaged database before anything is written to it.
pub(crate) async fn check(path: &Path) -> Result<(), OpenError> {
    let read = |error: io::Error| OpenError::new(&sqlx::Error::Io(error), path);
    if log::is_damaged(&read_only::log(path)).map_err(read)? {
        return Err(OpenError(damaged(path, "its log breaks off in the middle")));
    }
    let unreadable = |error: sqlx::Error| OpenError::new(&error, path);
    let began = tokio::time::Instant::now();
    let mut connection = read_only::open(path).await.map_err(unreadable)?;
    let faults = check::faults(&mut connection).await.map_err(unreadable)?;
    connection.close().await.map_err(unreadable)?;
    if !faults.is_empty() {
        return Err(OpenError(damaged(path, &faults.join("; "))));
    }
    let took_ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
    tracing::debug!(took_ms, "the database is sound");
    Ok(())
}

/// A connection to the migrated database.
pub(crate) async fn migrated(path: &Path) -> Result<SqliteConnection, OpenError> {
    let opened = |e: sqlx::Error| OpenError::new(&e, path);
    let pool =
        SqlitePoolOptions::new().max_connections(1).connect_with(options(path)).await.map_err(opened)?;
    MIGRATIONS.run(&pool).await.map_err(|error| migration_error(&error, path))?;
    let mut connection = pool.acquire().await.map_err(opened)?.detach();
    sums::fill(&mut connection).await.map_err(opened)?;
    Ok(connection)
}

fn migration_error(error: &MigrateError, path: &Path) -> OpenError {
    let file = path.display();
    if let MigrateError::VersionMissing(version) = error {
        return OpenError(format!(
            "{file} was written by a newer version of this program (schema {version}): run that version, or give \
             another data folder"
        ));
    }
    if let MigrateError::VersionMismatch(version) = error {
        return OpenError(format!(
            "the schema of {file} is not the one this program made (migration {version} differs): run the version \
             that wrote it, or give another data folder"
        ));
    }
    if let MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) = error {
        return OpenError::new(error, path);
    }
    OpenError(format!("the schema of {file} cannot be brought up to date: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_turn_waits_two_seconds_for_another_program_and_no_longer() {
        let folder = tempfile::tempdir().unwrap();
        let path = file(folder.path());
        make_file(&path).unwrap();
        let mut connection = options(&path).connect().await.unwrap();
        let ms: i64 = sqlx::query_scalar("PRAGMA busy_timeout").fetch_one(&mut connection).await.unwrap();
        assert_eq!(ms, 2_000);
    }
}
