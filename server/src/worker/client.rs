//! The engine API of an InterviewOS elsewhere, as far as voice workers ask for it.

use std::sync::Arc;
use std::time::Duration;

use engine::SessionId;
use http::{HeaderValue, Method, StatusCode, header};
use protocol::engine_api::error::{Code, ErrorBody};
use protocol::engine_api::session::ApiSession;
use protocol::engine_api::turn::{NextTurn, TurnTaken};
use protocol::engine_api::voice::{ApiVocabulary, SoundKept, VoiceNote};
use provider::BaseAddress;
use reqwest::{Client, RequestBuilder, Url};
use serde::de::DeserializeOwned;

use crate::engine_api::SECRET_HEADER;
use crate::engine_api::sound::KIND;
use crate::secrets::Hidden;

/// How long an answer may take: as long as a model may write, or news may be waited for.
const PATIENCE: Duration = Duration::from_secs(40);
/// The waits before something is sent again.
pub(super) const AGAIN: [Duration; 3] =
    [Duration::from_millis(200), Duration::from_secs(1), Duration::from_secs(5)];
/// Most bytes of an answer: a very long interview.
const MOST: usize = 8 << 20;

/// Why a request brought nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EngineFault {
    /// It said no.
    #[error("says no ({0:?})")]
    Refused(Code),
    /// No answer.
    #[error("cannot be reached")]
    Unreachable,
    /// An answer that is none of the engine API's.
    #[error("answers what no InterviewOS does")]
    Garbage,
}

/// Asks it. Cheap to clone.
#[derive(Clone)]
pub struct EngineClient(Arc<EngineClientInner>);

struct EngineClientInner {
    client: Client,
    base: Url,
    secret: HeaderValue,
}

impl EngineClient {
    /// The one at this address, with its secret. `None` if that is no address, or no header can hold the secret.
    pub fn new(base: &str, secret: &Hidden) -> Option<Self> {
        let address = BaseAddress::parse(base).ok()?;
        let (client, base) = (provider::client(&address, PATIENCE).ok()?, address.folder());
        let mut secret = HeaderValue::from_str(secret.expose()).ok()?;
        secret.set_sensitive(true);
        Some(Self(Arc::new(EngineClientInner { client, base, secret })))
    }

    /// Ok if it holds interviews and takes the secret.
    ///
    /// # Errors
    /// Those of the request.
    pub async fn reach(&self) -> Result<(), EngineFault> {
        // Nobody's: what is asked is whether asking is allowed.
        let request = self.request(Method::GET, "sessions/0/")?;
        match self.answer(request).await {
            Ok(_) | Err(EngineFault::Refused(Code::NotFound)) => Ok(()),
            Err(fault) => Err(fault),
        }
    }

    /// The session; with `newer_than`, once it is newer than this version, or after a while.
    ///
    /// # Errors
    /// Those of the request.
    pub async fn session(&self, id: SessionId, newer_than: Option<u64>) -> Result<ApiSession, EngineFault> {
        let request = self.request(Method::GET, &format!("sessions/{id}/"))?;
        let known: Vec<_> = newer_than.map(|version| ("newer_than", version)).into_iter().collect();
        self.json(request.query(&known)).await
    }

    /// The words that may come up in a session.
    ///
    /// # Errors
    /// Those of the request.
    pub async fn vocabulary(&self, id: SessionId) -> Result<Vec<String>, EngineFault> {
        let request = self.request(Method::GET, &format!("sessions/{id}/vocabulary/"))?;
        self.json(request).await.map(|vocabulary: ApiVocabulary| vocabulary.words)
    }

    /// Takes a turn.
    ///
    /// # Errors
    /// Those of the request.
    pub async fn turn(&self, turn: &NextTurn) -> Result<TurnTaken, EngineFault> {
        let request = self.request(Method::POST, "next_turn/")?;
        self.json(request.json(turn)).await
    }

    /// Keeps what happened in the room of a session.
    ///
    /// # Errors
    /// Those of the request.
    pub async fn note(&self, id: SessionId, note: &VoiceNote) -> Result<(), EngineFault> {
        let request = self.request(Method::POST, &format!("sessions/{id}/notes/"))?;
        self.answer(request.json(note)).await.map(drop)
    }

    /// Whether the sound of answers is to be kept that are spoken from now on in a session.
    ///
    /// # Errors
    /// Those of the request.
    pub async fn keeps_sound(&self, id: SessionId) -> Result<bool, EngineFault> {
        let request = self.request(Method::GET, &format!("sessions/{id}/sound/"))?;
        self.json(request).await.map(|sound: SoundKept| sound.kept)
    }

    /// Keeps the sound of a turn, an Ogg Opus file.
    ///
    /// # Errors
    /// Those of the request.
    pub async fn put_sound(&self, id: SessionId, turn: &str, file: Vec<u8>) -> Result<(), EngineFault> {
        let request = self.request(Method::PUT, &format!("sessions/{id}/sound/"))?;
        let request = request.query(&[("turn_id", turn)]).header(header::CONTENT_TYPE, KIND);
        self.answer(request.body(file)).await.map(drop)
    }

    fn request(&self, method: Method, path: &str) -> Result<RequestBuilder, EngineFault> {
        let inner = &self.0;
        let url = inner.base.join(&format!("engine/{path}")).map_err(|_| EngineFault::Unreachable)?;
        Ok(inner.client.request(method, url).header(SECRET_HEADER, inner.secret.clone()).timeout(PATIENCE))
    }

    async fn json<T: DeserializeOwned>(&self, request: RequestBuilder) -> Result<T, EngineFault> {
        let body = self.answer(request).await?;
        serde_json::from_slice(&body).map_err(|_| EngineFault::Garbage)
    }

    /// The body of an answer that says yes.
    async fn answer(&self, request: RequestBuilder) -> Result<Vec<u8>, EngineFault> {
        let again = request.try_clone();
        let mut response = match (request.send().await, again) {
            (Ok(response), _) => response,
            // A connection that was idle may be closed at the moment that it is used again. Nothing is taken twice.
            (Err(error), Some(again)) if error.is_request() && !error.is_connect() && !error.is_timeout() => {
                again.send().await.map_err(|_| EngineFault::Unreachable)?
            }
            (Err(_), _) => return Err(EngineFault::Unreachable),
        };
        let mut body = Vec::new();
        while let Some(piece) = response.chunk().await.map_err(|_| EngineFault::Unreachable)? {
            if body.len() + piece.len() > MOST {
                return Err(EngineFault::Garbage);
            }
            body.extend_from_slice(&piece);
        }
        match response.status() {
            StatusCode::OK | StatusCode::NO_CONTENT => Ok(body),
            _ => Err(serde_json::from_slice(&body)
                .map_or(EngineFault::Garbage, |body: ErrorBody| EngineFault::Refused(body.error.code))),
        }
    }
}
