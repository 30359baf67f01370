//! Hostile, broken and excessive input costs nobody else anything.
#![expect(clippy::wildcard_enum_match_arm, reason = "a test looks for one kind among many")]

mod client;
mod half_open;
mod inside;
#[path = "../common/token.rs"]
mod token;

use std::io::Write as _;
use std::time::Duration;

use flate2::Compression as Level;
use flate2::write::GzEncoder;
use livekit_protocol::signal_request::Message as Request;
use livekit_protocol::signal_response::Message;
use livekit_protocol::wrapped_join_request::Compression;
use livekit_protocol::{SessionDescription, UpdateParticipantMetadata};
use patience::soon;
use rooms::RoomLimits;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpStream, UdpSocket};
use tokio::time::Instant;

use client::{Client, Server, plain, request, serve, wrapped};
use token::token;

async fn members(server: &Server) -> usize {
    let mut eye =
        Client::dial(server, &token("eye", "hall"), &plain(&request())).await.expect("it is let in");
    match eye.next().await {
        Some(Message::Join(join)) => join.other_participants.len(),
        other => panic!("the first word was {other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_allowed_gets_livekits_words() {
    let server = serve(RoomLimits::default()).await;
    let good = plain(&request());
    let refused = |result: Result<Client, _>| result.err().expect("it was let in");
    assert_eq!(
        refused(Client::dial(&server, "", &good).await),
        (401, "no permissions to access the room".into())
    );
    assert_eq!(
        refused(Client::dial(&server, "x.y.z", &good).await),
        (401, "invalid authorization token".into())
    );
    let ann = token("ann", "hall");
    assert_eq!(refused(Client::dial(&server, &ann, "").await), (400, "join_request is required".into()));
    assert_eq!(
        refused(Client::dial(&server, &ann, "%25").await),
        (400, "cannot base64 decode wrapped join request".into())
    );
    let mut bomb = GzEncoder::new(Vec::new(), Level::best());
    bomb.write_all(&vec![0; 32 << 20]).expect("memory");
    let bomb = wrapped(Compression::Gzip, bomb.finish().expect("memory"));
    assert_eq!(refused(Client::dial(&server, &ann, &bomb).await), (400, "join request too large".into()));
    server.rooms.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_gets_a_newer_token_to_come_back_with() {
    let server = serve(RoomLimits::default()).await;
    let mut ann = Client::join(&server, "ann", "hall").await;
    let token = loop {
        match ann.next().await.expect("it is connected") {
            Message::RefreshToken(token) => break token,
            _ => continue,
        }
    };
    let mut again = Client::dial(&server, &token, &plain(&request())).await.expect("it is let in");
    match again.next().await {
        Some(Message::Join(join)) => assert_eq!(join.participant.expect("oneself").identity, "ann"),
        other => panic!("the first word was {other:?}"),
    }
    server.rooms.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn frames_that_make_no_sense_are_skipped() {
    let server = serve(RoomLimits::default()).await;
    let mut ann = Client::join(&server, "ann", "hall").await;
    let mut rude = Client::join(&server, "rude", "hall").await;
    let mut seed = fastrand::Rng::with_seed(7);
    for length in 0..200 {
        let bytes = (0..length).map(|_| seed.u8(..)).collect();
        rude.raw(bytes).await.expect("it is sent");
    }
    ann.ping().await;
    // Who says nonsense is still answered.
    rude.ping().await;
    server.rooms.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_offer_that_is_too_much_ends_its_sender_only() {
    let server = serve(RoomLimits::default()).await;
    let mut ann = Client::join(&server, "ann", "hall").await;
    let offers = [
        String::new(),
        "v=0".into(),
        "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:0\r\n".repeat(3_000),
        format!("v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\na={}\r\n", "x".repeat(200_000)),
    ];
    for (number, sdp) in offers.into_iter().enumerate() {
        let mut rude = Client::join(&server, &format!("rude {number}"), "hall").await;
        rude.say(Request::Offer(SessionDescription { r#type: "offer".into(), sdp, ..Default::default() }))
            .await;
        assert!(rude.until(|message| matches!(message, Message::Leave(_))).await, "offer {number} was taken");
        ann.ping().await;
    }
    // Larger than any message may be: the connection ends at once.
    let mut rude = Client::join(&server, "rude", "hall").await;
    let _ = rude.raw(vec![0; 1 << 20]).await;
    assert!(!rude.until(|_| false).await);
    ann.ping().await;
    server.rooms.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flood_of_messages_is_cut_off() {
    let server = serve(RoomLimits::default()).await;
    let mut ann = Client::join(&server, "ann", "hall").await;
    let mut rude = Client::join(&server, "rude", "hall").await;
    let flood = tokio::spawn(async move {
        for _ in 0..100_000 {
            let update = UpdateParticipantMetadata { name: "x".into(), ..Default::default() };
            let bytes = prost::Message::encode_to_vec(&livekit_protocol::SignalRequest {
                message: Some(Request::UpdateMetadata(update)),
            });
            if rude.raw(bytes).await.is_err() {
                return true;
            }
        }
        false
    });
    let mut worst = Duration::ZERO;
    for _ in 0..20 {
        worst = worst.max(ann.ping().await);
    }
    assert!(flood.await.expect("no panic"), "100 000 messages were taken");
    println!("a ping took {worst:?} at most");
    server.rooms.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flood_of_long_messages_is_cut_off_sooner() {
    let server = serve(RoomLimits::default()).await;
    let mut ann = Client::join(&server, "ann", "hall").await;
    let mut rude = Client::join(&server, "rude", "hall").await;
    let update = UpdateParticipantMetadata { metadata: "x".repeat(60_000), ..Default::default() };
    let bytes = prost::Message::encode_to_vec(&livekit_protocol::SignalRequest {
        message: Some(Request::UpdateMetadata(update)),
    });
    let (mut sent, begun) = (0, Instant::now());
    while sent < 2_000 && rude.raw(bytes.clone()).await.is_ok() {
        sent += 1;
    }
    assert!(sent < 2_000, "all of them were taken");
    // Ann is told of each that was: 500 may be said in a burst, and each counts as fifteen.
    let mut told = 0;
    ann.say(Request::Ping(1)).await;
    loop {
        match ann.next().await.expect("she is connected") {
            Message::Update(_) => told += 1,
            Message::Pong(_) => break,
            _ => {}
        }
    }
    println!("{sent} messages of 60 kB were sent, and Ann was told of {told}");
    // And what became free again since: 50 a second.
    let most = (500.0 + 50.0 * begun.elapsed().as_secs_f64()) / 15.0 + 1.0;
    assert!(told > 0 && f64::from(told) < most, "Ann was told of {told}, more than {most}");
    ann.ping().await;
    server.rooms.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_does_not_read_is_let_go() {
    // Ann may say much here, for the test's sake; what waits for the other is bounded by its bytes.
    let limits = RoomLimits { outbox_bytes: 1 << 20, messages_per_second: 100_000, ..RoomLimits::default() };
    let server = serve(limits).await;
    let mut ann = Client::join(&server, "ann", "hall").await;
    let mut deaf = Client::join(&server, "deaf", "hall").await;
    // `deaf` never reads again: it is sent every change, until its buffers and then its outbox are full.
    for number in 0..400_u32 {
        let update = UpdateParticipantMetadata {
            metadata: format!("{number}{}", "x".repeat(60_000)),
            ..UpdateParticipantMetadata::default()
        };
        ann.say(Request::UpdateMetadata(update)).await;
        let told = ann
            .until(|message| {
                matches!(message, Message::Update(update) if update.participants.iter().any(|p|
                p.identity == "ann" && p.metadata.starts_with(&number.to_string())))
            })
            .await;
        assert!(told, "ann is not told of her own change {number}");
    }
    // What was on the way still comes; then the connection is at its end.
    let mut read = 0;
    while deaf.next().await.is_some() {
        read += 1;
    }
    assert!(read < 400, "everything waited for somebody who did not read");
    ann.ping().await;
    server.rooms.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn datagrams_for_nobody_are_dropped() {
    let server = serve(RoomLimits::default()).await;
    let mut ann = Client::join(&server, "ann", "hall").await;
    let media = server.rooms.addresses()[0];
    let socket = UdpSocket::bind("127.0.0.1:0").await.expect("a socket");
    let mut seed = fastrand::Rng::with_seed(3);
    for length in 0..3_000 {
        let mut bytes: Vec<u8> = (0..length % 1200).map(|_| seed.u8(..)).collect();
        // A third look like connectivity checks, a third like media.
        if let Some(first) = bytes.first_mut() {
            *first = [0, 128, 22][length % 3];
        }
        socket.send_to(&bytes, media).await.expect("it is sent");
    }
    ann.ping().await;
    assert_eq!(members(&server).await, 1);
    server.rooms.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn streams_for_nobody_are_closed() {
    let server = serve(RoomLimits::default()).await;
    let mut ann = Client::join(&server, "ann", "hall").await;
    let media = server.rooms.tcp_addresses()[0];
    // Larger than any datagram, of nobody's, and empty.
    for first in [vec![0xff; 80], [&[0, 40][..], &[128; 40]].concat(), vec![0, 0]] {
        let mut stream = TcpStream::connect(media).await.expect("it is accepted");
        stream.write_all(&first).await.expect("it is sent");
        let mut rest = Vec::new();
        let closed = soon("the end of the stream", stream.read_to_end(&mut rest)).await;
        // A stream whose bytes were not all read is reset.
        assert!(closed.is_ok_and(|count| count == 0) || rest.is_empty());
    }
    ann.ping().await;
    server.rooms.stop().await;
}
