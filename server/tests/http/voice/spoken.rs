//! The program as it is, with its real models, and somebody who talks with it by LiveKit's Python SDK.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::{Value, json};
use store::SOUND_FOLDER;

use super::rooms::until;
use crate::house::{Program, SECRET, site};

const ANSWER: &str =
    "My name is Robin. I have worked as a software engineer for eight years, mostly on payment systems.";

fn of_the_environment(name: &str) -> PathBuf {
    let value = std::env::var_os(name);
    value.unwrap_or_else(|| panic!("{name} is not set: `make test` sets it")).into()
}

async fn json_of(request: reqwest::RequestBuilder) -> Value {
    let answer = request.header("x-ingest-secret", SECRET).send().await.unwrap();
    assert!(answer.status().is_success(), "{}", answer.status());
    answer.json().await.unwrap()
}

/// Where the agent is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Agent {
    InTheServer,
    InAProcessOfItsOwn,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs the models of speech and LiveKit's Python SDK: make test"]
async fn somebody_by_another_sdk_is_interviewed_out_loud() {
    somebody_is_interviewed_by(Agent::InTheServer, &[]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs the models of speech and LiveKit's Python SDK: make test"]
async fn a_process_of_its_own_interviews_out_loud_likewise() {
    somebody_is_interviewed_by(Agent::InAProcessOfItsOwn, &[]).await;
}

/// In rooms of a real LiveKit server: make test-livekit.
mod real {
    use std::net::{TcpListener, UdpSocket};
    use std::process::Child;

    use super::*;

    struct Livekit(Child);

    impl Drop for Livekit {
        fn drop(&mut self) {
            self.0.kill().ok();
            self.0.wait().ok();
        }
    }

    /// Starts one, and gives the variables that name it.
    fn livekit() -> (Livekit, [(&'static str, String); 3]) {
        let free = |at: &u16| {
            TcpListener::bind(("127.0.0.1", *at)).is_ok() && UdpSocket::bind(("127.0.0.1", *at)).is_ok()
        };
        let ports: Vec<u16> = (17_880..18_000).filter(free).take(3).collect();
        let [port, tcp, udp] = ports[..] else { panic!("no ports are free") };
        let secret = "a secret for tests, long enough to sign with";
        let config = format!(
            "port: {port}\nbind_addresses: ['127.0.0.1']\nkeys: {{ devkey: '{secret}' }}\nlogging: {{ level: error }}\n\
             rtc: {{ tcp_port: {tcp}, udp_port: {udp}, node_ip: 127.0.0.1, use_external_ip: false, \
             enable_loopback_candidate: true, interfaces: {{ includes: [lo] }} }}\n"
        );
        let mut start = Command::new(of_the_environment("LIVEKIT_SERVER_BIN"));
        start
            .args(["--config-body", &config])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let server = Livekit(start.spawn().unwrap());
        let variables = [
            ("LIVEKIT_URL", format!("ws://127.0.0.1:{port}")),
            ("LIVEKIT_API_KEY", "devkey".to_owned()),
            ("LIVEKIT_API_SECRET", secret.to_owned()),
        ];
        (server, variables)
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    #[ignore = "needs a real LiveKit server: make test-livekit"]
    async fn the_agent_in_the_server_interviews_out_loud() {
        let (_livekit, variables) = livekit();
        somebody_is_interviewed_by(Agent::InTheServer, &variables).await;
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    #[ignore = "needs a real LiveKit server: make test-livekit"]
    async fn so_does_the_process_of_its_own() {
        let (_livekit, variables) = livekit();
        somebody_is_interviewed_by(Agent::InAProcessOfItsOwn, &variables).await;
    }
}

/// `rooms`: variables that name those elsewhere.
async fn somebody_is_interviewed_by(agent: Agent, rooms: &[(&str, String)]) {
    let (models, python) =
        (of_the_environment("INTERVIEWOS_MODELS"), of_the_environment("INTERVIEWOS_PYTHON"));
    let (data, site) = (tempfile::tempdir().unwrap(), site());
    let answer = data.path().join("answer.wav");
    let mut say = Program::command(&["say", ANSWER, "--speed", "1.1", "--out"]);
    let said = say.arg(&answer).arg("--models").arg(&models).output().unwrap();
    assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));

    let (data, site) = (data.path().join("data"), site.path());
    let own = agent == Agent::InAProcessOfItsOwn;
    let agents = if own { "elsewhere" } else { "here" };
    let mut serve = Program::command(&["serve", "--port", "0", "--agents", agents, "--speech-load", "start"]);
    serve.arg("--data").arg(&data).arg("--site").arg(site).arg("--models").arg(&models);
    serve.env("INTERVIEWOS_INGEST_SECRET", SECRET).envs(rooms.iter().cloned()).stderr(Stdio::null());
    let program = Program::begin(serve);
    let _worker = own.then(|| {
        let mut worker =
            Program::command(&["agent", "--engine-url", &program.base, "--speech-load", "start"]);
        worker.arg("--data").arg(&data).arg("--models").arg(&models);
        worker.env("INTERVIEWOS_INGEST_SECRET", SECRET).envs(rooms.iter().cloned()).stderr(Stdio::null());
        Program::begin(worker)
    });
    let (client, engine) = (reqwest::Client::new(), format!("{}/engine/sessions/", program.base));
    let robin = json!({ "candidate_name": "Robin", "role": "Software engineer", "plan": "standard" });
    let made = json_of(client.post(&engine).json(&robin)).await;
    let session = format!("{engine}{}/", made["session_id"].as_str().unwrap());
    // As the switch on the page does it.
    let sound = data.join(SOUND_FOLDER).join(made["session_id"].as_str().unwrap());
    std::fs::create_dir_all(&sound).unwrap();
    std::fs::write(sound.join("on"), "").unwrap();
    let voice = json_of(client.post(format!("{session}voice/"))).await;

    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/http/voice/candidate.py");
    let text = |name: &str| voice[name].as_str().unwrap().to_owned();
    let (url, token) = (text("server_url"), text("participant_token"));
    // It gives up by itself.
    let talk = move || {
        let mut talk = Command::new(python);
        talk.arg(script).args([url, token]).arg(&answer).env("PYTHONDONTWRITEBYTECODE", "1");
        talk.stdin(Stdio::null()).output().unwrap()
    };
    let output = tokio::task::spawn_blocking(talk).await.unwrap();
    let (heard, why) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{heard}\n{why}");
    println!("{heard}");
    let heard: Value = serde_json::from_str(heard.trim()).unwrap();
    assert_eq!(heard["agents"], 1, "the interviewer is marked as an agent");
    let states: Vec<&str> = heard["states"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    assert!(states.contains(&"speaking") && states.contains(&"listening"), "{states:?}");

    let state = json_of(client.get(&session)).await;
    let messages = state["messages"].as_array().unwrap();
    let by = |speaker: &str| -> Vec<&Value> { messages.iter().filter(|m| m["speaker"] == speaker).collect() };
    let (asked, answered) = (by("interviewer"), by("candidate"));
    assert!(asked.len() >= 2, "an opening and a reply: {messages:?}");
    assert!(answered.iter().all(|answer| answer["modality"] == "voice"), "{messages:?}");
    // On a busy machine the recording falters; where it does between two sentences, each is an answer.
    let texts = answered.iter().map(|answer| answer["text"].as_str().unwrap().to_lowercase());
    let words = texts.collect::<Vec<_>>().join(" ");
    let known =
        ["software", "engineer", "payment", "systems"].iter().filter(|word| words.contains(**word)).count();
    assert!(known >= 3, "{words}");
    // What was said is what is kept, word for word.
    let captions: Vec<&str> =
        heard["captions"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    for line in &asked[..2] {
        let line = line["text"].as_str().unwrap();
        assert!(captions.iter().any(|caption| caption.trim() == line), "{line}: {captions:?}");
    }
    // And it can be heard, wherever the agent is, for as long as it was said.
    let kept = || -> Vec<PathBuf> {
        let files = std::fs::read_dir(&sound).unwrap().map(|entry| entry.unwrap().path());
        files.filter(|path| path.extension().is_some_and(|kind| kind == "ogg")).collect()
    };
    until("the sound of the answers is kept", async || kept().len() == answered.len()).await;
    let (seconds, bytes) = kept()
        .iter()
        .map(|file| length_of(file))
        .fold((0.0, 0), |(seconds, bytes), of| (seconds + of.0, bytes + of.1));
    assert!((3.0..12.0).contains(&seconds) && bytes > 8_000, "{seconds} s in {bytes} bytes");
}

/// How long an Ogg Opus file is, in seconds, and how many bytes of sound are in it.
fn length_of(file: &Path) -> (f64, usize) {
    let mut packets = ogg::PacketReader::new(std::fs::File::open(file).unwrap());
    let (mut samples, mut bytes) = (0, 0);
    while let Some(packet) = packets.read_packet().unwrap() {
        (samples, bytes) = (packet.absgp_page(), bytes + packet.data.len());
    }
    (samples as f64 / 48_000.0, bytes)
}
