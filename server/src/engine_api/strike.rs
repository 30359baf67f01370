//! `POST /engine/sessions/{id}/strikes/`: a statement of the report is wrong.

use axum::extract::{Path, Request, State};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::body;
use super::error::{ApiError, ErrorBody};
use super::named;
use crate::guard::size;
use crate::wired::Wired;

/// A statement that is wrong.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct Strike {
    /// The statement's `id`.
    statement: String,
}

/// Strikes a statement of the report
///
/// It is never counted again, and what comes next takes its place. Struck again it stays struck.
#[utoipa::path(
    post,
    path = "/engine/sessions/{id}/strikes/",
    operation_id = "strike_statement",
    tag = "engine",
    params(("id" = String, Path, description = "The id of the session")),
    request_body = Strike,
    security(("ingest_secret" = [])),
    responses(
        (status = 204, description = "It is struck."),
        (status = 400, body = ErrorBody, description = "`malformed`: the request is not one."),
        (status = 401, body = ErrorBody, description = "`unauthorized`: the secret is missing or wrong."),
        (status = 404, body = ErrorBody, description = "`not_found`: there is no such session."),
        (status = 405, body = ErrorBody, description = "`method_not_allowed`"),
        (status = 408, body = ErrorBody, description = "`too_slow`: the body was not sent to its end in time."),
        (status = 413, body = ErrorBody, description = "`too_large`: the body is larger than 128 KiB."),
        (status = 422, body = ErrorBody, description = "`no_statement`: the report states nothing of that name."),
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
    let Strike { statement } = body::json(request, size::TURN_BYTES).await?;
    wired.engine.strike(id, &statement).await?;
    Ok(StatusCode::NO_CONTENT)
}
