//! An answer that no model has read.

use crate::heard::{AnswerAnalysis, AnswerKind, Element, Feeling, NarrativeVoice};
use crate::reading::{AnswerReading, HardEventOwner, Likely, Part, Probe, Situation};

/// A reading by the words that were listened for alone, where no model has read the answer. It names a situation only
/// where words tell it surely.
pub(super) fn read_by_words(heard: &AnswerAnalysis, introduction: bool) -> AnswerReading {
    let own = heard.has(Element::Action) && heard.voice != NarrativeVoice::We;
    let there = |part: Part| match part {
        Part::Situation => heard.has(Element::Situation) || heard.has(Element::Obstacle),
        Part::Task => heard.has(Element::Task),
        Part::Action => heard.has(Element::Action),
        Part::Result => heard.has(Element::Result),
        Part::Reflection => heard.has(Element::Reflection),
        Part::OwnPart => own,
        Part::People => heard.has(Element::Team),
        Part::Numbers => heard.has_numbers(),
    };
    let likely = |part: Part| if there(part) { 800 } else { 200 };
    let parts = Part::ALL.iter().map(|part| Likely { what: *part, likely: likely(*part) }).collect();
    let situation = match (heard.kind, heard.feeling, heard.voice) {
        (_, Some(Feeling::Painful), _) => Some(Situation::HardEvent),
        (AnswerKind::Short, ..) => Some(Situation::ShortFact),
        (AnswerKind::Vague, ..) => Some(Situation::Generality),
        (_, _, NarrativeVoice::We) if heard.has(Element::Action) => Some(Situation::TeamClaim),
        _ => None,
    };
    let wanted: &[Probe] = match (introduction, situation) {
        (_, Some(Situation::HardEvent)) => &[Probe::Learned, Probe::Transfer],
        (_, Some(Situation::ShortFact | Situation::Generality)) => &[Probe::Example, Probe::Context],
        (_, Some(Situation::TeamClaim)) => &[Probe::OwnPart, Probe::HardMoment, Probe::Result],
        (true, _) => &[Probe::Example, Probe::Motivation, Probe::Transfer],
        (false, _) => &[Probe::OwnPart, Probe::Result, Probe::Obstacle, Probe::Learned],
    };
    let missing = [Part::OwnPart, Part::Result, Part::Reflection];
    let missing = missing.into_iter().filter(|part| !introduction && !there(*part));
    AnswerReading {
        parts,
        missing: missing.map(|what| Likely { what, likely: 600 }).collect(),
        situations: situation.into_iter().map(|what| Likely { what, likely: 600 }).collect(),
        whose: (situation == Some(Situation::HardEvent)).then_some(HardEventOwner::Own),
        probes: wanted.iter().map(|what| Likely { what: *what, likely: 500 }).collect(),
        ..AnswerReading::default()
    }
}
