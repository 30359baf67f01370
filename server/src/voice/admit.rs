//! Lets candidates into the rooms: for the page and for the engine API alike.

use std::sync::Arc;
use std::time::Duration;

use app::AppError;
use app::context::{Admitted, VoiceDoor};
use app::view::VoiceTicket;
use engine::{Engine, EngineError, Owner, SessionId};
use http::HeaderMap;
use http::request::Parts;
use tokio_util::sync::CancellationToken;

use super::usher::Ushers;
use super::{Voice, VoiceError};
use crate::livekit::Livekit;
use crate::livekit::admission::Admission;
use crate::request_guard::Way;
use crate::request_guard::address::Address;
use crate::request_guard::rate::Limits;
use crate::request_guard::shares::{VoiceShare, Voices};

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
    limits: Arc<Limits>,
    voices: Arc<Voices>,
    ushers: Ushers,
}

/// Who wants to talk, as far as they are told apart.
#[derive(Debug, Clone)]
pub struct Asker {
    /// Their browser.
    pub browser: Owner,
    /// Their address, if that tells people apart.
    pub address: Option<Address>,
}

impl Door {
    /// To these rooms, in which these agents are.
    pub fn new(
        (engine, livekit, voice): (Engine, Livekit, Voice),
        way: Way,
        limits: Arc<Limits>,
        most: usize,
        stop: CancellationToken,
    ) -> Self {
        // As a browser connects to it: with a WebSocket.
        let origin = |url: &reqwest::Url| url.origin().ascii_serialization().replacen("http", "ws", 1);
        let elsewhere = livekit.elsewhere().map(origin);
        let (voices, ushers) = (Arc::new(Voices::new(most)), Ushers::new(stop));
        Self { engine, livekit, voice, way, elsewhere, limits, voices, ushers }
    }

    /// Lets the candidate of a session in, and has the interviewer expect them. Gives the address of the rooms, too.
    /// `asker`: whose share of the places it takes; `None`: of nobody, since the caller answers for all of them.
    pub async fn open(
        &self,
        session: SessionId,
        headers: &HeaderMap,
        asker: Option<&Asker>,
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
        let share = || match asker {
            Some(Asker { browser, address }) => self.voices.take(browser.clone(), *address),
            None => Some(VoiceShare::default()),
        };
        self.voice.expect(session, share).await.map_err(Refusal::Voice)?;
        self.ushers.attend(&self.engine, &self.livekit, &self.voice, session);
        Ok((url, admission))
    }
}

impl VoiceDoor for Door {
    fn admit<'a>(&'a self, session: SessionId, browser: &'a Owner, request: &'a Parts) -> Admitted<'a> {
        Box::pin(async move {
            let address = self.limits.addresses.telling(&request.headers, &request.extensions);
            let asker = Asker { browser: browser.clone(), address };
            match self.open(session, &request.headers, Some(&asker)).await {
                Ok((server_url, Admission { room, identity, token })) => {
                    Ok(VoiceTicket { server_url, token, room, identity })
                }
                Err(Refusal::Interview(error)) => Err(error.into()),
                Err(Refusal::Voice(error @ VoiceError::Share)) => {
                    Err(AppError::VoiceShare(error.to_string()))
                }
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
