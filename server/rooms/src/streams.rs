//! Media over TCP, for clients whose network blocks UDP: the same datagrams, each preceded by its length (RFC 4571).

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, mpsc};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::switch::{Switch, Via};

/// The largest datagram accepted, in bytes.
const DATAGRAM: usize = 2048;
/// Datagrams that wait for a slow stream; more are dropped.
const WAITING: usize = 64;
/// Open streams, on all addresses together.
const STREAMS: usize = 512;
/// A new stream must bring a datagram for some participant within this.
const FIRST: Duration = Duration::from_secs(3);
/// A stream that is silent for longer is closed: connectivity checks come every few seconds.
const PATIENCE: Duration = Duration::from_secs(30);

/// Open streams by their remote address.
#[derive(Debug, Default)]
pub(crate) struct IceTcpStreams(Mutex<HashMap<SocketAddr, mpsc::Sender<Vec<u8>>>>);

impl IceTcpStreams {
    fn open(&self) -> MutexGuard<'_, HashMap<SocketAddr, mpsc::Sender<Vec<u8>>>> {
        // Every change of the table is one statement, so a panic cannot leave it half-changed.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sends a datagram, unless the stream is gone or slow.
    pub fn send(&self, to: SocketAddr, contents: &[u8]) {
        let Ok(length) = u16::try_from(contents.len()) else { return };
        if let Some(stream) = self.open().get(&to) {
            let framed = [&length.to_be_bytes(), contents].concat();
            drop(stream.try_send(framed));
        }
    }
}

/// Accepts streams until cancelled. `known` is the address that clients were told.
pub(crate) async fn accept(
    listener: TcpListener,
    known: SocketAddr,
    streams: Arc<IceTcpStreams>,
    switch: Arc<Switch>,
    tasks: TaskTracker,
    stop: CancellationToken,
) {
    let places = Arc::new(Semaphore::new(STREAMS));
    loop {
        let accepted = tokio::select! {
            () = stop.cancelled() => return,
            accepted = listener.accept() => accepted,
        };
        let (stream, from) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                tracing::debug!(%error, "a stream was not accepted");
                tokio::time::sleep(Duration::from_millis(50)).await;
                continue;
            }
        };
        // Over the limit: closed at once.
        let Ok(place) = Arc::clone(&places).try_acquire_owned() else { continue };
        let (streams, switch, stop) = (Arc::clone(&streams), Arc::clone(&switch), stop.clone());
        tasks.spawn(async move {
            tokio::select! {
                () = stop.cancelled() => {}
                () = serve(stream, from, known, &streams, &switch) => {}
            }
            streams.open().remove(&from);
            drop(place);
        });
    }
}

async fn serve(
    stream: TcpStream,
    from: SocketAddr,
    known: SocketAddr,
    streams: &IceTcpStreams,
    switch: &Switch,
) {
    if stream.set_nodelay(true).is_err() {
        return;
    }
    let (mut reader, mut writer) = stream.into_split();
    let (sender, mut outgoing) = mpsc::channel::<Vec<u8>>(WAITING);
    streams.open().insert(from, sender);
    let write = async {
        while let Some(framed) = outgoing.recv().await {
            match timeout(PATIENCE, writer.write_all(&framed)).await {
                Ok(Ok(())) => {}
                Ok(Err(_)) | Err(_) => return,
            }
        }
    };
    let read = async {
        let mut buffer = [0; DATAGRAM];
        let mut expected = false;
        loop {
            let patience = if expected { PATIENCE } else { FIRST };
            let Ok(Ok(length)) = timeout(patience, reader.read_u16()).await else { return };
            let length = usize::from(length);
            let Some(datagram) = buffer.get_mut(..length) else { return };
            match timeout(patience, reader.read_exact(datagram)).await {
                Ok(Ok(_)) => {}
                Ok(Err(_)) | Err(_) => return,
            }
            expected |= switch.pass(Via::Tcp, from, known, datagram);
            // A first datagram for nobody: this is no client of ours.
            if !expected {
                return;
            }
        }
    };
    tokio::select! {
        () = write => {}
        () = read => {}
    }
}
