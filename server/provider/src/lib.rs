//! What every request to a provider needs, whatever it is for.
//!
//! - [`Descriptor`]: a provider's names, address, variables and abilities; a provider of models is one file in
//!   `known/` and one row in [`ALL`];
//! - [`ProviderKey`]: a key that is never printed; [`BaseAddress`]: an address that is extended by segments and keeps
//!   its query;
//! - [`client()`]: an HTTP client that keeps its connections;
//! - [`ProviderFault`]: failures, as codes; [`retry_after`]: how long a provider asks not to be called;
//! - [`CircuitBreaker`]: skips a provider that keeps failing, driven by injected time.

mod address;
mod breaker;
mod client;
mod fault;
mod key;
mod known;
mod rest;

pub use address::BaseAddress;
pub use breaker::{BreakerTransition, CircuitBreaker, Policy, ProviderCallOutcome};
pub use client::{ClientError, client};
pub use fault::ProviderFault;
pub use key::ProviderKey;
pub use known::{ALL, DefaultModels, Descriptor, GEMINI, OPENAI};
pub use rest::{rest_in_body, retry_after};
