//! A conversation by hand: builds briefs, composes, checks, prints.
#![allow(dead_code, reason = "each test file uses its own part")]

use interview::bank::compose;
use interview::fingerprint::Fingerprint;
use interview::heard::{Element, Heard, Kind, Particular, ParticularKind, Voice};
use interview::{
    AskId, Brief, Exchange, Line, Modality, Profile, Purpose, Seniority, StageBrief, StageKind, TurnId,
    check_line,
};

/// A particular by hand.
pub fn particular(kind: ParticularKind, words: &str, to_you: &str) -> Particular {
    Particular { kind, words: words.into(), to_you: to_you.into() }
}

/// What was heard, by hand.
pub fn heard(kind: Kind, particulars: &[Particular]) -> Heard {
    Heard {
        kind,
        elements: Vec::new(),
        voice: Voice::I,
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
        turn: TurnId("t".into()),
        purpose: Purpose::Opening,
        stage: stage(StageKind::Introduction),
        leaving: None,
        profile: Profile::new(name, role, seniority, "", "").expect("a fit profile"),
        topic: None,
        missing: None,
        heard: None,
        question: None,
        recent: Vec::new(),
        avoid: Vec::new(),
        said: Vec::new(),
        keepsake: None,
        modality: Modality::Text,
        seed,
        first_words_by: 0,
        whole_by: 0,
    }
}

/// A stage of a kind.
pub fn stage(kind: StageKind) -> StageBrief {
    StageBrief {
        id: format!("{kind:?}").to_lowercase(),
        title: format!("{kind:?}"),
        goal: "to know more".into(),
        kind,
    }
}

/// A conversation under way.
pub struct Talk {
    /// The brief of the next line.
    pub brief: Brief,
}

impl Talk {
    /// Begins.
    pub fn new(name: &str, role: &str, seniority: Seniority, seed: u64) -> Self {
        println!("\n=== {name}, {role}, {}", seniority.key());
        Self { brief: brief(name, role, seniority, seed) }
    }

    /// Enters a stage.
    pub fn stage(&mut self, kind: StageKind) {
        println!("  -- {kind:?}");
        self.brief.leaving = Some(self.brief.stage.title.clone());
        self.brief.stage = stage(kind);
    }

    /// Hears something.
    pub fn hears(&mut self, kind: Kind, particulars: &[Particular]) {
        let words: Vec<&str> = particulars.iter().map(|p| p.words.as_str()).collect();
        println!("    ({kind:?}: {})", words.join("; "));
        self.brief.heard = Some(heard(kind, particulars));
    }

    /// Hears real words.
    pub fn listens(&mut self, answer: &str) {
        let question = self.brief.question.clone().unwrap_or_default();
        let context =
            interview::listen::Heeded { question: &question, role: &self.brief.profile.role, pasted: "" };
        let heard = interview::listen::listen(answer, context);
        println!("    {answer}");
        self.brief.recent.push(Exchange { question, answer: answer.into() });
        if self.brief.recent.len() > 4 {
            self.brief.recent.remove(0);
        }
        self.brief.heard = Some(heard);
    }

    /// Composes the next line and holds it to the rules.
    pub fn line(&mut self, purpose: Purpose, topic: &str, missing: Option<Element>) -> Line {
        self.brief.ask.0 += 1;
        self.brief.purpose = purpose;
        self.brief.topic = Some(topic.into());
        self.brief.missing = missing;
        let line = compose(&self.brief).expect("something to say");
        println!("{:>10?}: {}", purpose, line.text);
        assert_eq!(check_line(&self.brief, &line.text), Ok(()), "{}", line.text);
        let opening = |text: &str| -> Vec<String> {
            text.split_whitespace()
                .take(3)
                .map(|w| w.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase())
                .collect()
        };
        assert!(
            self.brief.said.iter().all(|said| opening(said) != opening(&line.text)),
            "stale: {}",
            line.text
        );
        if purpose.asks_anew() {
            let asked = Fingerprint::of(line.question());
            assert!(!self.brief.avoid.iter().any(|old| old.collides(&asked)), "asked again: {}", line.text);
        }
        if !matches!(purpose, Purpose::Closing | Purpose::Wait | Purpose::Nudge | Purpose::Offer) {
            self.brief.avoid.insert(0, line.question().into());
            self.brief.question = Some(line.question().to_owned());
        }
        self.brief.said.insert(0, line.text.clone());
        self.brief.said.truncate(6);
        line
    }
}
