//! Tells the room what it is to see: what the agent does, captions, what does not work. In a task of its own, so that
//! a slow network never holds up what is heard or said.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use protocol::signals::{
    AgentState, FINAL, SEGMENT, STATE, TIMING, TRACK, TRANSCRIPTION, TROUBLE, Timing, Trouble,
};
use speech::local::ModelTimings;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;

use crate::room::{Room, TextOptions, TextOut};

/// What may wait to be told.
const QUEUE: usize = 256;

/// What is to be told.
#[derive(Debug)]
pub enum RoomNotice {
    /// What the agent does.
    State(AgentState),
    /// What does not work.
    Trouble(Option<Trouble>),
    /// More of the line of this number, as it is said.
    Said(u32, String),
    /// The line will not go on.
    SaidAll,
    /// What the candidate says.
    Heard {
        /// The candidate.
        who: String,
        /// Their track.
        track: String,
        /// The segment.
        segment: String,
        /// All its words so far; none where those that were shown are not what was said.
        text: String,
        /// Whether they will not change.
        last: bool,
    },
    /// How long a turn took.
    Timing(Timing),
}

/// A teller at work.
pub struct Teller {
    notices: mpsc::Sender<RoomNotice>,
    task: JoinHandle<()>,
    state: Option<AgentState>,
    trouble: Option<Trouble>,
}

impl Teller {
    /// In this room; `pace`: how long the local models take here, once it was measured.
    pub fn start(room: Arc<dyn Room>, pace: watch::Receiver<Option<ModelTimings>>) -> Self {
        let (notices, noticed) = mpsc::channel(QUEUE);
        Self { notices, task: tokio::spawn(serve(room, noticed, pace)), state: None, trouble: None }
    }

    /// Tells this.
    pub fn tell(&self, notice: RoomNotice) {
        if self.notices.try_send(notice).is_err() {
            tracing::debug!("a caption was dropped: the room takes none just now");
        }
    }

    /// Tells what the agent does, if that changed.
    pub fn state(&mut self, state: AgentState) {
        if self.state.replace(state) != Some(state) {
            self.tell(RoomNotice::State(state));
        }
    }

    /// Tells what does not work, if that changed.
    pub fn trouble(&mut self, trouble: Option<Trouble>) {
        if std::mem::replace(&mut self.trouble, trouble) != trouble {
            self.tell(RoomNotice::Trouble(trouble));
        }
    }

    /// What does not work.
    pub fn troubled(&self) -> Option<Trouble> {
        self.trouble
    }

    /// Waits, within bounds, until all was told.
    pub async fn finish(self, within: Duration) {
        drop(self.notices);
        let abort = self.task.abort_handle();
        if tokio::time::timeout(within, self.task).await.is_err() {
            abort.abort();
        }
    }
}

async fn serve(
    room: Arc<dyn Room>,
    mut notices: mpsc::Receiver<RoomNotice>,
    mut pace: watch::Receiver<Option<ModelTimings>>,
) {
    let mut line: Option<(u32, Box<dyn TextOut>)> = None;
    // What does not work is told before a slowness that does not go away.
    let (mut trouble, mut slow) = (None, None);
    let mut measuring = true;
    pace.mark_changed();
    loop {
        let notice = tokio::select! {
            notice = notices.recv() => match notice {
                Some(notice) => notice,
                None => break,
            },
            changed = pace.changed(), if measuring => {
                let measured = *pace.borrow_and_update();
                measuring = changed.is_ok() && measured.is_none();
                slow = measured.filter(|pace| !pace.keeps_up()).map(|_| Trouble::Slow);
                if slow.is_none() {
                    continue;
                }
                RoomNotice::Trouble(trouble)
            }
        };
        // A room that cannot be told is about to be left, or found again: the next notice says more.
        match notice {
            RoomNotice::State(state) => drop(room.set_attributes(one(STATE, state.name())).await),
            RoomNotice::Trouble(told) => {
                trouble = told;
                let name = trouble.or(slow).map_or("", Trouble::name);
                drop(room.set_attributes(one(TROUBLE, name)).await);
            }
            RoomNotice::Said(of, more) => {
                if line.as_ref().is_none_or(|(seq, _)| *seq != of) {
                    end(line.take()).await;
                    let options = caption(format!("line-{of}"), false, "", "");
                    line = room.open_text(options).await.ok().map(|out| (of, out));
                }
                if let Some((_, out)) = &mut line {
                    drop(out.write(&more).await);
                }
            }
            RoomNotice::SaidAll => end(line.take()).await,
            RoomNotice::Heard { who, track, segment, text, last } => {
                if let Ok(mut out) = room.open_text(caption(segment, last, &track, &who)).await {
                    if !text.is_empty() {
                        drop(out.write(&text).await);
                    }
                    drop(out.close(BTreeMap::new()).await);
                }
            }
            RoomNotice::Timing(timing) => {
                let options = TextOptions { topic: TIMING.to_owned(), ..TextOptions::default() };
                if let (Ok(mut out), Ok(json)) =
                    (room.open_text(options).await, serde_json::to_string(&timing))
                {
                    drop(out.write(&json).await);
                    drop(out.close(BTreeMap::new()).await);
                }
            }
        }
    }
    end(line.take()).await;
}

fn one(name: &str, value: &str) -> BTreeMap<String, String> {
    BTreeMap::from([(name.to_owned(), value.to_owned())])
}

fn caption(segment: String, last: bool, track: &str, on_behalf_of: &str) -> TextOptions {
    let mut attributes = one(SEGMENT, &segment);
    attributes.extend(one(FINAL, if last { "true" } else { "false" }));
    if !track.is_empty() {
        attributes.extend(one(TRACK, track));
    }
    TextOptions {
        topic: TRANSCRIPTION.to_owned(),
        attributes,
        to: Vec::new(),
        on_behalf_of: on_behalf_of.to_owned(),
    }
}

async fn end(line: Option<(u32, Box<dyn TextOut>)>) {
    if let Some((_, out)) = line {
        drop(out.close(one(FINAL, "true")).await);
    }
}
