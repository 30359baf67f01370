//! Converts between rows and values.

use engine::{InterviewSession, Origin, Owner, SessionEvent, SessionId, Summary, TurnRecord};
use interview::{EndReason, Message, Seniority, Status, TurnId};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sqlx::sqlite::SqliteRow;
use sqlx::{Error, Row as _};

use crate::error::newer;
use crate::sums;

/// The columns of the main row that a summary needs.
pub(crate) const SUMMARY: &str = "id, status, end_reason, name, role, seniority, plan, stage, stages, spoken, \
                                  created_at, updated_at, ended_at, origin, parent, parent_seq, parent_turn, take";

/// The word that serde writes for a unit variant.
pub(crate) fn word<T: Serialize>(value: &T) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        // A constraint of the table refuses the empty word.
        Ok(_) | Err(_) => String::new(),
    }
}

fn read_word<T: DeserializeOwned>(row: &SqliteRow, column: &str) -> Result<T, Error> {
    let word: String = row.try_get(column)?;
    serde_json::from_value(serde_json::Value::String(word)).map_err(|_| unreadable(column))
}

pub(crate) fn unreadable(column: &str) -> Error {
    Error::ColumnDecode {
        index: column.to_owned(),
        source: "the value is not one that this program writes".into(),
    }
}

fn number<T: TryFrom<i64>>(row: &SqliteRow, column: &str) -> Result<T, Error> {
    T::try_from(row.try_get::<i64, _>(column)?).map_err(|_| unreadable(column))
}

/// A status as two columns: the status, and why it ended.
pub(crate) fn status_words(status: Status) -> (&'static str, Option<String>) {
    match status {
        Status::Ready => ("ready", None),
        Status::Active => ("active", None),
        Status::Paused => ("paused", None),
        Status::Completed(reason) => ("completed", Some(word(&reason))),
    }
}

fn status(row: &SqliteRow) -> Result<Status, Error> {
    match row.try_get::<String, _>("status")?.as_str() {
        "ready" => Ok(Status::Ready),
        "active" => Ok(Status::Active),
        "paused" => Ok(Status::Paused),
        "completed" => Ok(Status::Completed(read_word::<EndReason>(row, "end_reason")?)),
        _ => Err(unreadable("status")),
    }
}

pub(crate) fn id(row: &SqliteRow) -> Result<SessionId, Error> {
    SessionId::parse(&row.try_get::<String, _>("id")?).ok_or_else(|| unreadable("id"))
}

pub(crate) fn owner(row: &SqliteRow) -> Result<Option<Owner>, Error> {
    Ok(row.try_get::<Option<String>, _>("owner")?.map(Owner))
}

pub(crate) fn summary(row: &SqliteRow) -> Result<Summary, Error> {
    Ok(Summary {
        id: id(row)?,
        role: row.try_get("role")?,
        seniority: read_word::<Seniority>(row, "seniority")?,
        name: row.try_get("name")?,
        plan: row.try_get("plan")?,
        status: status(row)?,
        stage: number(row, "stage")?,
        stages: number(row, "stages")?,
        spoken: row.try_get("spoken")?,
        created_at: row.try_get("created_at")?,
        updated_at: row.try_get("updated_at")?,
        ended_at: row.try_get("ended_at")?,
        origin: origin(row)?,
    })
}

fn origin(row: &SqliteRow) -> Result<Option<Origin>, Error> {
    let Some(parent) = row.try_get::<Option<String>, _>("parent")? else { return Ok(None) };
    Ok(Some(Origin {
        kind: read_word(row, "origin")?,
        parent: SessionId::parse(&parent).ok_or_else(|| unreadable("parent"))?,
        seq: number(row, "parent_seq")?,
        turn: TurnId(row.try_get("parent_turn")?),
        number: number(row, "take")?,
    }))
}

pub(crate) fn session(row: &SqliteRow) -> Result<InterviewSession, Error> {
    sums::check(row, &sums::SESSION)?;
    read_session(row).map_err(newer)
}

fn read_session(row: &SqliteRow) -> Result<InterviewSession, Error> {
    let summary = summary(row)?;
    Ok(InterviewSession {
        id: summary.id,
        owner: owner(row)?,
        candidate: row.try_get("candidate")?,
        version: number(row, "version")?,
        status: summary.status,
        deadline: row.try_get("deadline")?,
        state: row.try_get("state")?,
        summary,
    })
}

pub(crate) fn message(row: &SqliteRow) -> Result<(Message, u64), Error> {
    sums::check(row, &sums::MESSAGE)?;
    read_message(row).map_err(newer)
}

fn read_message(row: &SqliteRow) -> Result<(Message, u64), Error> {
    let source: Option<String> = row.try_get("source")?;
    let why: Option<String> = row.try_get("why")?;
    let reading: Option<String> = row.try_get("reading")?;
    let message = Message {
        seq: number(row, "seq")?,
        speaker: read_word(row, "speaker")?,
        stage: row.try_get("stage")?,
        modality: read_word(row, "modality")?,
        text: row.try_get("text")?,
        at: row.try_get("at")?,
        turn: TurnId(row.try_get("turn")?),
        source: source.map(|_| read_word(row, "source")).transpose()?,
        why: why.map(|json| serde_json::from_str(&json)).transpose().map_err(|_| unreadable("why"))?,
        cut: row.try_get("cut")?,
        reading: reading
            .map(|json| serde_json::from_str(&json))
            .transpose()
            .map_err(|_| unreadable("reading"))?,
        original: row.try_get("original")?,
    };
    Ok((message, number(row, "version")?))
}

pub(crate) fn turn(row: &SqliteRow) -> Result<TurnRecord, Error> {
    sums::check(row, &sums::TURN)?;
    let reply: Option<i64> = row.try_get("reply")?;
    Ok(TurnRecord {
        turn: TurnId(row.try_get("turn")?),
        digest: row.try_get("digest")?,
        reply: reply.map(u32::try_from).transpose().map_err(|_| unreadable("reply"))?,
        answer: row.try_get("answer")?,
    })
}

pub(crate) fn event(row: &SqliteRow) -> Result<SessionEvent, Error> {
    sums::check(row, &sums::EVENT)?;
    let data: String = row.try_get("data")?;
    Ok(SessionEvent {
        at: row.try_get("at")?,
        kind: row.try_get("kind")?,
        data: serde_json::from_str(&data).map_err(|_| unreadable("data"))?,
    })
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use engine::testing::sample_session;
    use engine::{StorageFault, Store as _, StoreError};
    use sqlx::Connection as _;
    use uuid::Uuid;

    use super::*;
    use crate::SqliteStore;
    use crate::error::unavailable;
    use crate::statements::prepared;
    use crate::sums::Summed;

    /// Reads a message whose reason is not one of this program, with a sum that is off by so much.
    async fn read_back(off: i64) -> Result<(Message, u64), StoreError> {
        let folder = tempfile::tempdir().unwrap();
        let store = SqliteStore::open(folder.path()).await.unwrap();
        let id = SessionId(Uuid::from_u128(7));
        store.create(sample_session(id, 1), Vec::new()).await.unwrap();
        store.close().await;
        let file = format!("sqlite://{}", folder.path().join(crate::FILE_NAME).display());
        let mut connection = sqlx::SqliteConnection::connect(&file).await.unwrap();
        let insert = "INSERT INTO interview_message (session_id, seq, version, speaker, stage, modality, text, at, \
                      turn, source, why, cut, reading, original, sum) \
                      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
        let row = Summed::new(prepared(insert.to_owned())).text(id.to_string()).number(1).number(1);
        let row = row.text("interviewer".to_owned()).text("s".to_owned()).text("text".to_owned());
        let row = row.text("And then?".to_owned()).number(1).text("t".to_owned()).text("bank".to_owned());
        let row = row.text(r#"{"thought_of_later":true}"#.to_owned()).number(0).text(None).text(None);
        row.summed().execute(&mut connection).await.unwrap();
        let shift = format!("UPDATE interview_message SET sum = sum + {off}");
        prepared(shift).execute(&mut connection).await.unwrap();
        let row = prepared("SELECT * FROM interview_message".to_owned());
        let row = row.fetch_one(&mut connection).await.unwrap();
        message(&row).map_err(|error| unavailable(&error, Path::new("kept.db")))
    }

    #[tokio::test]
    async fn an_unknown_value_is_a_newer_versions_if_the_sum_holds_and_else_damage() {
        let newer = read_back(0).await.unwrap_err();
        let StoreError::Newer(what) = &newer else { panic!("{newer:?}") };
        assert!(what.contains("newer version") && what.contains("update InterviewOS"), "{what}");
        let changed = read_back(1).await.unwrap_err();
        assert!(matches!(changed, StoreError::Storage(StorageFault::Damaged, _)), "{changed:?}");
    }
}
