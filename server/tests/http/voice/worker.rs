//! Agents in a process of their own: they find who waits, and hold interviews by the engine API.

use participant::RoomClientEvent;
use reqwest::StatusCode;
use server::livekit::LivekitEnvironment;
use server::secrets::Hidden;
use server::settings::{RoomsChoice, ServerSettings};
use server::voice::OpenSpeech;
use server::worker::{Worker, WorkerError};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::rooms::{Candidate, join_voice, kinds, sound, speech, until};
use crate::house::{House, Program, SECRET};

/// Settings of a worker on the machine of this server.
fn beside(house: &House) -> ServerSettings {
    let (data, ingest_secret) = (house.settings.data.clone(), Some(Hidden::new(SECRET)));
    ServerSettings { engine_url: Some(house.base.clone()), data, ingest_secret, ..ServerSettings::default() }
}

async fn run(settings: &ServerSettings) -> (CancellationToken, JoinHandle<()>) {
    let worker =
        Worker::start(settings, &LivekitEnvironment::default(), speech(&sound()), true).await.unwrap();
    let stop = CancellationToken::new();
    (stop.clone(), tokio::spawn(worker.run(stop)))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_comes_to_who_waits_and_leaves_with_the_interview() {
    let house = House::start().await;
    let (visitor, session) = house.visitor().await;
    let (stop, running) = run(&beside(&house)).await;
    let (status, ticket) = join_voice(&house, &visitor, session).await;
    assert_eq!(status, StatusCode::OK, "{ticket}");
    let mut candidate = Candidate::join(&ticket).await;
    let (identity, _) = candidate.sees_the_interviewer().await;
    assert_eq!(identity, format!("interviewer-{session}"));
    let lines = async || house.engine.snapshot(session).await.unwrap().messages.len();
    until("it says something", async || lines().await == 1).await;
    assert_eq!(kinds(&house.engine, session).await[0], "voice_joined");
    house.turn(&session.to_string(), "e", "end", "").await;
    let pick = |event| {
        if let RoomClientEvent::ParticipantDisconnected(member) = event {
            Some(member.identity)
        } else {
            None
        }
    };
    assert_eq!(candidate.waits("farewell", pick).await, identity);
    let left = async || kinds(&house.engine, session).await.last().is_some_and(|kind| kind == "voice_left");
    until("its leaving is kept", left).await;
    stop.cancel();
    running.await.unwrap();
    candidate.room.close().await;
    assert!(house.stop().await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_worker_takes_over_from_one_that_stops() {
    let house = House::start().await;
    let (visitor, session) = house.visitor().await;
    let (_, ticket) = join_voice(&house, &visitor, session).await;
    // Nobody comes by himself.
    let mut candidate = Candidate::join(&ticket).await;
    let (stop, running) = run(&beside(&house)).await;
    candidate.sees_the_interviewer().await;
    stop.cancel();
    running.await.unwrap();
    assert_eq!(kinds(&house.engine, session).await.last().unwrap(), "voice_left", "kept before the end");
    let (stop, running) = run(&beside(&house)).await;
    let joined =
        async || kinds(&house.engine, session).await.last().is_some_and(|kind| kind == "voice_joined");
    until("another one comes", joined).await;
    stop.cancel();
    running.await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_missing_is_told_with_the_remedy() {
    let house = House::start().await;
    let start = async |settings: ServerSettings, open: OpenSpeech| {
        Worker::start(&settings, &LivekitEnvironment::default(), open, true)
            .await
            .err()
            .map(|error| error.to_string())
    };
    let own = || speech(&sound());
    let nowhere = tempfile::tempdir().unwrap();
    let elsewhere =
        ServerSettings { data: nowhere.path().join("data"), ingest_secret: None, ..beside(&house) };
    let said = start(elsewhere.clone(), own()).await.unwrap();
    assert!(said.contains("INTERVIEWOS_INGEST_SECRET") && said.contains("--data"), "{said}");
    let secret = |text: &str| Some(Hidden::new(text));
    let said = start(ServerSettings { ingest_secret: secret(SECRET), ..elsewhere }, own()).await.unwrap();
    assert!(said.contains("LIVEKIT_API_KEY"), "{said}");
    let said = start(ServerSettings { ingest_secret: secret("another secret"), ..beside(&house) }, own())
        .await
        .unwrap();
    assert!(said.contains("refuses the secret") && !said.contains("another"), "{said}");
    let off = start(ServerSettings { rooms: RoomsChoice::Off, ..beside(&house) }, own()).await.unwrap();
    assert!(off.contains("LIVEKIT_URL"), "{off}");
    let none =
        start(ServerSettings { engine_url: Some("here".to_owned()), ..beside(&house) }, own()).await.unwrap();
    assert!(none.contains("http://127.0.0.1:3000"), "{none}");
    let deaf: OpenSpeech = Box::new(|| Err("there is no model".to_owned()));
    let error =
        Worker::start(&beside(&house), &LivekitEnvironment::default(), deaf, true).await.err().unwrap();
    assert!(matches!(&error, WorkerError::Speech(why) if why == "there is no model"), "{error}");
    assert!(house.stop().await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_doctor_asks_the_server_of_the_interviews() {
    let house = House::start().await;
    let nowhere = tempfile::tempdir().unwrap();
    let data = nowhere.path().join("data");
    let examined = async |url: &str, secret: &str| {
        let mut doctor = Program::command(&["doctor", "--engine-url", url]);
        doctor.arg("--data").arg(&data).env("INTERVIEWOS_INGEST_SECRET", secret);
        let output = tokio::task::spawn_blocking(move || doctor.output().unwrap()).await.unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        let found = text.lines().skip_while(|line| !line.contains("interviews")).take(2);
        found.collect::<Vec<_>>().join(" ")
    };
    let well = examined(&house.base, SECRET).await;
    assert!(well.contains("answers and takes the secret"), "{well}");
    let wrong = examined(&house.base, "another secret").await;
    assert!(wrong.contains("refuses the secret") && wrong.contains("INTERVIEWOS_INGEST_SECRET"), "{wrong}");
    let base = house.base.clone();
    assert!(house.stop().await);
    let gone = examined(&base, SECRET).await;
    assert!(gone.contains("cannot be reached") && gone.contains("waits for it"), "{gone}");
}
