//! What every endpoint has at hand.

use std::path::PathBuf;
use std::sync::Arc;

use app::context::AppContext;
use axum::extract::FromRef;
use axum_extra::extract::cookie::Key;
use engine::Engine;
use tokio_util::sync::CancellationToken;

use crate::livekit::Livekit;
use crate::metrics::{Metrics, endpoint};
use crate::request_guard::InboundTransport;
use crate::request_guard::host::Hosts;
use crate::request_guard::rate::RequestLimiter;
use crate::secrets::SecretDigest;
use crate::voice::admit::RoomGatekeeper;

/// The parts of a server, wired. Cheap to clone.
#[derive(Clone)]
pub struct Wired {
    /// The engine.
    pub engine: Engine,
    /// What pages and server functions get.
    pub app: AppContext,
    /// Where the hashed files are.
    pub files: PathBuf,
    /// Signs cookies.
    pub key: Key,
    /// Opens the engine API.
    pub secret: SecretDigest,
    /// What is known of the way by which requests come.
    pub way: InboundTransport,
    /// The names that this server answers to.
    pub hosts: Arc<Hosts>,
    /// What is counted.
    pub metrics: Metrics,
    /// Who may read what is counted.
    pub door: endpoint::MetricsAccess,
    /// Who asks how often, and who follows how many interviews.
    pub limits: Arc<RequestLimiter>,
    /// The rooms that voice takes place in; `None`: there are none, and interviews are by text.
    pub livekit: Option<Livekit>,
    /// Lets candidates into them; `None` likewise.
    pub voice: Option<RoomGatekeeper>,
    /// Cancelled when the server is to stop: streams that would go on for ever end then.
    pub stop: CancellationToken,
}

impl FromRef<Wired> for Engine {
    fn from_ref(wired: &Wired) -> Self {
        wired.engine.clone()
    }
}

impl FromRef<Wired> for Key {
    fn from_ref(wired: &Wired) -> Self {
        wired.key.clone()
    }
}
