//! `GET /engine/sessions/{id}/report/`: what can be learnt from a session.

mod parts;

use axum::Json;
use axum::extract::{Path, State};
use engine::Engine;
use report::Report;

use super::error::ApiError;
use super::parse_session_id;
use super::refusal::ApiRefusal;
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
        ApiRefusal,
    )
)]
pub async fn handle(State(engine): State<Engine>, Path(id): Path<String>) -> Result<Json<Report>, ApiError> {
    Ok(Json(engine.report(parse_session_id(&id)?).await?))
}
