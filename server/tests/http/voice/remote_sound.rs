//! The sound of answers where the agent is a process of its own: over HTTP against a real server.

use std::sync::{Arc, Mutex};

use agent::interview::Interview as _;
use axum::body::Bytes;
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use axum::{Json, Router};
use engine::SessionId;
use http::StatusCode;
use serde_json::json;
use server::secrets::Hidden;
use server::voice::notes::Notes;
use server::worker::client::EngineClient;
use server::worker::interview::RemoteInterview;
use store::{OggPackets, SOUND_FOLDER};
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio_util::task::TaskTracker;

use crate::house::{House, SECRET, said};

/// An interview that is held from elsewhere, and what holds its stop up until the sound is kept.
async fn held(house: &House) -> (RemoteInterview, SessionId, TaskTracker) {
    let (_, session) = house.visitor().await;
    let (interview, tasks) = remote(&house.base, session);
    interview.start("v-1").await.unwrap();
    (interview, session, tasks)
}

fn remote(base: &str, session: SessionId) -> (RemoteInterview, TaskTracker) {
    let client = EngineClient::new(base, &Hidden::new(SECRET)).unwrap();
    let (tasks, (notes, _)) = (TaskTracker::new(), Notes::queue());
    (RemoteInterview::new(client, session, notes).recording(tasks.clone()), tasks)
}

/// 20 ms of Opus, each unlike the others.
fn packet(n: u8) -> Arc<[u8]> {
    Arc::from([0xf8, n, 0xfe])
}

/// Says this in a turn, and has it recorded as the agent does; `keep`: whether it becomes an answer.
async fn speak(interview: &RemoteInterview, tasks: &TaskTracker, turn: &str, keep: bool) {
    let mut recording = interview.record(turn).unwrap();
    for n in 0..200 {
        recording.packet(packet(n));
    }
    if keep {
        recording.keep();
        interview.said(turn, &said(turn.len())).await.unwrap();
    } else {
        drop(recording);
    }
    tasks.close();
    tasks.wait().await;
    tasks.reopen();
}

#[tokio::test]
async fn an_answer_is_heard_as_it_was_spoken_where_that_is_wanted_and_nothing_else() {
    let house = House::start().await;
    let (interview, session, tasks) = held(&house).await;
    speak(&interview, &tasks, "v-2", true).await;
    assert!(house.engine.sounds(session).await.unwrap().is_empty(), "nobody has switched it on");
    let folder = house.settings.data.join(SOUND_FOLDER);
    assert!(!folder.exists());

    house.engine.keep_sound(session, true).await.unwrap();
    speak(&interview, &tasks, "v-3", true).await;
    speak(&interview, &tasks, "v-no-answer", false).await;
    let kept: Vec<u32> = house.engine.sounds(session).await.unwrap().iter().map(|sound| sound.seq).collect();
    assert_eq!(kept, [4]);
    let mut packets = OggPackets::of(house.engine.sound(session, 4).await.unwrap()).unwrap();
    let heard: Vec<Vec<u8>> = std::iter::from_fn(|| packets.next_packet().unwrap()).collect();
    assert_eq!(heard, (0..200).map(|n| packet(n).to_vec()).collect::<Vec<_>>());
    let files = std::fs::read_dir(folder.join(session.to_string())).unwrap().count();
    assert_eq!(files, 2, "the sound of the answer, and the wish");

    house.engine.keep_sound(session, false).await.unwrap();
    speak(&interview, &tasks, "v-5", true).await;
    assert_eq!(house.engine.sounds(session).await.unwrap().len(), 1, "it is asked for each answer");
}

#[tokio::test]
async fn switched_on_in_the_middle_of_an_answer_it_is_kept_from_the_next_on() {
    let house = House::start().await;
    let (interview, session, tasks) = held(&house).await;
    let mut recording = interview.record("v-2").unwrap();
    recording.packet(packet(1));
    // Whether it is wanted is asked when somebody begins to speak.
    tasks.close();
    tasks.wait().await;
    house.engine.keep_sound(session, true).await.unwrap();
    for n in 0..200 {
        recording.packet(packet(n));
    }
    recording.keep();
    interview.said("v-2", &said(2)).await.unwrap();
    assert!(house.engine.sounds(session).await.unwrap().is_empty());
}

#[tokio::test]
async fn the_interview_goes_on_whatever_becomes_of_its_sound() {
    let house = House::start().await;
    let (interview, session, tasks) = held(&house).await;
    let folder = house.settings.data.join(SOUND_FOLDER);
    std::fs::write(&folder, "a file where the folder should be").unwrap();
    speak(&interview, &tasks, "v-2", true).await;
    std::fs::remove_file(&folder).unwrap();
    house.engine.keep_sound(session, true).await.unwrap();
    speak(&interview, &tasks, "v-3", true).await;
    assert_eq!(house.engine.snapshot(session).await.unwrap().messages.len(), 5);
    assert_eq!(house.engine.sounds(session).await.unwrap().len(), 1);

    // Deleted while it is being spoken: it does not come back, and nothing waits for it.
    let mut recording = interview.record("v-4").unwrap();
    (0..200).for_each(|n| recording.packet(packet(n)));
    house.engine.delete(session).await.unwrap();
    recording.keep();
    tasks.close();
    tasks.wait().await;
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 0);
}

#[tokio::test]
async fn a_server_that_is_gone_costs_the_sound_alone() {
    let house = House::start().await;
    let (interview, _, tasks) = held(&house).await;
    assert!(house.stop().await);
    let mut recording = interview.record("v-2").unwrap();
    (0..200).for_each(|n| recording.packet(packet(n)));
    recording.keep();
    tasks.close();
    tasks.wait().await;
}

/// A server that says so of what it is sent, each answer once, and has received this.
struct Deaf {
    base: String,
    received: Arc<Mutex<Vec<Bytes>>>,
    /// Whether sound is kept is answered so many times.
    asked: Arc<Semaphore>,
}

impl Deaf {
    async fn start(answers: &[(u16, &'static str)]) -> Self {
        let (received, asked) = (Arc::<Mutex<Vec<Bytes>>>::default(), Arc::new(Semaphore::new(0)));
        let answers: Arc<Mutex<Vec<_>>> = Arc::new(Mutex::new(answers.iter().rev().copied().collect()));
        let (keeps, putting) = (Arc::clone(&asked), Arc::clone(&received));
        let kept = async move || {
            keeps.acquire().await.unwrap().forget();
            Json(json!({"kept": true}))
        };
        let put = async move |body: Bytes| -> Response {
            putting.lock().unwrap().push(body);
            let (status, code) = answers.lock().unwrap().pop().expect("nothing more is sent");
            let status = StatusCode::from_u16(status).unwrap();
            (status, Json(json!({"error": {"code": code, "message": ""}}))).into_response()
        };
        let router = Router::new().route("/engine/sessions/{id}/sound/", get(kept).put(put));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { base, received, asked }
    }

    /// Has this much recorded, and gives what was received of it.
    async fn hears(&self, packets: usize) -> Vec<Bytes> {
        let (interview, tasks) = remote(&self.base, SessionId(uuid::Uuid::from_u128(1)));
        let mut recording = interview.record("v-2").unwrap();
        (0..packets).for_each(|_| recording.packet(packet(7)));
        recording.keep();
        self.asked.add_permits(1);
        tasks.close();
        tasks.wait().await;
        std::mem::take(&mut *self.received.lock().unwrap())
    }
}

#[tokio::test]
async fn what_may_be_taken_later_is_sent_again_and_what_never_will_be_is_not() {
    let deaf =
        Deaf::start(&[(507, "disk_full"), (204, ""), (413, "too_large"), (409, "sound_not_kept")]).await;
    let sent = deaf.hears(200).await;
    let [first, second] = &sent[..] else { panic!("{} were sent", sent.len()) };
    assert!(first == second && OggPackets::of(first.clone()).is_ok());
    for _never in ["too large", "switched off meanwhile"] {
        assert_eq!(deaf.hears(200).await.len(), 1);
    }
}

#[tokio::test]
async fn what_comes_faster_than_the_server_answers_is_not_kept_in_part() {
    let deaf = Deaf::start(&[]).await;
    assert!(deaf.hears(1_001).await.is_empty());
}
