//! Rooms on a LiveKit server elsewhere, and what the commands say of rooms.

use std::net::{Ipv4Addr, UdpSocket};
use std::process::{Command, Stdio};

use rooms::{Config, MediaAddress, Rooms, Secret};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use super::{Guest, Voice, interviewer};
use crate::house::{Program, SECRET, client, site};
use server::livekit::keys::Keys;
use server::secrets::Hidden;

const KEY: &str = "APIelsewhere";
const ROOM_SECRET: &str = "PRIVATE-secret-of-the-server-elsewhere";

/// A LiveKit server on its own.
async fn elsewhere() -> (String, Rooms, JoinHandle<()>) {
    let loopback = MediaAddress::new((Ipv4Addr::LOCALHOST, 0).into());
    let config = Config { addresses: vec![loopback], ..Config::new(KEY, Secret::new(ROOM_SECRET)) };
    let rooms = Rooms::start(config).await.unwrap();
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let url = format!("ws://{}", listener.local_addr().unwrap());
    let router = rooms.router();
    (url, rooms, tokio::spawn(async move { axum::serve(listener, router).await.unwrap() }))
}

fn printed(command: &mut Command) -> (String, bool) {
    let output = command.stdin(Stdio::null()).output().unwrap();
    let text = [output.stdout, output.stderr].concat();
    (String::from_utf8(text).unwrap(), output.status.success())
}

async fn run(mut command: Command) -> (String, bool) {
    tokio::task::spawn_blocking(move || printed(&mut command)).await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_livekit_url_takes_rooms_and_tokens_there() {
    let (url, rooms, serving) = elsewhere().await;
    let (dir, site) = (tempfile::tempdir().unwrap(), site());
    let data = dir.path().join("data");
    let (data, site) = (data.to_str().unwrap(), site.path().to_str().unwrap());
    let command = |what: &str, secret: &str| {
        let mut command = Program::command(&[what, "--port", "0", "--data", data, "--site", site]);
        command.env("LIVEKIT_URL", &url).env("LIVEKIT_API_KEY", KEY).env("LIVEKIT_API_SECRET", secret);
        command.env("INTERVIEWOS_INGEST_SECRET", SECRET).stderr(Stdio::null());
        command
    };
    let starts = command("serve", ROOM_SECRET);
    let program = tokio::task::spawn_blocking(move || Program::begin(starts)).await.unwrap();
    let client = client();
    let (voice, _) = Voice::of_new_session(&client, &program.base).await;
    assert_eq!(voice.url, url);
    let keys = Keys { key: KEY.to_owned(), secret: Hidden::new(ROOM_SECRET) };
    let mut candidate = voice.join().await;
    let interviewer = Guest::join(&url, &interviewer(&keys, &voice.room)).await;
    let _source = interviewer.speak(660.0).await;
    let heard = candidate.hears(660.0).await;
    assert!(heard >= 0.6, "{heard}");
    let census = rooms.census().await;
    assert_eq!((census.rooms, census.participants), (1, 2));
    let own = client.get(format!("{}/rtc/validate", program.base)).send().await.unwrap();
    assert_eq!(own.status().as_u16(), 404, "this program has no rooms of its own");
    assert!(!dir.path().join("data/livekit-key").exists());

    for (secret, words) in
        [(ROOM_SECRET, "takes the key (1 room open there)"), ("PRIVATE-wrong", "refuses the key")]
    {
        let (text, _) = run(command("doctor", secret)).await;
        let line = text.lines().find(|line| line.contains(" rooms ")).unwrap_or_else(|| panic!("{text}"));
        assert!(line.contains(&url) && line.contains(words) && !text.contains("PRIVATE"), "{text}");
    }
    let (text, done) = run(command("config", ROOM_SECRET)).await;
    assert!(done && !text.contains("PRIVATE") && !text.contains(KEY), "{text}");
    // In columns, however wide they are.
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    for line in [
        &format!("LIVEKIT_URL = {url}"),
        "LIVEKIT_API_SECRET = set, hidden",
        "rooms in force",
        "elsewhere",
        "# LIVEKIT_URL is set",
    ] {
        assert!(text.contains(line), "{line}: {text}");
    }
    rooms.stop().await;
    serving.abort();
    let (text, _) = run(command("doctor", ROOM_SECRET)).await;
    assert!(text.contains("warn  rooms") && text.contains("by text"), "{text}");
}

#[test]
fn what_rooms_lack_is_said_at_the_start() {
    let (dir, site) = (tempfile::tempdir().unwrap(), site());
    let taken = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let data = dir.path().join("data");
    let start = |env: &[(&str, &str)], more: &[&str]| {
        let mut command = Program::command(&["serve", "--port", "0"]);
        command.arg("--data").arg(&data).arg("--site").arg(site.path()).args(more);
        let (text, started) = printed(command.envs(env.iter().copied()));
        assert!(!started, "{text}");
        text.lines().last().unwrap().to_owned()
    };
    let url = ("LIVEKIT_URL", "wss://live.example");
    let said = start(&[url], &[]);
    assert!(said.contains("LIVEKIT_API_KEY and LIVEKIT_API_SECRET are not set; set"), "{said}");
    let said = start(&[url, ("LIVEKIT_API_KEY", KEY)], &[]);
    assert!(said.contains("LIVEKIT_API_SECRET is not set; set"), "{said}");
    let keys = [("LIVEKIT_URL", "live.example"), ("LIVEKIT_API_KEY", KEY), ("LIVEKIT_API_SECRET", "x")];
    assert!(start(&keys, &[]).contains("wss://live.example"), "an address has a scheme");
    let said = start(&[], &["--rooms-udp-port", &port]);
    assert!(said.contains(&format!("127.0.0.1:{port}")) && said.contains("--rooms-udp-port"), "{said}");
    let said = start(&[("INTERVIEWOS_ROOMS", "nowhere")], &[]);
    assert!(said.contains("auto, embedded or off"), "{said}");
}

#[test]
fn doctor_knows_the_rooms_of_a_running_server() {
    let (dir, site) = (tempfile::tempdir().unwrap(), site());
    // One that was free a moment ago, of an address that no other test has.
    let own = "127.41.7.4";
    let free = UdpSocket::bind((own, 0)).unwrap().local_addr().unwrap().port().to_string();
    let data = dir.path().join("data");
    let media = ["--rooms-udp-port", &free, "--rooms-addresses", own];
    let program = Program::start(&data, site.path(), Stdio::null(), &media);
    let doctor = |more: &[&str]| {
        let mut command = Program::command(&[&["doctor"], &media[..]].concat());
        command.arg("--data").arg(&data).arg("--site").arg(site.path()).args(more);
        printed(&mut command).0
    };
    let port = program.base.rsplit(':').next().unwrap().to_owned();
    let text = doctor(&["--port", &port]);
    let line = |text: &str| text.lines().find(|line| line.contains(" rooms ")).unwrap().to_owned();
    assert!(
        line(&text).contains("ok    rooms") && line(&text).contains("clients are told 127.41.7.4"),
        "{text}"
    );
    assert!(line(&text).contains(&format!("port {free} is in use, by the running")), "{text}");
    assert!(text.contains("kept in livekit-key, readable by its owner alone"), "{text}");
    drop(program);
    let text = doctor(&["--port", "0"]);
    assert!(line(&text).contains(&format!("port {free} is free for media")), "{text}");
}
