//! A server with a certificate of its own.

use reqwest::StatusCode;
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::rooms::{join_voice, kinds, sound, speech, until};
use crate::certificate::Certificate;
use crate::house::House;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn with_a_certificate_all_is_over_https_and_the_interviewer_comes_all_the_same() {
    let certificate = Certificate::make();
    let house = House::start_with_speech(|settings| certificate.set(settings), speech(&sound())).await;
    assert!(house.base.starts_with("https://"), "{}", house.base);
    let page = house.get("/").send().await.unwrap();
    assert!(page.headers()["set-cookie"].to_str().unwrap().contains("; Secure"));

    let (visitor, session) = house.visitor().await;
    let (status, ticket) = join_voice(&house, &visitor, session).await;
    assert_eq!(status, StatusCode::OK, "the page's own origin is https: {ticket}");
    assert_eq!(ticket["server_url"], json!(house.base.replace("https://", "wss://")));
    let joined = async || kinds(&house.engine, session).await.contains(&"voice_joined".to_owned());
    until("the interviewer comes", joined).await;

    // Whoever speaks plainly there is told nothing, and holds nobody up.
    let address = house.base.trim_start_matches("https://");
    let mut plain = TcpStream::connect(address).await.unwrap();
    plain.write_all(b"GET /healthz HTTP/1.1\r\nHost: h\r\n\r\n").await.unwrap();
    let mut answer = Vec::new();
    drop(patience::soon("it is closed", plain.read_to_end(&mut answer)).await);
    assert!(!answer.starts_with(b"HTTP"), "{}", String::from_utf8_lossy(&answer));
    assert_eq!(house.get("/healthz").send().await.unwrap().status(), StatusCode::OK);
    assert!(house.stop().await);
}
