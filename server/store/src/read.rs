//! Reads, from a small pool of connections.

use engine::{Owner, SessionEvent, SessionId, StoredSession, Summary};
use interview::UnixMillis;
use sqlx::sqlite::SqlitePool;
use sqlx::{AssertSqlSafe, Error, Row as _};

use crate::rows::{self, SUMMARY};

/// A session with everything that belongs to it, as of one moment.
pub(crate) async fn load(pool: &SqlitePool, id: SessionId) -> Result<Option<StoredSession>, Error> {
    let id = id.to_string();
    let mut moment = pool.begin().await?;
    let row = sqlx::query("SELECT * FROM interview_session WHERE id = ?")
        .bind(&id)
        .fetch_optional(&mut *moment)
        .await?;
    let Some(row) = row else { return Ok(None) };
    let messages = sqlx::query("SELECT * FROM interview_message WHERE session_id = ? ORDER BY seq")
        .bind(&id)
        .fetch_all(&mut *moment)
        .await?;
    let turns = sqlx::query("SELECT * FROM interview_turn WHERE session_id = ? ORDER BY n")
        .bind(&id)
        .fetch_all(&mut *moment)
        .await?;
    moment.rollback().await?;
    Ok(Some(StoredSession {
        session: rows::session(&row)?,
        messages: messages.iter().map(rows::message).collect::<Result<_, _>>()?,
        turns: turns.iter().map(rows::turn).collect::<Result<_, _>>()?,
    }))
}

pub(crate) async fn list(pool: &SqlitePool, owner: &Owner, limit: u32) -> Result<Vec<Summary>, Error> {
    let sql = format!(
        "SELECT {SUMMARY} FROM interview_session WHERE owner = ? ORDER BY created_at DESC, rowid DESC LIMIT ?"
    );
    // Safe: the columns are constants.
    let rows = sqlx::query(AssertSqlSafe(sql)).bind(&owner.0).bind(limit).fetch_all(pool).await?;
    rows.iter().map(rows::summary).collect()
}

pub(crate) async fn children(pool: &SqlitePool, parent: SessionId) -> Result<Vec<Summary>, Error> {
    let sql = format!("SELECT {SUMMARY} FROM interview_session WHERE parent = ? ORDER BY created_at, rowid");
    // Safe: the columns are a constant.
    let rows = sqlx::query(AssertSqlSafe(sql)).bind(parent.to_string()).fetch_all(pool).await?;
    rows.iter().map(rows::summary).collect()
}

pub(crate) async fn owner(pool: &SqlitePool, id: SessionId) -> Result<Option<Option<Owner>>, Error> {
    let sql = "SELECT owner FROM interview_session WHERE id = ?";
    let row = sqlx::query(sql).bind(id.to_string()).fetch_optional(pool).await?;
    row.as_ref().map(rows::owner).transpose()
}

pub(crate) async fn earlier(pool: &SqlitePool, candidate: &str, limit: u32) -> Result<Vec<String>, Error> {
    let sql = "SELECT state FROM interview_session WHERE candidate = ? AND status <> 'ready' \
               AND origin IS NOT 'take' ORDER BY created_at DESC, rowid DESC LIMIT ?";
    sqlx::query_scalar(sql).bind(candidate).bind(limit).fetch_all(pool).await
}

pub(crate) async fn due(pool: &SqlitePool, now: UnixMillis, limit: u32) -> Result<Vec<SessionId>, Error> {
    let sql = "SELECT id FROM interview_session WHERE deadline <= ? ORDER BY deadline, id LIMIT ?";
    let rows = sqlx::query(sql).bind(now).bind(limit).fetch_all(pool).await?;
    rows.iter().map(rows::id).collect()
}

pub(crate) async fn next_deadline(pool: &SqlitePool) -> Result<Option<UnixMillis>, Error> {
    let sql = "SELECT min(deadline) AS next FROM interview_session WHERE deadline IS NOT NULL";
    sqlx::query(sql).fetch_one(pool).await?.try_get("next")
}

pub(crate) async fn ended_before(
    pool: &SqlitePool,
    before: UnixMillis,
    limit: u32,
) -> Result<Vec<SessionId>, Error> {
    let sql = "SELECT id FROM interview_session WHERE ended_at < ? AND status = 'completed' \
               ORDER BY ended_at, id LIMIT ?";
    let rows = sqlx::query(sql).bind(before).bind(limit).fetch_all(pool).await?;
    rows.iter().map(rows::id).collect()
}

pub(crate) async fn struck(pool: &SqlitePool, id: SessionId) -> Result<Vec<String>, Error> {
    let sql = "SELECT statement FROM interview_strike WHERE session_id = ? ORDER BY at, statement";
    sqlx::query_scalar(sql).bind(id.to_string()).fetch_all(pool).await
}

pub(crate) async fn judged(pool: &SqlitePool, id: SessionId) -> Result<Option<String>, Error> {
    let sql = "SELECT judged FROM interview_judged WHERE session_id = ?";
    sqlx::query_scalar(sql).bind(id.to_string()).fetch_optional(pool).await
}

pub(crate) async fn events(pool: &SqlitePool, id: SessionId) -> Result<Vec<SessionEvent>, Error> {
    let sql = "SELECT session_id, at, kind, data, sum FROM interview_event WHERE session_id = ? ORDER BY n";
    let rows = sqlx::query(sql).bind(id.to_string()).fetch_all(pool).await?;
    rows.iter().map(rows::event).collect()
}
