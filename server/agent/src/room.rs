//! The port [`Room`] and what goes through it.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;

/// Somebody in the room, ourselves not counted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Member {
    /// Who it is: unique in a room.
    pub identity: String,
    /// The name to show; may be empty.
    pub name: String,
    /// Whether it is an agent, as LiveKit marks them.
    pub agent: bool,
    /// Its attributes.
    pub attributes: BTreeMap<String, String>,
}

/// A whole text that came in on a topic.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TextMessage {
    /// The identity of the sender.
    pub from: String,
    /// The topic it was sent on.
    pub topic: String,
    /// The id of the stream that carried it.
    pub stream_id: String,
    /// Its attributes, those of the end of the stream included.
    pub attributes: BTreeMap<String, String>,
    /// The text.
    pub text: String,
}

/// Why we are no longer in the room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LeaveReason {
    /// We left.
    Ours,
    /// Somebody joined with our identity.
    DuplicateIdentity,
    /// The room is closed, or its server shuts down.
    RoomClosed,
    /// We were removed from the room.
    Removed,
    /// The connection was lost and did not come back.
    Lost,
}

/// What happens in a room, in the order in which it happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RoomEvent {
    /// Somebody came; those who are there when we join come first.
    Joined(Member),
    /// Somebody left.
    Left {
        /// Who left.
        identity: String,
    },
    /// Somebody publishes audio, which [`Room::subscribe_audio`] can ask for.
    AudioPublished {
        /// Who publishes it.
        identity: String,
        /// The id of the track.
        track: String,
        /// Whether it is muted now.
        muted: bool,
    },
    /// Audio is no longer published.
    AudioUnpublished {
        /// Who published it.
        identity: String,
        /// The id of the track.
        track: String,
    },
    /// A track was muted or is heard again.
    Muted {
        /// Who published it.
        identity: String,
        /// The id of the track.
        track: String,
        /// Whether it is muted now.
        muted: bool,
    },
    /// Attributes of somebody changed; an empty value is one that was removed.
    Attributes {
        /// Whose.
        identity: String,
        /// Only those that changed.
        changed: BTreeMap<String, String>,
    },
    /// A whole text came in.
    Text(TextMessage),
    /// The connection is lost and being brought back; what is said meanwhile may not be heard.
    Reconnecting,
    /// The connection is back, with everything published and subscribed as before.
    Reconnected,
    /// We are out of the room. The last event.
    Out(LeaveReason),
}

/// Why a request to the room failed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RoomError {
    /// We are not in the room any more.
    #[error("we are no longer in the room")]
    Gone,
    /// The room does not allow it, or cannot do it.
    #[error("the room refused: {0}")]
    Refused(String),
    /// No answer in time.
    #[error("the room did not answer in time")]
    Timeout,
}

/// How an audio frame came about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FrameOrigin {
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
    pub sound: FrameOrigin,
    /// The Opus packets that begin in it, as they came; none where the room does not hand them on.
    pub packets: Vec<Arc<[u8]>>,
}

/// What is to be published.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AudioOutSpec {
    /// Samples a second of the mono PCM that is written: 8000, 12000, 16000, 24000 or 48000.
    pub rate: u32,
    /// How much may wait to be played, in milliseconds, before writing waits.
    pub queue_ms: u32,
}

impl Default for AudioOutSpec {
    /// 24 kHz, as most voices are made, and a queue of a minute: speech is made faster than it is spoken.
    fn default() -> Self {
        Self { rate: 24_000, queue_ms: 60_000 }
    }
}

/// The account of what was written to an [`AudioOut`], in samples. `written = played + waiting + dropped`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Playout {
    /// Written so far.
    pub written: u64,
    /// Sent to the room on its clock: what listeners hear, some tens of milliseconds later.
    pub played: u64,
    /// Waiting to be sent.
    pub waiting: u64,
    /// Thrown away by [`AudioOut::clear`].
    pub dropped: u64,
}

/// What [`AudioOut::clear`] found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ClearedAudio {
    /// Samples that had been played, since publishing.
    pub played: u64,
    /// Samples that were thrown away now and will not be heard.
    pub dropped: u64,
}

/// The one audio source that we publish.
#[async_trait]
pub trait AudioOut: Send + Sync {
    /// Samples a second.
    fn rate(&self) -> u32;
    /// Adds mono PCM to what is to be played; waits while the queue is full. Audio that a [`clear`](Self::clear)
    /// overtakes while it waits is dropped.
    async fn write(&self, samples: &[i16]) -> Result<(), RoomError>;
    /// Throws away what is not played yet, at once.
    fn clear(&self) -> ClearedAudio;
    /// The account so far.
    fn playout(&self) -> Playout;
    /// Returns once all that was written has been played or dropped.
    async fn drained(&self);
}

/// Audio that we listen to: 20 ms every 20 ms, gaps filled.
#[async_trait]
pub trait AudioIn: Send {
    /// The next frame; `None` once the track or the room is gone.
    async fn frame(&mut self) -> Option<AudioFrame>;
}

/// How a text stream is opened.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TextOptions {
    /// The topic, such as `lk.transcription`.
    pub topic: String,
    /// Attributes of the start of the stream.
    pub attributes: BTreeMap<String, String>,
    /// To whom it goes; everybody when empty.
    pub to: Vec<String>,
    /// In whose name it is sent: for captions of what somebody else said. Empty for our own.
    pub on_behalf_of: String,
}

/// A text that is being sent as it comes.
#[async_trait]
pub trait TextOut: Send {
    /// Sends more of it.
    async fn write(&mut self, text: &str) -> Result<(), RoomError>;
    /// Ends it; attributes given here count over those of its start.
    async fn close(self: Box<Self>, attributes: BTreeMap<String, String>) -> Result<(), RoomError>;
}

/// A joined room, seen by the agent.
#[async_trait]
pub trait Room: Send + Sync {
    /// Our own identity.
    fn identity(&self) -> String;
    /// The next event; `None` after [`RoomEvent::Out`]. For one reader.
    async fn next_event(&self) -> Option<RoomEvent>;
    /// Publishes our voice. Once for each room.
    async fn publish_audio(&self, spec: AudioOutSpec) -> Result<Arc<dyn AudioOut>, RoomError>;
    /// Listens to a track, as mono PCM of 8000, 12000, 16000, 24000 or 48000 samples a second.
    async fn subscribe_audio(&self, track: &str, rate: u32) -> Result<Box<dyn AudioIn>, RoomError>;
    /// Opens a text stream.
    async fn open_text(&self, options: TextOptions) -> Result<Box<dyn TextOut>, RoomError>;
    /// Sets attributes of ours; others stay, an empty value removes one.
    async fn set_attributes(&self, attributes: BTreeMap<String, String>) -> Result<(), RoomError>;
    /// Leaves. What is not played yet is dropped.
    async fn leave(&self);
}
