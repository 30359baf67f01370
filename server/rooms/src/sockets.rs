//! The UDP sockets that all media goes through.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use str0m::Candidate;
use tokio::net::UdpSocket;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::config::Address;
use crate::switch::Switch;

/// Bytes of the largest datagram taken.
const DATAGRAM: usize = 2048;

/// Bound sockets, each with the address that clients know it by.
#[derive(Debug, Clone)]
pub(crate) struct Sockets(Arc<[(SocketAddr, UdpSocket)]>);

impl Sockets {
    /// Binds all addresses. Each has a socket of its own, so that an answer leaves from where the question came to.
    pub async fn bind(addresses: &[Address]) -> Result<Self, (SocketAddr, std::io::Error)> {
        let mut sockets = Vec::with_capacity(addresses.len());
        for address in addresses {
            let fault = |error| (address.bind, error);
            let socket = UdpSocket::bind(address.bind).await.map_err(fault)?;
            let bound = socket.local_addr().map_err(fault)?;
            let known = SocketAddr::new(address.announce.unwrap_or(bound.ip()), bound.port());
            sockets.push((known, socket));
        }
        Ok(Self(sockets.into()))
    }

    /// The addresses that clients are told.
    pub fn addresses(&self) -> impl Iterator<Item = SocketAddr> {
        self.0.iter().map(|(known, _)| *known)
    }

    /// The same as candidates; an address that none can be (an unspecified one) is left out.
    pub fn candidates(&self) -> Vec<Candidate> {
        self.addresses().filter_map(|known| Candidate::host(known, "udp").ok()).collect()
    }

    /// Sends a datagram now, or not at all.
    pub fn send(&self, from: SocketAddr, to: SocketAddr, contents: &[u8]) {
        let socket = self.0.iter().find(|(known, _)| *known == from);
        if let Some(Err(error)) = socket.map(|(_, socket)| socket.try_send_to(contents, to)) {
            tracing::trace!(%error, %to, "a datagram was not sent");
        }
    }

    /// Receives until told to stop.
    pub fn receive(&self, switch: &Arc<Switch>, tasks: &TaskTracker, stop: &CancellationToken) {
        for index in 0..self.0.len() {
            let (sockets, switch, stop) = (self.clone(), Arc::clone(switch), stop.clone());
            tasks.spawn(async move {
                let (known, socket) = &sockets.0[index];
                let mut buffer = [0; DATAGRAM];
                loop {
                    tokio::select! {
                        () = stop.cancelled() => return,
                        received = socket.recv_from(&mut buffer) => match received {
                            Ok((length, from)) => drop(switch.pass(from, *known, &buffer[..length])),
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
