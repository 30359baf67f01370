//! A LiveKit Agents worker, and our models that hear and speak for it: two processes with all that they start.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use bench::Program;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::process::{Child, ChildStdin, Command};
use tokio::sync::Mutex;
use tokio::time::timeout;

use crate::VoiceBenchArgs;

/// Models are loaded, and Python's modules, within this time.
const READY: Duration = Duration::from_secs(90);
const ENDED: Duration = Duration::from_secs(20);

/// See the module's description.
pub(super) struct LiveKitAgentsWorker {
    bridge: Child,
    /// It ends when this is closed.
    hold: ChildStdin,
    python: Child,
    /// The names of rooms go in here.
    rooms: Mutex<ChildStdin>,
}

impl LiveKitAgentsWorker {
    /// Starts both; the worker's rooms are those of this program. `settings`: a name that `agents/settings.py` knows.
    pub(super) async fn start(
        flags: &VoiceBenchArgs,
        program: &Program,
        folder: &Path,
        settings: &str,
    ) -> Result<Self> {
        let python = flags.agents_python.as_ref().context(
            "LiveKit Agents needs a Python that has it: --agents-python FILE (make bench-voice BESIDE=agents sets one up)",
        )?;
        let key = std::fs::read_to_string(program.data().join("livekit-key"))?;
        let (key, secret) = key.trim().split_once(": ").context("the program's key has a secret")?;
        let socket = folder.join(format!("{settings}-{:x}.socket", fastrand::u32(..)));
        let mut command = Command::new(std::env::current_exe()?);
        command.arg("bridge").arg("--models").arg(&flags.models).arg("--socket").arg(&socket);
        let (bridge, hold) = ready(command, &folder.join("bridge-log")).await?;
        let agents = agents();
        let mut command = Command::new(python);
        let theirs = |name: &str| name.starts_with("LIVEKIT_");
        for (name, _) in std::env::vars_os().filter(|(name, _)| theirs(&name.to_string_lossy())) {
            command.env_remove(name);
        }
        command
            .arg(agents.join("worker.py"))
            .args([settings.as_ref(), agents.join("lines.txt").as_os_str()])
            .env("BENCH_SPEECH", &socket)
            .env("LIVEKIT_URL", format!("ws://{}", program.address()))
            .env("LIVEKIT_API_KEY", key)
            .env("LIVEKIT_API_SECRET", secret)
            .env("PYTHONDONTWRITEBYTECODE", "1");
        let (python, rooms) = ready(command, &folder.join(format!("{settings}-log"))).await?;
        Ok(Self { bridge, hold, python, rooms: Mutex::new(rooms) })
    }

    /// Its processes, without those that they started.
    pub(super) fn processes(&self) -> impl Iterator<Item = u32> {
        [self.bridge.id(), self.python.id()].into_iter().flatten()
    }

    /// Sends an interviewer into this room.
    pub(super) async fn attend(&self, room: &str) -> Result<()> {
        let line = format!("{room}\n");
        self.rooms.lock().await.write_all(line.as_bytes()).await.context("the worker is gone")
    }

    /// Has both end, and waits.
    pub(super) async fn end(self) {
        let Self { mut bridge, hold, mut python, rooms } = self;
        drop(rooms);
        // Its jobs end with it; what does not end by itself is killed when it is dropped.
        let _late = timeout(ENDED, python.wait()).await;
        drop(hold);
        let _late = timeout(ENDED, bridge.wait()).await;
    }
}

/// Where the worker's files are.
fn agents() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("agents")
}

/// Starts a process that says "ready" once it is; what else it has to say goes to a file.
async fn ready(mut command: Command, log: &Path) -> Result<(Child, ChildStdin)> {
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(std::fs::File::create(log)?)
        .kill_on_drop(true);
    let name = command.as_std().get_program().to_string_lossy().into_owned();
    let mut child = command.spawn().with_context(|| format!("{name} cannot be started"))?;
    let (stdin, stdout) = (child.stdin.take(), child.stdout.take().context("its output was asked for")?);
    let mut said = String::new();
    let waited = timeout(READY, BufReader::new(stdout).read_line(&mut said)).await;
    if !matches!(waited, Ok(Ok(_))) || said.trim() != "ready" {
        bail!("{name} did not get ready: {said}{}", std::fs::read_to_string(log).unwrap_or_default());
    }
    Ok((child, stdin.context("its input was asked for")?))
}
