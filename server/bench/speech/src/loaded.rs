//! What the models take of memory: this program runs itself once more for that, with nothing else in it.

use std::path::Path;

use anyhow::{Context as _, Result, ensure};
use models::ModelFolder;
use serde_json::{Value, json};
use speech::hear::EarsOptions;
use speech::ports::HearOptions;
use tokio::process::Command;

use crate::kit::Kit;
use crate::machine::resident;

/// Resident bytes with so many threads, as JSON: at the start, with hearing loaded and used on each, and with speaking
/// too.
pub async fn loaded(models: &ModelFolder, threads: usize) -> Result<Value> {
    let start = resident()?;
    let kit = Kit::open(models, threads)?;
    // Its voice activity belongs to hearing.
    let mut ears = kit.listen(EarsOptions::default(), HearOptions::default())?;
    ears.hear(&[0; 16_000])?;
    kit.warm_ears(models).await?;
    let hearing = resident()?;
    kit.warm_voice().await?;
    Ok(json!({ "start": start, "hearing": hearing, "both": resident()? }))
}

/// The same in a process of its own.
pub(crate) async fn measure(program: &Path, models: &ModelFolder, threads: usize) -> Result<[u64; 3]> {
    let output = Command::new(program)
        .arg("--models")
        .arg(models.root())
        .args(["--loaded", &threads.to_string()])
        .kill_on_drop(true)
        .output()
        .await?;
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let told: Value = serde_json::from_slice(&output.stdout)?;
    let bytes = |name| told[name].as_u64().context("memory");
    Ok([bytes("start")?, bytes("hearing")?, bytes("both")?])
}
