//! A writer around any other: nothing of its words is let out before it is checked.
//!
//! Sentences that ask nothing are let out as they pass; from the first that asks, all is held until the line is whole. A
//! line that is not fit is asked for once more, with the reason; what was let out of the first try stays, and only
//! the question of the second is added to it. A second unfit line ends the words with the reason's code.

use std::sync::{Arc, OnceLock};

use engine::{Observer, Words, Writer, WriterError};
use futures::{StreamExt as _, stream};
use interview::{Brief, FirstTry, Line, Source, Unfit};

use crate::clean::{clean, whole_sentences};
use crate::{Reason, checks};

/// Longest line with its thinking, in bytes: more is not read.
const LONGEST: usize = 24 * 1024;
/// Most words of a line: more is not waited for.
const MOST_WORDS: usize = 80;

/// Lets nothing unfit out of another writer.
pub struct Guard {
    inner: Arc<dyn Writer>,
    observer: OnceLock<Arc<dyn Observer>>,
}

impl Guard {
    /// Around this writer.
    pub fn new(inner: Arc<dyn Writer>) -> Self {
        Self { inner, observer: OnceLock::new() }
    }
}

impl Writer for Guard {
    fn name(&self) -> &str {
        self.inner.name()
    }

    fn source(&self) -> Source {
        self.inner.source()
    }

    fn at_once(&self, brief: &Brief) -> Option<Line> {
        self.inner.at_once(brief).filter(|line| checks::whole(brief, &line.text).is_ok())
    }

    fn write(&self, brief: Brief) -> Words {
        let words = self.inner.write(brief.clone());
        let held = Held {
            inner: self.inner.clone(),
            words,
            brief,
            raw: String::new(),
            out: String::new(),
            kept: 0,
            observer: self.observer.get().cloned(),
        };
        stream::unfold(Some(held), |held| async {
            let mut held = held?;
            match held.next().await {
                Ok((text, true)) => Some((Ok(text), None)),
                Ok((text, false)) => Some((Ok(text), Some(held))),
                Err(refused @ WriterError::Refused(_)) => Some((Err(refused), Some(held))),
                Err(error) => Some((Err(error), None)),
            }
        })
        .boxed()
    }

    fn observed_by(&self, observer: &Arc<dyn Observer>) {
        // The first one stays: one engine has one writer.
        let _ = self.observer.set(observer.clone());
        self.inner.observed_by(observer);
    }
}

/// A line that is being written.
struct Held {
    inner: Arc<dyn Writer>,
    words: Words,
    brief: Brief,
    /// What the writer gave in this try.
    raw: String,
    /// What was let out.
    out: String,
    /// How much of it comes from the first try, if this is the second.
    kept: usize,
    observer: Option<Arc<dyn Observer>>,
}

impl Held {
    /// The next words to let out, and whether they are the last.
    async fn next(&mut self) -> Result<(String, bool), WriterError> {
        loop {
            let (fit, is_whole) = match self.words.next().await {
                Some(chunk) => {
                    self.raw.push_str(&chunk?);
                    (self.beginning(), false)
                }
                None => (self.whole(), true),
            };
            match fit {
                // Once words were let out, a piece without words says that more are on the way.
                Ok(text) if is_whole || !text.is_empty() || !self.out.is_empty() => {
                    self.out.push_str(&text);
                    return Ok((text, is_whole));
                }
                Ok(_) => {}
                Err(reason) => return Err(self.again(reason)),
            }
        }
    }

    /// What can be let out of a line that goes on.
    fn beginning(&self) -> Result<String, Reason> {
        if self.raw.len() > LONGEST {
            return Err(Reason::TooLong);
        }
        let Some(text) = clean(&self.raw, false) else { return Ok(String::new()) };
        if text.split_whitespace().count() > MOST_WORDS {
            return Err(Reason::TooLong);
        }
        let ready = &text[..whole_sentences(&text)];
        let more = ready.len() > self.out.len() && self.kept == 0;
        if more && checks::may_go(&self.brief, ready) {
            Ok(ready[self.out.len()..].to_owned())
        } else {
            Ok(String::new())
        }
    }

    /// What remains to be let out of a line that is whole.
    fn whole(&self) -> Result<String, Reason> {
        let text = clean(&self.raw, true).unwrap_or_default();
        if text.is_empty() {
            return Err(Unfit::Empty.into());
        }
        let line = if self.kept == 0 {
            text
        } else {
            // Of the second try everything is checked, and its question is taken.
            checks::some(&self.brief, &text)?;
            format!("{} {}", self.out, Line { text, took_up: None }.question())
        };
        checks::whole(&self.brief, &line)?;
        line.strip_prefix(&self.out).map(str::to_owned).ok_or(Reason::Unfinished)
    }

    /// Has the line written once more, unless that was done; says which it is.
    fn again(&mut self, reason: Reason) -> WriterError {
        if let Some(observer) = &self.observer {
            observer.line_rejected(reason.code());
        }
        if self.brief.attempt >= 2 {
            // Whoever asked says so, with the reason.
            return WriterError::Unfit(reason.code());
        }
        let (writer, ask, purpose) = (self.inner.name(), self.brief.ask.0, self.brief.purpose);
        tracing::info!(writer, ask, ?purpose, reason = reason.code(), "an unfit line is asked for again");
        self.brief.attempt = 2;
        self.brief.rejected = Some(reason.to_string());
        let text = clean(&self.raw, true).unwrap_or_default();
        self.brief.first_try = FirstTry { text, shown: self.out.clone() };
        self.raw.clear();
        self.kept = self.out.len();
        // The first try is dropped before the second begins.
        self.words = stream::empty().boxed();
        self.words = self.inner.write(self.brief.clone());
        WriterError::Refused(reason.code())
    }
}
