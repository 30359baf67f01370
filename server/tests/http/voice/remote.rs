//! The agent's port to an interview that is held elsewhere, over HTTP against a real server.

use std::sync::Arc;
use std::time::Duration;

use agent::interview::{
    ConversationPhase, Happening, Interview as _, InterviewError, NoticedPauses, TurnTimes,
};
use engine::{BuiltIn, SessionId};
use reqwest::StatusCode;
use serde_json::{Value, json};
use server::secrets::Hidden;
use server::voice::notes::{Note, Notes};
use server::worker::client::{EngineClient, EngineFault};
use server::worker::interview::RemoteInterview;
use tokio::sync::mpsc;
use tokio::time::sleep;

use crate::house::{House, SECRET, WordByWord, said, someone};

fn client(base: &str, secret: &str) -> EngineClient {
    EngineClient::new(base, &Hidden::new(secret)).unwrap()
}

async fn session(house: &House) -> SessionId {
    let (status, made) = house.engine_post("/engine/sessions/", &someone()).await;
    assert_eq!(status, StatusCode::CREATED);
    SessionId::parse(made["session_id"].as_str().unwrap()).unwrap()
}

fn interview(house: &House, session: SessionId) -> (RemoteInterview, mpsc::Receiver<Note>) {
    let (notes, noted) = Notes::queue();
    (RemoteInterview::new(client(&house.base, SECRET), session, notes), noted)
}

#[tokio::test]
async fn it_is_held_as_if_it_were_here() {
    let house = House::start().await;
    let session = session(&house).await;
    let (interview, _noted) = interview(&house, session);
    assert_eq!(interview.look(0).await.unwrap().standing, ConversationPhase::Ready);
    let opening = interview.start("v-1").await.unwrap();
    let first = opening.line.clone().unwrap();
    assert_eq!((opening.standing, first.seq, first.turn.as_str()), (ConversationPhase::Active, 1, "v-1"));
    let again = interview.start("v-2").await.unwrap();
    assert_eq!((again.line, again.standing), (None, ConversationPhase::Active), "it was opened before");
    assert_eq!(interview.propose("v-3", &said(3)).await, Ok(None), "no turn is proposed by HTTP");
    interview.activity().await.unwrap();
    let answer = interview.said("v-3", &said(3)).await.unwrap();
    assert_eq!(answer.line.as_ref().unwrap().seq, 3);
    assert_eq!(interview.said("v-3", &said(3)).await.unwrap(), answer, "the same again");
    assert_eq!(interview.said("v-3", "Something else.").await.unwrap().line, None);
    assert_eq!(interview.said("v-4", " ").await.unwrap().line, None);
    assert!(
        interview.said("v-5", &"word ".repeat(2_000)).await.unwrap().line.is_some(),
        "cut to what is taken"
    );
    let news = interview.look(0).await.unwrap();
    assert_eq!((news.seq, news.answered, news.lines.len()), (5, true, 1));
    let begins: String = news.lines[0].text.split_inclusive(' ').take(3).collect();
    interview.heard("v-5", &begins).await.unwrap();
    assert_eq!(interview.look(4).await.unwrap().lines[0].text, begins.trim());
    interview.heard("v-5", "what nobody said").await.unwrap();
    let snapshot = house.engine.snapshot(session).await.unwrap();
    assert!(snapshot.messages.iter().all(|(message, _)| message.modality == interview::Modality::Voice));
    house.turn(&session.to_string(), "e", "end", "").await;
    assert_eq!(interview.look(0).await.unwrap().standing, ConversationPhase::Over);
    assert_eq!(interview.said("v-6", &said(6)).await, Err(InterviewError::Over));
    house.engine.delete(session).await.unwrap();
    assert_eq!(interview.look(0).await, Err(InterviewError::Over));
    assert_eq!(interview.next(0, ConversationPhase::Over).await, Err(InterviewError::Over));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_happens_by_other_ways_is_told_at_once() {
    let writer = WordByWord::new();
    let house = House::start_with(|_| (), writer.clone()).await;
    let session = session(&house).await;
    let (interview, _noted) = interview(&house, session);
    interview.start("v-1").await.unwrap();
    let interview = Arc::new(interview);
    let next = |seq| {
        let interview = Arc::clone(&interview);
        tokio::spawn(async move { interview.next(seq, ConversationPhase::Active).await })
    };
    let waiting = next(1);
    sleep(Duration::from_millis(300)).await;
    assert!(!waiting.is_finished());
    writer.hold_back();
    let id = session.to_string();
    let typing = house.turn(&id, "typed", "user_turn", "I like boats.");
    let listening = async {
        let news = waiting.await.unwrap().unwrap();
        assert_eq!((news.seq, news.answered, news.replying, news.lines.len()), (2, true, true, 0));
        writer.let_through(1_000);
        let news = next(2).await.unwrap().unwrap();
        assert_eq!((news.seq, news.answered, news.replying), (3, false, false));
        assert_eq!(news.lines[0].turn, "typed");
    };
    tokio::join!(typing, listening);
    // A server that stops does not keep who waits.
    let waiting = next(3);
    sleep(Duration::from_millis(100)).await;
    assert!(house.stop().await);
    let told = patience::soon("word that the server stops", waiting).await.unwrap();
    assert_eq!(told, Err(InterviewError::Unavailable));
    assert_eq!(interview.said("v-2", &said(2)).await, Err(InterviewError::Unavailable));
}

#[tokio::test]
async fn hearing_is_told_of_the_names_in_the_papers() {
    let house = House::start().await;
    let mut someone = someone();
    someone["cv"] = json!("Skills\nKubernetes, Terraform and PostgreSQL at Northwind Ledger in Leeds.");
    let (_, made) = house.engine_post("/engine/sessions/", &someone).await;
    let session = SessionId::parse(made["session_id"].as_str().unwrap()).unwrap();
    let words = interview(&house, session).0.vocabulary().await.unwrap();
    assert!(words.iter().any(|word| word == "Kubernetes") && words.len() <= 200, "{words:?}");
}

#[tokio::test]
async fn what_happens_in_the_room_is_kept_and_counted() {
    let house = House::start().await;
    let session = session(&house).await;
    let (remote, mut noted) = interview(&house, session);
    let times = TurnTimes {
        turn: "v-2".to_owned(),
        endpoint: Duration::from_millis(210),
        played: Duration::from_millis(320),
        finished: Some(93),
        pauses: NoticedPauses { count: 2, longest: Duration::from_millis(1_400) },
        sure: Some(88),
        ..TurnTimes::default()
    };
    remote.timed(times).await;
    remote.happened(Happening::Joined).await;
    let client = client(&house.base, SECRET);
    for _ in 0..2 {
        client.note(session, &(&noted.recv().await.unwrap()).into()).await.unwrap();
    }
    client.note(session, &(&Note::Lost("connection".to_owned(), Some(250))).into()).await.unwrap();
    let events = house.engine.export(session).await.unwrap().events;
    let kept: Vec<_> = events.iter().filter(|event| event.kind.starts_with("voice_")).collect();
    let kinds: Vec<_> = kept.iter().map(|event| event.kind.as_str()).collect();
    assert_eq!(kinds, ["voice_turn", "voice_joined", "voice_lost"]);
    assert_eq!((&kept[0].data["endpoint_ms"], &kept[0].data["finished"]), (&json!(210), &json!(93)));
    let paused = ["pauses", "longest_pause_ms", "sure"].map(|name| &kept[0].data[name]);
    assert_eq!(paused, [&json!(2), &json!(1_400), &json!(88)]);
    assert_eq!(kept[2].data, json!({"reason": "connection", "again_ms": 250}));
    let text = house.get("/metrics").send().await.unwrap().text().await.unwrap();
    for figure in [
        "interviewos_voice_happenings_total{what=\"lost\"} 1",
        "interviewos_voice_turn_seconds_bucket{le=\"0.4\",until=\"played\"} 1",
    ] {
        assert!(text.lines().any(|line| line == figure), "{figure}\n{text}");
    }
    // Nothing that anybody said gets in by this way.
    let path = format!("/engine/sessions/{session}/notes/");
    for wrong in [
        json!({"kind": "lost", "reason": "I said so", "again_ms": null}),
        json!({"kind": "lost", "reason": "x".repeat(33), "again_ms": null}),
        json!({"kind": "said"}),
        json!({"kind": "turn", "turn_id": "v"}),
    ] {
        let (status, said) = house.engine_post(&path, &wrong).await;
        assert_eq!(
            (status, &said["error"]["code"]),
            (StatusCode::BAD_REQUEST, &json!("malformed")),
            "{said}"
        );
    }
    let nowhere = "/engine/sessions/0191b5a0-0000-4000-8000-000000000007/notes/";
    assert_eq!(house.engine_post(nowhere, &json!({"kind": "left"})).await.0, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_session_is_answered_once_it_is_newer() {
    let house = House::start().await;
    let session = session(&house).await;
    let client = client(&house.base, SECRET);
    let known = client.session(session, None).await.unwrap();
    assert!(!known.opened && known.replying_to.is_none());
    assert_eq!(client.session(session, Some(known.version - 1)).await.unwrap().version, known.version);
    let waiting = {
        let client = client.clone();
        tokio::spawn(async move { client.session(session, Some(known.version)).await })
    };
    sleep(Duration::from_millis(100)).await;
    assert!(!waiting.is_finished());
    house.turn(&session.to_string(), "s", "start", "").await;
    let newer = waiting.await.unwrap().unwrap();
    assert!(newer.version > known.version && newer.opened);
    let path = format!("/engine/sessions/{session}/?newer_than=soon");
    let request = house.get(&path).header("x-ingest-secret", SECRET);
    let response = request.send().await.unwrap();
    assert_eq!(response.status(), StatusCode::BAD_REQUEST);
    let said: Value = response.json().await.unwrap();
    assert!(said["error"]["message"].as_str().unwrap().contains("newer_than"), "{said}");
}

#[tokio::test]
async fn what_cannot_be_asked_is_told_apart() {
    let house = House::start_with(|_| (), Arc::new(BuiltIn)).await;
    assert_eq!(client(&house.base, SECRET).reach().await, Ok(()));
    let wrong = client(&house.base, "not the secret").reach().await;
    assert!(
        matches!(wrong, Err(EngineFault::Refused(protocol::engine_api::error::Code::Unauthorized))),
        "{wrong:?}"
    );
    assert_eq!(client(&format!("{}/how", house.base), SECRET).reach().await, Err(EngineFault::Garbage));
    assert!(house.stop().await);
    assert!(EngineClient::new("ws://h", &Hidden::new(SECRET)).is_none());
    assert!(EngineClient::new("http://h", &Hidden::new("a\nb")).is_none());
}
