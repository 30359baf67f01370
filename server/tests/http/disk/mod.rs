//! The program on a disk that is full, read-only or damaged: it says so, keeps what it had, and goes on when it can.

mod damaged;
mod full;
mod readonly;

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use patience::PATIENCE;
use reqwest::{Client, StatusCode};
use serde_json::{Value, json};
use tokio::time::Instant;

use crate::house::{Program, SECRET, answer, client, someone};

/// A command that runs the program in a mount namespace of its own, after `prepare` (shell, with the data folder as
/// `$0`) has made its disk. `None`, said visibly, where this machine does not permit that.
fn on_disk(test: &str, prepare: &str, data: &Path, site: &Path) -> Option<Command> {
    let tried = [&["--mount"][..], &["--map-root-user", "--mount"][..]].into_iter().find(|how| {
        let mut trial = Command::new("unshare");
        trial.args(*how).args(["sh", "-ec", prepare]).arg(data);
        trial.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        trial.status().is_ok_and(|status| status.success())
    });
    let Some(how) = tried else {
        // Past the harness, which would keep it to itself.
        let reason =
            "skipped: no mount namespace with such a disk can be made here (root, or user namespaces)";
        drop(writeln!(std::io::stderr(), "{test}: {reason}"));
        return None;
    };
    let (data, site) = (data.to_str().unwrap(), site.to_str().unwrap());
    // For the environment that the program is to have.
    let plain = Program::command(&[]);
    let mut command = Command::new("unshare");
    command.args(how).args(["sh", "-ec", &format!("{prepare}\nexec \"$@\""), data]);
    command.arg(plain.get_program()).args(["serve", "--port", "0", "--data", data, "--site", site]);
    // Such disks are small.
    command.args(["--min-free-mb", "0"]);
    for (name, _) in plain.get_envs() {
        command.env_remove(name);
    }
    command.env("INTERVIEWOS_INGEST_SECRET", SECRET).stdin(Stdio::null()).stderr(Stdio::null());
    Some(command)
}

/// The last line that a command said which refuses to start.
fn refusal(mut command: Command) -> String {
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let give_up = Instant::now() + PATIENCE;
    while child.try_wait().unwrap().is_none() {
        if Instant::now() > give_up {
            child.kill().unwrap();
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert!(output.stdout.is_empty(), "{output:?}");
    let said = String::from_utf8(output.stderr).unwrap();
    said.lines().last().unwrap().to_owned()
}

/// The program's data folder, as it sees it.
fn seen_by(program: &Program, data: &Path) -> std::path::PathBuf {
    Path::new(&format!("/proc/{}/root", program.child.id())).join(data.strip_prefix("/").unwrap())
}

/// A worker that talks to the program.
struct Worker<'p> {
    client: Client,
    base: &'p str,
}

impl<'p> Worker<'p> {
    fn of(program: &'p Program) -> Self {
        Self { client: client(), base: &program.base }
    }

    async fn post(&self, path: &str, body: &Value) -> (StatusCode, Value) {
        let request = self.client.post(format!("{}{path}", self.base));
        answer(request.header("x-ingest-secret", SECRET).json(body)).await
    }

    /// A new interview, opened.
    async fn opened(&self) -> String {
        self.opened_with(&someone()).await
    }

    /// A new interview of this candidate, opened.
    async fn opened_with(&self, candidate: &Value) -> String {
        let (status, made) = self.post("/engine/sessions/", candidate).await;
        assert_eq!(status, StatusCode::CREATED, "{made}");
        let id = made["session_id"].as_str().unwrap().to_owned();
        let (status, reply) = self.turn(&id, "start", "start", "").await;
        assert_eq!(status, StatusCode::OK, "{reply}");
        id
    }

    async fn turn(&self, id: &str, turn: &str, event: &str, text: &str) -> (StatusCode, Value) {
        let body = json!({"session_id": id, "turn_id": turn, "event_type": event, "text": text});
        self.post("/engine/next_turn/", &body).await
    }

    async fn read(&self, id: &str) -> (StatusCode, Value) {
        let request = self.client.get(format!("{}/engine/sessions/{id}/", self.base));
        answer(request.header("x-ingest-secret", SECRET)).await
    }

    /// The turn id and the words of every message; their numbers have no gap.
    async fn messages(&self, id: &str) -> Vec<(String, String)> {
        let (status, session) = self.read(id).await;
        assert_eq!(status, StatusCode::OK, "{session}");
        let messages = session["messages"].as_array().unwrap();
        for (message, seq) in messages.iter().zip(1..) {
            assert_eq!(message["seq"], json!(seq), "{session}");
        }
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        messages.iter().map(|m| (text(&m["turn_id"]), text(&m["text"]))).collect()
    }
}
