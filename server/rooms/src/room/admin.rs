//! What the server API changes in a room and its participants.

use std::time::Duration;

use livekit_protocol::signal_response::Message;
use livekit_protocol::{
    DataPacket, DisconnectReason, ParticipantInfo, ParticipantPermission, TrackInfo,
    UpdateParticipantMetadata,
};

use super::{Pid, RoomInstant, SfuRoom};

/// Settings of a new room; what is left out is as configured.
#[derive(Debug, Clone, Default)]
pub struct NewRoomSettings {
    /// Metadata that every participant sees.
    pub metadata: String,
    /// The most participants; 0: as many as the server allows.
    pub max_participants: u32,
    /// How long the room waits for the first participant.
    pub empty: Option<Duration>,
    /// How long it waits after the last participant left.
    pub departure: Option<Duration>,
}

impl SfuRoom {
    /// All participants, in the order in which they joined.
    pub fn participants(&self) -> Vec<ParticipantInfo> {
        self.participants.values().map(super::Participant::info).collect()
    }

    /// The participant of this identity.
    pub fn participant(&self, identity: &str) -> Option<ParticipantInfo> {
        self.find(identity).map(|(_, participant)| participant.info())
    }

    /// Removes a participant. False if there is none of this identity.
    pub fn expel(&mut self, at: RoomInstant, identity: &str) -> bool {
        let Some(pid) = self.pid(identity) else { return false };
        self.remove(at, pid, DisconnectReason::ParticipantRemoved);
        true
    }

    /// Changes a participant's name, metadata, attributes and rights.
    pub fn amend(
        &mut self,
        identity: &str,
        update: &UpdateParticipantMetadata,
        permission: Option<ParticipantPermission>,
    ) -> Option<Result<ParticipantInfo, &'static str>> {
        let pid = self.pid(identity)?;
        if let Err(message) = self.update(pid, update) {
            return Some(Err(message));
        }
        if let (Some(permission), Some(participant)) = (permission, self.participants.get_mut(&pid)) {
            participant.permission = permission;
            participant.version += 1;
            self.broadcast(pid, true);
            self.apply_rights(pid);
        }
        self.participant(identity).map(Ok)
    }

    /// Mutes a participant's track. Like LiveKit without special configuration, the server may not unmute one.
    pub fn silence(&mut self, identity: &str, track: &str, muted: bool) -> Option<TrackInfo> {
        let pid = self.pid(identity)?;
        self.mute(pid, track, muted, true).then_some(())?;
        self.participants.get(&pid).and_then(|p| p.tracks.get(track)).map(|track| track.info.clone())
    }

    /// Subscribes a participant to tracks, or unsubscribes it. False if there is none of this identity.
    pub fn assign(&mut self, identity: &str, tracks: &[String], subscribe: bool) -> bool {
        let Some(pid) = self.pid(identity) else { return false };
        self.set_subscriptions(pid, tracks, subscribe);
        true
    }

    /// Changes the room's metadata.
    pub fn describe(&mut self, metadata: &str) {
        metadata.clone_into(&mut self.info.metadata);
        let update = livekit_protocol::RoomUpdate { room: Some(self.info()) };
        self.tell_all(|_| true, Message::RoomUpdate(update));
    }

    /// Sends a data packet from the server.
    pub fn announce(&mut self, reliable: bool, packet: &DataPacket) {
        self.deliver(None, reliable, packet);
    }

    fn pid(&self, identity: &str) -> Option<Pid> {
        self.find(identity).map(|(pid, _)| pid)
    }
}

impl NewRoomSettings {
    /// The room settings that a token carries.
    pub(crate) fn of(claims: &livekit_token::Claims) -> Self {
        let Some(config) = &claims.room_config else { return Self::default() };
        let wait = |seconds: u32| (seconds > 0).then(|| Duration::from_secs(seconds.into()));
        Self {
            metadata: config.metadata.clone(),
            max_participants: config.max_participants,
            empty: wait(config.empty_timeout),
            departure: wait(config.departure_timeout),
        }
    }
}
