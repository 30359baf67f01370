//! Participants' signalling requests. Offers and answers go to the transports, not here.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

use livekit_protocol::signal_request::Message as Request;
use livekit_protocol::signal_response::Message;
use livekit_protocol::simulate_scenario::Scenario;
use livekit_protocol::{
    DisconnectReason, Pong, RequestResponse, SimulateScenario, SpeakerInfo, SpeakersChanged,
    SubscriptionPermission, SyncState, UpdateParticipantMetadata, UpdateSubscription, request_response,
};

use super::participant::{Audience, features};
use super::{Output, Pid, RoomInstant, SfuRoom};

impl SfuRoom {
    /// A signalling request of a participant.
    pub fn request(&mut self, at: RoomInstant, pid: Pid, request: Request) {
        if !self.participants.contains_key(&pid) {
            return;
        }
        match request {
            Request::AddTrack(request) => self.add_track(pid, request),
            Request::Mute(request) => drop(self.mute(pid, &request.sid, request.muted, false)),
            Request::Subscription(request) => {
                self.subscription(pid, request);
            }
            Request::TrackSetting(request) => {
                for sid in self.cap_list(request.track_sids) {
                    self.out.push_back(Output::Pause(pid, sid, request.disabled));
                }
            }
            Request::Leave(_) => self.drop_participant(at, pid, DisconnectReason::ClientInitiated),
            Request::SubscriptionPermission(request) => {
                let audience = self.audience(request);
                self.set_audience(pid, audience);
            }
            Request::SyncState(state) => self.synchronise(pid, state),
            Request::Ping(_) => self.signal(pid, Message::Pong(at.unix_ms)),
            Request::PingReq(ping) => {
                let pong = Pong { last_ping_timestamp: ping.timestamp, timestamp: at.unix_ms };
                self.signal(pid, Message::PongResp(pong));
            }
            Request::UpdateMetadata(request) => self.update_own(pid, request),
            Request::UpdateAudioTrack(request) => {
                if let Some(participant) = self.participants.get_mut(&pid)
                    && let Some(track) = participant.tracks.get_mut(&request.track_sid)
                {
                    track.info.audio_features = features(request.features);
                    participant.version += 1;
                    self.broadcast(pid, true);
                }
            }
            // These are for the transports.
            Request::Offer(_) | Request::Answer(_) | Request::Trickle(_) => {}
            Request::Simulate(request) => self.simulate(at, pid, request),
            // Video and data tracks, which this server does not have.
            #[expect(deprecated, reason = "older clients still send it")]
            Request::UpdateLayers(_) => {}
            Request::UpdateVideoTrack(_)
            | Request::PublishDataTrackRequest(_)
            | Request::UnpublishDataTrackRequest(_)
            | Request::UpdateDataSubscription(_)
            | Request::StoreDataBlobRequest(_)
            | Request::GetDataBlobRequest(_) => {}
        }
    }

    /// Simulates a failure for a client's test. It affects that client alone.
    fn simulate(&mut self, at: RoomInstant, pid: Pid, request: SimulateScenario) {
        match request.scenario {
            // The participant vanishes: its client tries to resume, is unknown, and joins again.
            Some(Scenario::NodeFailure(_)) => self.drop_participant(at, pid, DisconnectReason::StateMismatch),
            Some(Scenario::LeaveRequestFullReconnect(_)) => {
                self.remove(at, pid, DisconnectReason::StateMismatch);
            }
            Some(Scenario::ServerLeave(_)) => self.remove(at, pid, DisconnectReason::ServerShutdown),
            Some(_) | None => {}
        }
    }

    /// After a resume a client reports its state: which tracks it subscribes to, and which it declines.
    fn synchronise(&mut self, pid: Pid, state: SyncState) {
        if let Some(subscription) = state.subscription {
            self.subscription(pid, subscription);
        }
        for sid in self.cap_list(state.track_sids_disabled) {
            self.out.push_back(Output::Pause(pid, sid, true));
        }
    }

    fn subscription(&mut self, pid: Pid, request: UpdateSubscription) {
        let further = request.participant_tracks.into_iter().flat_map(|tracks| tracks.track_sids);
        let sids = self.cap_list(request.track_sids.into_iter().chain(further));
        self.set_subscriptions(pid, &sids, request.subscribe);
    }

    fn update_own(&mut self, pid: Pid, request: UpdateParticipantMetadata) {
        let Some(participant) = self.participants.get(&pid) else { return };
        let id = request.request_id;
        let (reason, message) = if !participant.permission.can_update_metadata {
            (request_response::Reason::NotAllowed, "does not have permission to update own metadata")
        } else {
            match self.update(pid, &request) {
                Ok(()) => (request_response::Reason::Ok, ""),
                Err(message) => (request_response::Reason::LimitExceeded, message),
            }
        };
        if id != 0 {
            let response = RequestResponse {
                request_id: id,
                reason: reason.into(),
                message: message.into(),
                request: Some(request_response::Request::UpdateMetadata(request)),
            };
            self.signal(pid, Message::RequestResponse(response));
        }
    }

    /// Changes name, metadata and attributes. Empty fields change nothing; an attribute with an empty value is removed.
    pub(super) fn update(
        &mut self,
        pid: Pid,
        request: &UpdateParticipantMetadata,
    ) -> Result<(), &'static str> {
        let Some(participant) = self.participants.get_mut(&pid) else { return Ok(()) };
        if request.metadata.len() > self.limits.metadata {
            return Err("metadata size exceeds limits");
        }
        if request.name.len() > self.limits.name {
            return Err("name length exceeds limits");
        }
        let mut attributes = participant.attributes.clone();
        for (key, value) in &request.attributes {
            if value.is_empty() {
                attributes.remove(key);
            } else {
                attributes.insert(key.clone(), value.clone());
            }
        }
        if attributes.iter().map(|(key, value)| key.len() + value.len()).sum::<usize>() > self.limits.metadata
        {
            return Err("attribute size exceeds limits");
        }
        participant.attributes = attributes;
        if !request.metadata.is_empty() {
            participant.metadata.clone_from(&request.metadata);
        }
        if !request.name.is_empty() {
            participant.name.clone_from(&request.name);
        }
        participant.version += 1;
        self.broadcast(pid, true);
        Ok(())
    }

    /// A measuring window ended: reports whose level changed.
    pub(super) fn tell_speakers(&mut self, now: Instant) {
        let mut speakers = Vec::new();
        let mut sounding = false;
        for (pid, participant) in &mut self.participants {
            let mut level = 0.0_f32;
            for track in participant.tracks.values_mut() {
                track.meter.close();
                level = level.max(track.meter.level());
            }
            sounding |= level > 0.0;
            if let Some(level) = self.told.get_mut(pid).and_then(|told| told.update(level))
                && !participant.permission.hidden
            {
                speakers.push(SpeakerInfo {
                    sid: participant.sid.clone(),
                    level: level.min(1.0),
                    active: level > 0.0,
                });
            }
        }
        if sounding {
            self.windows.begin(now);
        }
        if !speakers.is_empty() {
            speakers.sort_by(|a, b| b.level.total_cmp(&a.level));
            self.tell_all(|_| true, Message::SpeakersChanged(SpeakersChanged { speakers }));
        }
    }

    fn audience(&self, request: SubscriptionPermission) -> Audience {
        if request.all_participants {
            return Audience::Everyone;
        }
        let mut list: BTreeMap<String, Option<BTreeSet<String>>> = BTreeMap::new();
        for permission in self.cap_list(request.track_permissions) {
            let tracks = (!permission.all_tracks).then(|| permission.track_sids.into_iter().collect());
            let who = [permission.participant_identity, permission.participant_sid];
            for who in who.into_iter().filter(|who| !who.is_empty()) {
                list.insert(who, tracks.clone());
            }
        }
        Audience::Only(list)
    }
}
