//! Reads answers. Sentences become 384 numbers each by a small model ([`minilm`]); trained heads ([`heads`]) make of
//! them, of their neighbours, of the question, of word cues ([`cues`]) and of the words themselves ([`words`]) what each
//! sentence does, and of all sentences what the answer holds, what is to be noticed and what to ask next ([`read`]).
//!
//! The interviewer's own lines are read by the same model before they are said ([`private`]).
//!
//! `train/` makes the heads' weights from the labelled answers and lines in `data/`; both compute features with
//! [`features`] and [`private`].

pub mod cues;
mod error;
pub mod features;
pub mod heads;
pub mod minilm;
pub mod private;
mod read;
pub mod split;
pub mod wants;
mod weights;
pub mod words;

pub use error::ReadError;
pub use heads::Heads;
pub use minilm::MiniLm;
pub use private::PrivateHead;
pub use read::{AnswerInContext, MiniLmReader, has_numbers};
