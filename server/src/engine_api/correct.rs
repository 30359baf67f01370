//! `POST /engine/sessions/{id}/corrections/`: an answer was not what was heard.

use axum::extract::{Path, Request, State};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::body;
use super::error::{ApiError, ErrorBody};
use super::named;
use crate::guard::size;
use crate::wired::Wired;

/// What an answer really was.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct Correction {
    /// The number of the answer's message.
    seq: u32,
    /// What was said.
    text: String,
}

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
        (status = 400, body = ErrorBody, description = "`malformed`: the request is not one."),
        (status = 401, body = ErrorBody, description = "`unauthorized`: the secret is missing or wrong."),
        (status = 404, body = ErrorBody, description = "`not_found`: there is no such session."),
        (status = 405, body = ErrorBody, description = "`method_not_allowed`"),
        (status = 408, body = ErrorBody, description = "`too_slow`: the body was not sent to its end in time."),
        (status = 413, body = ErrorBody, description = "`too_large`: the body is larger than 128 KiB."),
        (status = 422, body = ErrorBody, description = "`not_correctable`: there is no answer of that number that may be corrected; `unchanged`: it reads like this already; `blank_text`, `text_too_long`: its words."),
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
) -> Result<StatusCode, ApiError> {
    let id = named(&id)?;
    let Correction { seq, text } = body::json(request, size::TURN_BYTES).await?;
    wired.engine.correct(id, seq, &text).await?;
    Ok(StatusCode::NO_CONTENT)
}
