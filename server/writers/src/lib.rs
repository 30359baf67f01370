//! Language models as writers.
//!
//! A [`LanguageModel`] speaks with its server; a provider is one file with its [`ModelProvider`] and one row in [`ALL`].
//! [`WriterBreaker`] leaves a server alone that keeps failing; [`LineGuard`] lets nothing out that an interviewer would not
//! say. They are worn in this order: the breaker around the guard around the model ([`guarded`]), so that a model whose
//! lines are never fit is skipped too. Dropping the words of a line cancels the request.

use std::sync::Arc;

use engine::{Clock, Writer};

mod api;
mod breaker;
mod checks;
mod clean;
mod client;
mod gemini;
mod http;
mod judge;
mod line_guard;
mod model;
mod openai;
mod phrases;
pub mod prompts;
mod reach;
mod read;
mod registry;
mod reply;
pub mod sse;
mod terms;
mod trial;
mod unfit;

pub use breaker::WriterBreaker;
pub use gemini::GEMINI;
pub use line_guard::LineGuard;
pub use model::LanguageModel;
pub use openai::OPENAI;
pub use provider::{ProviderFault, ProviderKey};
pub use reach::ModelAvailability;
pub use registry::{MakeModel, ModelProvider, Remedy};
pub use trial::Trial;
pub use unfit::{LineRefusal, Reason};

/// The providers of models. Where several could be chosen, the first is.
pub const ALL: &[ModelProvider] = &[GEMINI, OPENAI];

/// A model with the guard and the breaker around it.
pub fn guarded(model: impl Writer + 'static, clock: Arc<dyn Clock>) -> WriterBreaker {
    WriterBreaker::new(Arc::new(LineGuard::new(Arc::new(model))), clock)
}

/// Whether a whole line may be said for this brief. `private`: how likely a model takes it to ask about something private, in
/// thousandths; `None` where none has read it.
///
/// # Errors
/// Why not, and the words of it that are meant.
pub fn check(brief: &interview::Brief, line: &str, private: Option<u16>) -> Result<(), LineRefusal> {
    checks::check_whole_line(brief, line, private)
}
