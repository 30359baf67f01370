//! What was told, question by question.

use std::collections::BTreeMap;

use interview::heard::AnswerKind;
use serde::Serialize;

use crate::aspect::Aspect;
use crate::aspect_mark::{self, AspectMark};
use crate::measure::{self, Measures};
use crate::statement::Book;
use crate::told::{self, QuestionThread, STORY};
use crate::{Harm, Performance, Quotation, quote, wire};

/// A story with what there is of each aspect.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Story {
    /// What it is about, in a few words: "Something you took on"; of a question on the candidate's papers, its words there.
    pub title: String,
    /// The topic's key in the plan; empty if it has none.
    pub topic: String,
    /// The number of the question's message.
    pub question: u32,
    /// The numbers of the messages that tell it.
    pub answers: Vec<u32>,
    /// How it begins.
    pub begins: Quotation,
    /// What there is of each aspect, in their order. Of what weighs on the candidate, only what there is.
    #[serde(serialize_with = "wire::marks")]
    pub marks: Vec<(Aspect, AspectMark)>,
    /// What was counted of it.
    pub measures: Measures,
    /// True if the question was one of its own, and no follow-up.
    #[serde(skip)]
    pub(crate) own_question: bool,
}

/// A question that wants no story.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StorylessReply {
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

/// Fewer words than these make no story where none was asked for.
const UNASKED: usize = 40;
/// The topic of the path through working life, which is no story of one occasion.
const PATH: &str = "origin";
/// How certain words have to be that stand for more than their own mark, in thousandths.
const SURE: u16 = 700;
/// So many words tell which story it is.
const BEGINNING: usize = 6;

impl Story {
    /// What there is of an aspect.
    pub fn mark(&self, aspect: Aspect) -> Option<&AspectMark> {
        self.marks.iter().find(|(known, _)| *known == aspect).map(|(_, mark)| mark)
    }

    /// True if it says this.
    pub fn says(&self, aspect: Aspect) -> bool {
        self.mark(aspect).is_some_and(AspectMark::is_said)
    }

    /// The words in which it says this, if it does.
    pub(crate) fn said(&self, aspect: Aspect) -> Option<&Quotation> {
        self.mark(aspect).filter(|mark| mark.is_said()).and_then(AspectMark::supporting_quotation)
    }

    /// The words in which it says this, where they are sure enough to be shown beside others.
    pub(crate) fn surely_said(&self, aspect: Aspect) -> Option<&Quotation> {
        let mark = self.mark(aspect).filter(|mark| mark.is_said())?;
        mark.statement().filter(|said| said.certain() >= SURE).and_then(|said| said.quotes().first())
    }

    /// True if this was looked for in it and not found.
    pub fn lacks(&self, aspect: Aspect) -> bool {
        self.mark(aspect).is_some_and(AspectMark::is_missing)
    }

    /// What was not found in it.
    pub fn missing(&self) -> impl Iterator<Item = Aspect> {
        Aspect::ALL.into_iter().filter(|aspect| self.lacks(*aspect))
    }
}

/// Stories, and the answers that are none, in order.
pub(crate) fn stories(
    told: &[QuestionThread<'_>],
    of: &Performance<'_>,
    harms: &BTreeMap<u32, Vec<Harm>>,
    book: &mut Book<'_>,
) -> (Vec<Story>, Vec<StorylessReply>) {
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
    thread: &QuestionThread<'_>,
    of: &Performance<'_>,
    harms: &BTreeMap<u32, Vec<Harm>>,
    book: &mut Book<'_>,
) -> Option<Story> {
    // Elsewhere no story is asked for; one that is told all the same counts, for what it has.
    let asked_for = thread.kind.tells_stories();
    if thread.words() < if asked_for { STORY } else { UNASKED } || thread.topic == PATH {
        return None;
    }
    let told_of_mark = |mark: &AspectMark| mark.is_said() || *mark == AspectMark::Struck;
    let measures = measure::measures(thread, of, harms);
    let hidden = measures.harms.iter().any(|harm| harm.hides_words());
    let mut marks = aspect_mark::marks(thread, hidden, book);
    // Where nothing was done, nor anything came of anything, there is no story that could lack something.
    let told_of = |aspect: Aspect| marks.iter().any(|(known, mark)| *known == aspect && told_of_mark(mark));
    // Told as "we", it is one all the same.
    let deed = marks.iter().any(|(known, mark)| {
        *known == Aspect::Action && (mark.supporting_quotation().is_some() || told_of_mark(mark))
    });
    let came_of_it = told_of(Aspect::Situation) && told_of(Aspect::Result) && !thread.weighs;
    let happens = match asked_for {
        true => deed || came_of_it || aspect_mark::may_describe_action(thread),
        false => told_of(Aspect::Action) && told_of(Aspect::Result),
    };
    // "I look at the person and then I wash my hands" tells of every day.
    if !happens || !thread.sentences().any(|sentence| sentence.past) {
        return None;
    }
    // Of what weighs, and of what nobody asked for, nothing is said to be missing.
    if thread.weighs || !asked_for {
        marks.retain(|(_, mark)| mark.supporting_quotation().is_some() || *mark == AspectMark::Struck);
    }
    Some(Story {
        title: title(thread),
        topic: thread.topic.to_owned(),
        question: thread.question.seq,
        answers: answers(thread),
        begins: opening_quotation(thread)?,
        marks,
        measures,
        own_question: told::is_standalone_question(thread.question),
    })
}

fn reply(
    thread: &QuestionThread<'_>,
    of: &Performance<'_>,
    harms: &BTreeMap<u32, Vec<Harm>>,
) -> StorylessReply {
    StorylessReply {
        title: title(thread),
        question: thread.question.seq,
        answers: answers(thread),
        begins: opening_quotation(thread),
        measures: measure::measures(thread, of, harms),
    }
}

fn answers(thread: &QuestionThread<'_>) -> Vec<u32> {
    // Who asks to hear the question again has not answered it.
    let answers = |run: &&told::LineResponse<'_>| {
        !matches!(run.heard.kind, AnswerKind::AsksRepeat | AnswerKind::AsksClarify | AnswerKind::AsksWait)
    };
    thread.runs.iter().filter(answers).flat_map(|run| &run.messages).map(|message| message.seq).collect()
}

/// Its first words, as far as they say something.
fn opening_quotation(thread: &QuestionThread<'_>) -> Option<Quotation> {
    let first = thread.sentences().next()?;
    let until = thread.sentences().take_while(|sentence| sentence.message.seq == first.message.seq).scan(
        0,
        |words, s| {
            let before = *words;
            *words += s.words();
            Some((before, s.place.end))
        },
    );
    let end = until.take_while(|(before, _)| *before < BEGINNING).last().map(|(_, end)| end)?;
    quote::beginning(first.message, first.place.start..end)
}

/// What was told, as a title: what the question named of their papers, else its topic.
fn title(thread: &QuestionThread<'_>) -> String {
    let Some(named) = &thread.named else { return topic(thread.topic).to_owned() };
    let mut letters = named.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// A topic as a title that fits all of its questions.
fn topic(topic: &str) -> &'static str {
    match topic {
        "ownership" => "Something you took on",
        "teamwork" => "Working with others",
        "conflict" => "Friction with others",
        "failure" => "When something went wrong",
        "leading" => "Leading others",
        "pressure" => "Under pressure",
        "ambiguity" => "Change and uncertainty",
        "quality" => "Getting it right",
        "users" => "The people you work for",
        "learning" => "Learning and changing",
        "influence" => "Winning others over",
        "judgement" => "Decisions",
        "trade" => "Your craft",
        "origin" => "How you got here",
        "present" => "Your work",
        "thread" => "Your path",
        "pride" => "Work you are proud of",
        "motivation" => "What draws you",
        "next" => "What comes next",
        "strengths" => "Your strengths",
        "working_style" => "How you work",
        "learning_path" => "How you learnt",
        "role_fit" => "This role and you",
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
            interview::bank::topics().into_iter().filter(|name| topic(name) == "A story").collect();
        assert!(untitled.is_empty(), "{untitled:?}");
    }
}
