//! Joining, and resuming.

use livekit_protocol::signal_response::Message;
use livekit_protocol::{
    DisconnectReason, JoinResponse, ParticipantInfo, ParticipantUpdate, ReconnectResponse, RoomUpdate,
    ServerInfo,
};

use super::speakers::LastReportedLevel;
use super::{Joining, Participant, Pid, RoomInstant, SfuRoom};

/// The protocol version to announce. From 18 on the Python SDK opens data channels in a way that silently loses data.
const PROTOCOL: i32 = 17;
/// The LiveKit server version to announce. SDKs refuse RPC to servers before 1.8.
const VERSION: &str = "1.9.0";
/// Seconds between a client's pings, and after which an unanswered ping means that the connection is gone.
const PING: (i32, i32) = (5, 15);

/// Why somebody could not join.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum JoinError {
    /// The room is full.
    #[error("room has exceeded its max participants")]
    Full,
    /// The room is over.
    #[error("room has already closed")]
    Closed,
}

impl SfuRoom {
    /// Admits a participant. One with the same identity has to leave.
    pub fn join(&mut self, at: RoomInstant, joining: Joining) -> Result<Pid, JoinError> {
        if self.closed {
            return Err(JoinError::Closed);
        }
        let earlier = self.find(&joining.claims.sub).map(|(pid, _)| pid);
        if earlier.is_none() && self.participants.len() >= self.max_participants() {
            return Err(JoinError::Full);
        }
        if let Some(earlier) = earlier {
            self.remove(at, earlier, DisconnectReason::DuplicateIdentity);
        }
        let pid = Pid(self.next);
        self.next += 1;
        self.empty_since = None;
        let tracks = joining.tracks.clone();
        let participant = Participant::new(self.ids.sid("PA_"), joining, at);
        self.participants.insert(pid, participant);
        self.told.insert(pid, LastReportedLevel::default());
        self.changed = true;
        let response = self.join_response(pid);
        self.signal(pid, Message::Join(response));
        self.broadcast(pid, false);
        tracks.into_iter().for_each(|track| self.add_track(pid, track));
        self.subscribe_to_all(pid);
        Ok(pid)
    }

    fn max_participants(&self) -> usize {
        match self.info.max_participants {
            0 => self.limits.participants,
            max => self.limits.participants.min(max as usize),
        }
    }

    fn join_response(&self, pid: Pid) -> JoinResponse {
        let own = &self.participants[&pid];
        JoinResponse {
            room: Some(self.info()),
            participant: Some(own.info()),
            other_participants: self.others(pid),
            server_version: VERSION.into(),
            server_info: Some(server_info()),
            subscriber_primary: !own.single,
            ping_interval: PING.0,
            ping_timeout: PING.1,
            enabled_publish_codecs: self.info.enabled_codecs.clone(),
            fast_publish: own.permission.can_publish,
            ..JoinResponse::default()
        }
    }

    /// Resumes a participant whose signalling broke off. `None` if there is none of this sid and identity.
    pub fn resume(&mut self, sid: &str, identity: &str) -> Option<Pid> {
        let (pid, participant) =
            self.participants.iter_mut().find(|(_, p)| p.sid == sid && p.identity == identity)?;
        let pid = *pid;
        participant.silent_since = None;
        let response = ReconnectResponse {
            server_info: Some(server_info()),
            last_message_seq: participant.last_sequence,
            ..ReconnectResponse::default()
        };
        self.signal(pid, Message::Reconnect(response));
        // What changed meanwhile, for the participant itself too.
        let participants = self
            .participants
            .iter()
            .filter(|(p, other)| **p == pid || !other.hidden())
            .map(|(_, p)| p.info());
        let update = ParticipantUpdate { participants: participants.collect() };
        self.signal(pid, Message::Update(update));
        let room = RoomUpdate { room: Some(self.info()) };
        self.signal(pid, Message::RoomUpdate(room));
        Some(pid)
    }

    /// All other participants that this one may see.
    fn others(&self, pid: Pid) -> Vec<ParticipantInfo> {
        let others = self.participants.iter().filter(|(other, p)| **other != pid && !p.hidden());
        others.map(|(_, p)| p.info()).collect()
    }
}

fn server_info() -> ServerInfo {
    ServerInfo { version: VERSION.into(), protocol: PROTOCOL, ..ServerInfo::default() }
}
