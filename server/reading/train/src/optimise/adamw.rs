//! AdamW: steps that go by how the slopes were of late.

/// Weights with what is to be done to them.
pub(crate) struct AdamwWeights {
    pub(crate) weights: Vec<f32>,
    pub(crate) slopes: Vec<f32>,
    mean: Vec<f32>,
    square: Vec<f32>,
    decay: f32,
}

impl AdamwWeights {
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
