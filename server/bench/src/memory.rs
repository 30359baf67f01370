//! Memory: idle, with many pages following their interviews, and after they went away.

use std::time::Duration;

use anyhow::Result;
use serde::Serialize;

use crate::ProgramBenchPlan;
use crate::http::Connection;
use crate::pages::Visitor;
use crate::program::Program;

/// How long the program is left alone before it is looked at.
const SETTLE: Duration = Duration::from_millis(300);
/// How many looks in a row must find the same before the start counts as over: models are read after the program
/// answers, and what reading them took is given back when they are there.
const STEADY: usize = 5;
/// How many looks the start has at most.
const LOOKS: usize = 100;
/// What still counts as the same: a hundredth.
const SAME: u64 = 100;
/// How many connections make interviews.
const MAKERS: usize = 16;

/// Resident memory, in bytes.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct ProgramMemory {
    /// After the start, with nothing asked.
    pub(crate) idle: u64,
    /// With that many interviews in memory, each of a browser of its own.
    pub(crate) interviews: u64,
    /// With a stream open for each of them.
    pub(crate) followed: u64,
    /// When the streams are closed again.
    pub(crate) closed: u64,
    /// How many that were.
    pub(crate) streams: usize,
}

impl ProgramMemory {
    /// What one open stream costs, in bytes.
    pub(crate) fn stream(&self) -> u64 {
        self.followed.saturating_sub(self.interviews) / self.streams.max(1) as u64
    }
}

/// Measures on a program of its own.
pub(crate) async fn measure(plan: &ProgramBenchPlan) -> Result<ProgramMemory> {
    let program = Program::start(plan).await?;
    let streams = plan.amounts.streams;
    let settled = async || {
        tokio::time::sleep(SETTLE).await;
        program.memory()
    };
    let idle = idle(settled).await?;
    let visitors = visitors(&program, streams).await?;
    let interviews = settled().await?;
    let mut open = Vec::with_capacity(streams);
    for visitor in &visitors {
        let mut connection = Connection::open(program.address).await?;
        let headers = format!("cookie: {}\r\naccept: text/event-stream\r\n", visitor.cookie);
        connection.follow(&format!("{}/events", visitor.page()), &headers).await?;
        open.push(connection);
    }
    let followed = settled().await?;
    drop(open);
    let closed = settled().await?;
    Ok(ProgramMemory { idle, interviews, followed, closed, streams })
}

/// Looks until the program has started and takes no more, nor gives back, for a while.
async fn idle(look: impl AsyncFn() -> Result<u64>) -> Result<u64> {
    let (mut last, mut same) = (look().await?, 0);
    for _ in 0..LOOKS {
        let now = look().await?;
        same = if now.abs_diff(last) <= last / SAME { same + 1 } else { 0 };
        last = now;
        if same == STEADY {
            return Ok(now);
        }
    }
    anyhow::bail!("the program's memory is not steady {LOOKS} looks after its start")
}

/// Browsers with an interview each, under way.
async fn visitors(program: &Program, count: usize) -> Result<Vec<Visitor>> {
    let mut makers = Vec::with_capacity(MAKERS);
    for maker in 0..MAKERS {
        let mut connection = Connection::open(program.address).await?;
        makers.push(async move {
            let mut made = Vec::new();
            for _ in (maker..count).step_by(MAKERS) {
                made.push(Visitor::start(program, &mut connection, "").await?);
            }
            anyhow::Ok(made)
        });
    }
    Ok(futures::future::try_join_all(makers).await?.into_iter().flatten().collect())
}
