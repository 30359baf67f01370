//! What was told, question by question.

use std::collections::BTreeMap;

use interview::StageKind;
use serde::Serialize;

use crate::aspect::{self, Aspect, Mark};
use crate::measure::{self, Measures};
use crate::statement::Book;
use crate::told::Told;
use crate::{Harm, Performance, Quotation, quote, wire};

/// A story with what there is of each aspect.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Story {
    /// What it is about, in a few words: "Something you owned".
    pub title: String,
    /// The topic's key in the plan; empty if it has none.
    pub topic: String,
    /// The number of the question's message.
    pub question: u32,
    /// The numbers of the messages that tell it.
    pub answers: Vec<u32>,
    /// How it begins.
    pub begins: Quotation,
    /// What there is of each aspect, in their order.
    #[serde(serialize_with = "wire::marks")]
    pub marks: Vec<(Aspect, Mark)>,
    /// What was counted of it.
    pub measures: Measures,
}

/// A question that wants no story.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reply {
    /// What it is about, in a few words.
    pub title: String,
    /// The number of the question's message.
    pub question: u32,
    /// The numbers of the messages that answer it; none if it was passed over.
    pub answers: Vec<u32>,
    /// How the answer begins; `None` if there is none.
    pub begins: Option<Quotation>,
    /// What was counted of it.
    pub measures: Measures,
}

/// Fewer words than these make no story that could lack something.
const STORY: usize = 12;

impl Story {
    /// What there is of an aspect.
    pub fn mark(&self, aspect: Aspect) -> Option<&Mark> {
        self.marks.iter().find(|(known, _)| *known == aspect).map(|(_, mark)| mark)
    }

    /// True if it says this.
    pub fn says(&self, aspect: Aspect) -> bool {
        self.mark(aspect).is_some_and(Mark::is_said)
    }

    /// True if this was looked for in it and not found.
    pub fn lacks(&self, aspect: Aspect) -> bool {
        self.mark(aspect).is_some_and(Mark::is_missing)
    }

    /// What was not found in it.
    pub fn missing(&self) -> impl Iterator<Item = Aspect> {
        Aspect::ALL.into_iter().filter(|aspect| self.lacks(*aspect))
    }
}

/// Stories, and the answers that are none, in order.
pub(crate) fn stories(
    told: &[Told<'_>],
    of: &Performance<'_>,
    harms: &BTreeMap<u32, Vec<Harm>>,
    book: &mut Book<'_>,
) -> (Vec<Story>, Vec<Reply>) {
    let (mut stories, mut replies) = (Vec::new(), Vec::new());
    for told in told {
        match story(told, of, harms, book) {
            Some(story) => stories.push(story),
            None => replies.push(reply(told, of, harms)),
        }
    }
    (stories, replies)
}

fn story(
    told: &Told<'_>,
    of: &Performance<'_>,
    harms: &BTreeMap<u32, Vec<Harm>>,
    book: &mut Book<'_>,
) -> Option<Story> {
    if told.kind != StageKind::Experience || told.words() < STORY {
        return None;
    }
    let measures = measure::measures(told, of, harms);
    let hidden = measures.harms.iter().any(|harm| harm.hides_words());
    let marks: Vec<(Aspect, Mark)> = Aspect::ALL
        .into_iter()
        .filter_map(|aspect| Some((aspect, aspect::mark(aspect, told, hidden, book)?)))
        .collect();
    Some(Story {
        title: title(told.topic).to_owned(),
        topic: told.topic.to_owned(),
        question: told.question.seq,
        answers: answers(told),
        begins: begins(told)?,
        marks,
        measures,
    })
}

fn reply(told: &Told<'_>, of: &Performance<'_>, harms: &BTreeMap<u32, Vec<Harm>>) -> Reply {
    Reply {
        title: title(told.topic).to_owned(),
        question: told.question.seq,
        answers: answers(told),
        begins: begins(told),
        measures: measure::measures(told, of, harms),
    }
}

fn answers(told: &Told<'_>) -> Vec<u32> {
    told.runs.iter().flat_map(|run| &run.messages).map(|message| message.seq).collect()
}

/// The first sentence that says something.
fn begins(told: &Told<'_>) -> Option<Quotation> {
    let some = told.sentences().find(|sentence| sentence.words() >= 4);
    some.or_else(|| told.sentences().next()).and_then(quote::whole)
}

/// A topic as the title of what was told about it.
fn title(topic: &str) -> &'static str {
    match topic {
        "ownership" => "Something you owned",
        "teamwork" => "Working with others",
        "conflict" => "A disagreement",
        "failure" => "Something that went wrong",
        "leading" => "Leading others",
        "pressure" => "Work under pressure",
        "ambiguity" => "An unclear task",
        "quality" => "Care for quality",
        "users" => "Those you work for",
        "learning" => "Learning something new",
        "influence" => "Winning others over",
        "judgement" => "A hard decision",
        "trade" => "Your trade",
        "origin" => "How you got here",
        "present" => "Your work today",
        "thread" => "What connects your jobs",
        "pride" => "Something you are proud of",
        "motivation" => "Why this work",
        "next" => "What comes next",
        "strengths" => "Your strengths",
        "working_style" => "How you work",
        "learning_path" => "How you learnt it",
        "role_fit" => "Why this role",
        "open_door" => "Anything missed",
        _ => "A story",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_topic_of_the_bank_has_a_title() {
        let untitled: Vec<_> =
            interview::bank::topics().into_iter().filter(|topic| title(topic) == "A story").collect();
        assert!(untitled.is_empty(), "{untitled:?}");
    }
}
