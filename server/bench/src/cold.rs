//! From the start of the program on an empty folder to its first answers.

use std::time::Duration;

use anyhow::Result;

use crate::ProgramBenchPlan;
use crate::http::Connection;
use crate::program::Program;
use crate::samples::{median, millis};
use crate::turns;

/// Medians, in milliseconds since the program was executed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ColdStartTimes {
    /// `/healthz` has answered.
    pub(crate) healthy: f64,
    /// The first interview was created and opened, and its first answer replied to.
    pub(crate) answered: f64,
}

/// Starts it so many times as planned.
pub(crate) async fn measure(plan: &ProgramBenchPlan) -> Result<ColdStartTimes> {
    let (mut healthy, mut answered): (Vec<f64>, Vec<f64>) = (Vec::new(), Vec::new());
    let since = |program: &Program| -> f64 { millis(program.executed.elapsed()) };
    for _ in 0..plan.amounts.starts {
        let program = Program::start(plan).await?;
        let mut connection = Connection::open(program.address).await?;
        connection.expect(200, "GET /healthz", "", b"").await?;
        healthy.push(since(&program));
        let interview = turns::interview(&mut connection, "cold").await?;
        turns::one(&mut connection, &interview).await?;
        answered.push(since(&program));
        drop(program);
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    Ok(ColdStartTimes { healthy: median(healthy), answered: median(answered) })
}
