//! The table.

use std::fmt::Write as _;

use crate::figures::{Level, Turned, percentile};
use crate::script::{Aside, Manner};

/// One row for each level, and what the agent itself says of where the time goes.
pub(crate) fn table(levels: &[Level]) -> String {
    let mut out = String::from(
        "| at once | turns | voice to voice p50 / p95 / max (ms) | cut-ins fluent, hesitant | missed | barge-in stop p50 / p95 (ms) | stopped by \"mhm\", cough | word errors | CPU s a minute | memory (a further one) |\n|---|---|---|---|---|---|---|---|---|---|\n",
    );
    let ms = |value: Option<u32>| value.map_or("–".to_owned(), |value| value.to_string());
    let first = levels.first();
    for level in levels {
        let of = |manner: Manner, what: &dyn Fn(&Turned) -> bool| {
            let all = level.turns().filter(|turn| turn.manner == manner).count();
            let some = level.turns().filter(|turn| turn.manner == manner && what(turn)).count();
            format!("{some} of {all}")
        };
        let stopped = |aside: Aside| {
            let all = level.asides(aside).count();
            format!("{} of {all}", level.asides(aside).filter(|one| one.stopped_ms.is_some()).count())
        };
        let missed = level.turns().filter(|turn| turn.missed).count();
        let megabytes = |bytes: u64| bytes as f64 / 1e6;
        let further = first.filter(|first| level.at_once > first.at_once).map_or(String::new(), |first| {
            let more = megabytes(level.memory) - megabytes(first.memory);
            format!(" ({:.1} MB)", more / (level.at_once - first.at_once) as f64)
        });
        let interrupts = level.asides(Aside::Interrupt).count();
        let stops = level.asides(Aside::Interrupt).filter(|one| one.stopped_ms.is_some()).count();
        let _infallible = writeln!(
            out,
            "| {} | {} | {} / {} / {} | {}, {} | {missed} | {} / {} ({stops} of {interrupts}) | {}, {} | {:.1} % | {:.1} | {:.0} MB{further} |",
            level.at_once,
            level.turns().count(),
            ms(level.voice_to_voice(0.5)),
            ms(level.voice_to_voice(0.95)),
            ms(level.voice_to_voice(1.0)),
            of(Manner::Fluent, &|turn| turn.cut_in),
            of(Manner::Hesitant, &|turn| turn.cut_in),
            ms(level.stopped(0.5)),
            ms(level.stopped(0.95)),
            stopped(Aside::Mhm),
            stopped(Aside::Cough),
            level.word_errors(),
            level.cpu_a_minute,
            megabytes(level.memory),
        );
    }
    out.push_str("\nWhere the milliseconds go, by the agent's own clock from the end of speech (p50):\n\n| at once | words known | turn over | reply's words | its first sound | sent |\n|---|---|---|---|---|---|\n");
    for level in levels {
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
    let broken: usize = levels.iter().flat_map(|level| &level.held).filter(|held| !held.whole).count();
    let _infallible = writeln!(out, "\nInterviews that broke off: {broken}.");
    out
}

/// Every turn that was waited for longer than half of them, the longest first: where its time went. And how long each voice
/// was.
pub(crate) fn turns(levels: &[Level]) -> String {
    let mut out = String::from("\n| voice | turns | voice to voice p50 / p95 (ms) |\n|---|---|---|\n");
    let all: Vec<&Turned> = levels.iter().flat_map(Level::turns).collect();
    let mut voices: Vec<&str> = all.iter().map(|turn| &*turn.voice).collect();
    voices.sort_unstable();
    voices.dedup();
    let ms = |value: Option<u32>| value.map_or("–".to_owned(), |value| value.to_string());
    for voice in voices {
        let waits: Vec<u32> = all
            .iter()
            .filter(|turn| &*turn.voice == voice)
            .filter_map(|turn| turn.voice_to_voice_ms)
            .collect();
        let at = |share| ms(percentile(waits.clone(), share));
        let _infallible = writeln!(out, "| {voice} | {} | {} / {} |", waits.len(), at(0.5), at(0.95));
    }
    out.push_str("\nWhere the time of the slower half went (ms from the last sound; a pause is noticed 110 ms after it):\n\n| voice | ends | words known | turn over | sound sure (%) | reply's words | its first sound | sent | heard |\n|---|---|---|---|---|---|---|---|---|\n");
    let middle = percentile(all.iter().filter_map(|turn| turn.voice_to_voice_ms).collect(), 0.5).unwrap_or(0);
    let mut slow: Vec<(u32, &Turned)> = all
        .iter()
        .filter_map(|turn| turn.voice_to_voice_ms.filter(|wait| *wait > middle).map(|wait| (wait, *turn)))
        .collect();
    slow.sort_by_key(|(wait, _)| std::cmp::Reverse(*wait));
    let percent = |value: Option<u8>| value.map_or("–".to_owned(), |value| value.to_string());
    for (wait, turn) in slow {
        let Some(timing) = &turn.timing else { continue };
        let _infallible = writeln!(
            out,
            "| {} | {} | {} | {} | {} | {} | {} | {} | {wait} |",
            turn.voice,
            turn.ended,
            timing.heard_ms,
            timing.endpoint_ms,
            percent(timing.finished_percent),
            timing.first_words_ms,
            timing.first_audio_ms,
            timing.played_ms,
        );
    }
    out
}
