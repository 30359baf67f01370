//! What a room tells its driver to do, and its events.

use std::time::Instant;

use livekit_protocol::signal_response::Message;
use livekit_protocol::{ParticipantInfo, Room as RoomInfo, TrackInfo};

/// A participant's number in its room; never used twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pid(pub(crate) u64);

/// A moment, on the monotonic clock and on the wall clock.
#[derive(Debug, Clone, Copy)]
pub struct RoomInstant {
    /// For timeouts and media.
    pub now: Instant,
    /// Milliseconds since 1970, for timestamps that clients see.
    pub unix_ms: i64,
}

/// What a room wants done, in order.
#[derive(Debug, Clone)]
pub enum Output {
    /// Send this on the participant's signalling connection, if it has one.
    Signal(Pid, Message),
    /// Close its signalling connection after what was sent.
    Hang(Pid),
    /// The participant is gone: drop its transports.
    Gone(Pid),
    /// Send this track to this participant from now on.
    Subscribe(Pid, ForwardedTrack),
    /// Stop that.
    Unsubscribe(Pid, String),
    /// Hold a track back from a participant (`true`), or let it pass again.
    Pause(Pid, String, bool),
    /// Send a data packet.
    Deliver(Pid, DataDelivery),
    /// An event for subscribers and webhooks.
    Event(RoomLifecycleEvent),
    /// The room is over; nothing follows.
    Closed,
}

/// A track as it is sent to a subscriber.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForwardedTrack {
    /// The track's sid.
    pub track: String,
    /// Its stream id, in the form that LiveKit's clients parse: publisher's sid, `|`, track's sid.
    pub stream: String,
}

/// A data packet on its way to one participant.
#[derive(Debug, Clone)]
pub struct DataDelivery {
    /// Whether it goes by the reliable channel or by the lossy one.
    pub reliable: bool,
    /// An encoded `DataPacket`, shared by all receivers.
    pub packet: std::sync::Arc<[u8]>,
}

/// What happened in a room.
#[derive(Debug, Clone)]
pub enum RoomLifecycleEvent {
    /// The room is open.
    RoomStarted(RoomInfo),
    /// The room is over.
    RoomFinished(RoomInfo),
    /// A participant's media connected.
    ParticipantJoined(RoomInfo, ParticipantInfo),
    /// A participant whose media had connected is gone.
    ParticipantLeft(RoomInfo, ParticipantInfo),
    /// A participant whose media never connected is gone.
    ParticipantAborted(RoomInfo, ParticipantInfo),
    /// A track can be heard.
    TrackPublished(RoomInfo, ParticipantInfo, TrackInfo),
    /// A track can no longer be heard.
    TrackUnpublished(RoomInfo, ParticipantInfo, TrackInfo),
}
