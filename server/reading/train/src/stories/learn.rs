//! Learns the weights, and says how well they choose in stories of writers whom they have not seen.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use interview::learnt::shares;
use report::Aspect;
use report::carry::{AspectChoice, AspectWeights, choices};

use super::{AspectLevel, LabelledStory, Worth};
use crate::choice::{ChoiceCandidate, fit};

/// A choice to be learnt, with how good each of its sentences is, and that there is nothing, from 0 to 1.
struct Lesson<'a> {
    writer: &'a str,
    read: bool,
    level: AspectLevel,
    choice: AspectChoice,
    goals: Vec<f32>,
    nothing: f32,
}

/// How good each choice is.
pub(super) mod good {
    /// Words that nobody would quote rather.
    pub(crate) const BEST: f32 = 1.0;
    /// Words that would do.
    pub(crate) const FINE: f32 = 0.6;
    /// To find nothing where it is only touched on.
    pub(super) const NOTHING_OF_LITTLE: f32 = 0.4;
}

fn lessons(stories: &[LabelledStory]) -> Result<Vec<Lesson<'_>>> {
    let mut lessons = Vec::new();
    for story in stories {
        for read in [true, false] {
            let first =
                story.with(read, |of| choices(of).into_iter().take(Aspect::ALL.len()).collect::<Vec<_>>())?;
            for choice in first {
                let mark = &story.marks[choice.aspect.key()];
                let goal = |worth| match worth {
                    Worth::Wrong => 0.0,
                    Worth::Fine => good::FINE,
                    Worth::Best => good::BEST,
                };
                let sentences = choice.sentences.iter();
                let goals: Vec<f32> =
                    sentences.map(|known| goal(mark.worth(known.seq, &known.place))).collect();
                let nothing = match mark.level {
                    AspectLevel::None => 1.0,
                    AspectLevel::Partly => good::NOTHING_OF_LITTLE,
                    AspectLevel::Said => 0.0,
                };
                // Where no sentence that may be chosen was marked there is nothing to learn but that.
                let nothing = if goals.iter().all(|goal| *goal == 0.0) { 1.0 } else { nothing };
                lessons.push(Lesson {
                    writer: &story.writer,
                    read,
                    level: mark.level,
                    choice,
                    goals,
                    nothing,
                });
            }
        }
    }
    Ok(lessons)
}

impl Lesson<'_> {
    /// The sentences, and last that there is nothing.
    fn offers(&self) -> Vec<ChoiceCandidate<'_>> {
        let column = self.choice.aspect as usize;
        let offer = |(known, goal): (_, &f32)| ChoiceCandidate { known, column, goal: *goal };
        let sentences = self.choice.sentences.iter().map(|sentence| &sentence.known).zip(&self.goals);
        sentences.chain([(&self.choice.nothing, &self.nothing)]).map(offer).collect()
    }
}

/// The weights, learnt from these stories.
///
/// # Errors
/// None that happens: the standard plan is there.
pub fn train(stories: &[LabelledStory]) -> Result<AspectWeights> {
    let lessons = lessons(stories)?;
    Ok(fit(&lessons.iter().map(Lesson::offers).collect::<Vec<_>>()))
}

/// How well the weights choose in stories of writers whom they have not seen: a table.
///
/// # Errors
/// None that happens: the standard plan is there.
pub fn unseen(stories: &[LabelledStory]) -> Result<String> {
    let lessons = lessons(stories)?;
    let writers: BTreeSet<&str> = stories.iter().map(|story| story.writer.as_str()).collect();
    let mut chosen: BTreeMap<(Aspect, bool), Vec<ChoicePrediction>> = BTreeMap::new();
    for writer in writers {
        let others = lessons.iter().filter(|lesson| lesson.writer != writer);
        let rows: AspectWeights = fit(&others.map(Lesson::offers).collect::<Vec<_>>());
        for lesson in lessons.iter().filter(|lesson| lesson.writer == writer) {
            chosen
                .entry((lesson.choice.aspect, lesson.read))
                .or_default()
                .push(ChoicePrediction::of(lesson, &rows));
        }
    }
    let mut text = format!(
        "{:<22}{:>8}{:>8}{:>8}   said from .5 .6 .7: how many, right    nothing from .5 .7 .9: how many, right\n",
        "in stories of others", "cost", "there", "right"
    );
    for ((aspect, read), chosen) in &chosen {
        let there: Vec<&ChoicePrediction> =
            chosen.iter().filter(|chosen| chosen.level != AspectLevel::None).collect();
        let right = there.iter().filter(|chosen| chosen.right).count();
        let cost = chosen.iter().map(|chosen| chosen.cost).sum::<f32>() / chosen.len() as f32;
        let name = format!("{}{}", aspect.key(), if *read { "" } else { ", by words" });
        text += &format!("{name:<22}{cost:>8.3}{:>8}{:>7}%   ", there.len(), percent(right, there.len()));
        for from in [0.5, 0.6, 0.7] {
            let said: Vec<&ChoicePrediction> = chosen.iter().filter(|chosen| chosen.likely >= from).collect();
            let right = said.iter().filter(|chosen| chosen.right).count();
            text += &format!("{:>6}{:>5}%", said.len(), percent(right, said.len()));
        }
        text += "   ";
        for from in [0.5, 0.7, 0.9] {
            let said: Vec<&ChoicePrediction> =
                chosen.iter().filter(|chosen| chosen.nothing >= from).collect();
            let right = said.iter().filter(|chosen| chosen.level == AspectLevel::None).count();
            text += &format!("{:>6}{:>5}%", said.len(), percent(right, said.len()));
        }
        text.push('\n');
    }
    Ok(text)
}

/// How often two sets of weights choose the same of these stories, from 0 to 1.
///
/// # Errors
/// None that happens: the standard plan is there.
pub fn alike(stories: &[LabelledStory], one: &AspectWeights, other: &AspectWeights) -> Result<f32> {
    let lessons = lessons(stories)?;
    let same = lessons.iter().filter(|lesson| {
        let (one, other) = (ChoicePrediction::of(lesson, one), ChoicePrediction::of(lesson, other));
        one.best == other.best && (one.nothing - other.nothing).abs() < 0.1
    });
    Ok(same.count() as f32 / lessons.len() as f32)
}

fn percent(part: usize, whole: usize) -> usize {
    (part * 100).checked_div(whole).unwrap_or(0)
}

/// What weights make of a choice.
struct ChoicePrediction {
    level: AspectLevel,
    /// The number of the likeliest sentence.
    best: Option<usize>,
    /// It was marked.
    right: bool,
    likely: f32,
    nothing: f32,
    cost: f32,
}

impl ChoicePrediction {
    fn of(lesson: &Lesson<'_>, weights: &AspectWeights) -> Self {
        let offers = lesson.offers();
        let sums: Vec<f32> = offers.iter().map(|offer| weights.sum(offer.column, offer.known)).collect();
        let shares = shares(&sums);
        let right: f32 = shares.iter().zip(&offers).map(|(share, offer)| share * offer.goal).sum();
        let (sentences, nothing) = shares.split_at(lesson.goals.len());
        let best = (0..sentences.len()).max_by(|one, other| sentences[*one].total_cmp(&sentences[*other]));
        Self {
            level: lesson.level,
            best,
            right: lesson.level != AspectLevel::None && best.is_some_and(|best| lesson.goals[best] > 0.0),
            likely: best.map_or(0.0, |best| sentences[best]),
            nothing: nothing[0],
            cost: -right.max(1e-9).ln(),
        }
    }
}
