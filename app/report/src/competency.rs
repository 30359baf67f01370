//! Competencies, by what the stories told to their topics hold. Names, topics and levels are data.

use std::sync::LazyLock;

use interview::reading::Part;
use serde::{Deserialize, Serialize};

use crate::aspect::Aspect;
use crate::statement::{Book, StatementKind};
use crate::story::Story;
use crate::told::QuestionThread;
use crate::{Quotation, Statement, wire};

/// How much an answer shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CompetencyLevel {
    /// Little of it.
    Weak,
    /// What is needed.
    Sound,
    /// All that can be asked.
    Strong,
}

impl CompetencyLevel {
    /// Its name.
    pub fn label(self) -> &'static str {
        match self {
            Self::Weak => "weak",
            Self::Sound => "sound",
            Self::Strong => "strong",
        }
    }

    /// What a story at this level holds.
    pub fn criteria(self) -> &'static str {
        let levels = &FILE.levels;
        match self {
            Self::Weak => &levels.weak,
            Self::Sound => &levels.sound,
            Self::Strong => &levels.strong,
        }
    }
}

/// What was shown of a competency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Competency {
    /// Its name.
    pub name: String,
    /// The level of the best answer, and the words that carry it; `None`: not enough was said.
    #[serde(serialize_with = "wire::shown")]
    pub shown: Option<(CompetencyLevel, Statement)>,
}

/// Fewer quotations than these carry nothing.
const LEAST: usize = 2;
/// From here on other persons are in a story, in thousandths.
const PEOPLE: u16 = 500;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CompetencyFile {
    source: String,
    levels: Levels,
    competency: Vec<CompetencyRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Levels {
    strong: String,
    sound: String,
    weak: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CompetencyRow {
    key: String,
    name: String,
    topics: Vec<String>,
    #[serde(default)]
    people: bool,
}

static FILE: LazyLock<CompetencyFile> = LazyLock::new(|| {
    toml::from_str(include_str!("../data/competencies.toml"))
        .expect("the program's own data are checked by a test")
});

/// Where the levels come from.
pub fn source() -> &'static str {
    &FILE.source
}

/// The topics by which a competency of this name is shown; none if there is no such competency.
pub fn topics_of(competency: &str) -> &'static [String] {
    FILE.competency.iter().find(|row| row.name == competency).map_or(&[], |row| &row.topics)
}

/// Each competency of which a story was told. A question on the candidate's papers says nothing of its topic.
pub(crate) fn competencies(
    stories: &[Story],
    told: &[QuestionThread<'_>],
    book: &mut Book<'_>,
) -> Vec<Competency> {
    let shows = |row: &CompetencyRow, story: &Story| {
        let told = told.iter().find(|told| told.question.seq == story.question);
        let people = |thread: &QuestionThread<'_>| {
            thread.part_likelihood(Part::People).is_none_or(|likely| likely >= PEOPLE)
        };
        row.topics.contains(&story.topic)
            && told.is_some_and(|told| told.named.is_none() && !told.weighs && (!row.people || people(told)))
    };
    let rows = FILE.competency.iter();
    rows.filter_map(|row| {
        let theirs = stories.iter().filter(|story| shows(row, story));
        let best = theirs.max_by_key(|story| (level(story), std::cmp::Reverse(story.question)))?;
        Some(Competency { name: row.name.clone(), shown: competency_statement(row, best, book) })
    })
    .collect()
}

/// What is said of a story where it says this much, in order; a figure goes with what is named before it.
const CLAUSES: [(Aspect, &str); 5] = [
    (Aspect::Situation, "how things stood"),
    (Aspect::Action, "what you did yourself"),
    (Aspect::Result, "what came of it"),
    (Aspect::Number, "(with a figure)"),
    (Aspect::Reflection, "what you learnt from it"),
];

/// A sentence that claims what the story says, clause by clause, and of a weak one what was not found; a quotation for
/// each.
fn competency_statement(
    row: &CompetencyRow,
    story: &Story,
    book: &mut Book<'_>,
) -> Option<(CompetencyLevel, Statement)> {
    let level = level(story)?;
    let wanted = |aspect: Aspect| {
        level == CompetencyLevel::Strong || matches!(aspect, Aspect::Action | Aspect::Result)
    };
    let (mut clauses, mut quotes): (Vec<String>, Vec<Quotation>) = (Vec::new(), Vec::new());
    for (aspect, clause) in CLAUSES.into_iter().filter(|(aspect, _)| wanted(*aspect)) {
        // The level rests on these; what comes with them has to be surer.
        let rests = matches!(aspect, Aspect::Action | Aspect::Result);
        if let Some(quote) = if rests { story.said(aspect) } else { story.surely_said(aspect) } {
            match clauses.last_mut().filter(|_| aspect == Aspect::Number) {
                Some(before) => *before = format!("{before} {clause}"),
                None => clauses.push(clause.to_owned()),
            }
            quotes.push(quote.clone());
        }
    }
    let mut text = format!("You say {}", listed(&clauses));
    if level == CompetencyLevel::Weak {
        let missing = [Aspect::Action, Aspect::Result].into_iter().find(|aspect| story.lacks(*aspect))?;
        quotes.extend(story.mark(missing)?.statement()?.quotes().first().cloned());
        text = format!("{text}; we found no {}", missing.sought());
    }
    let mut quotes = quotes.into_iter();
    let id = format!("competency.{}.{}", row.key, story.question);
    let statement = Statement::new(StatementKind::Competency, id, text + ".", quotes.next()?);
    // One sentence that says two things carries once.
    let statement = quotes.fold(statement, Statement::with_quotation);
    if statement.quotes().len() < LEAST {
        return None;
    }
    Some((level, book.accept_unless_struck(statement)?))
}

/// "a, b and c".
fn listed(parts: &[String]) -> String {
    match parts {
        [] => String::new(),
        [one] => one.clone(),
        [before @ .., last] => format!("{} and {last}", before.join(", ")),
    }
}

/// The level of a story; `None` where it cannot be told.
fn level(story: &Story) -> Option<CompetencyLevel> {
    let says = |aspect| story.says(aspect);
    match (says(Aspect::Action), says(Aspect::Result)) {
        (true, true) if says(Aspect::Situation) && (says(Aspect::Number) || says(Aspect::Reflection)) => {
            Some(CompetencyLevel::Strong)
        }
        (true, true) => Some(CompetencyLevel::Sound),
        (true, false) => story.lacks(Aspect::Result).then_some(CompetencyLevel::Weak),
        (false, true) => story.lacks(Aspect::Action).then_some(CompetencyLevel::Weak),
        (false, false) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_topic_of_experience_belongs_to_one_competency() {
        let named: Vec<&str> = FILE.competency.iter().flat_map(|c| &c.topics).map(String::as_str).collect();
        let plan = interview::Plan::named("standard").unwrap();
        let stages = plan.stages.iter().filter(|stage| stage.kind.tells_stories());
        for topic in stages.flat_map(|stage| &stage.topics) {
            let times = named.iter().filter(|known| topic == **known).count();
            assert_eq!(times, 1, "{topic:?}");
        }
        assert!(!source().is_empty());
    }
}
