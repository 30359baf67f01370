//! Noise, the same at every run.

/// Pink noise: as loud in each octave as in the next, like a room with a fan and a street outside.
#[derive(Debug, Clone)]
pub struct PinkNoise {
    dice: u64,
    /// Paul Kellet's filter.
    parts: [f64; 3],
}

impl PinkNoise {
    /// The noise of this seed.
    pub fn new(seed: u64) -> Self {
        Self { dice: seed | 1, parts: [0.0; 3] }
    }

    fn next(&mut self) -> f64 {
        // xorshift64*
        self.dice ^= self.dice >> 12;
        self.dice ^= self.dice << 25;
        self.dice ^= self.dice >> 27;
        let white = (self.dice.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 11) as f64 / (1_u64 << 52) as f64 - 1.0;
        let [a, b, c] = &mut self.parts;
        *a = 0.99765 * *a + white * 0.099_046;
        *b = 0.963 * *b + white * 0.296_516_4;
        *c = 0.57 * *c + white * 1.052_691_3;
        *a + *b + *c + white * 0.1848
    }

    /// So many samples of this root mean square.
    pub fn samples(&mut self, count: usize, level: f64) -> Vec<f64> {
        let noise: Vec<f64> = (0..count).map(|_| self.next()).collect();
        let scale = level / rms(noise.iter().copied()).max(1e-9);
        noise.into_iter().map(|sample| sample * scale).collect()
    }
}

/// Speech with noise under it that is so many decibels weaker than the speech where somebody speaks.
pub fn noisy(pcm: &[i16], decibels: f64, seed: u64) -> Vec<i16> {
    let level = loudness(pcm) / 10_f64.powf(decibels / 20.0);
    let noise = PinkNoise::new(seed).samples(pcm.len(), level);
    pcm.iter().zip(noise).map(|(sample, noise)| clamped(f64::from(*sample) + noise)).collect()
}

/// The root mean square of those 20 ms at 16 kHz that are within 30 dB of the loudest.
fn loudness(pcm: &[i16]) -> f64 {
    let frames: Vec<f64> =
        pcm.chunks(320).map(|frame| rms(frame.iter().map(|sample| f64::from(*sample)))).collect();
    let gate = frames.iter().copied().fold(0.0, f64::max) / 10_f64.powf(1.5);
    rms(frames.into_iter().filter(|level| *level > gate))
}

fn rms(values: impl Iterator<Item = f64>) -> f64 {
    let (mut sum, mut count) = (0.0, 0_u32);
    for value in values {
        sum += value * value;
        count += 1;
    }
    (sum / f64::from(count.max(1))).sqrt()
}

/// The nearest sample.
pub fn clamped(sample: f64) -> i16 {
    sample.round().clamp(f64::from(i16::MIN), f64::from(i16::MAX)) as i16
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn noise_is_as_much_weaker_as_it_should_be() {
        let tone: Vec<i16> = (0..32_000).map(|at| clamped((f64::from(at) * 0.2).sin() * 8_000.0)).collect();
        for decibels in [10.0, 20.0] {
            let noisy = noisy(&tone, decibels, 7);
            let noise = rms(noisy.iter().zip(&tone).map(|(one, other)| f64::from(*one) - f64::from(*other)));
            let ratio = 20.0 * (8_000.0 / 2_f64.sqrt() / noise).log10();
            assert!((ratio - decibels).abs() < 0.3, "{ratio} for {decibels}");
        }
    }

    #[test]
    fn pink_noise_is_weaker_where_it_is_higher_and_the_same_each_time() {
        let noise = PinkNoise::new(3).samples(20_000, 1_000.0);
        assert_eq!(noise, PinkNoise::new(3).samples(20_000, 1_000.0));
        // Neighbours of white noise have nothing in common.
        let alike: f64 = noise.windows(2).map(|pair| pair[0] * pair[1]).sum::<f64>();
        assert!(alike / noise.iter().map(|sample| sample * sample).sum::<f64>() > 0.5);
    }
}
