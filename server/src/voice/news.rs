//! What is new in an interview, for the agent, from its messages.

use agent::interview::{Line, News, Standing};

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
