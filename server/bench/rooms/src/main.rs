//! Measures the room server, and holds it under load for as long as one likes: `make bench-rooms`, `make soak-rooms`.
//!
//! The server is a process of its own (this program again, or `interviewos`), so that its processor time, memory and files are its
//! own. The load comes from this same machine.

mod bench;
mod guest;
mod network;
mod program;
mod served;
mod soak;
mod sound;

use std::net::IpAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

/// Measures the room server.
#[derive(Debug, Parser)]
struct RoomBenchCli {
    #[command(subcommand)]
    what: RoomBenchCommand,
}

#[derive(Debug, Subcommand)]
enum RoomBenchCommand {
    /// Measure with 1 to 50 rooms and print a table
    Bench {
        /// How many rooms, one level after the other
        #[arg(long, value_delimiter = ',', default_values_t = [1, 5, 10, 20, 50])]
        rooms: Vec<usize>,
        /// For how long each
        #[arg(long, default_value_t = 10)]
        seconds: u64,
        /// Where the figures are written for programs
        #[arg(long, value_name = "FILE")]
        json: Option<PathBuf>,
    },
    /// Hold a room with LiveKit's SDKs and our participant, and others that come and go, for a while
    Soak {
        #[arg(long, default_value_t = 30)]
        minutes: u32,
        /// In interviewos itself, with the candidates of interviews in its rooms, instead of the room server alone
        #[arg(long, value_name = "FILE")]
        program: Option<PathBuf>,
    },
    /// Be the server that is measured
    #[command(hide = true)]
    Serve { announce: Option<IpAddr> },
    /// Be the participants that are measured
    #[command(hide = true)]
    Talk { url: String },
}

#[tokio::main]
async fn main() -> Result<ExitCode> {
    let work = async {
        match RoomBenchCli::parse().what {
            RoomBenchCommand::Bench { rooms, seconds, json } => {
                bench::bench(&rooms, seconds, json.as_deref()).await.map(|()| true)
            }
            RoomBenchCommand::Soak { minutes, program } => soak::soak(minutes, program.as_deref()).await,
            RoomBenchCommand::Talk { url } => bench::talk(url).await.map(|()| true),
            RoomBenchCommand::Serve { announce } => served::serve(announce).await.map(|()| true),
        }
    };
    // Given up in the middle, the run drops what it started.
    tokio::select! {
        good = work => Ok(if good? { ExitCode::SUCCESS } else { ExitCode::FAILURE }),
        _ = tokio::signal::ctrl_c() => Ok(ExitCode::from(130)),
    }
}
