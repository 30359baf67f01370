//! `POST /engine/sessions/{id}/corrections/`: an answer was not what was heard.

use axum::extract::{Path, Request, State};
use http::StatusCode;
use protocol::engine_api::error::ErrorBody;
use protocol::engine_api::look_back::Correction;

use super::body;
use super::error::ApiError;
use super::parse_session_id;
use super::refusal::{ApiRefusal, TurnBodyRefusal};
use crate::request_guard::size;
use crate::wired::Wired;

/// Corrects an answer
///
/// A spoken answer may be corrected at any time, a typed one while nothing has been asked on it. The words at first are kept
/// beside (`original`); later questions and the report go by the correction, and a reply that is being written is begun
/// again. The same again changes nothing.
#[utoipa::path(
    post,
    path = "/engine/sessions/{id}/corrections/",
    operation_id = "correct_answer",
    tag = "engine",
    params(("id" = String, Path, description = "The id of the session")),
    request_body = Correction,
    security(("ingest_secret" = [])),
    responses(
        (status = 204, description = "It is corrected."),
        (status = 422, body = ErrorBody, description = "`not_correctable`: there is no answer of that number that may be corrected; `unchanged`: it reads like this already; `blank_text`, `text_too_long`: its words."),
        ApiRefusal,
        TurnBodyRefusal,
    )
)]
pub async fn handle(
    State(wired): State<Wired>,
    Path(id): Path<String>,
    request: Request,
) -> Result<StatusCode, ApiError> {
    let id = parse_session_id(&id)?;
    let Correction { seq, text } = body::json(request, size::TURN_BYTES).await?;
    wired.engine.correct(id, seq, &text).await?;
    Ok(StatusCode::NO_CONTENT)
}
