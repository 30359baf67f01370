//! `interviewos` as the server of the rooms: on a data folder of its own, with the candidates of interviews in its rooms.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::Command;
use tokio::task::JoinSet;
use tokio::time::timeout;

use crate::served::{RoomPass, ServerUnderTest};

/// What the program keeps; gone when this is dropped.
pub(crate) struct SoakProgramData {
    folder: TempDir,
    /// The secret of its engine API.
    ingest: String,
}

impl SoakProgramData {
    fn log(&self) -> PathBuf {
        self.folder.path().join("log")
    }

    /// What its log says went wrong; not what libraries say of packets that they do not like.
    pub(crate) fn faults(&self) -> Result<Vec<String>> {
        let log = std::fs::read_to_string(self.log())?;
        let wrong = |line: &&str| {
            let ours = line.contains(r#""level":"ERROR""#) && !line.contains(r#""log.target""#);
            ours || line.contains("panicked")
        };
        Ok(log.lines().filter(wrong).map(|line| format!("the program's log: {line}")).collect())
    }
}

impl ServerUnderTest {
    /// Starts the program on free ports; `announce`: the address that clients are told for media.
    pub(crate) async fn program(program: &Path, announce: IpAddr) -> Result<Self> {
        let folder = tempfile::Builder::new().prefix("soak-").tempdir()?;
        let (data, log) = (folder.path().join("data"), folder.path().join("log"));
        let mut command = Command::new(program);
        let theirs = |name: &str| name.starts_with("INTERVIEWOS_") || name.starts_with("LIVEKIT_");
        for (name, _) in std::env::vars_os().filter(|(name, _)| theirs(&name.to_string_lossy())) {
            command.env_remove(name);
        }
        command
            .args([
                "serve",
                "--port",
                "0",
                "--writer",
                "built-in",
                "--log-format",
                "json",
                "--rooms",
                "embedded",
            ])
            // Whoever is in the rooms is of this run.
            .args(["--rooms-udp-port", "0", "--agents", "elsewhere"])
            .args(["--rooms-addresses", &format!("{}={announce}", Ipv4Addr::LOCALHOST)])
            .arg("--data")
            .arg(&data)
            .current_dir(folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(std::fs::File::create(&log)?)
            .kill_on_drop(true);
        let mut child =
            command.spawn().with_context(|| format!("{} cannot be started", program.display()))?;
        let stdout = child.stdout.take().context("its output was asked for")?;
        let mut ready = String::new();
        let waited = timeout(Duration::from_secs(30), BufReader::new(stdout).read_line(&mut ready)).await;
        let said = std::fs::read_to_string(&log)?;
        let address = ready.split_whitespace().find_map(|word| word.strip_prefix("http://")?.parse().ok());
        let (Ok(Ok(_)), Some(address)) = (waited, address) else {
            bail!("{} did not get ready: {ready}{said}", program.display());
        };
        let kept =
            |name: &str| std::fs::read_to_string(data.join(name)).with_context(|| format!("its {name}"));
        let (key, ingest) = (kept("livekit-key")?, kept("ingest-secret")?.trim().to_owned());
        let (key, secret) = key.trim().split_once(": ").context("its key has a secret")?;
        let keys = (key.to_owned(), secret.to_owned());
        Self::of(child, SoakProgramData { folder, ingest }, keys, [address, media(&said)?])
    }

    /// Has it open what it keeps open from then on, such as its database as often as it ever will.
    pub(crate) async fn warm(self: &Arc<Self>) -> Result<()> {
        if self.program.is_none() {
            return Ok(());
        }
        let mut interviews = JoinSet::new();
        for _ in 0..32 {
            let server = Arc::clone(self);
            interviews.spawn(async move { server.interview().await });
        }
        while let Some(interview) = interviews.join_next().await {
            interview??;
        }
        Ok(())
    }

    /// A new interview: its room, and its candidate.
    pub(crate) async fn interview(&self) -> Result<RoomPass> {
        let ingest = &self.program.as_ref().context("it is the program that has interviews")?.ingest;
        let headers = format!("x-ingest-secret: {ingest}\r\ncontent-type: application/json\r\n");
        let who = json!({ "candidate_name": "Ada Byron", "role": "Backend engineer", "seniority": "senior" });
        let made = self.ask("POST /engine/sessions/", &headers, &who.to_string()).await?;
        let made: Value = serde_json::from_str(&made)?;
        let session = made["session_id"].as_str().context("a session has an id")?;
        let voice = self.ask(&format!("POST /engine/sessions/{session}/voice/"), &headers, "").await?;
        let voice: Value = serde_json::from_str(&voice)?;
        let text = |name: &str| voice[name].as_str().map(str::to_owned).with_context(|| format!("no {name}"));
        if text("server_url")? != self.url() {
            bail!("candidates are sent to {} instead of {}", text("server_url")?, self.url());
        }
        Ok(RoomPass {
            room: text("room_name")?,
            identity: text("participant_identity")?,
            token: text("participant_token")?,
        })
    }
}

/// Where it told in its log that it takes media.
fn media(log: &str) -> Result<SocketAddr> {
    let udp = |line: &str| serde_json::from_str::<Value>(line).ok()?["udp"].as_str()?.parse().ok();
    log.lines().find_map(udp).context("the program's log does not say where media comes in")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_media_comes_in_is_found_in_the_log() {
        let line =
            r#"{"level":"INFO","message":"the rooms are open","tcp":"127.0.0.2:4","udp":"127.0.0.2:5"}"#;
        assert_eq!(media(&format!("{{}}\n{line}\n")).unwrap(), "127.0.0.2:5".parse().unwrap());
        assert!(media("{}\nno JSON").is_err());
    }
}
