//! What asking a provider elsewhere takes, whatever is asked of it.
//!
//! - [`Descriptor`]: what a provider is called, where it is, which variables it reads and what it can do; a provider is
//!   one file in `known/` and one row in [`ALL`];
//! - [`Key`]: a key that is never printed; [`Address`]: an address that is joined by segments, its query kept;
//! - [`client()`]: an HTTP client with its connections kept warm;
//! - [`Fault`]: what goes wrong, as codes; [`asked_rest`]: how long it asks to be left alone;
//! - [`Breaker`]: when one that keeps failing is asked again, on the time it is told.

mod address;
mod breaker;
mod client;
mod fault;
mod key;
mod known;
mod rest;

pub use address::Address;
pub use breaker::{Breaker, Change, End, Policy};
pub use client::{ClientError, client};
pub use fault::Fault;
pub use key::Key;
pub use known::{ALL, Abilities, CARTESIA, DEEPGRAM, Descriptor, GEMINI, OPENAI};
pub use rest::{asked_rest, rest_in_body};
