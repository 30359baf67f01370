//! How agents reach the embedded rooms: by a listener of their own on the loopback, so that it does not matter where
//! the main one listens and whether it speaks TLS.

use std::io;
use std::net::SocketAddr;

use axum::Router;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::listen::{self, ConnectionLimits};
use crate::metrics::Metrics;

/// Most connections at once: far more than there are agents.
const MOST: ConnectionLimits = ConnectionLimits { all: 1_024, each: None };

/// Serves the routes of the rooms, which ask for a token, to this machine until `stop`. Returns where.
pub(super) async fn serve(
    router: Router,
    metrics: &Metrics,
    stop: CancellationToken,
) -> io::Result<SocketAddr> {
    let listener = TcpListener::bind((rooms::loopback(), 0)).await?;
    let address = listener.local_addr()?;
    let metrics = metrics.clone();
    tokio::spawn(async move { drop(listen::serve((listener, None), router, MOST, &metrics, stop).await) });
    Ok(address)
}
