//! `make judge`: whole interviews of invented candidates with the built-in interviewer, for a judge to grade line by line,
//! and the table of the grades.

mod candidate;
mod faults;
mod grades;
mod interview;

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use clap::Parser;
use models::{Folder, Set};
use reading::Reader;

use crate::candidate::Candidate;
use crate::faults::fault;
use crate::interview::{Line, hold};

/// Hold interviews with invented candidates, look for mechanical faults, and write what a judge is to grade
#[derive(Debug, Parser)]
struct Flags {
    /// Folder of the models
    #[arg(long, value_name = "DIR")]
    models: PathBuf,
    /// Where the transcripts and the form go
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Decides every choice of the interviewer: the first interview's seed, the others have the next ones
    #[arg(long, default_value_t = 11)]
    seed: u64,
    /// A form that was filled in: says its table instead
    #[arg(long, value_name = "FILE")]
    grades: Option<PathBuf>,
}

fn main() -> Result<()> {
    let flags = Flags::parse();
    if let Some(grades) = &flags.grades {
        let text = std::fs::read_to_string(grades)
            .with_context(|| format!("{} cannot be read", grades.display()))?;
        println!("{}", grades::table(&text)?);
        return Ok(());
    }
    let folder = Folder::open(&flags.models, Set::Reading)?;
    let mut reader = Reader::load(&folder)?;
    std::fs::create_dir_all(&flags.out)?;
    let (mut lines, mut found) = (Vec::new(), Vec::new());
    for (seed, candidate) in (flags.seed..).zip(candidates()?) {
        let held = hold(&candidate, seed, &mut reader)?;
        std::fs::write(flags.out.join(format!("{}.md", candidate.key)), transcript(&candidate, &held))?;
        for (at, line) in held.iter().enumerate().filter(|(_, line)| line.graded) {
            found.extend(
                fault(&held, at)
                    .map(|fault| format!("{} {}: {fault}: {}", candidate.key, line.number, line.text)),
            );
            lines.push(grades::blank(&candidate.key, line)?);
        }
    }
    let form = flags.out.join("form.jsonl");
    std::fs::write(&form, lines.concat())?;
    println!("{} lines after answers in {}", lines.len(), flags.out.display());
    println!("{} says what to grade and how; then: --grades {}", grades::HOW, form.display());
    if !found.is_empty() {
        bail!("{} lines have a fault that needs no judge:\n{}", found.len(), found.join("\n"));
    }
    Ok(())
}

/// The candidates, in the order of their names.
fn candidates() -> Result<Vec<Candidate>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("candidates");
    let mut paths: Vec<PathBuf> =
        std::fs::read_dir(&folder)?.map(|entry| Ok(entry?.path())).collect::<std::io::Result<_>>()?;
    paths.retain(|path| path.extension().is_some_and(|end| end == "toml"));
    paths.sort();
    paths.iter().map(|path| Candidate::read(path)).collect()
}

/// The interview as a judge reads it.
fn transcript(candidate: &Candidate, lines: &[Line]) -> String {
    let head = format!(
        "# {} ({}, {})\n\n{}\n",
        candidate.name, candidate.role, candidate.seniority, candidate.about
    );
    let told = lines.iter().map(|line| {
        let number = if line.graded { format!("I{}", line.number) } else { "I".to_owned() };
        let answer = line.answer_after.as_deref().map(|text| format!("\nC: {text}\n")).unwrap_or_default();
        format!("\n**{number}: {}**\n{answer}", line.text)
    });
    head + &told.collect::<String>()
}
