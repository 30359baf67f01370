//! Finds what was said.
//!
//! The text of one owner's interviews is looked through, in SQL, each interview up to the first line that holds the words: as
//! many rows as that owner has lines at most, whatever others have. A thousand interviews of sixty lines
//! take about a tenth of a second; an index of words would cost every turn for what a person asks now and then.

use std::collections::BTreeSet;

use engine::{Owner, SessionId};
use futures::TryStreamExt as _;
use sqlx::sqlite::SqlitePool;
use sqlx::{Error, Row as _};

use crate::rows;

/// The sessions of an owner in which one of the two said this.
pub(crate) async fn said(
    pool: &SqlitePool,
    owner: &Owner,
    words: &str,
) -> Result<BTreeSet<SessionId>, Error> {
    let pattern = pattern(words);
    if words.is_ascii() {
        let sql = "SELECT s.id FROM interview_session s WHERE s.owner = ? AND EXISTS \
                   (SELECT 1 FROM interview_message m WHERE m.session_id = s.id AND m.text LIKE ? ESCAPE '\\')";
        let rows = sqlx::query(sql).bind(&owner.0).bind(pattern).fetch_all(pool).await?;
        return rows.iter().map(rows::id).collect();
    }
    // SQLite knows the case of ASCII letters alone: what it finds is looked at once more.
    let sql = "SELECT s.id, m.text FROM interview_session s JOIN interview_message m ON m.session_id = s.id \
               WHERE s.owner = ? AND m.text LIKE ? ESCAPE '\\'";
    let mut lines = sqlx::query(sql).bind(&owner.0).bind(pattern).fetch(pool);
    let (words, mut found) = (words.to_lowercase(), BTreeSet::new());
    while let Some(line) = lines.try_next().await? {
        if line.try_get::<&str, _>("text")?.to_lowercase().contains(&words) {
            found.insert(rows::id(&line)?);
        }
    }
    Ok(found)
}

/// What a text looks like that may hold these words: a letter whose case SQLite does not know may be anything.
fn pattern(words: &str) -> String {
    let mut pattern = String::from("%");
    for c in words.chars() {
        match c {
            '%' | '_' | '\\' => pattern.extend(['\\', c]),
            c if c.is_ascii() => pattern.push(c),
            // In the other case it may be more letters than one.
            _ => pattern.push('%'),
        }
    }
    pattern.push('%');
    pattern
}
