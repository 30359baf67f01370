//! Signalling: the server's messages, and ours about connections and tracks.

use std::time::Instant;

use livekit_protocol as proto;
use proto::SignalTarget;
use proto::signal_request::Message as Request;
use proto::signal_response::Message as Response;

use super::peer::PeerConnection;
use super::{Offer, Output, Session, sdp};
use crate::events::{ConnectionQuality, DisconnectReason, RoomClientEvent};
use crate::options::RoomClientError;
use crate::room::comeback::ReconnectVerdict;

impl Session {
    /// Handles a message of the server.
    #[expect(clippy::wildcard_enum_match_arm, reason = "LiveKit's messages: of most we make nothing")]
    pub fn handle_signal(&mut self, now: Instant, message: Response) {
        match message {
            Response::Answer(answer) => self.answered(now, answer),
            Response::Offer(offer) => self.offered(now, &offer),
            Response::Trickle(trickle) => self.trickled(&trickle),
            Response::Update(update) => {
                for info in update.participants {
                    self.updated(now, info);
                }
            }
            Response::TrackPublished(published) => self.published(published),
            Response::Mute(mute) => self.muted_by_server(&mute),
            Response::TrackSubscribed(subscribed) => self.handle_track_subscribed(&subscribed.track_sid),
            Response::SubscriptionResponse(response) if response.err != 0 => {
                self.event(RoomClientEvent::TrackSubscriptionFailed(response.track_sid));
            }
            Response::RequestResponse(response) if response.reason != 0 => self.refused(response),
            Response::TrackUnpublished(gone) => self.unpublished(&gone.track_sid),
            Response::MediaSectionsRequirement(wanted) if self.single => {
                self.publisher.want_sections(wanted.num_audios);
                self.negotiate();
            }
            Response::SpeakersChanged(changed) => self.speakers(changed),
            Response::ConnectionQuality(update) => self.quality(update),
            Response::RoomUpdate(update) => {
                if let Some(room) = update.room {
                    self.event(RoomClientEvent::RoomMetadataChanged(room.metadata));
                }
            }
            Response::RoomMoved(moved) => self.moved(now, moved),
            Response::Leave(leave) => self.handle_leave(&leave),
            // The signalling client stores the token itself.
            Response::RefreshToken(_) => self.out.push_back(Output::Token(None)),
            // Pongs are for the signalling client; video, data tracks and the rest do not concern us.
            _ => {}
        }
    }

    /// The server moved us to another room with our connections: other participants, the same track.
    fn moved(&mut self, now: Instant, moved: proto::RoomMovedResponse) {
        self.out.push_back(Output::Token(Some(moved.token)));
        if let Some(me) = moved.participant {
            if let Some(voice) = &mut self.voice {
                voice.moved(&me);
            }
            self.me = me;
        }
        let changes = self.members.replace(&moved.other_participants);
        self.changed(now, changes);
        self.event(RoomClientEvent::Moved(moved.room.unwrap_or_default().name));
    }

    fn refused(&mut self, response: proto::RequestResponse) {
        if let Some(proto::request_response::Request::AddTrack(request)) = response.request {
            self.publishing_refused(&request.cid, response.message);
        } else {
            self.confirm(response.request_id, Err(RoomClientError::Refused(response.message)));
        }
    }

    fn handle_track_subscribed(&mut self, sid: &str) {
        if self.voice.as_ref().is_some_and(|voice| voice.sid() == sid) {
            self.event(RoomClientEvent::LocalTrackSubscribed);
        }
    }

    /// Makes an offer if something changed and none is pending.
    pub(super) fn negotiate(&mut self) {
        if let Some((id, sdp)) = self.publisher.offer() {
            let track =
                self.voice.as_ref().map(|voice| voice.sid().to_owned()).zip(self.publisher.voice_mid());
            let mid_to_track_id = track.map(|(sid, mid)| (mid, sid)).into_iter().collect();
            self.signal(Request::Offer(Offer { r#type: "offer".to_owned(), sdp, id, mid_to_track_id }));
        }
    }

    fn answered(&mut self, now: Instant, answer: Offer) {
        let named = answer.mid_to_track_id.into_iter().collect();
        match self.publisher.answered(answer.id, &answer.sdp, named) {
            Ok(again) => {
                if again {
                    self.negotiate();
                }
                self.check_flow(now);
            }
            Err(error) => {
                tracing::warn!(%error, "the server's answer cannot be used");
                self.out.push_back(Output::Lost(ReconnectVerdict::Stale));
            }
        }
    }

    fn offered(&mut self, now: Instant, offer: &Offer) {
        let Some(subscriber) = &mut self.subscriber else { return };
        match subscriber.accept(&offer.sdp) {
            Ok(sdp) => {
                let answer = Offer { r#type: "answer".to_owned(), sdp, id: offer.id, ..Offer::default() };
                self.signal(Request::Answer(answer));
                self.check_flow(now);
            }
            Err(error) => {
                tracing::warn!(%error, "the server's offer cannot be used");
                self.out.push_back(Output::Lost(ReconnectVerdict::Stale));
            }
        }
    }

    fn trickled(&mut self, trickle: &proto::TrickleRequest) {
        let Some(line) = sdp::candidate(&trickle.candidate_init) else { return };
        match self.subscriber.as_mut() {
            Some(subscriber) if trickle.target() == SignalTarget::Subscriber => {
                subscriber.remote_candidate(&line)
            }
            Some(_) | None => self.publisher.remote_candidate(&line),
        }
    }

    /// Sends the server our candidates. They are in our offers too, but the older route wants them separately.
    pub(super) fn trickle(&mut self) {
        let targets = [SignalTarget::Publisher, SignalTarget::Subscriber];
        let connections = if self.subscriber.is_some() { 2 } else { 1 };
        for (addresses, target) in self.addresses.clone().iter().zip(targets).take(connections) {
            for line in PeerConnection::local_candidates(addresses) {
                let candidate_init = sdp::candidate_json(&line);
                let target = target as i32;
                let trickle = proto::TrickleRequest { candidate_init, target, ..Default::default() };
                self.signal(Request::Trickle(trickle));
            }
        }
    }

    pub(super) fn subscribe(&mut self, track_sids: Vec<String>, subscribe: bool) {
        self.signal(Request::Subscription(proto::UpdateSubscription {
            track_sids,
            subscribe,
            participant_tracks: Vec::new(),
        }));
    }

    /// Our state, for a server that resumes the session.
    pub(super) fn sync_state(&self) -> proto::SyncState {
        let peer = self.subscriber.as_ref().unwrap_or(&self.publisher);
        let describe = |kind: &str, sdp: &str| {
            Some(Offer { r#type: kind.to_owned(), sdp: sdp.to_owned(), ..Offer::default() })
        };
        let (offer, answer) = match peer.agreed() {
            Some((offer, answer)) => (describe("offer", offer), describe("answer", answer)),
            None => (None, None),
        };
        proto::SyncState {
            offer,
            answer,
            subscription: Some(proto::UpdateSubscription {
                track_sids: self.wanted.iter().cloned().collect(),
                subscribe: true,
                participant_tracks: Vec::new(),
            }),
            publish_tracks: self.voice.iter().filter_map(super::media::PublishedVoice::response).collect(),
            datachannel_receive_states: self.reliable.states(),
            ..Default::default()
        }
    }

    fn updated(&mut self, now: Instant, info: proto::ParticipantInfo) {
        if info.identity != self.me.identity {
            let changes = self.members.update(&info);
            self.changed(now, changes);
            return;
        }
        if info.sid != self.me.sid {
            return;
        }
        let met: Vec<u32> = self
            .updates
            .iter()
            .filter(|(_, update)| {
                let has = |name: &String| info.attributes.get(name).map(String::as_str).unwrap_or_default();
                update.wanted.iter().all(|(name, value)| has(name) == value)
            })
            .map(|(&id, _)| id)
            .collect();
        for id in met {
            self.confirm(id, Ok(()));
        }
        self.me = info;
    }

    fn speakers(&mut self, changed: proto::SpeakersChanged) {
        let mut speakers = changed.speakers;
        speakers.retain(|speaker| speaker.active);
        speakers.sort_by(|a, b| b.level.total_cmp(&a.level));
        let who = |sid: &str| {
            if sid == self.me.sid {
                return Some(self.me.identity.clone());
            }
            self.members.by_sid(sid).map(|member| member.identity.clone())
        };
        let identities = speakers.iter().filter_map(|speaker| who(&speaker.sid)).collect();
        self.event(RoomClientEvent::ActiveSpeakersChanged(identities));
    }

    fn quality(&mut self, update: proto::ConnectionQualityUpdate) {
        for one in update.updates {
            let quality = match one.quality() {
                proto::ConnectionQuality::Poor => ConnectionQuality::Poor,
                proto::ConnectionQuality::Good => ConnectionQuality::Good,
                proto::ConnectionQuality::Excellent => ConnectionQuality::Excellent,
                proto::ConnectionQuality::Lost => ConnectionQuality::Lost,
            };
            let who = if one.participant_sid == self.me.sid {
                Some(self.me.identity.clone())
            } else {
                self.members.by_sid(&one.participant_sid).map(|member| member.identity.clone())
            };
            if let Some(identity) = who {
                self.event(RoomClientEvent::ConnectionQualityChanged(identity, quality));
            }
        }
    }

    fn handle_leave(&mut self, leave: &proto::LeaveRequest) {
        use proto::DisconnectReason as Wire;
        let verdict = ReconnectVerdict::of_leave(leave.action());
        if verdict != ReconnectVerdict::Refused {
            self.out.push_back(Output::Lost(verdict));
            return;
        }
        let reason = match leave.reason() {
            Wire::ClientInitiated => DisconnectReason::ClientInitiated,
            Wire::DuplicateIdentity => DisconnectReason::DuplicateIdentity,
            Wire::ServerShutdown => DisconnectReason::ServerShutdown,
            Wire::ParticipantRemoved => DisconnectReason::ParticipantRemoved,
            Wire::RoomDeleted | Wire::RoomClosed => DisconnectReason::RoomClosed,
            Wire::SignalClose | Wire::ConnectionTimeout | Wire::MediaFailure => {
                DisconnectReason::ConnectionLost
            }
            Wire::UnknownReason
            | Wire::StateMismatch
            | Wire::JoinFailure
            | Wire::Migration
            | Wire::UserUnavailable
            | Wire::UserRejected
            | Wire::SipTrunkFailure
            | Wire::AgentError => DisconnectReason::Other,
        };
        self.out.push_back(Output::Ended(reason));
    }
}
