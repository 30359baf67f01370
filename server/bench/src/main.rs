//! `make bench`.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use bench::{ProgramBenchPlan, ProgramWorkload};
use clap::Parser;
use tokio::signal::unix::{SignalKind, signal};

/// Measures InterviewOS and prints a table.
#[derive(Debug, Parser)]
struct ProgramBenchArgs {
    /// The program [default: interviewos beside this one]
    #[arg(long, value_name = "FILE")]
    program: Option<PathBuf>,
    /// What it serves to browsers [default: site beside the program]
    #[arg(long, value_name = "DIR")]
    site: Option<PathBuf>,
    /// Folder of the models, to measure turns whose answers are read, too
    #[arg(long, value_name = "DIR")]
    models: Option<PathBuf>,
    /// Where its data is put while it is measured: on the disk that counts
    #[arg(long, value_name = "DIR", default_value = "target")]
    folder: PathBuf,
    /// Where the figures are written for programs
    #[arg(long, value_name = "FILE", default_value = "target/bench.json")]
    json: PathBuf,
    /// Only see whether everything can be measured
    #[arg(long)]
    quick: bool,
}

fn main() -> Result<ExitCode> {
    let ProgramBenchArgs { program, site, models, folder, json, quick } = ProgramBenchArgs::parse();
    let program = match program {
        Some(program) => program,
        None => std::env::current_exe()?.with_file_name("interviewos"),
    };
    let site = site.unwrap_or_else(|| program.with_file_name("site"));
    let amounts = if quick { ProgramWorkload::quick() } else { ProgramWorkload::full() };
    std::fs::create_dir_all(&folder)?;
    let (program, site, folder) =
        (program.canonicalize()?, std::path::absolute(site)?, folder.canonicalize()?);
    let plan = ProgramBenchPlan { program, site, models, folder, amounts };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let (mut interrupt, mut terminate) =
            (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
        let say = |what: &str| eprintln!("measuring {what}");
        // Given up in the middle, the run drops what it started and what it wrote.
        let report = tokio::select! {
            report = bench::run(&plan, say) => report?,
            _ = interrupt.recv() => return Ok(ExitCode::from(130)),
            _ = terminate.recv() => return Ok(ExitCode::from(143)),
        };
        print!("{}", report.markdown());
        std::fs::write(&json, serde_json::to_string_pretty(report.json())?)?;
        eprintln!("the same for programs: {}", json.display());
        Ok(ExitCode::SUCCESS)
    })
}
