//! One participant, as the room knows it.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

use livekit_protocol::participant_info::{Kind, State};
use livekit_protocol::{
    AddTrackRequest, ClientInfo, DisconnectReason, ParticipantInfo, ParticipantPermission, TrackInfo,
    TrackSource,
};
use livekit_token::Claims;

use super::quality::Quality;
use super::speakers::Meter;
use super::{ForwardedTrack, Pid, RoomInstant};

/// A participant that joins: its rights and wishes.
#[derive(Debug, Clone)]
pub struct Joining {
    /// What the token says.
    pub claims: Claims,
    /// What the client says it is.
    pub client: ClientInfo,
    /// Whether it gets every track without asking.
    pub auto_subscribe: bool,
    /// Whether it has one peer connection for both directions.
    pub single: bool,
    /// Tracks announced with the join.
    pub tracks: Vec<AddTrackRequest>,
}

/// A track announced by its publisher.
#[derive(Debug)]
pub(super) struct Track {
    pub info: TrackInfo,
    /// The publisher's id for it, by which its media section is found.
    pub cid: String,
    /// The media section that carries it. Until there is one, nobody else is told of the track.
    pub mid: Option<String>,
    /// Whether its publisher was told of the first subscriber.
    pub heard: bool,
    pub meter: Meter,
}

/// Which participants a publisher lets subscribe.
#[derive(Debug, Default)]
pub(super) enum Audience {
    #[default]
    Everyone,
    /// By identity or sid, with the allowed tracks; `None`: all of them.
    Only(BTreeMap<String, Option<BTreeSet<String>>>),
}

#[derive(Debug)]
pub(super) struct Participant {
    pub sid: String,
    pub identity: String,
    pub name: String,
    pub metadata: String,
    pub attributes: BTreeMap<String, String>,
    pub permission: ParticipantPermission,
    pub kind: Kind,
    pub client: ClientInfo,
    pub auto_subscribe: bool,
    pub single: bool,
    pub state: State,
    pub joined_ms: i64,
    /// Counts changes, so that a client can tell the newer of two states.
    pub version: u32,
    pub tracks: BTreeMap<String, Track>,
    pub audience: Audience,
    /// The sids of tracks that are sent to it.
    pub subscribed: BTreeSet<String>,
    /// Tracks that it declined although it subscribes automatically.
    pub declined: BTreeSet<String>,
    /// Since when its signalling is gone.
    pub silent_since: Option<Instant>,
    /// Since when its first media connection is awaited.
    pub joining_since: Option<Instant>,
    /// Since when its media is gone, if it was ever connected.
    pub dark_since: Option<Instant>,
    /// The last sequence number of its reliable data packets.
    pub last_sequence: u32,
    pub disconnect_reason: DisconnectReason,
    pub quality: Quality,
    /// What its token said; rights that changed since are in `permission`.
    claims: Claims,
}

impl Participant {
    pub fn new(sid: String, joining: Joining, at: RoomInstant) -> Self {
        let Joining { claims, client, auto_subscribe, single, tracks: _ } = joining;
        let video = &claims.video;
        Self {
            claims: claims.clone(),
            sid,
            permission: ParticipantPermission {
                can_subscribe: video.can_subscribe(),
                can_publish: video.can_publish(),
                can_publish_data: video.can_publish_data(),
                can_publish_sources: video
                    .can_publish_sources
                    .iter()
                    .filter_map(|name| source(name))
                    .collect(),
                hidden: video.hidden,
                can_update_metadata: video.can_update_own_metadata(),
                ..ParticipantPermission::default()
            },
            kind: if video.agent { Kind::Agent } else { kind(&claims.kind) },
            identity: claims.sub,
            name: claims.name,
            metadata: claims.metadata,
            attributes: claims.attributes.into_iter().collect(),
            // The rest is never used again.
            client: ClientInfo {
                client_protocol: client.client_protocol,
                capabilities: features(client.capabilities),
                ..ClientInfo::default()
            },
            auto_subscribe,
            single,
            state: State::Joined,
            joined_ms: at.unix_ms,
            version: 1,
            tracks: BTreeMap::new(),
            audience: Audience::Everyone,
            subscribed: BTreeSet::new(),
            declined: BTreeSet::new(),
            silent_since: None,
            joining_since: Some(at.now),
            dark_since: None,
            last_sequence: 0,
            disconnect_reason: DisconnectReason::UnknownReason,
            quality: Quality::default(),
        }
    }

    pub fn info(&self) -> ParticipantInfo {
        ParticipantInfo {
            sid: self.sid.clone(),
            identity: self.identity.clone(),
            name: self.name.clone(),
            metadata: self.metadata.clone(),
            attributes: self.attributes.clone().into_iter().collect(),
            state: self.state.into(),
            tracks: self.published().map(|track| track.info.clone()).collect(),
            joined_at: self.joined_ms / 1000,
            joined_at_ms: self.joined_ms,
            version: self.version,
            permission: Some(self.permission.clone()),
            is_publisher: self.published().next().is_some(),
            kind: self.kind.into(),
            disconnect_reason: self.disconnect_reason.into(),
            client_protocol: self.client.client_protocol,
            capabilities: self.client.capabilities.clone(),
            ..ParticipantInfo::default()
        }
    }

    /// The claims that a token of this participant would have now.
    pub fn claims(&self) -> Claims {
        let mut claims = self.claims.clone();
        let (video, permission) = (&mut claims.video, &self.permission);
        video.can_subscribe = Some(permission.can_subscribe);
        video.can_publish = Some(permission.can_publish);
        video.can_publish_data = Some(permission.can_publish_data);
        video.can_update_own_metadata = Some(permission.can_update_metadata);
        video.hidden = permission.hidden;
        let sources =
            permission.can_publish_sources.iter().filter_map(|source| TrackSource::try_from(*source).ok());
        video.can_publish_sources = sources.map(|source| source.as_str_name().to_ascii_lowercase()).collect();
        claims.name.clone_from(&self.name);
        claims.metadata.clone_from(&self.metadata);
        claims.attributes = self.attributes.clone().into_iter().collect();
        claims
    }

    /// The tracks that others can hear.
    pub fn published(&self) -> impl Iterator<Item = &Track> {
        self.tracks.values().filter(|track| track.mid.is_some())
    }

    pub fn hidden(&self) -> bool {
        self.permission.hidden
    }

    /// Whether a track of this source may be published.
    pub fn may_publish(&self, source: i32) -> bool {
        let sources = &self.permission.can_publish_sources;
        self.permission.can_publish && (sources.is_empty() || sources.contains(&source))
    }

    /// Whether this publisher lets that participant listen to this track.
    pub fn allows_listener(&self, listener: &Participant, track: &str) -> bool {
        match &self.audience {
            Audience::Everyone => true,
            Audience::Only(list) => [&listener.identity, &listener.sid]
                .into_iter()
                .filter_map(|who| list.get(who))
                .any(|tracks| tracks.as_ref().is_none_or(|tracks| tracks.contains(track))),
        }
    }

    pub fn wire(&self, track: &str) -> ForwardedTrack {
        ForwardedTrack { track: track.to_owned(), stream: format!("{}|{track}", self.sid) }
    }
}

/// Removes duplicates: the list is passed on to others, and there are few distinct values.
pub(super) fn features(mut list: Vec<i32>) -> Vec<i32> {
    list.sort_unstable();
    list.dedup();
    list.truncate(32);
    list
}

/// A key into the participants, with the participant.
pub(super) type ParticipantEntry<'a> = (Pid, &'a Participant);

fn source(name: &str) -> Option<i32> {
    TrackSource::from_str_name(&name.to_ascii_uppercase()).map(Into::into)
}

fn kind(name: &str) -> Kind {
    Kind::from_str_name(&name.to_ascii_uppercase()).unwrap_or_default()
}
