//! What may be done with an answer and with the report on it.

use serde::{Deserialize, Serialize};
#[cfg(feature = "openapi")]
use utoipa::ToSchema;

/// What an answer really was.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(ToSchema))]
pub struct Correction {
    /// The number of the answer's message.
    pub seq: u32,
    /// What was said.
    pub text: String,
}

/// A statement that is wrong.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(ToSchema))]
pub struct Strike {
    /// The statement's `id`.
    pub statement: String,
}

/// How a question is asked again.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ApiManner {
    /// As it was; the answer ends the take.
    #[default]
    Same,
    /// With one harder question on the answer.
    Harder,
    /// By an interviewer who asks for what is missing.
    Strict,
}

/// A question to be asked again.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(ToSchema))]
pub struct NewTake {
    /// The number of a message that answers it.
    pub answer: u32,
    /// How it is asked; `same` where nothing is said here.
    #[serde(default)]
    pub manner: ApiManner,
}

/// Where an interview is to go on differently.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(ToSchema))]
pub struct NewFork {
    /// The number of a message that answers a question: everything before the answer is shared.
    pub answer: u32,
}
