//! Serves rooms on the loopback with the key `devkey`, to try a client by hand: `cargo run -p rooms --example serve --
//! [port [media port [secret]]]`. By default the machine chooses the ports, and the secret is that of the tests.

use std::error::Error;
use std::net::{Ipv4Addr, SocketAddr};

use rooms::{Config, MediaAddress, Rooms, Secret};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let mut port = || arguments.next().map_or(Ok(0), |port| port.parse::<u16>());
    let (port, media) = (port()?, port()?);
    let secret = arguments.next().unwrap_or_else(|| "a secret for tests, long enough to sign with".into());
    let config = Config {
        addresses: vec![MediaAddress::new(SocketAddr::from((Ipv4Addr::LOCALHOST, media)))],
        ..Config::new("devkey", Secret::new(secret))
    };
    let rooms = Rooms::start(config).await?;
    let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
    println!("ws://{} with media on {:?}", listener.local_addr()?, rooms.addresses());
    let stop = async { drop(tokio::signal::ctrl_c().await) };
    axum::serve(listener, rooms.router()).with_graceful_shutdown(stop).await?;
    rooms.stop().await;
    Ok(())
}
