//! Generates ids: LiveKit's prefixes followed by twelve letters or digits.

use fastrand::Rng;

/// A source of ids. Tests seed it, so that a run repeats itself.
#[derive(Debug)]
pub struct Ids(Rng);

impl Ids {
    /// Seeded by the machine.
    pub fn random() -> Self {
        Self(Rng::new())
    }

    /// The same ids in the same order for the same seed.
    pub fn seeded(seed: u64) -> Self {
        Self(Rng::with_seed(seed))
    }

    /// An id with this prefix, such as `PA_`.
    pub fn sid(&mut self, prefix: &str) -> String {
        self.letters(prefix, 12)
    }

    pub(crate) fn letters(&mut self, prefix: &str, count: usize) -> String {
        let mut id = String::from(prefix);
        id.extend((0..count).map(|_| self.0.alphanumeric()));
        id
    }

    /// Another source, whose ids depend only on this one's seed.
    pub(crate) fn fork(&mut self) -> Self {
        Self(self.0.fork())
    }
}
