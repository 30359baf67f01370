//! What people said that a good interviewer would do at places in interviews, and weights that are learnt from it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::{Context as _, Result, ensure};
use interview::learnt::{FeatureWeights, NamedFeatures};
use interview::moves::Move;
use interview::next::StoryStanding;
use interview::reading::Ask;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use sha2::{Digest as _, Sha256};

use super::LabelledStory;
use super::learn::good;
use crate::choice::{ChoiceCandidate, fit};

/// What an interviewer can do next.
pub trait InterviewerAction: Copy + Ord + DeserializeOwned + 'static {
    /// All of it, in the order of the table's columns.
    fn all() -> &'static [Self];
}

impl InterviewerAction for Ask {
    fn all() -> &'static [Self] {
        Self::ALL
    }
}

impl InterviewerAction for Move {
    fn all() -> &'static [Self] {
        &Self::ALL
    }
}

/// What a good interviewer would do at a place.
#[derive(Debug, Clone, Deserialize)]
#[serde(bound = "")]
pub struct ActionLabel<T: InterviewerAction> {
    /// What is told there, and after which of its answers.
    id: String,
    /// What most would do.
    pub best: T,
    /// What does as well.
    #[serde(default)]
    pub fine: Vec<T>,
    /// What is plainly wrong there.
    #[serde(default)]
    pub bad: Vec<T>,
}

/// What was wanted at every place, by what is told and answer.
#[derive(Debug, Clone)]
pub struct ActionLabelSet<T: InterviewerAction> {
    places: BTreeMap<String, ActionLabel<T>>,
    /// SHA-256 of the files.
    pub digest: String,
}

impl<T: InterviewerAction> ActionLabel<T> {
    /// How good something is there: the best, as good, neither, plainly wrong, from 0 on.
    pub fn grade(&self, next: T) -> usize {
        match next {
            next if next == self.best => 0,
            next if self.fine.contains(&next) => 1,
            next if self.bad.contains(&next) => 3,
            _ => 2,
        }
    }
}

impl<T: InterviewerAction> ActionLabelSet<T> {
    /// What was wanted after an answer, counted from 0, of what bears this id.
    pub fn at(&self, id: &str, answer: usize) -> Option<&ActionLabel<T>> {
        self.places.get(&format!("{id}#{answer}"))
    }
}

/// Reads the files of a folder.
///
/// # Errors
/// What of it cannot be read.
pub fn read<T: InterviewerAction>(folder: &Path) -> Result<ActionLabelSet<T>> {
    let (mut places, mut digest) = (BTreeMap::new(), Sha256::new());
    for path in super::files(folder)? {
        let text =
            std::fs::read_to_string(&path).with_context(|| format!("{} cannot be read", path.display()))?;
        digest.update(text.as_bytes());
        for (at, line) in text.lines().enumerate() {
            let row: ActionLabel<T> =
                serde_json::from_str(line).with_context(|| format!("{}, line {}", path.display(), at + 1))?;
            places.insert(row.id.clone(), row);
        }
    }
    ensure!(!places.is_empty(), "{} says nothing", folder.display());
    Ok(ActionLabelSet { places, digest: super::hex(&digest.finalize()) })
}

/// A place, what is known there, and what was wanted.
pub struct DecisionPoint<'a, T: InterviewerAction> {
    /// Who wrote what is told there.
    pub writer: &'a str,
    /// What is known.
    pub known: NamedFeatures,
    /// What was wanted.
    pub wanted: &'a ActionLabel<T>,
}

impl<T: InterviewerAction> DecisionPoint<'_, T> {
    fn goal(&self, next: T) -> f32 {
        [good::BEST, good::FINE, 0.0, 0.0][self.wanted.grade(next)]
    }

    fn offers(&self) -> Vec<ChoiceCandidate<'_>> {
        let all = T::all().iter().enumerate();
        all.map(|(column, next)| ChoiceCandidate { known: &self.known, column, goal: self.goal(*next) })
            .collect()
    }

    fn likeliest<const N: usize>(&self, weights: &FeatureWeights<N>) -> Option<T> {
        let sums = (0..N).map(|column| weights.sum(column, &self.known));
        sums.zip(T::all()).max_by(|one, other| one.0.total_cmp(&other.0)).map(|(_, next)| *next)
    }
}

/// The places of what was told at which an interviewer speaks. `known`: what is known of one, and the words of its answer.
pub(super) fn places<'a, T: InterviewerAction>(
    stories: &'a [LabelledStory],
    wanted: &'a ActionLabelSet<T>,
    known: impl Fn(&StoryStanding<'_>, &str) -> NamedFeatures,
) -> Vec<DecisionPoint<'a, T>> {
    let mut places = Vec::new();
    for story in stories {
        for (at, stand) in story.stands().into_iter().enumerate() {
            let Some(wanted) = wanted.at(&story.id, at) else { continue };
            places.push(DecisionPoint {
                writer: &story.writer,
                known: known(&stand.standing(story), stand.said),
                wanted,
            });
        }
    }
    places
}

/// The weights, learnt from these places.
pub fn train<T: InterviewerAction, const N: usize>(places: &[DecisionPoint<'_, T>]) -> FeatureWeights<N> {
    fit(&places.iter().map(DecisionPoint::offers).collect::<Vec<_>>())
}

/// How often two sets of weights choose the same, from 0 to 1.
pub fn alike<T: InterviewerAction, const N: usize>(
    places: &[DecisionPoint<'_, T>],
    one: &FeatureWeights<N>,
    other: &FeatureWeights<N>,
) -> f32 {
    let same = places.iter().filter(|place| place.likeliest(one) == place.likeliest(other));
    same.count() as f32 / places.len() as f32
}

/// How often a good interviewer would do what weights choose that have not seen the writer: the end of a line.
pub fn unseen<T: InterviewerAction, const N: usize>(places: &[DecisionPoint<'_, T>]) -> String {
    let writers: BTreeSet<&str> = places.iter().map(|place| place.writer).collect();
    let mut grades = [0; 4];
    for writer in writers {
        let others = places.iter().filter(|place| place.writer != writer);
        let weights: FeatureWeights<N> = fit(&others.map(DecisionPoint::offers).collect::<Vec<_>>());
        for place in places.iter().filter(|place| place.writer == writer) {
            let Some(next) = place.likeliest(&weights) else { continue };
            grades[place.wanted.grade(next)] += 1;
        }
    }
    let share = |count: usize| count * 100 / places.len();
    format!(
        "{} places by others: {} % the best, {} % as good, {} % bad\n",
        places.len(),
        share(grades[0]),
        share(grades[1]),
        share(grades[3])
    )
}
