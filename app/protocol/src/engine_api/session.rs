//! A session: how it is made, and what stands in it.

use serde::{Deserialize, Serialize};
#[cfg(feature = "openapi")]
use utoipa::ToSchema;

use super::turn::{ApiModality, ApiSource, ApiStatus};

/// A session to be created.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(ToSchema))]
pub struct CreateSession {
    /// The candidate's name, as they want to be called.
    pub candidate_name: String,
    /// The role they apply for.
    pub role: String,
    /// `student`, `junior`, `mid`, `senior` or `lead`; `mid` where nothing is said here.
    pub seniority: Option<String>,
    /// The id of the plan; the default one where nothing is said here.
    pub plan: Option<String>,
    /// A CV as text.
    pub cv: Option<String>,
    /// A job description as text.
    pub job_description: Option<String>,
    /// Who the person is, so that questions of their earlier sessions are not asked again; the name where
    /// nothing is said here.
    pub candidate_id: Option<String>,
}

/// The session that was created.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(ToSchema))]
pub struct SessionCreated {
    /// Its id.
    pub session_id: String,
}

/// Who says something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ApiSpeaker {
    /// The interviewer.
    Interviewer,
    /// The person who is interviewed.
    Candidate,
}

/// One thing said.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(ToSchema))]
pub struct ApiMessage {
    /// Its number: 1, 2, 3, ... without gaps.
    pub seq: u32,
    /// Who said it.
    pub speaker: ApiSpeaker,
    /// The id of the stage.
    pub stage: String,
    /// How it was said.
    pub modality: ApiModality,
    /// The words; after an interruption, those that were heard.
    pub text: String,
    /// The words at first, where the candidate has corrected them to `text`; else null.
    #[serde(default)]
    pub original: Option<String>,
    /// When: RFC 3339, UTC, with milliseconds.
    #[cfg_attr(feature = "openapi", schema(format = DateTime))]
    pub created_at: String,
    /// The turn it belongs to.
    pub turn_id: String,
    /// Whose words they are; null for the candidate's.
    pub source: Option<ApiSource>,
}

/// How a session came from another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ApiOriginKind {
    /// A question of it is asked again.
    Take,
    /// It goes on differently, and shares what came before.
    Fork,
}

/// What a session came from.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(ToSchema))]
pub struct ApiOrigin {
    /// How.
    pub kind: ApiOriginKind,
    /// The id of the session that it came from, which may be deleted by now.
    pub parent: String,
    /// The number of a message there: of a take, the question; of a fork, the last one shared.
    pub seq: u32,
    /// The turn of that message.
    pub turn_id: String,
    /// Which one it is: the answer there is the first take, its first retry the second; forks count from 1.
    pub number: u32,
}

/// A session.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(ToSchema))]
pub struct ApiSession {
    /// Its id.
    pub session_id: String,
    /// Counts its changes; a larger one is newer.
    pub version: u64,
    /// Where it stands.
    pub status: ApiStatus,
    /// The id of the current stage.
    pub stage: String,
    /// The id of its plan.
    pub plan: String,
    /// The candidate's name.
    pub candidate_name: String,
    /// The role they apply for.
    pub role: String,
    /// `student`, `junior`, `mid`, `senior` or `lead`.
    pub seniority: String,
    /// When it was created: RFC 3339, UTC, with milliseconds.
    #[cfg_attr(feature = "openapi", schema(format = DateTime))]
    pub created_at: String,
    /// When it ended; null before.
    #[cfg_attr(feature = "openapi", schema(format = DateTime))]
    pub ended_at: Option<String>,
    /// Whether it was opened: somebody sent `start`.
    pub opened: bool,
    /// What it came from, if it is a take or a fork; else null.
    #[serde(default)]
    pub origin: Option<ApiOrigin>,
    /// The turn whose reply is being written now; null between replies.
    pub replying_to: Option<String>,
    /// Everything said, in order.
    pub messages: Vec<ApiMessage>,
}
