//! Voice as a whole: whether people can talk, and how many at once.

use super::report::{DoctorReport, FindingSeverity};
use crate::settings::{Agents, ServerSettings};
use crate::voice::crew::most_at_once;

const WHAT: &str = "voice";

/// What follows from what was found of rooms and speech before.
pub(super) fn examine(settings: &ServerSettings, report: &mut DoctorReport) {
    let off = report.findings.iter().any(|f| f.what == "rooms" && f.said.starts_with("off"));
    let ill = |what: &str| {
        report
            .findings
            .iter()
            .any(|f| f.what == what && matches!(f.mark, FindingSeverity::Warn | FindingSeverity::Fail))
    };
    let here = settings.agents == Agents::Here;
    let ill =
        [("rooms", ill("rooms")), ("speech", here && ill("speech")), ("processor", here && ill("processor"))]
            .into_iter()
            .filter(|(_, ill)| *ill);
    let ill: Vec<&str> = ill.map(|(what, _)| what).collect();
    if off {
        return report.note(WHAT, "there are no rooms, so people type");
    }
    match (ill.as_slice(), settings.agents) {
        ([], Agents::Here) => {
            let most = most_at_once(settings);
            report.ok(WHAT, format!("people can talk with this program, {most} at once (voice_sessions)"));
        }
        ([], Agents::Elsewhere) => {
            report.note(WHAT, "people can talk only if agents elsewhere join the rooms (agents)");
        }
        (ill, _) => {
            let said = format!("people may be unable to talk: see {}, above", ill.join(" and "));
            report.warn(WHAT, said, "see to that; until then they type");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(rooms: FindingSeverity, speech: FindingSeverity, agents: Agents) -> (FindingSeverity, String) {
        let mut report = DoctorReport::default();
        for (what, mark) in [("rooms", rooms), ("speech", speech)] {
            match mark {
                FindingSeverity::Ok => report.ok(what, "x"),
                FindingSeverity::Note => report.note(what, "off (as it is set): x"),
                FindingSeverity::Warn => report.warn(what, "x", "y"),
                FindingSeverity::Fail => report.fail(what, "x", "y"),
            }
        }
        examine(&ServerSettings { agents, voice_sessions: 7, ..ServerSettings::default() }, &mut report);
        let finding = report.findings.pop().unwrap();
        (finding.mark, finding.said)
    }

    #[test]
    fn it_takes_rooms_and_speech_to_talk() {
        let (mark, words) = said(FindingSeverity::Ok, FindingSeverity::Ok, Agents::Here);
        assert!(mark == FindingSeverity::Ok && words.contains("7 at once"), "{words}");
        assert_eq!(said(FindingSeverity::Note, FindingSeverity::Ok, Agents::Here).0, FindingSeverity::Note);
        let (mark, words) = said(FindingSeverity::Warn, FindingSeverity::Warn, Agents::Here);
        assert!(mark == FindingSeverity::Warn && words.contains("rooms and speech"), "{words}");
        assert_eq!(said(FindingSeverity::Ok, FindingSeverity::Warn, Agents::Here).0, FindingSeverity::Warn);
        assert_eq!(
            said(FindingSeverity::Ok, FindingSeverity::Warn, Agents::Elsewhere).0,
            FindingSeverity::Note,
            "nobody here needs models"
        );
    }
}
