//! The table, and the same figures for programs.

use serde_json::{Value, json};

use crate::cold::ColdStartTimes;
use crate::machine::MachineDescription;
use crate::memory::ProgramMemory;
use crate::run::{PAGES_AT_ONCE, ProgramMeasurements};
use crate::samples::RunSamples;
use crate::sizes::{Sizes, TransferSize};
use crate::{ProgramWorkload, reports};

/// One line of the table.
#[derive(Debug)]
struct BenchTableRow {
    what: String,
    figure: String,
    limit: &'static str,
}

/// What a run brought.
#[derive(Debug)]
pub struct ProgramBenchReport {
    machine: MachineDescription,
    rows: Vec<BenchTableRow>,
    json: Value,
}

impl ProgramBenchReport {
    pub(crate) fn new(
        machine: MachineDescription,
        cold: ColdStartTimes,
        memory: ProgramMemory,
        sizes: Sizes,
        m: &ProgramMeasurements,
    ) -> Self {
        let mut rows = Vec::new();
        let mut row = |what: String, figure: String, limit| rows.push(BenchTableRow { what, figure, limit });
        let raw = m.raw.rate();
        row("4 KiB written and synced".into(), timed(&m.sync), "the disk");
        row("raw: durable one-row commits of SQLite".into(), timed(&m.raw), "the disk");
        for (samples, sessions) in m.turns.iter().zip(ProgramWorkload::LEVELS) {
            let figure = format!("{} · {:.2} × raw · {}", timed(samples), samples.rate() / raw, cpu(samples));
            // Hearing what an answer holds and composing the line take several times what a commit takes.
            row(format!("turns, {}", at_once(sessions, "session")), figure, "the processor");
        }
        for ((samples, words), sessions) in m.read.iter().zip(&m.turns).zip(ProgramWorkload::LEVELS) {
            if samples.rate() > 0.0 {
                let beside = samples.rate() / words.rate();
                let figure = format!("{} · {beside:.2} × by words alone · {}", timed(samples), cpu(samples));
                row(
                    format!("turns, answers read, {}", at_once(sessions, "session")),
                    figure,
                    "the reading model",
                );
            }
        }
        let figure =
            format!("{} · {:.2} × raw · {}", timed(&m.answers), m.answers.rate() / raw, cpu(&m.answers));
        row("turns through the page's `/api/answer`, one at a time".into(), figure, "the processor");
        let answers = reports::ANSWERS;
        let figure = format!("{} · {}", timed(&m.reports), cpu(&m.reports));
        row(format!("the report on an interview of {answers} answers"), figure, "the processor");
        for (name, loads) in [("home", &m.home), ("interview", &m.interview)] {
            for (samples, connections) in loads.iter().zip([1, PAGES_AT_ONCE]) {
                let what = format!("{name} page, {}", at_once(connections, "connection"));
                row(what, format!("{} · {}", timed(samples), cpu(samples)), "the processor");
            }
        }
        let streams = memory.streams;
        row("memory, idle after the start".into(), mebibytes(memory.idle), "the program's own pages");
        row(
            format!("memory, {streams} interviews under way"),
            mebibytes(memory.interviews),
            "sessions kept in memory",
        );
        let each = memory.stream() as f64 / 1_024.0;
        let figure = format!("{} · {each:.1} KiB a stream", mebibytes(memory.followed));
        row(
            format!("memory, an open event stream for each of the {streams}"),
            figure,
            "buffers of connections",
        );
        row("memory, streams closed again".into(), mebibytes(memory.closed), "the allocator");
        row("cold start to `/healthz`".into(), format!("{:.0} ms", cold.healthy), "making the database");
        row(
            "cold start to the first answer of a first interview".into(),
            format!("{:.0} ms", cold.answered),
            "making the database",
        );
        let kinds =
            [("wasm", sizes.wasm), ("script", sizes.js), ("styles", sizes.css), ("fonts", sizes.fonts)];
        for (name, size) in kinds {
            row(
                format!("shipped: {name}"),
                shipped(size),
                if name == "fonts" { "the glyphs" } else { "the code" },
            );
        }
        row("shipped: the program".into(), mebibytes(sizes.program), "the code");

        let levels: Vec<Value> = m
            .turns
            .iter()
            .zip(ProgramWorkload::LEVELS)
            .map(|(samples, sessions)| {
                with(
                    figures(samples),
                    &[("sessions", json!(sessions)), ("ratio", json!(samples.rate() / raw))],
                )
            })
            .collect();
        let pages = |loads: &[RunSamples; 2]| -> Vec<Value> {
            let both = loads.iter().zip([1, PAGES_AT_ONCE]);
            both.map(|(samples, n)| with(figures(samples), &[("connections", json!(n))])).collect()
        };
        let json = json!({
            "machine": machine,
            "units": "rates in 1/s, times in ms, sizes and memory in bytes",
            "sync": figures(&m.sync),
            "raw": figures(&m.raw),
            "turns": levels,
            "turns_read": m.read.iter().filter(|read| read.rate() > 0.0).map(figures).collect::<Vec<_>>(),
            "answers": with(figures(&m.answers), &[("ratio", json!(m.answers.rate() / raw))]),
            "reports": with(figures(&m.reports), &[("answers", json!(reports::ANSWERS))]),
            "pages": { "home": pages(&m.home), "interview": pages(&m.interview) },
            "memory": memory,
            "cold_start": { "healthz": cold.healthy, "first_answer": cold.answered },
            "shipped": sizes,
        });
        Self { machine, rows, json }
    }

    /// The table, in Markdown.
    pub fn markdown(&self) -> String {
        let MachineDescription { date, processor, cores, kernel, filesystem } = &self.machine;
        let mut text = format!(
            "Measured {date} on {processor}, {cores} cores shared by the server and the load, Linux {kernel}, {filesystem}. \
             A turn is durable before it is answered.\n\n| what | figure | limited by |\n|---|---|---|\n"
        );
        for BenchTableRow { what, figure, limit } in &self.rows {
            text.push_str(&format!("| {what} | {figure} | {limit} |\n"));
        }
        text
    }

    /// The same for programs.
    pub fn json(&self) -> &Value {
        &self.json
    }
}

fn timed(samples: &RunSamples) -> String {
    let (p50, p99) = (samples.percentile(0.5), samples.percentile(0.99));
    format!("{:.0}/s · p50 {p50:.2} ms · p99 {p99:.2} ms", samples.rate())
}

/// What the program itself worked for a piece.
fn cpu(samples: &RunSamples) -> String {
    format!("{:.2} ms of processor each", samples.cpu())
}

fn at_once(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s at once") }
}

fn mebibytes(bytes: u64) -> String {
    format!("{:.1} MiB", bytes as f64 / 1_048_576.0)
}

fn shipped(size: TransferSize) -> String {
    let kilobytes = |bytes: u64| format!("{:.1} kB", bytes as f64 / 1_000.0);
    if size.raw == size.brotli {
        kilobytes(size.raw)
    } else {
        format!("{} · {} as brotli", kilobytes(size.raw), kilobytes(size.brotli))
    }
}

fn figures(samples: &RunSamples) -> Value {
    let (p50, p99) = (samples.percentile(0.5), samples.percentile(0.99));
    json!({ "rate": samples.rate(), "p50": p50, "p99": p99, "cpu": samples.cpu() })
}

fn with(mut figures: Value, more: &[(&str, Value)]) -> Value {
    for (name, value) in more {
        figures[*name] = value.clone();
    }
    figures
}
