//! The row of a session, for tests of stores.

use interview::{Seniority, Status, UnixMillis};

use crate::{InterviewSession, SessionId, Summary};

/// A session that was just made at this time: nobody's browser's, version 1, not begun.
pub fn sample_session(id: SessionId, created_at: UnixMillis) -> InterviewSession {
    InterviewSession {
        id,
        owner: None,
        candidate: "name:priya".to_owned(),
        version: 1,
        status: Status::Ready,
        summary: Summary {
            id,
            role: "Backend engineer".to_owned(),
            seniority: Seniority::Senior,
            name: "Priya".to_owned(),
            plan: "Standard interview".to_owned(),
            status: Status::Ready,
            stage: 1,
            stages: 3,
            spoken: false,
            created_at,
            updated_at: created_at,
            ended_at: None,
            origin: None,
        },
        deadline: None,
        state: r#"{"made":"here"}"#.to_owned(),
    }
}
