//! Who is in the room and what they publish: the state from the server's updates, and what each changed. Pure.

use std::collections::BTreeMap;

use livekit_protocol as proto;
use proto::participant_info::{Kind, State};

/// Participants that are kept; a room for a voice agent holds a handful.
const MOST_MEMBERS: usize = 1_000;

/// A remote track.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RemoteTrack {
    /// Its id (`TR_...`).
    pub sid: String,
    /// Its name; may be empty.
    pub name: String,
    /// Whether it is audio.
    pub audio: bool,
    /// Whether it comes from a microphone.
    pub microphone: bool,
    /// Whether it is muted.
    pub muted: bool,
}

/// A remote participant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RemoteParticipant {
    /// The id of this stay in the room (`PA_...`).
    pub sid: String,
    /// Its identity.
    pub identity: String,
    /// The name to show.
    pub name: String,
    /// Free text that its token or it itself set.
    pub metadata: String,
    /// Its attributes.
    pub attributes: BTreeMap<String, String>,
    /// Whether it joined as an agent.
    pub agent: bool,
    /// Its tracks by id.
    pub tracks: BTreeMap<String, RemoteTrack>,
    version: u32,
}

/// What an update changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MemberChange {
    /// A participant joined; its tracks follow.
    Joined(RemoteParticipant),
    /// A participant left; its tracks were unpublished before.
    Left(RemoteParticipant),
    /// A track is published.
    Published(String, RemoteTrack),
    /// A track is no longer published.
    Unpublished(String, RemoteTrack),
    /// A track was muted (`true`) or is heard again.
    Muted(String, String, bool),
    /// These attributes changed; removed ones are empty.
    Attributes(String, BTreeMap<String, String>),
    /// The metadata changed.
    Metadata(String, String),
    /// The name changed.
    Name(String, String),
}

/// All remote participants.
#[derive(Debug, Default)]
pub struct Members {
    by_identity: BTreeMap<String, RemoteParticipant>,
}

impl Members {
    /// All of them, by identity.
    pub fn all(&self) -> impl Iterator<Item = &RemoteParticipant> {
        self.by_identity.values()
    }

    /// The participant of this identity.
    pub fn get(&self, identity: &str) -> Option<&RemoteParticipant> {
        self.by_identity.get(identity)
    }

    /// The participant of this sid.
    pub fn by_sid(&self, sid: &str) -> Option<&RemoteParticipant> {
        self.by_identity.values().find(|member| member.sid == sid)
    }

    /// A track with its publisher.
    pub fn track(&self, sid: &str) -> Option<(&RemoteParticipant, &RemoteTrack)> {
        self.by_identity.values().find_map(|member| Some((member, member.tracks.get(sid)?)))
    }

    /// Applies the full list that comes with a join: participants that are not in it have left.
    pub fn replace(&mut self, infos: &[proto::ParticipantInfo]) -> Vec<MemberChange> {
        let here = |identity: &String| infos.iter().any(|info| info.identity == *identity);
        let gone: Vec<String> = self.by_identity.keys().filter(|identity| !here(identity)).cloned().collect();
        let mut changes: Vec<MemberChange> = gone.iter().flat_map(|identity| self.remove(identity)).collect();
        for info in infos {
            changes.extend(self.update(info));
        }
        changes
    }

    /// Applies the server's update of one participant.
    pub fn update(&mut self, info: &proto::ParticipantInfo) -> Vec<MemberChange> {
        if info.identity.is_empty() {
            return Vec::new();
        }
        let known = self.by_identity.get(&info.identity);
        if info.state() == State::Disconnected {
            // An update about an earlier session of a participant that joined again.
            let ours = known.is_some_and(|member| member.sid == info.sid);
            return if ours { self.remove(&info.identity) } else { Vec::new() };
        }
        let mut changes = Vec::new();
        if known.is_some_and(|member| member.sid != info.sid) {
            changes.extend(self.remove(&info.identity));
        } else if known.is_some_and(|member| info.version < member.version) {
            return Vec::new();
        }
        if let Some(member) = self.by_identity.get_mut(&info.identity) {
            changes.extend(renew(member, info));
        } else if self.by_identity.len() < MOST_MEMBERS {
            changes.extend(self.add(info));
        }
        changes
    }

    fn add(&mut self, info: &proto::ParticipantInfo) -> Vec<MemberChange> {
        let mut member = RemoteParticipant {
            sid: info.sid.clone(),
            identity: info.identity.clone(),
            name: info.name.clone(),
            metadata: info.metadata.clone(),
            attributes: sorted(info),
            agent: info.kind() == Kind::Agent,
            tracks: BTreeMap::new(),
            version: info.version,
        };
        let mut changes = vec![MemberChange::Joined(member.clone())];
        changes.extend(tracks(&mut member, info));
        self.by_identity.insert(info.identity.clone(), member);
        changes
    }

    fn remove(&mut self, identity: &str) -> Vec<MemberChange> {
        let Some(mut member) = self.by_identity.remove(identity) else { return Vec::new() };
        let tracks = std::mem::take(&mut member.tracks);
        let gone = tracks.into_values().map(|track| MemberChange::Unpublished(identity.to_owned(), track));
        let mut changes: Vec<MemberChange> = gone.collect();
        changes.push(MemberChange::Left(member));
        changes
    }
}

fn sorted(info: &proto::ParticipantInfo) -> BTreeMap<String, String> {
    info.attributes.iter().map(|(name, value)| (name.clone(), value.clone())).collect()
}

fn renew(member: &mut RemoteParticipant, info: &proto::ParticipantInfo) -> Vec<MemberChange> {
    let mut changes = Vec::new();
    let who = || info.identity.clone();
    member.version = info.version;
    if member.name != info.name {
        member.name.clone_from(&info.name);
        changes.push(MemberChange::Name(who(), info.name.clone()));
    }
    if member.metadata != info.metadata {
        member.metadata.clone_from(&info.metadata);
        changes.push(MemberChange::Metadata(who(), info.metadata.clone()));
    }
    let now = sorted(info);
    let mut changed = BTreeMap::new();
    for (name, value) in &now {
        if member.attributes.get(name) != Some(value) {
            changed.insert(name.clone(), value.clone());
        }
    }
    for name in member.attributes.keys().filter(|name| !now.contains_key(*name)) {
        changed.insert(name.clone(), String::new());
    }
    member.attributes = now;
    if !changed.is_empty() {
        changes.push(MemberChange::Attributes(who(), changed));
    }
    changes.extend(tracks(member, info));
    changes
}

fn tracks(member: &mut RemoteParticipant, info: &proto::ParticipantInfo) -> Vec<MemberChange> {
    let mut changes = Vec::new();
    let who = || info.identity.clone();
    let published = |sid: &String| info.tracks.iter().any(|track| track.sid == *sid);
    let gone: Vec<String> = member.tracks.keys().filter(|sid| !published(sid)).cloned().collect();
    for sid in gone {
        changes.extend(member.tracks.remove(&sid).map(|track| MemberChange::Unpublished(who(), track)));
    }
    for track in &info.tracks {
        match member.tracks.get_mut(&track.sid) {
            Some(known) if known.muted != track.muted => {
                known.muted = track.muted;
                changes.push(MemberChange::Muted(who(), track.sid.clone(), track.muted));
            }
            Some(_) => {}
            None => {
                let new = RemoteTrack {
                    sid: track.sid.clone(),
                    name: track.name.clone(),
                    audio: track.r#type() == proto::TrackType::Audio,
                    microphone: track.source() == proto::TrackSource::Microphone,
                    muted: track.muted,
                };
                member.tracks.insert(track.sid.clone(), new.clone());
                changes.push(MemberChange::Published(who(), new));
            }
        }
    }
    changes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn info(identity: &str, sid: &str, version: u32) -> proto::ParticipantInfo {
        proto::ParticipantInfo {
            identity: identity.to_owned(),
            sid: sid.to_owned(),
            state: State::Active as i32,
            version,
            ..Default::default()
        }
    }

    fn with_track(mut info: proto::ParticipantInfo, sid: &str, muted: bool) -> proto::ParticipantInfo {
        info.tracks.push(proto::TrackInfo { sid: sid.to_owned(), muted, ..Default::default() });
        info
    }

    #[test]
    fn a_stay_with_a_track_muted_and_gone() {
        let mut members = Members::default();
        let joined = members.update(&with_track(info("ada", "PA_1", 1), "TR_1", false));
        assert!(
            matches!(&joined[..], [MemberChange::Joined(_), MemberChange::Published(_, track)] if track.sid == "TR_1")
        );
        let muted = members.update(&with_track(info("ada", "PA_1", 2), "TR_1", true));
        assert_eq!(muted, [MemberChange::Muted("ada".to_owned(), "TR_1".to_owned(), true)]);
        assert_eq!(members.update(&info("ada", "PA_1", 1)), [], "an update that was overtaken");
        assert_eq!(members.track("TR_1").unwrap().0.identity, "ada");
        let mut left = info("ada", "PA_1", 3);
        left.state = State::Disconnected as i32;
        let gone = members.update(&left);
        assert!(matches!(&gone[..], [MemberChange::Unpublished(..), MemberChange::Left(_)]));
        assert_eq!(members.update(&left), []);
    }

    #[test]
    fn somebody_who_joins_again_is_somebody_new_and_the_old_stay_ends_unseen() {
        let mut members = Members::default();
        members.update(&info("ada", "PA_1", 5));
        let again = members.update(&info("ada", "PA_2", 1));
        assert!(
            matches!(&again[..], [MemberChange::Left(old), MemberChange::Joined(new)] if old.sid != new.sid)
        );
        let mut old = info("ada", "PA_1", 9);
        old.state = State::Disconnected as i32;
        assert_eq!(members.update(&old), []);
        assert!(members.by_sid("PA_2").is_some());
    }

    #[test]
    fn attributes_tell_what_changed_and_what_went() {
        let mut members = Members::default();
        let mut one = info("ada", "PA_1", 1);
        one.attributes.insert("a".to_owned(), "1".to_owned());
        one.attributes.insert("b".to_owned(), "2".to_owned());
        members.update(&one);
        one.attributes.remove("a");
        one.attributes.insert("b".to_owned(), "3".to_owned());
        one.version = 2;
        let expected = BTreeMap::from([("a".into(), String::new()), ("b".into(), "3".into())]);
        assert_eq!(members.update(&one), [MemberChange::Attributes("ada".to_owned(), expected)]);
    }

    #[test]
    fn a_new_list_of_everybody_takes_away_who_is_not_on_it() {
        let mut members = Members::default();
        members.update(&info("ada", "PA_1", 1));
        members.update(&info("bob", "PA_2", 1));
        let changes = members.replace(&[info("bob", "PA_2", 2), info("eve", "PA_3", 1)]);
        assert!(matches!(&changes[..], [MemberChange::Left(gone), MemberChange::Joined(new)]
            if gone.identity == "ada" && new.identity == "eve"));
    }
}
