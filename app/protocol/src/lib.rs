//! What the programs around an interview say to each other. Each message is written down once, here: serde reads and
//! writes it in Rust; `frontend/voice/protocol.ts` is generated from what the browser takes part in, `/openapi.json` from the
//! engine API.
//!
//! - [`signals`]: between the voice agent and a candidate's client, beside audio, in the room;
//! - [`browser`]: between the page and the voice module it loads (`frontend/voice`);
//! - [`engine_api`]: between the server and whoever holds interviews through it, voice workers among them.
//!
//! After a change, `make protocol` writes the TypeScript anew; a test fails while the file differs.

#[macro_use]
mod named;

pub mod browser;
pub mod engine_api;
pub mod signals;
#[cfg(test)]
mod typescript;
