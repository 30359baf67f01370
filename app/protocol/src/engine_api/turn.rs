//! A turn, and what it brought.

use serde::{Deserialize, Serialize};
#[cfg(feature = "openapi")]
use utoipa::ToSchema;

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum EventType {
    /// The interview is to be opened.
    Start,
    /// The candidate said `text`.
    UserTurn,
    /// The candidate has been silent for long.
    Silence,
    /// The candidate is speaking, is muted, or still listens to a line: restarts the silence timer. No turn: nothing is
    /// said and nothing recorded, whatever `turn_id` is.
    Activity,
    /// Of the reply of turn `turn_id`, only `text` was heard.
    Heard,
    /// The interview is to end.
    End,
}

/// How something is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ApiModality {
    /// Typed and read.
    #[default]
    Text,
    /// Spoken and heard.
    Voice,
}

/// Where a session stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ApiStatus {
    /// To be opened, or under way.
    Active,
    /// Silent for long; goes on with the next word.
    Paused,
    /// Over.
    Completed,
}

/// Whose words the interviewer's are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ApiSource {
    /// The built-in interviewer's.
    Bank,
    /// A language model's.
    Model,
    /// The built-in interviewer's, because the model failed.
    Fallback,
}

/// A turn.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(ToSchema))]
pub struct NextTurn {
    /// Which session.
    pub session_id: String,
    /// Made by the caller, 1 to 64 visible ASCII characters: the same id with the same content gets the same
    /// answer. For `heard`: the turn whose reply was heard.
    pub turn_id: String,
    /// What happened.
    pub event_type: EventType,
    /// What was said (`user_turn`), or heard of the reply (`heard`).
    pub text: Option<String>,
    /// How it was said, or how the candidate takes part (`activity`); `text` where nothing is said here.
    pub modality: Option<ApiModality>,
}

/// What a turn brought.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(ToSchema))]
pub struct TurnTaken {
    /// The interviewer's words; empty where nothing is said.
    pub assistant_text: String,
    /// The id of the stage after the turn.
    pub stage: String,
    /// Where the session stands after the turn.
    pub status: ApiStatus,
    /// The number of the reply's message; of the last message where nothing is said.
    pub message_seq: u32,
    /// The turn.
    pub turn_id: String,
    /// Whose words they are.
    pub source: ApiSource,
}
