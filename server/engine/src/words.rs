//! Has a line written within its deadlines.

use std::time::Duration;

use futures::StreamExt as _;
use interview::{AskId, Brief, Event, UnixMillis, WriterFailure};
use tokio::time::Instant;

use crate::{Clock, Writer, WriterError};

/// A line longer than this is no line (in bytes): the stream is dropped.
const ENDLESS: usize = 16 * 1024;

/// What became of an ask.
pub(crate) struct AskOutcome {
    /// The event for the rules.
    pub(crate) event: Event,
    /// Why the writer gave no line, as a code; `None` if it gave one.
    pub(crate) failure: Option<String>,
    /// The tries that were not fit to be said, by their codes, in order.
    pub(crate) refused: Vec<&'static str>,
    /// How long its first words took; `None` if there were none.
    pub(crate) first_words: Option<Duration>,
    /// It was given up because words did not come in time.
    pub(crate) late: bool,
}

/// What is done when first words do not come by a moment, counted from the ask.
pub(crate) struct Filler<'a> {
    pub(crate) after: Duration,
    pub(crate) say: &'a (dyn Fn() + Sync),
}

/// Has a line written. `partial` sees the words so far at every change.
pub(crate) async fn write(
    writer: &dyn Writer,
    clock: &dyn Clock,
    brief: &Brief,
    filler: Option<Filler<'_>>,
    partial: impl Fn(&str),
) -> AskOutcome {
    let ask = brief.ask;
    let mut line = Collected::default();
    let collected = line.collect(writer, clock, brief, filler, partial).await;
    let late = matches!(collected, Err((WriterFailure::Late, _)));
    let (event, failure) = match collected {
        Ok(()) => {
            let text = line.text.trim().to_owned();
            (Event::Line { ask, text, took_up: None, source: writer.source() }, None)
        }
        Err((failure, code)) => (failed(ask, failure, &line.text), Some(code)),
    };
    let Collected { refused, first_words, .. } = line;
    AskOutcome { event, failure, refused, first_words, late }
}

/// A writer will give no line, after these words.
pub(crate) fn failed(ask: AskId, failure: WriterFailure, shown: &str) -> Event {
    Event::WriterFailed { ask, failure, shown: shown.trim().to_owned() }
}

#[derive(Default)]
struct Collected {
    text: String,
    refused: Vec<&'static str>,
    first_words: Option<Duration>,
}

impl Collected {
    async fn collect(
        &mut self,
        writer: &dyn Writer,
        clock: &dyn Clock,
        brief: &Brief,
        mut filler: Option<Filler<'_>>,
        partial: impl Fn(&str),
    ) -> Result<(), (WriterFailure, String)> {
        let failed = |code: &str| Err((WriterFailure::Failed, code.to_owned()));
        // The deadlines as lengths of time, so that a clock that jumps meanwhile takes none away.
        let asked = Instant::now();
        let (first, whole) = (until(clock, brief.first_words_by), until(clock, brief.whole_by));
        let stall = Duration::from_millis(u64::try_from(brief.stall).unwrap_or(0));
        let mut words = writer.write(brief.clone());
        loop {
            let begun = !self.text.trim().is_empty();
            let (by, late) = if begun {
                let stalls = asked.elapsed().saturating_add(stall);
                if stalls < whole { (stalls, "stalled") } else { (whole, "late") }
            } else {
                (first.min(whole), "late")
            };
            let due = filler.as_ref().filter(|filler| !begun && filler.after < by).map(|filler| filler.after);
            let next = tokio::time::timeout_at(asked + due.unwrap_or(by), words.next()).await;
            let next = match next {
                Ok(next) => next,
                Err(_) if due.is_some() => {
                    if let Some(filler) = filler.take() {
                        (filler.say)();
                    }
                    continue;
                }
                Err(_) => return Err((WriterFailure::Late, late.to_owned())),
            };
            match next {
                Some(Ok(chunk)) => {
                    self.text.push_str(&chunk);
                    if self.first_words.is_none() && !self.text.trim().is_empty() {
                        self.first_words = Some(asked.elapsed());
                    }
                }
                Some(Err(WriterError::Refused(code))) => self.refused.push(code),
                Some(Err(error)) => {
                    let failure = match &error {
                        WriterError::Refused(code) | WriterError::Unfit(code) => {
                            self.refused.push(code);
                            WriterFailure::Unfit
                        }
                        WriterError::Failed(_) | WriterError::Busy { .. } | WriterError::Spared => {
                            WriterFailure::Failed
                        }
                    };
                    return Err((failure, error.to_string()));
                }
                None if begun => return Ok(()),
                None => return failed("empty"),
            }
            // A stream that always has something ready must not keep others waiting, nor outrun its deadline.
            tokio::task::consume_budget().await;
            if asked.elapsed() >= whole {
                return Err((WriterFailure::Late, "late".to_owned()));
            }
            if self.text.len() > ENDLESS {
                return failed("endless");
            }
            partial(self.text.trim_start());
        }
    }
}

/// How long it is from now to this moment; nothing if it has passed.
pub(crate) fn until(clock: &dyn Clock, moment: UnixMillis) -> Duration {
    Duration::from_millis(u64::try_from(moment.saturating_sub(clock.now())).unwrap_or(0))
}
