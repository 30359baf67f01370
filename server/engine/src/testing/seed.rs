//! Choices that are the same each time a test runs.

use std::sync::Arc;

use interview::WriterTimeouts;
use sha2::{Digest as _, Sha256};

use crate::observer::Unobserved;
use crate::{Clock, Engine, Helpers, Store, Writer};

/// The seed of the test that runs in this thread: a test passes always or never. `INTERVIEWOS_TEST_SEED` gives all tests
/// other ones, to look for what depends on them.
pub fn seed() -> u64 {
    let thread = std::thread::current();
    let hash = Sha256::new()
        .chain_update(thread.name().unwrap_or_default())
        .chain_update(std::env::var("INTERVIEWOS_TEST_SEED").unwrap_or_default())
        .finalize();
    u64::from(u32::from_le_bytes([hash[0], hash[1], hash[2], hash[3]]))
}

/// No models, and the choices of this test.
pub fn seeded() -> Helpers {
    Helpers { seed: Some(seed()), ..Helpers::default() }
}

/// An engine without models, with the choices of this test.
pub fn engine(
    store: Arc<dyn Store>,
    writer: Arc<dyn Writer>,
    clock: Arc<dyn Clock>,
    settings: WriterTimeouts,
) -> Engine {
    Engine::with_models(store, writer, seeded(), clock, settings, Arc::new(Unobserved))
}
