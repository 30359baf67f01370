//! What is published, heard and sent.

use super::*;

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
    scene.room.note_subscriber_ready(&track);
    scene.room.note_subscriber_ready(&track);
    let told = scene.heard(ann).into_iter().filter(|m| matches!(m, Message::TrackSubscribed(_))).count();
    assert_eq!(told, 1, "the publisher hears of its first listener");
    scene.heard(bob);
    scene.room.offered(ann, &[]);
    assert_eq!(scene.done(), [format!("2 loses {track}"), format!("3 loses {track}")]);
    assert!(updates(&scene.heard(bob)).iter().all(|p| p.tracks.is_empty()));
    assert!(!scene.room.is_forwarded(ann, &track));
    let _ = cat;
}

#[test]
fn a_mute_is_told_and_holds_the_audio_back() {
    let mut scene = Scene::new();
    let (ann, bob) = (scene.join("ann"), scene.join("bob"));
    let track = scene.publish(ann, "c1", "0");
    scene.heard(bob);
    scene.ask(ann, Request::Mute(MuteTrackRequest { sid: track.clone(), muted: true }));
    assert!(updates(&scene.heard(bob))[0].tracks[0].muted && !scene.room.is_forwarded(ann, &track));
    scene.ask(ann, Request::Mute(MuteTrackRequest { sid: track.clone(), muted: false }));
    assert!(!updates(&scene.heard(bob))[0].tracks[0].muted && scene.room.is_forwarded(ann, &track));
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
    // Revoking the right unpublishes the track.
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
fn speakers_are_told_when_they_begin_and_when_they_end() {
    let mut scene = Scene::new();
    let (ann, bob) = (scene.join("ann"), scene.join("bob"));
    for who in [ann, bob] {
        scene.room.media(scene.at, who, true);
    }
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
    assert_eq!(taken, RoomLimits::default().tracks);
    assert!(messages.iter().any(|m| matches!(m, Message::RequestResponse(r)
        if r.reason() == proto::request_response::Reason::UnsupportedType)));
}
