//! Lets candidates into the rooms: for the page and for the engine API alike.

use std::sync::Arc;
use std::time::Duration;

use app::AppError;
use app::context::{AdmissionFuture, VoiceDoor};
use app::view::VoiceTicket;
use engine::{Engine, EngineError, Owner, SessionId};
use http::HeaderMap;
use http::request::Parts;
use tokio_util::sync::CancellationToken;

use super::usher::Ushers;
use super::{VoiceAgents, VoiceError};
use crate::livekit::Livekit;
use crate::livekit::admission::Admission;
use crate::request_guard::InboundTransport;
use crate::request_guard::address::ClientAddress;
use crate::request_guard::rate::RequestLimiter;
use crate::request_guard::shares::{VoiceShare, VoiceShares};

/// Why a candidate is not let in.
#[derive(Debug)]
pub enum VoiceAdmissionError {
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
pub struct RoomGatekeeper {
    engine: Engine,
    livekit: Livekit,
    voice: VoiceAgents,
    way: InboundTransport,
    elsewhere: Option<String>,
    limits: Arc<RequestLimiter>,
    voices: Arc<VoiceShares>,
    ushers: Ushers,
}

/// Who wants to talk, as far as they are told apart.
#[derive(Debug, Clone)]
pub struct Asker {
    /// Their browser.
    pub browser: Owner,
    /// Their address, if that tells people apart.
    pub address: Option<ClientAddress>,
}

impl RoomGatekeeper {
    /// To these rooms, in which these agents are.
    pub fn new(
        (engine, livekit, voice): (Engine, Livekit, VoiceAgents),
        way: InboundTransport,
        limits: Arc<RequestLimiter>,
        most: usize,
        stop: CancellationToken,
    ) -> Self {
        // As a browser connects to it: with a WebSocket.
        let origin = |url: &reqwest::Url| url.origin().ascii_serialization().replacen("http", "ws", 1);
        let elsewhere = livekit.external_url().map(origin);
        let (voices, ushers) = (Arc::new(VoiceShares::new(most)), Ushers::new(stop));
        Self { engine, livekit, voice, way, elsewhere, limits, voices, ushers }
    }

    /// Lets the candidate of a session in, and has the interviewer expect them. Gives the address of the rooms, too.
    /// `asker`: whose share of the places it takes; `None`: of nobody, since the caller answers for all of them.
    pub async fn open(
        &self,
        session: SessionId,
        headers: &HeaderMap,
        asker: Option<&Asker>,
    ) -> Result<(String, Admission), VoiceAdmissionError> {
        let snapshot = self.engine.snapshot(session).await.map_err(VoiceAdmissionError::Interview)?;
        if snapshot.status.is_completed() {
            return Err(VoiceAdmissionError::Interview(EngineError::Ended));
        }
        let url = self.livekit.url_for(headers, self.way).ok_or(VoiceAdmissionError::NoHost)?;
        let admission = self.livekit.admit_candidate(session).ok_or_else(|| {
            tracing::error!("no token for a room could be made");
            VoiceAdmissionError::NoToken
        })?;
        let share = || match asker {
            Some(Asker { browser, address }) => self.voices.take(browser.clone(), *address),
            None => Some(VoiceShare::default()),
        };
        self.voice.expect(session, share).await.map_err(VoiceAdmissionError::Voice)?;
        self.ushers.attend(&self.engine, &self.livekit, &self.voice, session);
        Ok((url, admission))
    }
}

impl VoiceDoor for RoomGatekeeper {
    fn admit<'a>(
        &'a self,
        session: SessionId,
        browser: &'a Owner,
        request: &'a Parts,
    ) -> AdmissionFuture<'a> {
        Box::pin(async move {
            let address = self.limits.addresses.distinguishing_address(&request.headers, &request.extensions);
            let asker = Asker { browser: browser.clone(), address };
            match self.open(session, &request.headers, Some(&asker)).await {
                Ok((server_url, Admission { room, identity, token })) => {
                    Ok(VoiceTicket { server_url, token, room, identity })
                }
                Err(VoiceAdmissionError::Interview(error)) => Err(error.into()),
                Err(VoiceAdmissionError::Voice(error @ VoiceError::Share)) => {
                    Err(AppError::VoiceShare(error.to_string()))
                }
                Err(VoiceAdmissionError::Voice(error)) => Err(AppError::NoVoice(error.to_string())),
                Err(VoiceAdmissionError::NoHost | VoiceAdmissionError::NoToken) => Err(AppError::Failed),
            }
        })
    }

    fn elsewhere(&self) -> Option<&str> {
        self.elsewhere.as_deref()
    }

    fn slow(&self) -> Option<Duration> {
        self.voice.slow_reply_time()
    }
}
