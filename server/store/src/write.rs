//! Writes: one task, one connection, everything that waits in one transaction.

use std::path::PathBuf;

use engine::{SessionCommit, SessionId, StorageFault, StoreError};
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, Error, SqliteConnection};
use tokio::sync::{mpsc, oneshot};

use crate::error::{is_local, unavailable};
use crate::margin::{self, MarginWrite};
use crate::open::options;
use crate::rows::{status_words, word};
use crate::statements::{bind_event, bind_message, bind_turn, prepared, run, signed};
use crate::sums;

/// The most jobs in one transaction.
const MOST_GROUPED: usize = 128;

/// Something to write.
pub(crate) enum Write {
    Create(Box<SessionCommit>),
    Commit(Box<SessionCommit>),
    /// Something that stands beside an interview.
    Beside(Box<MarginWrite>),
    Delete(SessionId),
    /// A write without content, to see whether the disk accepts it.
    Probe,
}

/// The outcome of a write; `false` if there was nothing to delete.
pub(crate) type WriteOutcome = Result<bool, StoreError>;

pub(crate) struct WriteJob {
    pub(crate) write: Write,
    pub(crate) done: oneshot::Sender<WriteOutcome>,
}

/// Writes until all senders are gone.
pub(crate) async fn write_all(
    connection: SqliteConnection,
    path: PathBuf,
    mut jobs: mpsc::Receiver<WriteJob>,
) {
    let mut connection = Some(connection);
    let mut group = Vec::new();
    while jobs.recv_many(&mut group, MOST_GROUPED).await > 0 {
        let writes: Vec<&Write> = group.iter().map(|job| &job.write).collect();
        let deletes = writes.iter().any(|write| matches!(write, Write::Delete(_)));
        let outcomes = match run_transaction(&mut connection, &path, &writes).await {
            Ok(outcomes) => outcomes,
            // A damaged session must not make the others fail: write each by itself.
            Err(StoreError::Storage(StorageFault::Damaged, _)) if writes.len() > 1 => {
                let mut outcomes = Vec::with_capacity(writes.len());
                for write in &writes {
                    let one = run_transaction(&mut connection, &path, std::slice::from_ref(write)).await;
                    outcomes.extend(one.unwrap_or_else(|error| vec![Err(error)]));
                }
                outcomes
            }
            Err(error) => group.iter().map(|_| Err(copy_error(&error))).collect(),
        };
        for (job, outcome) in group.drain(..).zip(outcomes) {
            // The caller may be gone; the write counts all the same.
            drop(job.done.send(outcome));
        }
        if deletes && let Some(connection) = &mut connection {
            // The log still holds deleted content: merge it and truncate it. If a reader is in the way, the next
            // deletion or the shutdown does it.
            drop(sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").execute(connection).await);
        }
    }
    if let Some(connection) = connection {
        drop(connection.close().await);
    }
}

/// A copy of the error, for another job of the same transaction.
fn copy_error(error: &StoreError) -> StoreError {
    match error {
        StoreError::Storage(fault, what) => StoreError::Storage(*fault, what.clone()),
        StoreError::Newer(what) => StoreError::Newer(what.clone()),
        StoreError::Busy(what) => StoreError::Busy(what.clone()),
        StoreError::Unavailable(what) => StoreError::Unavailable(what.clone()),
        StoreError::Conflict => StoreError::Conflict,
        StoreError::NotFound => StoreError::NotFound,
    }
}

/// Performs these writes in one transaction. If it fails, it is rolled back as a whole.
async fn run_transaction(
    connection: &mut Option<SqliteConnection>,
    path: &std::path::Path,
    writes: &[&Write],
) -> Result<Vec<WriteOutcome>, StoreError> {
    let outcomes = run_with_savepoints(connection, path, writes).await;
    if outcomes.is_err()
        && let Some(broken) = connection.take()
    {
        // Drop the connection: a fresh one has no failed state.
        drop(broken.close().await);
    }
    outcomes.map_err(|error| unavailable(&error, path))
}

/// What ends the savepoint of the previous write.
const KEEP: &[&str] = &["RELEASE one;"];
const UNDO: &[&str] = &["ROLLBACK TO one;", "RELEASE one;"];

/// Performs these writes in one transaction, each in its own savepoint unless it is alone. Durable when it returns
/// `Ok`.
///
/// The driver passes each call to a thread and back, which costs more than most statements. So a write is one call,
/// together with the end of the previous savepoint.
async fn run_with_savepoints(
    connection: &mut Option<SqliteConnection>,
    path: &std::path::Path,
    writes: &[&Write],
) -> Result<Vec<WriteOutcome>, Error> {
    let connection = match connection {
        Some(connection) => connection,
        none => none.insert(options(path).connect().await?),
    };
    let alone = writes.len() == 1;
    let mut before = vec!["BEGIN IMMEDIATE;"];
    let mut outcomes = Vec::with_capacity(writes.len());
    for write in writes {
        if !alone {
            before.push("SAVEPOINT one;");
        }
        let outcome = match run_write(connection, &before, write).await {
            Ok(outcome) => outcome,
            Err(error) if is_local(&error) => Err(unavailable(&error, path)),
            Err(error) => return Err(error),
        };
        before = if outcome.is_ok() { KEEP } else { UNDO }.to_vec();
        outcomes.push(outcome);
    }
    let end = match (alone, outcomes.iter().any(Result::is_ok)) {
        (true, true) => "COMMIT".to_owned(),
        (true, false) => "ROLLBACK".to_owned(),
        (false, _) => format!("{} COMMIT", before.concat()),
    };
    sqlx::query(AssertSqlSafe(end)).execute(connection).await?;
    Ok(outcomes)
}

/// Performs one write, preceded by the statements `before`, one text for each, which take no values.
async fn run_write(
    connection: &mut SqliteConnection,
    before: &[&str],
    write: &Write,
) -> Result<WriteOutcome, Error> {
    let sql = before.concat();
    match write {
        Write::Create(whole) => create(connection, sql, before, whole).await,
        Write::Commit(change) => commit(connection, sql, before, change).await,
        Write::Delete(id) => {
            let query = prepared(sql + "DELETE FROM interview_session WHERE id = ?").bind(id.to_string());
            let done = run(connection, query).await;
            Ok(Ok(done.rows(before)? > 0))
        }
        Write::Beside(beside) => margin::write(connection, sql, before, beside).await,
        Write::Probe => {
            let query = prepared(sql + "UPDATE store_probe SET n = n + 1 WHERE id = 1");
            run(connection, query).await.rows(before)?;
            Ok(Ok(true))
        }
    }
}

const CREATE: &str = "INSERT INTO interview_session (version, status, end_reason, deadline, stage, stages, spoken, \
    updated_at, ended_at, state, sum, id, owner, candidate, name, role, seniority, plan, created_at, origin, parent, \
    parent_seq, parent_turn, take) \
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING;";

const UPDATE: &str = "UPDATE interview_session SET version = ?, status = ?, end_reason = ?, deadline = ?, stage = ?, \
    stages = ?, spoken = ?, updated_at = ?, ended_at = ?, state = ?, sum = ?, seniority = ? WHERE id = ? AND version = ?;";

const MESSAGE: &str = "INSERT OR REPLACE INTO interview_message (session_id, seq, version, speaker, stage, modality, \
    text, at, turn, source, why, cut, reading, original, sum) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?);";

const TURN: &str = "INSERT INTO interview_turn (session_id, turn, digest, reply, answer, sum) VALUES (?, ?, ?, ?, ?, ?) \
    ON CONFLICT (session_id, turn) DO UPDATE SET digest = excluded.digest, reply = excluded.reply, \
    answer = excluded.answer, sum = excluded.sum;";

const EVENT: &str = "INSERT INTO interview_event (session_id, at, kind, data, sum) VALUES (?, ?, ?, ?, ?);";

/// Binds the values that change with each commit, in the order of `CREATE` and `UPDATE`.
macro_rules! bind_changing {
    ($query:expr, $session:expr, $status:expr, $reason:expr) => {
        $query
            .bind(signed($session.version))
            .bind($status)
            .bind($reason)
            .bind($session.deadline)
            .bind($session.summary.stage)
            .bind($session.summary.stages)
            .bind($session.summary.spoken)
            .bind($session.summary.updated_at)
            .bind($session.summary.ended_at)
            .bind($session.state.clone())
            .bind(sums::of_session($session))
    };
}

async fn create(
    connection: &mut SqliteConnection,
    mut sql: String,
    before: &[&str],
    whole: &SessionCommit,
) -> Result<WriteOutcome, Error> {
    let SessionCommit { session, messages, turns, events } = whole;
    sql.push_str(CREATE);
    sql.extend(messages.iter().map(|_| MESSAGE));
    sql.extend(turns.iter().map(|_| TURN));
    sql.extend(events.iter().map(|_| EVENT));
    let origin = session.summary.origin.as_ref();
    let (status, reason) = status_words(session.status);
    let id = session.id.to_string();
    let mut query = bind_changing!(prepared(sql), session, status, reason)
        .bind(id.clone())
        .bind(session.owner.as_ref().map(|owner| owner.0.clone()))
        .bind(session.candidate.clone())
        .bind(session.summary.name.clone())
        .bind(session.summary.role.clone())
        .bind(word(&session.summary.seniority))
        .bind(session.summary.plan.clone())
        .bind(session.summary.created_at)
        .bind(origin.map(|origin| word(&origin.kind)))
        .bind(origin.map(|origin| origin.parent.to_string()))
        .bind(origin.map(|origin| origin.seq))
        .bind(origin.map(|origin| origin.turn.0.clone()))
        .bind(origin.map(|origin| origin.number));
    for message in messages {
        query = bind_message(query, &id, session.version, message);
    }
    for turn in turns {
        query = bind_turn(query, &id, turn);
    }
    for event in events {
        query = bind_event(query, &id, event);
    }
    let done = run(connection, query).await;
    if done.first(before) == Some(0) || (done.error.is_none() && session.version != 1) {
        return Ok(Err(StoreError::Conflict));
    }
    done.rows(before)?;
    Ok(Ok(true))
}

async fn commit(
    connection: &mut SqliteConnection,
    mut sql: String,
    before: &[&str],
    change: &SessionCommit,
) -> Result<WriteOutcome, Error> {
    let SessionCommit { session, messages, turns, events } = change;
    sql.push_str(UPDATE);
    sql.extend(messages.iter().map(|_| MESSAGE));
    sql.extend(turns.iter().map(|_| TURN));
    sql.extend(events.iter().map(|_| EVENT));
    let (status, reason) = status_words(session.status);
    let id = session.id.to_string();
    let mut query = bind_changing!(prepared(sql), session, status, reason)
        .bind(word(&session.summary.seniority))
        .bind(id.clone())
        .bind(signed(session.version.saturating_sub(1)));
    for message in messages {
        query = bind_message(query, &id, session.version, message);
    }
    for turn in turns {
        query = bind_turn(query, &id, turn);
    }
    for event in events {
        query = bind_event(query, &id, event);
    }
    let done = run(connection, query).await;
    if done.first(before) == Some(0) {
        // The statements after it are rolled back with the rest of this write.
        let there = exists(connection, &id).await?;
        return Ok(Err(if there { StoreError::Conflict } else { StoreError::NotFound }));
    }
    done.rows(before)?;
    Ok(Ok(true))
}

pub(crate) async fn exists(connection: &mut SqliteConnection, id: &str) -> Result<bool, Error> {
    let sql = "SELECT 1 FROM interview_session WHERE id = ?";
    Ok(sqlx::query(sql).bind(id).fetch_optional(connection).await?.is_some())
}

#[cfg(test)]
mod tests {
    use engine::InterviewSession;
    use engine::testing::sample_session;

    use super::*;
    use crate::open::{make_file, migrated};

    fn session(state: String) -> InterviewSession {
        let id = SessionId::parse("6d0b9a53-6a3c-4a59-8d0e-0c6a5a3f7c11").unwrap();
        InterviewSession { state, ..sample_session(id, 1) }
    }

    fn begun(session: InterviewSession) -> Write {
        Write::Create(Box::new(SessionCommit {
            session,
            messages: Vec::new(),
            turns: Vec::new(),
            events: Vec::new(),
        }))
    }

    #[tokio::test]
    async fn a_full_disk_is_named_and_does_not_last() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("full.db");
        make_file(&path).unwrap();
        let mut connection = migrated(&path).await.unwrap();
        // A file that may not grow: SQLite reports it as a full disk.
        sqlx::query("PRAGMA max_page_count = 20").execute(&mut connection).await.unwrap();
        let (jobs, waiting) = mpsc::channel(8);
        let writer = tokio::spawn(write_all(connection, path, waiting));
        let put = async |state: String| {
            let (done, outcome) = oneshot::channel();
            let write = begun(session(state));
            jobs.send(WriteJob { write, done }).await.ok().unwrap();
            outcome.await.unwrap()
        };
        let error = put("x".repeat(1_000_000)).await.unwrap_err().to_string();
        assert!(error.contains("disk is full") && error.contains("free some space"), "{error}");
        // Once there is room it goes on, and nothing of the failed write is there.
        assert!(put("small".to_owned()).await.unwrap());
        drop(jobs);
        writer.await.unwrap();
    }

    fn create(id: u128, version: u64, stage: u32) -> Write {
        let mut made = session("{}".to_owned());
        (made.id, made.version, made.summary.stage) = (SessionId(uuid::Uuid::from_u128(id)), version, stage);
        begun(made)
    }

    #[tokio::test]
    async fn what_is_refused_harms_nobody_in_its_group_nor_after_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("group.db");
        make_file(&path).unwrap();
        let mut connection = Some(migrated(&path).await.unwrap());
        let stranger = Write::Delete(SessionId(uuid::Uuid::from_u128(99)));
        // One that is no beginning, and one that a check of the table refuses: first, between others, and last.
        let (late, refused) = (create(7, 2, 1), create(8, 1, 0));
        let (a, b, c) = (create(1, 1, 1), create(2, 1, 1), create(3, 1, 1));
        let word = |outcome: &WriteOutcome| match outcome {
            Ok(done) => format!("{done}"),
            Err(StoreError::Conflict) => "conflict".to_owned(),
            Err(_) => "refused".to_owned(),
        };
        for (group, expected) in [
            (&[&late, &a, &refused, &stranger, &b, &late][..], "conflict true refused false true conflict"),
            (&[&refused, &late], "refused conflict"),
            (&[&late], "conflict"),
            (&[&refused], "refused"),
            (&[&a], "conflict"),
            (&[&c], "true"),
        ] {
            let outcomes = run_with_savepoints(&mut connection, &path, group).await.unwrap();
            assert_eq!(outcomes.iter().map(word).collect::<Vec<_>>().join(" "), expected);
        }
        let rows: Vec<String> = sqlx::query_scalar("SELECT id FROM interview_session ORDER BY id")
            .fetch_all(connection.as_mut().unwrap())
            .await
            .unwrap();
        assert_eq!(rows, [1, 2, 3].map(|id| uuid::Uuid::from_u128(id).to_string()));
    }
}
