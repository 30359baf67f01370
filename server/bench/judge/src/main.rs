//! `make judge`: whole interviews of invented candidates with the built-in interviewer, for a judge to grade line by line,
//! and the table of the grades.

mod candidate;
mod faults;
mod grades;
mod interview;

use std::path::{Path, PathBuf};

use ::interview::reading::THERE;
use anyhow::{Context as _, Result, bail};
use clap::Parser;
use models::{ModelFolder, ModelSet};
use reading::MiniLmReader;

use crate::candidate::InventedCandidate;
use crate::faults::fault;
use crate::interview::{LineToGrade, hold};

/// Hold interviews with invented candidates, look for mechanical faults, and write what a judge is to grade
#[derive(Debug, Parser)]
struct JudgeArgs {
    /// Folder of the models
    #[arg(long, value_name = "DIR")]
    models: PathBuf,
    /// Where the transcripts and the form go
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Decides every choice of the interviewer: the first interview's seed, the others have the next ones
    #[arg(long, default_value_t = 11)]
    seed: u64,
    /// Under each answer of the transcripts, say how it was read: for whoever changes the rules, not for a judge
    #[arg(long)]
    readings: bool,
    /// Invented candidates from another folder
    #[arg(long, value_name = "DIR")]
    candidates: Option<PathBuf>,
    /// A form that was filled in: says its table instead
    #[arg(long, value_name = "FILE")]
    grades: Option<PathBuf>,
}

fn main() -> Result<()> {
    let flags = JudgeArgs::parse();
    if let Some(grades) = &flags.grades {
        let text = std::fs::read_to_string(grades)
            .with_context(|| format!("{} cannot be read", grades.display()))?;
        println!("{}", grades::table(&text)?);
        return Ok(());
    }
    let folder = ModelFolder::open(&flags.models, ModelSet::Reading)?;
    let mut reader = MiniLmReader::load(&folder)?;
    std::fs::create_dir_all(&flags.out)?;
    let (mut lines, mut found) = (Vec::new(), Vec::new());
    for (seed, candidate) in (flags.seed..).zip(candidates(flags.candidates.as_deref())?) {
        let held = hold(&candidate, seed, &mut reader)?;
        std::fs::write(
            flags.out.join(format!("{}.md", candidate.key)),
            transcript(&candidate, &held, flags.readings),
        )?;
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
fn candidates(folder: Option<&Path>) -> Result<Vec<InventedCandidate>> {
    let ours = Path::new(env!("CARGO_MANIFEST_DIR")).join("candidates");
    let folder = folder.unwrap_or(&ours);
    let read = std::fs::read_dir(folder).with_context(|| format!("{} cannot be read", folder.display()))?;
    let mut paths: Vec<PathBuf> = read.map(|entry| Ok(entry?.path())).collect::<std::io::Result<_>>()?;
    paths.retain(|path| path.extension().is_some_and(|end| end == "toml"));
    paths.sort();
    paths.iter().map(|path| InventedCandidate::read(path)).collect()
}

/// The interview as a judge reads it; with `readings`, also how the rules read it.
fn transcript(candidate: &InventedCandidate, lines: &[LineToGrade], readings: bool) -> String {
    let head = format!(
        "# {} ({}, {})\n\n{}\n",
        candidate.name, candidate.role, candidate.seniority, candidate.about
    );
    let told = lines.iter().map(|line| {
        let number = if line.graded { format!("I{}", line.number) } else { "I".to_owned() };
        let answer = line.answer_after.as_deref().map(|text| format!("\nC: {text}\n")).unwrap_or_default();
        let read = if readings && !line.answer.is_empty() { reading_of(line) } else { String::new() };
        format!("{read}\n**{number}: {}**\n{answer}", line.text)
    });
    head + &told.collect::<String>()
}

/// How the answer before a line was read, and what the line is for.
fn reading_of(line: &LineToGrade) -> String {
    let LineToGrade { reading, purpose, probe, .. } = line;
    let parts: Vec<String> = reading
        .parts
        .iter()
        .filter(|part| part.likely >= THERE)
        .map(|part| format!("{} {}", part.what.key(), part.likely))
        .collect();
    let situations: Vec<String> =
        reading.situations.iter().map(|one| format!("{} {}", one.what.key(), one.likely)).collect();
    let probes: Vec<String> =
        reading.probes.iter().map(|one| format!("{} {}", one.what.key(), one.likely)).collect();
    let probe = probe.map(|probe| format!(" {}", probe.key())).unwrap_or_default();
    format!(
        "\n> has: {}; is: {}; wants: {}; open {}; {purpose:?}{probe}\n",
        parts.join(", "),
        situations.join(", "),
        probes.join(", "),
        reading.open
    )
}
