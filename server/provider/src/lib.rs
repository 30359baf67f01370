//! What every request to a provider needs, whatever it is for.
//!
//! - [`Descriptor`]: a provider's names, address, variables and abilities; a provider of models is one file in
//!   `known/` and one row in [`ALL`];
//! - [`ProviderKey`]: a key that is never printed; [`BaseAddress`]: an address that is extended by segments and keeps
//!   its query;
//! - [`client()`]: an HTTP client that keeps its connections;
//! - [`ProviderFault`]: failures, as codes; [`ProviderFailure`]: what a status or an error comes to, with the rest that the
//!   provider asks for;
//! - [`CircuitBreaker`]: skips a provider that keeps failing; [`Rest`]: leaves one alone for as long as it asks. Both are
//!   driven by injected time, and by one [`Policy`].

mod address;
mod breaker;
mod client;
mod failure;
mod fault;
mod key;
mod known;
mod rest;

pub use address::BaseAddress;
pub use breaker::{BreakerTransition, CircuitBreaker, Policy, ProviderCallOutcome};
pub use client::{ClientError, client};
pub use failure::ProviderFailure;
pub use fault::ProviderFault;
pub use key::ProviderKey;
pub use known::{ALL, DefaultModels, Descriptor, GEMINI, OPENAI};
pub use rest::Rest;
