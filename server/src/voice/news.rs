//! What is new in an interview, for the agent, from its messages.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use agent::interview::{AgentLine, ConversationPhase, News};

/// What was told that no number of a message tells: each is told of once.
#[derive(Debug, Default)]
pub struct NewsTracker {
    /// That a reply is being written.
    replying: AtomicBool,
    /// The corrections that there were.
    corrections: AtomicU64,
}

impl NewsTracker {
    /// Whether this is to be told to somebody who knows all up to message `seq`, and how the interview stood. It is
    /// taken to be told then.
    pub fn take_if_news(&self, news: &News, seq: u32, known: ConversationPhase) -> bool {
        let begun = news.replying && !self.replying.load(Ordering::Relaxed);
        let corrected = self.corrections.load(Ordering::Relaxed) != news.corrections;
        let new = begun || corrected || news.seq > seq || news.standing != known;
        if new || !news.replying {
            self.replying.store(news.replying, Ordering::Relaxed);
            self.corrections.store(news.corrections, Ordering::Relaxed);
        }
        new
    }
}

/// A message, as far as it matters here.
#[derive(Debug, Clone, Copy)]
pub struct NewsMessage<'a> {
    /// Its number, from 1.
    pub seq: u32,
    /// Whether the candidate said it.
    pub by_candidate: bool,
    /// Its turn.
    pub turn: &'a str,
    /// Its words.
    pub text: &'a str,
    /// Whether they were corrected.
    pub corrected: bool,
}

/// The news after message `seq` of an interview in which all this was said, in order.
pub fn news_since<'a>(
    seq: u32,
    said: impl DoubleEndedIterator<Item = NewsMessage<'a>> + Clone,
    standing: ConversationPhase,
    replying: bool,
) -> News {
    let corrected: Vec<_> = said.clone().filter(|message| message.corrected).collect();
    let new = said.clone().filter(|message| message.seq > seq);
    let answered = new.clone().rfind(|message| message.by_candidate).map_or(seq, |message| message.seq);
    let lines = new.filter(|message| !message.by_candidate && message.seq > answered);
    News {
        standing,
        lines: lines
            .map(|m| AgentLine { seq: m.seq, turn: m.turn.to_owned(), text: m.text.to_owned() })
            .collect(),
        answered: answered > seq,
        replying,
        corrections: corrections_fingerprint(&corrected),
        seq: said.last().map_or(0, |message| message.seq),
    }
}

/// A number for these corrections, another one than for others; 0 for none.
fn corrections_fingerprint(corrected: &[NewsMessage<'_>]) -> u64 {
    if corrected.is_empty() {
        return 0;
    }
    let mut hash = DefaultHasher::new();
    corrected.iter().for_each(|message| (message.seq, message.text).hash(&mut hash));
    hash.finish().max(1)
}
