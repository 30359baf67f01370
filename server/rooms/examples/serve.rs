//! Serves rooms on the loopback, with the key and secret of the tests.
//! `cargo run -p rooms --example serve -- [port]`

use std::error::Error;

use rooms::{Config, Rooms, Secret};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let port = std::env::args().nth(1).map_or(Ok(0), |port| port.parse::<u16>())?;
    let rooms =
        Rooms::start(Config::new("devkey", Secret::new("a secret for tests, long enough to sign with")))
            .await?;
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await?;
    println!("ws://{} with media on {:?}", listener.local_addr()?, rooms.addresses());
    let stop = async { drop(tokio::signal::ctrl_c().await) };
    axum::serve(listener, rooms.router()).with_graceful_shutdown(stop).await?;
    rooms.stop().await;
    Ok(())
}
