//! Interviews at once against each interviewer, turn about.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use anyhow::{Context as _, Result};
use speech_bench::Errors;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep};

use crate::VoiceBenchArgs;
use crate::candidate::SimulatedCandidate;
use crate::figures::{VoiceInterviewResult, VoiceLevelResult};
use crate::host::{Host, Interviewer, processes};
use crate::script::ScriptedTurn;

/// How often it is looked how much memory is used.
const LOOK: Duration = Duration::from_millis(500);

/// All interviews of a level, with each interviewer: so many at once, one round after the other, each by a script of its
/// own. In every round another interviewer begins, since a machine does not stay the same.
pub(crate) async fn level(
    flags: &VoiceBenchArgs,
    scripts: &[Arc<[ScriptedTurn]>],
    folder: &Path,
    at_once: usize,
    rounds: usize,
) -> Result<Vec<VoiceLevelResult>> {
    let mut all = Vec::new();
    for &interviewer in [Interviewer::Ours].iter().chain(&flags.beside) {
        all.push(InterviewerRun::open(flags, scripts, folder, interviewer, at_once).await?);
    }
    for round in 0..rounds {
        let scripts = &scripts[round * at_once..][..at_once];
        for turn in 0..all.len() {
            let place = (round + turn) % all.len();
            all[place].hold(scripts, round * at_once, flags.verbose).await?;
        }
    }
    let mut levels = Vec::new();
    for one in all {
        levels.push(one.end().await?);
    }
    Ok(levels)
}

/// An interviewer, and what was measured of it so far.
struct InterviewerRun {
    host: Arc<Host>,
    level: VoiceLevelResult,
    spent: Duration,
}

impl InterviewerRun {
    async fn open(
        flags: &VoiceBenchArgs,
        scripts: &[Arc<[ScriptedTurn]>],
        folder: &Path,
        interviewer: Interviewer,
        at_once: usize,
    ) -> Result<Self> {
        let host = Host::open(flags, folder, interviewer, at_once).await?;
        // Models are loaded by the first interview, which is not counted.
        let first = scripts.first().context("there is nobody")?;
        drop(interview(&host, 0, &first[..first.len().min(1)], flags.verbose).await?);
        let memory = host.memory()?;
        let level = VoiceLevelResult {
            interviewer,
            at_once,
            held: Vec::new(),
            cpu_a_minute: 0.0,
            memory,
            memory_before: memory,
            load: Vec::new(),
        };
        Ok(Self { host: Arc::new(host), level, spent: Duration::ZERO })
    }

    /// One round.
    async fn hold(&mut self, scripts: &[Arc<[ScriptedTurn]>], first: usize, verbose: bool) -> Result<()> {
        self.level.load.push(processes::load()?);
        let most = Arc::new(AtomicU64::new(self.level.memory));
        let done = Arc::new(AtomicBool::new(false));
        let watch = tokio::spawn({
            let (host, most, done) = (Arc::clone(&self.host), Arc::clone(&most), Arc::clone(&done));
            async move {
                while !done.load(Ordering::Relaxed) {
                    most.fetch_max(host.memory().unwrap_or_default(), Ordering::Relaxed);
                    sleep(LOOK).await;
                }
            }
        });
        let before = self.host.cpu()?;
        self.level.held.extend(together(&self.host, scripts, first, verbose).await?);
        self.spent += self.host.cpu()?.saturating_sub(before);
        done.store(true, Ordering::Relaxed);
        watch.await?;
        self.level.memory = most.load(Ordering::Relaxed);
        Ok(())
    }

    async fn end(self) -> Result<VoiceLevelResult> {
        let Self { host, mut level, spent } = self;
        let minutes: f64 = level.held.iter().map(|held| held.lasted.as_secs_f64() / 60.0).sum();
        level.cpu_a_minute = spent.as_secs_f64() / minutes.max(1e-9);
        Arc::into_inner(host).context("an interview still goes on")?.end().await;
        Ok(level)
    }
}

async fn together(
    host: &Arc<Host>,
    scripts: &[Arc<[ScriptedTurn]>],
    first: usize,
    verbose: bool,
) -> Result<Vec<VoiceInterviewResult>> {
    let mut all = JoinSet::new();
    for (number, script) in scripts.iter().enumerate() {
        let (host, script) = (Arc::clone(host), Arc::clone(script));
        all.spawn(async move {
            // People do not come in step.
            sleep(Duration::from_millis(700) * u32::try_from(number).unwrap_or(0)).await;
            interview(&host, first + number, &script, verbose).await
        });
    }
    let mut held = Vec::new();
    while let Some(one) = all.join_next().await {
        // What breaks off is counted, and the others go on.
        held.push(one?.unwrap_or_else(|error| {
            eprintln!("  an interview broke off: {error:#}");
            VoiceInterviewResult::default()
        }));
    }
    Ok(held)
}

async fn interview(
    host: &Host,
    number: usize,
    script: &[ScriptedTurn],
    verbose: bool,
) -> Result<VoiceInterviewResult> {
    let admitted = host.admit(number).await?;
    let joined = Instant::now();
    let candidate = SimulatedCandidate::join(&admitted).await?;
    while !candidate.hears() && joined.elapsed() < Duration::from_secs(10) {
        sleep(Duration::from_millis(10)).await;
    }
    if verbose {
        eprintln!("  the agent is heard after {:?}", joined.elapsed());
    }
    let (mut held, said) = candidate.hold(script, verbose).await?;
    let kept = host.kept(&admitted.session, &held.kept).await?;
    if verbose {
        eprintln!("  said:   {said}\n  kept:   {}", kept.join(" | "));
    }
    let errors = Errors::between(&said, &kept.join(" "));
    (held.wrong, held.said) = (errors.wrong, errors.said);
    Ok(held)
}
