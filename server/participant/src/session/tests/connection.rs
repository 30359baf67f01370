//! How the session gets into the room, stays there and comes back.

use std::time::Duration;

use livekit_protocol as proto;
use proto::leave_request::Action;
use proto::signal_request::Message as Request;
use proto::signal_response::Message as Response;
use tokio::sync::oneshot;

use super::{OURS, World, address, info, user};
use crate::events::RoomClientEvent;
use crate::room::comeback::ReconnectVerdict;
use crate::session::{MediaTransport, Offer, Output, SessionCommand};

#[test]
fn it_joins_subscribes_to_audio_and_opens_livekits_channels() {
    let mut world = World::joined();
    let subscribed = world.asked().into_iter().find_map(|request| match request {
        Request::Subscription(update) => Some(update),
        _ => None,
    });
    assert_eq!(subscribed.unwrap().track_sids, ["TR_ada"]);
    let mut labels: Vec<&str> = world.channels.iter().map(|(_, label)| label.as_str()).collect();
    labels.sort_unstable();
    assert_eq!(labels, ["_lossy", "_reliable"]);
    assert!(matches!(
        &world.events[..],
        [RoomClientEvent::ParticipantConnected(ada), RoomClientEvent::TrackPublished(who, _)]
            if ada.identity == "ada" && who == "ada"
    ));
}

#[test]
fn spare_sections_are_used_up_first_and_one_offer_is_out_at_a_time() {
    let mut world = World::joined();
    world.asked();
    let sections = |offer: &Offer| offer.sdp.matches("m=audio").count();
    // The server sends nothing yet: the section of the first offer is a spare, offered again as it is.
    world.require(0);
    let first = world.offers();
    assert_eq!(first.len(), 1, "nothing required, yet an offer is awaited");
    // The server of this test takes every section; so it has one, and no spare is left.
    assert_eq!(sections(&first[0]), 2);
    world.require(2);
    assert!(world.offers().is_empty(), "one is out already");
    world.answer(&first[0]);
    let second = world.offers();
    assert_eq!(second.len(), 1);
    assert!(sections(&second[0]) > sections(&first[0]) && second[0].id > first[0].id);
    // An answer to a replaced offer is ignored.
    let stale =
        Offer { r#type: "answer".to_owned(), id: first[0].id, sdp: "v=0".to_owned(), ..Offer::default() };
    world.session.handle_signal(world.now, Response::Answer(stale));
    assert!(world.offers().is_empty() && world.lost.is_empty());
    world.answer(&second[0]);
    assert!(world.offers().is_empty());
}

#[test]
fn after_a_resume_it_says_what_it_has_and_sends_what_was_lost() {
    let mut world = World::joined();
    world.say(7, user(b"x"));
    for n in 0..5_u8 {
        let (done, _) = oneshot::channel();
        world
            .session
            .command(world.now, SessionCommand::Data(true, Vec::new(), String::new(), vec![n], done));
    }
    world.run(100);
    assert_eq!(world.messages.len(), 5);
    world.asked();
    // The server got only three of them, it says.
    let response = proto::ReconnectResponse { last_message_seq: 3, ..Default::default() };
    world.session.resume(&response);
    let asked = world.asked();
    let Request::SyncState(state) = &asked[0] else { panic!("first the state: {asked:?}") };
    assert_eq!(state.subscription.as_ref().unwrap().track_sids, ["TR_ada"]);
    let receive = &state.datachannel_receive_states[0];
    assert_eq!((receive.publisher_sid.as_str(), receive.last_seq), ("PA_ada", 7));
    assert!(state.offer.is_some() && state.answer.is_some());
    let offer = asked.iter().find_map(|request| match request {
        Request::Offer(offer) => Some(offer.clone()),
        _ => None,
    });
    world.answer(&offer.expect("ICE starts over"));
    world.run(3_000);
    assert_eq!(world.ups, 2, "media flows again");
    let sequences: Vec<u32> = world.messages.iter().map(|packet| packet.sequence).collect();
    assert_eq!(sequences, [1, 2, 3, 4, 5, 4, 5]);
}

#[test]
fn where_udp_does_not_get_through_it_goes_over_tcp() {
    let world = World::joined();
    assert_eq!(world.streamed, 0, "there was no need to");
    let (mut world, offer) = World::new();
    let join = proto::JoinResponse { participant: Some(info("me", "PA_me")), ..Default::default() };
    world.session.joined(world.now, join, true);
    world.answer(&offer);
    let passive = "candidate:9 1 tcp 1518280447 127.0.0.1 5001 typ host tcptype passive";
    let candidate_init = crate::session::sdp::candidate_json(passive);
    let trickle = proto::TrickleRequest { candidate_init, ..Default::default() };
    world.session.handle_signal(world.now, Response::Trickle(trickle));
    // Nothing of the server's comes.
    let mut first = None;
    for ms in (0..4_000).step_by(20) {
        world.now += Duration::from_millis(20);
        world.session.time(world.now);
        while let Some(output) = world.session.poll(world.now) {
            if matches!(output, Output::Transmit(MediaTransport::Tcp, from, to, _)
                if from == address(OURS) && to == address("127.0.0.1:5001"))
            {
                first.get_or_insert(ms);
            }
        }
    }
    let first = first.expect("it tries TCP");
    assert!((1_150..1_600).contains(&first), "after {first} ms");
}

#[test]
fn a_path_that_is_gone_and_a_server_that_asks_for_it_count_as_lost() {
    let mut world = World::joined();
    for (action, verdict) in
        [(Action::Resume, ReconnectVerdict::Unreachable), (Action::Reconnect, ReconnectVerdict::Stale)]
    {
        let leave = proto::LeaveRequest { action: action as i32, ..Default::default() };
        world.session.handle_signal(world.now, Response::Leave(leave));
        world.exchange();
        assert_eq!(world.lost.pop(), Some(verdict));
    }
    // Nothing comes any more: only our clock goes on.
    for _ in 0..60_000 / 50 {
        world.now += Duration::from_millis(50);
        world.session.time(world.now);
        while let Some(output) = world.session.poll(world.now) {
            if let Output::Lost(why) = output {
                world.lost.push(why);
            }
        }
    }
    assert_eq!(world.lost.first(), Some(&ReconnectVerdict::Unreachable));
}
