//! Guests of other kinds: the unmodified Python SDK, and the unmodified browser SDK in Chromium. Their scripts are those
//! of the rooms' tests; they do what they are told, line by line.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use patience::soon;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};

use crate::support::token;

/// What the guests need: a Python with `livekit`, `livekit-api` and `numpy`, and a `node_modules` with
/// `livekit-client` and `playwright-core`. `make test` and `make test-livekit` set both up.
pub fn both_sdks() -> (String, String) {
    let named = |name: &str| {
        std::env::var(name).unwrap_or_else(|_| panic!("{name} names no SDK: run this by `make test`"))
    };
    (named("INTERVIEWOS_PYTHON"), named("INTERVIEWOS_NODE_MODULES"))
}

/// A guest, who leaves when dropped.
pub struct Guest {
    pub name: &'static str,
    told: ChildStdin,
    says: Lines<BufReader<ChildStdout>>,
    _process: Child,
}

/// What a guest heard of a tone.
#[derive(Debug)]
pub struct Sound {
    pub hz: f64,
    /// Between 0 and 1.
    pub rms: f64,
    /// Windows of 20 ms in which there is hardly anything, after the first sound; and all of them.
    pub silent: u64,
    pub of: u64,
}

impl Guest {
    /// One with the Python SDK that plays a tone.
    pub async fn python(python: &str, url: &str, hz: f64) -> Self {
        let mut command = Command::new(python);
        command.arg(script("python/guest.py")).args([url, "1", "python", &hz.to_string()]);
        command.env("PYTHONDONTWRITEBYTECODE", "1");
        Self::start("python", command).await
    }

    /// One with the browser SDK that plays a tone.
    pub async fn browser(modules: &str, url: &str, hz: f64) -> Self {
        let mut command = Command::new("node");
        command.arg(script("browser/guest.mjs")).args([url, modules, &token("browser"), &hz.to_string()]);
        Self::start("browser", command).await
    }

    async fn start(name: &'static str, mut command: Command) -> Self {
        let piped = command.stdin(Stdio::piped()).stdout(Stdio::piped()).kill_on_drop(true);
        let mut process = piped.spawn().expect("the guest starts");
        let told = process.stdin.take().expect("it is piped");
        let says = BufReader::new(process.stdout.take().expect("it is piped")).lines();
        let mut guest = Self { name, told, says, _process: process };
        guest.answer("to come").await;
        guest
    }

    async fn answer(&mut self, asked: &str) -> Value {
        let line = soon(&format!("{}'s answer when asked {asked}", self.name), self.says.next_line()).await;
        let line = line.expect("UTF-8").unwrap_or_else(|| panic!("{} is gone when asked {asked}", self.name));
        let mut said: Value =
            serde_json::from_str(&line).unwrap_or_else(|_| panic!("{} says {line}", self.name));
        assert!(said.get("error").is_none(), "{}, asked {asked}: {said}", self.name);
        said["ok"].take()
    }

    /// Has it do something, and gives its answer.
    pub async fn ask(&mut self, task: &str, what: Value) -> Value {
        let mut line = what;
        line["task"] = json!(task);
        let line = format!("{line}\n");
        self.told.write_all(line.as_bytes()).await.expect("it listens");
        self.answer(line.trim_end()).await
    }

    /// What it hears of each of these, all at once, for so many seconds; on another track than `old`.
    pub async fn hear(&mut self, who: &[&str], seconds: f64, old: &str) -> Vec<Sound> {
        let heard = self.ask("hear", json!({ "who": who, "seconds": seconds, "other_than": old })).await;
        let sounds = heard.as_array().expect("a list").iter();
        let number = |value: &Value| value.as_f64().expect("a number");
        let sound = |one: &Value| Sound {
            hz: number(&one["hz"]),
            rms: number(&one["rms"]),
            silent: one["silent"].as_u64().expect("a count"),
            of: one["of"].as_u64().expect("a count"),
        };
        sounds.map(sound).collect()
    }

    /// Closes its input, and waits until it has gone.
    pub async fn leave(self) {
        let Self { told, _process: mut process, .. } = self;
        drop(told);
        soon("it goes", process.wait()).await.expect("it ran");
    }
}

fn script(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../rooms/tests").join(path)
}
