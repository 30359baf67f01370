//! A network that can be spoilt: a UDP relay that loses, delays and reorders, and TCP wires that can be cut.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::Result;
use tokio::net::{TcpListener, TcpStream, UdpSocket};
use tokio::sync::Notify;
use tokio::task::JoinSet;
use tokio::time::timeout;

/// A client that sent nothing for so long is forgotten.
const FORGOTTEN: Duration = Duration::from_secs(20);
/// The longest datagram, in bytes.
const LONGEST: usize = 2_048;

/// What becomes of datagrams, in each direction.
#[derive(Debug, Clone, Copy)]
pub(crate) struct DatagramImpairment {
    /// Share that is lost, between 0 and 1.
    pub(crate) loss: f32,
    /// Each is late by up to this much, whatever the others are.
    pub(crate) jitter: Duration,
}

/// Relays datagrams from `bind` to `server` until dropped.
pub(crate) async fn relay(
    bind: SocketAddr,
    server: SocketAddr,
    fate: DatagramImpairment,
) -> Result<JoinSet<()>> {
    let outside = Arc::new(UdpSocket::bind(bind).await?);
    let mut tasks = JoinSet::new();
    tasks.spawn(async move {
        let mut inner: BTreeMap<SocketAddr, Arc<UdpSocket>> = BTreeMap::new();
        let mut backs = JoinSet::new();
        let mut buffer = [0; LONGEST];
        while let Ok((length, client)) = outside.recv_from(&mut buffer).await {
            while let Some(ended) = backs.try_join_next() {
                drop(ended.ok().and_then(|client: SocketAddr| inner.remove(&client)));
            }
            let socket = match inner.get(&client) {
                Some(socket) => Arc::clone(socket),
                None => {
                    let Ok(socket) = UdpSocket::bind("127.0.0.1:0").await else { continue };
                    let socket = Arc::new(socket);
                    inner.insert(client, Arc::clone(&socket));
                    backs.spawn(back(Arc::clone(&socket), Arc::clone(&outside), client, fate));
                    socket
                }
            };
            pass(fate, &socket, server, &buffer[..length]);
        }
    });
    Ok(tasks)
}

async fn back(
    from: Arc<UdpSocket>,
    to: Arc<UdpSocket>,
    client: SocketAddr,
    fate: DatagramImpairment,
) -> SocketAddr {
    let mut buffer = [0; LONGEST];
    while let Ok(Ok((length, _))) = timeout(FORGOTTEN, from.recv_from(&mut buffer)).await {
        pass(fate, &to, client, &buffer[..length]);
    }
    client
}

fn pass(fate: DatagramImpairment, socket: &Arc<UdpSocket>, to: SocketAddr, bytes: &[u8]) {
    if fastrand::f32() < fate.loss {
        return;
    }
    let (socket, bytes) = (Arc::clone(socket), bytes.to_vec());
    let late = fate.jitter.mul_f32(fastrand::f32());
    tokio::spawn(async move {
        tokio::time::sleep(late).await;
        // A client that is gone takes nothing more.
        drop(socket.send_to(&bytes, to).await);
    });
}

/// Carries TCP to a server, until it is cut; then again, unless it is held.
#[derive(Debug)]
pub(crate) struct TcpFaultProxy {
    address: SocketAddr,
    cut: Arc<Notify>,
    held: Arc<AtomicBool>,
    _task: JoinSet<()>,
}

impl TcpFaultProxy {
    pub(crate) async fn to(server: SocketAddr) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let (cut, held) = (Arc::new(Notify::new()), Arc::new(AtomicBool::new(false)));
        let mut task = JoinSet::new();
        let (scissors, hold) = (Arc::clone(&cut), Arc::clone(&held));
        task.spawn(async move {
            let mut open = JoinSet::new();
            while let Ok((mut client, _)) = listener.accept().await {
                while open.try_join_next().is_some() {}
                if hold.load(Ordering::Relaxed) {
                    continue;
                }
                let scissors = Arc::clone(&scissors);
                open.spawn(async move {
                    let Ok(mut inner) = TcpStream::connect(server).await else { return };
                    tokio::select! {
                        _ = tokio::io::copy_bidirectional(&mut client, &mut inner) => {}
                        () = scissors.notified() => {}
                    }
                });
            }
        });
        Ok(Self { address, cut, held, _task: task })
    }

    pub(crate) fn url(&self) -> String {
        format!("ws://{}", self.address)
    }

    /// Cuts what is open.
    pub(crate) fn cut(&self) {
        self.cut.notify_waiters();
    }

    /// Cuts what is open and lets nothing through; or lets it through again.
    pub(crate) fn hold(&self, held: bool) {
        self.held.store(held, Ordering::Relaxed);
        if held {
            self.cut();
        }
    }
}
