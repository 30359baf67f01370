//! What a room tells the world around it to do, and what it is told.

use std::time::Instant;

use livekit_protocol::signal_response::Message;
use livekit_protocol::{ParticipantInfo, Room as RoomInfo, TrackInfo};

/// A participant's number in its room; never used twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pid(pub(crate) u64);

/// A moment: on the clock that only goes forward, and on the wall.
#[derive(Debug, Clone, Copy)]
pub struct Moment {
    /// For waiting and for media.
    pub now: Instant,
    /// Milliseconds since 1970, for what clients are shown.
    pub unix_ms: i64,
}

/// What a room wants done, in order.
#[derive(Debug, Clone)]
pub enum Output {
    /// Send this on the participant's signalling connection, if it has one.
    Signal(Pid, Message),
    /// Close its signalling connection, after what was sent.
    Hang(Pid),
    /// It is gone: drop its transports.
    Gone(Pid),
    /// Send this track to this participant from now on.
    Subscribe(Pid, Wire),
    /// Stop that.
    Unsubscribe(Pid, String),
    /// Hold a track back from a participant (true), or let it pass again.
    Pause(Pid, String, bool),
    /// Send a data packet.
    Deliver(Pid, Delivery),
    /// Something that others are told of, by webhook say.
    Event(Event),
    /// The room is over; nothing follows.
    Closed,
}

/// A track as a subscriber gets it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wire {
    /// The track's sid.
    pub track: String,
    /// The stream it belongs to, in the form that LiveKit's clients take apart: publisher's sid, bar, track's sid.
    pub stream: String,
}

/// A data packet on its way to one participant.
#[derive(Debug, Clone)]
pub struct Delivery {
    /// By the channel that repeats what is lost, or by the other.
    pub reliable: bool,
    /// An encoded `DataPacket`; shared by all who get it.
    pub packet: std::sync::Arc<[u8]>,
}

/// What happened in a room.
#[derive(Debug, Clone)]
pub enum Event {
    /// The room is open.
    RoomStarted(RoomInfo),
    /// The room is over.
    RoomFinished(RoomInfo),
    /// Somebody's media is connected.
    ParticipantJoined(RoomInfo, ParticipantInfo),
    /// Somebody who had joined is gone.
    ParticipantLeft(RoomInfo, ParticipantInfo),
    /// Somebody is gone whose media never was connected.
    ParticipantAborted(RoomInfo, ParticipantInfo),
    /// A track can be heard.
    TrackPublished(RoomInfo, ParticipantInfo, TrackInfo),
    /// It no longer can.
    TrackUnpublished(RoomInfo, ParticipantInfo, TrackInfo),
}
