//! Fits networks. Without a hidden layer: L-BFGS on the whole data at once, with a penalty on the weights. With one:
//! AdamW on a few examples at a time, some of whose features are left out by chance. Deterministic: the same data give
//! the same weights.

mod adamw;
mod chance;
mod layers;
mod lbfgs;
mod logistic;
mod scale;

use reading::features::FeatureRow;
use reading::heads::Net;

pub(crate) use self::adamw::AdamwWeights;
pub(crate) use self::chance::Chance;
pub use self::layers::{Layers, layers};
use self::lbfgs::add;
pub use self::lbfgs::minimise;
pub use self::logistic::{Logistic, logistic};
pub use self::scale::Scale;

/// An example: its features, and for each output 1, 0 or [`UNKNOWN`].
#[derive(Debug, Clone, Copy)]
pub struct Example<'a> {
    /// What is given.
    pub row: &'a FeatureRow,
    /// What is to be said.
    pub goal: &'a [f32],
}

/// A target that does not count: nothing is known of it.
pub const UNKNOWN: f32 = -1.0;

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

    fn says(net: &Net, row: &FeatureRow) -> bool {
        net.likely(row)[0] > 0.5
    }

    /// Either the number or the word, but not both; and the word.
    fn either_or() -> Vec<(FeatureRow, Vec<f32>)> {
        (0..200)
            .map(|at| {
                let (number, word) = (at % 2 == 0, at % 4 < 2);
                let numbers = vec![if number { 3.0 } else { 1.0 }, (at % 5) as f32];
                let row = FeatureRow { numbers, words: if word { vec![1] } else { vec![0] } };
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
