//! The run: one level after the other, and a table.

mod direct;
mod level;
mod light;
mod machine;
mod ours;
mod times;

use std::fmt::Write as _;
use std::path::Path;

use anyhow::Result;
use serde_json::json;

use level::RoomLevelResult;
use ours::ParticipantUsage;
pub(crate) use ours::talk;

/// The share of all cores from which on they are what limits.
const FULL: f64 = 0.9;

/// Measures with so many rooms each, and prints the table.
pub(crate) async fn bench(levels: &[usize], seconds: u64, json: Option<&Path>) -> Result<()> {
    let mut measured = Vec::new();
    for &rooms in levels {
        eprintln!("measuring {rooms} {}", if rooms == 1 { "room" } else { "rooms" });
        measured.push(level::level(rooms, seconds).await?);
    }
    eprintln!("measuring our participants by themselves");
    let ours = ours::ours(seconds).await?;
    print!("{}{}", table(&machine::words()?, seconds, &measured), alone(&ours));
    if let Some(path) = json {
        std::fs::write(path, serde_json::to_string_pretty(&figures(&measured, &ours))?)?;
        eprintln!("the same for programs: {}", path.display());
    }
    Ok(())
}

fn table(machine: &str, seconds: u64, levels: &[RoomLevelResult]) -> String {
    let mut text = format!(
        "Measured {machine}, {seconds} s each. In every room two speak all the time (Opus, 50 packets a second) and hear each \
         other; in the first four, from the second on, they are our participants, else light clients that send \
         packets encoded beforehand. Latency: from just before the sender's socket is given a datagram until just after the \
         receiver's gave it out; `without` is the same from socket to socket with no server between, at the same time.\n\n\
         | rooms | server, of a core | each | memory | each over idle | latency p50 / p99 | without p50 / p99 | lost | heard clearly | load, of a core | limited by |\n\
         |---|---|---|---|---|---|---|---|---|---|---|\n"
    );
    for level in levels {
        let people = level.people() as f64;
        // Writing to a string does not fail.
        let _ = writeln!(
            text,
            "| {} | {:.1} % | {:.2} % | {:.1} MiB | {:.0} KiB | {:.2} / {:.2} ms | {:.2} / {:.2} ms | {} of {} | {} | {:.0} % | {} |",
            level.rooms,
            level.server * 100.0,
            level.server * 100.0 / people,
            level.memory as f64 / 1_048_576.0,
            level.memory.saturating_sub(level.idle) as f64 / 1_024.0 / people,
            level.through[0],
            level.through[1],
            level.direct[0],
            level.direct[1],
            level.lost,
            level.sent,
            level
                .clear
                .map_or_else(|| format!("RMS {:.0}", level.rms), |clear| format!("{:.1} %", clear * 100.0)),
            level.load * 100.0,
            limit(level),
        );
    }
    text
}

fn alone(ours: &ParticipantUsage) -> String {
    format!(
        "\nOur participant by itself ({} of them in a process of their own, each speaking and listening all the time): \
         {:.2} % of a core and {:.0} KiB each; the process has {:.1} MiB before anybody joins.\n",
        ours.people,
        ours.cores * 100.0,
        ours.each() as f64 / 1_024.0,
        ours.idle as f64 / 1_048_576.0,
    )
}

fn limit(level: &RoomLevelResult) -> String {
    let used = level.server + level.load;
    let cores = std::thread::available_parallelism().map_or(1.0, |cores| cores.get() as f64);
    if level.machine < FULL {
        format!("nothing: the cores are {:.0} % busy", level.machine * 100.0)
    } else if used < cores * FULL * 0.9 {
        format!("the cores, {:.0} % of them used by others", (level.machine - used / cores).max(0.0) * 100.0)
    } else if level.load > level.server {
        "the cores, the load more than the server".to_owned()
    } else {
        "the cores".to_owned()
    }
}

fn figures(levels: &[RoomLevelResult], ours: &ParticipantUsage) -> serde_json::Value {
    let level = |level: &RoomLevelResult| {
        json!({
            "rooms": level.rooms, "rooms_of_our_participants": level.real,
            "server_cores": level.server, "load_cores": level.load, "machine_busy": level.machine,
            "idle_bytes": level.idle, "memory_bytes": level.memory,
            "latency_ms": { "p50": level.through[0], "p99": level.through[1] },
            "without_server_ms": { "p50": level.direct[0], "p99": level.direct[1] },
            "packets": level.sent, "lost": level.lost, "rms": level.rms, "clear": level.clear,
        })
    };
    let alone = json!({
        "participants": ours.people, "cores_each": ours.cores, "bytes_each": ours.each(), "idle_bytes": ours.idle,
    });
    json!({ "levels": levels.iter().map(level).collect::<Vec<_>>(), "our_participant": alone })
}
