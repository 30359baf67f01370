//! Chance, by a seed.

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
