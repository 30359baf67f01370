//! `POST /engine/sessions/{id}/forks/`: an interview goes on differently.

use axum::Json;
use axum::extract::{Path, Request, State};
use http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;

use super::body;
use super::create_session::SessionCreated;
use super::error::{ApiError, ErrorBody};
use super::named;
use crate::guard::size;
use crate::wired::Wired;

/// Where an interview is to go on differently.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewFork {
    /// The number of a message that answers a question: everything before the answer is shared.
    answer: u32,
}

/// Begins a fork
///
/// A session of its own that shares what was said before the answer, and waits for another one. This session stays as it is;
/// either is read, exported and deleted without the other. Until something is said in the fork, the same again gives the
/// same fork.
#[utoipa::path(
    post,
    path = "/engine/sessions/{id}/forks/",
    operation_id = "begin_fork",
    tag = "engine",
    params(("id" = String, Path, description = "The id of the session")),
    request_body = NewFork,
    security(("ingest_secret" = [])),
    responses(
        (status = 201, body = SessionCreated, description = "The fork is there and stored, with all that it shares."),
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
    let NewFork { answer } = body::json(request, size::TURN_BYTES).await?;
    let fork = wired.engine.fork(id, answer).await?;
    Ok((StatusCode::CREATED, Json(SessionCreated::of(fork))))
}
