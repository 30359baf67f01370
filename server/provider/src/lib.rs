//! What asking a provider elsewhere takes, whatever is asked: a [`Key`] that is never printed, and an HTTP [`client()`]
//! with its connections kept warm.

mod client;
mod key;

pub use client::{ClientError, client};
pub use key::Key;
