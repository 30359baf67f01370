//! How much each feature counts while a network is fitted.

use std::ops::Range;

use super::Example;

/// How much each feature counts while a network is fitted; the network that comes out takes the features as they are.
#[derive(Debug, Clone)]
pub struct Scale {
    shifts: Vec<f32>,
    factors: Vec<f32>,
    /// The factor of every word; and how many words there are.
    pub(super) word: f32,
    pub(super) words: usize,
}

impl Scale {
    /// For features in parts so wide, with a factor for each part, and for the words, of which there are so many.
    pub fn new(parts: &[usize], factors: &[f32], word: f32, words: usize) -> Self {
        assert_eq!(parts.len(), factors.len(), "each part has a factor");
        let factors: Vec<f32> =
            parts.iter().zip(factors).flat_map(|(part, factor)| vec![*factor; *part]).collect();
        Self { shifts: vec![0.0; factors.len()], factors, word, words }
    }

    /// These features with a mean of 0, and divided by how much they usually differ from it.
    pub fn evened(mut self, columns: Range<usize>, examples: &[Example<'_>]) -> Self {
        let count = examples.len() as f32;
        for at in columns {
            let mean = examples.iter().map(|example| example.row.numbers[at]).sum::<f32>() / count;
            let square = |example: &Example<'_>| (example.row.numbers[at] - mean).powi(2);
            let spread = (examples.iter().map(square).sum::<f32>() / count).sqrt();
            self.shifts[at] = mean;
            self.factors[at] /= spread + 0.05;
        }
        self
    }

    /// How many numbers an example has.
    pub(super) fn inputs(&self) -> usize {
        self.factors.len()
    }

    /// These numbers, as they count.
    pub(super) fn scaled(&self, numbers: &[f32]) -> impl Iterator<Item = f32> {
        let scales = self.shifts.iter().zip(&self.factors);
        numbers.iter().zip(scales).map(|(value, (shift, factor))| (value - shift) * factor)
    }

    /// Weights for scaled features as weights for the features.
    pub(super) fn undo(&self, weights: &mut [f32], units: usize) {
        let inputs = self.inputs();
        let (numbers, words) = weights.split_at_mut((inputs + 1) * units);
        for row in numbers.chunks_exact_mut(inputs + 1) {
            let mut shifted = 0.0;
            for ((weight, shift), factor) in row.iter_mut().zip(&self.shifts).zip(&self.factors) {
                *weight *= factor;
                shifted += *weight * shift;
            }
            row[inputs] -= shifted;
        }
        words.iter_mut().for_each(|weight| *weight *= self.word);
    }
}
