//! Which words of a story carry what it can hold, and whether any do. Learnt from stories whose sentences people have
//! marked (`server/reading/data/stories`): each sentence, and that there is nothing to find, has a weight by what is
//! known of it, and the weights make shares of one. `weights.tsv` is made by `make train-notes`.

mod features;
mod place;
mod weights;

use std::ops::Range;

pub(crate) use place::SentencePlace;
use place::places;
pub use weights::{AspectWeights, bundled_weights, learnt_from};

use interview::learnt::{NamedFeatures, shares};

use crate::aspect::Aspect;
use crate::told::{QuestionThread, question_threads};
use crate::{Performance, quote};

/// What was found of an aspect in a story.
pub(crate) struct AspectSearch<'t, 'a> {
    /// The likeliest words, if any are likelier than nothing.
    pub(crate) best: Option<Passage<'t, 'a>>,
    /// How likely there is nothing to quote, from 0 to 1.
    pub(crate) nothing: f32,
}

/// Words of an answer that may carry an aspect: a sentence, and those beside it that belong to it.
pub(crate) struct Passage<'t, 'a> {
    /// The likeliest sentence of them.
    pub(crate) place: SentencePlace<'t, 'a>,
    /// Where all of them are in its message, in bytes.
    pub(crate) span: Range<usize>,
    /// How likely a fair reader would quote some of them, of all there is, from 0 to 1.
    share: f32,
}

impl Passage<'_, '_> {
    fn worth(&self) -> f32 {
        let text = self.place.sentence.message.text.get(self.span.clone()).unwrap_or_default();
        self.share - WORD * text.split_whitespace().count() as f32
    }
}

impl AspectSearch<'_, '_> {
    /// How certain it is that a fair reader would quote some of the likeliest words, from 0 to 1; 0 if there are none.
    pub(crate) fn certain(&self) -> f32 {
        let share = self.best.as_ref().map_or(0.0, |best| best.share);
        // Where several would do, each has but a share: how it stands against nothing counts as much.
        if share > 0.0 { (share * share / (share + self.nothing)).sqrt() } else { 0.0 }
    }
}

/// A sentence beside the likeliest one that is so likely itself, from 0 to 1, is quoted with it.
const ALONG: f32 = 0.15;
/// What each further word of a quotation has to add to how likely it is: of two that say as much the shorter is quoted.
const WORD: f32 = 0.006;

/// What is known of a story, whatever is looked for in it.
pub(crate) struct StoryFeatures<'t, 'a> {
    /// Its sentences, each with what is known of it.
    sentences: Vec<(SentencePlace<'t, 'a>, NamedFeatures)>,
    /// What is known of there being nothing to find.
    nothing: NamedFeatures,
}

impl<'t, 'a> StoryFeatures<'t, 'a> {
    pub(crate) fn of(told: &'t QuestionThread<'a>) -> Self {
        let known = |place| (place, features::of_place(&place));
        Self { sentences: places(told).into_iter().map(known).collect(), nothing: features::of_story(told) }
    }

    /// The sentences that may carry an aspect.
    fn carriers(&self, aspect: Aspect) -> impl Iterator<Item = &(SentencePlace<'t, 'a>, NamedFeatures)> {
        self.sentences.iter().filter(move |(place, _)| place.may_carry(aspect))
    }

    /// Looks for an aspect.
    pub(crate) fn seek(&self, aspect: Aspect) -> AspectSearch<'t, 'a> {
        let (weights, column) = (bundled_weights(), aspect as usize);
        // What cannot carry it has no share.
        let sum = |(place, known): &(SentencePlace<'t, 'a>, NamedFeatures)| {
            if place.may_carry(aspect) { weights.sum(column, known) } else { f32::NEG_INFINITY }
        };
        let sums = self.sentences.iter().map(sum).chain([weights.sum(column, &self.nothing)]);
        let mut likely = shares(&sums.collect::<Vec<_>>());
        let nothing = likely.pop().unwrap_or(1.0);
        let mut best: Option<Passage<'t, 'a>> = None;
        for at in (0..likely.len()).filter(|at| likely[*at] > 0.0) {
            let passage = self.passage(at, &likely);
            // The first of equals.
            let better = best.as_ref().is_none_or(|best| passage.worth() > best.worth());
            if passage.share > nothing && better {
                best = Some(passage);
            }
        }
        AspectSearch { best, nothing }
    }

    /// The sentence of this number with those beside it that are quoted with it.
    fn passage(&self, at: usize, likely: &[f32]) -> Passage<'t, 'a> {
        let seq = self.sentences[at].0.sentence.message.seq;
        let words = |at: usize| self.sentences[at].0.sentence.words();
        let (mut from, mut to) = (at, at);
        loop {
            let long: usize = (from..=to).map(words).sum();
            let beside = [from.checked_sub(1), Some(to + 1)].into_iter().flatten();
            let fits = |at: &usize| {
                self.sentences.get(*at).is_some_and(|(place, _)| {
                    let sentence = place.sentence;
                    sentence.message.seq == seq && !sentence.idle && long + sentence.words() <= quote::MOST
                })
            };
            // The first of equals.
            let next = beside.filter(fits).min_by(|one, other| likely[*other].total_cmp(&likely[*one]));
            match next {
                Some(next) if long < quote::ALONE || likely[next] >= ALONG => {
                    (from, to) = (from.min(next), to.max(next))
                }
                _ => break,
            }
        }
        let share = likely[from..=to].iter().sum();
        // The last of equals.
        let most = (from..=to).max_by(|one, other| likely[*one].total_cmp(&likely[*other])).unwrap_or(at);
        let place = self.sentences[most].0;
        let span = self.sentences[from].0.sentence.place.start..self.sentences[to].0.sentence.place.end;
        Passage { place, span, share }
    }
}

/// A story and an aspect, as they are learnt from.
#[derive(Debug, Clone)]
pub struct AspectChoice {
    /// What is looked for.
    pub aspect: Aspect,
    /// The sentences that may carry it.
    pub sentences: Vec<CandidateSentence>,
    /// What is known of there being nothing to find.
    pub nothing: NamedFeatures,
}

/// A sentence, and what is known of it.
#[derive(Debug, Clone)]
pub struct CandidateSentence {
    /// The number of its message.
    pub seq: u32,
    /// Where it is in the message, in bytes.
    pub place: Range<usize>,
    /// What is known of it.
    pub known: NamedFeatures,
}

/// The choices that notes on an interview make, for whoever trains the weights.
pub fn choices(of: &Performance<'_>) -> Vec<AspectChoice> {
    let told = question_threads(of);
    let stories: Vec<StoryFeatures<'_, '_>> = told.iter().map(StoryFeatures::of).collect();
    let each = stories.iter().flat_map(|story| Aspect::ALL.map(|aspect| (story, aspect)));
    let choice = |(story, aspect): (&StoryFeatures<'_, '_>, Aspect)| AspectChoice {
        aspect,
        sentences: story
            .carriers(aspect)
            .map(|(place, known)| CandidateSentence {
                seq: place.sentence.message.seq,
                place: place.sentence.place.clone(),
                known: known.clone(),
            })
            .collect(),
        nothing: story.nothing.clone(),
    };
    each.map(choice).collect()
}
