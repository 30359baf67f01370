//! What every request to a provider needs, whatever it is for.
//!
//! - [`Descriptor`]: a provider's names, address, variables and abilities; a provider of models is one file in
//!   `known/` and one row in [`ALL`];
//! - [`Key`]: a key that is never printed; [`Address`]: an address that is extended by segments and keeps its query;
//! - [`client()`]: an HTTP client that keeps its connections;
//! - [`Fault`]: failures, as codes; [`asked_rest`]: how long a provider asks not to be called;
//! - [`Breaker`]: skips a provider that keeps failing, driven by injected time.

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
pub use known::{ALL, Abilities, Descriptor, GEMINI, OPENAI};
pub use rest::{asked_rest, rest_in_body};
