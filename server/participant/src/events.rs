//! Events of a room, with the names of LiveKit's SDKs.

use std::collections::BTreeMap;

pub use crate::readers::{ByteStreamReader, TextStreamReader};
pub use crate::room::members::{RemoteParticipant, RemoteTrack};
pub use crate::room::streams::{DataStreamError, FileInfo, StreamInfo};

/// Why the stay in the room ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DisconnectReason {
    /// We left.
    ClientInitiated,
    /// Another participant joined with our identity.
    DuplicateIdentity,
    /// The server shuts down.
    ServerShutdown,
    /// We were removed.
    ParticipantRemoved,
    /// The room was deleted or closed.
    RoomClosed,
    /// The connection was lost and could not be brought back.
    ConnectionLost,
    /// The server sent us away for another reason.
    Other,
}

/// How good somebody's connection is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConnectionQuality {
    /// Packets are being lost.
    Poor,
    /// Good.
    Good,
    /// Excellent.
    Excellent,
    /// Nothing arrives.
    Lost,
}

/// An event of a room.
#[derive(Debug)]
pub enum RoomClientEvent {
    /// A participant is here. Those who were here when we joined come first.
    ParticipantConnected(RemoteParticipant),
    /// Somebody left.
    ParticipantDisconnected(RemoteParticipant),
    /// Somebody publishes a track.
    TrackPublished(String, RemoteTrack),
    /// It is no longer published.
    TrackUnpublished(String, RemoteTrack),
    /// A track that we subscribe to is on its way: whose, and its id.
    TrackSubscribed(String, String),
    /// We may not, or cannot, subscribe to the track with this id.
    TrackSubscriptionFailed(String),
    /// Somebody muted the track with this id.
    TrackMuted(String, String),
    /// It was unmuted.
    TrackUnmuted(String, String),
    /// Our track has its first subscriber.
    LocalTrackSubscribed,
    /// The server asked us to mute (`true`) or unmute our track, which was done.
    LocalTrackMuted(bool),
    /// The server unpublished our track; its source reports it too.
    LocalTrackUnpublished,
    /// Somebody's attributes changed; removed ones are empty.
    ParticipantAttributesChanged(String, BTreeMap<String, String>),
    /// Somebody's metadata changed.
    ParticipantMetadataChanged(String, String),
    /// Somebody's name changed.
    ParticipantNameChanged(String, String),
    /// Who speaks now: identities, the loudest first, ourselves included.
    ActiveSpeakersChanged(Vec<String>),
    /// How good the connection of somebody (of ours too) is.
    ConnectionQualityChanged(String, ConnectionQuality),
    /// The room's metadata changed.
    RoomMetadataChanged(String),
    /// A message came.
    DataReceived {
        /// From whom; empty when the server sent it.
        from: String,
        /// On which topic; may be empty.
        topic: String,
        /// The bytes.
        payload: Vec<u8>,
    },
    /// A text stream begins.
    TextStreamOpened(TextStreamReader),
    /// A byte stream begins.
    ByteStreamOpened(ByteStreamReader),
    /// The server moved us to another room, of this name. Events about who is there came before.
    Moved(String),
    /// The connection is lost; reconnecting.
    Reconnecting,
    /// Reconnected. `true`: the session was resumed; `false`: the room was joined again.
    Reconnected(bool),
    /// We have left the room. The last event.
    Disconnected(DisconnectReason),
}
