//! Several statements in one call: put together, given their values, run, and what came of each.

use engine::{SessionEvent, TurnRecord};
use futures::StreamExt as _;
use interview::Message;
use sqlx::query::Query;
use sqlx::sqlite::{Sqlite, SqliteArguments};
use sqlx::{AssertSqlSafe, Either, Error, Executor as _, SqliteConnection};

use crate::rows::word;

/// Statements with their values.
pub(crate) type Statements = Query<'static, Sqlite, SqliteArguments>;

/// Statements to run in one call. They are put together from constants alone; values are bound.
pub(crate) fn prepared(sql: String) -> Statements {
    sqlx::query(AssertSqlSafe(sql))
}

/// How far statements came: the rows that each changed, and what went wrong at the next.
pub(crate) struct Done {
    rows: Vec<u64>,
    pub(crate) error: Option<Error>,
}

impl Done {
    /// The rows that the first statement after these changed, if all went well.
    pub(crate) fn rows(self, before: &[&str]) -> Result<u64, Error> {
        let first = self.first(before);
        match self.error {
            Some(error) => Err(error),
            None => Ok(first.unwrap_or_default()),
        }
    }

    /// The rows that the first statement after these changed, if it came to that.
    pub(crate) fn first(&self, before: &[&str]) -> Option<u64> {
        let statements: usize = before.iter().map(|text| text.matches(';').count()).sum();
        self.rows.get(statements).copied()
    }
}

/// Runs statements until one fails.
pub(crate) async fn run(connection: &mut SqliteConnection, query: Statements) -> Done {
    let mut results = connection.fetch_many(query);
    let (mut rows, mut error) = (Vec::new(), None);
    while let Some(result) = results.next().await {
        match result {
            Ok(Either::Left(done)) => rows.push(done.rows_affected()),
            Ok(Either::Right(_)) => {}
            Err(failed) => error = Some(failed),
        }
    }
    Done { rows, error }
}

pub(crate) fn bind_message(query: Statements, id: &str, version: u64, message: &Message) -> Statements {
    let why = message.why.as_ref().map(|why| serde_json::to_string(why).expect("a reason is plain data"));
    let reading = message.reading.as_ref();
    let reading = reading.map(|reading| serde_json::to_string(reading).expect("a reading is plain data"));
    query
        .bind(id.to_owned())
        .bind(message.seq)
        .bind(signed(version))
        .bind(word(&message.speaker))
        .bind(message.stage.clone())
        .bind(word(&message.modality))
        .bind(message.text.clone())
        .bind(message.at)
        .bind(message.turn.0.clone())
        .bind(message.source.as_ref().map(word))
        .bind(why)
        .bind(message.cut)
        .bind(reading)
}

pub(crate) fn bind_turn(query: Statements, id: &str, turn: &TurnRecord) -> Statements {
    query
        .bind(id.to_owned())
        .bind(turn.turn.0.clone())
        .bind(turn.digest.clone())
        .bind(turn.reply)
        .bind(turn.answer.clone())
}

pub(crate) fn bind_event(query: Statements, id: &str, event: &SessionEvent) -> Statements {
    query.bind(id.to_owned()).bind(event.at).bind(event.kind.clone()).bind(event.data.to_string())
}

/// SQLite's integers are signed; a version never comes near the end of them.
pub(crate) fn signed(version: u64) -> i64 {
    i64::try_from(version).unwrap_or(i64::MAX)
}
