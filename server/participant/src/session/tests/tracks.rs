//! Tracks of its own: published, refused, taken back, moved along.

use std::sync::Arc;

use livekit_protocol as proto;
use proto::signal_request::Message as Request;
use proto::signal_response::Message as Response;
use tokio::sync::oneshot;

use super::{World, info, with_track};
use crate::audio::voice::VoiceOptions;
use crate::events::RoomClientEvent;
use crate::options::RoomClientError;
use crate::queue::PcmQueue;
use crate::session::{Offer, SessionCommand};

#[test]
fn a_track_that_is_refused_or_taken_away_is_told_of() {
    let mut world = World::joined();
    let publish = |world: &mut World| {
        let (done, outcome) = oneshot::channel();
        let request = proto::AddTrackRequest { cid: "cid".to_owned(), ..Default::default() };
        let queue = Arc::new(PcmQueue::default());
        let command = SessionCommand::Publish(
            request.clone().into(),
            VoiceOptions::default(),
            Arc::clone(&queue),
            done,
        );
        world.session.command(world.now, command);
        (request, queue, outcome)
    };
    let (request, queue, mut outcome) = publish(&mut world);
    let refused = proto::RequestResponse {
        reason: proto::request_response::Reason::NotAllowed as i32,
        message: "no".to_owned(),
        request: Some(proto::request_response::Request::AddTrack(request)),
        ..Default::default()
    };
    world.session.handle_signal(world.now, Response::RequestResponse(refused));
    assert_eq!(outcome.try_recv(), Ok(Err(RoomClientError::Refused("no".to_owned()))));
    assert!(queue.is_closed());

    let (_, queue, mut outcome) = publish(&mut world);
    let track = Some(proto::TrackInfo { sid: "TR_me".to_owned(), ..Default::default() });
    let published = proto::TrackPublishedResponse { cid: "cid".to_owned(), track };
    world.session.handle_signal(world.now, Response::TrackPublished(published));
    assert_eq!(outcome.try_recv(), Ok(Ok("TR_me".to_owned())));
    let offer = world.offers().pop().expect("a section for it");
    assert!(offer.sdp.contains(" cid"), "named by the id under which it was announced");
    world.answer(&offer);
    world.events.clear();
    let gone = proto::TrackUnpublishedResponse { track_sid: "TR_me".to_owned() };
    world.session.handle_signal(world.now, Response::TrackUnpublished(gone));
    world.exchange();
    assert!(matches!(world.events[..], [RoomClientEvent::LocalTrackUnpublished]));
    assert!(queue.is_closed());
}

/// Publishes and gives what feeds the track, with the offer that brings it.
fn published(world: &mut World, cid: &str, sid: &str) -> (Arc<PcmQueue>, Offer) {
    let (done, mut outcome) = oneshot::channel();
    let request = proto::AddTrackRequest { cid: cid.to_owned(), ..Default::default() };
    let queue = Arc::new(PcmQueue::default());
    let command = SessionCommand::Publish(request.into(), VoiceOptions::default(), Arc::clone(&queue), done);
    world.session.command(world.now, command);
    let track = Some(proto::TrackInfo { sid: sid.to_owned(), ..Default::default() });
    let response = proto::TrackPublishedResponse { cid: cid.to_owned(), track };
    world.session.handle_signal(world.now, Response::TrackPublished(response));
    assert_eq!(outcome.try_recv(), Ok(Ok(sid.to_owned())));
    (queue, world.offers().pop().expect("a section for it"))
}

#[test]
fn a_track_is_taken_back_and_another_published_in_a_section_of_its_own() {
    let mut world = World::joined();
    let (first, offer) = published(&mut world, "one", "TR_1");
    world.answer(&offer);
    let sending = |offer: &Offer| offer.sdp.matches("a=sendonly").count();
    assert_eq!(sending(&offer), 1);
    world.session.command(world.now, SessionCommand::Unpublish(Arc::clone(&first)));
    assert!(first.is_closed());
    let offer = world.offers().pop().expect("the section is offered as unused");
    assert_eq!((sending(&offer), offer.mid_to_track_id.len()), (0, 0));
    world.answer(&offer);
    let (second, offer) = published(&mut world, "two", "TR_2");
    assert_eq!(sending(&offer), 1);
    assert!(offer.sdp.contains(" two"));
    world.answer(&offer);
    // What is asked of the first does not touch the second.
    world.session.command(world.now, SessionCommand::Mute(Arc::clone(&first), true));
    world.session.command(world.now, SessionCommand::Unpublish(first));
    assert!(world.asked().is_empty() && !second.is_closed());
}

#[test]
fn moved_to_another_room_it_is_among_others_and_keeps_its_track() {
    let mut world = World::joined();
    let (queue, offer) = published(&mut world, "cid", "TR_old");
    world.answer(&offer);
    world.run(100);
    world.asked();
    world.events.clear();
    let mut me = info("me", "PA_new");
    me.tracks.push(proto::TrackInfo { sid: "TR_old".to_owned(), ..Default::default() });
    let moved = proto::RoomMovedResponse {
        room: Some(proto::Room { name: "hall".to_owned(), ..Default::default() }),
        token: "for the hall".to_owned(),
        participant: Some(me),
        other_participants: vec![with_track(info("bob", "PA_bob"), "TR_bob")],
    };
    world.session.handle_signal(world.now, Response::RoomMoved(moved));
    let subscribed = world.asked().into_iter().find_map(|request| match request {
        Request::Subscription(update) => Some(update.track_sids),
        _ => None,
    });
    assert_eq!(subscribed.unwrap(), ["TR_bob"]);
    assert!(matches!(
        &world.events[..],
        [
            RoomClientEvent::TrackUnpublished(..),
            RoomClientEvent::ParticipantDisconnected(ada),
            RoomClientEvent::ParticipantConnected(bob),
            RoomClientEvent::TrackPublished(..),
            RoomClientEvent::Moved(room),
        ] if ada.identity == "ada" && bob.identity == "bob" && room == "hall"
    ));
    assert_eq!(world.token.as_deref(), Some("for the hall"), "to come back with");
    assert!(!queue.is_closed());
    // A newer one that the signalling keeps counts over it.
    world.session.handle_signal(world.now, Response::RefreshToken("newer".to_owned()));
    world.exchange();
    assert_eq!(world.token, None);
}
