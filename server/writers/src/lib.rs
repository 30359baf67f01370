//! Language models as writers.
//!
//! [`OpenAi`] and [`Gemini`] speak with their servers; [`Breaker`] leaves a server alone that keeps failing; [`Guard`]
//! lets nothing out that an interviewer would not say. They are worn in this order: the guard around the
//! breaker around the provider ([`guarded`]). Dropping the words of a line cancels the request.

use std::sync::Arc;

use engine::{Clock, Writer};

mod breaker;
mod checks;
mod clean;
mod fault;
mod gemini;
mod guard;
mod http;
mod openai;
mod phrases;
pub mod prompts;
mod reach;
pub mod sse;
mod thinking;
mod unfit;

pub use breaker::Breaker;
pub use fault::Fault;
pub use gemini::{GEMINI, Gemini};
pub use guard::Guard;
pub use openai::{OPENAI, OpenAi};
pub use provider::Key;
pub use reach::Reached;
pub use unfit::Reason;

/// A provider with the guard and the breaker around it.
pub fn guarded(provider: impl Writer + 'static, clock: Arc<dyn Clock>) -> Guard {
    Guard::new(Arc::new(Breaker::new(Arc::new(provider), clock)))
}
