//! `GET /engine/sessions/{id}/report/`: what can be learnt from a session.

mod parts;

use axum::Json;
use axum::extract::{Path, State};
use engine::Engine;
use protocol::engine_api::error::ErrorBody;
use report::Report;

use super::error::ApiError;
use super::named;
use parts::ApiReport;

/// Reads the report on a session
///
/// What can be learnt from it: statements, each with words of the candidate's that are found in the message named. It is
/// the same for what is stored, however often it is asked for; it may be asked for at any time. Where a model is configured
/// and the interview is over, it is asked to judge the stories when the report is asked for first: what it says stands in
/// `judgements` of a later report, a minute later at most.
#[utoipa::path(
    get,
    path = "/engine/sessions/{id}/report/",
    operation_id = "get_report",
    tag = "engine",
    params(("id" = String, Path, description = "The id of the session")),
    security(("ingest_secret" = [])),
    responses(
        (status = 200, body = ApiReport, description = "The report."),
        (status = 401, body = ErrorBody, description = "`unauthorized`: the secret is missing or wrong."),
        (status = 404, body = ErrorBody, description = "`not_found`: there is no such session."),
        (status = 405, body = ErrorBody, description = "`method_not_allowed`"),
        (status = 429, body = ErrorBody, description = "`rate_limited`: too many requests came at once; `Retry-After` says after how many seconds to come again."),
        (status = 500, body = ErrorBody, description = "`internal`: the server failed; `damaged`: what its disk holds of it is damaged; `newer_version`: a newer version made it."),
        (status = 503, body = ErrorBody, description = "`busy`: try again in a moment; `read_only`: the server may not write."),
        (status = 507, body = ErrorBody, description = "`disk_full`: send the same again once there is room."),
    )
)]
pub async fn handle(State(engine): State<Engine>, Path(id): Path<String>) -> Result<Json<Report>, ApiError> {
    Ok(Json(engine.report(named(&id)?).await?))
}
