//! Where the parts of an interview begin, line by line.

use interview::{Stage, stage_title};

/// Counts the parts as the lines go by.
pub(super) struct Acts<'a> {
    stages: &'a [Stage],
    stage: &'a str,
    begun: usize,
}

impl<'a> Acts<'a> {
    /// Before the first line.
    pub(super) fn new(stages: &'a [Stage]) -> Self {
        Self { stages, stage: "", begun: 0 }
    }

    /// The number, from 1, and the title of the part that begins with a line of this stage, if one does.
    pub(super) fn begins(&mut self, stage: &'a str) -> Option<(usize, String)> {
        if stage == self.stage {
            return None;
        }
        self.stage = stage;
        self.begun += 1;
        Some((self.begun, stage_title(self.stages, stage).to_owned()))
    }
}
