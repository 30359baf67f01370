//! What is new in an interview, for the agent, from its messages.

use std::sync::atomic::{AtomicBool, Ordering};

use agent::interview::{Line, News, Standing};

/// Whether it was told that a reply is being written: each is told of once.
#[derive(Debug, Default)]
pub struct Replying(AtomicBool);

impl Replying {
    /// Whether this is to be told to somebody who knows all up to message `seq`, and how the interview stood. It is
    /// taken to be told then.
    pub fn is_news(&self, news: &News, seq: u32, known: Standing) -> bool {
        let begun = news.replying && !self.0.load(Ordering::Relaxed);
        let new = begun || news.seq > seq || news.standing != known;
        if new || !news.replying {
            self.0.store(news.replying, Ordering::Relaxed);
        }
        new
    }
}

/// A message, as far as it matters here.
#[derive(Debug, Clone, Copy)]
pub struct Said<'a> {
    /// Its number, from 1.
    pub seq: u32,
    /// Whether the candidate said it.
    pub by_candidate: bool,
    /// Its turn.
    pub turn: &'a str,
    /// Its words.
    pub text: &'a str,
}

/// The news after message `seq` of an interview in which all this was said, in order.
pub fn since<'a>(
    seq: u32,
    said: impl DoubleEndedIterator<Item = Said<'a>> + Clone,
    standing: Standing,
    replying: bool,
) -> News {
    let new = said.clone().filter(|message| message.seq > seq);
    let answered = new.clone().rfind(|message| message.by_candidate).map_or(seq, |message| message.seq);
    let lines = new.filter(|message| !message.by_candidate && message.seq > answered);
    News {
        standing,
        lines: lines.map(|m| Line { seq: m.seq, turn: m.turn.to_owned(), text: m.text.to_owned() }).collect(),
        answered: answered > seq,
        replying,
        seq: said.last().map_or(0, |message| message.seq),
    }
}
