//! The yardstick: equally durable commits of one row each, on the same disk, by the same crate.

use std::io::{Seek as _, Write as _};
use std::path::Path;
use std::time::Duration;

use anyhow::Result;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{ConnectOptions as _, SqliteConnection};
use tokio::time::Instant;

use crate::samples::TimedRun;
use crate::words::answer;

/// A database of its own, set as that of the program (`server/store/src/open.rs`).
pub(crate) struct BaselineDatabase {
    connection: SqliteConnection,
    written: usize,
}

impl BaselineDatabase {
    pub(crate) async fn open(folder: &Path) -> Result<Self> {
        let mut connection = SqliteConnectOptions::new()
            .filename(folder.join("raw.db"))
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(10))
            .pragma("secure_delete", "ON")
            .disable_statement_logging()
            .connect()
            .await?;
        sqlx::query("CREATE TABLE line (n INTEGER PRIMARY KEY, said TEXT NOT NULL) STRICT")
            .execute(&mut connection)
            .await?;
        Ok(Self { connection, written: 0 })
    }

    /// So many commits, one after the other, of a row with one answer each.
    pub(crate) async fn go(&mut self, commits: usize) -> Result<TimedRun> {
        let mut each = Vec::with_capacity(commits);
        let whole = Instant::now();
        for _ in 0..commits {
            let said = answer(self.written);
            self.written += 1;
            let began = Instant::now();
            sqlx::query("INSERT INTO line (said) VALUES (?)")
                .bind(said)
                .execute(&mut self.connection)
                .await?;
            each.push(began.elapsed());
        }
        Ok(TimedRun { each, whole: whole.elapsed(), cpu: Duration::ZERO })
    }
}

/// How long the disk takes to make 4 KiB durable, over what is there already: what any commit pays at least.
pub(crate) fn sync(folder: &Path, times: usize) -> Result<TimedRun> {
    let mut file = std::fs::File::create(folder.join("sync"))?;
    let page = [7; 4_096];
    file.write_all(&page)?;
    file.sync_all()?;
    let mut each = Vec::with_capacity(times);
    for _ in 0..times {
        file.rewind()?;
        let began = Instant::now();
        file.write_all(&page)?;
        file.sync_data()?;
        each.push(began.elapsed());
    }
    Ok(TimedRun { whole: each.iter().sum(), each, cpu: Duration::ZERO })
}
