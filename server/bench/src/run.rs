//! The run, from the first measurement to the last.

use anyhow::Result;

use crate::machine::MachineDescription;
use crate::program::Program;
use crate::raw::{self, BaselineDatabase};
use crate::samples::RunSamples;
use crate::{
    ProgramBenchPlan, ProgramBenchReport, ProgramWorkload, cold, memory, pages, reports, sizes, turns,
};

/// What was measured over HTTP and on the disk.
#[derive(Debug, Default)]
pub(crate) struct ProgramMeasurements {
    pub(crate) sync: RunSamples,
    pub(crate) raw: RunSamples,
    /// At each of [`ProgramWorkload::LEVELS`].
    pub(crate) turns: [RunSamples; 3],
    /// The same at the first two levels with answers read by the model; empty without models.
    pub(crate) read: [RunSamples; 2],
    /// Of an interview of [`reports::ANSWERS`] answers.
    pub(crate) reports: RunSamples,
    /// One at a time through the page.
    pub(crate) answers: RunSamples,
    /// At 1 and [`PAGES_AT_ONCE`] connections.
    pub(crate) home: [RunSamples; 2],
    pub(crate) interview: [RunSamples; 2],
}

/// How many connections load pages at once, at most.
pub(crate) const PAGES_AT_ONCE: usize = 16;

/// Measures everything; `say` hears what is being done.
///
/// # Errors
/// When the program does not start or does not do what it should.
pub async fn run(plan: &ProgramBenchPlan, say: impl Fn(&str)) -> Result<ProgramBenchReport> {
    std::fs::create_dir_all(&plan.folder)?;
    let machine = MachineDescription::look(&plan.folder)?;
    let sizes = sizes::read(&plan.program, &plan.site)?;
    say("cold starts");
    let cold = cold::measure(plan).await?;
    say("memory");
    let memory = memory::measure(plan).await?;
    let measured = measure(plan, say).await?;
    Ok(ProgramBenchReport::new(machine, cold, memory, sizes, &measured))
}

async fn measure(plan: &ProgramBenchPlan, say: impl Fn(&str)) -> Result<ProgramMeasurements> {
    let ProgramWorkload { rounds, raw: commits, turns: per_session, pages, .. } = plan.amounts;
    let program = Program::start(plan).await?;
    let reads = match &plan.models {
        Some(models) => {
            let models = models.to_string_lossy();
            Some(Program::launch(&plan.program, &plan.site, &plan.folder, &["--models", &models]).await?)
        }
        None => None,
    };
    let mut raw = BaselineDatabase::open(program.folder()).await?;
    let mut measured = ProgramMeasurements::default();
    // Files grow and caches warm up: the first go is not counted.
    raw.go(commits).await?;
    turns::go(&program, 1, per_session[0].min(30), rounds).await?;
    for round in 0..rounds {
        say(&format!("commits and turns, round {} of {rounds}", round + 1));
        measured.sync.push(raw::sync(program.folder(), commits)?);
        for (level, sessions) in ProgramWorkload::LEVELS.into_iter().enumerate() {
            measured.raw.push(raw.go(commits).await?);
            let turns = turns::go(&program, sessions, per_session[level], round).await?;
            measured.turns[level].push(turns);
            if let (Some(reads), Some(read)) = (&reads, measured.read.get_mut(level)) {
                // Reading takes several times what the rest of a turn takes: a few turns tell.
                read.push(turns::go(reads, sessions, per_session[level].div_ceil(6), round).await?);
            }
        }
        measured.answers.push(pages::answers(&program, per_session[0].div_ceil(4)).await?);
    }
    say("reports");
    let times = plan.amounts.reports;
    measured.reports = tokio::task::spawn_blocking(move || reports::measure(times)).await??;
    say("pages");
    let visitor = pages::regular(&program).await?;
    let page = visitor.page();
    for _ in 0..rounds {
        for (at, connections) in [1, PAGES_AT_ONCE].into_iter().enumerate() {
            let each = pages.div_ceil(connections);
            measured.home[at].push(pages::load(&program, &visitor, "/", connections, each).await?);
            measured.interview[at].push(pages::load(&program, &visitor, &page, connections, each).await?);
        }
    }
    Ok(measured)
}
