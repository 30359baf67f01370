//! The beginning of a reply that is still being written: said as soon as it is there, and kept whatever follows.

use tokio::time::Instant;

use super::Agent;
use super::lines::LineQueue;
use crate::interview::{AgentLine, Beginning, ConversationPhase};
use crate::room::RoomError;

/// What is there of a reply that is still being written, and how much of it has been said.
pub(super) struct PartialReply {
    beginning: Beginning,
    /// In bytes.
    said: usize,
}

/// Whether this is the beginning of a line that has no number yet.
pub(super) fn is_beginning(line: &AgentLine) -> bool {
    line.seq == 0 && !line.turn.is_empty()
}

/// How much of a text is whole sentences, in bytes.
fn whole_sentences(text: &str) -> usize {
    let ends = |c: char| matches!(c, '.' | '!' | '?' | '…');
    text.char_indices().rfind(|(_, c)| ends(*c)).map_or(0, |(at, c)| at + c.len_utf8())
}

impl LineQueue {
    /// So much of a reply is there. It counts while that reply is waited for.
    pub fn begin(&mut self, beginning: Beginning) {
        if !self.replying() || self.awaited().is_some_and(|turn| turn != beginning.turn) {
            return;
        }
        match &mut self.begun {
            Some(begun) if begun.said > 0 && begun.beginning.turn == beginning.turn => {
                // It grows. Where it is being written anew instead, the line is said when it is whole.
                if beginning.text.starts_with(&begun.beginning.text[..begun.said]) {
                    begun.beginning = beginning;
                }
            }
            begun => *begun = Some(PartialReply { beginning, said: 0 }),
        }
    }

    /// What is next to be said of the reply that is being written: the beginning so far as a line without a number, and where
    /// in it to go on.
    pub fn next_partial_line(&mut self) -> Option<(AgentLine, usize)> {
        if !self.replying() {
            return None;
        }
        let PartialReply { beginning, said } = self.begun.as_mut()?;
        let whole = whole_sentences(&beginning.text);
        let after = start(&beginning.text, *said);
        if whole <= after {
            return None;
        }
        *said = whole;
        let (turn, text) = (beginning.turn.clone(), beginning.text[..whole].to_owned());
        Some((AgentLine { seq: 0, turn, text }, after))
    }

    /// Where to go on with a line whose beginning was said; `None`: its beginning was not.
    pub fn resume_offset(&self, line: &AgentLine) -> Option<usize> {
        let PartialReply { beginning, said } = self.begun.as_ref()?;
        let is_it =
            *said > 0 && beginning.turn == line.turn && line.text.starts_with(&beginning.text[..*said]);
        is_it.then(|| start(&line.text, *said))
    }

    /// Nothing more of the reply is wanted that is being written. What was said of it, with its turn.
    pub fn abandon_partial_reply(&mut self) -> Option<(String, String)> {
        let PartialReply { beginning, said } = self.begun.take()?;
        (said > 0).then(|| (beginning.turn, beginning.text[..said].to_owned()))
    }
}

impl Agent {
    /// Says what is there of a reply that is still being written, where nothing else is being said.
    pub(super) async fn say_beginning(&mut self, now: Instant) -> Result<(), RoomError> {
        if self.mouth.line().is_some() {
            return Ok(());
        }
        let Some((line, after)) = self.lines.next_partial_line() else { return Ok(()) };
        if after == 0 {
            self.lines.words_begin(now);
        }
        self.say(line, after, false).await?;
        self.report_turn_times(Instant::now());
        Ok(())
    }

    /// Has the rest of a line made into sound while its beginning is being said.
    pub(super) fn make_rest_ready(&mut self) {
        let Some(line) = self.lines.next() else { return };
        let Some(after) = self.lines.resume_offset(line) else { return };
        let rest = line.text[after..].to_owned();
        if !rest.is_empty() && !self.mouth.has_ready(&rest) {
            self.mouth.prepare(&rest, self.maker.make(&rest, self.speed));
        }
    }

    /// Says the rest of a line whose beginning was said, if there is more.
    pub(super) async fn say_rest(&mut self, line: AgentLine, after: usize) -> Result<(), RoomError> {
        self.lines.complete(&line);
        if after == line.text.len() {
            self.floor.set_question(&line.text);
            return Ok(());
        }
        let over = self.lines.standing() == ConversationPhase::Over;
        self.say(line, after, over).await
    }
}

/// Where the next sentence begins.
fn start(text: &str, after: usize) -> usize {
    let rest = text.get(after..).unwrap_or_default();
    text.len() - rest.trim_start().len()
}
