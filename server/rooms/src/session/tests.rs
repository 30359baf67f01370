//! Rooms with real transports on both sides, without sockets, on virtual time.
#![expect(clippy::wildcard_enum_match_arm, reason = "a test looks for one kind among many")]

use std::sync::Arc;
use std::time::Duration;

use livekit_protocol::data_packet::Value;
use livekit_protocol::{
    AddTrackRequest, ClientInfo, DataPacket, MuteTrackRequest, TrackSource, TrackType, UserPacket,
};
use livekit_token::{Claims, VideoGrants};
use prost::Message as _;
use str0m::Candidate;
use str0m::crypto::from_feature_flags;

use super::bot::Bot;
use super::*;
use crate::config::{RoomLimits, Waits};
use crate::ids::Ids;
use crate::room::NewRoomSettings;
use crate::switch::stun_receiver_ufrag;

/// A session, its clients, and the network between them.
struct World {
    session: RoomSession,
    at: RoomInstant,
    here: SocketAddr,
    bots: BTreeMap<Pid, Bot>,
    names: BTreeMap<String, (Pid, PeerSide)>,
    addresses: BTreeMap<SocketAddr, (Pid, PeerSide)>,
    crypto: Arc<str0m::config::CryptoProvider>,
    /// The newest client's.
    port: u16,
}

#[expect(clippy::disallowed_methods, reason = "an anchor for virtual time")]
fn start() -> RoomInstant {
    RoomInstant { now: Instant::now(), unix_ms: 0 }
}

impl World {
    fn new() -> Self {
        let crypto = Arc::new(from_feature_flags());
        let certificate = crypto.dtls_provider.generate_certificate().expect("a certificate");
        let (at, here) = (start(), SocketAddr::from(([127, 0, 0, 1], 7000)));
        let room = SfuRoom::open(
            at,
            "hall",
            NewRoomSettings::default(),
            RoomLimits::default(),
            Waits::default(),
            Ids::seeded(1),
        );
        let setup = Setup {
            candidates: vec![Candidate::host(here, "udp").expect("a candidate")],
            certificate,
            crypto: Arc::clone(&crypto),
            limits: RoomLimits::default(),
        };
        let session = RoomSession::new(room, setup);
        let (bots, names, addresses) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        Self { session, at, here, bots, names, addresses, crypto, port: 9000 }
    }

    /// Joins with a first offer, as LiveKit's clients do.
    fn join(&mut self, identity: &str, places: u32) -> Pid {
        self.port += 1;
        let mut bot = Bot::new(self.at.now, &self.crypto, self.port);
        let offer = bot.offer(None, places);
        let joining = joining(identity);
        let pid = self.session.join(self.at, joining, Some(offer)).expect("there is room");
        self.bots.insert(pid, bot);
        self.run(400);
        pid
    }

    /// Announces a microphone and offers it; gives the track's sid.
    fn publish(&mut self, pid: Pid, cid: &str) -> String {
        let request = AddTrackRequest {
            cid: cid.into(),
            r#type: TrackType::Audio.into(),
            source: TrackSource::Microphone.into(),
            ..AddTrackRequest::default()
        };
        self.session.request(self.at, pid, Request::AddTrack(request));
        let offer = self.bot(pid).offer(Some(cid), 0);
        self.session.request(self.at, pid, Request::Offer(offer));
        self.run(100);
        let told = self.bot(pid).told.iter().rev().find_map(|message| match message {
            Message::TrackPublished(published) if published.cid == cid => published.track.clone(),
            _ => None,
        });
        told.expect("it was taken").sid
    }

    fn bot(&mut self, pid: Pid) -> &mut Bot {
        self.bots.get_mut(&pid).expect("it joined")
    }

    /// Sends audio packets of 20 ms, fifty a second.
    fn speak(&mut self, pid: Pid, payloads: std::ops::Range<u8>) {
        for payload in payloads {
            let now = self.at.now;
            self.bot(pid).speak(now, &[payload; 40]);
            self.run(20);
        }
    }

    /// Lets so many milliseconds pass.
    fn run(&mut self, milliseconds: u64) {
        for _ in 0..milliseconds / 5 {
            self.at.now += Duration::from_millis(5);
            if self.session.deadline().is_some_and(|deadline| deadline <= self.at.now) {
                self.session.tick(self.at);
            }
            // Exchanges within these five milliseconds.
            for _ in 0..4 {
                self.carry();
            }
        }
    }

    fn carry(&mut self) {
        while let Some(what) = self.session.poll() {
            match what {
                SessionAction::Signal(pid, message) => self.bot(pid).hear(message),
                SessionAction::Known(pid, side, name) => drop(self.names.insert(name, (pid, side))),
                SessionAction::Transmit { via: _, from, to, contents } => {
                    let now = self.at.now;
                    if let Some(bot) = self.bots.values_mut().find(|bot| bot.address == to) {
                        bot.receive(now, from, &contents);
                    }
                }
                SessionAction::Gone(pid) => drop(self.bots.remove(&pid)),
                SessionAction::Hang(_) | SessionAction::Event(_) | SessionAction::Closed => {}
            }
        }
        let pids: Vec<Pid> = self.bots.keys().copied().collect();
        for pid in pids {
            let (at, here) = (self.at, self.here);
            for request in std::mem::take(&mut self.bot(pid).says) {
                self.session.request(at, pid, request);
            }
            let from = self.bot(pid).address;
            for (to, bytes) in self.bot(pid).poll(at.now) {
                assert_eq!(to, here);
                if let Some(known) = stun_receiver_ufrag(&bytes).and_then(|name| self.names.get(name)) {
                    self.addresses.insert(from, *known);
                }
                if let Some((pid, side)) = self.addresses.get(&from) {
                    let (pid, side) = (*pid, *side);
                    self.session
                        .datagram(at, &RoutedDatagram { pid, side, via: Via::Udp, from, to: here, bytes });
                }
            }
        }
    }
}

fn joining(identity: &str) -> Joining {
    let video = VideoGrants { room_join: true, ..VideoGrants::default() };
    Joining {
        claims: Claims { sub: identity.into(), video, ..Claims::default() },
        client: ClientInfo::default(),
        auto_subscribe: true,
        single: true,
        tracks: Vec::new(),
    }
}

#[test]
fn audio_goes_through_unchanged_with_its_losses() {
    let mut world = World::new();
    let (ann, bob) = (world.join("ann", 1), world.join("bob", 1));
    let track = world.publish(ann, "c1");
    assert_eq!(world.bot(bob).tracks.values().collect::<Vec<_>>(), [&track]);
    assert!(world.bot(bob).answer.contains(&format!("|{track} {track}")), "{}", world.bot(bob).answer);
    assert!(world.bot(ann).told.iter().any(|message| matches!(message, Message::TrackSubscribed(_))));
    world.speak(ann, 0..10);
    world.bot(ann).lose();
    world.speak(ann, 10..20);
    let heard = world.bot(bob).heard.clone();
    let payloads: Vec<u8> = heard.iter().map(|packet| packet.payload[0]).collect();
    assert_eq!(payloads, (0..20).collect::<Vec<_>>());
    assert!(heard.iter().all(|packet| packet.payload.len() == 40));
    let steps: Vec<u64> = heard.windows(2).map(|pair| pair[1].number - pair[0].number).collect();
    assert_eq!(steps.iter().sum::<u64>(), 20, "one number is missing, where the loss was: {steps:?}");
    assert!(world.bot(ann).heard.is_empty(), "nobody hears itself");
}

#[test]
fn a_muted_track_is_silent_and_nobody_misses_a_packet() {
    let mut world = World::new();
    let (ann, bob) = (world.join("ann", 1), world.join("bob", 1));
    let track = world.publish(ann, "c1");
    world.speak(ann, 0..5);
    let mute = |muted| Request::Mute(MuteTrackRequest { sid: track.clone(), muted });
    world.session.request(world.at, ann, mute(true));
    world.speak(ann, 5..10);
    world.session.request(world.at, ann, mute(false));
    world.speak(ann, 10..15);
    let heard = world.bot(bob).heard.clone();
    let payloads: Vec<u8> = heard.iter().map(|packet| packet.payload[0]).collect();
    assert_eq!(payloads, [0, 1, 2, 3, 4, 10, 11, 12, 13, 14]);
    assert!(heard.windows(2).all(|pair| pair[1].number == pair[0].number + 1), "{heard:?}");
}

#[test]
fn a_client_is_asked_for_places_and_every_track_is_a_source_of_its_own() {
    let mut world = World::new();
    let (ann, bob, cat) = (world.join("ann", 0), world.join("bob", 0), world.join("cat", 0));
    let first = world.publish(ann, "c1");
    let second = world.publish(cat, "c2");
    world.run(100);
    let tracks: BTreeSet<String> = world.bot(bob).tracks.values().cloned().collect();
    assert_eq!(tracks, BTreeSet::from([first.clone(), second.clone()]), "both have their place");
    world.speak(ann, 0..5);
    let before = world.bot(bob).heard.last().expect("a packet").ssrc;
    let place: String = {
        let tracks = &world.bot(bob).tracks;
        tracks.iter().find(|(_, track)| **track == first).expect("its place").0.clone()
    };
    world.session.request(world.at, ann, Request::Leave(Default::default()));
    world.run(100);
    assert!(!world.bot(bob).tracks.contains_key(&place), "a place is free once its track is gone");
    let dan = world.join("dan", 0);
    let third = world.publish(dan, "c3");
    world.run(100);
    let used = world.bot(bob).tracks.iter().find(|(_, track)| **track == third).map(|(mid, _)| mid.clone());
    assert!(used.is_some(), "the newcomer has a place: {:?}", world.bot(bob).tracks);
    world.bot(bob).heard.clear();
    world.speak(dan, 0..5);
    let heard = &world.bot(bob).heard;
    assert_eq!(heard.len(), 5);
    assert_ne!(heard[0].ssrc, before, "another track is another source");
}

#[test]
fn data_goes_to_everybody_else() {
    let mut world = World::new();
    let (ann, bob) = (world.join("ann", 0), world.join("bob", 0));
    let packet = DataPacket {
        value: Some(Value::User(UserPacket { payload: vec![7; 10_000], ..UserPacket::default() })),
        ..DataPacket::default()
    };
    assert!(world.bot(ann).send(&packet.encode_to_vec()), "the channel is open");
    world.run(200);
    let data = &world.bot(bob).data;
    let got = DataPacket::decode(data.first().expect("it came").as_slice()).expect("it is whole");
    assert_eq!(got.participant_identity, "ann");
    assert!(world.bot(ann).data.is_empty());
}

#[test]
fn a_resumed_participant_goes_on_with_ice_begun_anew() {
    let mut world = World::new();
    let (ann, bob) = (world.join("ann", 1), world.join("bob", 1));
    world.publish(ann, "c1");
    world.speak(ann, 0..5);
    let sid = world.session.room.participant("ann").expect("she is here").sid;
    world.session.signal_lost(world.at, ann);
    world.speak(ann, 5..10);
    assert_eq!(world.session.resume(world.at, &sid, "ann", None), Some(ann));
    world.run(20);
    assert!(world.bot(ann).told.iter().any(|message| matches!(message, Message::Reconnect(_))));
    // The bot restarts ICE: new user fragments on both sides, the same tracks.
    let known = world.names.len();
    let offer = world.bot(ann).restart();
    world.session.request(world.at, ann, Request::Offer(offer));
    world.run(300);
    assert!(world.names.len() > known, "the server has no new name");
    world.speak(ann, 10..15);
    let payloads: Vec<u8> = world.bot(bob).heard.iter().map(|packet| packet.payload[0]).collect();
    assert_eq!(payloads, (0..15).collect::<Vec<_>>());
}

#[test]
fn a_transport_that_fails_costs_its_participant_alone() {
    let mut world = World::new();
    let (ann, bob) = (world.join("ann", 1), world.join("bob", 1));
    world.publish(ann, "c1");
    let at = world.at;
    assert_eq!(world.session.guarded(at, bob, |_| -> u8 { panic!("on purpose") }), None);
    world.session.settle(at);
    let said: Vec<SessionAction> = std::iter::from_fn(|| world.session.poll()).collect();
    let told = said.iter().any(|what| {
        matches!(what, SessionAction::Signal(pid, Message::Leave(leave))
        if *pid == bob && leave.action() == livekit_protocol::leave_request::Action::Reconnect)
    });
    assert!(told && said.iter().any(|what| matches!(what, SessionAction::Gone(pid) if *pid == bob)));
    world.bots.remove(&bob);
    world.speak(ann, 0..5);
    assert!(world.session.room.participant("ann").is_some());
}
