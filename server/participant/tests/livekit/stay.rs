//! Coming, being seen, and going.

use std::collections::BTreeMap;
use std::time::Duration;

use participant::{
    DisconnectReason, RoomClientError, RoomClientEvent, RoomHandle, RoomOptions, VoiceOptions,
};
use tokio::time::Instant;

use crate::support::{Server, listener, say, token};

#[tokio::test(flavor = "multi_thread")]
async fn two_see_each_other_come_change_and_go() {
    let server = Server::start().await;
    let mut ada = server.join("ada").await;
    assert!(ada.room.is_single_peer_connection());
    let start = Instant::now();
    let bob = server.join("agent-bob").await;
    say(&format!("LiveKit {}: joined, with media, in {:?}", bob.room.server_version(), start.elapsed()));
    let seen = ada
        .wait("participant", |event| match event {
            RoomClientEvent::ParticipantConnected(member) => Some(member),
            _ => None,
        })
        .await;
    assert_eq!((seen.identity.as_str(), seen.name.as_str(), seen.agent), ("agent-bob", "A name", true));
    let members = bob.room.remote_participants().await.unwrap();
    assert_eq!(members.len(), 1);
    assert_eq!((members[0].identity.as_str(), members[0].agent), ("ada", false));

    let state = |value: &str| BTreeMap::from([("lk.agent.state".to_owned(), value.to_owned())]);
    let local = bob.room.local_participant();
    for value in ["listening", "speaking", ""] {
        local.set_attributes(state(value)).await.unwrap();
        let changed = ada
            .wait("attributes", |event| match event {
                RoomClientEvent::ParticipantAttributesChanged(who, changed) if who == "agent-bob" => {
                    Some(changed)
                }
                _ => None,
            })
            .await;
        assert_eq!(changed, state(value));
    }

    bob.room.close().await;
    ada.wait("departure", |event| match event {
        RoomClientEvent::ParticipantDisconnected(member) if member.identity == "agent-bob" => Some(()),
        _ => None,
    })
    .await;
    let mut events = bob.events;
    let mut last = None;
    while let Some(event) = events.recv().await {
        last = Some(event);
    }
    assert!(matches!(last, Some(RoomClientEvent::Disconnected(DisconnectReason::ClientInitiated))));
    assert_eq!(local.set_attributes(state("idle")).await, Err(RoomClientError::Closed));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_refused_is_told_why_and_at_once() {
    let server = Server::start().await;
    // Whatever waited for it would be waited for until the test is given up.
    let options = || RoomOptions { join_timeout: Duration::from_secs(3_600), ..RoomOptions::default() };
    let forged = format!("{}x", token("eve"));
    let refused = RoomHandle::connect(&server.url(), &forged, options()).await.err().unwrap();
    assert!(matches!(&refused, RoomClientError::Join(why) if why.contains("401")), "{refused}");
    assert!(!refused.to_string().contains(&forged));
    let silent = server.url();
    let (room, _events) = RoomHandle::connect(&silent, &listener("lou"), options()).await.unwrap();
    let voice = room.local_participant().publish_audio("voice", VoiceOptions::default(), 1_000).await;
    assert!(matches!(voice.err(), Some(RoomClientError::Refused(_))), "whose token lets them only listen");
    let nobody = RoomHandle::connect("ws://127.0.0.1:1", &token("eve"), options()).await.err();
    assert!(matches!(nobody, Some(RoomClientError::Join(_))));
}

#[tokio::test(flavor = "multi_thread")]
async fn whose_place_is_taken_is_told_and_does_not_fight_for_it() {
    let server = Server::start().await;
    let mut first = server.join("ada").await;
    let second = server.join("ada").await;
    let reason = first
        .wait("end", |event| match event {
            RoomClientEvent::Disconnected(reason) => Some(reason),
            _ => None,
        })
        .await;
    assert_eq!(reason, DisconnectReason::DuplicateIdentity);
    assert!(second.room.remote_participants().await.unwrap().is_empty());
}

/// Needs no server: one that takes the connection and never answers.
#[tokio::test(start_paused = true)]
async fn a_silent_server_is_waited_for_as_long_as_it_is_told_to_be() {
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("ws://127.0.0.1:{}", silent.local_addr().unwrap().port());
    let join_timeout = Duration::from_millis(500);
    let options = RoomOptions { join_timeout, ..RoomOptions::default() };
    let start = Instant::now();
    assert_eq!(RoomHandle::connect(&url, &token("ada"), options).await.err(), Some(RoomClientError::Timeout));
    assert!((500..=510).contains(&start.elapsed().as_millis()), "{:?}", start.elapsed());
}

/// Needs no server: one that hangs up during TLS.
#[tokio::test(flavor = "multi_thread")]
async fn servers_that_are_none_are_told_apart_from_rooms() {
    let hangs_up = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = hangs_up.local_addr().unwrap().port();
    let hanging = tokio::spawn(async move {
        loop {
            drop(hangs_up.accept().await);
        }
    });
    let url = format!("wss://127.0.0.1:{port}");
    let refused = RoomHandle::connect(&url, &token("ada"), RoomOptions::default()).await.err();
    assert!(matches!(refused, Some(RoomClientError::Join(_))), "{refused:?}");
    hanging.abort();

    for url in ["", "nonsense", "http://", "ftp://127.0.0.1"] {
        let refused = RoomHandle::connect(url, &token("ada"), RoomOptions::default()).await.err();
        assert!(matches!(refused, Some(RoomClientError::Join(_))), "{url}: {refused:?}");
    }
    let no_token =
        RoomHandle::connect("ws://127.0.0.1:1", "not\na token", RoomOptions::default()).await.err();
    assert!(matches!(no_token, Some(RoomClientError::Join(_))), "{no_token:?}");
}
