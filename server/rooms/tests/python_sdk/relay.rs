//! A bad network between clients and the server's media: a UDP relay that loses, delays and reorders.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream, UdpSocket};
use tokio::task::JoinSet;

/// What the network does to datagrams, in each direction.
#[derive(Clone, Copy)]
pub struct Fate {
    /// Share that is lost, between 0 and 1.
    pub loss: f32,
    /// Each is delayed by up to this much, independently of the others.
    pub jitter: Duration,
}

/// Relays from `bind` to `server` until dropped; by the same seed the same ones are lost.
pub async fn relay(bind: SocketAddr, server: SocketAddr, fate: Fate, seed: u64) -> JoinSet<()> {
    let outside = Arc::new(UdpSocket::bind(bind).await.expect("an address for the relay"));
    let mut tasks = JoinSet::new();
    tasks.spawn(async move {
        let mut chance = fastrand::Rng::with_seed(seed);
        let mut inner: BTreeMap<SocketAddr, Arc<UdpSocket>> = BTreeMap::new();
        let mut backs = JoinSet::new();
        let mut buffer = [0; 2048];
        loop {
            let (length, client) = outside.recv_from(&mut buffer).await.expect("the relay receives");
            let socket = match inner.get(&client) {
                Some(socket) => Arc::clone(socket),
                None => {
                    let socket = Arc::new(UdpSocket::bind("127.0.0.1:0").await.expect("a socket"));
                    inner.insert(client, Arc::clone(&socket));
                    backs.spawn(back(Arc::clone(&socket), Arc::clone(&outside), client, fate, chance.fork()));
                    socket
                }
            };
            pass(&mut chance, fate, &socket, server, &buffer[..length]);
        }
    });
    tasks
}

/// Relays streams as they are, until dropped.
pub async fn relay_streams(bind: SocketAddr, server: SocketAddr) -> JoinSet<()> {
    let outside = TcpListener::bind(bind).await.expect("an address for the relay");
    let mut tasks = JoinSet::new();
    tasks.spawn(async move {
        let mut open = JoinSet::new();
        loop {
            let (mut client, _) = outside.accept().await.expect("the relay accepts");
            open.spawn(async move {
                let mut inner = TcpStream::connect(server).await.expect("the server accepts");
                // Either end may break off.
                drop(tokio::io::copy_bidirectional(&mut client, &mut inner).await);
            });
        }
    });
    tasks
}

async fn back(
    from: Arc<UdpSocket>,
    to: Arc<UdpSocket>,
    client: SocketAddr,
    fate: Fate,
    mut chance: fastrand::Rng,
) {
    let mut buffer = [0; 2048];
    while let Ok((length, _)) = from.recv_from(&mut buffer).await {
        pass(&mut chance, fate, &to, client, &buffer[..length]);
    }
}

fn pass(chance: &mut fastrand::Rng, fate: Fate, socket: &Arc<UdpSocket>, to: SocketAddr, bytes: &[u8]) {
    if chance.f32() < fate.loss {
        return;
    }
    let (socket, bytes) = (Arc::clone(socket), bytes.to_vec());
    let late = fate.jitter.mul_f32(chance.f32());
    tokio::spawn(async move {
        tokio::time::sleep(late).await;
        // A client that is gone takes nothing more.
        drop(socket.send_to(&bytes, to).await);
    });
}
