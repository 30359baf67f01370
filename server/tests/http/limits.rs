//! No request is larger than it can have reason to be, and none waits for ever.

use futures::stream;
use reqwest::{Body, StatusCode};
use serde_json::Value;

use crate::house::{House, SECRET};

fn in_pieces(bytes: usize) -> Body {
    let pieces = (0..bytes / 1000).map(|_| Ok::<_, std::io::Error>("x".repeat(1000)));
    Body::wrap_stream(stream::iter(pieces))
}

#[tokio::test]
async fn a_page_takes_no_more_than_a_form_can_hold() {
    let house = House::start().await;
    for body in [Body::from("x".repeat(600_000)), in_pieces(600_000)] {
        let request = house.post("/api/whatever").header("origin", &house.base).body(body);
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), StatusCode::PAYLOAD_TOO_LARGE);
        assert!(response.text().await.unwrap().starts_with("What was sent is too large."));
    }
}

#[tokio::test]
async fn the_engine_api_takes_no_more_than_a_turn_can_hold() {
    let house = House::start().await;
    for (path, bytes, fits) in [
        ("/engine/next_turn/", 130_000, true),
        ("/engine/next_turn/", 140_000, false),
        ("/engine/sessions/", 500_000, true),
        ("/engine/sessions/", 530_000, false),
    ] {
        for body in [Body::from("x".repeat(bytes)), in_pieces(bytes)] {
            let request =
                house.post(path).header("x-ingest-secret", SECRET).header("content-type", "application/json");
            let response = request.body(body).send().await.unwrap();
            let code = if fits { (400, "malformed") } else { (413, "too_large") };
            let status = response.status().as_u16();
            let said: Value = response.json().await.unwrap();
            assert_eq!((status, said["error"]["code"].as_str().unwrap()), code, "{path} {bytes}");
        }
    }
}

#[tokio::test]
async fn more_connections_than_there_are_places_wait() {
    let house = House::start_with(|s| s.max_connections = 1, std::sync::Arc::new(engine::BuiltIn)).await;
    let address = house.base.trim_start_matches("http://").to_owned();
    // Who connects first is taken first.
    let held = tokio::net::TcpStream::connect(&address).await.unwrap();
    let waiting = house.get("/healthz").send();
    tokio::pin!(waiting);
    let early = tokio::time::timeout(std::time::Duration::from_millis(300), &mut waiting).await;
    assert!(early.is_err(), "there is one place, and it is taken");
    drop(held);
    assert_eq!(waiting.await.unwrap().status(), StatusCode::OK);
}

#[tokio::test]
async fn a_client_that_never_finishes_its_head_is_let_go() {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let house = House::start().await;
    let mut slow = tokio::net::TcpStream::connect(house.base.trim_start_matches("http://")).await.unwrap();
    slow.write_all(b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ").await.unwrap();
    let mut answer = Vec::new();
    // After `HEAD_TIMEOUT` of `listen`, long before a test is given up.
    drop(patience::soon("the end of the connection", slow.read_to_end(&mut answer)).await);
}

#[tokio::test]
async fn one_address_does_not_take_all_connections() {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let house = House::start_with(|s| s.max_connections = 4, std::sync::Arc::new(engine::BuiltIn)).await;
    let address = house.base.trim_start_matches("http://").to_owned();
    let mut held = Vec::new();
    for _ in 0..2 {
        held.push(tokio::net::TcpStream::connect(&address).await.unwrap());
    }
    let mut third = tokio::net::TcpStream::connect(&address).await.unwrap();
    // It is closed whatever it asks, which it may notice while it asks.
    drop(third.write_all(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n").await);
    let mut answer = Vec::new();
    drop(patience::soon("the end of the third", third.read_to_end(&mut answer)).await);
    assert!(answer.is_empty(), "{}", String::from_utf8_lossy(&answer));
    let elsewhere = reqwest::Client::builder().local_address(std::net::IpAddr::from([127, 0, 0, 2]));
    let elsewhere = elsewhere.build().unwrap().get(format!("{}/healthz", house.base)).send().await;
    assert_eq!(elsewhere.unwrap().status(), StatusCode::OK);
    drop(held);
    let behind = |s: &mut server::ServerSettings| {
        s.max_connections = 4;
        s.address_header = Some("X-Real-IP".to_owned());
    };
    let house = House::start_with(behind, std::sync::Arc::new(engine::BuiltIn)).await;
    let address = house.base.trim_start_matches("http://");
    let mut held = Vec::new();
    for _ in 0..3 {
        held.push(tokio::net::TcpStream::connect(address).await.unwrap());
    }
    assert_eq!(
        house.get("/healthz").send().await.unwrap().status(),
        StatusCode::OK,
        "all come from the proxy"
    );
}
