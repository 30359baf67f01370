//! The command line.

mod agent;
mod backup;
mod config;
mod doctor;
mod hear;
mod models;
mod read;
mod say;

use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::{Parser, Subcommand};
use engine::{BuiltIn, EngineError, SessionId};
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

use crate::settings::{LoadedSettings, ServerSettings, SettingsError, SettingsFlags};
use crate::transcript::{self, Extent, TranscriptFormat};
use crate::writer::WriterChoiceError;
use crate::{Server, ServerStartError, logs, server, storage};

/// Practise job interviews with an interviewer that listens.
///
/// Every setting can be given as a flag, as an environment variable (INTERVIEWOS_PORT) or in a TOML file
/// (port = 3000); the first of these that is given counts.
#[derive(Debug, Parser)]
#[command(name = "interviewos", version, args_conflicts_with_subcommands = true)]
struct Cli {
    #[command(subcommand)]
    command: Option<CliCommand>,
    #[command(flatten)]
    flags: SettingsFlags,
}

#[derive(Debug, Subcommand)]
enum CliCommand {
    /// Serve the page and the engine API (what happens without a command)
    Serve(SettingsFlags),
    /// Take part in the interviews of an InterviewOS elsewhere, by voice: a process of its own that joins the rooms and
    /// calls the engine API (`agents` = elsewhere there)
    Agent(SettingsFlags),
    /// Print an interview; works while a server runs
    Export {
        /// The id of the interview, as in its address
        session: String,
        /// Markdown to read, or JSON with everything
        #[arg(long, value_enum, default_value_t = TranscriptFormat::Md)]
        format: TranscriptFormat,
        /// Leave out the CV and contact details
        #[arg(long)]
        without_contacts: bool,
        /// Folder of the interviews [default: ./data]
        #[arg(long, value_name = "DIR")]
        data: Option<PathBuf>,
        /// TOML file with settings
        #[arg(long, value_name = "FILE")]
        config: Option<PathBuf>,
    },
    /// Look at everything that interviews need, and say what to do; changes nothing, works while a server runs.
    /// Ends with 0 if interviews can run, else with 1
    Doctor(SettingsFlags),
    /// Print the settings in force and where each comes from; secrets are not shown
    Config {
        #[command(flatten)]
        flags: SettingsFlags,
        /// Print JSON, for programs
        #[arg(long)]
        json: bool,
    },
    /// Copy the interviews to a file, as of one moment; works while a server runs
    Backup {
        /// The file to write
        file: PathBuf,
        /// Replace a file of that name
        #[arg(long)]
        force: bool,
        /// Folder of the interviews [default: ./data]
        #[arg(long, value_name = "DIR")]
        data: Option<PathBuf>,
        /// TOML file with settings
        #[arg(long, value_name = "FILE")]
        config: Option<PathBuf>,
    },
    /// The models of local speech
    #[command(subcommand)]
    Models(models::ModelsCommand),
    Say(say::SayArgs),
    Hear(hear::Hear),
    /// Print what the interviewer understands of answers: JSON Lines `{id, stage, question, answer}` in, one object a line
    /// out; needs the models
    Read(SettingsFlags),
    /// Print the description of the engine API (OpenAPI, JSON)
    Openapi,
}

/// Why the program ends early.
#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error(transparent)]
    Settings(#[from] SettingsError),
    #[error(transparent)]
    Start(#[from] ServerStartError),
    #[error("there is no interview `{0}` here; its id is the last part of its address in the browser")]
    NoInterview(String),
    #[error("the interview cannot be read: {0}")]
    Engine(EngineError),
    #[error(transparent)]
    Writer(#[from] WriterChoiceError),
    #[error(transparent)]
    Worker(#[from] crate::worker::WorkerError),
    #[error(transparent)]
    Backup(#[from] storage::StorageError),
    #[error(transparent)]
    Models(#[from] ::models::FetchError),
    #[error(transparent)]
    Speech(#[from] speech::SpeechError),
    #[error(transparent)]
    SpeechChoice(#[from] crate::speech::SpeechChoiceError),
    #[error(transparent)]
    Wav(#[from] speech::audio::WavError),
    #[error("line {number} of the input cannot be read: {what}")]
    Line { number: usize, what: String },
    #[error(transparent)]
    LocalModel(#[from] ::models::ModelError),
    #[error(transparent)]
    Read(#[from] reading::ReadError),
    #[error("there is nothing to say: give a text with words in it")]
    NothingToSay,
    #[error("{}: {source}", path.display())]
    File { path: PathBuf, source: std::io::Error },
    #[error("stopped; no copy was made")]
    Interrupted,
    #[error("{0}")]
    Io(#[from] std::io::Error),
}

/// Does what the command line says.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let done = match cli.command {
        None => serve(&cli.flags),
        Some(CliCommand::Serve(flags)) => serve(&flags),
        Some(CliCommand::Agent(flags)) => agent::run(&flags),
        Some(CliCommand::Export { session, format, without_contacts, data, config }) => {
            let extent = Extent::leaving_out(without_contacts);
            export(&session, (format, extent), &SettingsFlags { data, config, ..SettingsFlags::default() })
        }
        Some(CliCommand::Doctor(flags)) => doctor::run(&flags),
        Some(CliCommand::Config { flags, json }) => config::run(&flags, json),
        Some(CliCommand::Backup { file, force, data, config }) => {
            backup::run(&file, force, &SettingsFlags { data, config, ..SettingsFlags::default() })
        }
        Some(CliCommand::Models(what)) => models::run(&what),
        Some(CliCommand::Say(what)) => say::run(&what),
        Some(CliCommand::Hear(what)) => hear::run(&what),
        Some(CliCommand::Read(flags)) => read::run(&flags),
        Some(CliCommand::Openapi) => openapi(),
    };
    match done {
        Ok(code) => code,
        Err(failure) => {
            eprintln!("interviewos: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn settings(flags: &SettingsFlags) -> Result<ServerSettings, SettingsError> {
    loaded(flags).map(|loaded| loaded.settings)
}

/// The settings with where they come from.
fn loaded(flags: &SettingsFlags) -> Result<LoadedSettings, SettingsError> {
    let text = |(name, value): (std::ffi::OsString, std::ffi::OsString)| {
        Some((name.into_string().ok()?, value.into_string().ok()?))
    };
    ServerSettings::load_with_origins(flags, std::env::vars_os().filter_map(text))
}

fn serve(flags: &SettingsFlags) -> Result<ExitCode, Failure> {
    let settings = settings(flags)?;
    logs::start(&settings.log, settings.log_format).expect("the settings were checked");
    no_core_dumps();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let stop = stop_signal()?;
        let server = Server::start(&settings).await?;
        say(&format!(
            "InterviewOS is ready at {}://{} (data in {}; Ctrl-C stops it)\n",
            server.scheme(),
            server.address(),
            settings.data.display()
        ))?;
        let finished = server.run(stop).await;
        Ok(if finished { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    })
}

/// A crash leaves no copy of the memory on the disk: there are interviews and keys in it.
fn no_core_dumps() {
    let none = rustix::process::Rlimit { current: Some(0), maximum: Some(0) };
    if let Err(error) = rustix::process::setrlimit(rustix::process::Resource::Core, none) {
        tracing::warn!(%error, "core dumps could not be turned off");
    }
}

/// Cancelled at SIGINT or SIGTERM; the second one ends the process at once.
fn stop_signal() -> std::io::Result<CancellationToken> {
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    let stop = CancellationToken::new();
    let cancelled = stop.clone();
    tokio::spawn(async move {
        for again in [false, true] {
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
            }
            if again {
                std::process::exit(130);
            }
            cancelled.cancel();
        }
    });
    Ok(stop)
}

fn export(
    session: &str,
    (format, extent): (TranscriptFormat, Extent),
    flags: &SettingsFlags,
) -> Result<ExitCode, Failure> {
    let settings = settings(flags)?;
    let none = || Failure::NoInterview(session.to_owned());
    let id = SessionId::parse(session).ok_or_else(none)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let text = runtime.block_on(async {
        let storage = storage::existing(&settings.data).map_err(ServerStartError::from)?;
        let store = storage.open_to_read().await.map_err(ServerStartError::from)?;
        let export = server::engine(store, Arc::new(BuiltIn)).export(id).await.map_err(|error| {
            if matches!(error, EngineError::NotFound) { none() } else { Failure::Engine(error) }
        })?;
        Ok::<_, Failure>(transcript::write(&export, format, extent))
    })?;
    say(&text)?;
    Ok(ExitCode::SUCCESS)
}

fn openapi() -> Result<ExitCode, Failure> {
    let document = crate::engine_api::openapi::document();
    let text = serde_json::to_string_pretty(&document).expect("a description is plain data");
    say(&format!("{text}\n"))?;
    Ok(ExitCode::SUCCESS)
}

/// Prints, and takes it calmly if nobody reads any more.
fn say(text: &str) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        done => done,
    }
}
