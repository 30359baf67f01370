//! Agents in the rooms of a server: sent, watched, replaced, refused.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use agent::testing::FakeHearing;
use engine::{Engine, SessionId};
use futures::{StreamExt as _, stream};
use participant::{DisconnectReason, RoomClientEvent, RoomHandle, RoomOptions};
use reqwest::StatusCode;
use serde_json::{Value, json};
use server::speech::SpeechServices;
use server::voice::OpenSpeech;
use speech::SpeechError;
use speech::ports::{Abilities, SpeakRequest, SpeechChunk, TimedWord, Tts, Vad, VadStream};
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep};

use crate::house::{House, Visitor, answer};

/// Says each word in a fortieth of a second.
struct Hasty;

impl Tts for Hasty {
    fn abilities(&self) -> Abilities {
        let (name, languages) = ("hasty".to_owned(), Vec::new());
        Abilities { name, remote: false, streaming: false, interim: false, word_times: true, languages }
    }

    fn rate(&self) -> u32 {
        24_000
    }

    fn speak(&self, request: SpeakRequest) -> speech::ports::SpeechStream {
        let mut end = 0;
        let (mut words, mut said) = (Vec::new(), Vec::new());
        for (n, text) in (0..).zip(request.text.split_whitespace()) {
            words.push(TimedWord { text: text.to_owned(), start_ms: n * 25, end_ms: n * 25 + 25 });
            end += request.text[end..].find(text).unwrap() + text.len();
            said.push(end);
        }
        stream::iter([Ok(SpeechChunk { pcm: vec![2_000; words.len() * 600], words, said })]).boxed()
    }
}

/// Tells speech from silence, unless it is broken: then whoever asks it breaks off.
struct Fragile {
    broken: Arc<AtomicBool>,
    inner: FakeHearing,
}

impl Vad for Fragile {
    fn abilities(&self) -> Abilities {
        Vad::abilities(&self.inner)
    }

    fn open(&self) -> Result<Box<dyn VadStream>, SpeechError> {
        assert!(!self.broken.load(Ordering::Relaxed), "broken, as the test wants it");
        Vad::open(&self.inner)
    }
}

pub(super) fn speech(broken: &Arc<AtomicBool>) -> OpenSpeech {
    let broken = Arc::clone(broken);
    Box::new(move || {
        let hearing = FakeHearing::default();
        let vad = Fragile { broken: Arc::clone(&broken), inner: hearing.clone() };
        let (stt, turns) = (Arc::new(hearing.clone()), Arc::new(hearing));
        Ok(SpeechServices {
            stt,
            tts: Arc::new(Hasty),
            vad: Arc::new(vad),
            turns,
            pace: Arc::new(tokio::sync::watch::Sender::new(None)),
        })
    })
}

pub(super) fn sound() -> Arc<AtomicBool> {
    Arc::default()
}

/// What the page's server function answers.
pub(super) async fn join_voice(house: &House, visitor: &Visitor, session: SessionId) -> (StatusCode, Value) {
    let form = [("id", session.to_string())];
    let request = house.post("/api/join_voice").header("origin", &house.base).form(&form);
    answer(request.header("cookie", &visitor.cookie).header("accept", "application/json")).await
}

/// The candidate in the room.
pub(super) struct Candidate {
    pub room: RoomHandle,
    events: mpsc::Receiver<RoomClientEvent>,
}

impl Candidate {
    pub async fn join(ticket: &Value) -> Self {
        let text = |name: &str| ticket[name].as_str().unwrap_or_else(|| panic!("no {name}: {ticket}"));
        let (room, events) =
            RoomHandle::connect(text("server_url"), text("token"), RoomOptions::default()).await.unwrap();
        Self { room, events }
    }

    /// Waits until an agent says what it does; gives its identity and the first of what it says.
    pub async fn sees_the_interviewer(&mut self) -> (String, String) {
        let pick = |event| {
            if let RoomClientEvent::ParticipantConnected(member) = event {
                let state = member.attributes.get("lk.agent.state").filter(|_| member.agent).cloned();
                state.map(|state| (member.identity, state))
            } else if let RoomClientEvent::ParticipantAttributesChanged(identity, changed) = event {
                changed.get("lk.agent.state").map(|state| (identity, state.clone()))
            } else {
                None
            }
        };
        self.waits("interviewer", pick).await
    }

    pub async fn waits<T>(&mut self, what: &str, pick: impl Fn(RoomClientEvent) -> Option<T>) -> T {
        let search = async {
            loop {
                if let Some(found) = pick(self.events.recv().await.expect("the room goes on")) {
                    return found;
                }
            }
        };
        patience::soon(what, search).await
    }
}

/// Waits until this holds.
pub(super) async fn until(what: &str, holds: impl AsyncFn() -> bool) {
    let began = Instant::now();
    while !holds().await {
        assert!(began.elapsed() < patience::PATIENCE, "{what}");
        sleep(Duration::from_millis(20)).await;
    }
}

pub(super) async fn kinds(engine: &Engine, session: SessionId) -> Vec<String> {
    let events = engine.export(session).await.unwrap().events;
    events.into_iter().map(|event| event.kind).filter(|kind| kind.starts_with("voice_")).collect()
}

async fn has_figure(house: &House, line: &str) -> bool {
    let text = house.get("/metrics").send().await.unwrap().text().await.unwrap();
    text.lines().any(|known| known == line)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn that_a_machine_is_too_slow_to_talk_is_said_before_anybody_talks() {
    let seconds = Duration::from_secs;
    let pace = speech::local::ModelTimings { hearing: seconds(2), judging: seconds(1), speaking: seconds(1) };
    let slow: OpenSpeech = {
        let open = speech(&sound());
        Box::new(move || {
            let speech = open()?;
            speech.pace.send_replace(Some(pace));
            Ok(speech)
        })
    };
    let house = House::start_with_speech(|_| (), slow).await;
    let (visitor, session) = house.visitor().await;
    let page = async |path: &str| {
        let request = house.get(path).header("cookie", &visitor.cookie);
        request.send().await.unwrap().text().await.unwrap()
    };
    let told = "a spoken reply takes about 4 seconds. Typing is answered at once.";
    // Nothing is known until speech is opened, here by the first who wants to talk.
    assert!(!page("/").await.contains(told));
    let (status, ticket) = join_voice(&house, &visitor, session).await;
    assert_eq!(status, StatusCode::OK);
    assert!(page("/").await.contains(told));
    assert!(page(&format!("/interview/{session}")).await.contains(told));
    // A page that was open before, or whose agent works elsewhere, is told in the room.
    let mut candidate = Candidate::join(&ticket).await;
    let pick = |event| {
        let attributes = if let RoomClientEvent::ParticipantConnected(member) = event {
            member.attributes
        } else if let RoomClientEvent::ParticipantAttributesChanged(_, changed) = event {
            changed
        } else {
            return None;
        };
        attributes.get("interviewos.trouble").filter(|trouble| *trouble == "slow").cloned()
    };
    candidate.waits("word that it is slow", pick).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_interviewer_comes_with_the_candidate_and_leaves_with_the_interview() {
    let house = House::start_with_speech(|_| (), speech(&sound())).await;
    let (visitor, session) = house.visitor().await;
    let (status, ticket) = join_voice(&house, &visitor, session).await;
    assert_eq!(status, StatusCode::OK, "{ticket}");
    assert_eq!(ticket["room"], json!(format!("interview-{session}")));
    assert_eq!(ticket["server_url"], json!(house.base.replace("http://", "ws://")));
    let mut candidate = Candidate::join(&ticket).await;
    let (identity, _) = candidate.sees_the_interviewer().await;
    assert_eq!(identity, format!("interviewer-{session}"));
    // It opens the interview.
    let lines = async || house.engine.snapshot(session).await.unwrap().messages.len();
    until("it says something", async || lines().await == 1).await;
    assert!(has_figure(&house, "interviewos_voice_sessions 1").await);
    // A second ticket brings no second one.
    assert_eq!(join_voice(&house, &visitor, session).await.0, StatusCode::OK);
    assert!(has_figure(&house, "interviewos_voice_sessions 1").await);

    house.turn(&session.to_string(), "e", "end", "").await;
    let pick = |event| {
        if let RoomClientEvent::ParticipantDisconnected(member) = event {
            Some(member.identity)
        } else {
            None
        }
    };
    assert_eq!(candidate.waits("farewell", pick).await, identity);
    until("it is let go", async || has_figure(&house, "interviewos_voice_sessions 0").await).await;
    let left = async || kinds(&house.engine, session).await.last().is_some_and(|kind| kind == "voice_left");
    until("its leaving is kept", left).await;
    assert_eq!(kinds(&house.engine, session).await[0], "voice_joined");
    assert_eq!(join_voice(&house, &visitor, session).await.0, StatusCode::CONFLICT, "it is over");
    candidate.room.close().await;
    assert!(house.stop().await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_interviewer_that_is_lost_is_replaced_and_a_stop_sends_it_out() {
    let broken = Arc::new(AtomicBool::new(true));
    let house = House::start_with_speech(|_| (), speech(&broken)).await;
    let (visitor, session) = house.visitor().await;
    let (_, ticket) = join_voice(&house, &visitor, session).await;
    let mut candidate = Candidate::join(&ticket).await;
    until("a loss is told", async || kinds(&house.engine, session).await.contains(&"voice_lost".to_owned()))
        .await;
    let events = house.engine.export(session).await.unwrap().events;
    let lost = events.iter().find(|event| event.kind == "voice_lost").unwrap();
    assert_eq!(lost.data, json!({"reason": "broke_off", "again_ms": 250}));
    broken.store(false, Ordering::Relaxed);
    until("another one comes", async || {
        kinds(&house.engine, session).await.contains(&"voice_joined".to_owned())
    })
    .await;
    candidate.sees_the_interviewer().await;
    let engine = house.engine.clone();
    assert!(house.stop().await, "nothing had to be cut off");
    assert_eq!(kinds(&engine, session).await.last().unwrap(), "voice_left", "kept before the end");
    let pick = |event| if let RoomClientEvent::Disconnected(reason) = event { Some(reason) } else { None };
    assert_eq!(candidate.waits("farewell", pick).await, DisconnectReason::ServerShutdown);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn those_for_whom_there_is_no_place_are_told_to_type() {
    let house = House::start_with_speech(|s| s.voice_sessions = 1, speech(&sound())).await;
    let (visitor, session) = house.visitor().await;
    assert_eq!(join_voice(&house, &visitor, session).await.0, StatusCode::OK);
    let (other, second) = house.visitor().await;
    let (status, said) = join_voice(&house, &other, second).await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(said.to_string().contains("type your answers"), "{said}");
    let path = format!("/engine/sessions/{second}/voice/");
    let (status, said) = house.engine_post(&path, &Value::Null).await;
    assert_eq!((status, &said["error"]["code"]), (StatusCode::SERVICE_UNAVAILABLE, &json!("busy")));
    assert_eq!(join_voice(&house, &visitor, second).await.0, StatusCode::NOT_FOUND, "somebody else's");
    assert_eq!(join_voice(&house, &visitor, session).await.0, StatusCode::OK, "whoever has one keeps it");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_browser_does_not_take_all_the_places() {
    let house = House::start_with_speech(|s| s.voice_sessions = 6, speech(&sound())).await;
    let (greedy, first) = house.visitor().await;
    let mut refused = 0;
    assert_eq!(join_voice(&house, &greedy, first).await.0, StatusCode::OK);
    for n in 0..12 {
        let session = house.interview_of(&greedy).await;
        let (status, said) = join_voice(&house, &greedy, session).await;
        if n == 0 {
            assert_eq!(status, StatusCode::OK, "the next, while the last one ends");
            continue;
        }
        assert_eq!(status, StatusCode::TOO_MANY_REQUESTS, "{said}");
        assert!(said.to_string().contains("type your answers"), "{said}");
        refused += 1;
    }
    assert_eq!(refused, 11);
    for _ in 0..4 {
        let (other, session) = house.visitor().await;
        assert_eq!(join_voice(&house, &other, session).await.0, StatusCode::OK, "there is room for others");
    }
    assert_eq!(join_voice(&house, &greedy, first).await.0, StatusCode::OK, "whoever has a place keeps it");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_speech_people_are_told_what_to_do() {
    let missing: OpenSpeech = Box::new(|| Err("there is no model in /PRIVATE/place".to_owned()));
    let house = House::start_with_speech(|_| (), missing).await;
    let (visitor, session) = house.visitor().await;
    let (status, said) = join_voice(&house, &visitor, session).await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
    let said = said.to_string();
    assert!(said.contains("interviewos models fetch") && !said.contains("PRIVATE"), "{said}");
    let path = format!("/engine/sessions/{session}/voice/");
    let (status, said) = house.engine_post(&path, &Value::Null).await;
    assert_eq!((status, &said["error"]["code"]), (StatusCode::SERVICE_UNAVAILABLE, &json!("voice_off")));
}
