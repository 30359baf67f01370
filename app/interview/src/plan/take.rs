//! Plans of one question that was asked before.

use serde::{Deserialize, Serialize};

use super::{Plan, Stage};
use crate::reading::Probe;

/// How a question is asked again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RetakeManner {
    /// As it was; the answer ends the take.
    Same,
    /// With one harder question on the answer.
    Harder,
    /// By an interviewer who asks for what is missing.
    Strict,
}

impl RetakeManner {
    /// All of them, the plainest first.
    pub const ALL: [Self; 3] = [Self::Same, Self::Harder, Self::Strict];

    /// Its name in forms and addresses.
    pub fn key(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::Harder => "harder",
            Self::Strict => "strict",
        }
    }

    /// The one of this name.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|manner| manner.key() == key)
    }

    fn file(self) -> &'static str {
        match self {
            Self::Same => include_str!("../../plans/take.toml"),
            Self::Harder => include_str!("../../plans/take_harder.toml"),
            Self::Strict => include_str!("../../plans/take_strict.toml"),
        }
    }
}

impl Plan {
    /// The plan by which this question of a stage is asked again; `topic` is what it is about, if that is known.
    pub fn take(manner: RetakeManner, of: &Stage, question: &str, topic: Option<&str>) -> Self {
        let mut plan = Self::parse(manner.file()).expect("the program's own plans are checked by a test");
        for stage in &mut plan.stages {
            (stage.id, stage.title, stage.kind) = (of.id.clone(), of.title.clone(), of.kind);
            stage.topics =
                topic.or(of.topics.first().map(String::as_str)).map(str::to_owned).into_iter().collect();
            stage.ask = Some(question.to_owned());
        }
        plan
    }
}

impl Stage {
    /// Has what this probe asks for asked first of all that is missing.
    pub fn ask_first(&mut self, probe: Probe) {
        self.follow_ups.retain(|other| *other != probe);
        self.follow_ups.insert(0, probe);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_manner_has_a_plan_of_one_question_and_a_name() {
        let standard = Plan::named("standard").unwrap();
        for manner in RetakeManner::ALL {
            let plan = Plan::take(manner, &standard.stages[1], "What became of it?", Some("conflict"));
            let [stage] = plan.stages.as_slice() else { panic!("one stage") };
            assert_eq!((stage.id.as_str(), stage.kind), ("past_experience", standard.stages[1].kind));
            assert_eq!(
                (stage.ask.as_deref(), stage.topics.as_slice()),
                (Some("What became of it?"), &["conflict".to_owned()][..])
            );
            assert_eq!(RetakeManner::from_key(manner.key()), Some(manner));
            assert!(Plan::named(&plan.id).is_none(), "no form offers it");
        }
        assert_eq!(RetakeManner::from_key("kind"), None);
    }
}
