//! `POST /engine/sessions/{id}/notes/`: what happens in the room of a session.

use std::time::Duration;

use agent::interview::{Happening, NoticedPauses, TurnTimes};
use axum::extract::{Path, Request, State};
use http::StatusCode;
use interview::TurnId;
use protocol::engine_api::voice::VoiceNote;

use super::body;
use super::error::ApiError;
use super::parse_session_id;
use super::refusal::{ApiRefusal, TurnBodyRefusal};
use crate::request_guard::size;
use crate::voice::notes::{self, Note};
use crate::wired::Wired;

/// Longest reason, in bytes.
const LONGEST_REASON: usize = 32;

impl From<&Note> for VoiceNote {
    fn from(note: &Note) -> Self {
        let ms = |time: Duration| u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
        match note {
            Note::Turn(times) => Self::Turn {
                turn_id: times.turn.clone(),
                spoke_ms: ms(times.spoke),
                endpoint_ms: ms(times.endpoint),
                heard_ms: ms(times.heard),
                first_words_ms: ms(times.first_words),
                first_audio_ms: ms(times.first_audio),
                played_ms: ms(times.played),
                finished: times.finished,
                pauses: times.pauses.count,
                longest_pause_ms: ms(times.pauses.longest),
                sure: times.sure,
            },
            Note::Happened(happening) => match happening {
                Happening::Joined => Self::Joined,
                Happening::Interrupted => Self::Interrupted,
                Happening::Resumed => Self::Resumed,
                Happening::HearingFailed => Self::HearingFailed,
                Happening::NotCaught(reason) => Self::NotCaught { reason: *reason },
                Happening::SpeakingFailed => Self::SpeakingFailed,
                Happening::Left => Self::Left,
            },
            Note::Lost(reason, again_ms) => Self::Lost { reason: reason.clone(), again_ms: *again_ms },
        }
    }
}

impl TryFrom<VoiceNote> for Note {
    type Error = &'static str;

    fn try_from(note: VoiceNote) -> Result<Self, &'static str> {
        let ms = Duration::from_millis;
        Ok(match note {
            VoiceNote::Turn {
                turn_id,
                spoke_ms,
                endpoint_ms,
                heard_ms,
                first_words_ms,
                first_audio_ms,
                played_ms,
                finished,
                pauses,
                longest_pause_ms,
                sure,
            } => Self::Turn(TurnTimes {
                turn: TurnId::parse(&turn_id).ok_or("`turn_id` must be 1 to 64 visible ASCII characters.")?.0,
                spoke: ms(spoke_ms),
                endpoint: ms(endpoint_ms),
                heard: ms(heard_ms),
                first_words: ms(first_words_ms),
                first_audio: ms(first_audio_ms),
                played: ms(played_ms),
                finished,
                pauses: NoticedPauses { count: pauses, longest: ms(longest_pause_ms) },
                sure,
            }),
            VoiceNote::Joined => Self::Happened(Happening::Joined),
            VoiceNote::Interrupted => Self::Happened(Happening::Interrupted),
            VoiceNote::Resumed => Self::Happened(Happening::Resumed),
            VoiceNote::HearingFailed => Self::Happened(Happening::HearingFailed),
            VoiceNote::NotCaught { reason } => Self::Happened(Happening::NotCaught(reason)),
            VoiceNote::SpeakingFailed => Self::Happened(Happening::SpeakingFailed),
            VoiceNote::Left => Self::Happened(Happening::Left),
            VoiceNote::Lost { reason, again_ms } => {
                let plain = |byte: u8| byte.is_ascii_lowercase() || byte == b'_';
                if reason.is_empty() || reason.len() > LONGEST_REASON || !reason.bytes().all(plain) {
                    return Err("`reason` must be 1 to 32 small letters and underscores.");
                }
                Self::Lost(reason, again_ms)
            }
        })
    }
}

/// Keeps what happens in the room of a session
///
/// For voice workers: kept with the session's events, and counted. Nothing is said or moved by it; once the agent has
/// `left`, the candidate is taken to go on by typing.
#[utoipa::path(
    post,
    path = "/engine/sessions/{id}/notes/",
    operation_id = "keep_note",
    tag = "engine",
    params(("id" = String, Path, description = "The id of the session")),
    request_body = VoiceNote,
    security(("ingest_secret" = [])),
    responses(
        (status = 204, description = "It is kept."),
        ApiRefusal,
        TurnBodyRefusal,
    )
)]
pub async fn handle(
    State(wired): State<Wired>,
    Path(id): Path<String>,
    request: Request,
) -> Result<StatusCode, ApiError> {
    let id = parse_session_id(&id)?;
    let note: VoiceNote = body::json(request, size::TURN_BYTES).await?;
    let note = Note::try_from(note).map_err(ApiError::malformed)?;
    wired.engine.snapshot(id).await?;
    notes::keep(&wired.engine, id, &wired.metrics, &note).await?;
    Ok(StatusCode::NO_CONTENT)
}
