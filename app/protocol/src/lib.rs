//! What the programs around an interview say to each other. Each message is written down once, here: serde reads and
//! writes it in Rust, and `frontend/voice/protocol.ts` is generated from it.
//!
//! - [`signals`]: between the voice agent and a candidate's client, beside audio, in the room;
//! - [`browser`]: between the page and the voice module it loads (`frontend/voice`).
//!
//! After a change, `make protocol` writes the TypeScript anew; a test fails while the file differs.

#[macro_use]
mod named;

pub mod browser;
pub mod signals;
#[cfg(test)]
mod typescript;
