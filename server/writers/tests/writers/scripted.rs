//! A model that writes what a test says.

use std::sync::{Arc, Mutex};

use engine::{LineWordStream, Writer};
use futures::{StreamExt as _, stream};
use interview::{Brief, LineSource, WriterLine};

/// Writes the lines of its script one after the other, in pieces of so many characters, and keeps the briefs.
pub struct ScriptedModel {
    lines: Mutex<Vec<String>>,
    piece: usize,
    briefs: Arc<Mutex<Vec<Brief>>>,
}

impl ScriptedModel {
    /// One with this script; where it keeps the briefs.
    pub fn new(lines: &[&str], piece: usize) -> (Self, Arc<Mutex<Vec<Brief>>>) {
        let lines = Mutex::new(lines.iter().map(|line| (*line).to_owned()).collect());
        let briefs = Arc::new(Mutex::new(Vec::new()));
        (Self { lines, piece, briefs: briefs.clone() }, briefs)
    }
}

impl Writer for ScriptedModel {
    fn name(&self) -> &str {
        "fake"
    }

    fn source(&self) -> LineSource {
        LineSource::Model
    }

    fn at_once(&self, _: &Brief) -> Option<WriterLine> {
        None
    }

    fn write(&self, brief: Brief) -> LineWordStream {
        self.briefs.lock().unwrap().push(brief);
        let line = self.lines.lock().unwrap().remove(0);
        let chars: Vec<char> = line.chars().collect();
        let pieces: Vec<_> = chars.chunks(self.piece).map(|c| Ok(c.iter().collect())).collect();
        stream::iter(pieces).boxed()
    }
}
