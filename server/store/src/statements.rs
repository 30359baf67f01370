//! Several statements in one call: composed, bound, run, with the outcome of each.

use engine::{SessionEvent, TurnRecord};
use futures::StreamExt as _;
use interview::Message;
use sqlx::query::Query;
use sqlx::sqlite::{Sqlite, SqliteArguments};
use sqlx::{AssertSqlSafe, Either, Error, Executor as _, SqliteConnection};

use crate::rows::word;
use crate::sums::Summed;

/// Statements with their values.
pub(crate) type Statements = Query<'static, Sqlite, SqliteArguments>;

/// Statements to run in one call. They are composed of constants only; values are bound.
pub(crate) fn prepared(sql: String) -> Statements {
    sqlx::query(AssertSqlSafe(sql))
}

/// How far the statements got: the rows that each changed, and the error of the one that failed.
pub(crate) struct StatementResults {
    rows: Vec<u64>,
    pub(crate) error: Option<Error>,
}

impl StatementResults {
    /// The rows that the first statement after `before`, one text for each, changed, if all succeeded.
    pub(crate) fn rows(self, before: &[&str]) -> Result<u64, Error> {
        let first = self.first(before);
        match self.error {
            Some(error) => Err(error),
            None => Ok(first.unwrap_or_default()),
        }
    }

    /// The rows that the first statement after `before` changed, if it ran.
    pub(crate) fn first(&self, before: &[&str]) -> Option<u64> {
        self.rows.get(before.len()).copied()
    }
}

/// Runs statements until one fails.
pub(crate) async fn run(connection: &mut SqliteConnection, query: Statements) -> StatementResults {
    let mut results = connection.fetch_many(query);
    let (mut rows, mut error) = (Vec::new(), None);
    while let Some(result) = results.next().await {
        match result {
            Ok(Either::Left(done)) => rows.push(done.rows_affected()),
            Ok(Either::Right(_)) => {}
            Err(failed) => error = Some(failed),
        }
    }
    StatementResults { rows, error }
}

pub(crate) fn bind_message(query: Statements, id: &str, version: u64, message: &Message) -> Statements {
    let why = message.why.as_ref().map(|why| serde_json::to_string(why).expect("a reason is plain data"));
    let reading = message.reading.as_ref();
    let reading = reading.map(|reading| serde_json::to_string(reading).expect("a reading is plain data"));
    Summed::new(query)
        .text(id.to_owned())
        .number(i64::from(message.seq))
        .number(signed(version))
        .text(word(&message.speaker))
        .text(message.stage.clone())
        .text(word(&message.modality))
        .text(message.text.clone())
        .number(message.at)
        .text(message.turn.0.clone())
        .text(message.source.as_ref().map(word))
        .text(why)
        .number(i64::from(message.cut))
        .text(reading)
        .text(message.original.clone())
        .summed()
}

pub(crate) fn bind_turn(query: Statements, id: &str, turn: &TurnRecord) -> Statements {
    Summed::new(query)
        .text(id.to_owned())
        .text(turn.turn.0.clone())
        .text(turn.digest.clone())
        .number(turn.reply.map(i64::from))
        .text(turn.answer.clone())
        .summed()
}

pub(crate) fn bind_event(query: Statements, id: &str, event: &SessionEvent) -> Statements {
    let row = Summed::new(query).text(id.to_owned()).number(event.at);
    row.text(event.kind.clone()).text(event.data.to_string()).summed()
}

/// SQLite's integers are signed; versions never come near their limit.
pub(crate) fn signed(version: u64) -> i64 {
    i64::try_from(version).unwrap_or(i64::MAX)
}
