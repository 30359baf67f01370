//! A checksum in every row. SQLite notices damage to its structure, but not a changed letter or number in a value.

use engine::{InterviewSession, Origin};
use sqlx::sqlite::SqliteRow;
use sqlx::{AssertSqlSafe, Connection as _, Error, Row as _, SqliteConnection};

use crate::margin;
use crate::rows::{self, status_words, unreadable, word};
use crate::statements::{Statements, signed};

/// A summed column. Their order matters.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Column {
    Text(&'static str),
    Number(&'static str),
}

use Column::{Number, Text};

/// A table whose rows carry sums.
pub(crate) struct ChecksummedTable {
    pub(crate) name: &'static str,
    /// The columns that identify a row.
    key: &'static [Column],
    columns: &'static [Column],
    /// Columns of later versions: summed only where they hold a value, so that rows written before keep their sum.
    later: &'static [Column],
    /// Reads a row, to verify that it can be read.
    read: fn(&SqliteRow) -> Result<(), Error>,
}

pub(crate) const SESSION: ChecksummedTable = ChecksummedTable {
    name: "interview_session",
    key: &[Text("id")],
    columns: &[
        Number("version"),
        Text("status"),
        Text("end_reason"),
        Number("deadline"),
        Number("stage"),
        Number("stages"),
        Number("spoken"),
        Number("updated_at"),
        Number("ended_at"),
        Text("state"),
        Text("id"),
        Text("owner"),
        Text("candidate"),
        Text("name"),
        Text("role"),
        Text("seniority"),
        Text("plan"),
        Number("created_at"),
    ],
    later: &[Text("origin"), Text("parent"), Number("parent_seq"), Text("parent_turn"), Number("take")],
    read: |row| rows::session(row).map(drop),
};

pub(crate) const MESSAGE: ChecksummedTable = ChecksummedTable {
    name: "interview_message",
    key: &[Text("session_id"), Number("seq")],
    columns: &[
        Text("session_id"),
        Number("seq"),
        Number("version"),
        Text("speaker"),
        Text("stage"),
        Text("modality"),
        Text("text"),
        Number("at"),
        Text("turn"),
        Text("source"),
        Text("why"),
        Number("cut"),
        Text("reading"),
        Text("original"),
    ],
    later: &[],
    read: |row| rows::message(row).map(drop),
};

pub(crate) const TURN: ChecksummedTable = ChecksummedTable {
    name: "interview_turn",
    key: &[Number("n")],
    columns: &[Text("session_id"), Text("turn"), Text("digest"), Number("reply"), Text("answer")],
    later: &[],
    read: |row| rows::turn(row).map(drop),
};

pub(crate) const EVENT: ChecksummedTable = ChecksummedTable {
    name: "interview_event",
    key: &[Number("n")],
    columns: &[Text("session_id"), Number("at"), Text("kind"), Text("data")],
    later: &[],
    read: |row| rows::event(row).map(drop),
};

pub(crate) const STRIKE: ChecksummedTable = ChecksummedTable {
    name: "interview_strike",
    key: &[Text("session_id"), Text("statement")],
    columns: &[Text("session_id"), Text("statement"), Number("at")],
    later: &[],
    read: |row| row.try_get::<String, _>("statement").map(drop),
};

pub(crate) const LABEL: ChecksummedTable = ChecksummedTable {
    name: "interview_label",
    key: &[Text("session_id")],
    columns: &[Text("session_id"), Text("label")],
    later: &[],
    read: |row| row.try_get::<String, _>("label").map(drop),
};

pub(crate) const LINK: ChecksummedTable = ChecksummedTable {
    name: "interview_link",
    key: &[Text("digest")],
    columns: &[
        Text("session_id"),
        Text("digest"),
        Number("made_at"),
        Number("expires_at"),
        Number("name"),
        Number("papers"),
    ],
    later: &[],
    read: |row| margin::link(row).map(drop),
};

pub(crate) const COMMENT: ChecksummedTable = ChecksummedTable {
    name: "interview_comment",
    key: &[Text("session_id"), Text("id")],
    columns: &[Text("session_id"), Text("id"), Number("line"), Text("author"), Text("text"), Number("at")],
    later: &[],
    read: |row| margin::comment(row).map(drop),
};

pub(crate) const JUDGED: ChecksummedTable = ChecksummedTable {
    name: "interview_judged",
    key: &[Text("session_id")],
    columns: &[Text("session_id"), Text("judged"), Number("at")],
    later: &[],
    read: |row| row.try_get::<String, _>("judged").map(drop),
};

/// All of them.
pub(crate) const TABLES: [ChecksummedTable; 9] =
    [SESSION, MESSAGE, TURN, EVENT, STRIKE, LABEL, LINK, COMMENT, JUDGED];

/// A running sum. Values are delimited, and a value differs from a missing one.
#[derive(Default)]
struct Sum(crc32fast::Hasher);

impl Sum {
    fn text(&mut self, value: Option<&str>) {
        match value {
            None => self.0.update(&[0]),
            Some(text) => {
                self.0.update(&[1]);
                self.0.update(&text.len().to_le_bytes());
                self.0.update(text.as_bytes());
            }
        }
    }

    fn number(&mut self, value: Option<i64>) {
        match value {
            None => self.0.update(&[0]),
            Some(number) => {
                self.0.update(&[2]);
                self.0.update(&number.to_le_bytes());
            }
        }
    }

    /// A text of a column of a later version.
    fn later_text(&mut self, column: &str, value: Option<&str>) {
        if value.is_some() {
            self.text(Some(column));
            self.text(value);
        }
    }

    /// A number of a column of a later version.
    fn later_number(&mut self, column: &str, value: Option<i64>) {
        if value.is_some() {
            self.text(Some(column));
            self.number(value);
        }
    }

    fn total(self) -> i64 {
        i64::from(self.0.finalize())
    }
}

/// Binds the values of a row, in the order of its table's columns, followed by their sum.
pub(crate) struct Summed {
    query: Statements,
    sum: Sum,
}

impl Summed {
    pub(crate) fn new(query: Statements) -> Self {
        Self { query, sum: Sum::default() }
    }

    pub(crate) fn text(self, value: impl Into<Option<String>>) -> Self {
        let (Self { query, mut sum }, value) = (self, value.into());
        sum.text(value.as_deref());
        Self { query: query.bind(value), sum }
    }

    pub(crate) fn number(self, value: impl Into<Option<i64>>) -> Self {
        let (Self { query, mut sum }, value) = (self, value.into());
        sum.number(value);
        Self { query: query.bind(value), sum }
    }

    pub(crate) fn summed(self) -> Statements {
        self.query.bind(self.sum.total())
    }
}

/// The sum of a session's row.
pub(crate) fn of_session(session: &InterviewSession) -> i64 {
    let InterviewSession { id, owner, candidate, version, status, summary, deadline, state } = session;
    let (status, reason) = status_words(*status);
    let mut sum = Sum::default();
    sum.number(Some(signed(*version)));
    sum.text(Some(status));
    sum.text(reason.as_deref());
    for number in [
        *deadline,
        Some(summary.stage.into()),
        Some(summary.stages.into()),
        Some(summary.spoken.into()),
        Some(summary.updated_at),
        summary.ended_at,
    ] {
        sum.number(number);
    }
    let (id, seniority) = (id.to_string(), word(&summary.seniority));
    let owner = owner.as_ref().map(|owner| owner.0.as_str());
    for text in [
        Some(state.as_str()),
        Some(&id),
        owner,
        Some(candidate),
        Some(&summary.name),
        Some(&summary.role),
        Some(&seniority),
        Some(&summary.plan),
    ] {
        sum.text(text);
    }
    sum.number(Some(summary.created_at));
    if let Some(Origin { kind, parent, seq, turn, number }) = &summary.origin {
        sum.later_text("origin", Some(&word(kind)));
        sum.later_text("parent", Some(&parent.to_string()));
        sum.later_number("parent_seq", Some((*seq).into()));
        sum.later_text("parent_turn", Some(&turn.0));
        sum.later_number("take", Some((*number).into()));
    }
    sum.total()
}

/// Ok if the row matches its sum.
pub(crate) fn check(row: &SqliteRow, table: &ChecksummedTable) -> Result<(), Error> {
    let stored: Option<i64> = row.try_get("sum")?;
    if stored == Some(of_row(row, table)?) { Ok(()) } else { Err(unreadable("sum")) }
}

fn of_row(row: &SqliteRow, table: &ChecksummedTable) -> Result<i64, Error> {
    let mut sum = Sum::default();
    for column in table.columns {
        match column {
            Text(name) => sum.text(row.try_get(name)?),
            Number(name) => sum.number(row.try_get(name)?),
        }
    }
    for column in table.later {
        match column {
            Text(name) => sum.later_text(name, row.try_get(name)?),
            Number(name) => sum.later_number(name, row.try_get(name)?),
        }
    }
    Ok(sum.total())
}

/// Adds sums to rows from before there were any, once. Their content is accepted as it is, if it can be read.
///
/// # Errors
/// When a row cannot be read, or nothing can be written.
pub(crate) async fn fill(connection: &mut SqliteConnection) -> Result<(), Error> {
    // Noted in the file's header, in the same transaction.
    let filled: i64 = sqlx::query_scalar("PRAGMA user_version").fetch_one(&mut *connection).await?;
    if filled >= FILLED {
        return Ok(());
    }
    let mut all = connection.begin().await?;
    for table in &TABLES {
        let ChecksummedTable { name, key, .. } = table;
        // Safe: names of tables and columns are constants.
        let rows = format!("SELECT * FROM {name} WHERE sum IS NULL");
        let rows = sqlx::query(AssertSqlSafe(rows)).fetch_all(&mut *all).await?;
        let named: Vec<String> = key.iter().map(|(Text(key) | Number(key))| format!("{key} = ?")).collect();
        let update = format!("UPDATE {name} SET sum = ? WHERE {}", named.join(" AND "));
        for row in rows {
            let mut query = sqlx::query(AssertSqlSafe(update.clone())).bind(of_row(&row, table)?);
            for column in *key {
                query = match column {
                    Text(name) => query.bind(row.try_get::<String, _>(name)?),
                    Number(name) => query.bind(row.try_get::<i64, _>(name)?),
                };
            }
            query.execute(&mut *all).await?;
        }
        let rows = format!("SELECT * FROM {name}");
        for row in sqlx::query(AssertSqlSafe(rows)).fetch_all(&mut *all).await? {
            (table.read)(&row)?;
        }
    }
    let done = format!("PRAGMA user_version = {FILLED}");
    sqlx::query(AssertSqlSafe(done)).execute(&mut *all).await?;
    all.commit().await
}

/// The header's `user_version` once all rows have sums.
const FILLED: i64 = 4;
