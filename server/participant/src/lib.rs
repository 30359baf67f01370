//! A LiveKit participant in pure Rust: joins a room of any LiveKit server, speaks, listens, sends texts, and reconnects
//! when the network fails. It knows nothing of interviews.
//!
//! - [`audio`] and [`room`] are pure: jitter buffer, voice clock, who is there, texts, calls, how to come back.
//! - `session` is a stay in a room as a state machine on str0m, without sockets and clock.
//! - `shell` is the thin tokio part: sockets, LiveKit's own signalling client, the loop.
//! - [`RoomHandle`], [`LocalParticipant`], [`AudioSource`], [`AudioStream`] are what is used, shaped like LiveKit's SDK.
//!
//! Media goes over UDP, and over TCP where no UDP gets through. Not there: pictures, end-to-end encryption, TURN.

pub mod audio;
mod events;
#[cfg(any(test, feature = "fuzzing"))]
#[doc(hidden)]
pub mod fuzz;
mod local;
mod options;
mod queue;
mod readers;
pub mod room;
mod room_handle;
mod session;
mod shell;
#[cfg(feature = "testing")]
pub mod testing;
mod writers;

pub use audio::frame::{AudioFrame, ClearedSamples, FrameOutcome, Playout};
pub use audio::receiver::ReceiveStats;
pub use audio::voice::VoiceOptions;
pub use events::{
    ByteStreamReader, ConnectionQuality, DataStreamError, DisconnectReason, FileInfo, RemoteParticipant,
    RemoteTrack, RoomClientEvent, StreamInfo, TextStreamReader,
};
pub use local::{AudioSource, LocalParticipant};
pub use options::{RoomClientError, RoomOptions};
pub use queue::{PcmQueue, QueueClosed};
pub use room::rpc::RpcError;
pub use room_handle::{AudioStream, RoomHandle};
pub use session::Invocation;
pub use writers::{ByteStreamWriter, TextStreamWriter};
