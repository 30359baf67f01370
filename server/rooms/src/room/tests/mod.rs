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

mod people;
mod stuffed;
mod tracks;

/// A room, with its outputs that no test has consumed yet.
struct Scene {
    room: SfuRoom,
    at: RoomInstant,
    said: Vec<Output>,
}

#[expect(clippy::disallowed_methods, reason = "an anchor for virtual time")]
fn start() -> RoomInstant {
    RoomInstant { now: Instant::now(), unix_ms: 1_000_000 }
}

impl Scene {
    fn new() -> Self {
        Self::with(NewRoomSettings::default())
    }

    fn with(settings: NewRoomSettings) -> Self {
        let at = start();
        let room =
            SfuRoom::open(at, "hall", settings, RoomLimits::default(), Waits::default(), Ids::seeded(1));
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

    /// Announces an audio track and offers it on this section. Returns its sid.
    fn publish(&mut self, pid: Pid, cid: &str, mid: &str) -> String {
        self.announce(pid, cid, TrackSource::Microphone);
        let messages = self.heard(pid);
        let sid = messages.iter().find_map(|message| match message {
            Message::TrackPublished(published) if published.cid == cid => published.track.as_ref(),
            _ => None,
        });
        let sid = sid.expect("it was taken").sid.clone();
        self.room.offered(pid, &[OfferedSection { mid: mid.into(), audio: true, cid: Some(cid.into()) }]);
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

    /// The messages to this participant since the last call.
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

    /// All other outputs since the last call, as short strings.
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
