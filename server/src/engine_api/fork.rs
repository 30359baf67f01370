//! `POST /engine/sessions/{id}/forks/`: an interview goes on differently.

use axum::Json;
use axum::extract::{Path, Request, State};
use http::StatusCode;
use protocol::engine_api::error::ErrorBody;
use protocol::engine_api::look_back::NewFork;
use protocol::engine_api::session::SessionCreated;

use super::body;
use super::create_session::created;
use super::error::ApiError;
use super::parse_session_id;
use super::refusal::{ApiRefusal, TurnBodyRefusal};
use crate::request_guard::size;
use crate::wired::Wired;

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
        (status = 422, body = ErrorBody, description = "`no_answer`: the message of that number answers no question."),
        ApiRefusal,
        TurnBodyRefusal,
    )
)]
pub async fn handle(
    State(wired): State<Wired>,
    Path(id): Path<String>,
    request: Request,
) -> Result<(StatusCode, Json<SessionCreated>), ApiError> {
    let id = parse_session_id(&id)?;
    let NewFork { answer } = body::json(request, size::TURN_BYTES).await?;
    let fork = wired.engine.fork(id, answer).await?;
    Ok(created(fork))
}
