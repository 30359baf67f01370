//! The sockets for all media: UDP, and TCP for clients that have no other way.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use str0m::Candidate;
use str0m::net::TcpType;
use tokio::net::{TcpListener, UdpSocket};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::address::MediaAddress;
use crate::streams::{IceTcpStreams, accept};
use crate::switch::{Switch, Via};

/// The largest datagram accepted, in bytes.
const DATAGRAM: usize = 2048;

/// Bound sockets, each with the address that clients are told.
#[derive(Debug, Clone)]
pub(crate) struct BoundSockets {
    udp: Arc<[(SocketAddr, UdpSocket)]>,
    /// Addresses that TCP is accepted at.
    tcp: Arc<[SocketAddr]>,
    streams: Arc<IceTcpStreams>,
}

/// Listeners for TCP, not accepting yet.
pub(crate) type Listeners = Vec<(SocketAddr, TcpListener)>;

impl BoundSockets {
    /// Binds all addresses. Each has its own socket, so that a reply leaves from the address that the request came to.
    /// TCP, if enabled, uses the same port.
    pub async fn bind(
        addresses: &[MediaAddress],
        tcp: bool,
    ) -> Result<(Self, Listeners), (SocketAddr, std::io::Error)> {
        let mut sockets = Vec::with_capacity(addresses.len());
        let mut listeners = Vec::new();
        for address in addresses {
            let fault = |error| (address.bind, error);
            let socket = UdpSocket::bind(address.bind).await.map_err(fault)?;
            let bound = socket.local_addr().map_err(fault)?;
            let known = SocketAddr::new(address.announce.unwrap_or(bound.ip()), bound.port());
            sockets.push((known, socket));
            if tcp {
                let listener = match TcpListener::bind(bound).await {
                    // The port was free to choose, and it is in use for TCP: try another.
                    Err(_) if address.bind.port() == 0 => {
                        TcpListener::bind(address.bind).await.map_err(fault)?
                    }
                    other => other.map_err(fault)?,
                };
                let port = listener.local_addr().map_err(fault)?.port();
                listeners.push((SocketAddr::new(known.ip(), port), listener));
            }
        }
        let tcp = listeners.iter().map(|(known, _)| *known).collect();
        Ok((Self { udp: sockets.into(), tcp, streams: Arc::default() }, listeners))
    }

    /// The addresses that clients are told.
    pub fn addresses(&self) -> impl Iterator<Item = SocketAddr> {
        self.udp.iter().map(|(known, _)| *known)
    }

    /// The addresses that clients are told for TCP.
    pub fn tcp_addresses(&self) -> &[SocketAddr] {
        &self.tcp
    }

    /// The same as ICE candidates, without addresses that cannot be one (unspecified ones).
    pub fn candidates(&self) -> Vec<Candidate> {
        let tcp = self.tcp.iter().filter_map(|known| {
            Candidate::builder().tcp().host(*known).tcptype(TcpType::Passive).build().ok()
        });
        self.addresses().filter_map(|known| Candidate::host(known, "udp").ok()).chain(tcp).collect()
    }

    /// Sends a datagram now, or drops it.
    pub fn send(&self, via: Via, from: SocketAddr, to: SocketAddr, contents: &[u8]) {
        if via == Via::Tcp {
            self.streams.send(to, contents);
            return;
        }
        let socket = self.udp.iter().find(|(known, _)| *known == from);
        if let Some(Err(error)) = socket.map(|(_, socket)| socket.try_send_to(contents, to)) {
            tracing::trace!(%error, %to, "a datagram was not sent");
        }
    }

    /// Receives until cancelled.
    pub fn receive(
        &self,
        listeners: Listeners,
        switch: &Arc<Switch>,
        tasks: &TaskTracker,
        stop: &CancellationToken,
    ) {
        for (known, listener) in listeners {
            let (streams, switch) = (Arc::clone(&self.streams), Arc::clone(switch));
            tasks.spawn(accept(listener, known, streams, switch, tasks.clone(), stop.clone()));
        }
        for index in 0..self.udp.len() {
            let (sockets, switch, stop) = (self.clone(), Arc::clone(switch), stop.clone());
            tasks.spawn(async move {
                let (known, socket) = &sockets.udp[index];
                let mut buffer = [0; DATAGRAM];
                loop {
                    tokio::select! {
                        () = stop.cancelled() => return,
                        received = socket.recv_from(&mut buffer) => match received {
                            Ok((length, from)) => drop(switch.pass(Via::Udp, from, *known, &buffer[..length])),
                            Err(error) => {
                                tracing::debug!(%error, "a socket reports an error");
                                tokio::time::sleep(Duration::from_millis(10)).await;
                            }
                        },
                    }
                }
            });
        }
    }
}
