//! Accepts connections, no more than there may be, and lets them finish at the end.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::ConnectInfo;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::{ServiceExt as _, service_fn};

use crate::guard::address::Address;
use crate::guard::shares::Shares;
use crate::metrics::Metrics;
use crate::stall::Impatient;

/// How long a client may take to send the head of a request, and a connection may idle.
const HEAD_TIMEOUT: Duration = Duration::from_secs(15);
/// Most bytes of a request's head.
const HEAD_BYTES: usize = 32 * 1024;
/// How long to wait when no connection can be accepted, as when there are no file handles left.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// How many connections there may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Most {
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
    most: Most,
    metrics: &Metrics,
    stop: CancellationToken,
) -> TaskTracker {
    let (connections, places) = (TaskTracker::new(), Arc::new(Semaphore::new(most.all)));
    let shares = most.each.map(Shares::<Address>::new);
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(HEAD_TIMEOUT).max_buf_size(HEAD_BYTES);
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
            None => drop(connections.spawn(connection(http, (stream, held), peer, router, stop))),
            Some(tls) => {
                let shaking = tokio::time::timeout(HEAD_TIMEOUT, tls.accept(stream));
                connections.spawn(async move {
                    match shaking.await {
                        Ok(Ok(stream)) => connection(http, (stream, held), peer, router, stop).await,
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

/// Serves a connection; `held` is let go when the stream itself is, which may by then be a WebSocket.
async fn connection(
    http: http1::Builder,
    (stream, held): (impl AsyncRead + AsyncWrite + Send + Unpin + 'static, impl Send + Unpin + 'static),
    peer: SocketAddr,
    router: Router,
    stop: CancellationToken,
) {
    let service = service_fn(move |mut request: hyper::Request<Incoming>| {
        request.extensions_mut().insert(ConnectInfo(peer));
        let router = router.clone();
        async move {
            Ok::<_, Infallible>(
                router.oneshot(request.map(axum::body::Body::new)).await.unwrap_or_else(|e| match e {}),
            )
        }
    });
    let connection = http
        .serve_connection(TokioIo::new(Impatient::new(stream, held)), TowerToHyperService::new(service))
        .with_upgrades();
    let mut connection = std::pin::pin!(connection);
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = stop.cancelled() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    // A client that goes away, or speaks no HTTP, is not this server's fault.
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection ended early");
    }
}
