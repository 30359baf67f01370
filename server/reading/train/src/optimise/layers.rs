//! Fits a network with a hidden layer, by AdamW on a few examples at a time.

use reading::heads::{Net, product, sigmoid};

use super::{AdamwWeights, Chance, Example, Scale, UNKNOWN};

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
    let mut numbers = AdamwWeights::new(chance.around(hidden * inputs, spread), how.decay);
    let mut of_words = AdamwWeights::new(chance.around(words * hidden, spread), how.decay);
    let mut biases = AdamwWeights::new(vec![0.0; hidden], 0.0);
    let mut last =
        AdamwWeights::new(chance.around(outputs * hidden, 0.5 / (hidden as f32).sqrt()), how.decay);
    let mut last_biases = AdamwWeights::new((0..outputs).map(|at| usual(examples, at)).collect(), 0.0);

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
