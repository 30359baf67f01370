//! Examines a database without changing it, for `doctor`.

use std::path::Path;

use sqlx::{Connection as _, Error, Row as _, SqliteConnection};

use crate::check;
use crate::open::{self, MIGRATIONS, OpenError};
use crate::read_only;

/// The findings about a database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inspection {
    /// What is wrong with it; empty if it is sound.
    pub faults: Vec<String>,
    /// How its schema compares with this program's.
    pub schema: Schema,
    /// How many interviews it holds. `None` if it has no table of them.
    pub interviews: Option<Interviews>,
    /// Its size in bytes, including the log beside it.
    pub bytes: u64,
}

/// How many interviews there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Interviews {
    /// All of them.
    pub all: u64,
    /// Those that have ended.
    pub ended: u64,
}

/// How the schema of a database compares with this program's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Schema {
    /// The same.
    Current(i64),
    /// There is none yet, as in an empty file.
    None,
    /// An older one; a starting server migrates it.
    Older {
        /// Its version.
        is: i64,
        /// The version after the migration.
        will_be: i64,
    },
    /// A newer one, from a later version of this program.
    Newer(i64),
    /// Not one that this program made: this migration differs, or was not finished.
    Other(i64),
    /// The file is a database of another program.
    Foreign,
}

/// Examines the database in `path` (the file, or the folder that holds [`crate::FILE_NAME`]), even while a server uses
/// it. Changes and creates nothing.
///
/// # Errors
/// When it cannot be opened or read, or is missing beside a log that holds something; the message names the remedy.
pub async fn inspect(path: &Path) -> Result<Inspection, OpenError> {
    let path = open::file(path);
    open::check_log(&path)?;
    look(&path).await.map_err(|error| OpenError::new(&error, &path))
}

async fn look(path: &Path) -> Result<Inspection, Error> {
    let mut connection = read_only::open(path).await?;
    let faults = check::faults(&mut connection).await?;
    let schema = schema(&mut connection).await?;
    let interviews = interviews(&mut connection).await?;
    connection.close().await?;
    let size = |path: &Path| std::fs::metadata(path).map_or(0, |file| file.len());
    Ok(Inspection { faults, schema, interviews, bytes: size(path) + size(&read_only::log(path)) })
}

async fn has_table(connection: &mut SqliteConnection, name: Option<&str>) -> Result<bool, Error> {
    let sql = "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND (?1 IS NULL OR name = ?1)";
    let found: i64 = sqlx::query_scalar(sql).bind(name).fetch_one(connection).await?;
    Ok(found > 0)
}

pub(crate) async fn schema(connection: &mut SqliteConnection) -> Result<Schema, Error> {
    if !has_table(connection, Some("_sqlx_migrations")).await? {
        return Ok(if has_table(connection, None).await? { Schema::Foreign } else { Schema::None });
    }
    let sql = "SELECT version, success, checksum FROM _sqlx_migrations ORDER BY version";
    let mut is = None;
    for row in sqlx::query(sql).fetch_all(connection).await? {
        let (version, success): (i64, bool) = (row.try_get("version")?, row.try_get("success")?);
        let Some(ours) = MIGRATIONS.iter().find(|step| step.version == version) else {
            return Ok(Schema::Newer(version));
        };
        if !success || *ours.checksum != *row.try_get::<&[u8], _>("checksum")? {
            return Ok(Schema::Other(version));
        }
        is = Some(version);
    }
    let will_be = MIGRATIONS.iter().map(|step| step.version).max().unwrap_or_default();
    Ok(match is {
        None => Schema::None,
        Some(is) if is == will_be => Schema::Current(is),
        Some(is) => Schema::Older { is, will_be },
    })
}

/// Counts the interviews.
pub(crate) async fn interviews(connection: &mut SqliteConnection) -> Result<Option<Interviews>, Error> {
    if !has_table(connection, Some("interview_session")).await? {
        return Ok(None);
    }
    let sql = "SELECT count(*) AS everything, count(*) FILTER (WHERE status = 'completed') AS ended \
               FROM interview_session";
    let row = sqlx::query(sql).fetch_one(connection).await?;
    let number = |column| row.try_get::<i64, _>(column).map(i64::unsigned_abs);
    Ok(Some(Interviews { all: number("everything")?, ended: number("ended")? }))
}
