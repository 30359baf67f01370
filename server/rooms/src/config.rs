//! Configuration of a room server, and its limits.

use std::collections::BTreeMap;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use crate::address::{MediaAddress, usual_addresses};

/// The secret of one API key; never shown by `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// A secret as it stands in a configuration.
    pub fn new(secret: impl Into<String>) -> Self {
        Self(secret.into())
    }

    pub(crate) fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// Limits. What exceeds them is refused or dropped, at the sender's cost.
#[derive(Debug, Clone)]
pub struct RoomLimits {
    /// Open rooms.
    pub rooms: usize,
    /// Participants in one room, unless the room was created with fewer.
    pub participants: usize,
    /// Tracks of one participant, announced ones included.
    pub tracks: usize,
    /// Bytes of a room's name, of a participant's identity and of its name.
    pub name: usize,
    /// Bytes of metadata, and of all attributes of one participant together.
    pub metadata: usize,
    /// Bytes of one signalling message, including its SDP.
    pub message: usize,
    /// Bytes that a join request may inflate to.
    pub join_request: usize,
    /// Media sections in one SDP.
    pub sections: usize,
    /// Bytes of one data packet.
    pub data: usize,
    /// Signalling messages a second from one connection, ten times as many in a burst. A long message counts once more
    /// for every 4096 bytes, because its content is passed on to others.
    pub messages_per_second: u32,
    /// Datagrams a second from one transport, twice as many in a burst. More are dropped unread.
    pub datagrams_per_second: u32,
    /// Messages that wait for a slow client. Beyond that its connection is closed.
    pub outbox: usize,
    /// Bytes that wait for a slow client, likewise.
    pub outbox_bytes: usize,
    /// Open WebSockets, in all rooms together.
    pub connections: usize,
}

impl Default for RoomLimits {
    fn default() -> Self {
        Self {
            rooms: 500,
            participants: 32,
            tracks: 16,
            name: 256,
            metadata: 64_000,
            message: 256 * 1024,
            join_request: 256 * 1024,
            sections: 160,
            data: 65_536,
            messages_per_second: 50,
            datagrams_per_second: 3_000,
            outbox: 512,
            outbox_bytes: 8 << 20,
            connections: 2_000,
        }
    }
}

/// Timeouts.
#[derive(Debug, Clone, Copy)]
pub struct Waits {
    /// After this a room that nobody has joined is closed.
    pub empty: Duration,
    /// After this a room that everybody has left is closed.
    pub departure: Duration,
    /// After this a participant whose media never connected is removed. LiveKit's own clients have given up by then.
    pub join: Duration,
    /// How long a participant whose signalling broke off may resume before it is removed.
    pub resume: Duration,
    /// After this long without media a participant is told to reconnect from the start.
    pub media: Duration,
}

impl Default for Waits {
    fn default() -> Self {
        Self {
            empty: Duration::from_secs(300),
            departure: Duration::from_secs(20),
            join: Duration::from_secs(30),
            resume: Duration::from_secs(20),
            media: Duration::from_secs(30),
        }
    }
}

/// A receiver of webhooks.
#[derive(Debug, Clone)]
pub struct Webhook {
    /// The URL that events are posted to.
    pub url: String,
    /// The API key that signs them; one of [`Config::keys`].
    pub key: String,
}

/// Decides whether the room of a name may be entered now. Asked at every join.
#[derive(Clone)]
pub struct RoomGate(Arc<GateCheck>);

type GateCheck = dyn Fn(String) -> Pin<Box<dyn Future<Output = bool> + Send>> + Send + Sync;

impl RoomGate {
    /// A gate that asks this closure.
    pub fn new<F: Future<Output = bool> + Send + 'static>(
        ask: impl Fn(String) -> F + Send + Sync + 'static,
    ) -> Self {
        Self(Arc::new(move |room| Box::pin(ask(room))))
    }

    pub(crate) async fn is_open(&self, room: &str) -> bool {
        (self.0)(room.to_owned()).await
    }
}

impl fmt::Debug for RoomGate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Gate(..)")
    }
}

/// Configuration of a room server.
#[derive(Debug, Clone)]
pub struct Config {
    /// API keys with their secrets. A token signed with any of them is accepted.
    pub keys: BTreeMap<String, Secret>,
    /// The addresses that receive media. All participants of all rooms share these sockets.
    pub addresses: Vec<MediaAddress>,
    /// Whether media is also received over TCP, on the same addresses and ports, for clients without UDP.
    pub tcp: bool,
    /// Limits.
    pub limits: RoomLimits,
    /// Timeouts.
    pub waits: Waits,
    /// Receivers of webhooks.
    pub webhooks: Vec<Webhook>,
    /// Decides which rooms may be entered. `None`: every room that a token is for.
    pub gate: Option<RoomGate>,
}

impl Config {
    /// One key, the machine's usual addresses on ports that the machine chooses, and default bounds.
    pub fn new(key: impl Into<String>, secret: Secret) -> Self {
        Self {
            keys: BTreeMap::from([(key.into(), secret)]),
            addresses: usual_addresses(0),
            tcp: true,
            limits: RoomLimits::default(),
            waits: Waits::default(),
            webhooks: Vec::new(),
            gate: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_not_shown() {
        let config = Config::new("key", Secret::new("hush-hush"));
        assert!(!format!("{config:?}").contains("hush"), "the secret shows in {config:?}");
    }
}
