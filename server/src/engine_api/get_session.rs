//! `GET /engine/sessions/{id}/`: a session with all its messages.

use std::time::Duration;

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use protocol::engine_api::error::ErrorBody;
use protocol::engine_api::session::ApiSession;
use serde::Deserialize;

use super::error::ApiError;
use super::parse_session_id;
use super::refusal::ApiRefusal;
use super::told;
use crate::wired::Wired;

/// How long an answer waits for something new.
const PATIENCE: Duration = Duration::from_secs(25);

/// What of a session is asked for.
#[derive(Debug, Deserialize)]
pub struct SessionQuery {
    newer_than: Option<u64>,
}

/// Reads a session
///
/// Its state and everything said in it.
#[utoipa::path(
    get,
    path = "/engine/sessions/{id}/",
    operation_id = "get_session",
    tag = "engine",
    params(
        ("id" = String, Path, description = "The id of the session"),
        ("newer_than" = Option<u64>, Query, description = "A `version`: answer once the session's is larger, or after 25 s as it is. So a worker learns at once of what happens by other ways, such as a typed answer."),
    ),
    security(("ingest_secret" = [])),
    responses(
        (status = 200, body = ApiSession, description = "The session as it is stored now."),
        (status = 400, body = ErrorBody, description = "`malformed`: `newer_than` is no whole number."),
        ApiRefusal,
    )
)]
pub async fn handle(
    State(wired): State<Wired>,
    Path(id): Path<String>,
    asked: Result<Query<SessionQuery>, QueryRejection>,
) -> Result<Json<ApiSession>, ApiError> {
    let id = parse_session_id(&id)?;
    let Query(asked) =
        asked.map_err(|_| ApiError::malformed("`newer_than` must be the `version` of a session."))?;
    if let Some(known) = asked.newer_than {
        let mut live = wired.engine.follow(id).await?;
        tokio::select! {
            // Version 0: it was deleted.
            _ = live.version.wait_for(|version| *version > known || *version == 0) => {}
            () = tokio::time::sleep(PATIENCE) => {}
            () = wired.stop.cancelled() => {}
        }
    }
    let snapshot = wired.engine.snapshot(id).await?;
    Ok(Json(told::session(&snapshot)))
}
