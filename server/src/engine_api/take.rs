//! `POST /engine/sessions/{id}/takes/`: a question is asked again.

use axum::Json;
use axum::extract::{Path, Request, State};
use http::StatusCode;
use interview::Manner;
use serde::Deserialize;
use utoipa::ToSchema;

use super::body;
use super::create_session::SessionCreated;
use super::error::{ApiError, ErrorBody};
use super::named;
use crate::guard::size;
use crate::wired::Wired;

/// How a question is asked again.
#[derive(Debug, Clone, Copy, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ApiManner {
    /// As it was; the answer ends the take.
    #[default]
    Same,
    /// With one harder question on the answer.
    Harder,
    /// By an interviewer who asks for what is missing.
    Strict,
}

/// A question to be asked again.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewTake {
    /// The number of a message that answers it.
    answer: u32,
    /// How it is asked; `same` where nothing is said here.
    #[serde(default)]
    manner: ApiManner,
}

/// Begins a take
///
/// The question that the message answers is asked again, in a session of its own, which a turn with the event `start` opens.
/// This session stays as it is. Until the take is answered, the same again gives the same take.
#[utoipa::path(
    post,
    path = "/engine/sessions/{id}/takes/",
    operation_id = "begin_take",
    tag = "engine",
    params(("id" = String, Path, description = "The id of the session")),
    request_body = NewTake,
    security(("ingest_secret" = [])),
    responses(
        (status = 201, body = SessionCreated, description = "The take is there and stored."),
        (status = 400, body = ErrorBody, description = "`malformed`: the request is not one."),
        (status = 401, body = ErrorBody, description = "`unauthorized`: the secret is missing or wrong."),
        (status = 404, body = ErrorBody, description = "`not_found`: there is no such session."),
        (status = 405, body = ErrorBody, description = "`method_not_allowed`"),
        (status = 408, body = ErrorBody, description = "`too_slow`: the body was not sent to its end in time."),
        (status = 413, body = ErrorBody, description = "`too_large`: the body is larger than 128 KiB."),
        (status = 422, body = ErrorBody, description = "`no_answer`: the message of that number answers no question."),
        (status = 429, body = ErrorBody, description = "`rate_limited`: too many requests came at once; `Retry-After` says after how many seconds to come again."),
        (status = 500, body = ErrorBody, description = "`internal`: the server failed; `damaged`: what its disk holds of it is damaged."),
        (status = 503, body = ErrorBody, description = "`busy`: try again in a moment; `read_only`: the server may not write."),
        (status = 507, body = ErrorBody, description = "`disk_full`: send the same again once there is room."),
    )
)]
pub async fn handle(
    State(wired): State<Wired>,
    Path(id): Path<String>,
    request: Request,
) -> Result<(StatusCode, Json<SessionCreated>), ApiError> {
    let id = named(&id)?;
    let NewTake { answer, manner } = body::json(request, size::TURN_BYTES).await?;
    let manner = match manner {
        ApiManner::Same => Manner::Same,
        ApiManner::Harder => Manner::Harder,
        ApiManner::Strict => Manner::Strict,
    };
    let take = wired.engine.take(id, answer, manner).await?;
    Ok((StatusCode::CREATED, Json(SessionCreated::of(take))))
}
