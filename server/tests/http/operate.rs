//! The commands for whoever runs the server: doctor, config, backup.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use engine::{SessionId, Store as _};
use serde_json::{Value, json};
use store::SqliteStore;

use crate::house::{Program, SECRET, answer, client, said, site, someone};

/// The program without the keys of models that this machine may have.
fn command(args: &[&str]) -> Command {
    let mut command = Program::command(args);
    for name in ["GEMINI_API_KEY", "OPENAI_API_KEY", "OPENAI_BASE_URL", "OPENAI_SPEECH_BASE_URL"] {
        command.env_remove(name);
    }
    for name in ["DEEPGRAM_API_KEY", "DEEPGRAM_BASE_URL", "CARTESIA_API_KEY", "CARTESIA_BASE_URL"] {
        command.env_remove(name);
    }
    // Whether this machine has speech models is no matter of these tests.
    command.env("XDG_CACHE_HOME", "/nowhere").env_remove("INTERVIEWOS_MODELS");
    command.env_remove("INTERVIEWOS_SPEECH_LOAD");
    command
}

/// What it printed, and the code it ended with.
fn printed(command: &mut Command) -> (String, i32) {
    let Output { status, stdout, stderr } = command.output().unwrap();
    assert!(stderr.is_empty(), "{}", String::from_utf8_lossy(&stderr));
    (String::from_utf8(stdout).unwrap(), status.code().unwrap())
}

/// What it refused with.
fn refused(command: &mut Command) -> String {
    let Output { status, stderr, .. } = command.output().unwrap();
    assert_eq!(status.code(), Some(1));
    String::from_utf8(stderr).unwrap()
}

/// The site of the other tests, with every file that pages name.
fn whole_site() -> tempfile::TempDir {
    let site = site();
    for name in ["app-1.js", "app-1.wasm"] {
        fs::write(site.path().join("assets").join(name), "").unwrap();
    }
    site
}

/// Every file of a folder with what it holds.
fn held(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = folder.read_dir().unwrap().map(|entry| entry.unwrap());
    entries.map(|e| (e.file_name().into_string().unwrap(), fs::read(e.path()).unwrap())).collect()
}

#[test]
fn config_names_the_source_of_each_setting_and_hides_secrets() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("s.toml");
    fs::write(&file, "port = 4001\nhost = '127.0.0.2'\nmetrics_token = 'PRIVATE-M'\nwriter = 'openai'")
        .unwrap();
    let file = file.to_str().unwrap();
    let of = |args: &[&str], env: &[(&str, &str)]| {
        let mut command = command(&[&["config", "--config", file], args].concat());
        printed(command.envs(env.iter().copied()).env("OPENAI_API_KEY", "PRIVATE-O"))
    };
    let line = |text: &str, name: &str| {
        let line = text.lines().find(|line| line.split(" = ").next().map(str::trim) == Some(name));
        let line = line.unwrap_or_else(|| panic!("{name} is missing: {text}"));
        let (_, rest) = line.split_once(" = ").unwrap();
        rest.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let env = [("INTERVIEWOS_PORT", "4002"), ("INTERVIEWOS_INGEST_SECRET", "PRIVATE-I")];
    for (args, env, port) in [
        (&[][..], &[][..], format!("4001 # {file}")),
        (&[][..], &env[..], "4002 # INTERVIEWOS_PORT".to_owned()),
        (&["--port", "4003"][..], &env[..], "4003 # --port".to_owned()),
    ] {
        let (text, code) = of(args, env);
        assert_eq!((line(&text, "port"), code), (port, 0));
        assert_eq!(line(&text, "host"), format!("127.0.0.2 # {file}"));
        assert_eq!(line(&text, "max_connections"), "4096 # default");
        assert_eq!(line(&text, "metrics_token"), format!("set, hidden # {file}"));
        assert_eq!(line(&text, "OPENAI_API_KEY"), "set, hidden # environment");
        assert_eq!(line(&text, "GEMINI_API_KEY"), "not set");
        assert_eq!(line(&text, "CARTESIA_API_KEY"), "not set");
        assert_eq!(line(&text, "speech_load"), "start # default");
        assert_eq!(line(&text, "writer in force"), "openai # the setting `writer` says so");
        assert!(
            line(&text, "model in force").ends_with("# default of this writer") && !text.contains("PRIVATE")
        );
    }
    let (text, _) = of(&[], &[]);
    assert!(line(&text, "ingest_secret").contains("made on the first start, kept in ./data/ingest-secret"));
    assert!(!dir.path().join("data").exists());

    let base = ("OPENAI_BASE_URL", "http://me:PRIVATE@127.0.0.1:9/v1");
    let key = ("DEEPGRAM_API_KEY", "PRIVATE-D");
    let (text, _) = of(&["--json", "--model", "small"], &[env[1], base, key]);
    assert!(!text.contains("PRIVATE"), "{text}");
    let read: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(read["settings"]["port"], json!({"value": 4001, "from": "file", "name": file}));
    assert_eq!(read["settings"]["model"], json!({"value": "small", "from": "flag", "name": "--model"}));
    let secret = json!({"value": "(hidden)", "from": "environment", "name": "INTERVIEWOS_INGEST_SECRET"});
    assert_eq!(read["settings"]["ingest_secret"], secret);
    assert_eq!(read["environment"]["OPENAI_BASE_URL"], "http://hidden@127.0.0.1:9/v1");
    assert_eq!(read["environment"]["DEEPGRAM_API_KEY"], "(hidden)");
    assert_eq!(read["environment"]["DEEPGRAM_BASE_URL"], Value::Null);
    assert_eq!((&read["writer"]["name"], &read["writer"]["model"]), (&json!("openai"), &json!("small")));

    let bad = refused(command(&["config"]).env("INTERVIEWOS_PORT", "many"));
    assert!(bad.starts_with("interviewos: the setting `port` (INTERVIEWOS_PORT)"), "{bad}");
    let bad = refused(&mut command(&["config", "--stt", "whisper"]));
    assert!(bad.contains("`stt` (--stt)") && bad.contains("none of local, openai:MODEL"), "{bad}");
    let none = refused(&mut command(&["config", "--writer", "gemini"]));
    assert!(none.contains("set GEMINI_API_KEY"), "{none}");
}

#[test]
fn doctor_finds_nothing_wrong_with_a_new_folder_and_makes_none() {
    let (dir, site) = (tempfile::tempdir().unwrap(), whole_site());
    let data = dir.path().join("kept");
    let (data, site) = (data.to_str().unwrap(), site.path().to_str().unwrap());
    let doctor = |more: &[&str]| command(&[&["doctor", "--data", data, "--site", site], more].concat());
    let (text, code) = printed(&mut doctor(&["--port", "0", "--max-connections", "8"]));
    assert_eq!(code, 0, "{text}");
    assert!(text.contains("the first start makes it") && text.contains("built-in"), "{text}");
    assert!(!text.contains("FAIL") && text.contains("\nInterviews can run"), "{text}");
    assert!(!Path::new(data).exists(), "nothing was made");

    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let below_a_file = format!("{site}/manifest.json/data");
    for (args, words) in [
        (&["--port", &port][..], "taken by another program"),
        (&["--port", "0", "--writer", "gemini"], "set GEMINI_API_KEY"),
        (&["--port", "0", "--host", "256.0.0.1"], "--host"),
        (&["--port", "0", "--data", &below_a_file], "cannot be made"),
    ] {
        let args: Vec<&str> = [&["doctor", "--site", site], args].concat();
        let (text, code) = printed(&mut command(&args));
        let failure = text.lines().skip_while(|line| !line.starts_with("FAIL")).take(2).collect::<String>();
        assert!(code == 1 && failure.contains(words), "{text}");
        assert!(text.ends_with("\nInterviews cannot run: 1 thing must be put right.\n"), "{text}");
    }
    let (text, code) = printed(&mut command(&["doctor", "--port", "0", "--site", "/nowhere"]));
    assert!(code == 1 && text.contains("make build"), "{text}");
    // A folder of another site to be served in, however it is named.
    for folder in [&["--base-path", "/practise"][..], &["--base-path=/practise/"]] {
        let (text, code) = printed(&mut doctor(folder));
        assert!(
            code == 1 && text.contains("FAIL  settings") && text.contains("a host name or a port of its own"),
            "{text}"
        );
    }
    let (text, code) = printed(doctor(&[]).env("INTERVIEWOS_BASE_PATH", "/practise"));
    assert!(code == 1 && text.contains("a host name or a port of its own"), "{text}");
    let (text, code) = printed(doctor(&[]).env("INTERVIEWOS_PROT", "1"));
    assert!(code == 1 && text.starts_with("FAIL  settings") && text.contains("`port`"), "{text}");
}

#[test]
fn doctor_looks_at_a_running_server_and_at_what_it_leaves() {
    let (dir, site) = (tempfile::tempdir().unwrap(), whole_site());
    let data = dir.path().join("kept");
    let mut program = Program::start(&data, site.path(), Stdio::null(), &[]);
    let (data_arg, site_arg) = (data.to_str().unwrap(), site.path().to_str().unwrap());
    let port = program.base.rsplit(':').next().unwrap();
    let doctor = |port: &str| {
        printed(&mut command(&["doctor", "--data", data_arg, "--site", site_arg, "--port", port]))
    };
    let (text, code) = doctor(port);
    assert!(code == 0 && text.contains("a running InterviewOS uses it"), "{text}");
    assert!(text.contains("answers on 127.0.0.1") && text.contains("ready for interviews"), "{text}");
    assert!(text.contains("opens and is sound: 0 interviews"), "{text}");
    let (text, code) = doctor("0");
    assert!(code == 0 && text.contains("listens elsewhere"), "{text}");
    let other = dir.path().join("other");
    let args = ["doctor", "--data", other.to_str().unwrap(), "--site", site_arg, "--port", port];
    let (text, code) = printed(&mut command(&args));
    assert!(code == 1 && text.contains("uses another data folder"), "{text}");

    // After a kill the log is still there, and is read.
    program.kill();
    let before = held(&data);
    let (text, code) = doctor("0");
    assert!(code == 0 && text.contains("no server uses it") && text.contains("0 interviews"), "{text}");
    let mut after = held(&data);
    // The index of the log is SQLite's own scratch.
    after.remove("interviewos.db-shm");
    assert!(after.iter().all(|(name, bytes)| before[name] == *bytes), "nothing was changed");

    fs::write(data.join("interviewos.db"), "no database".repeat(99)).unwrap();
    fs::remove_file(data.join("interviewos.db-wal")).unwrap();
    fs::set_permissions(data.join("cookie-key"), fs::Permissions::from_mode(0o644)).unwrap();
    let (text, code) = doctor("0");
    assert!(text.contains("others on this machine can read cookie-key"), "{text}");
    assert!(code == 1 && text.contains("damaged") && text.contains("put a backup in its place"), "{text}");
}

#[test]
fn missing_and_broken_speech_models_are_told_with_what_gets_them() {
    let (dir, site) = (tempfile::tempdir().unwrap(), whole_site());
    let (data, site) = (dir.path().to_str().unwrap(), site.path().to_str().unwrap());
    let (text, code) = printed(&mut command(&["doctor", "--data", data, "--site", site, "--port", "0"]));
    assert!(code == 0 && text.contains("no speech models in /nowhere/interviewos/models"), "{text}");
    assert!(text.contains("`interviewos models fetch`"), "{text}");

    fs::write(dir.path().join("silero-vad.onnx"), "half").unwrap();
    let (text, code) = printed(&mut command(&["models", "check", "--models", data]));
    assert!(code == 1 && text.contains("\nbroken   silero-vad.onnx"), "{text}");
    assert!(text.contains("missing  libonnxruntime.so") && text.contains("models fetch"), "{text}");
    let mut doctor = command(&["doctor", "--data", data, "--site", site, "--port", "0", "--models", data]);
    let (text, code) = printed(&mut doctor);
    assert!(code == 0 && text.contains("are incomplete"), "{text}");

    let said = refused(command(&["models", "fetch", "--models", data]).env("PATH", "/nowhere"));
    assert!(said.contains("python3-pip"), "{said}");
}

/// An OpenAI-compatible server that has these models.
fn models(names: &'static [&str]) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let base = format!("http://me:PRIVATE@{}/v1", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            stream.read_exact(&mut byte).unwrap();
            head.push(byte[0]);
        }
        let data: Vec<Value> = names.iter().map(|name| json!({"id": name, "owned_by": "library"})).collect();
        let body = json!({"data": data}).to_string();
        let length = body.len();
        write!(stream, "HTTP/1.1 200 OK\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}")
            .unwrap();
    });
    base
}

#[test]
fn doctor_asks_the_model_and_says_which_to_name() {
    let (dir, site) = (tempfile::tempdir().unwrap(), whole_site());
    let (data, site) = (dir.path().to_str().unwrap(), site.path().to_str().unwrap());
    let doctor = |base: &str, more: &[&str]| {
        let args = [&["doctor", "--port", "0", "--data", data, "--site", site], more].concat();
        let (text, code) =
            printed(command(&args).env("OPENAI_BASE_URL", base).env("OPENAI_API_KEY", "PRIVATE-O"));
        assert!(code == 0 && !text.contains("PRIVATE"), "{text}");
        text
    };
    let text = doctor(&models(&["llama3.2:1b"]), &[]);
    assert!(text.contains("warn  model") && text.contains("name it: --model llama3.2:1b"), "{text}");
    assert!(text.contains("until then the built-in interviewer speaks"), "{text}");
    let text = doctor(&models(&["tiny", "small"]), &["--model", "small"]);
    assert!(text.contains("ok    model") && text.contains("has small"), "{text}");
    let nobody = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let text = doctor(&format!("http://{nobody}/v1"), &[]);
    assert!(text.contains("warn  model") && text.contains("cannot be reached"), "{text}");
}

#[test]
fn doctor_asks_the_providers_of_speech_and_says_what_to_do() {
    let (dir, site) = (tempfile::tempdir().unwrap(), whole_site());
    let (data, site) = (dir.path().to_str().unwrap(), site.path().to_str().unwrap());
    let args = ["doctor", "--port", "0", "--data", data, "--site", site, "--writer", "built-in"];
    let args = [&args[..], &["--stt", "deepgram:nova-3,local", "--tts", "openai:tiny:nova"]].concat();
    let nobody = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let mut doctor = command(&args);
    doctor.env("DEEPGRAM_BASE_URL", format!("ws://{nobody}")).env("DEEPGRAM_API_KEY", "PRIVATE-D");
    doctor.env("OPENAI_SPEECH_BASE_URL", models(&["tiny", "small"]));
    let (text, code) = printed(&mut doctor);
    assert!(code == 0 && !text.contains("PRIVATE"), "{text}");
    assert!(text.contains("warn  hearing") && text.contains("check DEEPGRAM_BASE_URL"), "{text}");
    assert!(text.contains("ok    speaking") && text.contains("takes tiny"), "{text}");
}

/// Asks for one turn; the answer's status.
async fn turn(client: &reqwest::Client, base: &str, session: &str, n: usize) -> u16 {
    let (event, text) = if n == 0 { ("start", String::new()) } else { ("user_turn", said(n)) };
    let body = json!({"session_id": session, "turn_id": format!("t{n}"), "event_type": event, "text": text});
    let request = client.post(format!("{base}/engine/next_turn/")).header("X-INGEST-SECRET", SECRET);
    request.json(&body).send().await.unwrap().status().as_u16()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_of_a_busy_server_holds_everything_acknowledged() {
    let (dir, site) = (tempfile::tempdir().unwrap(), whole_site());
    let data = dir.path().join("kept");
    let program = Program::start(&data, site.path(), Stdio::null(), &[]);
    let acknowledged = Arc::new(Mutex::new(BTreeMap::<String, usize>::new()));
    let people: Vec<_> = (0..6)
        .map(|_| {
            let (base, acknowledged) = (program.base.clone(), acknowledged.clone());
            tokio::spawn(async move {
                let client = client();
                loop {
                    let made = client.post(format!("{base}/engine/sessions/"));
                    let (_, made) = answer(made.header("X-INGEST-SECRET", SECRET).json(&someone())).await;
                    let session = made["session_id"].as_str().unwrap().to_owned();
                    for n in 0..4 {
                        assert_eq!(turn(&client, &base, &session, n).await, 200);
                        acknowledged.lock().unwrap().insert(session.clone(), n + 1);
                    }
                }
            })
        })
        .collect();
    let wait = async || {
        while acknowledged.lock().unwrap().len() < 12 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    patience::soon("turns of many", wait()).await;

    // A copy may be quicker than any turn: then another is taken, until turns went on meanwhile.
    let mut tries = 0..50;
    let (copy, before, text, code) = loop {
        let number = tries.next().expect("turns go on while a copy is made");
        let copy = dir.path().join(format!("copy-{number}.db"));
        let (data_arg, copy_arg) = (data.to_str().unwrap().to_owned(), copy.to_str().unwrap().to_owned());
        let before = acknowledged.lock().unwrap().clone();
        let taken = tokio::task::spawn_blocking(move || {
            printed(&mut command(&["backup", &copy_arg, "--data", &data_arg]))
        });
        let (text, code) = taken.await.unwrap();
        let after: usize = acknowledged.lock().unwrap().values().sum();
        if code != 0 || after > before.values().sum() {
            break (copy, before, text, code);
        }
    };
    for person in people {
        person.abort();
    }
    assert!(code == 0 && text.contains("To restore: stop the server"), "{text}");
    assert_eq!(fs::metadata(&copy).unwrap().permissions().mode() & 0o777, 0o600);
    let store = SqliteStore::open(&copy).await.unwrap();
    for (session, turns) in before {
        let loaded = store.load(SessionId::parse(&session).unwrap()).await.unwrap().unwrap();
        assert!(loaded.turns.len() >= turns, "{session} lost a turn");
        assert!(loaded.messages.iter().zip(1..).all(|((message, _), seq)| message.seq == seq));
    }
}

#[test]
fn a_backup_that_cannot_be_taken_says_why() {
    let (dir, site) = (tempfile::tempdir().unwrap(), whole_site());
    let data = dir.path().join("kept");
    let data_arg = data.to_str().unwrap();
    let copy = dir.path().join("copy.db");
    let copy = copy.to_str().unwrap();
    let none = refused(&mut command(&["backup", copy, "--data", data_arg]));
    assert!(none.contains("no interview kept") && none.contains("--data"), "{none}");
    assert!(!data.exists(), "nothing was made");
    drop(Program::start(&data, site.path(), Stdio::null(), &[]));
    assert_eq!(printed(&mut command(&["backup", copy, "--data", data_arg])).1, 0);
    let there = refused(&mut command(&["backup", copy, "--data", data_arg]));
    assert!(there.contains("--force"), "{there}");
    let (text, code) = printed(&mut command(&["backup", copy, "--force", "--data", data_arg]));
    assert!(code == 0 && text.starts_with("0 interviews copied"), "{text}");
    let lost = refused(&mut command(&["backup", &format!("{copy}/x/y"), "--data", data_arg]));
    assert!(lost.contains("no such folder"), "{lost}");
}
