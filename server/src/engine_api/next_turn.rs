//! `POST /engine/next_turn/`: takes a turn of a session.

use axum::Json;
use axum::extract::{Request, State};
use engine::{Engine, Snapshot, Turn, TurnKind};
use interview::{Modality, Status, TurnId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::body;
use super::error::{ApiError, ErrorBody};
use super::named;
use super::refusal::Refusal;
use crate::request_guard::size;

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ApiModality {
    /// Typed and read.
    #[default]
    Text,
    /// Spoken and heard.
    Voice,
}

impl From<ApiModality> for Modality {
    fn from(modality: ApiModality) -> Self {
        match modality {
            ApiModality::Text => Self::Text,
            ApiModality::Voice => Self::Voice,
        }
    }
}

impl From<Modality> for ApiModality {
    fn from(modality: Modality) -> Self {
        match modality {
            Modality::Text => Self::Text,
            Modality::Voice => Self::Voice,
        }
    }
}

/// Where a session stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ApiStatus {
    /// To be opened, or under way.
    Active,
    /// Silent for long; goes on with the next word.
    Paused,
    /// Over.
    Completed,
}

impl From<Status> for ApiStatus {
    fn from(status: Status) -> Self {
        match status {
            Status::Ready | Status::Active => Self::Active,
            Status::Paused => Self::Paused,
            Status::Completed(_) => Self::Completed,
        }
    }
}

/// Whose words the interviewer's are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ApiSource {
    /// The built-in interviewer's.
    Bank,
    /// A language model's.
    Model,
    /// The built-in interviewer's, because the model failed.
    Fallback,
}

impl From<interview::Source> for ApiSource {
    fn from(source: interview::Source) -> Self {
        match source {
            interview::Source::Bank => Self::Bank,
            interview::Source::Model => Self::Model,
            interview::Source::Fallback => Self::Fallback,
        }
    }
}

/// A turn.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
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
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct TurnTaken {
    /// The interviewer's words; empty where nothing is said.
    pub assistant_text: String,
    /// The id of the stage after the turn.
    stage: String,
    /// Where the session stands after the turn.
    pub status: ApiStatus,
    /// The number of the reply's message; of the last message where nothing is said.
    pub message_seq: u32,
    /// The turn.
    pub turn_id: String,
    /// Whose words they are.
    source: ApiSource,
}

impl TurnTaken {
    /// Nothing is said; the session stands as it does here.
    fn nothing(turn: TurnId, session: &Snapshot) -> Self {
        let stage = session.plan.stages.get(session.progress.stage);
        Self {
            assistant_text: String::new(),
            stage: stage.map(|stage| stage.id.clone()).unwrap_or_default(),
            status: session.status.into(),
            message_seq: session.messages.last().map_or(0, |(message, _)| message.seq),
            turn_id: turn.0,
            source: ApiSource::Bank,
        }
    }
}

/// Takes a turn
///
/// Returns the interviewer's reply once it is stored.
#[utoipa::path(
    post,
    path = "/engine/next_turn/",
    operation_id = "next_turn",
    tag = "engine",
    request_body = NextTurn,
    security(("ingest_secret" = [])),
    responses(
        (status = 200, body = TurnTaken, description = "The turn was taken, now or before."),
        Refusal,
        (status = 409, body = ErrorBody, description = "`session_ended`, `turn_mismatch`, `not_started`, `already_started` or `stale`: the turn is out of order."),
        (status = 422, body = ErrorBody, description = "`blank_text`, `text_too_long` or `nothing_heard`: the turn cannot be taken."),
    )
)]
pub async fn handle(State(engine): State<Engine>, request: Request) -> Result<Json<TurnTaken>, ApiError> {
    let sent: NextTurn = body::json(request, size::TURN_BYTES).await?;
    let id = named(&sent.session_id)?;
    let turn = TurnId::parse(&sent.turn_id)
        .ok_or_else(|| ApiError::malformed("`turn_id` must be 1 to 64 visible ASCII characters."))?;
    let text = sent.text.unwrap_or_default();
    let modality = sent.modality.unwrap_or_default().into();
    let kind = match sent.event_type {
        EventType::Start => TurnKind::Start,
        EventType::UserTurn => TurnKind::Said(text),
        EventType::Silence => TurnKind::Silence,
        EventType::Activity => {
            engine.activity(id, modality).await?;
            let session = engine.snapshot(id).await?;
            return Ok(Json(TurnTaken::nothing(turn, &session)));
        }
        EventType::Heard => TurnKind::Heard(text),
        EventType::End => TurnKind::End,
    };
    let reply = engine.turn(id, Turn { id: turn, modality, kind }).await?;
    Ok(Json(TurnTaken {
        assistant_text: reply.text,
        stage: reply.stage,
        status: reply.status.into(),
        message_seq: reply.seq,
        turn_id: reply.turn.0,
        source: reply.source.into(),
    }))
}
