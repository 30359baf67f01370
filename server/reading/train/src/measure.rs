//! How well answers are read.

use interview::heard::{AnswerAnalysis, Element, NarrativeVoice};
use interview::listen::{AnswerContext, listen};
use interview::reading::{Ask, Part, Role, Situation, Tone, Who};

use crate::data::{Data, TrainingAnswer};
use crate::training::TrainedHeads;

/// F1: of what is said to be there and what is there, how much is both.
pub fn f1(pairs: impl Iterator<Item = (bool, bool)>) -> f64 {
    let (mut right, mut wrong) = (0.0, 0.0);
    for (there, said) in pairs {
        match (there, said) {
            (true, true) => right += 2.0,
            (true, false) | (false, true) => wrong += 1.0,
            (false, false) => {}
        }
    }
    if right == 0.0 { 0.0 } else { right / (right + wrong) }
}

/// One figure of the table.
#[derive(Debug, Clone, PartialEq)]
pub struct Figure {
    /// What was measured.
    pub name: String,
    /// From 0 to 1.
    pub value: f64,
}

pub(crate) fn figure(name: impl Into<String>, value: f64) -> Figure {
    Figure { name: name.into(), value }
}

fn best<T: Copy>(all: &[T], likely: &[f32]) -> T {
    let best =
        likely.iter().enumerate().max_by(|one, other| one.1.total_cmp(other.1).then(other.0.cmp(&one.0)));
    all[best.map_or(0, |(at, _)| at)]
}

/// An answer, and what heads said of it that have not seen its profession.
struct HeldOutReading<'a> {
    answer: &'a TrainingAnswer,
    said: &'a [f32],
    sentences: &'a [Vec<f32>],
}

/// How often the first choice is one of those accepted.
fn accepted<T: Copy + PartialEq>(
    answers: &[HeldOutReading<'_>],
    all: &[T],
    from: usize,
    good: impl Fn(&TrainingAnswer) -> Vec<T>,
) -> f64 {
    let right = answers
        .iter()
        .filter(|read| good(read.answer).contains(&best(all, &read.said[from..from + all.len()])));
    right.count() as f64 / answers.len() as f64
}

/// The table: every head on professions that it has not seen, for those of the answers that are `among`.
pub fn table(data: &Data, trained: &TrainedHeads, among: impl Fn(&TrainingAnswer) -> bool) -> Vec<Figure> {
    let mut figures = Vec::new();
    let said = trained.unseen.iter().zip(&trained.unseen_sentences);
    let read = data.answers.iter().zip(said).map(|(answer, (said, sentences))| HeldOutReading {
        answer,
        said,
        sentences,
    });
    let answers: Vec<HeldOutReading<'_>> = read.filter(|read| among(read.answer)).collect();
    let sentences = || answers.iter().flat_map(|read| read.answer.sentences.iter().zip(read.sentences));
    for (at, role) in Role::ALL.iter().enumerate() {
        let pairs = sentences().map(|(sentence, said)| (sentence.labels.contains(role), said[at] >= 0.5));
        figures.push(figure(format!("sentence {}", role.key()), f1(pairs)));
    }
    let count = sentences().count() as f64;
    let (who, tone) = (Role::ALL.len(), Role::ALL.len() + Who::ALL.len());
    let right = sentences().filter(|(sentence, said)| best(Who::ALL, &said[who..tone]) == sentence.who);
    figures.push(figure("who acts, right", right.count() as f64 / count));
    let right = sentences().filter(|(sentence, said)| best(Tone::ALL, &said[tone..]) == sentence.tone);
    figures.push(figure("tone, right", right.count() as f64 / count));
    for (at, part) in Part::ALL.iter().enumerate() {
        let pairs = answers.iter().map(|HeldOutReading { answer, said, .. }| {
            let found = match part {
                Part::Numbers => reading::has_numbers(&answer.answer, &answer.question),
                Part::Situation
                | Part::Task
                | Part::Action
                | Part::Result
                | Part::Reflection
                | Part::OwnPart
                | Part::People => said[at] >= 0.5,
            };
            (answer.present.contains(part), found)
        });
        figures.push(figure(format!("present {}", part.key()), f1(pairs)));
    }
    let situations = 2 * Part::ALL.len();
    let asks = situations + Situation::ALL.len();
    let situation = accepted(&answers, Situation::ALL, situations, |answer| answer.situations.clone());
    figures.push(figure("situation, first choice accepted", situation));
    let ask = accepted(&answers, Ask::ALL, asks, TrainingAnswer::asks);
    figures.push(figure("kind of next question, first choice accepted", ask));
    figures
}

/// How two people who labelled the same answers agree, by the same measures.
pub fn agreement(data: &Data) -> Vec<Figure> {
    let first = |id: &str| data.answers.iter().find(|answer| answer.id == id);
    let pairs: Vec<(&TrainingAnswer, &TrainingAnswer)> =
        data.second.iter().filter_map(|second| Some((first(&second.id)?, second))).collect();
    let mut figures = Vec::new();
    for part in Part::ALL {
        let both =
            pairs.iter().map(|(one, other)| (one.present.contains(part), other.present.contains(part)));
        figures.push(figure(format!("present {}", part.key()), f1(both)));
    }
    let share = |agree: &dyn Fn(&TrainingAnswer, &TrainingAnswer) -> bool| {
        pairs.iter().filter(|(one, other)| agree(one, other)).count() as f64 / pairs.len().max(1) as f64
    };
    let situation = |one: &TrainingAnswer, other: &TrainingAnswer| {
        other.situations.first().is_some_and(|first| one.situations.contains(first))
    };
    let ask = |one: &TrainingAnswer, other: &TrainingAnswer| {
        other.asks().first().is_some_and(|first| one.asks().contains(first))
    };
    figures.push(figure("situation, first choice accepted", share(&situation)));
    figures.push(figure("kind of next question, first choice accepted", share(&ask)));
    figures
}

/// What the interviewer's word rules alone find in the same answers.
pub fn by_words(data: &Data) -> Vec<Figure> {
    let heard: Vec<AnswerAnalysis> = data
        .answers
        .iter()
        .map(|answer| {
            listen(
                &answer.answer,
                AnswerContext { question: &answer.question, role: &answer.profession, pasted: "" },
            )
        })
        .collect();
    let finds = |heard: &AnswerAnalysis, part: Part| match part {
        Part::Situation => heard.has(Element::Situation),
        Part::Task => heard.has(Element::Task),
        Part::Action => heard.has(Element::Action),
        Part::Result => heard.has(Element::Result),
        Part::Reflection => heard.has(Element::Reflection),
        Part::OwnPart => heard.has(Element::Action) && heard.voice == NarrativeVoice::I,
        Part::People => heard.has(Element::Team),
        Part::Numbers => heard.has_numbers(),
    };
    Part::ALL
        .iter()
        .map(|part| {
            let pairs = data.answers.iter().zip(&heard);
            let pairs = pairs.map(|(answer, heard)| (answer.present.contains(part), finds(heard, *part)));
            figure(format!("present {}", part.key()), f1(pairs))
        })
        .collect()
}
