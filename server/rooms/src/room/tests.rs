//! One room, driven on virtual time.
#![expect(clippy::wildcard_enum_match_arm, reason = "a test looks for one kind among many")]

use std::time::Duration;

use livekit_protocol::data_packet::Value;
use livekit_protocol::signal_request::Message as Request;
use livekit_protocol::{
    AddTrackRequest, ClientInfo, DataPacket, LeaveRequest, MuteTrackRequest, ParticipantPermission,
    SubscriptionPermission, TrackPermission, TrackSource, TrackType, UpdateParticipantMetadata,
    UpdateSubscription, UserPacket,
};
use livekit_token::{Claims, VideoGrants};
use prost::Message as _;

use super::*;

/// A room and what it said that no test looked at yet.
struct Scene {
    room: Room,
    at: Moment,
    said: Vec<Output>,
}

#[expect(clippy::disallowed_methods, reason = "an anchor for virtual time")]
fn start() -> Moment {
    Moment { now: Instant::now(), unix_ms: 1_000_000 }
}

impl Scene {
    fn new() -> Self {
        Self::with(Settings::default())
    }

    fn with(settings: Settings) -> Self {
        let at = start();
        let room = Room::open(at, "hall", settings, Limits::default(), Waits::default(), Ids::seeded(1));
        Self { room, at, said: Vec::new() }
    }

    fn pass(&mut self, wait: Duration) {
        self.at.now += wait;
        self.room.tick(self.at);
    }

    fn try_join(&mut self, identity: &str, change: fn(&mut VideoGrants)) -> Result<Pid, JoinError> {
        let mut video =
            VideoGrants { room_join: true, can_update_own_metadata: Some(true), ..VideoGrants::default() };
        change(&mut video);
        let claims = Claims { sub: identity.into(), video, ..Claims::default() };
        let (client, tracks) = (ClientInfo::default(), Vec::new());
        self.room.join(self.at, Joining { claims, client, auto_subscribe: true, single: true, tracks })
    }

    fn join(&mut self, identity: &str) -> Pid {
        self.try_join(identity, |_| ()).expect("there is room")
    }

    fn ask(&mut self, pid: Pid, request: Request) {
        self.room.request(self.at, pid, request);
    }

    /// Announces an audio track and offers it on this section; its sid.
    fn publish(&mut self, pid: Pid, cid: &str, mid: &str) -> String {
        self.announce(pid, cid, TrackSource::Microphone);
        let messages = self.heard(pid);
        let sid = messages.iter().find_map(|message| match message {
            Message::TrackPublished(published) if published.cid == cid => published.track.as_ref(),
            _ => None,
        });
        let sid = sid.expect("it was taken").sid.clone();
        self.room.offered(pid, &[Offered { mid: mid.into(), audio: true, cid: Some(cid.into()) }]);
        sid
    }

    fn announce(&mut self, pid: Pid, cid: &str, source: TrackSource) {
        let request = AddTrackRequest {
            cid: cid.into(),
            r#type: TrackType::Audio.into(),
            source: source.into(),
            ..AddTrackRequest::default()
        };
        self.ask(pid, Request::AddTrack(request));
    }

    fn hear_all(&mut self) {
        while let Some(output) = self.room.poll() {
            self.said.push(output);
        }
    }

    /// What this participant was told since the last time.
    fn heard(&mut self, pid: Pid) -> Vec<Message> {
        self.hear_all();
        let (mine, rest) =
            self.said.drain(..).partition(|output| matches!(output, Output::Signal(to, _) if *to == pid));
        self.said = rest;
        let mine: Vec<Output> = mine;
        mine.into_iter()
            .filter_map(|output| match output {
                Output::Signal(_, message) => Some(message),
                _ => None,
            })
            .collect()
    }

    /// Everything that is not a message since the last time, in short words.
    fn done(&mut self) -> Vec<String> {
        self.hear_all();
        let done = self.said.iter().filter_map(|output| match output {
            Output::Subscribe(pid, wire) => Some(format!("{} gets {}", pid.0, wire.track)),
            Output::Unsubscribe(pid, track) => Some(format!("{} loses {track}", pid.0)),
            Output::Deliver(pid, _) => Some(format!("{} is sent data", pid.0)),
            Output::Hang(pid) => Some(format!("{} hangs up", pid.0)),
            Output::Closed => Some("closed".into()),
            Output::Signal(..) | Output::Gone(_) | Output::Pause(..) | Output::Event(_) => None,
        });
        let done = done.collect();
        self.said.retain(|output| matches!(output, Output::Signal(..)));
        done
    }
}

fn updates(messages: &[Message]) -> Vec<&proto::ParticipantInfo> {
    let lists = messages.iter().filter_map(|message| match message {
        Message::Update(update) => Some(&update.participants),
        _ => None,
    });
    lists.flatten().collect()
}

fn left(messages: &[Message]) -> Option<(DisconnectReason, leave_request::Action)> {
    messages.iter().find_map(|message| match message {
        Message::Leave(leave) => Some((leave.reason(), leave.action())),
        _ => None,
    })
}

#[test]
fn those_who_join_see_each_other() {
    let mut scene = Scene::new();
    let (ann, bob) = (scene.join("ann"), scene.join("bob"));
    let messages = scene.heard(bob);
    let Some(Message::Join(join)) = messages.first() else {
        panic!("the first word is not the join: {messages:?}")
    };
    assert_eq!(join.other_participants[0].identity, "ann");
    assert_eq!(join.server_info.as_ref().map(|info| info.protocol), Some(17));
    assert!(join.room.as_ref().is_some_and(|room| room.sid.starts_with("RM_") && room.num_participants == 2));
    assert_eq!(updates(&scene.heard(ann)).last().map(|p| p.identity.as_str()), Some("bob"));
}

#[test]
fn who_is_hidden_is_not_seen_but_sees() {
    let mut scene = Scene::new();
    let ann = scene.join("ann");
    let ghost = scene.try_join("ghost", |video| video.hidden = true).expect("there is room");
    assert!(updates(&scene.heard(ann)).is_empty());
    scene.room.media(scene.at, ghost, true);
    scene.ask(ghost, Request::Leave(LeaveRequest::default()));
    assert!(updates(&scene.heard(ann)).is_empty());
    assert_eq!(scene.room.info().num_participants, 1);
}

#[test]
fn a_track_is_sent_once_it_is_offered_and_no_longer_when_it_is_not() {
    let mut scene = Scene::new();
    let (ann, bob) = (scene.join("ann"), scene.join("bob"));
    scene.announce(ann, "c1", TrackSource::Microphone);
    assert_eq!(scene.done(), Vec::<String>::new(), "announced is not published");
    let track = scene.publish(ann, "c1", "0");
    assert_eq!(scene.done(), [format!("2 gets {track}")], "the second announcement is the same track");
    assert_eq!(scene.room.track_on(ann, "0"), Some(track.as_str()));
    let cat = scene.join("cat");
    assert_eq!(scene.done(), [format!("3 gets {track}")]);
    scene.room.bound(&track);
    scene.room.bound(&track);
    let told = scene.heard(ann).into_iter().filter(|m| matches!(m, Message::TrackSubscribed(_))).count();
    assert_eq!(told, 1, "the publisher hears of its first listener");
    scene.heard(bob);
    scene.room.offered(ann, &[]);
    assert_eq!(scene.done(), [format!("2 loses {track}"), format!("3 loses {track}")]);
    assert!(updates(&scene.heard(bob)).iter().all(|p| p.tracks.is_empty()));
    assert!(!scene.room.passes(ann, &track));
    let _ = cat;
}

#[test]
fn a_mute_is_told_and_holds_the_audio_back() {
    let mut scene = Scene::new();
    let (ann, bob) = (scene.join("ann"), scene.join("bob"));
    let track = scene.publish(ann, "c1", "0");
    scene.heard(bob);
    scene.ask(ann, Request::Mute(MuteTrackRequest { sid: track.clone(), muted: true }));
    assert!(updates(&scene.heard(bob))[0].tracks[0].muted && !scene.room.passes(ann, &track));
    scene.ask(ann, Request::Mute(MuteTrackRequest { sid: track.clone(), muted: false }));
    assert!(!updates(&scene.heard(bob))[0].tracks[0].muted && scene.room.passes(ann, &track));
    assert!(scene.room.silence("ann", &track, true).is_some_and(|info| info.muted));
    assert!(scene.heard(ann).iter().any(|m| matches!(m, Message::Mute(mute) if mute.muted)));
}

#[test]
fn rights_are_kept() {
    let mut scene = Scene::new();
    let ann = scene.join("ann");
    let track = scene.publish(ann, "c1", "0");
    let deaf = scene.try_join("deaf", |video| video.can_subscribe = Some(false)).expect("there is room");
    scene.ask(
        deaf,
        Request::Subscription(UpdateSubscription {
            track_sids: vec![track],
            subscribe: true,
            ..Default::default()
        }),
    );
    let screen = scene
        .try_join("screen", |video| video.can_publish_sources = vec!["screen_share_audio".into()])
        .expect("there is room");
    assert_eq!(scene.done().len(), 1, "only the last one gets the track");
    scene.announce(screen, "c2", TrackSource::Microphone);
    let refused = scene.heard(screen);
    assert!(
        refused.iter().any(|m| matches!(m, Message::RequestResponse(r)
        if r.reason() == proto::request_response::Reason::NotAllowed)),
        "{refused:?}"
    );
    scene.announce(screen, "c3", TrackSource::ScreenShareAudio);
    assert!(scene.heard(screen).iter().any(|m| matches!(m, Message::TrackPublished(_))));
    // A right that is taken away takes the track along.
    let none = ParticipantPermission { can_subscribe: true, ..ParticipantPermission::default() };
    scene
        .room
        .amend("ann", &UpdateParticipantMetadata::default(), Some(none))
        .expect("she is here")
        .expect("allowed");
    assert!(scene.heard(ann).iter().any(|m| matches!(m, Message::TrackUnpublished(_))));
}

#[test]
fn listeners_choose_and_publishers_choose_listeners() {
    let mut scene = Scene::new();
    let (ann, bob) = (scene.join("ann"), scene.join("bob"));
    let track = scene.publish(ann, "c1", "0");
    scene.done();
    let choose = |subscribe| {
        Request::Subscription(UpdateSubscription {
            track_sids: vec![track.clone()],
            subscribe,
            ..Default::default()
        })
    };
    scene.ask(bob, choose(false));
    scene.ask(bob, choose(true));
    assert_eq!(scene.done(), [format!("2 loses {track}"), format!("2 gets {track}")]);
    let only = |identity: &str| {
        Request::SubscriptionPermission(SubscriptionPermission {
            all_participants: false,
            track_permissions: vec![TrackPermission {
                participant_identity: identity.into(),
                all_tracks: true,
                ..TrackPermission::default()
            }],
        })
    };
    scene.ask(ann, only("cat"));
    assert_eq!(scene.done(), [format!("2 loses {track}")]);
    assert!(
        scene.heard(bob).iter().any(|m| matches!(m, Message::SubscriptionPermissionUpdate(u) if !u.allowed))
    );
    scene.ask(bob, choose(true));
    assert_eq!(scene.done(), Vec::<String>::new());
    scene.ask(ann, only("bob"));
    assert_eq!(scene.done(), [format!("2 gets {track}")]);
}

#[test]
fn data_is_stamped_and_goes_to_whom_it_is_for() {
    let mut scene = Scene::new();
    let (ann, bob) = (scene.join("ann"), scene.join("bob"));
    scene.join("cat");
    let packet = |to: &[&str]| DataPacket {
        participant_identity: "somebody else".into(),
        destination_identities: to.iter().map(ToString::to_string).collect(),
        sequence: 9,
        value: Some(Value::User(UserPacket { payload: b"hi".to_vec(), ..UserPacket::default() })),
        ..DataPacket::default()
    };
    scene.room.data(ann, true, &packet(&[]).encode_to_vec());
    scene.hear_all();
    let delivered = scene.said.iter().find_map(|output| match output {
        Output::Deliver(pid, delivery) if *pid == bob => Some(delivery),
        _ => None,
    });
    let got = DataPacket::decode(&*delivered.expect("it came").packet).expect("it is whole");
    assert_eq!((got.participant_identity.as_str(), got.sequence), ("ann", 9));
    assert_eq!(scene.done(), ["2 is sent data", "3 is sent data"]);
    scene.room.data(ann, false, &packet(&["cat"]).encode_to_vec());
    assert_eq!(scene.done(), ["3 is sent data"]);
    scene.room.data(ann, true, &[0xff; 40]);
    scene.room.data(ann, true, &vec![0; 1 << 20]);
    let mute = scene.try_join("mute", |video| video.can_publish_data = Some(false)).expect("there is room");
    scene.done();
    scene.room.data(mute, true, &packet(&[]).encode_to_vec());
    assert_eq!(scene.done(), Vec::<String>::new());
}

#[test]
fn what_is_said_of_oneself_has_its_bounds() {
    let mut scene = Scene::new();
    let (ann, bob) = (scene.join("ann"), scene.join("bob"));
    scene.heard(bob);
    let mut say = |key: &str, value: &str| {
        let attributes = [(key.to_owned(), value.to_owned())].into();
        scene.ask(
            ann,
            Request::UpdateMetadata(UpdateParticipantMetadata {
                attributes,
                request_id: 5,
                ..Default::default()
            }),
        );
        let reason = scene.heard(ann).iter().find_map(|m| match m {
            Message::RequestResponse(response) => Some(response.reason()),
            _ => None,
        });
        (reason.expect("an answer"), updates(&scene.heard(bob)).last().map(|p| p.attributes.len()))
    };
    use proto::request_response::Reason;
    assert_eq!(say("a", "1"), (Reason::Ok, Some(1)));
    assert_eq!(say("b", &"x".repeat(70_000)), (Reason::LimitExceeded, None));
    assert_eq!(say("a", ""), (Reason::Ok, Some(0)));
}

#[test]
fn the_same_identity_takes_its_own_place() {
    let mut scene = Scene::with(Settings { max_participants: 2, ..Settings::default() });
    let (ann, bob) = (scene.join("ann"), scene.join("bob"));
    let track = scene.publish(ann, "c1", "0");
    scene.heard(bob);
    let again = scene.join("ann");
    assert_eq!(
        left(&scene.heard(ann)),
        Some((DisconnectReason::DuplicateIdentity, leave_request::Action::Disconnect))
    );
    let messages = scene.heard(bob);
    let states: Vec<_> = updates(&messages).iter().map(|p| p.state()).collect();
    assert!(states.contains(&State::Disconnected) && states.last() == Some(&State::Joined), "{states:?}");
    assert!(scene.done().contains(&format!("2 loses {track}")));
    assert_ne!(ann, again);
    assert_eq!(scene.try_join("cat", |_| ()), Err(JoinError::Full));
}

#[test]
fn a_broken_connection_is_waited_for() {
    let mut scene = Scene::new();
    let ann = scene.join("ann");
    let sid = scene.room.participant("ann").expect("she is here").sid;
    let waits = Waits::default();
    scene.room.signal_lost(scene.at, ann);
    assert_eq!(scene.room.deadline(), Some(scene.at.now + waits.resume));
    scene.pass(waits.resume / 2);
    assert_eq!(scene.room.resume(&sid, "bob"), None, "a sid is nobody else's");
    assert_eq!(scene.room.resume(&sid, "ann"), Some(ann));
    assert!(scene.heard(ann).iter().any(|m| matches!(m, Message::Reconnect(_))));
    scene.pass(waits.resume * 2);
    assert!(scene.room.participant("ann").is_some());
    scene.room.signal_lost(scene.at, ann);
    scene.pass(waits.resume);
    assert!(scene.room.participant("ann").is_none());
    assert_eq!(scene.room.resume(&sid, "ann"), None);
}

#[test]
fn media_that_stays_away_makes_a_client_begin_anew() {
    let mut scene = Scene::new();
    let ann = scene.join("ann");
    scene.room.media(scene.at, ann, true);
    scene.room.media(scene.at, ann, false);
    scene.pass(Waits::default().media / 2);
    scene.room.media(scene.at, ann, true);
    scene.pass(Waits::default().media);
    assert_eq!(left(&scene.heard(ann)), None);
    scene.room.media(scene.at, ann, false);
    scene.pass(Waits::default().media);
    assert_eq!(
        left(&scene.heard(ann)),
        Some((DisconnectReason::MediaFailure, leave_request::Action::Reconnect))
    );
}

#[test]
fn an_empty_room_closes_in_its_time() {
    let waits = Waits::default();
    let mut never = Scene::new();
    never.pass(waits.departure);
    assert_eq!(never.done(), Vec::<String>::new());
    never.pass(waits.empty);
    assert_eq!(never.done(), ["closed"]);

    let mut scene = Scene::with(Settings { departure: Some(Duration::from_secs(7)), ..Settings::default() });
    let ann = scene.join("ann");
    scene.pass(waits.empty * 3);
    scene.ask(ann, Request::Leave(LeaveRequest::default()));
    assert_eq!(scene.done(), ["1 hangs up"]);
    scene.pass(Duration::from_secs(6));
    let bob = scene.join("bob");
    scene.pass(Duration::from_secs(6));
    scene.room.remove(scene.at, bob, DisconnectReason::ParticipantRemoved);
    assert_eq!(scene.room.deadline(), Some(scene.at.now + Duration::from_secs(7)));
    scene.pass(Duration::from_secs(7));
    assert_eq!(scene.done(), ["2 hangs up", "closed"]);
    assert_eq!(scene.try_join("cat", |_| ()), Err(JoinError::Closed));
}

#[test]
fn speakers_are_told_when_they_begin_and_when_they_end() {
    let mut scene = Scene::new();
    let (ann, bob) = (scene.join("ann"), scene.join("bob"));
    let track = scene.publish(ann, "c1", "0");
    let told = |scene: &mut Scene| -> Vec<bool> {
        let messages = scene.heard(bob);
        let speakers = messages.iter().filter_map(|m| match m {
            Message::SpeakersChanged(changed) => Some(changed.speakers[0].active),
            _ => None,
        });
        speakers.collect()
    };
    told(&mut scene);
    for _ in 0..40 {
        scene.room.level(scene.at, ann, &track, 20);
        scene.pass(Duration::from_millis(20));
    }
    assert_eq!(told(&mut scene), [true]);
    for _ in 0..20 {
        scene.pass(Duration::from_millis(400));
    }
    assert_eq!(told(&mut scene), [false]);
    assert_eq!(scene.room.deadline(), None, "silence is not measured");
}

#[test]
fn tracks_have_their_bound_and_video_its_answer() {
    let mut scene = Scene::new();
    let ann = scene.join("ann");
    for number in 0..40 {
        scene.announce(ann, &format!("c{number}"), TrackSource::Microphone);
    }
    let video =
        AddTrackRequest { cid: "v".into(), r#type: TrackType::Video.into(), ..AddTrackRequest::default() };
    scene.ask(ann, Request::AddTrack(video));
    let messages = scene.heard(ann);
    let taken = messages.iter().filter(|m| matches!(m, Message::TrackPublished(_))).count();
    assert_eq!(taken, Limits::default().tracks);
    assert!(messages.iter().any(|m| matches!(m, Message::RequestResponse(r)
        if r.reason() == proto::request_response::Reason::UnsupportedType)));
}
