//! `GET` and `PUT /engine/sessions/{id}/sound/`: the sound of answers, from voice workers.

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, Request, State};
use engine::{Engine, EngineError, StoreError};
use http::StatusCode;
use interview::TurnId;
use protocol::engine_api::error::{Code, ErrorBody};
use protocol::engine_api::voice::SoundKept;
use serde::Deserialize;
use store::{NotOggOpus, OggPackets};

use super::body;
use super::error::ApiError;
use super::parse_session_id;
use super::refusal::ApiRefusal;
use crate::request_guard::size;

/// The content type of sound.
pub const KIND: &str = "audio/ogg";

/// Which turn the sound is of.
#[derive(Debug, Deserialize)]
pub struct TurnSoundQuery {
    turn_id: String,
}

/// Says whether the sound of answers is kept
///
/// To be asked when somebody begins to speak. Where it is not kept, nothing is to be recorded: not for a moment, nor to be
/// sent later.
#[utoipa::path(
    get,
    path = "/engine/sessions/{id}/sound/",
    operation_id = "keeps_sound",
    tag = "engine",
    params(("id" = String, Path, description = "The id of the session")),
    security(("ingest_secret" = [])),
    responses(
        (status = 200, body = SoundKept, description = "Whether it is."),
        ApiRefusal,
    )
)]
pub async fn get_sound_setting(
    State(engine): State<Engine>,
    Path(id): Path<String>,
) -> Result<Json<SoundKept>, ApiError> {
    let id = parse_session_id(&id)?;
    engine.snapshot(id).await?;
    Ok(Json(SoundKept { kept: engine.keeps_sound(id).await?.unwrap_or(false) }))
}

/// Keeps the sound of an answer
///
/// An Ogg Opus file of one stream, one channel or two; its packets are kept as they are. Sent once the turn was taken, whether
/// or not the reply is there. The same turn again takes the place of the first. More than 4 MB of sound are left out.
#[utoipa::path(
    put,
    path = "/engine/sessions/{id}/sound/",
    operation_id = "keep_sound",
    tag = "engine",
    params(
        ("id" = String, Path, description = "The id of the session"),
        ("turn_id" = String, Query, description = "The turn whose answer it is"),
    ),
    request_body(content = Vec<u8>, content_type = "audio/ogg"),
    security(("ingest_secret" = [])),
    responses(
        (status = 204, description = "It is kept."),
        (status = 400, body = ErrorBody, description = "`malformed`: the request is not one, or its body no Ogg Opus file."),
        (status = 408, body = ErrorBody, description = "`too_slow`: the body was not sent to its end in time."),
        (status = 409, body = ErrorBody, description = "`sound_not_kept`: the candidate does not want it kept, or the interview has as much as it may."),
        (status = 413, body = ErrorBody, description = "`too_large`: the body is larger than 4 MiB."),
        ApiRefusal,
    )
)]
pub async fn put_sound(
    State(engine): State<Engine>,
    Path(id): Path<String>,
    of: Result<Query<TurnSoundQuery>, QueryRejection>,
    request: Request,
) -> Result<StatusCode, ApiError> {
    let id = parse_session_id(&id)?;
    let turn = of.ok().and_then(|Query(of)| TurnId::parse(&of.turn_id)).ok_or_else(|| {
        ApiError::malformed(
            "`turn_id` must be in the address (`?turn_id=`): 1 to 64 visible ASCII characters.",
        )
    })?;
    engine.snapshot(id).await?;
    // Before anything is read: what is not to be kept is not even held.
    if engine.keeps_sound(id).await? != Some(true) {
        return Err(not_kept());
    }
    let file = body::read_body_of_type(KIND, request, size::SOUND_BYTES).await?;
    let mut packets = OggPackets::of(file).map_err(no_sound)?;
    let mut recording = engine.record(id, &turn).await?.ok_or_else(not_kept)?;
    while let Some(packet) = packets.next_packet().map_err(no_sound)? {
        recording.write(&packet).await.map_err(failed)?;
    }
    recording.keep().await.map_err(failed)?;
    Ok(StatusCode::NO_CONTENT)
}

fn failed(error: StoreError) -> ApiError {
    tracing::warn!(%error, "the sound of an answer was not kept");
    EngineError::from(error).into()
}

fn no_sound(_: NotOggOpus) -> ApiError {
    ApiError::malformed("The body is no Ogg file with one stream of Opus, or it is damaged.")
}

fn not_kept() -> ApiError {
    let message = "No sound is kept of this interview: the candidate has not switched it on, or there is as much as there may be.";
    ApiError::new(StatusCode::CONFLICT, Code::SoundNotKept, message)
}
