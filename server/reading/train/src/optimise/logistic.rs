//! Fits a network without a hidden layer, by L-BFGS on the whole data at once.

use reading::heads::{Net, product, sigmoid};

use super::{Example, Scale, UNKNOWN, minimise};

/// How a network without a hidden layer is fitted.
#[derive(Debug, Clone, Copy)]
pub struct Logistic {
    /// How much large weights cost, where every example costs 1.
    pub decay: f32,
    /// How many steps are taken at most.
    pub steps: usize,
}

/// Fits a network without a hidden layer.
pub fn logistic(examples: &[Example<'_>], scale: &Scale, how: Logistic) -> Net {
    let (inputs, words) = (scale.inputs(), scale.words);
    let outputs = examples.first().map_or(0, |example| example.goal.len());
    let size = Net::size(inputs, words, outputs);
    let scaled: Vec<f32> = examples.iter().flat_map(|example| scale.scaled(&example.row.numbers)).collect();
    let problem = Problem { examples, scaled, inputs, outputs, word: scale.word, decay: how.decay };
    let mut weights = minimise(size, how.steps, |weights, gradient| problem.costs(weights, gradient));
    scale.undo(&mut weights, outputs);
    Net { inputs, words, hidden: 0, outputs, direct: weights, first: Vec::new(), last: Vec::new() }
}

struct Problem<'a> {
    examples: &'a [Example<'a>],
    /// The numbers of all examples, one after the other.
    scaled: Vec<f32>,
    inputs: usize,
    outputs: usize,
    word: f32,
    decay: f32,
}

impl Problem<'_> {
    /// The mean cost of the answers that these weights give, and its gradient.
    fn costs(&self, weights: &[f32], gradient: &mut [f32]) -> f64 {
        gradient.fill(0.0);
        let (width, outputs) = (self.inputs + 1, self.outputs);
        let (numbers, words) = weights.split_at(width * outputs);
        let (numbers_gradient, words_gradient) = gradient.split_at_mut(width * outputs);
        let mut cost = 0.0;
        let mut logits = vec![0.0; outputs];
        for (example, row) in self.examples.iter().zip(self.scaled.chunks_exact(self.inputs)) {
            logits.fill(0.0);
            for word in &example.row.words {
                let weights = &words[*word as usize * outputs..][..outputs];
                logits.iter_mut().zip(weights).for_each(|(logit, weight)| *logit += self.word * weight);
            }
            let rows = numbers.chunks_exact(width).zip(numbers_gradient.chunks_exact_mut(width));
            for ((logit, (weights, gradient)), target) in logits.iter_mut().zip(rows).zip(example.goal) {
                if *target == UNKNOWN {
                    *logit = 0.0;
                    continue;
                }
                *logit += product(weights, row) + weights[self.inputs];
                // log(1 + e^x) without overflow.
                cost += f64::from(logit.max(0.0) + (-logit.abs()).exp().ln_1p() - target * *logit);
                let error = sigmoid(*logit) - target;
                let (slopes, bias) = gradient.split_at_mut(self.inputs);
                slopes.iter_mut().zip(row).for_each(|(slope, input)| *slope += error * input);
                bias[0] += error;
                *logit = error;
            }
            for word in &example.row.words {
                let slopes = &mut words_gradient[*word as usize * outputs..][..outputs];
                slopes.iter_mut().zip(&logits).for_each(|(slope, error)| *slope += self.word * error);
            }
        }
        let count = self.examples.len() as f32;
        let mut penalty = 0.0;
        for (at, (slope, weight)) in gradient.iter_mut().zip(weights).enumerate() {
            let bias = at < width * outputs && at % width == self.inputs;
            let weight = if bias { 0.0 } else { *weight };
            *slope = (*slope + self.decay * weight) / count;
            penalty += f64::from(weight * weight);
        }
        (cost + 0.5 * f64::from(self.decay) * penalty) / f64::from(count)
    }
}
