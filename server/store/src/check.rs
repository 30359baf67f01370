//! Checks a whole database for damage. Each check finds what the others miss:
//!
//! - SQLite's own (`integrity_check`): the structure of pages and trees, indexes against tables, constraints;
//! - the schema against the one that this program makes: a changed constraint would let other damage through;
//! - the sums of rows: a value that has become another one;
//! - rows against each other: messages that are missing, or a page as it was some time ago.
//!
//! What is left: bytes that hold nothing (free pages, unused space), and the last transaction of a log that a power cut
//! may have torn.

use futures::TryStreamExt as _;
use sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions};
use sqlx::{AssertSqlSafe, Error, Row as _, SqliteConnection};

use crate::inspect::{self, Schema};
use crate::open::MIGRATIONS;
use crate::sums::{self, TABLES};

/// The most faults that are reported.
const MOST: usize = 5;

/// What is wrong with the database; empty if it is sound. Names tables, indexes, columns and rows, never their content.
/// Changes nothing.
///
/// # Errors
/// When it cannot be read at all, which mostly is damage too.
pub(crate) async fn faults(connection: &mut SqliteConnection) -> Result<Vec<String>, Error> {
    let mut faults = structure(connection).await?;
    if faults.is_empty() && matches!(inspect::schema(connection).await?, Schema::Current(_)) {
        faults.extend(schema(connection).await?);
        if faults.is_empty() {
            faults.extend(rows(connection).await?);
        }
    }
    faults.truncate(MOST);
    Ok(faults)
}

async fn structure(connection: &mut SqliteConnection) -> Result<Vec<String>, Error> {
    let check = format!("PRAGMA integrity_check({MOST})");
    let found: Vec<String> = sqlx::query_scalar(AssertSqlSafe(check)).fetch_all(&mut *connection).await?;
    let mut faults: Vec<String> = found.into_iter().filter(|line| line != "ok").collect();
    let orphans = sqlx::query("PRAGMA foreign_key_check").fetch_all(&mut *connection).await?;
    for row in orphans.iter().take(MOST) {
        faults.push(format!("a row of {} belongs to no interview", row.try_get::<String, _>(0)?));
    }
    Ok(faults)
}

/// A schema object: its kind, name, table, and the statement that creates it.
type SchemaObject = (String, String, String, Option<String>);

async fn schema_objects(connection: &mut SqliteConnection) -> Result<Vec<SchemaObject>, Error> {
    let sql = "SELECT type, name, tbl_name, sql FROM sqlite_schema \
               WHERE name NOT LIKE 'sqlite_%' AND name <> '_sqlx_migrations' ORDER BY name";
    sqlx::query_as(sql).fetch_all(connection).await
}

/// The tables and indexes that differ from those this program creates. Additional ones are ignored.
async fn schema(connection: &mut SqliteConnection) -> Result<Vec<String>, Error> {
    // One connection only: each would have its own in-memory database.
    let model = SqlitePoolOptions::new().max_connections(1).connect_with(SqliteConnectOptions::new()).await?;
    MIGRATIONS.run(&model).await.map_err(|error| Error::Protocol(error.to_string()))?;
    let expected = schema_objects(&mut *model.acquire().await?).await?;
    let found = schema_objects(connection).await?;
    model.close().await;
    let changed = expected.iter().filter(|one| !found.contains(one));
    Ok(changed.map(|(kind, name, ..)| format!("the {kind} {name} is not as it was made")).collect())
}

/// Queries that must find nothing, with how a finding is reported.
const AT_ODDS: [(&str, &str); 2] = [
    (
        "SELECT session_id FROM interview_message GROUP BY session_id HAVING count(*) <> max(seq) OR min(seq) <> 1",
        "messages are missing of the interview",
    ),
    (
        "SELECT DISTINCT m.session_id FROM interview_message m JOIN interview_session s ON s.id = m.session_id \
         WHERE m.version > s.version",
        "a message is newer than its interview,",
    ),
];

async fn rows(connection: &mut SqliteConnection) -> Result<Vec<String>, Error> {
    let mut faults = Vec::new();
    for table in &TABLES {
        let sql = format!("SELECT * FROM {}", table.name);
        let mut rows = sqlx::query(AssertSqlSafe(sql)).fetch(&mut *connection);
        let mut changed = 0;
        while let Some(row) = rows.try_next().await? {
            changed += u64::from(sums::check(&row, table).is_err());
        }
        if changed > 0 {
            faults.push(format!("{changed} rows of {} are not as they were written", table.name));
        }
    }
    for (sql, told) in AT_ODDS {
        let found: Vec<String> = sqlx::query_scalar(sql).fetch_all(&mut *connection).await?;
        faults.extend(found.iter().take(MOST).map(|session| format!("{told} {session}")));
    }
    Ok(faults)
}
