//! What stands beside an interview: what its person struck of the report and calls it, what a model replied that judged it,
//! the links by which others read it, and their comments. Each is one row, written for a session that is there.

use std::collections::BTreeMap;

use engine::{Comment, Owner, ReadingLink, SessionId, StoreError};
use interview::UnixMillis;
use sqlx::sqlite::{SqlitePool, SqliteRow};
use sqlx::{Error, Row as _, SqliteConnection};

use crate::rows::unreadable;
use crate::statements::{Statements, prepared, run};
use crate::sums::{self, Summed};
use crate::write::{WriteOutcome, exists};

/// Something to write.
pub(crate) enum MarginWrite {
    /// A statement of the report, struck at this moment.
    Strike(SessionId, String, UnixMillis),
    /// The strike of this statement goes.
    Unstrike(SessionId, String),
    /// What a model replied that judged it, at this moment.
    Judged(SessionId, String, UnixMillis),
    /// What the person calls it; empty: nothing any more.
    Label(SessionId, String),
    Link(ReadingLink),
    /// The link with this digest goes.
    DropLink(SessionId, String),
    Comment(SessionId, Comment),
    /// The comment of this id goes.
    DropComment(SessionId, String),
}

/// The end of each statement that adds: only to a session that is there, which is bound last.
const IF_THERE: &str = "WHERE EXISTS (SELECT 1 FROM interview_session WHERE id = ?)";

const STRIKE: &str = "INSERT INTO interview_strike (session_id, statement, at, sum) SELECT ?, ?, ?, ?";
const JUDGED: &str = "INSERT INTO interview_judged (session_id, judged, at, sum) SELECT ?, ?, ?, ?";
const LABEL: &str = "INSERT INTO interview_label (session_id, label, sum) SELECT ?, ?, ?";
const LINK: &str = "INSERT INTO interview_link (session_id, digest, made_at, expires_at, name, papers, sum) \
    SELECT ?, ?, ?, ?, ?, ?, ?";
const COMMENT: &str = "INSERT INTO interview_comment (session_id, id, line, author, text, at, sum) \
    SELECT ?, ?, ?, ?, ?, ?, ?";

/// Writes it, after these statements, which take no values.
pub(crate) async fn write(
    connection: &mut SqliteConnection,
    sql: String,
    before: &[&str],
    beside: &MarginWrite,
) -> Result<WriteOutcome, Error> {
    let adds =
        |insert: &str, conflict: &str| prepared(format!("{sql}{insert} {IF_THERE} ON CONFLICT {conflict};"));
    let takes = |table: &str, key: &str| {
        prepared(format!("{sql}DELETE FROM {table} WHERE session_id = ? AND {key} = ?;"))
    };
    let (id, query) = match beside {
        MarginWrite::Strike(id, statement, at) => {
            let query = adds(STRIKE, "(session_id, statement) DO NOTHING");
            (*id, Summed::new(query).text(id.to_string()).text(statement.clone()).number(*at).summed())
        }
        MarginWrite::Judged(id, judged, at) => {
            let query = adds(JUDGED, "(session_id) DO NOTHING");
            (*id, Summed::new(query).text(id.to_string()).text(judged.clone()).number(*at).summed())
        }
        MarginWrite::Label(id, label) if label.is_empty() => {
            let query =
                prepared(sql + "DELETE FROM interview_label WHERE session_id = ?;").bind(id.to_string());
            return run_idempotent(connection, before, *id, query).await;
        }
        MarginWrite::Label(id, label) => {
            let query = adds(LABEL, "(session_id) DO UPDATE SET label = excluded.label, sum = excluded.sum");
            (*id, Summed::new(query).text(id.to_string()).text(label.clone()).summed())
        }
        MarginWrite::Link(link) => {
            // Those that have expired go with it.
            let expired = "DELETE FROM interview_link WHERE session_id = ? AND expires_at <= ?;";
            let query =
                prepared(format!("{sql}{LINK} {IF_THERE} ON CONFLICT (digest) DO NOTHING; {expired}"));
            let id = link.session.to_string();
            let row = Summed::new(query).text(id.clone()).text(link.digest.clone());
            let row = row.number(link.made_at).number(link.expires_at);
            let row = row.number(i64::from(link.name)).number(i64::from(link.papers));
            let query = row.summed().bind(id.clone()).bind(id).bind(link.made_at);
            return run_idempotent(connection, before, link.session, query).await;
        }
        MarginWrite::Comment(id, comment) => {
            let query = adds(COMMENT, "(session_id, id) DO NOTHING");
            let row = Summed::new(query)
                .text(id.to_string())
                .text(comment.id.clone())
                .number(i64::from(comment.line));
            (*id, row.text(comment.author.clone()).text(comment.text.clone()).number(comment.at).summed())
        }
        MarginWrite::Unstrike(id, statement) => {
            let query = takes("interview_strike", "statement").bind(id.to_string()).bind(statement.clone());
            return Ok(Ok(run(connection, query).await.rows(before)? > 0));
        }
        MarginWrite::DropLink(id, digest) => {
            let query = takes("interview_link", "digest").bind(id.to_string()).bind(digest.clone());
            return Ok(Ok(run(connection, query).await.rows(before)? > 0));
        }
        MarginWrite::DropComment(id, comment) => {
            let query = takes("interview_comment", "id").bind(id.to_string()).bind(comment.clone());
            return Ok(Ok(run(connection, query).await.rows(before)? > 0));
        }
    };
    run_idempotent(connection, before, id, query.bind(id.to_string())).await
}

/// Runs what may change nothing because it is there already, or because there is no such session.
async fn run_idempotent(
    connection: &mut SqliteConnection,
    before: &[&str],
    id: SessionId,
    query: Statements,
) -> Result<WriteOutcome, Error> {
    let there = run(connection, query).await.rows(before)? > 0 || exists(connection, &id.to_string()).await?;
    Ok(if there { Ok(true) } else { Err(StoreError::NotFound) })
}

fn session(row: &SqliteRow) -> Result<SessionId, Error> {
    SessionId::parse(&row.try_get::<String, _>("session_id")?).ok_or_else(|| unreadable("session_id"))
}

/// Reads a link.
pub(crate) fn link(row: &SqliteRow) -> Result<ReadingLink, Error> {
    sums::check(row, &sums::LINK)?;
    Ok(ReadingLink {
        session: session(row)?,
        digest: row.try_get("digest")?,
        made_at: row.try_get("made_at")?,
        expires_at: row.try_get("expires_at")?,
        name: row.try_get("name")?,
        papers: row.try_get("papers")?,
    })
}

/// Reads a comment.
pub(crate) fn comment(row: &SqliteRow) -> Result<Comment, Error> {
    sums::check(row, &sums::COMMENT)?;
    let line = u32::try_from(row.try_get::<i64, _>("line")?).map_err(|_| unreadable("line"))?;
    Ok(Comment {
        id: row.try_get("id")?,
        line,
        author: row.try_get("author")?,
        text: row.try_get("text")?,
        at: row.try_get("at")?,
    })
}

pub(crate) async fn labels(pool: &SqlitePool, owner: &Owner) -> Result<BTreeMap<SessionId, String>, Error> {
    let sql = "SELECT l.session_id, l.label, l.sum FROM interview_label l \
               JOIN interview_session s ON s.id = l.session_id WHERE s.owner = ?";
    let rows = sqlx::query(sql).bind(&owner.0).fetch_all(pool).await?;
    let label = |row: &SqliteRow| {
        sums::check(row, &sums::LABEL)?;
        Ok((session(row)?, row.try_get("label")?))
    };
    rows.iter().map(label).collect()
}

pub(crate) async fn link_of(pool: &SqlitePool, digest: &str) -> Result<Option<ReadingLink>, Error> {
    let row = sqlx::query("SELECT * FROM interview_link WHERE digest = ?")
        .bind(digest)
        .fetch_optional(pool)
        .await?;
    row.as_ref().map(link).transpose()
}

pub(crate) async fn links(pool: &SqlitePool, id: SessionId) -> Result<Vec<ReadingLink>, Error> {
    let sql = "SELECT * FROM interview_link WHERE session_id = ? ORDER BY made_at DESC, digest";
    sqlx::query(sql).bind(id.to_string()).fetch_all(pool).await?.iter().map(link).collect()
}

pub(crate) async fn comments(pool: &SqlitePool, id: SessionId) -> Result<Vec<Comment>, Error> {
    let sql = "SELECT * FROM interview_comment WHERE session_id = ? ORDER BY at, id";
    sqlx::query(sql).bind(id.to_string()).fetch_all(pool).await?.iter().map(comment).collect()
}

pub(crate) async fn commented(pool: &SqlitePool, owner: &Owner) -> Result<BTreeMap<SessionId, usize>, Error> {
    let sql = "SELECT c.session_id, count(*) AS comments FROM interview_session s \
               JOIN interview_comment c ON c.session_id = s.id WHERE s.owner = ? GROUP BY c.session_id";
    let rows = sqlx::query(sql).bind(&owner.0).fetch_all(pool).await?;
    let count = |row: &SqliteRow| {
        let comments = usize::try_from(row.try_get::<i64, _>("comments")?);
        Ok((session(row)?, comments.map_err(|_| unreadable("comments"))?))
    };
    rows.iter().map(count).collect()
}
