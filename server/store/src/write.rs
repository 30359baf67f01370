//! Writing: one task, one connection, everything that waits in one transaction.

use std::path::PathBuf;

use engine::{Change, DiskFault, InterviewSession, SessionEvent, SessionId, StoreError, TurnRecord};
use interview::Message;
use sqlx::{ConnectOptions as _, Connection as _, Error, SqliteConnection};
use tokio::sync::{mpsc, oneshot};

use crate::error::{is_local, unavailable};
use crate::open::options;
use crate::rows::{status_words, word};

/// Most jobs in one transaction.
const MOST_GROUPED: usize = 128;

/// Something to write.
pub(crate) enum Write {
    Create(Box<InterviewSession>, Vec<SessionEvent>),
    Commit(Box<Change>),
    Delete(SessionId),
    /// Nothing: only to see that a transaction can be made.
    Probe,
}

/// What became of it: `false` where there was nothing to delete.
type Outcome = Result<bool, StoreError>;

pub(crate) struct Job {
    pub(crate) write: Write,
    pub(crate) done: oneshot::Sender<Outcome>,
}

/// Writes until nobody can send any more.
pub(crate) async fn write_all(connection: SqliteConnection, path: PathBuf, mut jobs: mpsc::Receiver<Job>) {
    let mut connection = Some(connection);
    let mut group = Vec::new();
    while jobs.recv_many(&mut group, MOST_GROUPED).await > 0 {
        let writes: Vec<&Write> = group.iter().map(|job| &job.write).collect();
        let deletes = writes.iter().any(|write| matches!(write, Write::Delete(_)));
        let outcomes = match tried(&mut connection, &path, &writes).await {
            Ok(outcomes) => outcomes,
            // One interview whose pages are damaged is no reason to refuse the others: each by itself.
            Err(StoreError::Disk(DiskFault::Damaged, _)) if writes.len() > 1 => {
                let mut outcomes = Vec::with_capacity(writes.len());
                for write in &writes {
                    let one = tried(&mut connection, &path, std::slice::from_ref(write)).await;
                    outcomes.extend(one.unwrap_or_else(|error| vec![Err(error)]));
                }
                outcomes
            }
            Err(error) => group.iter().map(|_| Err(again(&error))).collect(),
        };
        for (job, outcome) in group.drain(..).zip(outcomes) {
            // Whoever asked may have gone away; it is written all the same.
            drop(job.done.send(outcome));
        }
        if deletes && let Some(connection) = &mut connection {
            // The log still holds what was deleted: fold it in and empty it. If a reader is in the way, the next
            // deletion or the end does it.
            drop(sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").execute(connection).await);
        }
    }
    if let Some(connection) = connection {
        drop(connection.close().await);
    }
}

/// The same error, for another that waits for the same transaction.
fn again(error: &StoreError) -> StoreError {
    match error {
        StoreError::Disk(fault, what) => StoreError::Disk(*fault, what.clone()),
        StoreError::Unavailable(what) => StoreError::Unavailable(what.clone()),
        StoreError::Conflict => StoreError::Conflict,
        StoreError::NotFound => StoreError::NotFound,
    }
}

/// All of these in one transaction. If it fails it is undone as a whole.
async fn tried(
    connection: &mut Option<SqliteConnection>,
    path: &std::path::Path,
    writes: &[&Write],
) -> Result<Vec<Outcome>, StoreError> {
    let outcomes = grouped(connection, path, writes).await;
    if outcomes.is_err()
        && let Some(broken) = connection.take()
    {
        // A fresh connection knows nothing of what went wrong.
        drop(broken.close().await);
    }
    outcomes.map_err(|error| unavailable(&error, path))
}

/// All of these in one transaction, each in a savepoint of its own. Durable when it returns `Ok`.
async fn grouped(
    connection: &mut Option<SqliteConnection>,
    path: &std::path::Path,
    writes: &[&Write],
) -> Result<Vec<Outcome>, Error> {
    let connection = match connection {
        Some(connection) => connection,
        none => none.insert(options(path).connect().await?),
    };
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
    let mut outcomes = Vec::with_capacity(writes.len());
    for write in writes {
        let mut savepoint = transaction.begin().await?;
        let outcome = match one(&mut savepoint, write).await {
            Ok(outcome) => outcome,
            Err(error) if is_local(&error) => Err(unavailable(&error, path)),
            Err(error) => return Err(error),
        };
        if outcome.is_ok() {
            savepoint.commit().await?;
        } else {
            savepoint.rollback().await?;
        }
        outcomes.push(outcome);
    }
    transaction.commit().await?;
    Ok(outcomes)
}

async fn one(connection: &mut SqliteConnection, write: &Write) -> Result<Outcome, Error> {
    match write {
        Write::Create(session, events) => create(connection, session, events).await,
        Write::Commit(change) => commit(connection, change).await,
        Write::Delete(id) => {
            let sql = "DELETE FROM interview_session WHERE id = ?";
            let deleted = sqlx::query(sql).bind(id.to_string()).execute(connection).await?;
            Ok(Ok(deleted.rows_affected() > 0))
        }
        Write::Probe => {
            sqlx::query("UPDATE interview_session SET version = version WHERE id = ''")
                .execute(connection)
                .await?;
            Ok(Ok(true))
        }
    }
}

const CREATE: &str = "INSERT INTO interview_session (version, status, end_reason, deadline, stage, stages, spoken, \
    updated_at, ended_at, state, id, owner, candidate, name, role, seniority, plan, created_at) \
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING";

const UPDATE: &str = "UPDATE interview_session SET version = ?, status = ?, end_reason = ?, deadline = ?, stage = ?, \
    stages = ?, spoken = ?, updated_at = ?, ended_at = ?, state = ?, seniority = ? WHERE id = ? AND version = ?";

/// The values that change from commit to commit, in the order of both statements above.
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
            .bind(&$session.state)
    };
}

async fn create(
    connection: &mut SqliteConnection,
    session: &InterviewSession,
    events: &[SessionEvent],
) -> Result<Outcome, Error> {
    let (status, reason) = status_words(session.status);
    let id = session.id.to_string();
    let made = bind_changing!(sqlx::query(CREATE), session, status, reason)
        .bind(&id)
        .bind(session.owner.as_ref().map(|owner| &owner.0))
        .bind(&session.candidate)
        .bind(&session.summary.name)
        .bind(&session.summary.role)
        .bind(word(&session.summary.seniority))
        .bind(&session.summary.plan)
        .bind(session.summary.created_at)
        .execute(&mut *connection)
        .await?;
    if made.rows_affected() == 0 || session.version != 1 {
        return Ok(Err(StoreError::Conflict));
    }
    add_events(connection, &id, events).await?;
    Ok(Ok(true))
}

async fn commit(connection: &mut SqliteConnection, change: &Change) -> Result<Outcome, Error> {
    let Change { session, messages, turns, events } = change;
    let (status, reason) = status_words(session.status);
    let id = session.id.to_string();
    let changed = bind_changing!(sqlx::query(UPDATE), session, status, reason)
        .bind(word(&session.summary.seniority))
        .bind(&id)
        .bind(signed(session.version.saturating_sub(1)))
        .execute(&mut *connection)
        .await?;
    if changed.rows_affected() == 0 {
        let sql = "SELECT 1 FROM interview_session WHERE id = ?";
        let there = sqlx::query(sql).bind(&id).fetch_optional(&mut *connection).await?.is_some();
        return Ok(Err(if there { StoreError::Conflict } else { StoreError::NotFound }));
    }
    for message in messages {
        put_message(connection, &id, session.version, message).await?;
    }
    for turn in turns {
        put_turn(connection, &id, turn).await?;
    }
    add_events(connection, &id, events).await?;
    Ok(Ok(true))
}

async fn put_message(
    connection: &mut SqliteConnection,
    id: &str,
    version: u64,
    message: &Message,
) -> Result<(), Error> {
    let sql = "INSERT OR REPLACE INTO interview_message (session_id, seq, version, speaker, stage, modality, text, \
               at, turn, source, why, cut) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    let why = message.why.as_ref().map(|why| serde_json::to_string(why).expect("a reason is plain data"));
    sqlx::query(sql)
        .bind(id)
        .bind(message.seq)
        .bind(signed(version))
        .bind(word(&message.speaker))
        .bind(&message.stage)
        .bind(word(&message.modality))
        .bind(&message.text)
        .bind(message.at)
        .bind(&message.turn.0)
        .bind(message.source.as_ref().map(word))
        .bind(why)
        .bind(message.cut)
        .execute(connection)
        .await?;
    Ok(())
}

async fn put_turn(connection: &mut SqliteConnection, id: &str, turn: &TurnRecord) -> Result<(), Error> {
    let sql = "INSERT INTO interview_turn (session_id, turn, digest, reply, answer) VALUES (?, ?, ?, ?, ?) \
               ON CONFLICT (session_id, turn) DO UPDATE SET digest = excluded.digest, reply = excluded.reply, \
               answer = excluded.answer";
    sqlx::query(sql)
        .bind(id)
        .bind(&turn.turn.0)
        .bind(&turn.digest)
        .bind(turn.reply)
        .bind(&turn.answer)
        .execute(connection)
        .await?;
    Ok(())
}

async fn add_events(
    connection: &mut SqliteConnection,
    id: &str,
    events: &[SessionEvent],
) -> Result<(), Error> {
    for event in events {
        sqlx::query("INSERT INTO interview_event (session_id, at, kind, data) VALUES (?, ?, ?, ?)")
            .bind(id)
            .bind(event.at)
            .bind(&event.kind)
            .bind(event.data.to_string())
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

/// SQLite's integers are signed; a version never comes near the end of them.
fn signed(version: u64) -> i64 {
    i64::try_from(version).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use engine::Summary;
    use interview::{Seniority, Status};

    use super::*;
    use crate::open::{make_file, migrated};

    fn session(state: String) -> InterviewSession {
        let id = SessionId::parse("6d0b9a53-6a3c-4a59-8d0e-0c6a5a3f7c11").unwrap();
        let summary = Summary {
            id,
            role: "Nurse".to_owned(),
            seniority: Seniority::Mid,
            name: "Ada".to_owned(),
            plan: "Standard".to_owned(),
            status: Status::Ready,
            stage: 1,
            stages: 3,
            spoken: false,
            created_at: 1,
            updated_at: 1,
            ended_at: None,
        };
        let (owner, deadline, candidate) = (None, None, "name:ada".to_owned());
        InterviewSession { id, owner, candidate, version: 1, status: Status::Ready, summary, deadline, state }
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
            let write = Write::Create(Box::new(session(state)), Vec::new());
            jobs.send(Job { write, done }).await.ok().unwrap();
            outcome.await.unwrap()
        };
        let error = put("x".repeat(1_000_000)).await.unwrap_err().to_string();
        assert!(error.contains("disk is full") && error.contains("free some space"), "{error}");
        // Once there is room it goes on, and nothing of the failed write is there.
        assert!(put("small".to_owned()).await.unwrap());
        drop(jobs);
        writer.await.unwrap();
    }
}
