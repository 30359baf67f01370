//! Has the sound of what the candidate says kept, a turn at a time: of what becomes an answer, and of nothing else.

use std::collections::VecDeque;
use std::sync::Arc;

use crate::interview::{Interview, RecordingSink};
use crate::room::{AudioFrame, FrameOrigin};

/// So many packets before a turn belong to it: that somebody speaks is known a little after they began.
const BEFORE: usize = 25;
/// 20 ms of silence in Opus: what stands for a packet that was lost or not sent, so that the time is right.
const SILENCE: [u8; 3] = [0xf8, 0xff, 0xfe];

/// See the module's description.
pub(super) struct Recorder {
    interview: Arc<dyn Interview>,
    before: VecDeque<Arc<[u8]>>,
    silence: Arc<[u8]>,
    /// The turns that may become answers, with their sound.
    open: Vec<(String, Box<dyn RecordingSink>)>,
}

impl Recorder {
    /// For the answers of this interview.
    pub fn new(interview: Arc<dyn Interview>) -> Self {
        Self { interview, before: VecDeque::new(), silence: Arc::from(SILENCE), open: Vec::new() }
    }

    /// A frame that was listened to; `turn`: in which turn it was.
    pub fn frame(&mut self, frame: &AudioFrame, turn: Option<&str>) {
        let missing = frame.packets.is_empty() && frame.sound != FrameOrigin::Heard;
        self.before.extend(frame.packets.iter().cloned());
        self.before.extend(missing.then(|| Arc::clone(&self.silence)));
        let Some(turn) = turn else {
            let past = self.before.len().saturating_sub(BEFORE);
            self.before.drain(..past);
            return;
        };
        let at = self.open.iter().position(|(open, _)| open == turn).or_else(|| {
            let recording = self.interview.record(turn)?;
            self.open.push((turn.to_owned(), recording));
            self.open.len().checked_sub(1)
        });
        let packets = self.before.drain(..);
        if let Some((_, recording)) = at.and_then(|at| self.open.get_mut(at)) {
            packets.for_each(|packet| recording.packet(packet));
        }
    }

    /// Something is not listened to: what was heard before it belongs to nothing.
    pub fn discard_preroll(&mut self) {
        self.before.clear();
    }

    /// A turn became an answer.
    pub fn keep(&mut self, turn: &str) {
        if let Some(at) = self.open.iter().position(|(open, _)| open == turn) {
            self.open.swap_remove(at).1.keep();
        }
    }

    /// Drops those that will not become answers.
    pub fn drop_abandoned_turns(&mut self, awaits: impl Fn(&str) -> bool) {
        self.open.retain(|(turn, _)| awaits(turn));
    }
}
