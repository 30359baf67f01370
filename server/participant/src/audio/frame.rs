//! Audio as it is handed in and out: frames, and the account of what was played.

use std::sync::Arc;

/// How an audio frame came about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FrameOutcome {
    /// It was sent and arrived.
    Heard,
    /// It was sent and lost on the way; this is a guess at it.
    Concealed,
    /// Nothing was sent: muted, or silence left out.
    Quiet,
}

/// 20 ms of mono audio.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AudioFrame {
    /// The samples, `rate / 50` of them.
    pub samples: Vec<i16>,
    /// Samples a second.
    pub rate: u32,
    /// How it came about.
    pub sound: FrameOutcome,
    /// The Opus packets that begin in it, as they came.
    pub packets: Vec<Arc<[u8]>>,
}

/// The account of what was written to an audio source, in samples. `written = played + waiting + dropped`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Playout {
    /// Written so far.
    pub written: u64,
    /// Sent to the room on its clock: what listeners hear, some tens of milliseconds later.
    pub played: u64,
    /// Waiting to be sent.
    pub waiting: u64,
    /// Thrown away by a clear.
    pub dropped: u64,
}

/// What clearing an audio source found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ClearedSamples {
    /// Samples that had been played, since publishing.
    pub played: u64,
    /// Samples that were thrown away now and will not be heard.
    pub dropped: u64,
}
