//! `POST /engine/sessions/{id}/takes/`: a question is asked again.

use axum::Json;
use axum::extract::{Path, Request, State};
use http::StatusCode;
use interview::RetakeManner;
use protocol::engine_api::error::ErrorBody;
use protocol::engine_api::look_back::{ApiManner, NewTake};
use protocol::engine_api::session::SessionCreated;

use super::body;
use super::create_session::created;
use super::error::ApiError;
use super::parse_session_id;
use super::refusal::{ApiRefusal, TurnBodyRefusal};
use crate::request_guard::size;
use crate::wired::Wired;

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
    let NewTake { answer, manner } = body::json(request, size::TURN_BYTES).await?;
    let manner = match manner {
        ApiManner::Same => RetakeManner::Same,
        ApiManner::Harder => RetakeManner::Harder,
        ApiManner::Strict => RetakeManner::Strict,
    };
    let take = wired.engine.take(id, answer, manner).await?;
    Ok(created(take))
}
