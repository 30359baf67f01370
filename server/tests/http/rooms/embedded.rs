//! Rooms in the server itself.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::sync::Arc;
use std::time::Duration;

use engine::BuiltIn;
use livekit_api::access_token::{AccessToken, VideoGrants};
use participant::{DisconnectReason, RoomClientError, RoomClientEvent, RoomHandle, RoomOptions};
use patience::PATIENCE;
use reqwest::StatusCode;
use serde_json::json;
use server::livekit::keys::Keys;
use server::settings::RoomsChoice;
use tokio::time::Instant;

use super::{Guest, Voice, asked, interviewer};
use crate::house::House;

fn keys(house: &House) -> Keys {
    Keys::load_or_create(&house.settings.data).unwrap()
}

/// A figure of the metrics.
async fn figure(house: &House, name: &str) -> f64 {
    let text = house.get("/metrics").send().await.unwrap().text().await.unwrap();
    let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    line.unwrap_or_else(|| panic!("{name} is missing")).parse().unwrap()
}

/// Waits until a figure is this one.
async fn becomes(house: &House, name: &str, value: f64) {
    let began = Instant::now();
    while figure(house, name).await != value {
        assert!(began.elapsed() < PATIENCE, "{name} does not become {value}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_candidate_and_an_interviewer_hear_each_other() {
    let house = House::start().await;
    let (voice, session) = Voice::of_new_session(&house.client, &house.base).await;
    assert_eq!(voice.url, house.base.replace("http://", "ws://"), "the host that it came by");
    assert!(voice.room.ends_with(&session) && voice.identity.ends_with(&session), "{voice:?}");
    let mut candidate = voice.join().await;
    let mut interviewer = Guest::join(&voice.url, &interviewer(&keys(&house), &voice.room)).await;
    assert_eq!(
        (candidate.room.name(), candidate.room.local_participant().identity()),
        (voice.room.as_str(), voice.identity.as_str())
    );
    let _sources = (candidate.speak(440.0).await, interviewer.speak(880.0).await);
    let (one, other) = tokio::join!(candidate.hears(880.0), interviewer.hears(440.0));
    assert!(one >= 0.6 && other >= 0.6, "{one} {other}");

    // Data both ways; of its own metadata the candidate may say nothing.
    let ask = b"one moment".to_vec();
    candidate.room.local_participant().publish_data(ask.clone(), "ask", true, Vec::new()).await.unwrap();
    let pick = |event| {
        if let RoomClientEvent::DataReceived { from, topic, payload } = event {
            Some((from, topic, payload))
        } else {
            None
        }
    };
    assert_eq!(interviewer.wait("data", pick).await, (voice.identity.clone(), "ask".to_owned(), ask));
    interviewer.room.local_participant().send_text("lk.transcription", "Take your time.").await.unwrap();
    let pick = |event| if let RoomClientEvent::TextStreamOpened(text) = event { Some(text) } else { None };
    assert_eq!(candidate.wait("text", pick).await.read_all().await.unwrap(), "Take your time.");
    let mine = [("lk.agent.state".to_owned(), "speaking".to_owned())].into();
    let refused = candidate.room.local_participant().set_attributes(mine).await;
    assert!(matches!(refused, Err(RoomClientError::Refused(_))), "{refused:?}");

    // What goes on is counted, WebSockets among the connections.
    assert_eq!(figure(&house, "interviewos_rooms_open").await, 1.0);
    assert_eq!(figure(&house, "interviewos_room_participants").await, 2.0);
    assert!(figure(&house, "interviewos_connections_open").await >= 3.0);
    candidate.room.close().await;
    becomes(&house, "interviewos_room_participants", 1.0).await;
    interviewer.room.close().await;
    becomes(&house, "interviewos_room_participants", 0.0).await;
    assert!(house.stop().await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_joins_again_takes_the_earlier_place() {
    let house = House::start().await;
    let (voice, session) = Voice::of_new_session(&house.client, &house.base).await;
    let mut first = voice.join().await;
    let again = Voice::of(&house.client, &house.base, &session).await;
    assert_eq!((&again.room, &again.identity), (&voice.room, &voice.identity));
    let second = again.join().await;
    let pick = |event| if let RoomClientEvent::Disconnected(reason) = event { Some(reason) } else { None };
    assert_eq!(first.wait("end", pick).await, DisconnectReason::DuplicateIdentity);
    second.room.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_room_of_an_interview_that_is_over_is_closed_and_its_token_refused() {
    let house = House::start().await;
    for deleted in [true, false] {
        let (voice, session) = Voice::of_new_session(&house.client, &house.base).await;
        assert_eq!(house.turn(&session, "s", "start", "").await.0, StatusCode::OK);
        let mut candidate = voice.join().await;
        match deleted {
            true => house.engine.delete(engine::SessionId::parse(&session).unwrap()).await.unwrap(),
            false => assert_eq!(house.turn(&session, "e", "end", "").await.0, StatusCode::OK),
        }
        let pick =
            |event| if let RoomClientEvent::Disconnected(reason) = event { Some(reason) } else { None };
        assert_eq!(candidate.wait("farewell", pick).await, DisconnectReason::RoomClosed);
        let again = RoomHandle::connect(&voice.url, &voice.token, RoomOptions::default()).await;
        assert!(again.is_err(), "the token is good for nothing any more");
        let path = format!("/rtc/validate?access_token={}", voice.token);
        assert_eq!(house.get(&path).send().await.unwrap().status(), StatusCode::NOT_FOUND);
        becomes(&house, "interviewos_rooms_open", 0.0).await;
    }
}

#[tokio::test]
async fn what_was_not_signed_here_is_refused_in_livekits_words() {
    let house = House::start_with(|s| (s.browser_rate, s.address_rate) = (4, 4), Arc::new(BuiltIn)).await;
    let (voice, _) = Voice::of_new_session(&house.client, &house.base).await;
    let mut forger = keys(&house);
    forger.secret = server::secrets::Hidden::new("another secret of at least 32 characters");
    let forged = interviewer(&forger, &voice.room);
    let validate = async |token: &str| {
        let response = house.get(&format!("/rtc/validate?access_token={token}")).send().await.unwrap();
        assert!(!response.headers().contains_key("set-cookie"));
        assert_eq!(response.headers()["access-control-allow-origin"], "*");
        (response.status().as_u16(), response.text().await.unwrap())
    };
    let bad = "invalid authorization token: go-jose/go-jose: error in cryptographic primitive";
    assert_eq!(validate(&forged).await, (401, bad.to_owned()));
    assert_eq!(validate("").await, (401, "no permissions to access the room".to_owned()));
    // SDKs send no cookies and come from anywhere, as often as they must.
    for _ in 0..20 {
        assert_eq!(validate(&voice.token).await, (200, "success".to_owned()));
    }
    let refused = RoomHandle::connect(&voice.url, &forged, RoomOptions::default()).await.err().unwrap();
    assert!(matches!(&refused, RoomClientError::Join(why) if !why.contains(&forged)), "{refused:?}");

    // The candidate's token is for one room, and no key to the server API.
    let list = async |token: &str| {
        let request = house.post("/twirp/livekit.RoomService/ListRooms").bearer_auth(token).json(&json!({}));
        let response = request.header("origin", "https://elsewhere.example").send().await.unwrap();
        (response.status().as_u16(), response.text().await.unwrap())
    };
    assert_eq!(list(&voice.token).await.0, 401);
    let Keys { key, secret } = keys(&house);
    let grants = VideoGrants { room_list: true, ..VideoGrants::default() };
    let admin = AccessToken::with_api_key(&key, secret.expose()).with_grants(grants).to_jwt().unwrap();
    assert_eq!(list(&admin).await.0, 200);
    assert!(house.stop().await);
}

#[tokio::test]
async fn voice_is_for_interviews_that_are_not_over() {
    let house = House::start().await;
    let session = house.session().await;
    for unknown in ["00000000-0000-4000-8000-000000000000", "x"] {
        let (status, said) = asked(&house.client, &house.base, unknown).await;
        assert_eq!((status, &said["error"]["code"]), (StatusCode::NOT_FOUND, &json!("not_found")));
    }
    assert_eq!(asked(&house.client, &house.base, &session).await.0, StatusCode::CREATED, "before its start");
    house.turn(&session, "t-0", "start", "").await;
    house.turn(&session, "t-1", "end", "").await;
    let (status, said) = asked(&house.client, &house.base, &session).await;
    assert_eq!((status, &said["error"]["code"]), (StatusCode::CONFLICT, &json!("session_ended")));
}

#[tokio::test]
async fn rooms_can_be_off() {
    let house = House::start_with(|s| s.rooms = RoomsChoice::Off, Arc::new(BuiltIn)).await;
    let session = house.session().await;
    let request = house.post(&format!("/engine/sessions/{session}/voice/"));
    let response = request.header("x-ingest-secret", crate::house::SECRET).send().await.unwrap();
    assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert!(!response.headers().contains_key("retry-after"), "waiting would not help");
    let said: serde_json::Value = response.json().await.unwrap();
    assert_eq!(said["error"]["code"], "voice_off");
    assert!(said["error"]["message"].as_str().unwrap().contains("`rooms`"), "{said}");
    assert_eq!(house.get("/rtc/validate").send().await.unwrap().status(), StatusCode::NOT_FOUND);
    assert!(!house.settings.data.join("livekit-key").exists());
}

#[tokio::test]
async fn keys_are_kept_over_a_restart() {
    let house = House::start().await;
    let (voice, session) = Voice::of_new_session(&house.client, &house.base).await;
    let path = house.settings.data.join("livekit-key");
    let kept = fs::read_to_string(&path).unwrap();
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    let house = house.restart().await;
    assert_eq!(fs::read_to_string(&path).unwrap(), kept);
    let validate = house.get(&format!("/rtc/validate?access_token={}", voice.token));
    assert_eq!(validate.send().await.unwrap().status(), StatusCode::OK, "what was given out still opens");
    let again = Voice::of(&house.client, &house.base, &session).await;
    assert_eq!((again.room, again.identity), (voice.room, voice.identity));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stop_sends_everybody_out_and_is_prompt() {
    let house = House::start().await;
    let (voice, _) = Voice::of_new_session(&house.client, &house.base).await;
    let mut candidate = voice.join().await;
    let _source = candidate.speak(440.0).await;
    assert!(house.stop().await, "nothing had to be cut off");
    let pick = |event| if let RoomClientEvent::Disconnected(reason) = event { Some(reason) } else { None };
    assert_eq!(candidate.wait("farewell", pick).await, DisconnectReason::ServerShutdown);
}
