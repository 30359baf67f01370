//! What every request to a provider needs, whatever it is for.
//!
//! - [`Descriptor`]: a provider's names, address, variables and abilities;
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
mod descriptor;
mod failure;
mod fault;
mod key;
mod openai;
mod rest;
mod retry_after;

pub use address::BaseAddress;
pub use breaker::{BreakerTransition, CircuitBreaker, Policy, ProviderCallOutcome};
pub use client::{ClientError, client};
pub use descriptor::{DefaultModels, Descriptor};
pub use failure::ProviderFailure;
pub use fault::ProviderFault;
pub use key::ProviderKey;
pub use openai::OPENAI_DESCRIPTOR;
pub use rest::Rest;
