//! Interviews at once against one program.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use anyhow::{Context as _, Result};
use bench::Program;
use serde_json::{Value, json};
use speech_bench::Errors;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep};

use crate::Flags;
use crate::candidate::{Admission, Candidate};
use crate::figures::{Held, Level};
use crate::script::Turn;

/// All interviews of a level: so many at once, one round after the other, each by a script of its own.
pub(crate) async fn level(
    flags: &Flags,
    scripts: &[Arc<[Turn]>],
    folder: &Path,
    at_once: usize,
    rounds: usize,
) -> Result<Level> {
    let models = flags.models.to_string_lossy();
    // The first interview may still be ending when the others begin.
    let places = (at_once + 1).to_string();
    let more = ["--models", &models, "--voice-sessions", &places];
    let program = Program::launch(&flags.program, &flags.site, folder, &more).await?;
    let program = Arc::new(program);
    // Models are loaded by the first interview, which is not counted.
    let first = scripts.first().context("there is nobody")?;
    drop(hold(&program, 0, &first[..first.len().min(1)], flags.verbose).await?);
    let memory_before = program.memory()?;
    let most = Arc::new(AtomicU64::new(memory_before));
    let done = Arc::new(AtomicBool::new(false));
    let watch = tokio::spawn({
        let (program, most, done) = (Arc::clone(&program), Arc::clone(&most), Arc::clone(&done));
        async move {
            while !done.load(Ordering::Relaxed) {
                most.fetch_max(program.memory().unwrap_or_default(), Ordering::Relaxed);
                sleep(Duration::from_millis(500)).await;
            }
        }
    });
    let (cpu, mut held) = (program.cpu()?, Vec::new());
    for round in 0..rounds {
        let scripts = &scripts[round * at_once..][..at_once];
        held.extend(together(flags, scripts, &program, round * at_once).await?);
    }
    let spent = program.cpu()?.saturating_sub(cpu);
    done.store(true, Ordering::Relaxed);
    watch.await?;
    let minutes: f64 = held.iter().map(|held| held.lasted.as_secs_f64() / 60.0).sum();
    Ok(Level {
        at_once,
        held,
        cpu_a_minute: spent.as_secs_f64() / minutes.max(1e-9),
        memory: most.load(Ordering::Relaxed),
        memory_before,
    })
}

async fn together(
    flags: &Flags,
    scripts: &[Arc<[Turn]>],
    program: &Arc<Program>,
    first: usize,
) -> Result<Vec<Held>> {
    let mut all = JoinSet::new();
    for (number, script) in scripts.iter().enumerate() {
        let (program, script, verbose) = (Arc::clone(program), Arc::clone(script), flags.verbose);
        all.spawn(async move {
            // People do not come in step.
            sleep(Duration::from_millis(700) * u32::try_from(number).unwrap_or(0)).await;
            hold(&program, first + number, &script, verbose).await
        });
    }
    let mut held = Vec::new();
    while let Some(one) = all.join_next().await {
        // What breaks off is counted, and the others go on.
        held.push(one?.unwrap_or_else(|error| {
            eprintln!("  an interview broke off: {error:#}");
            Held::default()
        }));
    }
    Ok(held)
}

async fn hold(program: &Program, number: usize, script: &[Turn], verbose: bool) -> Result<Held> {
    // A connection that was idle for the length of an interview may be closed at the moment that it is used again.
    let client = reqwest::Client::builder().pool_max_idle_per_host(0).build()?;
    let api = Api { base: format!("http://{}/engine", program.address()), client };
    let session = api
        .post("sessions/", &json!({
            "candidate_name": "Robin", "candidate_id": format!("robin-{number}-{:x}", fastrand::u64(..)),
            "role": "Software engineer", "seniority": "mid", "plan": "standard", "cv": "", "job_description": "",
        }))
        .await?;
    let id = session["session_id"].as_str().context("a session has an id")?.to_owned();
    let voice = api.post(&format!("sessions/{id}/voice/"), &json!({})).await?;
    let text = |name: &str| voice[name].as_str().map(str::to_owned).context("an admission is whole");
    let admission = Admission { url: text("server_url")?, token: text("participant_token")? };
    let joined = Instant::now();
    let candidate = Candidate::join(&admission).await?;
    while !candidate.hears() && joined.elapsed() < Duration::from_secs(10) {
        sleep(Duration::from_millis(10)).await;
    }
    if verbose {
        eprintln!("  the agent is heard after {:?}", joined.elapsed());
    }
    let (mut held, said) = candidate.hold(script, verbose).await?;
    let state = api.get(&format!("sessions/{id}/")).await?;
    let messages = state["messages"].as_array().cloned().unwrap_or_default();
    let stored: Vec<&str> = messages
        .iter()
        .filter(|message| message["speaker"] == "candidate")
        .filter_map(|message| message["text"].as_str())
        .collect();
    if verbose {
        eprintln!("  said:   {said}\n  stored: {}", stored.join(" | "));
    }
    let stored = stored.join(" ");
    let errors = Errors::between(&said, &stored);
    (held.wrong, held.said) = (errors.wrong, errors.said);
    Ok(held)
}

/// The engine API.
struct Api {
    base: String,
    client: reqwest::Client,
}

impl Api {
    async fn post(&self, path: &str, body: &Value) -> Result<Value> {
        let request = self.client.post(format!("{}/{path}", self.base)).json(body);
        answer(request.header("x-ingest-secret", Program::SECRET)).await
    }

    async fn get(&self, path: &str) -> Result<Value> {
        let request = self.client.get(format!("{}/{path}", self.base));
        answer(request.header("x-ingest-secret", Program::SECRET)).await
    }
}

async fn answer(request: reqwest::RequestBuilder) -> Result<Value> {
    let response = request.send().await?;
    let status = response.status();
    let body: Value = response.json().await?;
    anyhow::ensure!(status.is_success(), "{status}: {body}");
    Ok(body)
}
