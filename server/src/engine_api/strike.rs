//! `POST /engine/sessions/{id}/strikes/`: a statement of the report is wrong.

use axum::extract::{Path, Request, State};
use http::StatusCode;
use protocol::engine_api::error::ErrorBody;
use protocol::engine_api::look_back::Strike;

use super::body;
use super::error::ApiError;
use super::parse_session_id;
use super::refusal::{ApiRefusal, TurnBodyRefusal};
use crate::request_guard::size;
use crate::wired::Wired;

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
        (status = 422, body = ErrorBody, description = "`no_statement`: the report states nothing of that name."),
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
    let Strike { statement } = body::json(request, size::TURN_BYTES).await?;
    wired.engine.strike(id, &statement).await?;
    Ok(StatusCode::NO_CONTENT)
}
