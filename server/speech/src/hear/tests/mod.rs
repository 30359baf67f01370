//! Hearing on virtual time, with a model whose words are written into the samples.

mod ears;
mod machine;
mod script;
mod shell;
