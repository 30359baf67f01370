//! How to join, and what can go wrong.

use std::net::IpAddr;
use std::time::Duration;

/// How a room is joined.
#[derive(Clone, Debug)]
pub struct RoomOptions {
    /// Subscribe to every audio track automatically. Video is never subscribed to.
    pub auto_subscribe_audio: bool,
    /// Use two peer connections on `/rtc`, as before LiveKit 1.9, without trying one on `/rtc/v1` first. (If `/rtc/v1`
    /// answers 404, the older way is used anyway.)
    pub dual_peer_connections: bool,
    /// How long joining may take, until media can flow.
    pub join_timeout: Duration,
    /// The addresses of this machine to use. If empty: those from which the server is reached.
    pub local_addresses: Vec<IpAddr>,
    /// A bad network, for tests.
    #[cfg(feature = "testing")]
    pub weather: Option<std::sync::Arc<crate::testing::Weather>>,
}

impl Default for RoomOptions {
    fn default() -> Self {
        Self {
            auto_subscribe_audio: true,
            dual_peer_connections: false,
            join_timeout: Duration::from_secs(15),
            local_addresses: Vec::new(),
            #[cfg(feature = "testing")]
            weather: None,
        }
    }
}

/// Why a call failed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RoomClientError {
    /// The server could not be reached, or refused us: its own message, without the token.
    #[error("could not join the room: {0}")]
    Join(String),
    /// We are no longer in the room.
    #[error("not in the room any more")]
    Closed,
    /// The server does not allow it, or it is impossible.
    #[error("refused: {0}")]
    Refused(String),
    /// No answer in time.
    #[error("the server did not answer in time")]
    Timeout,
}
