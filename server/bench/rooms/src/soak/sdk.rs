//! LiveKit's own SDKs in the room, each in a program of its own that says in lines of JSON what it hears.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::Stdio;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use serde::Deserialize;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, ChildStdout, Command};
use tokio::task::JoinSet;
use tokio::time::timeout;

use crate::guest::ToneParticipant;
use crate::network::TcpFaultProxy;
use crate::served::ServerUnderTest;
use crate::sound::ReceptionCounts;

/// What is heard of the others, and what became of the connection.
#[derive(Debug, Default)]
pub(crate) struct SdkObservations {
    pub(crate) heard: BTreeMap<String, ReceptionCounts>,
    pub(crate) reconnected: u64,
    pub(crate) faults: Vec<String>,
    ready: bool,
}

/// A line: windows, silent and wrong ones, and messages, by who they are of.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct SdkOutputLine {
    heard: BTreeMap<String, [u64; 4]>,
    event: Option<String>,
    fault: Option<String>,
}

/// One SDK in the room.
pub(crate) struct Sdk {
    child: Child,
    pub(crate) proxy: TcpFaultProxy,
    told: Arc<Mutex<SdkObservations>>,
    _reader: JoinSet<()>,
}

/// Which SDK.
pub(crate) enum SdkPlatform {
    Python,
    Browser,
}

impl Sdk {
    pub(crate) async fn enter(
        server: &ServerUnderTest,
        kind: SdkPlatform,
        ToneParticipant { token, hz, others }: ToneParticipant<'_>,
    ) -> Result<Self> {
        let proxy = TcpFaultProxy::to(server.address).await?;
        let clients = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("clients");
        let named = |name: &str| {
            std::env::var_os(name)
                .with_context(|| format!("{name} is not set: run this by `make soak-rooms`"))
        };
        let (name, mut command) = match kind {
            SdkPlatform::Python => {
                let mut command = Command::new(named("INTERVIEWOS_PYTHON")?);
                command.arg(clients.join("soak.py"));
                ("python", command)
            }
            SdkPlatform::Browser => {
                let mut command = Command::new("node");
                command.arg(clients.join("soak.mjs")).arg(named("INTERVIEWOS_NODE_MODULES")?);
                ("browser", command)
            }
        };
        command.arg(proxy.url()).arg(token).arg(hz.to_string());
        command.args(others.iter().map(|(name, hz)| format!("{name}={hz}")));
        command.env("PYTHONDONTWRITEBYTECODE", "1").env("RUST_LOG", "error");
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).kill_on_drop(true);
        let mut child = command.spawn().with_context(|| format!("{name} cannot be started"))?;
        let told = Arc::new(Mutex::new(SdkObservations::default()));
        let stdout = child.stdout.take().context("its output was asked for")?;
        let mut reader = JoinSet::new();
        reader.spawn(read(stdout, Arc::clone(&told)));
        let sdk = Self { child, proxy, told, _reader: reader };
        for _ in 0..600 {
            if sdk.told().ready {
                return Ok(sdk);
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        bail!("{name} did not get into the room: {:?}", sdk.told().faults)
    }

    pub(crate) fn told(&self) -> MutexGuard<'_, SdkObservations> {
        self.told.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Has it leave, and waits.
    pub(crate) async fn leave(mut self) -> Result<()> {
        drop(self.child.stdin.take());
        timeout(Duration::from_secs(20), self.child.wait()).await.context("an SDK does not end")??;
        Ok(())
    }
}

async fn read(stdout: ChildStdout, told: Arc<Mutex<SdkObservations>>) {
    let mut lines = BufReader::new(stdout).lines();
    while let Ok(Some(line)) = lines.next_line().await {
        let mut told = told.lock().unwrap_or_else(PoisonError::into_inner);
        let Ok(line) = serde_json::from_str::<SdkOutputLine>(&line) else {
            told.faults.push(line);
            continue;
        };
        for (who, [windows, silent, wrong, messages]) in line.heard {
            *told.heard.entry(who).or_default() += ReceptionCounts { windows, silent, wrong, messages };
        }
        told.faults.extend(line.fault);
        match line.event.as_deref() {
            Some("ready") => told.ready = true,
            Some("reconnected") => told.reconnected += 1,
            Some("disconnected") => told.faults.push("sent away".into()),
            Some(_) | None => {}
        }
    }
}
