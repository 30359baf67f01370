//! `POST /engine/sessions/`: creates a session.

use axum::Json;
use axum::extract::{Request, State};
use engine::{Engine, NewSession, SessionId};
use http::StatusCode;
use interview::{Plan, Profile, Seniority};
use protocol::engine_api::error::{Code, ErrorBody};
use protocol::engine_api::session::{CreateSession, SessionCreated};

use super::body;
use super::error::ApiError;
use crate::request_guard::{request::note_session, size};

/// Longest `candidate_id`, in characters.
const MAX_CANDIDATE_ID: usize = 200;

/// Creates a session
///
/// The interview is opened by a turn with the event `start`.
#[utoipa::path(
    post,
    path = "/engine/sessions/",
    operation_id = "create_session",
    tag = "engine",
    request_body = CreateSession,
    security(("ingest_secret" = [])),
    responses(
        (status = 201, body = SessionCreated, description = "The session was created and stored."),
        (status = 400, body = ErrorBody, description = "`malformed`: the request is not one."),
        (status = 401, body = ErrorBody, description = "`unauthorized`: the secret is missing or wrong."),
        (status = 405, body = ErrorBody, description = "`method_not_allowed`"),
        (status = 408, body = ErrorBody, description = "`too_slow`: the body was not sent to its end in time."),
        (status = 413, body = ErrorBody, description = "`too_large`: the body is larger than 512 KiB."),
        (status = 422, body = ErrorBody, description = "`invalid_profile` or `unknown_plan`: there cannot be such a session."),
        (status = 429, body = ErrorBody, description = "`rate_limited`: too many requests came at once; `Retry-After` says after how many seconds to come again."),
        (status = 500, body = ErrorBody, description = "`internal`: the server failed; `damaged`: what its disk holds of it is damaged; `newer_version`: a newer version made it."),
        (status = 503, body = ErrorBody, description = "`busy`: try again in a moment; `read_only`: the server may not write."),
        (status = 507, body = ErrorBody, description = "`disk_full`: send the same again once there is room."),
    )
)]
pub async fn handle(
    State(engine): State<Engine>,
    request: Request,
) -> Result<(StatusCode, Json<SessionCreated>), ApiError> {
    let sent: CreateSession = body::json(request, size::PROFILE_BYTES).await?;
    let id = engine.create(validate(sent)?).await?;
    note_session(id);
    Ok(created(id))
}

/// What is answered once this session is there.
pub(super) fn created(id: SessionId) -> (StatusCode, Json<SessionCreated>) {
    (StatusCode::CREATED, Json(SessionCreated { session_id: id.to_string() }))
}

fn validate(sent: CreateSession) -> Result<NewSession, ApiError> {
    let invalid = |message: String| ApiError::unprocessable(Code::InvalidProfile, message);
    let text = |field: Option<String>| field.unwrap_or_default();
    let seniority = Seniority::parse(&text(sent.seniority)).ok_or_else(|| {
        let keys = Seniority::ALL.map(Seniority::key).join(", ");
        invalid(format!("`seniority` must be one of: {keys}."))
    })?;
    let (cv, job_description) = (text(sent.cv), text(sent.job_description));
    let profile = Profile::new(&sent.candidate_name, &sent.role, seniority, &cv, &job_description)
        .map_err(|error| invalid(error.to_string()))?;
    let candidate_id = sent.candidate_id.map(|id| id.trim().to_owned()).filter(|id| !id.is_empty());
    if candidate_id.as_ref().is_some_and(|id| id.chars().count() > MAX_CANDIDATE_ID) {
        return Err(invalid(format!("`candidate_id` is longer than {MAX_CANDIDATE_ID} characters.")));
    }
    let plan = text(sent.plan).trim().to_owned();
    let plan = match plan.is_empty() {
        true => Plan::all().into_iter().next().map(|plan| plan.id).unwrap_or_default(),
        false => plan,
    };
    Ok(NewSession { owner: None, candidate_id, profile, plan })
}
