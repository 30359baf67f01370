//! The built-in interviewer as a writer.

use futures::{StreamExt as _, stream};
use interview::{Brief, LineSource, WriterLine, bank};

use crate::{LineWordStream, Writer, WriterError};

/// The built-in interviewer: answers at once, needs nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct BuiltIn;

impl Writer for BuiltIn {
    fn name(&self) -> &str {
        "built-in"
    }

    fn source(&self) -> LineSource {
        LineSource::Bank
    }

    fn at_once(&self, brief: &Brief) -> Option<WriterLine> {
        bank::compose(brief)
    }

    fn write(&self, brief: Brief) -> LineWordStream {
        let words = self.at_once(&brief).map(|line| line.text);
        stream::iter([words.ok_or_else(|| WriterError::Failed("nothing_left".to_owned()))]).boxed()
    }
}
