//! Competencies, by what the stories told to their topics hold. The anchors are data.

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use crate::aspect::Aspect;
use crate::statement::{Book, Kind};
use crate::story::Story;
use crate::{Quotation, Statement, wire};

/// How much an answer shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Little of it.
    Weak,
    /// What is needed.
    Sound,
    /// All that can be asked.
    Strong,
}

impl Level {
    /// Its name.
    pub fn label(self) -> &'static str {
        match self {
            Self::Weak => "weak",
            Self::Sound => "sound",
            Self::Strong => "strong",
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
    pub shown: Option<(Level, Statement)>,
}

/// Fewer quotations than these carry nothing.
const LEAST: usize = 2;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    source: String,
    competency: Vec<Anchors>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Anchors {
    key: String,
    name: String,
    topics: Vec<String>,
    weak: String,
    sound: String,
    strong: String,
}

static ANCHORS: LazyLock<File> = LazyLock::new(|| {
    toml::from_str(include_str!("../data/competencies.toml"))
        .expect("the program's own data are checked by a test")
});

/// Where the levels come from.
pub fn source() -> &'static str {
    &ANCHORS.source
}

/// The topics by which a competency of this name is shown; none if there is no such competency.
pub fn topics_of(competency: &str) -> &'static [String] {
    ANCHORS
        .competency
        .iter()
        .find(|anchors| anchors.name == competency)
        .map_or(&[], |anchors| &anchors.topics)
}

/// Each competency of which a story was told.
pub(crate) fn competencies(stories: &[Story], book: &mut Book<'_>) -> Vec<Competency> {
    let all = ANCHORS.competency.iter();
    all.filter_map(|anchors| {
        let theirs: Vec<&Story> =
            stories.iter().filter(|story| anchors.topics.contains(&story.topic)).collect();
        let best = theirs.iter().max_by_key(|story| (level(story), std::cmp::Reverse(story.question)))?;
        Some(Competency { name: anchors.name.clone(), shown: shown(anchors, best, book) })
    })
    .collect()
}

fn shown(anchors: &Anchors, story: &Story, book: &mut Book<'_>) -> Option<(Level, Statement)> {
    let carried = |aspect: Aspect| story.mark(aspect).filter(|mark| mark.is_said())?.carried().cloned();
    let mut quotes: Vec<Quotation> = Vec::new();
    for aspect in [Aspect::Action, Aspect::Result, Aspect::Reflection, Aspect::Situation, Aspect::Part] {
        // One sentence that says two things carries once.
        quotes.extend(carried(aspect).filter(|quote| !quotes.contains(quote)));
    }
    if quotes.len() < LEAST {
        return None;
    }
    let level = level(story);
    let anchor = match level {
        Level::Weak => &anchors.weak,
        Level::Sound => &anchors.sound,
        Level::Strong => &anchors.strong,
    };
    let mut quotes = quotes.into_iter().take(3);
    let id = format!("competency.{}.{}", anchors.key, story.question);
    let statement = Statement::new(Kind::Competency, id, anchor.clone(), quotes.next()?);
    Some((level, book.enter(quotes.fold(statement, Statement::and))?))
}

fn level(story: &Story) -> Level {
    let says = |aspect| story.says(aspect);
    let told = says(Aspect::Action) && says(Aspect::Result);
    let framed = says(Aspect::Situation) || says(Aspect::Part);
    let weighed = says(Aspect::Number) || says(Aspect::Reflection);
    match (told, framed && weighed) {
        (true, true) => Level::Strong,
        (true, false) => Level::Sound,
        (false, _) => Level::Weak,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_topic_of_experience_belongs_to_one_competency() {
        let named: Vec<&str> =
            ANCHORS.competency.iter().flat_map(|c| &c.topics).map(String::as_str).collect();
        let plan = interview::Plan::named("standard").unwrap();
        let stages = plan.stages.iter().filter(|stage| stage.kind == interview::StageKind::Experience);
        for topic in stages.flat_map(|stage| &stage.topics) {
            let times = named.iter().filter(|known| topic == **known).count();
            assert_eq!(times, 1, "{topic:?}");
        }
        assert!(!source().is_empty());
    }
}
