//! The noise in a voice: breath and hiss. Reproducible, so that the same words give the same samples.

/// A cheap source of noise, close to a normal distribution of variance 1.
///
/// A sum of four uniform numbers, which the inverse transform mixes by the hundred: what is heard is normal.
pub(super) struct Noise(u64);

impl Noise {
    /// Starts the same sequence for the same seed.
    pub(super) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next number, from -3.47 to 3.47.
    pub(super) fn next(&mut self) -> f32 {
        // SplitMix64 (Steele, Lea and Flood, 2014).
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^= bits >> 31;
        let sum = (bits & 0xffff) + ((bits >> 16) & 0xffff) + ((bits >> 32) & 0xffff) + (bits >> 48);
        // Four numbers from 0 to 65535: a mean of 131070, a variance of 4 * (65536^2 - 1) / 12.
        (sum as f32 - 131_070.0) * (1.732_050_8 / 65_536.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_has_no_mean_and_a_variance_of_one() {
        let mut noise = Noise::new(7);
        let numbers: Vec<f64> = (0..100_000).map(|_| f64::from(noise.next())).collect();
        let mean = numbers.iter().sum::<f64>() / 1e5;
        let variance = numbers.iter().map(|number| number * number).sum::<f64>() / 1e5;
        assert!(mean.abs() < 0.01, "{mean}");
        assert!((variance - 1.0).abs() < 0.01, "{variance}");
    }

    #[test]
    fn a_seed_gives_one_sequence() {
        let sequence = |seed| {
            let mut noise = Noise::new(seed);
            (0..8).map(|_| noise.next()).collect::<Vec<_>>()
        };
        assert_eq!(sequence(1), sequence(1));
        assert_ne!(sequence(1), sequence(2));
    }
}
