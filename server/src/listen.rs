//! Accepts connections, no more than there may be, and lets them finish at the end.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::Router;
use axum::extract::ConnectInfo;
use axum::response::Response;
use http::uri::PathAndQuery;
use http::{HeaderValue, Uri, header};
use hyper::body::Incoming;
use hyper::server::conn::{http1, http2};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::{ServiceExt as _, service_fn};

use crate::metrics::Metrics;
use crate::request_guard::address::ClientAddress;
use crate::request_guard::shares::Shares;
use crate::stall::StallTimeoutStream;
use crate::tls::HTTP_2;

/// How long a client may take to send the head of a request, and a connection may idle.
const HEAD_TIMEOUT: Duration = Duration::from_secs(15);
/// Most bytes of a request's head.
const HEAD_BYTES: usize = HEAD_BYTES_2 as usize;
/// The same, as HTTP/2 counts them.
const HEAD_BYTES_2: u32 = 32 * 1024;
/// Most requests at once on one connection of HTTP/2: some for each of many tabs, of which one keeps listening.
const REQUESTS: u32 = 100;
/// How long to wait when no connection can be accepted, as when there are no file handles left.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// How many connections there may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ConnectionLimits {
    /// At once; more wait.
    pub all: usize,
    /// From one address; more are closed. `None`: as many as there may be at all.
    pub each: Option<usize>,
}

/// Serves, with a certificate if there is one, until `stop`; then takes no more connections, ends those that idle, and returns a tracker of
/// those that still answer.
pub async fn serve(
    (listener, tls): (TcpListener, Option<TlsAcceptor>),
    router: Router,
    most: ConnectionLimits,
    metrics: &Metrics,
    stop: CancellationToken,
) -> TaskTracker {
    let (connections, places) = (TaskTracker::new(), Arc::new(Semaphore::new(most.all)));
    let shares = most.each.map(Shares::<ClientAddress>::new);
    let http = HttpBuilders::new();
    loop {
        // Those for whom there is no place wait in the system's own queue.
        let accepted = async {
            let place = Arc::clone(&places).acquire_owned().await.expect("nobody closes the places");
            (place, listener.accept().await)
        };
        let (place, stream, peer) = tokio::select! {
            () = stop.cancelled() => break,
            (place, accepted) = accepted => match accepted {
                Ok((stream, peer)) => (place, stream, peer),
                Err(error) => {
                    tracing::warn!(%error, "no connection could be accepted");
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                    continue;
                }
            },
        };
        let share = shares.as_ref().map(|shares| shares.take(peer.ip().into()));
        if matches!(share, Some(None)) {
            tracing::debug!("an address has all the connections that it may have");
            continue;
        }
        let held = (metrics.connection(), share, place);
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "a connection may be slow");
        }
        let (http, router, stop) = (http.clone(), router.clone(), stop.clone());
        match &tls {
            None => drop(connections.spawn(http.serve_http1((stream, held), peer, router, stop))),
            Some(tls) => {
                let shaking = tokio::time::timeout(HEAD_TIMEOUT, tls.accept(stream));
                connections.spawn(async move {
                    match shaking.await {
                        Ok(Ok(stream)) if stream.get_ref().1.alpn_protocol() == Some(HTTP_2) => {
                            http.serve_http2((stream, held), peer, router, stop).await;
                        }
                        Ok(Ok(stream)) => http.serve_http1((stream, held), peer, router, stop).await,
                        // Whoever speaks no TLS, or does not take the certificate, is not this server's fault.
                        Ok(Err(error)) => tracing::debug!(%error, "a connection was not made secure"),
                        Err(_) => tracing::debug!("a connection was not made secure in time"),
                    }
                });
            }
        }
    }
    connections.close();
    connections
}

/// How connections are served. Cheap to clone.
#[derive(Clone)]
struct HttpBuilders {
    one: http1::Builder,
    two: http2::Builder<TokioExecutor>,
}

impl HttpBuilders {
    fn new() -> Self {
        let (mut one, mut two) = (http1::Builder::new(), http2::Builder::new(TokioExecutor::new()));
        one.timer(TokioTimer::new()).header_read_timeout(HEAD_TIMEOUT).max_buf_size(HEAD_BYTES);
        two.timer(TokioTimer::new()).keep_alive_interval(HEAD_TIMEOUT).keep_alive_timeout(HEAD_TIMEOUT);
        two.max_concurrent_streams(REQUESTS).max_header_list_size(HEAD_BYTES_2);
        Self { one, two }
    }

    /// Serves a connection of HTTP/1.1; `held` is let go when the stream itself is, which may by then be a WebSocket.
    async fn serve_http1<S, H>(
        self,
        (stream, held): (S, H),
        peer: SocketAddr,
        router: Router,
        stop: CancellationToken,
    ) where
        S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
        H: Send + Unpin + 'static,
    {
        let service =
            service_fn(move |request: hyper::Request<Incoming>| answer(router.clone(), request, peer));
        let stream = TokioIo::new(StallTimeoutStream::new(stream, held));
        let connection = self.one.serve_connection(stream, TowerToHyperService::new(service)).with_upgrades();
        finish(connection, |connection| connection.graceful_shutdown(), stop).await;
    }

    /// Serves a connection of HTTP/2, if something is asked on it in time.
    async fn serve_http2<S, H>(
        self,
        (stream, held): (S, H),
        peer: SocketAddr,
        router: Router,
        stop: CancellationToken,
    ) where
        S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
        H: Send + Unpin + 'static,
    {
        let asked = Arc::new(AtomicBool::new(false));
        let begun = Arc::clone(&asked);
        let service = service_fn(move |request: hyper::Request<Incoming>| {
            begun.store(true, Ordering::Relaxed);
            answer(router.clone(), to_http1_request(request), peer)
        });
        let stream = TokioIo::new(StallTimeoutStream::new(stream, held));
        let connection = self.two.serve_connection(stream, TowerToHyperService::new(service));
        let silent = async {
            tokio::time::sleep(HEAD_TIMEOUT).await;
            if asked.load(Ordering::Relaxed) {
                std::future::pending::<()>().await;
            }
        };
        tokio::select! {
            () = finish(connection, |connection| connection.graceful_shutdown(), stop) => {}
            () = silent => tracing::debug!("a connection ended on which nothing was asked"),
        }
    }
}

/// A request of HTTP/2 as one of HTTP/1.1 would be: with the host in a header, and an address that is only a path.
fn to_http1_request(mut request: hyper::Request<Incoming>) -> hyper::Request<Incoming> {
    let host = request.uri().authority().and_then(|host| HeaderValue::from_str(host.as_str()).ok());
    if let Some(host) = host {
        request.headers_mut().insert(header::HOST, host);
    }
    let path = request.uri().path_and_query().cloned().unwrap_or_else(|| PathAndQuery::from_static("/"));
    *request.uri_mut() = Uri::from(path);
    request
}

async fn answer(
    router: Router,
    mut request: hyper::Request<Incoming>,
    peer: SocketAddr,
) -> Result<Response, Infallible> {
    request.extensions_mut().insert(ConnectInfo(peer));
    router.oneshot(request.map(axum::body::Body::new)).await
}

/// Runs a connection to its end; from `stop` on it takes no more requests.
async fn finish<C>(connection: C, shut: impl Fn(Pin<&mut C>), stop: CancellationToken)
where
    C: Future<Output = hyper::Result<()>>,
{
    let mut connection = std::pin::pin!(connection);
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = stop.cancelled() => {
            shut(connection.as_mut());
            connection.await
        }
    };
    // A client that goes away, or speaks no HTTP, is not this server's fault.
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection ended early");
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, duplex};
    use tokio::time::Instant;

    use super::*;

    fn serve_newer(stream: tokio::io::DuplexStream) -> impl Future<Output = ()> {
        let peer = SocketAddr::from(([127, 0, 0, 1], 9));
        HttpBuilders::new().serve_http2((stream, ()), peer, Router::new(), CancellationToken::new())
    }

    #[tokio::test(start_paused = true)]
    async fn whoever_agrees_on_http_2_and_asks_nothing_is_cut_off() {
        for begins in [&b""[..], b"PRI * HTTP/2.0", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0"] {
            let (server, mut client) = duplex(4_096);
            let began = Instant::now();
            client.write_all(begins).await.unwrap();
            let reading = tokio::spawn(async move {
                let mut read = Vec::new();
                let _ended = client.read_to_end(&mut read).await;
            });
            serve_newer(server).await;
            assert_eq!(began.elapsed(), HEAD_TIMEOUT, "{}", begins.len());
            reading.await.unwrap();
        }
    }
}
