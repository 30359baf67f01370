//! The program as a child on a folder of its own. Both are gone when this is dropped.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};
use tokio::time::Instant;

use crate::ProgramBenchPlan;

/// The secret of the engine API.
const SECRET: &str = "known to the bench alone";

/// A running program.
pub struct Program {
    child: Child,
    pub(crate) address: SocketAddr,
    /// When it was executed.
    pub(crate) executed: Instant,
    process: u32,
    folder: TempDir,
}

impl Program {
    /// The secret of its engine API.
    pub const SECRET: &str = SECRET;

    /// Starts it as it is shipped, without models and with the rate limits switched off; its log goes to a file.
    pub(crate) async fn start(plan: &ProgramBenchPlan) -> Result<Self> {
        // What this machine has must not decide what is measured.
        Self::launch(&plan.program, &plan.site, &plan.folder, &["--models", "no-models"]).await
    }

    /// The same with more settings: the program, what it serves to browsers, and where it may make a folder.
    ///
    /// # Errors
    /// When it does not get ready.
    pub async fn launch(program: &Path, site: &Path, folder: &Path, settings: &[&str]) -> Result<Self> {
        let folder = tempfile::Builder::new().prefix("bench-").tempdir_in(folder)?;
        let log = std::fs::File::create(folder.path().join("log"))?;
        let mut command = Command::new(program);
        let theirs = |name: &str| name.starts_with("INTERVIEWOS_") || name.starts_with("LIVEKIT_");
        for (name, _) in std::env::vars_os().filter(|(name, _)| theirs(&name.to_string_lossy())) {
            command.env_remove(name);
        }
        command
            .args(["serve", "--port", "0", "--writer", "built-in"])
            .args(["--browser-rate", "0", "--address-rate", "0", "--engine-rate", "0"])
            .args(["--rooms-udp-port", "0"])
            // Their memory is no part of typed interviews'; whoever talks says so in `settings`.
            .args(["--speech-load", "first-use"])
            .arg("--data")
            .arg(folder.path().join("data"))
            .arg("--site")
            .arg(site)
            .args(settings)
            .env("INTERVIEWOS_INGEST_SECRET", SECRET)
            .current_dir(folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log)
            .kill_on_drop(true);
        let executed = Instant::now();
        let mut child =
            command.spawn().with_context(|| format!("{} cannot be started", program.display()))?;
        let stdout = child.stdout.take().context("its output was asked for")?;
        let mut ready = String::new();
        let waited =
            tokio::time::timeout(Duration::from_secs(30), BufReader::new(stdout).read_line(&mut ready)).await;
        let address = ready.split_whitespace().find_map(|word| word.strip_prefix("http://")?.parse().ok());
        let (Ok(Ok(_)), Some(address), Some(process)) = (waited, address, child.id()) else {
            let log = std::fs::read_to_string(folder.path().join("log")).unwrap_or_default();
            bail!("{} did not get ready: {ready}{log}", program.display());
        };
        Ok(Self { child, address, executed, process, folder })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The number of its process.
    pub fn process(&self) -> u32 {
        self.process
    }

    /// Where it keeps interviews, keys and secrets.
    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// Its folder.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The lines that open the engine API to a request.
    pub(crate) fn secret() -> String {
        format!("x-ingest-secret: {SECRET}\r\ncontent-type: application/json\r\n")
    }

    /// The lines of a form that its own page sends; `cookie` may be empty.
    pub(crate) fn form(&self, cookie: &str) -> String {
        let known = if cookie.is_empty() { String::new() } else { format!("cookie: {cookie}\r\n") };
        format!(
            "origin: http://{}\r\ncontent-type: application/x-www-form-urlencoded\r\n{known}",
            self.address
        )
    }

    /// Memory in use (resident), in bytes.
    ///
    /// # Errors
    /// When it is gone.
    pub fn memory(&self) -> Result<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.process))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("no VmRSS")?;
        let kibibytes: u64 = line.trim().trim_end_matches("kB").trim().parse()?;
        Ok(kibibytes * 1_024)
    }

    /// Processor time used so far. The kernel counts in hundredths of a second.
    ///
    /// # Errors
    /// When it is gone.
    pub fn cpu(&self) -> Result<Duration> {
        cpu_of(&self.process.to_string())
    }
}

/// Processor time that a process, or `self`, has used so far.
pub(crate) fn cpu_of(process: &str) -> Result<Duration> {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat"))?;
    let (_, after) = stat.rsplit_once(')').context("no name in the stat line")?;
    let ticks: u64 = after.split_whitespace().skip(11).take(2).map(|n| n.parse::<u64>().unwrap_or(0)).sum();
    Ok(Duration::from_millis(ticks * 10))
}

impl Drop for Program {
    fn drop(&mut self) {
        drop(self.child.start_kill());
        // Its folder goes next: it must not write there any more.
        for _ in 0..400 {
            if !matches!(self.child.try_wait(), Ok(None)) {
                break;
            }
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}
