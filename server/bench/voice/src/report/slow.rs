//! How long each voice waited, and where the time of the slower turns went.

use std::fmt::Write as _;

use super::{ms, several};
use crate::figures::{VoiceLevelResult, VoiceTurnResult, percentile};
use crate::host::Interviewer;

/// How long each voice waited for each interviewer.
pub(crate) fn voices(levels: &[VoiceLevelResult]) -> String {
    let mut interviewers: Vec<Interviewer> = Vec::new();
    for level in levels {
        if !interviewers.contains(&level.interviewer) {
            interviewers.push(level.interviewer);
        }
    }
    let mut out = String::new();
    for interviewer in interviewers {
        let who = if several(levels) { format!(", {}", interviewer.name()) } else { String::new() };
        let _infallible =
            write!(out, "\n| voice{who} | turns | voice to voice p50 / p95 (ms) |\n|---|---|---|\n");
        let theirs = levels.iter().filter(|level| level.interviewer == interviewer);
        let all: Vec<&VoiceTurnResult> = theirs.flat_map(VoiceLevelResult::turns).collect();
        let mut voices: Vec<&str> = all.iter().map(|turn| &*turn.voice).collect();
        voices.sort_unstable();
        voices.dedup();
        for voice in voices {
            let of = all.iter().filter(|turn| &*turn.voice == voice);
            let waits: Vec<u32> = of.filter_map(|turn| turn.voice_to_voice_ms).collect();
            let at = |share| ms(percentile(waits.clone(), share));
            let _infallible = writeln!(out, "| {voice} | {} | {} / {} |", waits.len(), at(0.5), at(0.95));
        }
    }
    out
}

/// Every turn that was waited for longer than half of them, the longest first, as our own program tells of it.
pub(crate) fn slow(levels: &[VoiceLevelResult]) -> String {
    let mut out = String::from(
        "\nWhere the time of the slower half went (ms from the last sound; a pause is noticed 110 ms after it):\n\n| voice | ends | words known | turn over | sound sure (%) | reply's words | its first sound | sent | heard |\n|---|---|---|---|---|---|---|---|---|\n",
    );
    let ours = levels.iter().filter(|level| level.interviewer == Interviewer::Ours);
    let all: Vec<&VoiceTurnResult> = ours.flat_map(VoiceLevelResult::turns).collect();
    let middle = percentile(all.iter().filter_map(|turn| turn.voice_to_voice_ms).collect(), 0.5).unwrap_or(0);
    let mut slow: Vec<(u32, &VoiceTurnResult)> = all
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
