//! Lets candidates into the rooms: for the page and for the engine API alike.

use std::time::Duration;

use app::AppError;
use app::context::{Admitted, VoiceDoor};
use app::view::VoiceTicket;
use engine::{Engine, EngineError, SessionId};
use http::HeaderMap;

use super::{Voice, VoiceError};
use crate::guard::Way;
use crate::livekit::Livekit;
use crate::livekit::admission::Admission;

/// Why a candidate is not let in.
#[derive(Debug)]
pub enum Refusal {
    /// There is no such interview, it is over, or it cannot be read now.
    Interview(EngineError),
    /// Nobody can talk just now.
    Voice(VoiceError),
    /// The request does not say by which host it came.
    NoHost,
    /// No token could be made; logged.
    NoToken,
}

/// The door to the rooms.
#[derive(Clone)]
pub struct Door {
    engine: Engine,
    livekit: Livekit,
    voice: Voice,
    way: Way,
    elsewhere: Option<String>,
}

impl Door {
    /// To these rooms, in which these agents are.
    pub fn new(engine: Engine, livekit: Livekit, voice: Voice, way: Way) -> Self {
        // As a browser connects to it: with a WebSocket.
        let origin = |url: &reqwest::Url| url.origin().ascii_serialization().replacen("http", "ws", 1);
        let elsewhere = livekit.elsewhere().map(origin);
        Self { engine, livekit, voice, way, elsewhere }
    }

    /// Lets the candidate of a session in, and has the interviewer expect them. Gives the address of the rooms, too.
    pub async fn open(
        &self,
        session: SessionId,
        headers: &HeaderMap,
    ) -> Result<(String, Admission), Refusal> {
        let snapshot = self.engine.snapshot(session).await.map_err(Refusal::Interview)?;
        if snapshot.status.is_completed() {
            return Err(Refusal::Interview(EngineError::Ended));
        }
        let url = self.livekit.url_for(headers, self.way).ok_or(Refusal::NoHost)?;
        let admission = self.livekit.admit_candidate(session).ok_or_else(|| {
            tracing::error!("no token for a room could be made");
            Refusal::NoToken
        })?;
        self.voice.expect(session).await.map_err(Refusal::Voice)?;
        Ok((url, admission))
    }
}

impl VoiceDoor for Door {
    fn admit<'a>(&'a self, session: SessionId, headers: &'a HeaderMap) -> Admitted<'a> {
        Box::pin(async move {
            match self.open(session, headers).await {
                Ok((server_url, Admission { room, identity, token })) => {
                    Ok(VoiceTicket { server_url, token, room, identity })
                }
                Err(Refusal::Interview(error)) => Err(error.into()),
                Err(Refusal::Voice(error)) => Err(AppError::NoVoice(error.to_string())),
                Err(Refusal::NoHost | Refusal::NoToken) => Err(AppError::Failed),
            }
        })
    }

    fn elsewhere(&self) -> Option<&str> {
        self.elsewhere.as_deref()
    }

    fn slow(&self) -> Option<Duration> {
        self.voice.slow()
    }
}
