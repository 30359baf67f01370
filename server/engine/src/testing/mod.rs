//! Fakes for tests, and the conformance suite that every store passes.

#![allow(clippy::unwrap_used, reason = "a test fails where it stands")]

mod clock;
pub mod conformance;
mod failing;
mod memory;
mod observer;
mod sample;
mod seed;
mod sounds;
mod writer;

pub use clock::FakeClock;
pub use failing::FailingStore;
pub use memory::MemoryStore;
pub use observer::NotingObserver;
pub use sample::sample_session;
pub use seed::{engine, seed, seeded};
pub use sounds::MemorySounds;
pub use writer::{FakeWriter, Piece};
