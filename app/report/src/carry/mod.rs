//! Which words of a story carry what it can hold, and whether any do. Learnt from stories whose sentences people have
//! marked (`server/reading/data/stories`): each sentence, and that there is nothing to find, has a weight by what is
//! known of it, and the weights make shares of one. `weights.tsv` is made by `make train-notes`.

mod features;
mod place;
mod weights;

use std::ops::Range;

pub(crate) use place::Place;
use place::places;
pub use weights::{Weights, learnt_from, shipped};

use interview::learnt::{Known, shares};

use crate::Performance;
use crate::aspect::Aspect;
use crate::told::{Told, told};

/// What was found of an aspect in a story.
pub(crate) struct Sought<'t, 'a> {
    /// The likeliest sentence, if one is likelier than nothing, and how certain it is one that a fair reader would quote,
    /// from 0 to 1.
    pub(crate) best: Option<(Place<'t, 'a>, f32)>,
    /// How likely there is nothing to quote, from 0 to 1.
    pub(crate) nothing: f32,
}

/// What is known of a story, whatever is looked for in it.
pub(crate) struct Story<'t, 'a> {
    /// Its sentences, each with what is known of it.
    sentences: Vec<(Place<'t, 'a>, Known)>,
    /// What is known of there being nothing to find.
    nothing: Known,
}

impl<'t, 'a> Story<'t, 'a> {
    pub(crate) fn of(told: &'t Told<'a>) -> Self {
        let known = |place| (place, features::of_place(&place));
        Self { sentences: places(told).into_iter().map(known).collect(), nothing: features::of_story(told) }
    }

    /// The sentences that may carry an aspect.
    fn carriers(&self, aspect: Aspect) -> impl Iterator<Item = &(Place<'t, 'a>, Known)> {
        self.sentences.iter().filter(move |(place, _)| place.may_carry(aspect))
    }

    /// Looks for an aspect.
    pub(crate) fn seek(&self, aspect: Aspect) -> Sought<'t, 'a> {
        let (weights, column) = (shipped(), aspect as usize);
        let known = self.carriers(aspect).map(|(_, known)| known).chain([&self.nothing]);
        let shares = shares(&known.map(|known| weights.sum(column, known)).collect::<Vec<_>>());
        let nothing = shares.last().copied().unwrap_or(1.0);
        let mut best: Option<(Place<'t, 'a>, f32)> = None;
        for ((place, _), likely) in self.carriers(aspect).zip(shares) {
            // The first of equals.
            if likely > best.map_or(nothing, |(_, most)| most) {
                best = Some((*place, likely));
            }
        }
        // Where several would do, each has but a share: how it stands against nothing counts as much.
        let certain = |likely: f32| (likely * likely / (likely + nothing)).sqrt();
        Sought { best: best.map(|(place, likely)| (place, certain(likely))), nothing }
    }
}

/// A story and an aspect, as they are learnt from.
#[derive(Debug, Clone)]
pub struct Choice {
    /// What is looked for.
    pub aspect: Aspect,
    /// The sentences that may carry it.
    pub sentences: Vec<Offered>,
    /// What is known of there being nothing to find.
    pub nothing: Known,
}

/// A sentence, and what is known of it.
#[derive(Debug, Clone)]
pub struct Offered {
    /// The number of its message.
    pub seq: u32,
    /// Where it is in the message, in bytes.
    pub place: Range<usize>,
    /// What is known of it.
    pub known: Known,
}

/// The choices that notes on an interview make, for whoever trains the weights.
pub fn choices(of: &Performance<'_>) -> Vec<Choice> {
    let told = told(of);
    let stories: Vec<Story<'_, '_>> = told.iter().map(Story::of).collect();
    let each = stories.iter().flat_map(|story| Aspect::ALL.map(|aspect| (story, aspect)));
    let choice = |(story, aspect): (&Story<'_, '_>, Aspect)| Choice {
        aspect,
        sentences: story
            .carriers(aspect)
            .map(|(place, known)| Offered {
                seq: place.sentence.message.seq,
                place: place.sentence.place.clone(),
                known: known.clone(),
            })
            .collect(),
        nothing: story.nothing.clone(),
    };
    each.map(choice).collect()
}
