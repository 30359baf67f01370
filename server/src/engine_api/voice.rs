//! `POST /engine/sessions/{id}/voice/`: how a client joins the voice of a session.

use axum::Json;
use axum::extract::{Path, State};
use http::{HeaderMap, StatusCode};
use protocol::engine_api::error::{Code, ErrorBody};
use protocol::engine_api::voice::VoiceAdmission;

use super::error::ApiError;
use super::parse_session_id;
use crate::voice::VoiceError;
use crate::voice::admit::VoiceAdmissionError;
use crate::wired::Wired;

/// Lets the candidate into the room of a session
///
/// Any LiveKit SDK joins with what is answered. Room, identity and rights (to speak, to listen, to send data) are
/// decided here; a body is not read. The interviewer joins it at once, and leaves when nobody has come within ten
/// seconds; whoever comes later gets another. The room is closed when the interview has ended or was deleted.
/// Where the rooms are in this server, the address is the host that the request came by.
#[utoipa::path(
    post,
    path = "/engine/sessions/{id}/voice/",
    operation_id = "join_voice",
    tag = "engine",
    params(("id" = String, Path, description = "The id of the session")),
    security(("ingest_secret" = [])),
    responses(
        (status = 201, body = VoiceAdmission, description = "The candidate may join."),
        (status = 400, body = ErrorBody, description = "`malformed`: the header Host is missing or names no host."),
        (status = 401, body = ErrorBody, description = "`unauthorized`: the secret is missing or wrong."),
        (status = 404, body = ErrorBody, description = "`not_found`: there is no such session."),
        (status = 405, body = ErrorBody, description = "`method_not_allowed`"),
        (status = 409, body = ErrorBody, description = "`session_ended`: the interview is over."),
        (status = 429, body = ErrorBody, description = "`rate_limited`: too many requests came at once; `Retry-After` says after how many seconds to come again."),
        (status = 500, body = ErrorBody, description = "`internal`: the server failed; `damaged`: what its disk holds of it is damaged; `newer_version`: a newer version made it."),
        (status = 503, body = ErrorBody, description = "`voice_off`: this server has no rooms, or cannot hear and speak; `busy`: try again in a moment; `read_only`: the server may not write."),
        (status = 507, body = ErrorBody, description = "`disk_full`: send the same again once there is room."),
    )
)]
pub async fn handle(
    State(wired): State<Wired>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<(StatusCode, Json<VoiceAdmission>), ApiError> {
    let id = parse_session_id(&id)?;
    let door = wired.voice.as_ref().ok_or_else(|| {
        let message = "Voice is off on this server: its setting `rooms` says so. Go on by text.";
        ApiError::new(StatusCode::SERVICE_UNAVAILABLE, Code::VoiceOff, message)
    })?;
    let (server_url, admission) = door.open(id, &headers, None).await?;
    let voice = VoiceAdmission {
        server_url,
        participant_token: admission.token,
        room_name: admission.room,
        participant_identity: admission.identity,
    };
    Ok((StatusCode::CREATED, Json(voice)))
}

impl From<VoiceAdmissionError> for ApiError {
    fn from(refusal: VoiceAdmissionError) -> Self {
        let unavailable =
            |code, error: VoiceError| Self::new(StatusCode::SERVICE_UNAVAILABLE, code, error.to_string());
        match refusal {
            VoiceAdmissionError::Interview(error) => error.into(),
            VoiceAdmissionError::Voice(
                error @ (VoiceError::Full | VoiceError::Share | VoiceError::Stopping),
            ) => unavailable(Code::Busy, error),
            VoiceAdmissionError::Voice(error @ VoiceError::Speech) => unavailable(Code::VoiceOff, error),
            VoiceAdmissionError::NoHost => {
                Self::malformed("The header Host is missing or names no host; send the one that you came by.")
            }
            VoiceAdmissionError::NoToken => {
                let message = "The server could not let you in.";
                Self::new(StatusCode::INTERNAL_SERVER_ERROR, Code::Internal, message)
            }
        }
    }
}
