//! The unmodified browser SDK, in Chromium with fake microphones, against the server.
//!
//! It needs `INTERVIEWOS_NODE_MODULES`, a `node_modules` with `livekit-client` 2.23 and `playwright-core`, and
//! Chromium at `CHROMIUM` or `/usr/bin/chromium`. `make test` sees to both and runs it; a plain `cargo test` leaves it
//! out and says so.

#[path = "../common/token.rs"]
mod token;

use std::future::IntoFuture as _;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use axum::Router;
use axum::response::Html;
use axum::routing::get;
use patience::WHOLE_SCENE;
use rooms::{Config, MediaAddress, Rooms, Secret};
use tokio::net::TcpListener;
use tokio::process::Command;
use tokio::sync::Mutex;

use token::{SECRET, token};

const PAGE: &str =
    "<!doctype html><title>Room</title><link rel=icon href=data:,><script src=sdk.js></script>";

/// Two browsers at a time are enough for one machine.
static TURN: Mutex<()> = Mutex::const_new(());

async fn meet(connections: u8) {
    let _turn = TURN.lock().await;
    let modules = std::env::var_os("INTERVIEWOS_NODE_MODULES")
        .expect("INTERVIEWOS_NODE_MODULES names a folder with livekit-client: run this by `make test`");
    let modules = PathBuf::from(modules);
    let sdk = std::fs::read_to_string(modules.join("livekit-client/dist/livekit-client.umd.js"));
    let sdk = sdk.expect("livekit-client is among the modules");
    let config = Config {
        addresses: vec![MediaAddress::new(SocketAddr::from(([127, 0, 0, 1], 0)))],
        ..Config::new("key", Secret::new(SECRET))
    };
    let rooms = Rooms::start(config).await.expect("the rooms start");
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let page = Router::new()
        .route("/", get(async || Html(PAGE)))
        .route("/sdk.js", get(async move || ([("content-type", "text/javascript")], sdk)));
    let server = tokio::spawn(axum::serve(listener, rooms.router().merge(page)).into_future());
    let output = Command::new("node")
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/browser/meet.mjs"))
        .args([format!("http://{address}/"), format!("ws://{address}")])
        .arg(&modules)
        .args([connections.to_string(), token("ann", "hall"), token("bob", "hall")])
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .output();
    let output = tokio::time::timeout(WHOLE_SCENE, output).await.expect("in time").expect("it runs");
    let said = String::from_utf8_lossy(&output.stdout);
    println!("{said}");
    assert!(
        output.status.success() && said.trim_end().ends_with("PASSED"),
        "the browsers failed:\n{said}\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
    rooms.stop().await;
    server.abort();
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs the browser SDK and Chromium: make test"]
async fn browsers_meet_over_one_connection_each() {
    meet(1).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs the browser SDK and Chromium: make test"]
async fn browsers_meet_over_two_connections_each() {
    meet(2).await;
}
