//! Datagrams over TCP, where UDP is blocked: streams that we open to the server, each datagram preceded by its length
//! (RFC 4571).

use std::collections::BTreeMap;
use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpSocket, TcpStream};
use tokio::sync::mpsc;
use tokio::task::AbortHandle;
use tokio::time::{Instant, timeout};

use super::sockets::{LONGEST, SocketDatagram};
use crate::session::MediaTransport;

/// The most open streams.
const MOST_STREAMS: usize = 16;
/// Datagrams that wait for a slow stream; more are lost, as they would be over UDP.
const MOST_WAITING: usize = 64;
/// How long a stream may take to open.
const OPEN_WITHIN: Duration = Duration::from_secs(5);
/// The pause between two attempts to open the same stream.
const REST: Duration = Duration::from_secs(1);

struct FramedTcpStream {
    frames: mpsc::Sender<Vec<u8>>,
    begun: Instant,
    task: AbortHandle,
}

/// The streams of a room, by our label for our end and the server's address.
pub struct FramedTcpStreams {
    open: BTreeMap<(SocketAddr, SocketAddr), FramedTcpStream>,
    sender: mpsc::Sender<SocketDatagram>,
}

impl Drop for FramedTcpStreams {
    fn drop(&mut self) {
        for stream in self.open.values() {
            stream.task.abort();
        }
    }
}

impl FramedTcpStreams {
    /// Without streams yet. Received datagrams go to `sender`.
    pub fn new(sender: mpsc::Sender<SocketDatagram>) -> Self {
        Self { open: BTreeMap::new(), sender }
    }

    /// Sends a datagram, opening a stream for it if necessary.
    pub fn send(&mut self, from: SocketAddr, to: SocketAddr, bytes: &[u8]) {
        let Ok(length) = u16::try_from(bytes.len()) else { return };
        let ends = (from, to);
        let resting = match self.open.get(&ends) {
            Some(stream) if !stream.frames.is_closed() => false,
            Some(ended) => ended.begun.elapsed() < REST,
            None => self.open.len() >= MOST_STREAMS,
        };
        if resting {
            return;
        }
        if self.open.get(&ends).is_none_or(|stream| stream.frames.is_closed()) {
            let (frames, waiting) = mpsc::channel(MOST_WAITING);
            let task = tokio::spawn(carry(ends, waiting, self.sender.clone())).abort_handle();
            self.open.insert(ends, FramedTcpStream { frames, begun: Instant::now(), task });
        }
        if let Some(stream) = self.open.get(&ends) {
            let _lost = stream.frames.try_send([&length.to_be_bytes(), bytes].concat());
        }
    }
}

/// Opens a stream and carries datagrams in both directions until either side closes it.
async fn carry(
    (from, to): (SocketAddr, SocketAddr),
    mut frames: mpsc::Receiver<Vec<u8>>,
    sender: mpsc::Sender<SocketDatagram>,
) {
    let Ok(Ok(stream)) = timeout(OPEN_WITHIN, open(from, to)).await else { return };
    let (mut reader, mut writer) = stream.into_split();
    let write = async {
        while let Some(frame) = frames.recv().await {
            writer.write_all(&frame).await?;
        }
        io::Result::Ok(())
    };
    let read = async {
        let mut buffer = [0; LONGEST];
        loop {
            let length = usize::from(reader.read_u16().await?);
            let datagram = buffer.get_mut(..length).ok_or(io::ErrorKind::InvalidData)?;
            reader.read_exact(datagram).await?;
            let _full = sender.try_send((MediaTransport::Tcp, to, from, datagram.to_vec()));
        }
    };
    let ended: io::Result<()> = tokio::select! {
        ended = write => ended,
        ended = read => ended,
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "a stream for media ended");
    }
}

async fn open(from: SocketAddr, to: SocketAddr) -> io::Result<TcpStream> {
    let socket = if to.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    socket.bind((from.ip(), 0).into())?;
    let stream = socket.connect(to).await?;
    stream.set_nodelay(true)?;
    Ok(stream)
}

#[cfg(test)]
mod tests {
    use tokio::net::TcpListener;

    use super::*;

    #[tokio::test]
    async fn datagrams_go_both_ways_and_a_stream_that_ended_is_opened_again_after_a_rest() {
        let still = patience::StandStill::begin();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let to = listener.local_addr().unwrap();
        let from: SocketAddr = "127.0.0.1:9".parse().unwrap();
        let (sender, mut datagrams) = mpsc::channel(8);
        let mut streams = FramedTcpStreams::new(sender);
        streams.send(from, to, b"one");
        streams.send(from, to, b"two");
        let (mut served, _) = listener.accept().await.unwrap();
        let mut got = [0; 10];
        served.read_exact(&mut got).await.unwrap();
        assert_eq!(&got, b"\0\x03one\0\x03two");
        served.write_all(b"\0\x02hi\0\0\0\x03you").await.unwrap();
        for expected in [&b"hi"[..], b"", b"you"] {
            assert_eq!(datagrams.recv().await, Some((MediaTransport::Tcp, to, from, expected.to_vec())));
        }
        // Too long for a datagram: the stream ends, and is not opened again for each that is to be sent.
        served.write_all(&[0xff, 0xff]).await.unwrap();
        assert_eq!(served.read(&mut got).await.unwrap(), 0);
        streams.send(from, to, b"three");
        still.pass(REST - Duration::from_millis(1)).await;
        streams.send(from, to, b"three");
        still.pass(Duration::from_millis(1)).await;
        // The next one to be opened is for this.
        streams.send(from, to, b"four");
        let (mut served, _) = listener.accept().await.unwrap();
        served.read_exact(&mut got[..6]).await.unwrap();
        assert_eq!(&got[..6], b"\0\x04four");
    }
}
