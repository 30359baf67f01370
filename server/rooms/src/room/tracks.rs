//! Tracks: announced, matched with a media section, sent to subscribers, unpublished.

use livekit_protocol::signal_response::Message;
use livekit_protocol::{
    AddTrackRequest, MuteTrackRequest, RequestResponse, SimulcastCodecInfo, SubscriptionPermissionUpdate,
    TrackInfo, TrackPublishedResponse, TrackSubscribed, TrackType, TrackUnpublishedResponse,
    request_response,
};

use super::participant::{Audience, Track, features};
use super::speakers::Meter;
use super::{Output, Pid, RoomInstant, RoomLifecycleEvent, SfuRoom};

/// A media section on which a participant offers to send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct OfferedSection {
    pub mid: String,
    pub audio: bool,
    /// The track sent, by its publisher's id for it.
    pub cid: Option<String>,
}

impl SfuRoom {
    /// A participant announces a track.
    pub(super) fn add_track(&mut self, pid: Pid, request: AddTrackRequest) {
        let Some(participant) = self.participants.get_mut(&pid) else { return };
        let refusal = if request.r#type() != TrackType::Audio {
            Some((request_response::Reason::UnsupportedType, "this server carries audio tracks only"))
        } else if !participant.may_publish(request.source) {
            Some((request_response::Reason::NotAllowed, "does not have permission to publish this track"))
        } else if request.cid.is_empty()
            || request.cid.len() > self.limits.name
            || request.name.len() > self.limits.name
            || request.stream.len() > self.limits.name
        {
            Some((
                request_response::Reason::InvalidRequest,
                "the track needs a cid, and names of a sensible length",
            ))
        } else if participant.tracks.len() >= self.limits.tracks {
            Some((
                request_response::Reason::LimitExceeded,
                "this participant has as many tracks as it may have",
            ))
        } else {
            None
        };
        if let Some((reason, message)) = refusal {
            let response = RequestResponse {
                reason: reason.into(),
                message: message.into(),
                request: Some(request_response::Request::AddTrack(request)),
                ..RequestResponse::default()
            };
            self.signal(pid, Message::RequestResponse(response));
            return;
        }
        // A repeated announcement names the same track until it is published.
        let known = participant.tracks.values().find(|track| track.cid == request.cid && track.mid.is_none());
        let info = match known {
            Some(track) => track.info.clone(),
            None => {
                let sid = self.ids.sid("TR_");
                let info = track_info(sid.clone(), &request);
                let track = Track {
                    info: info.clone(),
                    cid: request.cid.clone(),
                    mid: None,
                    heard: false,
                    meter: Meter::default(),
                };
                participant.tracks.insert(sid, track);
                info
            }
        };
        let response = TrackPublishedResponse { cid: request.cid, track: Some(info) };
        self.signal(pid, Message::TrackPublished(response));
    }

    /// Applies a participant's newest offer: tracks start and end with its sections.
    pub(crate) fn offered(&mut self, pid: Pid, sections: &[OfferedSection]) {
        let Some(participant) = self.participants.get(&pid) else { return };
        let stays = |track: &&Track| {
            let Some(mid) = &track.mid else { return true };
            sections
                .iter()
                .any(|s| s.mid == *mid && s.cid.as_deref().is_none_or(|cid| cid == track.cid) && s.audio)
        };
        // The list holds only sections that send.
        let ended: Vec<String> = participant
            .tracks
            .values()
            .filter(|track| !stays(track))
            .map(|track| track.info.sid.clone())
            .collect();
        ended.iter().for_each(|track| self.unpublish(pid, track, false));
        for section in sections.iter().filter(|section| section.audio) {
            if let Some(sid) = self.waiting_for(pid, section) {
                self.publish(pid, &sid, &section.mid);
            }
        }
    }

    /// The announced track that this section carries.
    fn waiting_for(&self, pid: Pid, section: &OfferedSection) -> Option<String> {
        let participant = self.participants.get(&pid)?;
        if participant.published().any(|track| track.mid.as_ref() == Some(&section.mid)) {
            return None;
        }
        let mut waiting = participant.tracks.values().filter(|track| track.mid.is_none());
        let by_name = waiting.clone().find(|track| section.cid.as_ref() == Some(&track.cid));
        // Some clients use another id in the SDP. If only one track is announced, that one is meant.
        let track = by_name.or_else(|| waiting.next().filter(|_| waiting.next().is_none()))?;
        Some(track.info.sid.clone())
    }

    fn publish(&mut self, pid: Pid, sid: &str, mid: &str) {
        let Some(participant) = self.participants.get_mut(&pid) else { return };
        let Some(track) = participant.tracks.get_mut(sid) else { return };
        track.mid = Some(mid.to_owned());
        track.info.mid = mid.to_owned();
        if let Some(codec) = track.info.codecs.first_mut() {
            codec.mid = mid.to_owned();
        }
        let info = track.info.clone();
        participant.version += 1;
        let owner = participant.info();
        self.changed = true;
        self.broadcast(pid, true);
        self.event(RoomLifecycleEvent::TrackPublished(self.info(), owner, info));
        let everybody: Vec<Pid> = self.participants.keys().copied().collect();
        everybody.into_iter().for_each(|listener| self.subscribe_if_wanted(listener, pid, sid));
    }

    /// Unpublishes a track. With `by_server` its publisher is told, because it did not ask for it.
    pub(super) fn unpublish(&mut self, pid: Pid, sid: &str, by_server: bool) {
        let Some(participant) = self.participants.get_mut(&pid) else { return };
        let Some(track) = participant.tracks.remove(sid) else { return };
        participant.version += 1;
        let owner = participant.info();
        for (listener, participant) in &mut self.participants {
            participant.declined.remove(sid);
            if participant.subscribed.remove(sid) {
                self.out.push_back(Output::Unsubscribe(*listener, sid.to_owned()));
            }
        }
        if by_server {
            let response = TrackUnpublishedResponse { track_sid: sid.to_owned() };
            self.signal(pid, Message::TrackUnpublished(response));
        }
        if track.mid.is_some() {
            self.changed = true;
            self.broadcast(pid, true);
            self.event(RoomLifecycleEvent::TrackUnpublished(self.info(), owner, track.info));
        }
    }

    /// Mutes or unmutes a track, at its publisher's or the server's request.
    pub(super) fn mute(&mut self, pid: Pid, sid: &str, muted: bool, by_server: bool) -> bool {
        let Some(participant) = self.participants.get_mut(&pid) else { return false };
        let Some(track) = participant.tracks.get_mut(sid) else { return false };
        if by_server {
            self.out.push_back(Output::Signal(
                pid,
                Message::Mute(MuteTrackRequest { sid: sid.to_owned(), muted }),
            ));
        }
        if track.info.muted != muted {
            track.info.muted = muted;
            if muted {
                track.meter.silence();
            }
            participant.version += 1;
            self.broadcast(pid, true);
        }
        true
    }

    /// Whether audio of this track is forwarded.
    pub(crate) fn is_forwarded(&self, pid: Pid, sid: &str) -> bool {
        self.participants.get(&pid).and_then(|p| p.tracks.get(sid)).is_some_and(|track| !track.info.muted)
    }

    /// The published track that this section carries.
    pub(crate) fn track_on(&self, pid: Pid, mid: &str) -> Option<&str> {
        let track =
            self.participants.get(&pid)?.published().find(|track| track.mid.as_deref() == Some(mid))?;
        Some(track.info.sid.as_str())
    }

    /// A subscriber's transport is ready for a track. The publisher is told of the first, because some publishers
    /// (LiveKit's agents) stay silent until then.
    pub(crate) fn note_subscriber_ready(&mut self, sid: &str) {
        let owner = self.participants.iter_mut().find_map(|(pid, p)| Some((*pid, p.tracks.get_mut(sid)?)));
        if let Some((pid, track)) = owner
            && !std::mem::replace(&mut track.heard, true)
        {
            self.signal(pid, Message::TrackSubscribed(TrackSubscribed { track_sid: sid.to_owned() }));
        }
    }

    /// Subscribes a participant to all tracks, if it wants them automatically.
    pub(super) fn subscribe_to_all(&mut self, listener: Pid) {
        let tracks: Vec<(Pid, String)> = self
            .participants
            .iter()
            .flat_map(|(pid, p)| p.published().map(|track| (*pid, track.info.sid.clone())))
            .collect();
        tracks.iter().for_each(|(pid, sid)| self.subscribe_if_wanted(listener, *pid, sid));
    }

    fn subscribe_if_wanted(&mut self, listener: Pid, publisher: Pid, sid: &str) {
        let Some(participant) = self.participants.get(&listener) else { return };
        if participant.auto_subscribe && !participant.declined.contains(sid) {
            self.subscribe(listener, publisher, sid);
        }
    }

    fn subscribe(&mut self, listener: Pid, publisher: Pid, sid: &str) {
        let (Some(hears), Some(speaks)) =
            (self.participants.get(&listener), self.participants.get(&publisher))
        else {
            return;
        };
        if listener == publisher || !hears.permission.can_subscribe || !speaks.allows_listener(hears, sid) {
            return;
        }
        let wire = speaks.wire(sid);
        if let Some(hears) = self.participants.get_mut(&listener)
            && hears.subscribed.insert(sid.to_owned())
        {
            self.out.push_back(Output::Subscribe(listener, wire));
        }
    }

    fn unsubscribe(&mut self, listener: Pid, sid: &str) {
        if let Some(participant) = self.participants.get_mut(&listener)
            && participant.subscribed.remove(sid)
        {
            self.out.push_back(Output::Unsubscribe(listener, sid.to_owned()));
        }
    }

    /// A participant subscribes to tracks or declines them.
    pub(super) fn set_subscriptions(&mut self, listener: Pid, sids: &[String], subscribe: bool) {
        for sid in sids {
            let owner =
                self.participants.iter().find(|(_, p)| p.published().any(|track| track.info.sid == *sid));
            let Some(publisher) = owner.map(|(pid, _)| *pid) else { continue };
            let Some(participant) = self.participants.get_mut(&listener) else { return };
            if subscribe {
                participant.declined.remove(sid);
                self.subscribe(listener, publisher, sid);
            } else {
                participant.declined.insert(sid.clone());
                self.unsubscribe(listener, sid);
            }
        }
    }

    /// A publisher says who may subscribe. Subscriptions that are no longer allowed end, newly allowed ones begin.
    pub(super) fn set_audience(&mut self, pid: Pid, audience: Audience) {
        let Some(participant) = self.participants.get_mut(&pid) else { return };
        participant.audience = audience;
        let publisher_sid = participant.sid.clone();
        let sids: Vec<String> = participant.published().map(|track| track.info.sid.clone()).collect();
        let listeners: Vec<Pid> = self.participants.keys().copied().filter(|other| *other != pid).collect();
        for (listener, sid) in
            listeners.iter().flat_map(|listener| sids.iter().map(move |sid| (*listener, sid)))
        {
            let (Some(hears), Some(speaks)) = (self.participants.get(&listener), self.participants.get(&pid))
            else {
                continue;
            };
            let allowed = speaks.allows_listener(hears, sid);
            let had = hears.subscribed.contains(sid);
            if had && !allowed {
                self.unsubscribe(listener, sid);
            }
            if !had && allowed {
                self.subscribe_if_wanted(listener, pid, sid);
            }
            if had != allowed {
                let update = SubscriptionPermissionUpdate {
                    participant_sid: publisher_sid.clone(),
                    track_sid: sid.clone(),
                    allowed,
                };
                self.signal(listener, Message::SubscriptionPermissionUpdate(update));
            }
        }
    }

    /// Applies changed rights to the tracks that a participant sends and gets.
    pub(super) fn apply_rights(&mut self, pid: Pid) {
        let Some(participant) = self.participants.get(&pid) else { return };
        let forbidden: Vec<String> = participant
            .tracks
            .values()
            .filter(|track| !participant.may_publish(track.info.source))
            .map(|track| track.info.sid.clone())
            .collect();
        if participant.permission.can_subscribe {
            self.subscribe_to_all(pid);
        } else {
            let had: Vec<String> = participant.subscribed.iter().cloned().collect();
            had.iter().for_each(|sid| self.unsubscribe(pid, sid));
        }
        forbidden.iter().for_each(|sid| self.unpublish(pid, sid, true));
    }

    /// Counts one packet of a track, with its level in decibels below full scale.
    pub(crate) fn level(&mut self, at: RoomInstant, pid: Pid, sid: &str, below: u8) {
        if let Some(track) = self.participants.get_mut(&pid).and_then(|p| p.tracks.get_mut(sid)) {
            track.meter.packet(below);
            self.windows.begin(at.now);
        }
    }
}

fn track_info(sid: String, request: &AddTrackRequest) -> TrackInfo {
    let mime_type = String::from("audio/opus");
    TrackInfo {
        sid,
        r#type: request.r#type,
        name: request.name.clone(),
        muted: request.muted,
        source: request.source,
        codecs: vec![SimulcastCodecInfo {
            mime_type: mime_type.clone(),
            cid: request.cid.clone(),
            ..SimulcastCodecInfo::default()
        }],
        mime_type,
        // This server does not do redundant encoding.
        disable_red: true,
        encryption: request.encryption,
        stream: request.stream.clone(),
        audio_features: features(request.audio_features.clone()),
        ..TrackInfo::default()
    }
}
