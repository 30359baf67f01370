//! Fits networks: L-BFGS on the whole data at once, with a penalty on the weights. Deterministic: the same data give the
//! same weights.

use reading::heads::{Net, weighted as sum};

/// How a network is fitted.
#[derive(Debug, Clone, Copy)]
pub struct Fit {
    /// Units in the hidden layer; 0: none.
    pub hidden: usize,
    /// How much large weights cost, for each example.
    pub decay: f32,
    /// How many steps are taken at most.
    pub steps: usize,
}

/// Rows of numbers.
pub struct Table {
    width: usize,
    values: Vec<f32>,
}

impl Table {
    /// Of these rows, all as long as the first.
    pub fn new(rows: &[Vec<f32>]) -> Self {
        let width = rows.first().map_or(0, Vec::len);
        assert!(rows.iter().all(|row| row.len() == width), "all rows are as long");
        Self { width, values: rows.concat() }
    }

    fn rows(&self) -> std::slice::ChunksExact<'_, f32> {
        self.values.chunks_exact(self.width)
    }
}

/// A target that does not count: nothing is known of it.
pub const UNKNOWN: f32 = -1.0;

/// Fits a network that gives these targets (1, 0 or [`UNKNOWN`]) for these features.
pub fn fit(features: &Table, targets: &Table, how: Fit) -> Net {
    let (inputs, outputs) = (features.width, targets.width);
    let size = Net::size(inputs, how.hidden, outputs);
    let mut net = Net { inputs, hidden: how.hidden, outputs, weights: start(size, how.hidden, inputs) };
    let mut gradient = vec![0.0; size];
    let mut cost = costs(&net, features, targets, how.decay, &mut gradient);
    let mut steps: Vec<(Vec<f32>, Vec<f32>, f64)> = Vec::new();
    for _ in 0..how.steps {
        let direction = direction(&gradient, &steps);
        let slope = dot(&direction, &gradient);
        if slope > -1e-9 {
            break;
        }
        // The first step is as long as nothing is known of how the cost bends.
        let mut length =
            if steps.is_empty() { (1.0 / dot(&gradient, &gradient).sqrt()).min(1.0) } else { 1.0 };
        let old = net.weights.clone();
        let mut next = vec![0.0; size];
        let new_cost = loop {
            for ((weight, old), direction) in net.weights.iter_mut().zip(&old).zip(&direction) {
                *weight = old + (length as f32) * direction;
            }
            let new = costs(&net, features, targets, how.decay, &mut next);
            if new <= cost + 1e-4 * length * slope || length < 1e-6 {
                break new;
            }
            length *= 0.5;
        };
        let moved: Vec<f32> = net.weights.iter().zip(&old).map(|(new, old)| new - old).collect();
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
    net
}

/// Small different numbers to begin a hidden layer with, zeros without one.
fn start(size: usize, hidden: usize, inputs: usize) -> Vec<f32> {
    if hidden == 0 {
        return vec![0.0; size];
    }
    let scale = 1.0 / (inputs as f32).sqrt();
    let mut state = 0x2545_F491_4F6C_DD1D_u64;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        ((state >> 40) as f32 / (1 << 24) as f32 - 0.5) * scale
    };
    (0..size).map(|_| next()).collect()
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

/// The mean cost of the answers that the network gives, and its gradient.
fn costs(net: &Net, features: &Table, targets: &Table, decay: f32, gradient: &mut [f32]) -> f64 {
    gradient.fill(0.0);
    let mut cost = 0.0;
    let width = net.inputs + 1;
    let (first, last) = net.weights.split_at(if net.hidden == 0 { 0 } else { width * net.hidden });
    let (first_gradient, last_gradient) = gradient.split_at_mut(first.len());
    let mut units = vec![0.0; net.hidden];
    for (row, target) in features.rows().zip(targets.rows()) {
        let inner: &[f32] = if net.hidden == 0 {
            row
        } else {
            for (unit, weights) in units.iter_mut().zip(first.chunks_exact(width)) {
                *unit = sum(weights, row).tanh();
            }
            &units
        };
        let mut back = vec![0.0; net.hidden];
        let rows = last.chunks_exact(inner.len() + 1).zip(last_gradient.chunks_exact_mut(inner.len() + 1));
        for ((weights, gradient), target) in rows.zip(target) {
            if *target == UNKNOWN {
                continue;
            }
            let logit = sum(weights, inner);
            let likely = 1.0 / (1.0 + (-logit).exp());
            // log(1 + e^x) without overflow.
            cost += f64::from(logit.max(0.0) + (-logit.abs()).exp().ln_1p() - target * logit);
            let error = likely - target;
            let (slopes, bias) = gradient.split_at_mut(inner.len());
            slopes.iter_mut().zip(inner).for_each(|(slope, input)| *slope += error * input);
            bias[0] += error;
            if net.hidden > 0 {
                back.iter_mut().zip(weights).for_each(|(back, weight)| *back += error * weight);
            }
        }
        for ((back, unit), gradient) in back.iter().zip(&units).zip(first_gradient.chunks_exact_mut(width)) {
            let error = back * (1.0 - unit * unit);
            let (slopes, bias) = gradient.split_at_mut(net.inputs);
            slopes.iter_mut().zip(row).for_each(|(slope, input)| *slope += error * input);
            bias[0] += error;
        }
    }
    let count = features.rows().len() as f32;
    let mut penalty = 0.0;
    let parts = [(first, net.inputs + 1), (last, if net.hidden == 0 { net.inputs } else { net.hidden } + 1)];
    let mut at = 0;
    for (weights, width) in parts {
        for row in weights.chunks_exact(width) {
            for (n, weight) in row.iter().enumerate() {
                gradient_of(gradient, at, count, if n + 1 == width { 0.0 } else { decay * weight });
                penalty += if n + 1 == width { 0.0 } else { f64::from(weight * weight) };
                at += 1;
            }
        }
    }
    cost / f64::from(count) + 0.5 * f64::from(decay) * penalty
}

fn gradient_of(gradient: &mut [f32], at: usize, count: f32, decay: f32) {
    gradient[at] = gradient[at] / count + decay;
}
