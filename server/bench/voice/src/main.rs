//! Measures voice interviews: simulated candidates, each with another voice, hold whole interviews against the
//! program as it is shipped, and react to the interviewer: `make bench-voice`.
//!
//! The candidates come over the network as LiveKit participants; the load they make themselves shares the machine.

mod bridge;
mod candidate;
mod ear;
mod figures;
mod host;
mod interview;
mod report;
mod script;
mod voice;

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Result, bail};
use clap::Parser;

use self::host::Interviewer;
use self::script::ScriptedTurn;
use self::voice::{CandidateVoiceSet, CandidateVoices, ProgramSynthesiser};
use strangers::speaker::StrangerSynthesiser;

/// Measures voice interviews.
#[derive(Debug, Parser)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
struct VoiceBenchCommand {
    #[command(subcommand)]
    part: Option<VoiceBenchSubcommand>,
    #[command(flatten)]
    flags: Option<VoiceBenchArgs>,
}

#[derive(Debug, clap::Subcommand)]
enum VoiceBenchSubcommand {
    /// Hear and speak for a framework's worker; the bench starts it itself
    Bridge(bridge::BridgeArgs),
}

#[derive(Debug, clap::Args)]
pub(crate) struct VoiceBenchArgs {
    /// The program to measure
    #[arg(long)]
    program: PathBuf,
    /// What it serves to browsers
    #[arg(long)]
    site: PathBuf,
    /// The folder of the speech models
    #[arg(long)]
    models: PathBuf,
    /// How many interviews at once, one level after the other
    #[arg(long, value_delimiter = ',', default_values_t = [1, 4, 8, 12])]
    at_once: Vec<usize>,
    /// Whose voices the candidates have
    #[arg(long, value_enum, default_value_t = CandidateVoiceSet::Own)]
    voices: CandidateVoiceSet,
    /// Who else interviews, turn about with ours
    #[arg(long, value_enum, value_delimiter = ',')]
    beside: Vec<Interviewer>,
    /// A Python that has LiveKit Agents
    #[arg(long, value_name = "FILE")]
    agents_python: Option<PathBuf>,
    /// A Python that has Piper and its voice, for strangers
    #[arg(long, value_name = "FILE")]
    piper: Option<PathBuf>,
    /// Where the sound of strangers is kept
    #[arg(long, value_name = "DIR", default_value = "target/strangers")]
    sound: PathBuf,
    /// Most answers of an interview
    #[arg(long, default_value_t = 14)]
    answers: usize,
    /// How often the first level is repeated, for enough turns
    #[arg(long, default_value_t = 3)]
    repeat: usize,
    /// Where the figures are written for programs
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Tell every turn
    #[arg(long)]
    verbose: bool,
}

#[tokio::main]
async fn main() -> Result<()> {
    match VoiceBenchCommand::parse() {
        VoiceBenchCommand { part: Some(VoiceBenchSubcommand::Bridge(what)), .. } => {
            bridge::serve(&what).await
        }
        VoiceBenchCommand { flags: Some(flags), .. } => measure(&flags).await,
        VoiceBenchCommand { .. } => bail!("nothing is to be measured: see --help"),
    }
}

async fn measure(flags: &VoiceBenchArgs) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let rounds = |place: usize| if place == 0 { flags.repeat.max(1) } else { 1 };
    let most = flags.at_once.iter().enumerate().map(|(place, at_once)| at_once * rounds(place)).max();
    eprintln!("Making voices ...");
    // Sound is made ahead, so that it does not cost while it is measured.
    let mut voices = match flags.voices {
        CandidateVoiceSet::Own => {
            CandidateVoices::Own(ProgramSynthesiser::new(&flags.program, &flags.models, folder.path()))
        }
        CandidateVoiceSet::Strangers => {
            CandidateVoices::Strangers(StrangerSynthesiser::new(&flags.sound, flags.piper.as_deref())?)
        }
    };
    let scripts: Result<Vec<Arc<[ScriptedTurn]>>> = (0..most.unwrap_or(0))
        .map(|candidate| Ok(script::script(&mut voices, candidate, flags.answers)?.into()))
        .collect();
    let scripts = scripts?;
    let mut levels = Vec::new();
    for (place, &at_once) in flags.at_once.iter().enumerate() {
        eprintln!("{at_once} at once ...");
        levels.extend(interview::level(flags, &scripts, folder.path(), at_once, rounds(place)).await?);
    }
    print!("{}{}", report::table(&levels), report::beside(&levels));
    print!("{}{}", report::voices(&levels), report::slow(&levels));
    if let Some(json) = &flags.json {
        std::fs::write(json, serde_json::to_string_pretty(&levels)?)?;
    }
    Ok(())
}
