//! Requests that carry as much as fits into one message.

use livekit_protocol::{UpdateLocalAudioTrack, UpdateTrackSettings};

use super::*;

/// As many short names as fit into one message.
fn names() -> Vec<String> {
    (0..60_000).map(|number: u32| number.to_string()).collect()
}

#[test]
fn long_lists_are_not_carried_out() {
    let mut scene = Scene::new();
    let (ann, rude) = (scene.join("ann"), scene.join("rude"));
    let track = scene.publish(ann, "c1", "0");
    scene.done();
    let settings = UpdateTrackSettings { track_sids: names(), disabled: true, ..Default::default() };
    scene.ask(rude, Request::TrackSetting(settings));
    scene.hear_all();
    let pauses = scene.said.iter().filter(|output| matches!(output, Output::Pause(..))).count();
    assert_eq!(pauses, 32 * 16, "as many as there can be tracks");
    // Entries behind them are not reached.
    let track_sids = names().into_iter().chain([track]).collect();
    scene.ask(rude, Request::Subscription(UpdateSubscription { track_sids, ..Default::default() }));
    assert_eq!(scene.done(), Vec::<String>::new());
    let permission = |name: String| TrackPermission { participant_identity: name, ..Default::default() };
    let track_permissions = names().into_iter().map(permission).collect();
    scene.ask(
        rude,
        Request::SubscriptionPermission(SubscriptionPermission { track_permissions, ..Default::default() }),
    );
    let Some(Participant { audience: participant::Audience::Only(list), .. }) =
        scene.room.participants.get(&rude)
    else {
        panic!("it lets everybody listen");
    };
    assert_eq!(list.len(), 32 * 16);
}

#[test]
fn what_others_are_told_of_a_track_and_a_client_stays_small() {
    let mut scene = Scene::new();
    let kinds: Vec<i32> = (0..200_000).map(|number| number % 500).collect();
    let client =
        ClientInfo { capabilities: kinds.clone(), version: "x".repeat(200_000), ..Default::default() };
    let video = VideoGrants { room_join: true, ..VideoGrants::default() };
    let claims = Claims { sub: "rude".into(), video, ..Claims::default() };
    let joining = Joining { claims, client, auto_subscribe: true, single: true, tracks: Vec::new() };
    let rude = scene.room.join(scene.at, joining).expect("there is room");
    let track = |stream: &str| AddTrackRequest {
        cid: "c1".into(),
        r#type: TrackType::Audio.into(),
        audio_features: kinds.clone(),
        stream: stream.into(),
        ..AddTrackRequest::default()
    };
    scene.ask(rude, Request::AddTrack(track(&"x".repeat(257))));
    let refused = scene.heard(rude);
    assert!(refused.iter().any(|message| matches!(message, Message::RequestResponse(_))), "{refused:?}");
    scene.ask(rude, Request::AddTrack(track("stream")));
    let sid = scene.publish(rude, "c1", "0");
    let size = |scene: &Scene| scene.room.participant("rude").expect("it is here").encoded_len();
    assert!(size(&scene) < 500, "{} bytes", size(&scene));
    let update = UpdateLocalAudioTrack { track_sid: sid, features: kinds };
    scene.ask(rude, Request::UpdateAudioTrack(update));
    assert!(size(&scene) < 500, "{} bytes", size(&scene));
}

#[test]
fn a_packet_for_very_many_is_for_nobody() {
    let mut scene = Scene::new();
    let (_, rude) = (scene.join("ann"), scene.join("rude"));
    scene.done();
    for (count, delivered) in [(256, 1), (257, 0)] {
        let destination_identities = std::iter::repeat_n("ann".to_owned(), count).collect();
        let packet = DataPacket { destination_identities, ..DataPacket::default() };
        scene.room.data(rude, true, &packet.encode_to_vec());
        assert_eq!(scene.done().len(), delivered, "for {count}");
    }
}
