//! A writer around any other: nothing of its words is let out before it is checked, by rules and, for what is private, by
//! a model that reads lines, where there is one.
//!
//! Sentences that ask nothing and say nothing new are let out as they pass; from the first other one, all is held until the line is whole. A
//! line that is not fit is asked for once more, with the reason; what was let out of the first try stays, and only
//! the question of the second is added to it. A second unfit line ends the words with the reason's code.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use engine::{LineWordStream, Observer, Reader, Writer, WriterError};
use futures::{StreamExt as _, stream};
use interview::{Brief, FirstTry, LineDefect, LineSource, WriterLine, check_line, manner};

use crate::clean::{clean, ends_thoughts_unbegun, whole_sentences};
use crate::{LineRefusal, Reason, checks};

/// Longest line with its thinking, in bytes: more is not read.
const LONGEST: usize = 24 * 1024;
/// Most words of a line: more is not waited for.
const MOST_WORDS: usize = 80;

/// Lets nothing unfit out of another writer.
pub struct LineGuard {
    inner: Arc<dyn Writer>,
    observer: OnceLock<Arc<dyn Observer>>,
    reader: OnceLock<Arc<dyn Reader>>,
    /// Its thinking has an end and no beginning, as far as is known.
    holds: Arc<AtomicBool>,
}

impl LineGuard {
    /// Around this writer.
    pub fn new(inner: Arc<dyn Writer>) -> Self {
        Self { inner, observer: OnceLock::new(), reader: OnceLock::new(), holds: Arc::default() }
    }
}

impl Writer for LineGuard {
    fn name(&self) -> &str {
        self.inner.name()
    }

    fn source(&self) -> LineSource {
        self.inner.source()
    }

    fn at_once(&self, brief: &Brief) -> Option<WriterLine> {
        self.inner.at_once(brief).filter(|line| checks::check_whole_line(brief, &line.text, None).is_ok())
    }

    fn write(&self, brief: Brief) -> LineWordStream {
        let words = self.inner.write(brief.clone());
        let held = GuardedLine {
            inner: self.inner.clone(),
            words,
            brief,
            raw: String::new(),
            out: String::new(),
            kept: 0,
            observer: self.observer.get().cloned(),
            reader: self.reader.get().cloned(),
            read: None,
            holds: self.holds.clone(),
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

    fn read_by(&self, reader: &Arc<dyn Reader>) {
        let _ = self.reader.set(reader.clone());
        self.inner.read_by(reader);
    }
}

/// A line that is being written.
struct GuardedLine {
    inner: Arc<dyn Writer>,
    words: LineWordStream,
    brief: Brief,
    /// What the writer gave in this try.
    raw: String,
    /// What was let out.
    out: String,
    /// How much of it comes from the first try, if this is the second.
    kept: usize,
    observer: Option<Arc<dyn Observer>>,
    reader: Option<Arc<dyn Reader>>,
    /// The words that were read last, and how likely they ask about something private.
    read: Option<(String, Option<u16>)>,
    holds: Arc<AtomicBool>,
}

impl GuardedLine {
    /// The next words to let out, and whether they are the last.
    async fn next(&mut self) -> Result<(String, bool), WriterError> {
        loop {
            let (fit, is_whole) = match self.words.next().await {
                Some(chunk) => {
                    self.raw.push_str(&chunk?);
                    (self.beginning().await, false)
                }
                None => (self.whole().await, true),
            };
            match fit {
                // Once words were let out, a piece without words says that more are on the way.
                Ok(text) if is_whole || !text.is_empty() || !self.out.is_empty() => {
                    self.out.push_str(&text);
                    return Ok((text, is_whole));
                }
                Ok(_) => {}
                Err(refusal) => return Err(self.retry_or_give_up(&refusal)),
            }
        }
    }

    /// What can be let out of a line that goes on.
    async fn beginning(&mut self) -> Result<String, LineRefusal> {
        if self.raw.len() > LONGEST {
            return Err(Reason::TooLong.into());
        }
        if self.holds.load(Ordering::Relaxed) && !ends_thoughts_unbegun(&self.raw) {
            // This server's thinking has an end and no beginning: nothing is a line before that.
            return Ok(String::new());
        }
        let Some(text) = clean(&self.raw, false) else { return Ok(String::new()) };
        if text.split_whitespace().count() > MOST_WORDS {
            return Err(Reason::TooLong.into());
        }
        let ready = &text[..whole_sentences(&text)];
        let more = ready.len() > self.out.len() && self.kept == 0;
        // By the rules alone first: reading takes longer, and is needed only for what they let pass.
        let goes = more && checks::may_release_beginning(&self.brief, ready, Some(0)) && {
            let private = self.private(ready).await;
            checks::may_release_beginning(&self.brief, ready, private)
        };
        if goes { Ok(ready[self.out.len()..].to_owned()) } else { Ok(String::new()) }
    }

    /// What remains to be let out of a line that is whole.
    async fn whole(&mut self) -> Result<String, LineRefusal> {
        self.holds.store(ends_thoughts_unbegun(&self.raw), Ordering::Relaxed);
        let text = clean(&self.raw, true).unwrap_or_default();
        if text.is_empty() {
            return Err(Reason::from(LineDefect::Empty).into());
        }
        let line = if self.kept == 0 {
            text
        } else {
            // Of the second try everything is checked, its questions too, and its question is taken.
            let private = self.private(&text).await;
            checks::check_any_part(&self.brief, &text, private)?;
            if let Err(many @ LineDefect::ManyQuestions) = check_line(&self.brief, &text) {
                return Err(LineRefusal::by_rules(many, &self.brief, &text));
            }
            format!("{} {}", self.out, opening(WriterLine { text, took_up: None }.question()))
        };
        let private = self.private(&line).await;
        checks::check_whole_line(&self.brief, &line, private)?;
        line.strip_prefix(&self.out).map(str::to_owned).ok_or(Reason::Unfinished.into())
    }

    /// How likely it is that these words ask about something private; `None` where that was not read.
    async fn private(&mut self, text: &str) -> Option<u16> {
        let reader = self.reader.as_ref()?;
        if let Some((_, likely)) = self.read.as_ref().filter(|(read, _)| read == text) {
            return *likely;
        }
        let likely = reader.private(manner::rephrase_as_request(text)).await;
        if let Err(why) = &likely {
            tracing::info!(
                ask = self.brief.ask.0,
                reason = why.name(),
                "a line is judged by its words alone"
            );
        }
        let likely = likely.ok();
        self.read = Some((text.to_owned(), likely));
        likely
    }

    /// Has the line written once more, unless that was done; says which it is.
    fn retry_or_give_up(&mut self, refusal: &LineRefusal) -> WriterError {
        let reason = refusal.reason;
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
        self.brief.rejected = Some(refusal.message_for_model());
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

/// A question that opens by itself: "And what ...?" follows nothing that was said.
fn opening(question: &str) -> String {
    let rest = ["And ", "But ", "Then ", "So "].iter().find_map(|word| question.strip_prefix(word));
    let Some(rest) = rest else { return question.to_owned() };
    let mut letters = rest.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
