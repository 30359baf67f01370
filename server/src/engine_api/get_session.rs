//! `GET /engine/sessions/{id}/`: a session with all its messages.

use std::time::Duration;

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use engine::{Origin, OriginKind, Snapshot};
use interview::{Message, Speaker, Status};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::error::{ApiError, ErrorBody};
use super::named;
use super::next_turn::{ApiModality, ApiSource, ApiStatus};
use crate::times::rfc3339;
use crate::wired::Wired;

/// How long an answer waits for something new.
const PATIENCE: Duration = Duration::from_secs(25);

/// Who says something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ApiSpeaker {
    /// The interviewer.
    Interviewer,
    /// The person who is interviewed.
    Candidate,
}

/// One thing said.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct ApiMessage {
    /// Its number: 1, 2, 3, ... without gaps.
    pub seq: u32,
    /// Who said it.
    pub speaker: ApiSpeaker,
    /// The id of the stage.
    stage: String,
    /// How it was said.
    modality: ApiModality,
    /// The words; after an interruption, those that were heard.
    pub text: String,
    /// The words at first, where the candidate has corrected them to `text`; else null.
    #[serde(default)]
    pub original: Option<String>,
    /// When: RFC 3339, UTC, with milliseconds.
    #[schema(format = DateTime)]
    created_at: String,
    /// The turn it belongs to.
    pub turn_id: String,
    /// Whose words they are; null for the candidate's.
    source: Option<ApiSource>,
}

impl From<&Message> for ApiMessage {
    fn from(m: &Message) -> Self {
        Self {
            seq: m.seq,
            speaker: match m.speaker {
                Speaker::Interviewer => ApiSpeaker::Interviewer,
                Speaker::Candidate => ApiSpeaker::Candidate,
            },
            stage: m.stage.clone(),
            modality: m.modality.into(),
            text: m.text.clone(),
            original: m.original.clone(),
            created_at: rfc3339(m.at),
            turn_id: m.turn.0.clone(),
            source: m.source.map(ApiSource::from),
        }
    }
}

/// How a session came from another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ApiOriginKind {
    /// A question of it is asked again.
    Take,
    /// It goes on differently, and shares what came before.
    Fork,
}

/// What a session came from.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct ApiOrigin {
    /// How.
    kind: ApiOriginKind,
    /// The id of the session that it came from, which may be deleted by now.
    parent: String,
    /// The number of a message there: of a take, the question; of a fork, the last one shared.
    seq: u32,
    /// The turn of that message.
    turn_id: String,
    /// Which one it is: the answer there is the first take, its first retry the second; forks count from 1.
    number: u32,
}

impl From<&Origin> for ApiOrigin {
    fn from(origin: &Origin) -> Self {
        Self {
            kind: match origin.kind {
                OriginKind::Take => ApiOriginKind::Take,
                OriginKind::Fork => ApiOriginKind::Fork,
            },
            parent: origin.parent.to_string(),
            seq: origin.seq,
            turn_id: origin.turn.0.clone(),
            number: origin.number,
        }
    }
}

/// A session.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct ApiSession {
    /// Its id.
    session_id: String,
    /// Counts its changes; a larger one is newer.
    pub version: u64,
    /// Where it stands.
    pub status: ApiStatus,
    /// The id of the current stage.
    stage: String,
    /// The id of its plan.
    plan: String,
    /// The candidate's name.
    candidate_name: String,
    /// The role they apply for.
    role: String,
    /// `student`, `junior`, `mid`, `senior` or `lead`.
    seniority: String,
    /// When it was created: RFC 3339, UTC, with milliseconds.
    #[schema(format = DateTime)]
    created_at: String,
    /// When it ended; null before.
    #[schema(format = DateTime)]
    ended_at: Option<String>,
    /// Whether it was opened: somebody sent `start`.
    pub opened: bool,
    /// What it came from, if it is a take or a fork; else null.
    #[serde(default)]
    origin: Option<ApiOrigin>,
    /// The turn whose reply is being written now; null between replies.
    pub replying_to: Option<String>,
    /// Everything said, in order.
    pub messages: Vec<ApiMessage>,
}

impl From<&Snapshot> for ApiSession {
    fn from(s: &Snapshot) -> Self {
        Self {
            session_id: s.id.to_string(),
            version: s.version,
            status: s.status.into(),
            stage: s.plan.stages.get(s.progress.stage).map(|stage| stage.id.clone()).unwrap_or_default(),
            plan: s.plan.id.clone(),
            candidate_name: s.profile.name.clone(),
            role: s.profile.role.clone(),
            seniority: s.profile.seniority.key().to_owned(),
            created_at: rfc3339(s.created_at),
            ended_at: s.ended_at.map(rfc3339),
            opened: s.status != Status::Ready,
            origin: s.origin.as_ref().map(ApiOrigin::from),
            replying_to: s.replying_to.as_ref().map(|turn| turn.0.clone()),
            messages: s.messages.iter().map(|(m, _)| ApiMessage::from(m)).collect(),
        }
    }
}

/// What of a session is asked for.
#[derive(Debug, Deserialize)]
pub struct SessionQuery {
    newer_than: Option<u64>,
}

/// Reads a session
///
/// Its state and everything said in it.
#[utoipa::path(
    get,
    path = "/engine/sessions/{id}/",
    operation_id = "get_session",
    tag = "engine",
    params(
        ("id" = String, Path, description = "The id of the session"),
        ("newer_than" = Option<u64>, Query, description = "A `version`: answer once the session's is larger, or after 25 s as it is. So a worker learns at once of what happens by other ways, such as a typed answer."),
    ),
    security(("ingest_secret" = [])),
    responses(
        (status = 200, body = ApiSession, description = "The session as it is stored now."),
        (status = 400, body = ErrorBody, description = "`malformed`: `newer_than` is no whole number."),
        (status = 401, body = ErrorBody, description = "`unauthorized`: the secret is missing or wrong."),
        (status = 404, body = ErrorBody, description = "`not_found`: there is no such session."),
        (status = 405, body = ErrorBody, description = "`method_not_allowed`"),
        (status = 429, body = ErrorBody, description = "`rate_limited`: too many requests came at once; `Retry-After` says after how many seconds to come again."),
        (status = 500, body = ErrorBody, description = "`internal`: the server failed; `damaged`: what its disk holds of it is damaged; `newer_version`: a newer version made it."),
        (status = 503, body = ErrorBody, description = "`busy`: try again in a moment; `read_only`: the server may not write."),
        (status = 507, body = ErrorBody, description = "`disk_full`: send the same again once there is room."),
    )
)]
pub async fn handle(
    State(wired): State<Wired>,
    Path(id): Path<String>,
    asked: Result<Query<SessionQuery>, QueryRejection>,
) -> Result<Json<ApiSession>, ApiError> {
    let id = named(&id)?;
    let Query(asked) =
        asked.map_err(|_| ApiError::malformed("`newer_than` must be the `version` of a session."))?;
    if let Some(known) = asked.newer_than {
        let mut live = wired.engine.follow(id).await?;
        tokio::select! {
            // Version 0: it was deleted.
            _ = live.version.wait_for(|version| *version > known || *version == 0) => {}
            () = tokio::time::sleep(PATIENCE) => {}
            () = wired.stop.cancelled() => {}
        }
    }
    let snapshot = wired.engine.snapshot(id).await?;
    Ok(Json(ApiSession::from(&*snapshot)))
}
