//! Whole lines, written by people for a situation and a kind of question, with what each needs to be right.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::Deserialize;

use super::{fit, supposes};
use crate::reading::{AnswerReading, HardEventOwner, OPEN, Part, Probe, Situation};

/// A line with what it needs.
#[derive(Debug, Clone, Default)]
pub(super) struct ConditionalLine {
    /// The words.
    pub(super) text: String,
    /// Its name in the file of [`super::fit`]; 0 for a line that follows no answer.
    pub(super) name: u64,
    /// Wrong after a setback.
    not_after_setback: bool,
    /// Wrong unless other people are in what was told.
    needs_people: bool,
    /// Only for people before their first job.
    needs_student: bool,
    /// Only where there was something to choose or to decide.
    needs_choice: bool,
    /// Only where an occasion that is over was told or asked for (`true`), or one that still goes on (`false`).
    over: Option<bool>,
    /// The same by its words, where nothing marks it: it counts where it is known what was told.
    seems_over: Option<bool>,
    /// Wrong for somebody without a job today.
    needs_job: bool,
    /// Wrong before the first job.
    needs_past_job: bool,
}

/// What a line is to fit.
#[derive(Debug, Clone, Copy)]
pub(super) struct LineConditions {
    /// A setback was told.
    pub(super) setback: bool,
    /// Other people are in what was told.
    pub(super) people: bool,
    /// The candidate is before the first job.
    pub(super) student: bool,
    /// Something was chosen or decided in what was told.
    pub(super) choice: bool,
    /// What is told or was asked for is over (`true`) or goes on (`false`); `None` where nobody can tell: then only what is
    /// right for both.
    pub(super) over: Option<bool>,
    /// The answer itself says so, and not only the question.
    pub(super) told: bool,
    /// The candidate has a job today, as far as is known.
    pub(super) job: bool,
}

impl ConditionalLine {
    /// Whether the line is right there.
    pub(super) fn fits(&self, fit: LineConditions) -> bool {
        !(self.not_after_setback && fit.setback
            || self.needs_people && !fit.people
            || self.needs_student && !fit.student
            || self.needs_choice && !fit.choice
            || self.needs_job && !fit.job
            || self.needs_past_job && fit.student
            || self.over.is_some_and(|over| Some(over) != fit.over)
            || fit.told && self.seems_over.is_some_and(|over| Some(over) != fit.over))
    }

    /// The line, with what its words take for granted.
    fn after_answer(self, situation: &str, probe: Probe) -> Self {
        let seems_over = supposes::presumes_past(probe, &self.text).filter(|_| self.over.is_none());
        Self {
            name: fit::name(situation, probe, &self.text),
            needs_job: supposes::presumes_current_job(&self.text),
            needs_past_job: supposes::a_job_before(&self.text),
            seems_over,
            ..self
        }
    }
}

#[derive(Deserialize)]
#[serde(untagged)]
enum BankEntry {
    Plain(String),
    Marked {
        text: String,
        #[serde(default)]
        not_after: Vec<String>,
        #[serde(default)]
        needs: Vec<String>,
        #[serde(default)]
        tense: Option<String>,
    },
}

impl From<BankEntry> for ConditionalLine {
    fn from(entry: BankEntry) -> Self {
        match entry {
            BankEntry::Plain(text) => Self { text, ..Self::default() },
            BankEntry::Marked { text, not_after, needs, tense } => Self {
                text,
                not_after_setback: not_after.iter().any(|mark| mark == "setback"),
                needs_people: needs.iter().any(|mark| mark == "people"),
                needs_student: needs.iter().any(|mark| mark == "student"),
                needs_choice: needs.iter().any(|mark| mark == "choice"),
                over: tense.map(|tense| tense == "past"),
                ..Self::default()
            },
        }
    }
}

/// All lines.
#[derive(Default)]
pub(super) struct LineCatalogue {
    /// By situation and kind of question; `any` is every situation.
    asks: BTreeMap<(String, Probe), Vec<ConditionalLine>>,
    /// Half a sentence before a question, by situation.
    acks: BTreeMap<String, Vec<ConditionalLine>>,
    /// What is said at a moment of the interview, such as `closing.goodbye`.
    moments: BTreeMap<String, Vec<ConditionalLine>>,
}

impl LineCatalogue {
    /// The lines of a situation for a kind of question.
    pub(super) fn asks(&self, situation: &str, probe: Probe) -> &[ConditionalLine] {
        self.asks.get(&(situation.to_owned(), probe)).map_or(&[], Vec::as_slice)
    }

    /// Every line with its situation and kind of question.
    pub(super) fn all(&self) -> impl Iterator<Item = (&str, Probe, &str)> {
        self.asks.iter().flat_map(|((situation, probe), lines)| {
            lines.iter().map(move |line| (situation.as_str(), *probe, line.text.as_str()))
        })
    }

    /// What may be said first in a situation.
    pub(super) fn acks(&self, situation: &str) -> &[ConditionalLine] {
        self.acks.get(situation).map_or(&[], Vec::as_slice)
    }

    /// What is said at this moment.
    pub(super) fn moment(&self, key: &str) -> &[ConditionalLine] {
        self.moments.get(key).map_or(&[], Vec::as_slice)
    }

    fn add(&mut self, name: &str, text: &str) {
        let broken = |why: &dyn std::fmt::Display| -> ! { panic!("bank/lines/{name}.toml: {why}") };
        let table: toml::Table = text.parse().unwrap_or_else(|error| broken(&error));
        let list = |value: toml::Value| -> Vec<ConditionalLine> {
            let entries: Vec<BankEntry> = value.try_into().unwrap_or_else(|error| broken(&error));
            entries.into_iter().map(ConditionalLine::from).collect()
        };
        let inner =
            |value: toml::Value| -> toml::Table { value.try_into().unwrap_or_else(|error| broken(&error)) };
        let mut asks =
            |situation: &str, kinds: toml::Table, acks: &mut BTreeMap<String, Vec<ConditionalLine>>| {
                for (kind, value) in kinds {
                    if kind == "acks" {
                        acks.insert(situation.to_owned(), list(value));
                        continue;
                    }
                    let probe = Probe::from_key(&kind).unwrap_or_else(|| broken(&format!("no kind {kind}")));
                    // Slots want a handle that is sure; none is taken up yet.
                    if let Some(lines) = inner(value).remove("lines") {
                        let lines = list(lines).into_iter();
                        let lines = lines.map(|line| line.after_answer(situation, probe)).collect();
                        self.asks.insert((situation.to_owned(), probe), lines);
                    }
                }
            };
        let mut acks = BTreeMap::new();
        for (part, value) in table {
            match part.as_str() {
                "situation" => {
                    for (situation, kinds) in inner(value) {
                        asks(&situation, inner(kinds), &mut acks);
                    }
                }
                "any" => asks("any", inner(value), &mut acks),
                _ => {
                    for (key, value) in inner(value) {
                        // `[opening]` holds its lines itself, `[closing.goodbye]` is one of several.
                        if key == "lines" {
                            self.moments.insert(part.clone(), list(value));
                        } else if let Some(lines) = inner(value).remove("lines") {
                            self.moments.insert(format!("{part}.{key}"), list(lines));
                        }
                    }
                }
            }
        }
        self.acks.append(&mut acks);
    }
}

/// The lines, parsed when they are first needed.
pub(super) fn lines() -> &'static LineCatalogue {
    static LINES: OnceLock<LineCatalogue> = OnceLock::new();
    LINES.get_or_init(|| {
        let mut lines = LineCatalogue::default();
        for (name, text) in [
            ("outcomes", include_str!("../../bank/lines/outcomes.toml")),
            ("people", include_str!("../../bank/lines/people.toml")),
            ("gaps", include_str!("../../bank/lines/gaps.toml")),
            ("paths", include_str!("../../bank/lines/paths.toml")),
            ("moments", include_str!("../../bank/lines/moments.toml")),
            ("introduction", include_str!("../../bank/lines/introduction.toml")),
        ] {
            lines.add(name, text);
        }
        lines
    })
}

/// A situation that is less likely than this is not spoken to: then only lines that are right after any answer are.
const SURE: u16 = 350;

/// The key of what is to be noticed, split where tact depends on whose it is. Who is asked how a story goes on that
/// stopped too early is asked as after any such story.
pub(super) fn situation_key(reading: &AnswerReading, probe: Probe) -> Option<String> {
    if matches!(probe, Probe::Result | Probe::FirstStep) && reading.open >= OPEN {
        return Some(Situation::Unfinished.key().to_owned());
    }
    let surest = reading.situations.first().filter(|first| first.likely >= SURE)?;
    let situation = surest.what;
    let whose = reading.whose.unwrap_or(HardEventOwner::Other);
    Some(match (situation, whose) {
        (Situation::HardEvent, HardEventOwner::Own) => "hard_event_own".to_owned(),
        (Situation::HardEvent, HardEventOwner::Other) => "hard_event_other".to_owned(),
        (Situation::HardEvent, HardEventOwner::Minor) => "hard_event_minor".to_owned(),
        (Situation::SaidNo, HardEventOwner::Own) => "said_no_me".to_owned(),
        (Situation::SaidNo, HardEventOwner::Other | HardEventOwner::Minor) => "said_no_them".to_owned(),
        (Situation::RuleBent, HardEventOwner::Own) => "rule_bent_me".to_owned(),
        (Situation::RuleBent, HardEventOwner::Other | HardEventOwner::Minor) => "rule_bent_them".to_owned(),
        (situation, _) => situation.key().to_owned(),
    })
}

/// Whether other people are in what was told.
pub(super) fn has_people(reading: &AnswerReading) -> bool {
    reading.has(Part::People)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_is_asked_after_an_answer_can_be_asked_again_in_plainer_words() {
        for probe in Probe::ALL {
            let plainer = lines().moment(&format!("plainer.{}", probe.key()));
            assert!(plainer.len() >= 2, "{}", probe.key());
            for line in plainer {
                // A sentence that says what is meant, then the question.
                assert!(line.text.ends_with('?') && line.text.contains(". "), "{}", line.text);
            }
        }
    }
}
