//! `GET /engine/sessions/{id}/report/`: what can be learnt from a session.

use axum::Json;
use axum::extract::{Path, State};
use engine::Engine;
use report::Report;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::error::{ApiError, ErrorBody};
use super::named;

/// Words of the candidate's.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct ApiQuote {
    /// The number of the message.
    seq: u32,
    /// The words, which stand in the message as they are here.
    text: String,
}

/// A sentence about the interview, with the words that it rests on.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct ApiStatement {
    /// Its name: the same statement on the same words has the same.
    id: String,
    /// `keep`, `work_on`, `next`, `story`, `posting`, `cv`, `competency` or `delivery`.
    kind: String,
    /// The sentence; the first quotation goes with its end.
    text: String,
    /// What it rests on; never empty.
    quotes: Vec<ApiQuote>,
}

/// What was counted of the answers to a question.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct ApiMeasures {
    /// Their words.
    words: usize,
    /// How many words such a question usually wants, from and to.
    wants: Vec<usize>,
    /// How long they took to say, in milliseconds; null unless all of them were spoken and measured.
    spoke_ms: Option<i64>,
    /// How often they say "I", "me", "my".
    own: usize,
    /// How often they say "we", "us", "our".
    common: usize,
    /// Hedges: "kind of", "I guess", "maybe".
    hedges: u32,
    /// Their figures, each with the words around it.
    figures: Vec<ApiQuote>,
    /// What the system did to them.
    harms: Vec<String>,
}

/// A question that brought no story.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct ApiReply {
    /// What it is about, in a few words.
    title: String,
    /// The number of the question's message.
    question: u32,
    /// The numbers of the messages that answer it; none if it was passed over.
    answers: Vec<u32>,
    /// How the answer begins; null if there is none.
    begins: Option<ApiQuote>,
    /// What was counted of it.
    measures: ApiMeasures,
}

/// What a posting asks for, or a CV names.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct ApiPaper {
    /// What was heard of it.
    heard: Vec<ApiStatement>,
    /// Its phrases that were not.
    not_heard: Vec<String>,
}

/// A report.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct ApiReport {
    /// The version of what a report holds.
    schema: u32,
    /// How many answers were given.
    answers: usize,
    /// Everything stated, in the order of the page.
    statements: Vec<ApiStatement>,
    /// The topic that `next` is about; null where there is nothing to practise.
    next_topic: Option<String>,
    /// The stories: `title`, `topic`, `question` and `answers` (numbers of messages), `begins`, `marks` (an aspect each
    /// with its `mark`: `said`, `partly`, `unclear`, `not_found` or `struck`, and its `statement`), `measures`.
    #[schema(value_type = Vec<Object>)]
    stories: Vec<serde_json::Value>,
    /// The questions that brought no story.
    replies: Vec<ApiReply>,
    /// What the posting asks for; null where it names nothing.
    requirements: Option<ApiPaper>,
    /// The same of the CV.
    cv: Option<ApiPaper>,
    /// Competencies: `name`, and `shown`: a level (`weak`, `sound`, `strong`) with its statement, or null.
    #[schema(value_type = Vec<Object>)]
    competencies: Vec<serde_json::Value>,
    /// Where the levels come from.
    competencies_source: String,
    /// How it was spoken, as far as it was measured; null for what was typed.
    #[schema(value_type = Option<Object>)]
    delivery: Option<serde_json::Value>,
    /// What the system did to answers, by the number of their message.
    #[schema(value_type = Object)]
    harms: serde_json::Value,
    /// What the candidate has struck.
    struck: Vec<ApiStatement>,
}

/// Reads the report on a session
///
/// What can be learnt from it: statements, each with words of the candidate's that are found in the message named. It is
/// the same for what is stored, however often it is asked for; it may be asked for at any time.
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
        (status = 500, body = ErrorBody, description = "`internal`: the server failed; `damaged`: what its disk holds of it is damaged."),
        (status = 503, body = ErrorBody, description = "`busy`: try again in a moment; `read_only`: the server may not write."),
        (status = 507, body = ErrorBody, description = "`disk_full`: send the same again once there is room."),
    )
)]
pub async fn handle(State(engine): State<Engine>, Path(id): Path<String>) -> Result<Json<Report>, ApiError> {
    Ok(Json(engine.report(named(&id)?).await?))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use interview::{Plan, Profile, Seniority};
    use report::Performance;

    use super::*;

    #[test]
    fn what_is_described_is_what_is_given() {
        let profile =
            Profile::new("Ada", "Engineer", Seniority::Mid, "", "- Experience with ledgers").unwrap();
        let (plan, struck) = (Plan::named("quick").unwrap(), BTreeSet::new());
        let of = Performance {
            profile: &profile,
            plan: &plan,
            messages: &[],
            spoken: &[],
            troubles: &[],
            struck: &struck,
        };
        let given = serde_json::to_value(report::report(&of)).unwrap();
        let described: ApiReport = serde_json::from_value(given.clone()).unwrap();
        assert_eq!(serde_json::to_value(described).unwrap(), given);
    }
}
