//! The tables.

mod beside;
mod slow;

use std::fmt::Write as _;

pub(crate) use self::beside::beside;
pub(crate) use self::slow::{slow, voices};
use crate::figures::VoiceLevelResult;
use crate::host::Interviewer;
use crate::script::{CandidateAside, CandidateSpeakingStyle};

/// One row for each level and interviewer, and what our own says of where the time goes.
pub(crate) fn table(levels: &[VoiceLevelResult]) -> String {
    let several = several(levels);
    let mut out = format!(
        "| at once |{} turns | voice to voice p50 / p95 / max (ms) | cut-ins fluent, hesitant | missed | barge-in stop p50 / p95 (ms) | stopped by \"mhm\", cough | word errors | CPU s a minute | memory (a further one) |\n|---|---|---|---|---|---|---|---|---|---|{}\n",
        if several { " interviewer |" } else { "" },
        if several { "---|" } else { "" },
    );
    for level in levels {
        let missed = level.turns().filter(|turn| turn.missed).count();
        let first = levels.iter().find(|first| first.interviewer == level.interviewer);
        let further = first.filter(|first| level.at_once > first.at_once).map_or(String::new(), |first| {
            let more = megabytes(level.memory) - megabytes(first.memory);
            format!(" ({:.1} MB)", more / (level.at_once - first.at_once) as f64)
        });
        let who = if several { format!(" {} |", level.interviewer.name()) } else { String::new() };
        let (stops, interrupts) = level.stops(CandidateAside::Interrupt);
        let _infallible = writeln!(
            out,
            "| {} |{who} {} | {} / {} / {} | {}, {} | {missed} | {} / {} ({stops} of {interrupts}) | {}, {} | {:.1} % | {:.1} | {:.0} MB{further} |",
            level.at_once,
            level.turns().count(),
            ms(level.voice_to_voice(0.5)),
            ms(level.voice_to_voice(0.95)),
            ms(level.voice_to_voice(1.0)),
            of(level.cut_ins(CandidateSpeakingStyle::Fluent)),
            of(level.cut_ins(CandidateSpeakingStyle::Hesitant)),
            ms(level.stopped(0.5)),
            ms(level.stopped(0.95)),
            of(level.stops(CandidateAside::Mhm)),
            of(level.stops(CandidateAside::Cough)),
            level.word_errors(),
            level.cpu_a_minute,
            megabytes(level.memory),
        );
    }
    out.push_str("\nWhere the milliseconds go, by the agent's own clock from the end of speech (p50):\n\n| at once | words known | turn over | reply's words | its first sound | sent |\n|---|---|---|---|---|---|\n");
    for level in levels.iter().filter(|level| level.interviewer == Interviewer::Ours) {
        let _infallible = writeln!(
            out,
            "| {} | {} | {} | {} | {} | {} |",
            level.at_once,
            ms(level.timing(|timing| timing.heard_ms)),
            ms(level.timing(|timing| timing.endpoint_ms)),
            ms(level.timing(|timing| timing.first_words_ms)),
            ms(level.timing(|timing| timing.first_audio_ms)),
            ms(level.timing(|timing| timing.played_ms)),
        );
    }
    out.push('\n');
    for level in levels {
        let broken = level.held.iter().filter(|held| !held.whole).count();
        let load: Vec<String> = level.load.iter().map(|load| format!("{load:.1}")).collect();
        let _infallible = writeln!(
            out,
            "- {} at once, {}: {broken} interviews broke off; load of the machine before each round: {}",
            level.at_once,
            level.interviewer.name(),
            load.join(", "),
        );
    }
    out
}

/// Whether anybody but our own program interviewed.
fn several(levels: &[VoiceLevelResult]) -> bool {
    levels.iter().any(|level| level.interviewer != Interviewer::Ours)
}

fn ms(value: Option<u32>) -> String {
    value.map_or("–".to_owned(), |value| value.to_string())
}

fn of((some, all): (usize, usize)) -> String {
    format!("{some} of {all}")
}

fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}
