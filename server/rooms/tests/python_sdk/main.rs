//! The unmodified Python SDK against the server: each script in `tests/python` is a client, or several.
//!
//! They need `INTERVIEWOS_PYTHON`, a Python with what `tests/python/requirements.txt` lists. `make test` sets one up
//! and runs them; a plain `cargo test` leaves them out and says so.

mod relay;

use std::collections::BTreeMap;
use std::future::IntoFuture as _;
use std::net::{IpAddr, SocketAddr};
use std::path::Path;
use std::process::Stdio;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::http::HeaderMap;
use axum::routing::{get, post};
use axum::{Json, Router};
use patience::WHOLE_SCENE;
use rooms::{Config, MediaAddress, Rooms, Secret, Waits, Webhook};
use tokio::net::TcpListener;
use tokio::process::Command;

use relay::{Fate, relay, relay_streams};

const SECRET: &str = "a secret for tests, long enough to sign with";

/// Serves, runs a script against it and stops; `connections` is how many peer connections each client has.
async fn run(script: &str, connections: u8) {
    play(script, connections, None).await;
}

/// The same over a network with a fate; `allowed` is the share of audio that may be missing.
async fn run_over(fate: Fate, allowed: f32, connections: u8) {
    play("lossy.py", connections, Some((fate, allowed))).await;
}

async fn play(script: &str, connections: u8, network: Option<(Fate, f32)>) {
    let python = std::env::var_os("INTERVIEWOS_PYTHON")
        .expect("INTERVIEWOS_PYTHON names a Python with LiveKit's SDK: run this by `make test`");
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let url = format!("ws://{address}");
    let config = Config {
        webhooks: vec![Webhook { url: format!("http://{address}/hook"), key: "devkey".into() }],
        keys: BTreeMap::from([("devkey".into(), Secret::new(SECRET))]),
        addresses: vec![MediaAddress {
            bind: SocketAddr::from(([127, 0, 0, 1], 0)),
            // The relay's.
            announce: network.map(|_| IpAddr::from([127, 0, 0, 2])),
        }],
        waits: Waits {
            // Long enough for an SDK that is slow to come back, and waited out once.
            resume: Duration::from_secs(10),
            departure: Duration::from_secs(1),
            ..Waits::default()
        },
        ..Config::new("devkey", Secret::new(SECRET))
    };
    let rooms = Rooms::start(config).await.expect("the rooms start");
    let between = match network {
        Some((fate, _)) => {
            let told = rooms.addresses()[0];
            let inside = |told: SocketAddr| SocketAddr::from(([127, 0, 0, 1], told.port()));
            let streams = rooms.tcp_addresses()[0];
            Some((relay(told, inside(told), fate, 11).await, relay_streams(streams, inside(streams)).await))
        }
        None => None,
    };
    let server = tokio::spawn(axum::serve(listener, rooms.router().merge(receiver())).into_future());
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/python").join(script);
    let output = Command::new(python)
        .arg(path)
        .args([&url, &connections.to_string()])
        .args(network.map(|(_, allowed)| allowed.to_string()))
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .output();
    let output = tokio::time::timeout(WHOLE_SCENE, output).await.expect("in time").expect("it runs");
    let said = String::from_utf8_lossy(&output.stdout);
    println!("{said}");
    assert!(
        output.status.success() && said.trim_end().ends_with("PASSED"),
        "{script} failed:\n{said}\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
    rooms.stop().await;
    server.abort();
    drop(between);
}

/// Takes webhooks at `/hook` and shows them at `/hooks`, for a script to look at.
fn receiver() -> Router {
    let hooks: Arc<Mutex<Vec<serde_json::Value>>> = Arc::default();
    let shown = Arc::clone(&hooks);
    let take = async move |headers: HeaderMap, body: String| {
        let token = headers["authorization"].to_str().expect("a token");
        hooks.lock().expect("no panic").push(serde_json::json!({ "token": token, "body": body }));
    };
    let show = async move || Json(shown.lock().expect("no panic").clone());
    Router::new().route("/hook", post(take)).route("/hooks", get(show))
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs the Python SDK: make test"]
async fn the_server_api_and_webhooks() {
    run("admin.py", 1).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs the Python SDK: make test"]
async fn participants_meet_and_hear_each_other() {
    run("meet.py", 1).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs the Python SDK: make test"]
async fn participants_meet_over_two_connections_each() {
    run("meet.py", 2).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs the Python SDK: make test"]
async fn data_streams_calls_and_attributes() {
    run("data.py", 1).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs the Python SDK: make test"]
async fn data_streams_calls_and_attributes_over_two_connections() {
    run("data.py", 2).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs the Python SDK: make test"]
async fn signalling_that_breaks_off() {
    run("resume.py", 1).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs the Python SDK: make test"]
async fn signalling_that_breaks_off_over_two_connections() {
    run("resume.py", 2).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs the Python SDK: make test"]
async fn one_datagram_of_a_hundred_is_lost() {
    run_over(Fate { loss: 0.01, jitter: Duration::ZERO }, 0.01, 1).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs the Python SDK: make test"]
async fn one_datagram_of_twenty_is_lost() {
    run_over(Fate { loss: 0.05, jitter: Duration::ZERO }, 0.04, 1).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs the Python SDK: make test"]
async fn one_datagram_of_five_is_lost() {
    run_over(Fate { loss: 0.2, jitter: Duration::ZERO }, 0.1, 1).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs the Python SDK: make test"]
async fn datagrams_are_late_and_overtake_each_other() {
    run_over(Fate { loss: 0.0, jitter: Duration::from_millis(50) }, 0.02, 1).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs the Python SDK: make test"]
async fn a_bad_network_under_two_connections() {
    run_over(Fate { loss: 0.05, jitter: Duration::from_millis(30) }, 0.06, 2).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs the Python SDK: make test"]
async fn without_udp_it_goes_over_tcp() {
    run_over(Fate { loss: 1.0, jitter: Duration::ZERO }, 0.01, 1).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs the Python SDK: make test"]
async fn somebody_rude_is_not_noticed_by_others() {
    run("rude.py", 1).await;
}
