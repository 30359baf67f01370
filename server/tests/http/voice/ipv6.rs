//! A server that IPv6 alone leads to.

use std::net::{Ipv6Addr, UdpSocket};

use reqwest::StatusCode;
use serde_json::json;

use super::rooms::{Candidate, join_voice, sound, speech, until};
use crate::house::House;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_rooms_and_the_interviewer_work_over_ipv6() {
    if UdpSocket::bind((Ipv6Addr::LOCALHOST, 0)).is_err() {
        eprintln!("skipped: this machine has no IPv6");
        return;
    }
    let change = |settings: &mut server::ServerSettings| {
        settings.host = "::1".to_owned();
        settings.rooms_addresses = "::1".parse().unwrap();
    };
    let house = House::start_with_speech(change, speech(&sound())).await;
    assert!(house.base.starts_with("http://[::1]:"), "{}", house.base);
    let (visitor, session) = house.visitor().await;
    let (status, ticket) = join_voice(&house, &visitor, session).await;
    assert_eq!(status, StatusCode::OK, "{ticket}");
    assert_eq!(ticket["server_url"], json!(house.base.replace("http://", "ws://")));
    let mut candidate = Candidate::join(&ticket).await;
    let (identity, _) = candidate.sees_the_interviewer().await;
    assert_eq!(identity, format!("interviewer-{session}"));
    let lines = async || house.engine.snapshot(session).await.unwrap().messages.len();
    until("it says something", async || lines().await == 1).await;
    candidate.room.close().await;
    assert!(house.stop().await);
}
