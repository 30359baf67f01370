//! What the server's API does to a participant.

use std::collections::BTreeMap;

use livekit_token::{AccessToken, VideoGrants};
use participant::{DisconnectReason, RoomClientEvent};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::support::{Joined, KEY, SECRET, Server, listen, rms, tone};

/// Calls a method of the room service, which must do as it is told. (LiveKit's own client of it needs a crate under a
/// licence that is not agreed to.)
async fn call(server: &Server, method: &str, request: Value) {
    let grants = VideoGrants {
        room_admin: true,
        room_create: true,
        room: "room".to_owned(),
        ..VideoGrants::default()
    };
    let token = AccessToken::with_api_key(KEY, SECRET).with_grants(grants).to_jwt().unwrap();
    let body = request.to_string();
    let request = format!(
        "POST /twirp/livekit.RoomService/{method} HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer {token}\r\n\
         content-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    );
    let mut stream = TcpStream::connect(("127.0.0.1", server.port())).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{method}: {answer}");
}

/// Waits until somebody else is seen: what a server changes before that is told as it is, and not as a change.
async fn sees(joined: &mut Joined, who: &str) {
    joined
        .wait("participant", |event| match event {
            RoomClientEvent::ParticipantConnected(member) => (member.identity == who).then_some(()),
            _ => None,
        })
        .await;
}

async fn ended(joined: &mut Joined) -> DisconnectReason {
    joined
        .wait("end", |event| match event {
            RoomClientEvent::Disconnected(reason) => Some(reason),
            _ => None,
        })
        .await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_server_is_asked_to_change_is_told() {
    let server = Server::start().await;
    let mut ada = server.join("ada").await;
    let mut bob = server.join("bob").await;

    sees(&mut ada, "bob").await;
    let changes = json!({
        "room": "room", "identity": "bob", "name": "Bobby", "metadata": "about bob", "attributes": { "team": "red" },
    });
    call(&server, "UpdateParticipant", changes).await;
    let (mut named, mut described, mut marked) = (false, false, false);
    while !(named && described && marked) {
        match ada.wait("change", Some).await {
            RoomClientEvent::ParticipantNameChanged(who, name) => named = who == "bob" && name == "Bobby",
            RoomClientEvent::ParticipantMetadataChanged(who, metadata) => {
                described = who == "bob" && metadata == "about bob";
            }
            RoomClientEvent::ParticipantAttributesChanged(who, changed) => {
                marked = who == "bob" && changed == BTreeMap::from([("team".to_owned(), "red".to_owned())]);
            }
            _ => {}
        }
    }
    // What bob sets himself does not undo it.
    let own = BTreeMap::from([("own".to_owned(), "1".to_owned())]);
    bob.room.local_participant().set_attributes(own).await.unwrap();
    let seen = ada.room.remote_participants().await.unwrap().remove(0);
    assert_eq!((seen.name.as_str(), seen.metadata.as_str()), ("Bobby", "about bob"));
    assert_eq!(seen.attributes["team"], "red");

    call(&server, "UpdateRoomMetadata", json!({ "room": "room", "metadata": "all about the room" })).await;
    ada.wait("metadata", |event| match event {
        RoomClientEvent::RoomMetadataChanged(metadata) => (metadata == "all about the room").then_some(()),
        _ => None,
    })
    .await;
    // JSON has bytes in base64: "from above".
    let data = json!({ "room": "room", "data": "ZnJvbSBhYm92ZQ==", "topic": "news", "destination_identities": ["bob"] });
    call(&server, "SendData", data).await;
    let data = bob
        .wait("message", |event| match event {
            RoomClientEvent::DataReceived { from, topic, payload } => Some((from, topic, payload)),
            _ => None,
        })
        .await;
    assert_eq!(data, (String::new(), "news".to_owned(), b"from above".to_vec()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_voice_that_the_server_mutes_is_silent_until_it_unmutes_itself() {
    let server = Server::start().await;
    let mut ada = server.join("ada").await;
    let mut bob = server.join("bob").await;
    let voice = bob.speak(24_000, true).await;
    let mut ear = ada.hear(16_000).await;
    voice.capture_frame(&tone(500.0, 24_000, 10.0)).await.unwrap();
    listen(&mut ear, 500.0, 16_000, 25).await;
    let mute = json!({ "room": "room", "identity": "bob", "track_sid": voice.sid(), "muted": true });
    call(&server, "MutePublishedTrack", mute).await;
    bob.wait("mute", |event| matches!(event, RoomClientEvent::LocalTrackMuted(true)).then_some(())).await;
    ada.wait("mute", |event| matches!(event, RoomClientEvent::TrackMuted(..)).then_some(())).await;
    // What was on its way is over, and was not merely late.
    let mut quiet = 0;
    while quiet < 15 {
        let loud = rms(&ear.next().await.unwrap().samples) > 300.0;
        quiet = if loud { 0 } else { quiet + 1 };
    }
    let held = voice.playout();
    for _ in 0..25 {
        assert!(rms(&ear.next().await.unwrap().samples) < 300.0, "it is muted");
    }
    assert_eq!(voice.playout(), held, "what waits goes on waiting");
    voice.set_muted(false).await.unwrap();
    listen(&mut ear, 500.0, 16_000, 50).await.expect(0.9, 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_speaks_and_how_good_the_way_is_are_told() {
    let server = Server::start().await;
    let mut ada = server.join("ada").await;
    let bob = server.join("bob").await;
    let voice = bob.speak(24_000, false).await;
    voice.capture_frame(&tone(500.0, 24_000, 20.0)).await.unwrap();
    let (mut speaks, mut qualities) = (false, 0);
    while !speaks || qualities == 0 {
        match ada.wait("speaker or quality", Some).await {
            RoomClientEvent::ActiveSpeakersChanged(who) => speaks |= who == ["bob"],
            RoomClientEvent::ConnectionQualityChanged(..) => qualities += 1,
            _ => {}
        }
    }
    voice.clear_buffer();
    ada.wait("silence", |event| match event {
        RoomClientEvent::ActiveSpeakersChanged(who) => who.is_empty().then_some(()),
        _ => None,
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_removed_or_whose_room_is_deleted_is_told_so_and_stays_away() {
    let server = Server::start().await;
    let mut ada = server.join("ada").await;
    let mut bob = server.join("bob").await;
    sees(&mut ada, "bob").await;
    call(&server, "RemoveParticipant", json!({ "room": "room", "identity": "bob" })).await;
    assert_eq!(ended(&mut bob).await, DisconnectReason::ParticipantRemoved);
    ada.wait("departure", |event| matches!(event, RoomClientEvent::ParticipantDisconnected(_)).then_some(()))
        .await;
    call(&server, "DeleteRoom", json!({ "room": "room" })).await;
    assert_eq!(ended(&mut ada).await, DisconnectReason::RoomClosed);
}
