//! A connection whose reader has to read on: one that takes nothing for long is cut off, so that nobody holds
//! a place and a response's memory by not reading it.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep, sleep};

/// How long a reader may take nothing of what is there for it.
pub const READER_TIMEOUT: Duration = Duration::from_secs(30);

/// A stream whose writes fail once the other side has taken nothing for [`READER_TIMEOUT`]. It holds what is held for
/// it (`H`: its place among all connections) to its own end, also when it has become a WebSocket.
pub struct StallTimeoutStream<S, H> {
    stream: S,
    _held: H,
    /// Runs out when the reader has stalled for too long; only looked at while `stalled`.
    patience: Pin<Box<Sleep>>,
    stalled: bool,
}

impl<S, H> StallTimeoutStream<S, H> {
    /// Waits no longer than that for the reader of this stream.
    pub fn new(stream: S, held: H) -> Self {
        Self { stream, _held: held, patience: Box::pin(sleep(READER_TIMEOUT)), stalled: false }
    }

    /// What a write came to: one that must wait does not wait for ever.
    fn fail_if_stalled<T>(
        &mut self,
        cx: &mut Context<'_>,
        written: Poll<io::Result<T>>,
    ) -> Poll<io::Result<T>> {
        if written.is_ready() {
            self.stalled = false;
            return written;
        }
        if !self.stalled {
            self.stalled = true;
            self.patience.as_mut().reset(Instant::now() + READER_TIMEOUT);
        }
        match self.patience.as_mut().poll(cx) {
            Poll::Ready(()) => Poll::Ready(Err(io::Error::new(io::ErrorKind::TimedOut, "nobody reads"))),
            Poll::Pending => Poll::Pending,
        }
    }
}

impl<S: AsyncRead + Unpin, H: Unpin> AsyncRead for StallTimeoutStream<S, H> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buffer)
    }
}

impl<S: AsyncWrite + Unpin, H: Unpin> AsyncWrite for StallTimeoutStream<S, H> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(cx, bytes);
        self.fail_if_stalled(cx, written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        pieces: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(cx, pieces);
        self.fail_if_stalled(cx, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let flushed = Pin::new(&mut self.stream).poll_flush(cx);
        self.fail_if_stalled(cx, flushed)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let closed = Pin::new(&mut self.stream).poll_shutdown(cx);
        self.fail_if_stalled(cx, closed)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, duplex};

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn one_that_never_reads_is_cut_off_and_one_that_reads_slowly_is_not() {
        let (server, mut reader) = duplex(100);
        let mut server = StallTimeoutStream::new(server, ());
        let slowly = tokio::spawn(async move {
            let mut piece = [0; 100];
            for _ in 0..20 {
                sleep(READER_TIMEOUT - Duration::from_secs(1)).await;
                reader.read_exact(&mut piece).await.unwrap();
            }
            reader
        });
        server.write_all(&[7; 2_000]).await.unwrap();
        let began = Instant::now();
        let _reads_no_more = slowly.await.unwrap();
        let began = began + began.elapsed();
        server.write_all(&[7; 100]).await.unwrap();
        let error = server.write_all(&[7; 100]).await.unwrap_err();
        assert_eq!((error.kind(), began.elapsed()), (io::ErrorKind::TimedOut, READER_TIMEOUT));
    }
}
