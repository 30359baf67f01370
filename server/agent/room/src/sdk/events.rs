//! The SDK's events as the agent's.

use agent::{LeaveReason, Member, RoomEvent as Event, TextMessage};
use livekit::data_stream::api::{StreamReader as _, TextStreamReader};
use livekit::participant::ParticipantKind;
use livekit::prelude::{Participant, RemoteParticipant, RemoteTrackPublication, RoomEvent, TrackKind};
use livekit::{DisconnectReason, TakeCell};

use super::SdkRoom;

impl SdkRoom {
    /// The agent's events for an SDK event; most have none.
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "the SDK's events: pictures, statistics and what comes anew"
    )]
    pub(super) fn translate(&self, event: RoomEvent) -> Vec<Event> {
        let one = match event {
            RoomEvent::Connected { participants_with_tracks } => {
                let mut events = Vec::new();
                for (member, publications) in participants_with_tracks {
                    events.push(Event::Joined(described(&member)));
                    events.extend(
                        publications.iter().filter_map(|publication| published(&member, publication)),
                    );
                }
                return events;
            }
            RoomEvent::ParticipantConnected(member) => Some(Event::Joined(described(&member))),
            RoomEvent::ParticipantDisconnected(member) => {
                Some(Event::Left { identity: member.identity().into() })
            }
            RoomEvent::TrackPublished { publication, participant } => published(&participant, &publication),
            RoomEvent::TrackUnpublished { publication, participant } => {
                (publication.kind() == TrackKind::Audio).then(|| Event::AudioUnpublished {
                    identity: participant.identity().into(),
                    track: publication.sid().into(),
                })
            }
            RoomEvent::TrackMuted { participant: Participant::Remote(member), publication } => {
                Some(muted(&member, publication.sid().into(), true))
            }
            RoomEvent::TrackUnmuted { participant: Participant::Remote(member), publication } => {
                Some(muted(&member, publication.sid().into(), false))
            }
            RoomEvent::ParticipantAttributesChanged {
                participant: Participant::Remote(member),
                changed_attributes,
            } => Some(Event::Attributes {
                identity: member.identity().into(),
                changed: changed_attributes.into_iter().collect(),
            }),
            RoomEvent::TextStreamOpened { reader, participant_identity, .. } => {
                self.read(&reader, participant_identity.into());
                None
            }
            RoomEvent::LocalTrackUnpublished { .. } => {
                // The server unpublished our voice, or we left.
                drop(self.voice().take());
                None
            }
            RoomEvent::Reconnecting => Some(Event::Reconnecting),
            RoomEvent::Reconnected => Some(Event::Reconnected),
            RoomEvent::Disconnected { reason } => Some(Event::Out(why(reason))),
            _ => None,
        };
        one.into_iter().collect()
    }

    /// Reads a text to its end in a task of its own; broken ones are dropped.
    fn read(&self, reader: &TakeCell<TextStreamReader>, from: String) {
        let Some(reader) = reader.take() else { return };
        let texts = self.texts.clone();
        tokio::spawn(async move {
            let info = reader.info().clone();
            let Ok(text) = reader.read_all().await else { return };
            // Read only now, when those of its trailer have arrived.
            let attributes = info.attributes().into_iter().collect();
            let whole = TextMessage { from, topic: info.topic, stream_id: info.id, attributes, text };
            let _gone = texts.send(whole).await;
        });
    }
}

fn described(member: &RemoteParticipant) -> Member {
    Member {
        identity: member.identity().into(),
        name: member.name(),
        agent: member.kind() == ParticipantKind::Agent,
        attributes: member.attributes().into_iter().collect(),
    }
}

fn published(member: &RemoteParticipant, publication: &RemoteTrackPublication) -> Option<Event> {
    (publication.kind() == TrackKind::Audio).then(|| Event::AudioPublished {
        identity: member.identity().into(),
        track: publication.sid().into(),
        muted: publication.is_muted(),
    })
}

fn muted(member: &RemoteParticipant, track: String, muted: bool) -> Event {
    Event::Muted { identity: member.identity().into(), track, muted }
}

fn why(reason: DisconnectReason) -> LeaveReason {
    match reason {
        DisconnectReason::ClientInitiated => LeaveReason::Ours,
        DisconnectReason::DuplicateIdentity => LeaveReason::DuplicateIdentity,
        DisconnectReason::ServerShutdown | DisconnectReason::RoomDeleted | DisconnectReason::RoomClosed => {
            LeaveReason::RoomClosed
        }
        DisconnectReason::ParticipantRemoved => LeaveReason::Removed,
        DisconnectReason::UnknownReason
        | DisconnectReason::StateMismatch
        | DisconnectReason::JoinFailure
        | DisconnectReason::Migration
        | DisconnectReason::SignalClose
        | DisconnectReason::UserUnavailable
        | DisconnectReason::UserRejected
        | DisconnectReason::SipTrunkFailure
        | DisconnectReason::ConnectionTimeout
        | DisconnectReason::MediaFailure
        | DisconnectReason::AgentError => LeaveReason::Lost,
    }
}
