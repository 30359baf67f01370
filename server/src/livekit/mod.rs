//! The rooms that voice takes place in: embedded in this program, or on a LiveKit server elsewhere.
//!
//! [`choice`] tells which by settings and environment; [`keys`] are the embedded rooms' own, [`media`] where their media
//! comes in; [`admission`] decides who may join what; [`service`] asks a server of its rooms.

pub mod admission;
pub mod choice;
pub mod keys;
pub mod media;
pub mod service;

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use engine::SessionId;
use http::HeaderMap;
use http::uri::Authority;
use reqwest::Url;
use rooms::{Census, Config, RoomGate, Rooms, Secret};

use self::admission::Admission;
use self::choice::RoomServer;
pub use self::choice::{ChosenRooms, LivekitEnvironment, RoomsChoiceError};
use self::keys::Keys;
use self::media::MediaReachWarning;
use self::service::RoomService;
use crate::request_guard::{InboundTransport, host, over_https};
use crate::secrets::SecretError;
use crate::settings::{ServerSettings, UDP_PORT};

/// How long the embedded rooms may take to send everybody out.
const FAREWELL: Duration = Duration::from_secs(4);
/// LiveKit's own servers ask for secrets that are at least so long, in bytes.
const LONG_SECRET: usize = 32;

/// Why the embedded rooms cannot start; each says what to do.
#[derive(Debug, thiserror::Error)]
pub enum LivekitStartError {
    /// No keys.
    #[error(transparent)]
    Keys(#[from] SecretError),
    /// Media cannot come in there.
    #[error(
        "the rooms for voice cannot receive media on {address} ({source}); name another port with --rooms-udp-port (0 takes a free one) or other addresses with --rooms-addresses, or do without voice: --rooms off"
    )]
    Media {
        /// The address with its port.
        address: SocketAddr,
        /// Why.
        source: io::Error,
    },
    /// Another machine's address.
    #[error(
        "the rooms for voice cannot receive media on {0}: it is no address of this machine; behind a NAT, as in a container, name what it is reached by as well: --rooms-addresses {any}={0}", any = unspecified_address(.0)
    )]
    NotHere(IpAddr),
    /// Something else.
    #[error("the rooms for voice cannot start: {0}")]
    Rooms(rooms::RoomServerStartError),
}

/// All addresses of this machine, of the family of this one.
fn unspecified_address(ip: &IpAddr) -> &'static str {
    if ip.is_ipv4() { "0.0.0.0" } else { "::" }
}

impl From<rooms::RoomServerStartError> for LivekitStartError {
    fn from(error: rooms::RoomServerStartError) -> Self {
        match error {
            rooms::RoomServerStartError::Bind { address, error }
                if error.kind() == io::ErrorKind::AddrNotAvailable =>
            {
                Self::NotHere(address.ip())
            }
            rooms::RoomServerStartError::Bind { address, error } => Self::Media { address, source: error },
            error @ (rooms::RoomServerStartError::NoAddress
            | rooms::RoomServerStartError::WebhookKey(_)
            | rooms::RoomServerStartError::Certificate) => Self::Rooms(error),
        }
    }
}

/// The rooms in use. Cheap to clone.
#[derive(Clone)]
pub struct Livekit(Arc<LivekitInner>);

struct LivekitInner {
    keys: Keys,
    at: RoomsLocation,
}

enum RoomsLocation {
    Embedded(Rooms),
    Elsewhere(Url),
}

impl Livekit {
    /// Opens the rooms in this place; `data`: the data folder, for keys of their own; `gate`: which of the embedded ones
    /// may be entered. `None`: there are none.
    ///
    /// # Errors
    /// Of the embedded rooms: no keys, or media cannot be received as the settings say.
    pub async fn start(
        place: &RoomServer,
        settings: &ServerSettings,
        data: &Path,
        gate: Option<RoomGate>,
    ) -> Result<Option<Self>, LivekitStartError> {
        let (keys, at) = match place {
            RoomServer::Off => return Ok(None),
            RoomServer::Elsewhere(url, keys) => {
                tracing::info!("the rooms for voice are on the server that LIVEKIT_URL names");
                (keys.clone(), RoomsLocation::Elsewhere(url.clone()))
            }
            RoomServer::Embedded(keys) => {
                let keys = match keys {
                    Some(keys) => keys.clone(),
                    None => Keys::load_or_create(data)?,
                };
                let rooms = start_embedded(&keys, settings, UDP_PORT, gate).await?;
                (keys, RoomsLocation::Embedded(rooms))
            }
        };
        if keys.secret.expose().len() < LONG_SECRET {
            tracing::warn!(
                "LIVEKIT_API_SECRET is short, and so could be guessed: make it 32 characters or more"
            );
        }
        Ok(Some(Self(Arc::new(LivekitInner { keys, at }))))
    }

    /// The routes of the embedded rooms: those of a LiveKit server, which its SDKs expect at the root. They have their
    /// own rights (tokens) and bounds, and none of the guards of pages: SDKs send no cookies and come from anywhere.
    pub fn router(&self) -> Router {
        match &self.0.at {
            RoomsLocation::Embedded(rooms) => rooms.router(),
            RoomsLocation::Elsewhere(_) => Router::new(),
        }
    }

    /// The address that a client connects to which came with these headers: the host that it came by, or the server
    /// elsewhere. `None`: it does not say by which host it came.
    pub fn url_for(&self, headers: &HeaderMap, way: InboundTransport) -> Option<String> {
        match &self.0.at {
            RoomsLocation::Elsewhere(url) => Some(url.as_str().trim_end_matches('/').to_owned()),
            RoomsLocation::Embedded(_) => {
                let host: Authority = host(headers, way)?.parse().ok()?;
                let scheme = if over_https(headers, way) { "wss" } else { "ws" };
                (!host.as_str().contains('@')).then(|| format!("{scheme}://{host}"))
            }
        }
    }

    /// Lets the candidate of a session into its room. `None` if no token can be made.
    pub fn admit_candidate(&self, session: SessionId) -> Option<Admission> {
        admission::candidate(&self.0.keys, session)
    }

    /// The key of the rooms with its secret.
    pub fn keys(&self) -> &Keys {
        &self.0.keys
    }

    /// The address of the rooms where they are elsewhere.
    pub fn external_url(&self) -> Option<&Url> {
        match &self.0.at {
            RoomsLocation::Embedded(_) => None,
            RoomsLocation::Elsewhere(url) => Some(url),
        }
    }

    /// How much is going on in the embedded rooms; nothing in those elsewhere, as far as is known here.
    pub async fn census(&self) -> Census {
        match &self.0.at {
            RoomsLocation::Embedded(rooms) => rooms.census().await,
            RoomsLocation::Elsewhere(_) => Census::default(),
        }
    }

    /// Sends everybody out of the room of a session, and closes it.
    pub async fn close(&self, session: SessionId) {
        let name = admission::room_of(session);
        match &self.0.at {
            RoomsLocation::Embedded(rooms) => rooms.close(&name).await,
            RoomsLocation::Elsewhere(url) => {
                let service = RoomService::new(url, self.0.keys.clone());
                let Ok(service) = service else { return };
                if let Err(error) = service.delete_room(&name).await {
                    tracing::warn!(session.id = %session, %error, "the room of an interview that is over stays open");
                }
            }
        }
    }

    /// Whether somebody of this identity is in the room of a session, as far as that can be told.
    pub async fn is_in(&self, session: SessionId, identity: &str) -> bool {
        let name = admission::room_of(session);
        let there = match &self.0.at {
            RoomsLocation::Embedded(rooms) => rooms.identities(&name).await,
            RoomsLocation::Elsewhere(url) => match RoomService::new(url, self.0.keys.clone()) {
                Ok(service) => service.list_participants(&name).await.unwrap_or_default(),
                Err(_) => Vec::new(),
            },
        };
        there.iter().any(|one| one == identity)
    }

    /// Sends everybody out of the embedded rooms, with a word of farewell, and ends them.
    pub async fn stop(&self) {
        let RoomsLocation::Embedded(rooms) = &self.0.at else { return };
        if tokio::time::timeout(FAREWELL, rooms.stop()).await.is_err() {
            tracing::warn!("the rooms for voice were ended before everybody had left");
        }
    }
}

/// `usual`: the port of media where none is named.
async fn start_embedded(
    keys: &Keys,
    settings: &ServerSettings,
    usual: u16,
    gate: Option<RoomGate>,
) -> Result<Rooms, LivekitStartError> {
    let start = async |port| {
        let config = Config {
            addresses: media::with_loopback(media::addresses(&settings.rooms_addresses, port), port),
            gate: gate.clone(),
            ..Config::new(keys.key.clone(), Secret::new(keys.secret.expose()))
        };
        Rooms::start(config).await
    };
    let rooms = match (start(settings.rooms_udp_port.unwrap_or(usual)).await, settings.rooms_udp_port) {
        (Err(rooms::RoomServerStartError::Bind { address, error }), None)
            if error.kind() == io::ErrorKind::AddrInUse =>
        {
            let rooms = start(0).await?;
            tracing::warn!(
                %address,
                media = %listed(&rooms.addresses()),
                "the usual port of the rooms' media is taken, perhaps by another InterviewOS or a LiveKit server: free \
                 ones are used instead; name one with rooms_udp_port where a firewall has to know it"
            );
            rooms
        }
        (started, _) => started?,
    };
    tracing::info!(
        udp = %listed(&rooms.addresses()),
        tcp = %listed(&rooms.tcp_addresses()),
        "the rooms for voice are open in this program"
    );
    let told: Vec<IpAddr> = rooms.addresses().iter().map(SocketAddr::ip).collect();
    match MediaReachWarning::look(settings, &told, media::in_container(Path::new("/"))) {
        Some(narrow @ (MediaReachWarning::Container(_) | MediaReachWarning::Loopback)) => {
            tracing::warn!("{narrow}: {}", narrow.remedy(settings.rooms_udp_port.unwrap_or(usual)));
        }
        // Most who serve a private network mean it.
        Some(MediaReachWarning::Private(_)) | None => {}
    }
    Ok(rooms)
}

/// Addresses as text.
pub fn listed(addresses: &[SocketAddr]) -> String {
    addresses.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;
    use crate::secrets::Hidden;

    fn settings(port: Option<u16>) -> ServerSettings {
        let rooms_addresses = "127.0.0.1".parse().unwrap();
        ServerSettings { rooms_udp_port: port, rooms_addresses, ..ServerSettings::default() }
    }

    fn keys() -> Keys {
        Keys { key: "key".to_owned(), secret: Hidden::new("a secret of at least 32 characters") }
    }

    #[tokio::test]
    async fn a_port_that_was_asked_for_is_had_or_refused() {
        let taken = std::net::UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = taken.local_addr().unwrap().port();
        let dir = tempfile::tempdir().unwrap();
        let place = RoomServer::Embedded(Some(keys()));
        let error =
            Livekit::start(&place, &settings(Some(port)), dir.path(), None).await.err().unwrap().to_string();
        assert!(
            error.contains(&format!("127.0.0.1:{port}")) && error.contains("--rooms-udp-port"),
            "{error}"
        );
        let livekit = Livekit::start(&place, &settings(Some(0)), dir.path(), None).await.unwrap().unwrap();
        assert_eq!(livekit.census().await, Census::default());
        livekit.stop().await;
        assert!(Livekit::start(&RoomServer::Off, &settings(None), dir.path(), None).await.unwrap().is_none());
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0, "keys that are given are not kept");
    }

    #[tokio::test]
    async fn behind_a_nat_the_public_address_is_told_and_the_interviewer_has_the_loopback() {
        let named = |text: &str| ServerSettings {
            rooms_udp_port: Some(0),
            rooms_addresses: text.parse().unwrap(),
            ..ServerSettings::default()
        };
        let rooms = start_embedded(&keys(), &named("0.0.0.0=203.0.113.9"), 0, None).await.unwrap();
        let told: Vec<_> = rooms.addresses().iter().map(|address| address.ip().to_string()).collect();
        assert_eq!(told, ["203.0.113.9".to_owned(), rooms::loopback().to_string()]);
        rooms.stop().await;
        // The public address alone is none of this machine's.
        let error = start_embedded(&keys(), &named("203.0.113.9"), 0, None).await.err().unwrap().to_string();
        assert!(
            error.contains("no address of this machine") && error.contains("0.0.0.0=203.0.113.9"),
            "{error}"
        );
    }

    #[tokio::test]
    async fn the_usual_port_is_no_condition() {
        let taken = std::net::UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = taken.local_addr().unwrap().port();
        let rooms = start_embedded(&keys(), &settings(None), port, None).await.unwrap();
        assert!(rooms.addresses().iter().all(|address| address.port() != port && address.port() > 0));
        rooms.stop().await;
    }

    #[tokio::test]
    async fn a_client_gets_the_host_that_it_came_by() {
        let headers = |pairs: &[(&'static str, &str)]| -> HeaderMap {
            pairs.iter().map(|(n, v)| (http::HeaderName::from_static(n), v.parse().unwrap())).collect()
        };
        let dir = tempfile::tempdir().unwrap();
        let here = Livekit::start(&RoomServer::Embedded(None), &settings(Some(0)), dir.path(), None)
            .await
            .unwrap()
            .unwrap();
        let plain =
            headers(&[("host", "h:3000"), ("x-forwarded-host", "p.example"), ("x-forwarded-proto", "https")]);
        let (none, proxy) = (InboundTransport::default(), InboundTransport { proxy: true, tls: false });
        let tls = InboundTransport { tls: true, proxy: false };
        assert_eq!(here.url_for(&plain, tls).as_deref(), Some("wss://h:3000"));
        assert_eq!(here.url_for(&plain, none).as_deref(), Some("ws://h:3000"));
        assert_eq!(here.url_for(&plain, proxy).as_deref(), Some("wss://p.example"));
        assert_eq!(
            here.url_for(&headers(&[("host", "[::1]:3000")]), proxy).as_deref(),
            Some("ws://[::1]:3000")
        );
        for wrong in [&[][..], &[("host", "")], &[("host", "me@h")], &[("host", "h/x")], &[("host", "h h")]] {
            assert_eq!(here.url_for(&headers(wrong), none), None, "{wrong:?}");
        }
        here.stop().await;
        let place = RoomServer::Elsewhere("wss://live.example/".parse().unwrap(), keys());
        let there = Livekit::start(&place, &settings(None), dir.path(), None).await.unwrap().unwrap();
        assert_eq!(there.url_for(&HeaderMap::new(), none).as_deref(), Some("wss://live.example"));
    }
}
