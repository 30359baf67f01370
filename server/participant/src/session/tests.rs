//! A session against a minimal server (str0m on the other side), on virtual time and without sockets.

#![expect(clippy::wildcard_enum_match_arm, reason = "a test looks for one message among all others")]

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use livekit_protocol as proto;
use prost::Message as _;
use proto::data_packet::Value;
use proto::leave_request::Action;
use proto::signal_request::Message as Request;
use proto::signal_response::Message as Response;
use str0m::change::SdpOffer;
use str0m::channel::ChannelId;
use str0m::net::{Protocol, Receive};
use str0m::{Candidate, Event, Input, Rtc};
use tokio::sync::oneshot;

use super::{Command, Offer, Output, Session, Way};
use crate::audio::voice::VoiceOptions;
use crate::events::RoomEvent;
use crate::options::RoomError;
use crate::queue::Queue;
use crate::room::comeback::Verdict;

const OURS: &str = "127.0.0.1:4000";
const THEIRS: &str = "127.0.0.1:5000";

fn address(text: &str) -> SocketAddr {
    text.parse().unwrap()
}

/// The server's half of the connection.
struct World {
    now: Instant,
    session: Session,
    server: Rtc,
    channels: Vec<(ChannelId, String)>,
    /// Messages that the server got.
    messages: Vec<proto::DataPacket>,
    requests: Vec<Request>,
    events: Vec<RoomEvent>,
    ups: usize,
    lost: Vec<Verdict>,
    token: Option<String>,
    /// Datagrams sent over TCP.
    streamed: usize,
}

impl World {
    fn new() -> (Self, Offer) {
        let now = tokio::time::Instant::now().into_std();
        let (session, offer) = Session::new(now, [vec![address(OURS)], Vec::new()], true);
        let mut server = Rtc::builder().set_rtp_mode(true).build(now);
        server.add_local_candidate(Candidate::host(address(THEIRS), "udp").unwrap());
        let world = Self {
            now,
            session,
            server,
            channels: Vec::new(),
            messages: Vec::new(),
            requests: Vec::new(),
            events: Vec::new(),
            ups: 0,
            lost: Vec::new(),
            token: None,
            streamed: 0,
        };
        (world, offer)
    }

    /// In the room, with media flowing.
    fn joined() -> Self {
        let (mut world, offer) = Self::new();
        let me = info("me", "PA_me");
        let other_participants = vec![with_track(info("ada", "PA_ada"), "TR_ada")];
        let join = proto::JoinResponse { participant: Some(me), other_participants, ..Default::default() };
        world.session.joined(world.now, join, true);
        world.answer(&offer);
        world.run(2_000);
        assert_eq!(world.ups, 1);
        world
    }

    fn answer(&mut self, offer: &Offer) {
        let parsed = SdpOffer::from_sdp_string(&offer.sdp).unwrap();
        let sdp = self.server.sdp_api().accept_offer(parsed).unwrap().to_sdp_string();
        let answer = Offer { r#type: "answer".to_owned(), sdp, id: offer.id, ..Offer::default() };
        self.session.signalled(self.now, Response::Answer(answer));
    }

    /// Lets so many milliseconds pass, in steps of five.
    fn run(&mut self, ms: u64) {
        for _ in 0..ms / 5 {
            self.now += Duration::from_millis(5);
            self.session.time(self.now);
            self.server.handle_input(Input::Timeout(self.now)).unwrap();
            self.exchange();
        }
    }

    fn exchange(&mut self) {
        loop {
            let mut quiet = true;
            while let Some(output) = self.session.poll(self.now) {
                quiet = false;
                match output {
                    Output::Signal(request) => self.requests.push(*request),
                    Output::Transmit(way, from, to, bytes) => {
                        if way == Way::Tcp {
                            self.streamed += 1;
                            continue;
                        }
                        let receive = Receive::new(Protocol::Udp, from, to, &bytes).unwrap();
                        self.server.handle_input(Input::Receive(self.now, receive)).unwrap();
                    }
                    Output::Event(event) => self.events.push(event),
                    Output::MediaUp => self.ups += 1,
                    Output::Lost(why) => self.lost.push(why),
                    Output::Token(token) => self.token = token,
                    Output::Invoke(_) | Output::Ended(_) => {}
                }
            }
            loop {
                match self.server.poll_output().unwrap() {
                    str0m::Output::Timeout(_) => break,
                    str0m::Output::Transmit(out) => {
                        quiet = false;
                        self.session.datagram(self.now, Way::Udp, out.source, out.destination, &out.contents);
                    }
                    str0m::Output::Event(Event::ChannelOpen(id, label)) => self.channels.push((id, label)),
                    str0m::Output::Event(Event::ChannelData(data)) => {
                        self.messages.push(proto::DataPacket::decode(data.data.as_slice()).unwrap());
                    }
                    str0m::Output::Event(_) => {}
                }
            }
            if quiet {
                return;
            }
        }
    }

    /// The requests to the server since the last call.
    fn asked(&mut self) -> Vec<Request> {
        self.exchange();
        std::mem::take(&mut self.requests)
    }

    fn offers(&mut self) -> Vec<Offer> {
        let offers = self.asked().into_iter();
        offers
            .filter_map(|request| if let Request::Offer(offer) = request { Some(offer) } else { None })
            .collect()
    }

    fn require(&mut self, num_audios: u32) {
        let required = proto::MediaSectionsRequirement { num_audios, num_videos: 0 };
        self.session.signalled(self.now, Response::MediaSectionsRequirement(required));
    }

    /// The server sends a message of Ada's.
    fn say(&mut self, sequence: u32, value: Value) {
        let packet = proto::DataPacket {
            participant_identity: "ada".to_owned(),
            participant_sid: "PA_ada".to_owned(),
            sequence,
            value: Some(value),
            ..Default::default()
        };
        let id = self.channels.iter().find(|(_, label)| label == "_reliable").unwrap().0;
        assert!(self.server.channel(id).unwrap().write(true, &packet.encode_to_vec()).unwrap());
        self.run(100);
    }
}

fn info(identity: &str, sid: &str) -> proto::ParticipantInfo {
    proto::ParticipantInfo {
        identity: identity.to_owned(),
        sid: sid.to_owned(),
        state: proto::participant_info::State::Active as i32,
        version: 1,
        ..Default::default()
    }
}

fn with_track(mut info: proto::ParticipantInfo, sid: &str) -> proto::ParticipantInfo {
    info.tracks.push(proto::TrackInfo {
        sid: sid.to_owned(),
        r#type: proto::TrackType::Audio as i32,
        ..Default::default()
    });
    info
}

fn user(payload: &[u8]) -> Value {
    Value::User(proto::UserPacket { payload: payload.to_vec(), ..Default::default() })
}

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
        [RoomEvent::ParticipantConnected(ada), RoomEvent::TrackPublished(who, _)]
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
    world.session.signalled(world.now, Response::Answer(stale));
    assert!(world.offers().is_empty() && world.lost.is_empty());
    world.answer(&second[0]);
    assert!(world.offers().is_empty());
}

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
            RoomEvent::DataReceived { payload, .. } => payload[0],
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(told, b"abc");
}

#[test]
fn after_a_resume_it_says_what_it_has_and_sends_what_was_lost() {
    let mut world = World::joined();
    world.say(7, user(b"x"));
    for n in 0..5_u8 {
        let (done, _) = oneshot::channel();
        world.session.command(world.now, Command::Data(true, Vec::new(), String::new(), vec![n], done));
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
fn attributes_are_confirmed_refused_or_run_out_of_time() {
    let mut world = World::joined();
    world.asked();
    let set = |world: &mut World, value: &str| {
        let (done, outcome) = oneshot::channel();
        let attributes = BTreeMap::from([("k".to_owned(), value.to_owned())]);
        world.session.command(world.now, Command::Attributes(attributes, done));
        let Some(Request::UpdateMetadata(update)) = world.asked().pop() else { panic!("it asks the server") };
        (update.request_id, outcome)
    };
    let (_, mut confirmed) = set(&mut world, "1");
    let mut me = info("me", "PA_me");
    me.attributes.insert("k".to_owned(), "1".to_owned());
    let update = proto::ParticipantUpdate { participants: vec![me] };
    world.session.signalled(world.now, Response::Update(update));
    assert_eq!(confirmed.try_recv(), Ok(Ok(())));
    let (request_id, mut refused) = set(&mut world, "2");
    let response = proto::RequestResponse {
        request_id,
        reason: proto::request_response::Reason::NotAllowed as i32,
        message: "not allowed".to_owned(),
        ..Default::default()
    };
    world.session.signalled(world.now, Response::RequestResponse(response));
    assert_eq!(refused.try_recv(), Ok(Err(RoomError::Refused("not allowed".to_owned()))));
    let (_, mut late) = set(&mut world, "3");
    world.run(5_100);
    assert_eq!(late.try_recv(), Ok(Err(RoomError::Timeout)));
}

#[test]
fn a_track_that_is_refused_or_taken_away_is_told_of() {
    let mut world = World::joined();
    let publish = |world: &mut World| {
        let (done, outcome) = oneshot::channel();
        let request = proto::AddTrackRequest { cid: "cid".to_owned(), ..Default::default() };
        let queue = Arc::new(Queue::default());
        let command =
            Command::Publish(request.clone().into(), VoiceOptions::default(), Arc::clone(&queue), done);
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
    world.session.signalled(world.now, Response::RequestResponse(refused));
    assert_eq!(outcome.try_recv(), Ok(Err(RoomError::Refused("no".to_owned()))));
    assert!(queue.is_closed());

    let (_, queue, mut outcome) = publish(&mut world);
    let track = Some(proto::TrackInfo { sid: "TR_me".to_owned(), ..Default::default() });
    let published = proto::TrackPublishedResponse { cid: "cid".to_owned(), track };
    world.session.signalled(world.now, Response::TrackPublished(published));
    assert_eq!(outcome.try_recv(), Ok(Ok("TR_me".to_owned())));
    let offer = world.offers().pop().expect("a section for it");
    assert!(offer.sdp.contains(" cid"), "named by the id under which it was announced");
    world.answer(&offer);
    world.events.clear();
    let gone = proto::TrackUnpublishedResponse { track_sid: "TR_me".to_owned() };
    world.session.signalled(world.now, Response::TrackUnpublished(gone));
    world.exchange();
    assert!(matches!(world.events[..], [RoomEvent::LocalTrackUnpublished]));
    assert!(queue.is_closed());
}

/// Publishes and gives what feeds the track, with the offer that brings it.
fn published(world: &mut World, cid: &str, sid: &str) -> (Arc<Queue>, Offer) {
    let (done, mut outcome) = oneshot::channel();
    let request = proto::AddTrackRequest { cid: cid.to_owned(), ..Default::default() };
    let queue = Arc::new(Queue::default());
    let command = Command::Publish(request.into(), VoiceOptions::default(), Arc::clone(&queue), done);
    world.session.command(world.now, command);
    let track = Some(proto::TrackInfo { sid: sid.to_owned(), ..Default::default() });
    let response = proto::TrackPublishedResponse { cid: cid.to_owned(), track };
    world.session.signalled(world.now, Response::TrackPublished(response));
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
    world.session.command(world.now, Command::Unpublish(Arc::clone(&first)));
    assert!(first.is_closed());
    let offer = world.offers().pop().expect("the section is offered as unused");
    assert_eq!((sending(&offer), offer.mid_to_track_id.len()), (0, 0));
    world.answer(&offer);
    let (second, offer) = published(&mut world, "two", "TR_2");
    assert_eq!(sending(&offer), 1);
    assert!(offer.sdp.contains(" two"));
    world.answer(&offer);
    // What is asked of the first does not touch the second.
    world.session.command(world.now, Command::Mute(Arc::clone(&first), true));
    world.session.command(world.now, Command::Unpublish(first));
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
    world.session.signalled(world.now, Response::RoomMoved(moved));
    let subscribed = world.asked().into_iter().find_map(|request| match request {
        Request::Subscription(update) => Some(update.track_sids),
        _ => None,
    });
    assert_eq!(subscribed.unwrap(), ["TR_bob"]);
    assert!(matches!(
        &world.events[..],
        [
            RoomEvent::TrackUnpublished(..),
            RoomEvent::ParticipantDisconnected(ada),
            RoomEvent::ParticipantConnected(bob),
            RoomEvent::TrackPublished(..),
            RoomEvent::Moved(room),
        ] if ada.identity == "ada" && bob.identity == "bob" && room == "hall"
    ));
    assert_eq!(world.token.as_deref(), Some("for the hall"), "to come back with");
    assert!(!queue.is_closed());
    // A newer one that the signalling keeps counts over it.
    world.session.signalled(world.now, Response::RefreshToken("newer".to_owned()));
    world.exchange();
    assert_eq!(world.token, None);
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
    let candidate_init = super::sdp::candidate_json(passive);
    let trickle = proto::TrickleRequest { candidate_init, ..Default::default() };
    world.session.signalled(world.now, Response::Trickle(trickle));
    // Nothing of the server's comes.
    let mut first = None;
    for ms in (0..4_000).step_by(20) {
        world.now += Duration::from_millis(20);
        world.session.time(world.now);
        while let Some(output) = world.session.poll(world.now) {
            if matches!(output, Output::Transmit(Way::Tcp, from, to, _)
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
    for (action, verdict) in [(Action::Resume, Verdict::Unreachable), (Action::Reconnect, Verdict::Stale)] {
        let leave = proto::LeaveRequest { action: action as i32, ..Default::default() };
        world.session.signalled(world.now, Response::Leave(leave));
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
    assert_eq!(world.lost.first(), Some(&Verdict::Unreachable));
}
