//! L-BFGS: finds where a cost is least by its slopes, and by how they changed in the last steps.

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

/// Adds these values, so many times.
pub(super) fn add(to: &mut [f32], times: f64, values: &[f32]) {
    let times = times as f32;
    to.iter_mut().zip(values).for_each(|(to, value)| *to += times * value);
}
