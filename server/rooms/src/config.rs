//! What a room server is started with, and the bounds it keeps.

use std::collections::BTreeMap;
use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

/// The secret of one API key; never shown by `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Takes a secret as it is written in a configuration.
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

/// One address that media is received on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Address {
    /// What the socket is bound to. Port 0 lets the machine choose.
    pub bind: SocketAddr,
    /// The address told to clients, where it is another than the bound one (a NAT in between).
    pub announce: Option<IpAddr>,
}

impl Address {
    /// An address that clients reach as it is bound.
    pub fn new(bind: SocketAddr) -> Self {
        Self { bind, announce: None }
    }
}

/// Bounds. What is over them is refused or dropped, at the cost of the one who sent it.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Rooms at once.
    pub rooms: usize,
    /// Participants in one room, unless the room was created with fewer.
    pub participants: usize,
    /// Tracks that one participant may publish, announced ones included.
    pub tracks: usize,
    /// Bytes of a room's name, and of a participant's identity and name.
    pub name: usize,
    /// Bytes of metadata; and of all attributes of a participant together.
    pub metadata: usize,
    /// Bytes of one signalling message, an SDP within included.
    pub message: usize,
    /// Bytes that a join request may inflate to.
    pub join_request: usize,
    /// Media sections in one SDP.
    pub sections: usize,
    /// Bytes of one data packet.
    pub data: usize,
    /// Signalling messages a second from one connection; ten times as many in a burst. A long one counts as one more
    /// for every 4096 bytes, since others are told of what is in it.
    pub messages_per_second: u32,
    /// Datagrams a second from one transport; twice as many in a burst. What is over is dropped unread.
    pub datagrams_per_second: u32,
    /// Messages that wait for a client which reads slowly; past that its connection is closed.
    pub outbox: usize,
    /// Bytes of the same.
    pub outbox_bytes: usize,
    /// WebSockets at once, in all rooms.
    pub connections: usize,
}

impl Default for Limits {
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

/// How long things are waited for.
#[derive(Debug, Clone, Copy)]
pub struct Waits {
    /// A room that nobody has joined is closed after this.
    pub empty: Duration,
    /// A room that everybody has left is closed after this.
    pub departure: Duration,
    /// A participant whose media never came is sent out after this: LiveKit's own clients have given up by then.
    pub join: Duration,
    /// A participant whose signalling broke off may resume within this; then it is removed.
    pub resume: Duration,
    /// A participant whose media has been gone for this long is told to reconnect from the start.
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

/// Somewhere that is told what happens in rooms.
#[derive(Debug, Clone)]
pub struct Webhook {
    /// Where events are posted to.
    pub url: String,
    /// The API key that they are signed with; one of [`Config::keys`].
    pub key: String,
}

/// Says of a room, by its name, whether it may be entered now; asked at every joining.
#[derive(Clone)]
pub struct Gate(Arc<Ask>);

type Ask = dyn Fn(String) -> Pin<Box<dyn Future<Output = bool> + Send>> + Send + Sync;

impl Gate {
    /// One that asks this.
    pub fn new<F: Future<Output = bool> + Send + 'static>(
        ask: impl Fn(String) -> F + Send + Sync + 'static,
    ) -> Self {
        Self(Arc::new(move |room| Box::pin(ask(room))))
    }

    pub(crate) async fn is_open(&self, room: &str) -> bool {
        (self.0)(room.to_owned()).await
    }
}

impl fmt::Debug for Gate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Gate(..)")
    }
}

/// What a room server is started with.
#[derive(Debug, Clone)]
pub struct Config {
    /// API keys and their secrets; a token signed with any of them is taken.
    pub keys: BTreeMap<String, Secret>,
    /// Where media is received. All participants of all rooms share these sockets.
    pub addresses: Vec<Address>,
    /// Whether media is also received over TCP, on the same addresses and ports, from clients without UDP.
    pub tcp: bool,
    /// Bounds.
    pub limits: Limits,
    /// Time-outs.
    pub waits: Waits,
    /// Who is told of events.
    pub webhooks: Vec<Webhook>,
    /// Which rooms may be entered; `None`: all that a token is for.
    pub gate: Option<Gate>,
}

impl Config {
    /// One key, the machine's usual addresses on ports that the machine chooses, and default bounds.
    pub fn new(key: impl Into<String>, secret: Secret) -> Self {
        Self {
            keys: BTreeMap::from([(key.into(), secret)]),
            addresses: usual_addresses(0),
            tcp: true,
            limits: Limits::default(),
            waits: Waits::default(),
            webhooks: Vec::new(),
            gate: None,
        }
    }
}

/// The loopback and, where there is one, the address that the machine speaks to others from. Firefox takes no
/// loopback candidates, so that the second is needed even when everybody is on this machine.
pub fn usual_addresses(port: u16) -> Vec<Address> {
    let mut addresses = vec![IpAddr::V4(Ipv4Addr::LOCALHOST)];
    if let Some(own) = own_address()
        && !addresses.contains(&own)
    {
        addresses.push(own);
    }
    addresses.into_iter().map(|ip| Address::new(SocketAddr::new(ip, port))).collect()
}

/// The source address of the default route; of the one of IPv6 where there is none of IPv4.
fn own_address() -> Option<IpAddr> {
    let older = || source((Ipv4Addr::UNSPECIFIED, 0).into(), (Ipv4Addr::new(192, 0, 2, 1), 9).into());
    let newer = || {
        let there = Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 1);
        source((Ipv6Addr::UNSPECIFIED, 0).into(), (there, 9).into())
    };
    older().or_else(newer)
}

/// Whom this machine would be to somebody there. Connecting a UDP socket sends nothing: it only asks the routing table
/// (the addresses are ones reserved for documentation).
fn source(any: SocketAddr, there: SocketAddr) -> Option<IpAddr> {
    let socket = UdpSocket::bind(any).ok()?;
    socket.connect(there).ok()?;
    let ip = socket.local_addr().ok()?.ip();
    (!ip.is_loopback() && !ip.is_unspecified()).then_some(ip)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_not_shown() {
        let config = Config::new("key", Secret::new("hush-hush"));
        assert!(!format!("{config:?}").contains("hush"), "the secret shows in {config:?}");
    }

    #[test]
    fn an_address_is_found_in_either_family_and_none_is_made_up() {
        for (any, here) in [
            (SocketAddr::from((Ipv4Addr::UNSPECIFIED, 0)), SocketAddr::from((Ipv4Addr::LOCALHOST, 9))),
            ((Ipv6Addr::UNSPECIFIED, 0).into(), (Ipv6Addr::LOCALHOST, 9).into()),
        ] {
            assert_eq!(source(any, here), None, "the loopback is nobody's own address");
        }
        if let Some(own) = own_address() {
            assert!(!own.is_loopback() && !own.is_unspecified(), "{own}");
        }
    }

    #[test]
    fn the_loopback_is_among_the_usual_addresses() {
        assert!(usual_addresses(7).iter().any(|a| a.bind == SocketAddr::from(([127, 0, 0, 1], 7))));
    }
}
