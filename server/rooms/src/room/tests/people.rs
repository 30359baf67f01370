//! Who comes, stays and goes.

use super::*;

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
    let mut scene = Scene::with(NewRoomSettings { max_participants: 2, ..NewRoomSettings::default() });
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
    scene.room.media(scene.at, ann, true);
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
fn who_never_brings_media_is_sent_out() {
    let mut scene = Scene::new();
    let (ann, bob) = (scene.join("ann"), scene.join("bob"));
    let wait = Waits::default().join;
    assert_eq!(scene.room.deadline(), Some(scene.at.now + wait));
    scene.room.media(scene.at, bob, true);
    scene.pass(wait);
    assert_eq!(
        left(&scene.heard(ann)),
        Some((DisconnectReason::JoinFailure, leave_request::Action::Disconnect))
    );
    scene.pass(wait * 10);
    assert!(scene.room.participant("ann").is_none() && scene.room.participant("bob").is_some());
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

    let mut scene = Scene::with(NewRoomSettings {
        departure: Some(Duration::from_secs(7)),
        ..NewRoomSettings::default()
    });
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
fn a_failure_that_a_client_tries_out_befalls_it_alone() {
    use proto::SimulateScenario;
    use proto::simulate_scenario::Scenario;
    let mut scene = Scene::new();
    let (ann, bob) = (scene.join("ann"), scene.join("bob"));
    let sid = scene.room.participant("ann").expect("she is here").sid;
    scene.ask(ann, Request::Simulate(SimulateScenario { scenario: Some(Scenario::NodeFailure(true)) }));
    assert_eq!(left(&scene.heard(ann)), None, "a server that fails says nothing");
    assert_eq!(scene.done(), ["1 hangs up"]);
    assert_eq!(scene.room.resume(&sid, "ann"), None);
    assert!(scene.room.participant("bob").is_some());
    scene.ask(bob, Request::Simulate(SimulateScenario { scenario: Some(Scenario::ServerLeave(true)) }));
    assert_eq!(
        left(&scene.heard(bob)),
        Some((DisconnectReason::ServerShutdown, leave_request::Action::Disconnect))
    );
}
