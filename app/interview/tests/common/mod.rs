//! Briefs and readings by hand.
#![allow(dead_code, reason = "each test file uses its own part")]

use interview::heard::{AnswerAnalysis, AnswerKind, NarrativeVoice, Particular, ParticularKind};
use interview::reading::{AnswerReading, Likely, Part, Situation};
use interview::{AskId, Brief, LinePurpose, Modality, Profile, Seniority, StageBrief, StageKind, TurnId};
use interview::{FirstTry, InterviewHistory};

/// A particular by hand.
pub fn particular(kind: ParticularKind, words: &str, to_you: &str) -> Particular {
    Particular { kind, words: words.into(), to_you: to_you.into() }
}

/// What was heard, by hand.
pub fn heard(kind: AnswerKind, particulars: &[Particular]) -> AnswerAnalysis {
    AnswerAnalysis {
        kind,
        elements: Vec::new(),
        voice: NarrativeVoice::I,
        words: 40,
        hedges: 0,
        feeling: None,
        particulars: particulars.to_vec(),
        about: None,
    }
}

/// A brief for a person and a role.
pub fn brief(name: &str, role: &str, seniority: Seniority, seed: u64) -> Brief {
    Brief {
        ask: AskId(0),
        attempt: 1,
        rejected: None,
        first_try: FirstTry::default(),
        turn: TurnId("t".into()),
        purpose: LinePurpose::Opening,
        stage: stage(StageKind::Introduction),
        leaving: None,
        profile: Profile::new(name, role, seniority, "", "").expect("a fit profile"),
        topic: None,
        missing: None,
        probe: None,
        made: None,
        reading: None,
        heard: None,
        question: None,
        recent: Vec::new(),
        avoid: Vec::new(),
        said: Vec::new(),
        keepsake: None,
        modality: Modality::Text,
        seed,
        first_words_by: 0,
        filler: None,
        patient_by: 0,
        whole_by: 0,
        stall: 0,
        so_far: InterviewHistory::default(),
    }
}

/// A stage of a kind.
pub fn stage(kind: StageKind) -> StageBrief {
    StageBrief {
        id: format!("{kind:?}").to_lowercase(),
        title: format!("{kind:?}"),
        goal: "to know more".into(),
        kind,
        posting: false,
    }
}

/// A reading by hand: this is to be noticed, these parts are there.
pub fn reading(situation: Situation, there: &[Part]) -> AnswerReading {
    let likely = |part: &Part| if there.contains(part) { 900 } else { 100 };
    AnswerReading {
        parts: Part::ALL.iter().map(|part| Likely { what: *part, likely: likely(part) }).collect(),
        missing: Vec::new(),
        situations: vec![Likely { what: situation, likely: 800 }],
        whose: None,
        probes: Vec::new(),
        ..AnswerReading::default()
    }
}
