//! Texts, messages and calls between two participants.

use std::collections::BTreeMap;
use std::time::Duration;

use participant::{FileInfo, RoomClientEvent, RpcError};
use patience::PATIENCE;
use tokio::time::Instant;

use crate::support::{Server, say};

#[tokio::test(flavor = "multi_thread")]
async fn a_transcription_streams_as_it_comes() {
    let server = Server::start().await;
    let mut ada = server.join("ada").await;
    let bob = server.join("agent-bob").await;
    let attributes = |last: &str| {
        BTreeMap::from([
            ("lk.segment_id".to_owned(), "SG_1".to_owned()),
            ("lk.transcription_final".to_owned(), last.to_owned()),
        ])
    };
    let local = bob.room.local_participant();
    let mut writer =
        local.stream_text("lk.transcription", attributes("false"), Vec::new(), "").await.unwrap();
    let mut reader = ada
        .wait("text", |event| match event {
            RoomClientEvent::TextStreamOpened(reader) => Some(reader),
            _ => None,
        })
        .await;
    assert_eq!(
        (reader.info().topic.as_str(), reader.info().from.as_str()),
        ("lk.transcription", "agent-bob")
    );
    assert_eq!(&reader.info().attributes, &attributes("false"));
    // Each piece arrives before the next is sent.
    for piece in ["Tell me ", "about a ", "façade — ", "and why."] {
        writer.write(piece).await.unwrap();
        assert_eq!(reader.next().await.unwrap().unwrap(), piece);
    }
    writer.close(attributes("true")).await.unwrap();
    assert!(reader.next().await.is_none());
    assert_eq!(&reader.info().attributes, &attributes("true"));

    let long = "Wörter ".repeat(10_000);
    local.send_text("notes", &long).await.unwrap();
    let mut reader = ada
        .wait("text", |event| match event {
            RoomClientEvent::TextStreamOpened(reader) => Some(reader),
            _ => None,
        })
        .await;
    assert_eq!(reader.read_all().await.unwrap(), long);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_goes_over_whole_and_no_message_waits_for_it() {
    let server = Server::start().await;
    let mut ada = server.join("ada").await;
    let bob = server.join("bob").await;
    let local = bob.room.local_participant();
    let bytes: Vec<u8> = (0..3_000_000_u32).map(|n| (n.wrapping_mul(n) >> 7) as u8).collect();
    let file = FileInfo { name: "cv.pdf".to_owned(), mime_type: "application/pdf".to_owned() };
    let attributes = BTreeMap::from([("k".to_owned(), "v".to_owned())]);
    let length = Some(bytes.len() as u64);
    let mut writer =
        local.stream_bytes("files", attributes.clone(), Vec::new(), file.clone(), length).await.unwrap();
    let mut reader = ada
        .wait("bytes", |event| match event {
            RoomClientEvent::ByteStreamOpened(reader) => Some(reader),
            _ => None,
        })
        .await;
    let info = reader.info();
    assert_eq!((info.topic.as_str(), info.from.as_str(), info.id.as_str()), ("files", "bob", writer.id()));
    assert_eq!((&info.attributes, &info.file, info.total_length), (&attributes, &Some(file), length));
    let reading = tokio::spawn(async move { (reader.read_all().await.unwrap(), reader) });
    let start = Instant::now();
    let write = async {
        writer.write(&bytes).await.unwrap();
        writer.close([("end".to_owned(), "yes".to_owned())].into()).await.unwrap();
    };
    // More messages than may wait at once, while the file is under way.
    let messages = async {
        for n in 0..200_u32 {
            local.publish_data(n.to_be_bytes().to_vec(), "n", true, Vec::new()).await.unwrap();
        }
    };
    tokio::join!(write, messages);
    let (got, reader) = reading.await.unwrap();
    assert!(got == bytes, "{} bytes came, or others", got.len());
    assert_eq!(reader.info().attributes["end"], "yes");
    say(&format!("3 MB in {:?}", start.elapsed()));
    let mut next = 0_u32;
    while next < 200 {
        let payload = ada
            .wait("message", |event| match event {
                RoomClientEvent::DataReceived { payload, .. } => Some(payload),
                _ => None,
            })
            .await;
        assert_eq!(payload, next.to_be_bytes());
        next += 1;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn messages_reach_those_they_are_for() {
    let server = Server::start().await;
    let mut ada = server.join("ada").await;
    let mut bob = server.join("bob").await;
    let eve = server.join("eve").await;
    let local = eve.room.local_participant();
    let everybody = Vec::new;
    local.publish_data(b"for ada".to_vec(), "t", true, vec!["ada".to_owned()]).await.unwrap();
    for n in 0..100_u8 {
        local.publish_data(vec![n], "n", true, everybody()).await.unwrap();
    }
    // Of what may be lost, one arrives at least.
    for _ in 0..10 {
        local.publish_data(b"perhaps".to_vec(), "lossy", false, everybody()).await.unwrap();
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let message = |event| match event {
        RoomClientEvent::DataReceived { from, topic, payload } => Some((from, topic, payload)),
        _ => None,
    };
    let first = ada.wait("message", message).await;
    assert_eq!(first, ("eve".to_owned(), "t".to_owned(), b"for ada".to_vec()));
    for (who, joined) in [("ada", &mut ada), ("bob", &mut bob)] {
        let mut next = 0;
        let mut lossy = false;
        while next < 100 || !lossy {
            match joined.wait("message", message).await {
                (_, topic, payload) if topic == "n" => {
                    assert_eq!(payload, [next], "in order, for {who}");
                    next += 1;
                }
                (_, topic, payload) => {
                    assert_eq!((topic.as_str(), payload.as_slice()), ("lossy", &b"perhaps"[..]));
                    lossy = true;
                }
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_both_ways_with_answers_errors_and_silence() {
    let server = Server::start().await;
    let ada = server.join("ada").await;
    let bob = server.join("bob").await;
    // Both know of each other.
    while ada.room.remote_participants().await.unwrap().is_empty() {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let (ada, bob) = (ada.room.local_participant().clone(), bob.room.local_participant().clone());
    for (me, you) in [(&ada, &bob), (&bob, &ada)] {
        you.register_rpc_method("greet", |call| async move {
            Ok(format!("{} says {} in {} s", call.caller, call.payload, call.within.as_secs()))
        })
        .await
        .unwrap();
        let within = PATIENCE;
        let answer = me.perform_rpc(you.identity(), "greet", "hello", within).await;
        assert_eq!(answer, Ok(format!("{} says hello in {} s", me.identity(), within.as_secs())));
        let missing = me.perform_rpc(you.identity(), "nothing", "", within).await;
        assert_eq!(missing, Err(RpcError::unsupported_method()));
        let nobody = me.perform_rpc("nobody", "greet", "", within).await;
        assert_eq!(nobody, Err(RpcError::recipient_not_found()));
        let long = me.perform_rpc(you.identity(), "greet", &"x".repeat(20_000), within).await;
        assert_eq!(long, Err(RpcError::request_too_large()));
    }
    bob.register_rpc_method("refuse", |_| async { Err(RpcError::new(42, "no")) }).await.unwrap();
    bob.register_rpc_method("sleep", |_| async {
        std::future::pending::<()>().await;
        Ok(String::new())
    })
    .await
    .unwrap();
    let refused = ada.perform_rpc("bob", "refuse", "", PATIENCE).await;
    assert_eq!(refused, Err(RpcError::new(42, "no")));
    let late = ada.perform_rpc("bob", "sleep", "", Duration::from_millis(500)).await;
    assert_eq!(late, Err(RpcError::response_timeout()));
}
