//! Learns to choose: of what is offered, one thing is likelier than another by what is known of each.

use std::collections::{BTreeMap, BTreeSet};

use interview::learnt::{FeatureName, FeatureWeights, NamedFeatures, shares};

use crate::optimise::minimise;

/// Something that may be chosen.
#[derive(Debug, Clone, Copy)]
pub struct ChoiceCandidate<'a> {
    /// What is known of it.
    pub known: &'a NamedFeatures,
    /// By which column of the table it is weighed.
    pub column: usize,
    /// How good a choice it is, from 0 to 1.
    pub goal: f32,
}

/// How much large weights cost.
const DECAY: f32 = 3.0;
/// Most steps.
const STEPS: usize = 300;

/// Candidates with what is known of them by number.
type IndexedCandidates = Vec<(Vec<(usize, f32)>, f32)>;

/// The weights by which of what is offered something good is chosen most likely.
pub fn fit<const N: usize>(choices: &[Vec<ChoiceCandidate<'_>>]) -> FeatureWeights<N> {
    let offers = choices.iter().flatten();
    let names: BTreeSet<FeatureName> =
        offers.flat_map(|offer| offer.known.all().iter().map(|(name, _)| *name)).collect();
    let names: Vec<FeatureName> = names.into_iter().collect();
    let number = |offer: &ChoiceCandidate<'_>| {
        let at = |(name, much): &(FeatureName, f32)| {
            Some((names.binary_search(name).ok()? * N + offer.column, *much))
        };
        (offer.known.all().iter().filter_map(at).collect(), offer.goal)
    };
    let choices: Vec<IndexedCandidates> =
        choices.iter().map(|offers| offers.iter().map(number).collect()).collect();
    let weights = minimise(names.len() * N, STEPS, |weights, gradient| cost(&choices, weights, gradient));
    let mut rows: BTreeMap<FeatureName, [f32; N]> = BTreeMap::new();
    for (name, weights) in names.iter().zip(weights.chunks_exact(N)) {
        rows.entry(*name).or_insert([0.0; N]).copy_from_slice(weights);
    }
    FeatureWeights::new(rows)
}

/// What these weights cost: minus the logarithm of how likely something good is chosen, and its gradient.
fn cost(choices: &[IndexedCandidates], weights: &[f32], gradient: &mut [f32]) -> f64 {
    for (slope, weight) in gradient.iter_mut().zip(weights) {
        *slope = DECAY * weight;
    }
    let penalty = weights.iter().map(|weight| f64::from(weight * weight)).sum::<f64>();
    let mut cost = penalty * f64::from(DECAY) / 2.0;
    for offers in choices {
        let sum = |known: &[(usize, f32)]| known.iter().map(|(at, much)| weights[*at] * much).sum::<f32>();
        let sums: Vec<f32> = offers.iter().map(|(known, _)| sum(known)).collect();
        let shares = shares(&sums);
        let right: f32 =
            shares.iter().zip(offers).map(|(share, (_, goal))| share * goal).sum::<f32>().max(1e-20);
        cost -= f64::from(right.ln());
        for ((known, goal), share) in offers.iter().zip(&shares) {
            let slope = share - share * goal / right;
            known.iter().for_each(|(at, much)| gradient[*at] += slope * much);
        }
    }
    cost
}
