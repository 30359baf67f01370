//! `GET /engine/sessions/{id}/`: a session with all its messages.

use axum::Json;
use axum::extract::{Path, State};
use engine::{Engine, SessionId, Snapshot};
use interview::{Message, Speaker};
use serde::Serialize;
use utoipa::ToSchema;

use super::error::{ApiError, ErrorBody};
use super::next_turn::{ApiModality, ApiSource, ApiStatus};
use crate::guard::request::note_session;
use crate::times::rfc3339;

/// Who says something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ApiSpeaker {
    /// The interviewer.
    Interviewer,
    /// The person who is interviewed.
    Candidate,
}

/// One thing said.
#[derive(Debug, Serialize, ToSchema)]
pub struct ApiMessage {
    /// Its number: 1, 2, 3, ... without gaps.
    seq: u32,
    /// Who said it.
    speaker: ApiSpeaker,
    /// The id of the stage.
    stage: String,
    /// How it was said.
    modality: ApiModality,
    /// The words; after an interruption, those that were heard.
    text: String,
    /// When: RFC 3339, UTC, with milliseconds.
    #[schema(format = DateTime)]
    created_at: String,
    /// The turn it belongs to.
    turn_id: String,
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
            created_at: rfc3339(m.at),
            turn_id: m.turn.0.clone(),
            source: m.source.map(ApiSource::from),
        }
    }
}

/// A session.
#[derive(Debug, Serialize, ToSchema)]
pub struct ApiSession {
    /// Its id.
    session_id: String,
    /// Counts its changes; a larger one is newer.
    version: u64,
    /// Where it stands.
    status: ApiStatus,
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
    /// Everything said, in order.
    messages: Vec<ApiMessage>,
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
            messages: s.messages.iter().map(|(m, _)| ApiMessage::from(m)).collect(),
        }
    }
}

/// Reads a session
///
/// Its state and everything said in it.
#[utoipa::path(
    get,
    path = "/engine/sessions/{id}/",
    operation_id = "get_session",
    tag = "engine",
    params(("id" = String, Path, description = "The id of the session")),
    security(("ingest_secret" = [])),
    responses(
        (status = 200, body = ApiSession, description = "The session as it is stored now."),
        (status = 401, body = ErrorBody, description = "`unauthorized`: the secret is missing or wrong."),
        (status = 404, body = ErrorBody, description = "`not_found`: there is no such session."),
        (status = 405, body = ErrorBody, description = "`method_not_allowed`"),
        (status = 429, body = ErrorBody, description = "`rate_limited`: too many requests came at once; `Retry-After` says after how many seconds to come again."),
        (status = 500, body = ErrorBody, description = "`internal`: the server failed; `damaged`: what its disk holds of it is damaged."),
        (status = 503, body = ErrorBody, description = "`busy`: try again in a moment; `read_only`: the server may not write."),
        (status = 507, body = ErrorBody, description = "`disk_full`: send the same again once there is room."),
    )
)]
pub async fn handle(
    State(engine): State<Engine>,
    Path(id): Path<String>,
) -> Result<Json<ApiSession>, ApiError> {
    let id = SessionId::parse(&id).ok_or_else(ApiError::no_session)?;
    note_session(id);
    let snapshot = engine.snapshot(id).await?;
    Ok(Json(ApiSession::from(&snapshot)))
}
