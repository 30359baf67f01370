//! How long somebody wants to be waited for, beside what is usual.

use std::time::Duration;

/// The least and the most.
const BOUNDS: (f64, f64) = (0.7, 2.0);

/// A factor on the silence that ends a turn: 1 is usual.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PatienceFactor(f64);

impl Default for PatienceFactor {
    fn default() -> Self {
        Self(1.0)
    }
}

impl PatienceFactor {
    /// So much, within bounds; `None` for what is no number.
    pub fn of(factor: f64) -> Option<Self> {
        factor.is_finite().then(|| Self(factor.clamp(BOUNDS.0, BOUNDS.1)))
    }

    /// What of a usual wait remains, or becomes of it.
    pub fn wait(self, usual: Duration) -> Duration {
        usual.mul_f64(self.0)
    }

    /// The longest wait: who wants to be waited for longer is, and nobody is waited for less.
    pub fn longest(self, usual: Duration) -> Duration {
        usual.mul_f64(self.0.max(1.0))
    }
}
