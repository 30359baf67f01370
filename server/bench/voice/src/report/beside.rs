//! Our own interviews as a share of another interviewer's.

use std::fmt::Write as _;

use super::several;
use crate::figures::VoiceLevelResult;
use crate::host::Interviewer;
use crate::script::{CandidateAside, CandidateSpeakingStyle};

/// One row for each level and other interviewer: under 1 is less than the other's. Empty where nobody else interviewed.
pub(crate) fn beside(levels: &[VoiceLevelResult]) -> String {
    if !several(levels) {
        return String::new();
    }
    let mut out = String::from(
        "\nOurs as a share of the other's (under 1 is less), and counts of ours : the other's:\n\n| at once | beside | voice to voice p50 | p95 | barge-in stop p50 | cut-ins | interruptions that stopped it | stopped by \"mhm\" or cough | word errors | CPU | memory |\n|---|---|---|---|---|---|---|---|---|---|---|\n",
    );
    for other in levels.iter().filter(|level| level.interviewer != Interviewer::Ours) {
        let same = |level: &&VoiceLevelResult| {
            level.interviewer == Interviewer::Ours && level.at_once == other.at_once
        };
        let Some(ours) = levels.iter().find(same) else { continue };
        let times = |of: &dyn Fn(&VoiceLevelResult) -> Option<u32>| {
            share(of(ours).map(f64::from), of(other).map(f64::from))
        };
        let figures = |of: &dyn Fn(&VoiceLevelResult) -> f64| share(Some(of(ours)), Some(of(other)));
        let counts = |of: &dyn Fn(&VoiceLevelResult) -> (usize, usize)| {
            let ((some, all), (theirs, of_theirs)) = (of(ours), of(other));
            format!("{some} of {all} : {theirs} of {of_theirs}")
        };
        let _infallible = writeln!(
            out,
            "| {} | {} | {} | {} | {} | {} | {} | {} | {} | {} | {} |",
            other.at_once,
            other.interviewer.name(),
            times(&|level| level.voice_to_voice(0.5)),
            times(&|level| level.voice_to_voice(0.95)),
            times(&|level| level.stopped(0.5)),
            counts(&|level| both(
                level.cut_ins(CandidateSpeakingStyle::Fluent),
                level.cut_ins(CandidateSpeakingStyle::Hesitant)
            )),
            counts(&|level| level.stops(CandidateAside::Interrupt)),
            counts(&|level| both(level.stops(CandidateAside::Mhm), level.stops(CandidateAside::Cough))),
            figures(&VoiceLevelResult::word_errors),
            figures(&|level| level.cpu_a_minute),
            figures(&|level| level.memory as f64),
        );
    }
    out
}

fn both((some, all): (usize, usize), (more, of_more): (usize, usize)) -> (usize, usize) {
    (some + more, all + of_more)
}

fn share(ours: Option<f64>, other: Option<f64>) -> String {
    match (ours, other) {
        (Some(ours), Some(other)) if other > 0.0 => format!("{:.2}", ours / other),
        _ => "–".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figures::{AsideResult, VoiceInterviewResult};
    use crate::report::table;

    fn level(interviewer: Interviewer, stopped_ms: u32, cpu_a_minute: f64) -> VoiceLevelResult {
        let aside = AsideResult { aside: CandidateAside::Interrupt, stopped_ms: Some(stopped_ms) };
        let held = vec![VoiceInterviewResult { asides: vec![aside], ..VoiceInterviewResult::default() }];
        VoiceLevelResult {
            interviewer,
            at_once: 1,
            held,
            cpu_a_minute,
            memory: 500,
            memory_before: 400,
            load: vec![0.5],
        }
    }

    #[test]
    fn shares_are_of_the_same_level_of_the_other() {
        let levels = [level(Interviewer::Ours, 300, 6.0), level(Interviewer::Agents, 600, 12.0)];
        let row = beside(&levels).lines().last().unwrap().to_owned();
        assert_eq!(
            row,
            "| 1 | LiveKit Agents, tuned | – | – | 0.50 | 0 of 0 : 0 of 0 | 1 of 1 : 1 of 1 | 0 of 0 : 0 of 0 | – | 0.50 | 1.00 |"
        );
        assert!(table(&levels).contains("| 1 | LiveKit Agents, tuned | 0 |"), "{}", table(&levels));
    }

    #[test]
    fn nobody_beside_us_is_not_spoken_of() {
        let levels = [level(Interviewer::Ours, 300, 6.0)];
        assert_eq!(beside(&levels), "");
        assert!(!table(&levels).contains("interviewer |"));
    }
}
