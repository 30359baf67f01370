//! Made by `make train-turns`.

/// What is known of a pause, in the order of `super::pause_features`.
pub(super) const KNOWN: [f64; 8] = [-0.16, 0.3, 2.1, 6.13, -1.08, 2.81, 0.4, -2.36];

/// How much more likely the end is after each stretch of silence.
pub(super) const SILENCE: [f64; 6] = [0.66, 0.55, 1.03, 1.09, 0.98, 1.61];
