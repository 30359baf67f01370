//! Learns the weights, and says how well they choose in stories of writers whom they have not seen.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use report::Aspect;
use report::carry::{Choice, Known, Name, Row, choices};

use super::{Level, Story, Worth};
use crate::optimise::minimise;

/// A choice to be learnt, with how good each of its sentences is, and that there is nothing, from 0 to 1.
struct Lesson<'a> {
    writer: &'a str,
    read: bool,
    level: Level,
    choice: Choice,
    goals: Vec<f32>,
    nothing: f32,
}

/// How good each choice is.
mod good {
    /// Words that nobody would quote rather.
    pub(super) const BEST: f32 = 1.0;
    /// Words that would do.
    pub(super) const FINE: f32 = 0.6;
    /// To find nothing where it is only touched on.
    pub(super) const NOTHING_OF_LITTLE: f32 = 0.4;
}

fn lessons(stories: &[Story]) -> Result<Vec<Lesson<'_>>> {
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
                    Level::None => 1.0,
                    Level::Partly => good::NOTHING_OF_LITTLE,
                    Level::Said => 0.0,
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

/// How much large weights cost.
const DECAY: f32 = 3.0;
/// Most steps.
const STEPS: usize = 300;

/// The weights by name, learnt from these stories.
///
/// # Errors
/// None that happens: the standard plan is there.
pub fn train(stories: &[Story]) -> Result<BTreeMap<Name, Row>> {
    Ok(fit(&lessons(stories)?.iter().collect::<Vec<_>>()))
}

fn fit(lessons: &[&Lesson<'_>]) -> BTreeMap<Name, Row> {
    let mut rows: BTreeMap<Name, Row> = BTreeMap::new();
    for aspect in Aspect::ALL {
        let lessons: Vec<&Lesson<'_>> =
            lessons.iter().copied().filter(|lesson| lesson.choice.aspect == aspect).collect();
        let known = |lesson: &&Lesson<'_>| {
            let sentences = lesson.choice.sentences.iter().flat_map(|sentence| sentence.known.iter());
            sentences.chain(&lesson.choice.nothing).map(|(name, _)| *name).collect::<Vec<_>>()
        };
        let names: BTreeSet<Name> = lessons.iter().flat_map(known).collect();
        let names: Vec<Name> = names.into_iter().collect();
        let numbers = |known: &[(Name, f32)]| -> Vec<(usize, f32)> {
            known.iter().filter_map(|(name, much)| Some((names.binary_search(name).ok()?, *much))).collect()
        };
        // That there is nothing comes last.
        let problem: Vec<Vec<Offered>> = lessons
            .iter()
            .map(|lesson| {
                let sentences = lesson.choice.sentences.iter().zip(&lesson.goals);
                let nothing = Offered { known: numbers(&lesson.choice.nothing), goal: lesson.nothing };
                let sentence =
                    |(known, goal): (&Known, &f32)| Offered { known: numbers(&known.known), goal: *goal };
                sentences.map(sentence).chain([nothing]).collect()
            })
            .collect();
        let weights = minimise(names.len(), STEPS, |weights, gradient| cost(&problem, weights, gradient));
        for (name, weight) in names.iter().zip(weights) {
            rows.entry(*name).or_default()[aspect as usize] = weight;
        }
    }
    rows
}

/// A sentence, or that there is nothing: what is known of it, by the numbers of the names, and how good it is.
struct Offered {
    known: Vec<(usize, f32)>,
    goal: f32,
}

/// What these weights cost: minus the logarithm of how likely something good is chosen, and its gradient.
fn cost(problem: &[Vec<Offered>], weights: &[f32], gradient: &mut [f32]) -> f64 {
    for (slope, weight) in gradient.iter_mut().zip(weights) {
        *slope = DECAY * weight;
    }
    let mut cost =
        weights.iter().map(|weight| f64::from(weight * weight)).sum::<f64>() * f64::from(DECAY) / 2.0;
    for choices in problem {
        let score = |known: &[(usize, f32)]| known.iter().map(|(at, much)| weights[*at] * much).sum::<f32>();
        let scores: Vec<f32> = choices.iter().map(|offered| score(&offered.known)).collect();
        let top = scores.iter().copied().fold(f32::MIN, f32::max);
        let parts: Vec<f32> = scores.iter().map(|score| (score - top).exp()).collect();
        let whole: f32 = parts.iter().sum();
        let right: f32 =
            parts.iter().zip(choices).map(|(part, offered)| part * offered.goal).sum::<f32>().max(1e-20);
        cost -= f64::from((right / whole).ln());
        for (Offered { known, goal }, part) in choices.iter().zip(&parts) {
            let slope = part / whole - part * goal / right;
            known.iter().for_each(|(at, much)| gradient[*at] += slope * much);
        }
    }
    cost
}

/// How well the weights choose in stories of writers whom they have not seen: a table.
///
/// # Errors
/// None that happens: the standard plan is there.
pub fn unseen(stories: &[Story]) -> Result<String> {
    let lessons = lessons(stories)?;
    let writers: BTreeSet<&str> = stories.iter().map(|story| story.writer.as_str()).collect();
    let mut chosen: BTreeMap<(Aspect, bool), Vec<Chosen>> = BTreeMap::new();
    for writer in writers {
        let others: Vec<&Lesson<'_>> = lessons.iter().filter(|lesson| lesson.writer != writer).collect();
        let rows = fit(&others);
        for lesson in lessons.iter().filter(|lesson| lesson.writer == writer) {
            chosen.entry((lesson.choice.aspect, lesson.read)).or_default().push(Chosen::of(lesson, &rows));
        }
    }
    let mut text = format!(
        "{:<22}{:>8}{:>8}{:>8}   said from .5 .6 .7: how many, right    nothing from .5 .7 .9: how many, right\n",
        "in stories of others", "cost", "there", "right"
    );
    for ((aspect, read), chosen) in &chosen {
        let there: Vec<&Chosen> = chosen.iter().filter(|chosen| chosen.level != Level::None).collect();
        let right = there.iter().filter(|chosen| chosen.right).count();
        let cost = chosen.iter().map(|chosen| chosen.cost).sum::<f32>() / chosen.len() as f32;
        let name = format!("{}{}", aspect.key(), if *read { "" } else { ", by words" });
        text += &format!("{name:<22}{cost:>8.3}{:>8}{:>7}%   ", there.len(), percent(right, there.len()));
        for from in [0.5, 0.6, 0.7] {
            let said: Vec<&Chosen> = chosen.iter().filter(|chosen| chosen.likely >= from).collect();
            let right = said.iter().filter(|chosen| chosen.right).count();
            text += &format!("{:>6}{:>5}%", said.len(), percent(right, said.len()));
        }
        text += "   ";
        for from in [0.5, 0.7, 0.9] {
            let said: Vec<&Chosen> = chosen.iter().filter(|chosen| chosen.nothing >= from).collect();
            let right = said.iter().filter(|chosen| chosen.level == Level::None).count();
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
pub fn alike(stories: &[Story], one: &BTreeMap<Name, Row>, other: &BTreeMap<Name, Row>) -> Result<f32> {
    let lessons = lessons(stories)?;
    let same = lessons.iter().filter(|lesson| {
        let (one, other) = (Chosen::of(lesson, one), Chosen::of(lesson, other));
        one.best == other.best && (one.nothing - other.nothing).abs() < 0.1
    });
    Ok(same.count() as f32 / lessons.len() as f32)
}

fn percent(part: usize, whole: usize) -> usize {
    (part * 100).checked_div(whole).unwrap_or(0)
}

/// What weights make of a choice.
struct Chosen {
    level: Level,
    /// The number of the likeliest sentence.
    best: Option<usize>,
    /// It was marked.
    right: bool,
    likely: f32,
    nothing: f32,
    cost: f32,
}

impl Chosen {
    fn of(lesson: &Lesson<'_>, rows: &BTreeMap<Name, Row>) -> Self {
        let column = lesson.choice.aspect as usize;
        let score = |known: &[(Name, f32)]| -> f32 {
            known.iter().map(|(name, much)| rows.get(name).map_or(0.0, |row| row[column] * much)).sum()
        };
        let mut scores: Vec<f32> = lesson.choice.sentences.iter().map(|known| score(&known.known)).collect();
        scores.push(score(&lesson.choice.nothing));
        let top = scores.iter().copied().fold(f32::MIN, f32::max);
        let parts: Vec<f32> = scores.iter().map(|score| (score - top).exp()).collect();
        let whole: f32 = parts.iter().sum();
        let goals: Vec<f32> = lesson.goals.iter().copied().chain([lesson.nothing]).collect();
        let right: f32 = parts.iter().zip(&goals).map(|(part, goal)| part * goal).sum::<f32>() / whole;
        let (sentences, nothing) = parts.split_at(lesson.goals.len());
        let best = (0..sentences.len()).max_by(|one, other| sentences[*one].total_cmp(&sentences[*other]));
        Self {
            level: lesson.level,
            best,
            right: lesson.level != Level::None && best.is_some_and(|best| lesson.goals[best] > 0.0),
            likely: best.map_or(0.0, |best| sentences[best] / whole),
            nothing: nothing[0] / whole,
            cost: -right.max(1e-9).ln(),
        }
    }
}
