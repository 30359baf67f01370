//! UDP sockets on the addresses of this machine from which the server can be reached. Two on each, because a server
//! with a single port cannot tell apart two connections from the same one.

use std::collections::BTreeSet;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use tokio::net::UdpSocket;
use tokio::sync::mpsc;
use tokio::task::AbortHandle;

use super::streams::FramedTcpStreams;
use crate::options::RoomOptions;
use crate::session::MediaTransport;

/// The longest datagram read, in bytes; WebRTC's are below 1500.
pub const LONGEST: usize = 2_000;
/// Datagrams that may wait to be processed; more are lost, as they would be in the kernel.
const MOST_WAITING: usize = 2_048;
/// The pause after an error, so that a persistent one does not keep a core busy.
const AFTER_ERROR: Duration = Duration::from_millis(5);
/// Addresses that need not exist: the route to them tells our outward address.
const OUTSIDE: [&str; 2] = ["192.0.2.1:9", "[2001:db8::1]:9"];

/// A datagram: how it travelled, from, to, bytes.
pub type SocketDatagram = (MediaTransport, SocketAddr, SocketAddr, Vec<u8>);

/// The sockets of a room.
pub struct MediaSockets {
    sockets: Vec<(SocketAddr, Arc<UdpSocket>)>,
    readers: Vec<AbortHandle>,
    streams: FramedTcpStreams,
    #[cfg(feature = "testing")]
    weather: Option<Arc<crate::testing::Weather>>,
}

impl Drop for MediaSockets {
    fn drop(&mut self) {
        for reader in &self.readers {
            reader.abort();
        }
    }
}

impl MediaSockets {
    /// Opens them. Returns them with the datagrams that they receive.
    pub async fn open(
        server: &str,
        options: &RoomOptions,
    ) -> io::Result<(Self, mpsc::Receiver<SocketDatagram>)> {
        let mut addresses: BTreeSet<IpAddr> = options.local_addresses.iter().copied().collect();
        if addresses.is_empty() {
            addresses = local_route_addresses(server).await;
        }
        let (sender, datagrams) = mpsc::channel(MOST_WAITING);
        let mut opened = Self {
            sockets: Vec::new(),
            readers: Vec::new(),
            streams: FramedTcpStreams::new(sender.clone()),
            #[cfg(feature = "testing")]
            weather: options.weather.clone(),
        };
        for address in addresses.iter().chain(&addresses) {
            let Ok(socket) = UdpSocket::bind((*address, 0)).await else { continue };
            let local = socket.local_addr()?;
            let socket = Arc::new(socket);
            opened.read(local, Arc::clone(&socket), sender.clone());
            opened.sockets.push((local, socket));
        }
        if opened.sockets.is_empty() {
            return Err(io::Error::new(io::ErrorKind::AddrNotAvailable, "no address leads to the server"));
        }
        Ok((opened, datagrams))
    }

    /// Their addresses: for our connection, and for the server's where there are two.
    pub fn addresses(&self) -> [Vec<SocketAddr>; 2] {
        let all: Vec<SocketAddr> = self.sockets.iter().map(|(address, _)| *address).collect();
        let (ours, theirs) = all.split_at(all.len() / 2);
        [ours.to_vec(), theirs.to_vec()]
    }

    fn read(&mut self, local: SocketAddr, socket: Arc<UdpSocket>, sender: mpsc::Sender<SocketDatagram>) {
        #[cfg(feature = "testing")]
        let weather = self.weather.clone();
        let reader = tokio::spawn(async move {
            let mut buffer = vec![0; LONGEST];
            loop {
                // An error here concerns an earlier datagram (nobody there); ICE notices that by itself.
                let Ok((len, from)) = socket.recv_from(&mut buffer).await else {
                    tokio::time::sleep(AFTER_ERROR).await;
                    continue;
                };
                let datagram = (MediaTransport::Udp, from, local, buffer[..len].to_vec());
                #[cfg(feature = "testing")]
                if let Some(weather) = &weather {
                    let Some(late) = weather.fate() else { continue };
                    let sender = sender.clone();
                    tokio::spawn(async move {
                        tokio::time::sleep(late).await;
                        let _full = sender.try_send(datagram);
                    });
                    continue;
                }
                if sender.is_closed() {
                    return;
                }
                let _full = sender.try_send(datagram);
            }
        });
        self.readers.push(reader.abort_handle());
    }

    /// Sends a datagram. What the kernel does not accept at once is lost, as datagrams may be.
    pub fn send(&mut self, way: MediaTransport, from: SocketAddr, to: SocketAddr, bytes: Vec<u8>) {
        if way == MediaTransport::Tcp {
            return self.streams.send(from, to, &bytes);
        }
        let Some((_, socket)) = self.sockets.iter().find(|(local, _)| *local == from) else { return };
        #[cfg(feature = "testing")]
        if let Some(weather) = &self.weather {
            let Some(late) = weather.fate() else { return };
            let socket = Arc::clone(socket);
            tokio::spawn(async move {
                tokio::time::sleep(late).await;
                let _lost = socket.try_send_to(&bytes, to);
            });
            return;
        }
        let _lost = socket.try_send_to(&bytes, to);
    }
}

/// Our addresses on the routes to the server and to the outside. Nothing is sent.
async fn local_route_addresses(server: &str) -> BTreeSet<IpAddr> {
    let mut targets: Vec<SocketAddr> = Vec::new();
    if let Ok(found) = tokio::net::lookup_host(server).await {
        targets.extend(found.take(4));
    }
    targets.extend(OUTSIDE.iter().filter_map(|address| address.parse::<SocketAddr>().ok()));
    let mut ours = BTreeSet::new();
    for target in targets {
        let any = if target.is_ipv4() { "0.0.0.0:0" } else { "[::]:0" };
        let Ok(socket) = UdpSocket::bind(any).await else { continue };
        if socket.connect(target).await.is_ok()
            && let Ok(local) = socket.local_addr()
        {
            ours.insert(local.ip());
        }
    }
    ours
}
