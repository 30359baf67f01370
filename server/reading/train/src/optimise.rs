//! Fits networks. Without a hidden layer: L-BFGS on the whole data at once, with a penalty on the weights. With one:
//! AdamW on a few examples at a time, some of whose features are left out by chance. Deterministic: the same data give
//! the same weights.

use std::ops::Range;

use reading::features::Row;
use reading::heads::{Net, product, sigmoid};

/// An example: its features, and for each output 1, 0 or [`UNKNOWN`].
#[derive(Debug, Clone, Copy)]
pub struct Example<'a> {
    /// What is given.
    pub row: &'a Row,
    /// What is to be said.
    pub goal: &'a [f32],
}

/// A target that does not count: nothing is known of it.
pub const UNKNOWN: f32 = -1.0;

/// How much each feature counts while a network is fitted; the network that comes out takes the features as they are.
#[derive(Debug, Clone)]
pub struct Scale {
    shifts: Vec<f32>,
    factors: Vec<f32>,
    /// The factor of every word; and how many words there are.
    word: f32,
    words: usize,
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

    fn inputs(&self) -> usize {
        self.factors.len()
    }

    fn scaled(&self, numbers: &[f32]) -> impl Iterator<Item = f32> {
        let scales = self.shifts.iter().zip(&self.factors);
        numbers.iter().zip(scales).map(|(value, (shift, factor))| (value - shift) * factor)
    }

    /// Weights for scaled features as weights for the features.
    fn undo(&self, weights: &mut [f32], units: usize) {
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

/// Weights, so many, at which a cost is least, by L-BFGS from nothing on. `costs` says the cost at weights and writes its
/// gradient.
pub fn minimise(
    size: usize,
    steps_at_most: usize,
    mut costs: impl FnMut(&[f32], &mut [f32]) -> f64,
) -> Vec<f32> {
    let mut weights = vec![0.0; size];
    let mut gradient = vec![0.0; size];
    let mut cost = costs(&weights, &mut gradient);
    let mut steps: Vec<(Vec<f32>, Vec<f32>, f64)> = Vec::new();
    for _ in 0..steps_at_most {
        let direction = direction(&gradient, &steps);
        let slope = dot(&direction, &gradient);
        if slope > -1e-9 {
            break;
        }
        // The first step is as long as nothing is known of how the cost bends.
        let mut length =
            if steps.is_empty() { (1.0 / dot(&gradient, &gradient).sqrt()).min(1.0) } else { 1.0 };
        let old = weights.clone();
        let mut next = vec![0.0; size];
        let new_cost = loop {
            for ((weight, old), direction) in weights.iter_mut().zip(&old).zip(&direction) {
                *weight = old + (length as f32) * direction;
            }
            let new = costs(&weights, &mut next);
            if new <= cost + 1e-4 * length * slope || length < 1e-6 {
                break new;
            }
            length *= 0.5;
        };
        let moved: Vec<f32> = weights.iter().zip(&old).map(|(new, old)| new - old).collect();
        let bent: Vec<f32> = next.iter().zip(&gradient).map(|(new, old)| new - old).collect();
        let curve = dot(&moved, &bent);
        if curve > 1e-12 {
            steps.push((moved, bent, curve));
            if steps.len() > 12 {
                steps.remove(0);
            }
        }
        let gain = cost - new_cost;
        (cost, gradient) = (new_cost, next);
        if gain < 1e-7 * cost.abs() {
            break;
        }
    }
    weights
}

fn dot(one: &[f32], other: &[f32]) -> f64 {
    one.iter().zip(other).map(|(one, other)| f64::from(*one) * f64::from(*other)).sum()
}

/// Downhill, by what the last steps told of how the cost bends.
fn direction(gradient: &[f32], steps: &[(Vec<f32>, Vec<f32>, f64)]) -> Vec<f32> {
    let mut direction: Vec<f32> = gradient.iter().map(|value| -value).collect();
    let mut shares = Vec::new();
    for (moved, bent, curve) in steps.iter().rev() {
        let share = dot(moved, &direction) / curve;
        add(&mut direction, -share, bent);
        shares.push(share);
    }
    if let Some((_, bent, curve)) = steps.last() {
        let scale = (curve / dot(bent, bent)) as f32;
        direction.iter_mut().for_each(|value| *value *= scale);
    }
    for ((moved, bent, curve), share) in steps.iter().zip(shares.iter().rev()) {
        let over = dot(bent, &direction) / curve;
        add(&mut direction, share - over, moved);
    }
    direction
}

fn add(to: &mut [f32], times: f64, values: &[f32]) {
    let times = times as f32;
    to.iter_mut().zip(values).for_each(|(to, value)| *to += times * value);
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

/// How a network with a hidden layer is fitted.
#[derive(Debug, Clone, Copy)]
pub struct Layers {
    /// How many units the hidden layer has.
    pub hidden: usize,
    /// How often every example is learnt from.
    pub rounds: usize,
    /// How many examples are learnt from at once.
    pub batch: usize,
    /// How far a step goes at first; in the end they become nothing.
    pub rate: f32,
    /// How much of the weights each step takes away, times its length.
    pub decay: f32,
    /// How many of the features are left out by chance, from 0 to 1.
    pub drop_inputs: f32,
    /// How many of the units.
    pub drop_units: f32,
}

/// Fits a network whose features all go through the hidden layer.
pub fn layers(examples: &[Example<'_>], scale: &Scale, how: Layers, seed: u64) -> Net {
    let (inputs, words, hidden) = (scale.inputs(), scale.words, how.hidden);
    let outputs = examples.first().map_or(0, |example| example.goal.len());
    let mut chance = Chance::new(seed);
    let spread = 0.7 / ((inputs + words) as f32).sqrt();
    let mut numbers = Learnt::new(chance.around(hidden * inputs, spread), how.decay);
    let mut of_words = Learnt::new(chance.around(words * hidden, spread), how.decay);
    let mut biases = Learnt::new(vec![0.0; hidden], 0.0);
    let mut last = Learnt::new(chance.around(outputs * hidden, 0.5 / (hidden as f32).sqrt()), how.decay);
    let mut last_biases = Learnt::new((0..outputs).map(|at| usual(examples, at)).collect(), 0.0);

    let kept = 1.0 / (1.0 - how.drop_inputs);
    let kept_unit = 1.0 / (1.0 - how.drop_units);
    let steps = how.rounds * examples.len().div_ceil(how.batch);
    let mut step = 0;
    let mut order: Vec<usize> = (0..examples.len()).collect();
    for _ in 0..how.rounds {
        chance.shuffle(&mut order);
        for batch in order.chunks(how.batch) {
            let share = 1.0 / batch.len() as f32;
            let mut rows = vec![0.0; batch.len() * inputs];
            let mut units = vec![0.0; batch.len() * hidden];
            let mut said: Vec<Vec<u32>> = Vec::with_capacity(batch.len());
            for (row, example) in rows.chunks_exact_mut(inputs).zip(batch) {
                let example = examples[*example].row;
                for (value, scaled) in row.iter_mut().zip(scale.scaled(&example.numbers)) {
                    *value = if chance.next() < how.drop_inputs { 0.0 } else { scaled * kept };
                }
                said.push(
                    example.words.iter().copied().filter(|_| chance.next() >= how.drop_inputs).collect(),
                );
            }
            let word = scale.word * kept;
            for (unit, (weights, bias)) in
                numbers.weights.chunks_exact(inputs).zip(&biases.weights).enumerate()
            {
                for (row, units) in rows.chunks_exact(inputs).zip(units.chunks_exact_mut(hidden)) {
                    units[unit] = product(weights, row) + bias;
                }
            }
            let mut errors = vec![0.0; batch.len() * hidden];
            let backs = errors.chunks_exact_mut(hidden);
            for (((units, back), said), example) in
                units.chunks_exact_mut(hidden).zip(backs).zip(&said).zip(batch)
            {
                for number in said {
                    let weights = &of_words.weights[*number as usize * hidden..][..hidden];
                    units.iter_mut().zip(weights).for_each(|(unit, weight)| *unit += word * weight);
                }
                let mut passed = vec![0.0; hidden];
                for (unit, passed) in units.iter_mut().zip(&mut passed) {
                    *passed = if *unit > 0.0 && chance.next() >= how.drop_units { kept_unit } else { 0.0 };
                    *unit *= *passed;
                }
                for (at, target) in examples[*example].goal.iter().enumerate() {
                    if *target == UNKNOWN {
                        continue;
                    }
                    let weights = &last.weights[at * hidden..][..hidden];
                    let logit = product(weights, units) + last_biases.weights[at];
                    let error = (sigmoid(logit) - target) * share;
                    let slopes = &mut last.slopes[at * hidden..][..hidden];
                    slopes.iter_mut().zip(&*units).for_each(|(slope, unit)| *slope += error * unit);
                    last_biases.slopes[at] += error;
                    back.iter_mut().zip(weights).for_each(|(back, weight)| *back += error * weight);
                }
                back.iter_mut().zip(&passed).for_each(|(back, passed)| *back *= passed);
                biases.slopes.iter_mut().zip(&*back).for_each(|(slope, back)| *slope += back);
                for number in said {
                    let slopes = &mut of_words.slopes[*number as usize * hidden..][..hidden];
                    slopes.iter_mut().zip(&*back).for_each(|(slope, back)| *slope += word * back);
                }
            }
            for (unit, slopes) in numbers.slopes.chunks_exact_mut(inputs).enumerate() {
                for (row, errors) in rows.chunks_exact(inputs).zip(errors.chunks_exact(hidden)) {
                    let error = errors[unit];
                    if error != 0.0 {
                        slopes.iter_mut().zip(row).for_each(|(slope, input)| *slope += error * input);
                    }
                }
            }
            step += 1;
            let done = step as f32 / steps as f32;
            let rate = how.rate * 0.5 * (1.0 + (std::f32::consts::PI * done).cos());
            for learnt in [&mut numbers, &mut of_words, &mut biases, &mut last, &mut last_biases] {
                learnt.step(rate, step);
            }
        }
    }

    let with_bias = numbers.weights.chunks_exact(inputs).zip(&biases.weights);
    let mut first: Vec<f32> = with_bias.flat_map(|(row, bias)| row.iter().chain([bias]).copied()).collect();
    first.extend(of_words.weights);
    scale.undo(&mut first, hidden);
    let mut direct = vec![0.0; Net::size(inputs, words, outputs)];
    for (row, bias) in direct.chunks_exact_mut(inputs + 1).zip(&last_biases.weights) {
        row[inputs] = *bias;
    }
    Net { inputs, words, hidden, outputs, direct, first, last: last.weights }
}

/// The logit of how often an output is to be 1.
fn usual(examples: &[Example<'_>], at: usize) -> f32 {
    let known = || examples.iter().map(|example| example.goal[at]).filter(|target| *target != UNKNOWN);
    let share = (known().sum::<f32>() / known().count().max(1) as f32).clamp(0.003, 0.997);
    (share / (1.0 - share)).ln()
}

/// Weights with what is to be done to them.
pub(crate) struct Learnt {
    pub(crate) weights: Vec<f32>,
    pub(crate) slopes: Vec<f32>,
    mean: Vec<f32>,
    square: Vec<f32>,
    decay: f32,
}

impl Learnt {
    pub(crate) fn new(weights: Vec<f32>, decay: f32) -> Self {
        let nothing = || vec![0.0; weights.len()];
        Self { slopes: nothing(), mean: nothing(), square: nothing(), weights, decay }
    }

    /// One step of AdamW; then there are no slopes.
    pub(crate) fn step(&mut self, rate: f32, step: i32) {
        let (fade_mean, fade_square) = (0.9_f32, 0.99_f32);
        let length = rate / (1.0 - fade_mean.powi(step));
        let even = 1.0 / (1.0 - fade_square.powi(step));
        let stay = 1.0 - rate * self.decay;
        let moments = self.mean.iter_mut().zip(&mut self.square);
        for ((weight, slope), (mean, square)) in self.weights.iter_mut().zip(&mut self.slopes).zip(moments) {
            *mean = fade_mean * *mean + (1.0 - fade_mean) * *slope;
            *square = fade_square * *square + (1.0 - fade_square) * *slope * *slope;
            *weight = *weight * stay - length * *mean / ((*square * even).sqrt() + 1e-7);
            *slope = 0.0;
        }
    }
}

/// Chance that is always the same (SplitMix64).
pub(crate) struct Chance(u64);

impl Chance {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x2545_F491_4F6C_DD1D))
    }

    fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// From 0 to 1, without 1.
    pub(crate) fn next(&mut self) -> f32 {
        (self.bits() >> 40) as f32 / (1 << 24) as f32
    }

    /// Numbers around 0 that differ from it by so much (as a standard deviation).
    pub(crate) fn around(&mut self, count: usize, spread: f32) -> Vec<f32> {
        (0..count).map(|_| (self.next() - 0.5) * 12.0_f32.sqrt() * spread).collect()
    }

    pub(crate) fn shuffle(&mut self, items: &mut [usize]) {
        for at in (1..items.len()).rev() {
            let other = (u128::from(self.bits()) * (at as u128 + 1)) >> 64;
            items.swap(at, other as usize);
        }
    }
}

/// One network whose logits are the sum of those of these, each times its share.
pub fn mixed(nets: &[(f32, &Net)]) -> Net {
    let Net { inputs, words, outputs, .. } = *nets[0].1;
    let hidden = nets.iter().map(|(_, net)| net.hidden).sum();
    let mut direct = vec![0.0; Net::size(inputs, words, outputs)];
    for (share, net) in nets {
        add(&mut direct, f64::from(*share), &net.direct);
    }
    let numbers = |net: &Net| (inputs + 1) * net.hidden;
    let mut first: Vec<f32> = nets.iter().flat_map(|(_, net)| &net.first[..numbers(net)]).copied().collect();
    for word in 0..words {
        first.extend(
            nets.iter().flat_map(|(_, net)| &net.first[numbers(net) + word * net.hidden..][..net.hidden]),
        );
    }
    let mut last = Vec::with_capacity(outputs * hidden);
    for output in 0..outputs {
        for (share, net) in nets {
            last.extend(net.last[output * net.hidden..][..net.hidden].iter().map(|weight| share * weight));
        }
    }
    Net { inputs, words, hidden, outputs, direct, first, last }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn says(net: &Net, row: &Row) -> bool {
        net.likely(row)[0] > 0.5
    }

    /// Either the number or the word, but not both; and the word.
    fn either_or() -> Vec<(Row, Vec<f32>)> {
        (0..200)
            .map(|at| {
                let (number, word) = (at % 2 == 0, at % 4 < 2);
                let numbers = vec![if number { 3.0 } else { 1.0 }, (at % 5) as f32];
                let row = Row { numbers, words: if word { vec![1] } else { vec![0] } };
                let goal = vec![f32::from(u8::from(number != word)), f32::from(u8::from(word))];
                (row, goal)
            })
            .collect()
    }

    #[test]
    fn nets_learn_and_can_be_mixed() {
        let data = either_or();
        let examples: Vec<Example<'_>> = data.iter().map(|(row, goal)| Example { row, goal }).collect();
        let scale = Scale::new(&[1, 1], &[1.0, 1.0], 0.5, 2).evened(0..2, &examples);
        let how = Layers {
            hidden: 16,
            rounds: 60,
            batch: 20,
            rate: 0.02,
            decay: 0.01,
            drop_inputs: 0.0,
            drop_units: 0.1,
        };
        let net = layers(&examples, &scale, how, 1);
        assert_eq!(net, layers(&examples, &scale, how, 1));
        assert!(data.iter().all(|(row, goal)| says(&net, row) == (goal[0] > 0.5)));
        let plain = logistic(&examples, &scale, Logistic { decay: 0.1, steps: 50 });
        assert!(data.iter().all(|(row, goal)| (plain.likely(row)[1] > 0.5) == (goal[1] > 0.5)));
        let other = layers(&examples, &scale, how, 2);
        let both = mixed(&[(0.5, &plain), (0.25, &net), (0.25, &other)]);
        for (row, _) in &data {
            let [plain, net, other] = [&plain, &net, &other].map(|net| net.logits(row)[0]);
            assert!((both.logits(row)[0] - (0.5 * plain + 0.25 * net + 0.25 * other)).abs() < 1e-4);
        }
    }

    #[test]
    fn what_is_unknown_is_not_learnt() {
        let mut data = either_or();
        data.iter_mut().step_by(3).for_each(|(_, goal)| goal[1] = UNKNOWN);
        let examples: Vec<Example<'_>> = data.iter().map(|(row, goal)| Example { row, goal }).collect();
        let scale = Scale::new(&[2], &[1.0], 1.0, 2);
        let plain = logistic(&examples, &scale, Logistic { decay: 0.1, steps: 50 });
        for (row, _) in &data {
            assert_eq!(plain.likely(row)[1] > 0.5, row.words == [1]);
        }
    }
}
