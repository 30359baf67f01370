//! LiveKit's signalling client, as we use it.

use std::sync::Arc;
use std::time::Duration;

use livekit_protocol as proto;
use livekit_signaling::{SignalClient, SignalError, SignalEvents, SignalOptions};
use proto::signal_request::Message as Request;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use crate::options::{RoomClientError, RoomOptions};
use crate::room::comeback::ReconnectVerdict;

/// The newest protocol version whose data channels are opened in-band; from 18 on they are pre-negotiated.
const PROTOCOL: u32 = 17;
/// Requests that may wait to be sent.
const MOST_WAITING: usize = 1_024;
/// How long the last requests, and the closing handshake, may take.
const CLOSE_WITHIN: Duration = Duration::from_secs(2);

/// The signalling connection of one session.
pub struct Signalling {
    /// LiveKit's client.
    pub client: Arc<SignalClient>,
    requests: mpsc::Sender<Request>,
    writer: JoinHandle<()>,
}

/// The result of joining.
pub struct SignallingJoin {
    /// The signalling.
    pub signalling: Signalling,
    /// The server's answer.
    pub join: Box<proto::JoinResponse>,
    /// Its further messages.
    pub events: SignalEvents,
}

/// Joins.
pub async fn join(
    url: &str,
    token: &str,
    options: &RoomOptions,
    offer: proto::SessionDescription,
) -> Result<SignallingJoin, SignalError> {
    let mut signal = SignalOptions::default();
    // We subscribe to audio ourselves: the server must not send video that nobody watches.
    signal.auto_subscribe = false;
    signal.single_peer_connection = !options.dual_peer_connections;
    signal.protocol_version = PROTOCOL;
    signal.client_capabilities = Vec::new();
    // Uncompressed calls and streams only.
    signal.client_protocol = livekit_signaling::CLIENT_PROTOCOL_DEFAULT;
    signal.sdk_options.sdk_version = Some(env!("CARGO_PKG_VERSION").to_owned());
    let offer = (!options.dual_peer_connections).then_some(offer);
    let (client, join, events) = SignalClient::connect(url, token, signal, offer).await?;
    let client = Arc::new(client);
    let (requests, mut waiting) = mpsc::channel::<Request>(MOST_WAITING);
    let sender = Arc::clone(&client);
    // In a task of its own, because sending waits while the signalling reconnects.
    let writer = tokio::spawn(async move {
        while let Some(request) = waiting.recv().await {
            sender.send(request).await;
        }
    });
    Ok(SignallingJoin { signalling: Signalling { client, requests, writer }, join: Box::new(join), events })
}

impl Signalling {
    /// Sends a request. It is dropped if very many wait already, as when the server has been gone for long.
    pub fn send(&self, request: Request) {
        if self.requests.try_send(request).is_err() {
            tracing::warn!("a request to the server was dropped: too many wait");
        }
    }

    /// Sends what waits, then closes.
    pub async fn close(self) {
        let Self { client, requests, mut writer } = self;
        drop(requests);
        if tokio::time::timeout(CLOSE_WITHIN, &mut writer).await.is_err() {
            writer.abort();
        }
        let _late = tokio::time::timeout(CLOSE_WITHIN, client.close()).await;
    }
}

/// What a failure means for reconnecting.
#[expect(clippy::wildcard_enum_match_arm, reason = "LiveKit's errors: all others are the network's")]
pub fn verdict(error: &SignalError) -> ReconnectVerdict {
    match error {
        SignalError::LeaveRequest { action, .. } => ReconnectVerdict::of_leave(*action),
        SignalError::Client(status, _) if matches!(status.as_u16(), 401 | 403) => ReconnectVerdict::Refused,
        SignalError::TokenFormat | SignalError::UrlParse(_) => ReconnectVerdict::Refused,
        _ => ReconnectVerdict::Unreachable,
    }
}

/// The same in words. Servers repeat the token that they refuse, so it is removed.
pub fn explain(error: &SignalError, token: &str) -> RoomClientError {
    RoomClientError::Join(error.to_string().replace(token, "(token)"))
}
