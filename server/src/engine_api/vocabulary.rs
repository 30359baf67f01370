//! `GET /engine/sessions/{id}/vocabulary/`: words that may come up.

use axum::Json;
use axum::extract::{Path, State};
use engine::Engine;
use http::StatusCode;
use protocol::engine_api::error::{Code, ErrorBody};
use protocol::engine_api::voice::ApiVocabulary;

use super::error::ApiError;
use super::named;
use crate::voice::interview::vocabulary;

/// Names the words that may come up
///
/// Names and technologies of the candidate's papers, and of answers that they corrected, for speech recognition that can be told of them.
#[utoipa::path(
    get,
    path = "/engine/sessions/{id}/vocabulary/",
    operation_id = "get_vocabulary",
    tag = "engine",
    params(("id" = String, Path, description = "The id of the session")),
    security(("ingest_secret" = [])),
    responses(
        (status = 200, body = ApiVocabulary, description = "The words; there are more once an answer was corrected."),
        (status = 401, body = ErrorBody, description = "`unauthorized`: the secret is missing or wrong."),
        (status = 404, body = ErrorBody, description = "`not_found`: there is no such session."),
        (status = 405, body = ErrorBody, description = "`method_not_allowed`"),
        (status = 429, body = ErrorBody, description = "`rate_limited`: too many requests came at once; `Retry-After` says after how many seconds to come again."),
        (status = 500, body = ErrorBody, description = "`internal`: the server failed; `damaged`: what its disk holds of it is damaged; `newer_version`: a newer version made it."),
        (status = 503, body = ErrorBody, description = "`busy`: try again in a moment; `read_only`: the server may not write."),
        (status = 507, body = ErrorBody, description = "`disk_full`: send the same again once there is room."),
    )
)]
pub async fn handle(
    State(engine): State<Engine>,
    Path(id): Path<String>,
) -> Result<Json<ApiVocabulary>, ApiError> {
    let id = named(&id)?;
    match vocabulary(engine.snapshot(id).await?).await {
        Some(words) => Ok(Json(ApiVocabulary { words })),
        None => {
            let message = "The server failed; try again.";
            Err(ApiError::new(StatusCode::INTERNAL_SERVER_ERROR, Code::Internal, message))
        }
    }
}
