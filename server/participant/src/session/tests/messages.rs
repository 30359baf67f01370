//! What is said in the room, and attributes.

use std::collections::BTreeMap;

use livekit_protocol as proto;
use proto::signal_request::Message as Request;
use proto::signal_response::Message as Response;
use tokio::sync::oneshot;

use super::{World, info, user};
use crate::events::RoomClientEvent;
use crate::options::RoomClientError;
use crate::session::SessionCommand;

#[test]
fn a_message_that_comes_twice_is_told_once() {
    let mut world = World::joined();
    world.events.clear();
    for (sequence, payload) in [(1, b"a"), (2, b"b"), (2, b"b"), (1, b"a"), (3, b"c")] {
        world.say(sequence, user(payload));
    }
    let told: Vec<u8> = world
        .events
        .iter()
        .map(|event| match event {
            RoomClientEvent::DataReceived { payload, .. } => payload[0],
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(told, b"abc");
}

#[test]
fn attributes_are_confirmed_refused_or_run_out_of_time() {
    let mut world = World::joined();
    world.asked();
    let set = |world: &mut World, value: &str| {
        let (done, outcome) = oneshot::channel();
        let attributes = BTreeMap::from([("k".to_owned(), value.to_owned())]);
        world.session.command(world.now, SessionCommand::Attributes(attributes, done));
        let Some(Request::UpdateMetadata(update)) = world.asked().pop() else { panic!("it asks the server") };
        (update.request_id, outcome)
    };
    let (_, mut confirmed) = set(&mut world, "1");
    let mut me = info("me", "PA_me");
    me.attributes.insert("k".to_owned(), "1".to_owned());
    let update = proto::ParticipantUpdate { participants: vec![me] };
    world.session.handle_signal(world.now, Response::Update(update));
    assert_eq!(confirmed.try_recv(), Ok(Ok(())));
    let (request_id, mut refused) = set(&mut world, "2");
    let response = proto::RequestResponse {
        request_id,
        reason: proto::request_response::Reason::NotAllowed as i32,
        message: "not allowed".to_owned(),
        ..Default::default()
    };
    world.session.handle_signal(world.now, Response::RequestResponse(response));
    assert_eq!(refused.try_recv(), Ok(Err(RoomClientError::Refused("not allowed".to_owned()))));
    let (_, mut late) = set(&mut world, "3");
    world.run(5_100);
    assert_eq!(late.try_recv(), Ok(Err(RoomClientError::Timeout)));
}
