//! Attacks by a participant: other rooms notice nothing, others in the same room go on.

use std::collections::BTreeMap;
use std::time::Duration;

use livekit_protocol::signal_request::Message as Request;
use livekit_protocol::signal_response::Message;
use livekit_protocol::{
    AddTrackRequest, MuteTrackRequest, SubscriptionPermission, TrackType, UpdateSubscription,
    UpdateTrackSettings,
};
use participant::{RoomClientEvent, RoomHandle, RoomOptions};
use rooms::RoomLimits;
use tokio::net::UdpSocket;
use tokio::time::Instant;

use crate::client::{Client, Server, serve};
use crate::token::token;

/// How often others are answered while a flood lasts, at least: in a queue with it they would be once. On a machine
/// that does nothing else it is hundreds of times.
const MEANWHILE: usize = 5;

fn add_track(cid: &str) -> Request {
    let kind = TrackType::Audio.into();
    Request::AddTrack(AddTrackRequest { cid: cid.to_owned(), r#type: kind, ..AddTrackRequest::default() })
}

/// The next track that this client is told to have published; `None`: it was refused.
async fn published(client: &mut Client) -> Option<String> {
    loop {
        match client.next().await.expect("it is connected") {
            Message::TrackPublished(published) => return published.track.map(|track| track.sid),
            Message::RequestResponse(_) => return None,
            _ => {}
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_hundred_tracks_a_room_has_as_many_as_it_may() {
    let server = serve(RoomLimits::default()).await;
    let (mut ann, mut bob) =
        (Client::join(&server, "ann", "hall").await, Client::join(&server, "bob", "other").await);
    let mut rude = Client::join(&server, "rude", "hall").await;
    let (mut had, mut worst) = (0, Duration::ZERO);
    for number in 0..100 {
        rude.say(add_track(&format!("track {number}"))).await;
        had += usize::from(published(&mut rude).await.is_some());
        if number % 10 == 0 {
            worst = worst.max(ann.ping().await).max(bob.ping().await);
        }
    }
    println!("of 100 tracks {had} were taken; a ping of others took {worst:?} at most");
    assert_eq!(had, RoomLimits::default().tracks);
    server.rooms.stop().await;
}

/// Joins as an honest client, with media.
async fn join(
    server: &Server,
    identity: &str,
    room: &str,
) -> (RoomHandle, tokio::sync::mpsc::Receiver<RoomClientEvent>) {
    let url = format!("ws://{}", server.address);
    RoomHandle::connect(&url, &token(identity, room), RoomOptions::default()).await.expect("it is let in")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flood_of_data_is_nobody_elses_business() {
    let server = serve(RoomLimits::default()).await;
    let (mut ann, (bob, _bob)) =
        (Client::join(&server, "ann", "hall").await, join(&server, "bob", "flooded").await);
    let (rude, _rude) = join(&server, "rude", "flooded").await;
    let (peer, mut news) = join(&server, "peer", "flooded").await;
    // Ten megabytes a second are offered, for two seconds.
    let flood = tokio::spawn(async move {
        let mut offered = 0_usize;
        let mut pace = tokio::time::interval(Duration::from_millis(20));
        for _ in 0..100 {
            pace.tick().await;
            for _ in 0..14 {
                let sent = rude.local_participant().publish_data(vec![7; 14_000], "flood", false, Vec::new());
                match sent.await {
                    Ok(()) => offered += 14_000,
                    Err(_) => return (rude, offered),
                }
            }
        }
        (rude, offered)
    });
    let received = tokio::spawn(async move {
        let mut received = 0;
        while let Ok(Some(event)) = tokio::time::timeout(Duration::from_secs(2), news.recv()).await {
            if let RoomClientEvent::DataReceived { payload, .. } = event {
                received += payload.len();
            }
        }
        received
    });
    let (mut others, mut same) = (Duration::ZERO, Duration::ZERO);
    let mut number = 0;
    while !flood.is_finished() {
        others = others.max(ann.ping().await);
        let begin = Instant::now();
        number += 1;
        let attributes = BTreeMap::from([("number".to_owned(), number.to_string())]);
        bob.local_participant().set_attributes(attributes).await.expect("the server confirms it");
        same = same.max(begin.elapsed());
    }
    let (rude, offered) = flood.await.expect("no panic");
    let received = received.await.expect("no panic");
    println!(
        "{} kB were offered and {} kB passed on; others waited {others:?} at most, those in the same room {same:?}",
        offered / 1_000,
        received / 1_000
    );
    assert!(offered > 1_000_000, "{offered}");
    assert!(number >= MEANWHILE, "others were answered {number} times while the flood lasted");
    for room in [rude, bob, peer] {
        room.close().await;
    }
    server.rooms.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_reaches_into_another_room() {
    let server = serve(RoomLimits::default()).await;
    let mut ann = Client::join(&server, "ann", "hall").await;
    let mut rude = Client::join(&server, "rude", "other").await;
    ann.say(add_track("voice")).await;
    let sid = published(&mut ann).await.expect("it is taken");
    for request in [
        Request::Mute(MuteTrackRequest { sid: sid.clone(), muted: true }),
        Request::Subscription(UpdateSubscription {
            track_sids: vec![sid.clone()],
            subscribe: true,
            ..UpdateSubscription::default()
        }),
        Request::TrackSetting(UpdateTrackSettings {
            track_sids: vec![sid.clone()],
            disabled: true,
            ..UpdateTrackSettings::default()
        }),
        Request::SubscriptionPermission(SubscriptionPermission::default()),
    ] {
        rude.say(request).await;
        rude.ping().await;
    }
    // Media for the others' transports from a foreign address.
    let socket = UdpSocket::bind("127.0.0.1:0").await.expect("a socket");
    let media = server.rooms.addresses()[0];
    for number in 0..3_000_u16 {
        let mut packet = vec![0x80, 111, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1];
        packet[2..4].copy_from_slice(&number.to_be_bytes());
        packet.extend([0xf8; 60]);
        socket.send_to(&packet, media).await.expect("it is sent");
    }
    ann.say(Request::Ping(1)).await;
    loop {
        match ann.next().await.expect("she is connected") {
            Message::Pong(_) => break,
            told @ (Message::Mute(_) | Message::SubscriptionPermissionUpdate(_) | Message::Leave(_)) => {
                panic!("Ann was told of it: {told:?}")
            }
            _ => {}
        }
    }
    ann.ping().await;
    server.rooms.stop().await;
}
