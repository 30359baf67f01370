//! `GET /engine/sessions/{id}/vocabulary/`: words that may come up.

use axum::Json;
use axum::extract::{Path, State};
use engine::Engine;
use http::StatusCode;
use protocol::engine_api::error::Code;
use protocol::engine_api::voice::ApiVocabulary;

use super::error::ApiError;
use super::parse_session_id;
use super::refusal::ApiRefusal;
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
        ApiRefusal,
    )
)]
pub async fn handle(
    State(engine): State<Engine>,
    Path(id): Path<String>,
) -> Result<Json<ApiVocabulary>, ApiError> {
    let id = parse_session_id(&id)?;
    match vocabulary(engine.snapshot(id).await?).await {
        Some(words) => Ok(Json(ApiVocabulary { words })),
        None => {
            let message = "The server failed; try again.";
            Err(ApiError::new(StatusCode::INTERNAL_SERVER_ERROR, Code::Internal, message))
        }
    }
}
