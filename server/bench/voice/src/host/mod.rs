//! Who interviews, and what they use: our own program, or a framework's worker in the rooms of our program.

mod api;
pub(crate) mod processes;
mod worker;

use std::path::Path;
use std::time::Duration;

use anyhow::Result;
use bench::Program;

use self::api::Api;
pub(crate) use self::api::BenchAdmission;
use self::worker::LiveKitAgentsWorker;
use crate::VoiceBenchArgs;

/// Who interviews.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Interviewer {
    /// Our own program.
    #[value(skip)]
    Ours,
    /// LiveKit Agents, tuned for these candidates.
    Agents,
    /// LiveKit Agents as it comes.
    AgentsDefaults,
}

impl Interviewer {
    /// The name in tables.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Ours => "ours",
            Self::Agents => "LiveKit Agents, tuned",
            Self::AgentsDefaults => "LiveKit Agents, defaults",
        }
    }

    /// The name that `agents/settings.py` knows it by.
    fn settings(self) -> Option<&'static str> {
        match self {
            Self::Ours => None,
            Self::Agents => Some("agents"),
            Self::AgentsDefaults => Some("agents-defaults"),
        }
    }
}

/// A running interviewer.
pub(crate) struct Host {
    /// It interviews itself, or serves the rooms.
    program: Program,
    api: Api,
    worker: Option<LiveKitAgentsWorker>,
}

impl Host {
    /// Starts it for so many interviews at once; `folder`: where files may be made.
    pub(crate) async fn open(
        flags: &VoiceBenchArgs,
        folder: &Path,
        interviewer: Interviewer,
        at_once: usize,
    ) -> Result<Self> {
        let models = flags.models.to_string_lossy();
        // The first interview may still be ending when the others begin.
        let places = (at_once + 1).to_string();
        let mut settings = vec!["--models", &models, "--voice-sessions", &places];
        if interviewer.settings().is_some() {
            settings.extend(["--agents", "elsewhere"]);
        }
        let program = Program::launch(&flags.program, &flags.site, folder, &settings).await?;
        let worker = match interviewer.settings() {
            None => None,
            Some(settings) => Some(LiveKitAgentsWorker::start(flags, &program, folder, settings).await?),
        };
        Ok(Self { api: Api::of(&program)?, program, worker })
    }

    /// Opens an interview; its interviewer is on the way.
    pub(crate) async fn admit(&self, number: usize) -> Result<BenchAdmission> {
        let admitted = self.api.admit(number).await?;
        if let Some(worker) = &self.worker {
            worker.attend(&admitted.room).await?;
        }
        Ok(admitted)
    }

    /// What was kept of what the candidate said; `told`: what the interviewer told the candidate of it.
    pub(crate) async fn kept(&self, session: &str, told: &[String]) -> Result<Vec<String>> {
        match &self.worker {
            None => self.api.stored(session).await,
            Some(_) => Ok(told.to_vec()),
        }
    }

    /// Processor time so far, that of the rooms and of the models included.
    pub(crate) fn cpu(&self) -> Result<Duration> {
        match &self.worker {
            None => self.program.cpu(),
            Some(_) => processes::cpu(&self.processes()),
        }
    }

    /// Memory in use, in bytes, likewise.
    pub(crate) fn memory(&self) -> Result<u64> {
        match &self.worker {
            None => self.program.memory(),
            Some(_) => processes::memory(&self.processes()),
        }
    }

    fn processes(&self) -> Vec<u32> {
        let theirs = self.worker.iter().flat_map(LiveKitAgentsWorker::processes);
        theirs.chain([self.program.process()]).collect()
    }

    /// Has it end, and waits.
    pub(crate) async fn end(self) {
        if let Some(worker) = self.worker {
            worker.end().await;
        }
    }
}
