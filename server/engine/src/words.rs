//! Has a line written within its deadlines.

use std::time::Duration;

use futures::StreamExt as _;
use interview::{Brief, Event, UnixMillis, WriterFailure};
use tokio::time::Instant;

use crate::{Clock, UNFIT, Writer};

/// A line longer than this is no line (in bytes): the stream is dropped.
const ENDLESS: usize = 16 * 1024;

/// What became of an ask: an event for the rules and, if a writer failed, its code for the record. `partial` sees the words so far at every change.
pub(crate) async fn write(
    writer: &dyn Writer,
    clock: &dyn Clock,
    brief: &Brief,
    partial: impl Fn(&str),
) -> (Event, Option<String>) {
    let ask = brief.ask;
    match collect(writer, clock, brief, partial).await {
        Ok(text) => (Event::Line { ask, text, took_up: None, source: writer.source() }, None),
        Err((failure, code)) => (Event::WriterFailed { ask, failure }, Some(code)),
    }
}

async fn collect(
    writer: &dyn Writer,
    clock: &dyn Clock,
    brief: &Brief,
    partial: impl Fn(&str),
) -> Result<String, (WriterFailure, String)> {
    let late = || (WriterFailure::Late, "late".to_owned());
    let failed = |code: &str| (WriterFailure::Failed, code.to_owned());
    // The deadlines as lengths of time, so that a clock that jumps meanwhile takes none away.
    let asked = Instant::now();
    let (first, whole) = (until(clock, brief.first_words_by), until(clock, brief.whole_by));
    let mut words = writer.write(brief.clone());
    let mut text = String::new();
    loop {
        let begun = !text.trim().is_empty();
        let within = if begun { whole } else { first.min(whole) };
        let next = tokio::time::timeout_at(asked + within, words.next()).await;
        match next.map_err(|_| late())? {
            Some(Ok(chunk)) => text.push_str(&chunk),
            Some(Err(error)) => {
                let unfit = error.0.starts_with(UNFIT);
                return Err((if unfit { WriterFailure::Unfit } else { WriterFailure::Failed }, error.0));
            }
            None if begun => return Ok(text.trim().to_owned()),
            None => return Err(failed("empty")),
        }
        // A stream that always has something ready must not keep others waiting, nor outrun its deadline.
        tokio::task::consume_budget().await;
        if asked.elapsed() >= whole {
            return Err(late());
        }
        if text.len() > ENDLESS {
            return Err(failed("endless"));
        }
        partial(text.trim_start());
    }
}

/// How long it is from now to this moment; nothing if it has passed.
pub(crate) fn until(clock: &dyn Clock, moment: UnixMillis) -> Duration {
    Duration::from_millis(u64::try_from(moment.saturating_sub(clock.now())).unwrap_or(0))
}
