//! `POST /engine/next_turn/`: takes a turn of a session.

use axum::Json;
use axum::extract::{Request, State};
use engine::{Engine, Snapshot, Turn, TurnKind};
use interview::TurnId;
use protocol::engine_api::error::ErrorBody;
use protocol::engine_api::turn::{ApiSource, EventType, NextTurn, TurnTaken};

use super::body;
use super::error::ApiError;
use super::parse_session_id;
use super::refusal::{ApiRefusal, TurnBodyRefusal};
use super::told::{modality, source, status};
use crate::request_guard::size;

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
        ApiRefusal,
        TurnBodyRefusal,
        (status = 409, body = ErrorBody, description = "`session_ended`, `turn_mismatch`, `not_started`, `already_started` or `stale`: the turn is out of order."),
        (status = 422, body = ErrorBody, description = "`blank_text`, `text_too_long` or `nothing_heard`: the turn cannot be taken."),
    )
)]
pub async fn handle(State(engine): State<Engine>, request: Request) -> Result<Json<TurnTaken>, ApiError> {
    let sent: NextTurn = body::json(request, size::TURN_BYTES).await?;
    let id = parse_session_id(&sent.session_id)?;
    let turn = TurnId::parse(&sent.turn_id)
        .ok_or_else(|| ApiError::malformed("`turn_id` must be 1 to 64 visible ASCII characters."))?;
    let text = sent.text.unwrap_or_default();
    let modality = modality(sent.modality.unwrap_or_default());
    let kind = match sent.event_type {
        EventType::Start => TurnKind::Start,
        EventType::UserTurn => TurnKind::Said(text),
        EventType::Silence => TurnKind::Silence,
        EventType::Activity => {
            engine.activity(id, modality).await?;
            let session = engine.snapshot(id).await?;
            return Ok(Json(nothing_said(turn, &session)));
        }
        EventType::Heard => TurnKind::Heard(text),
        EventType::End => TurnKind::End,
    };
    let reply = engine.turn(id, Turn { id: turn, modality, kind }).await?;
    Ok(Json(TurnTaken {
        assistant_text: reply.text,
        stage: reply.stage,
        status: status(reply.status),
        message_seq: reply.seq,
        turn_id: reply.turn.0,
        source: source(reply.source),
    }))
}

/// Nothing is said; the session stands as it does here.
fn nothing_said(turn: TurnId, session: &Snapshot) -> TurnTaken {
    let stage = session.plan.stages.get(session.progress.stage);
    TurnTaken {
        assistant_text: String::new(),
        stage: stage.map(|stage| stage.id.clone()).unwrap_or_default(),
        status: status(session.status),
        message_seq: session.messages.last().map_or(0, |(message, _)| message.seq),
        turn_id: turn.0,
        source: ApiSource::Bank,
    }
}
