//! Many at once: each on a connection of its own, timed piece by piece.

use std::time::Duration;

use anyhow::Result;
use tokio::task::JoinSet;
use tokio::time::Instant;

use crate::program::Program;
use crate::samples::TimedRun;

/// Runs these side by side and gathers what each measured; the whole is from the first to the last.
pub(crate) async fn side_by_side<F>(program: &Program, workers: Vec<F>) -> Result<TimedRun>
where
    F: Future<Output = Result<Vec<Duration>>> + Send + 'static,
{
    let cpu = program.cpu()?;
    let began = Instant::now();
    let mut running: JoinSet<Result<Vec<Duration>>> = workers.into_iter().collect();
    let mut each = Vec::new();
    while let Some(done) = running.join_next().await {
        each.extend(done??);
    }
    let whole = began.elapsed();
    Ok(TimedRun { each, whole, cpu: program.cpu()?.saturating_sub(cpu) })
}
