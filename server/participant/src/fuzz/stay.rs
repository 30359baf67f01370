//! A participant in a room with a hostile server.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use livekit_protocol as proto;
use str0m::change::SdpOffer;
use str0m::{Candidate, Rtc};
use tokio::sync::oneshot;

use crate::audio::voice::VoiceOptions;
use crate::queue::PcmQueue;
use crate::session::{Offer, Output, Session, SessionCommand};

/// How many outputs one input may cause, besides two or three for each of its bytes.
const DONE: usize = 200;

/// The server's address, and ours for each of two connections.
pub(super) const THEIRS: ([u8; 4], u16) = ([127, 0, 0, 1], 5_000);
pub(super) const OURS: [([u8; 4], u16); 2] = [([127, 0, 0, 1], 4_000), ([127, 0, 0, 1], 4_001)];

/// The session in the room.
pub(super) struct Stay {
    pub session: Session,
    pub now: Instant,
    /// The sections that were offered first.
    pub mids: Vec<String>,
}

/// The start of a test's virtual time.
pub(super) fn start() -> Instant {
    tokio::time::Instant::now().into_std()
}

impl Stay {
    /// Joined a room with Ada, who has a track. Our voice is being published, and a method is registered.
    pub fn begin(single: bool) -> Self {
        let now = start();
        let (session, offer) = Session::new(now, OURS.map(|ours| vec![SocketAddr::from(ours)]), true);
        let mut stay = Self { session, now, mids: mids(&offer.sdp) };
        let me = proto::ParticipantInfo { identity: "me".into(), sid: "PA_me".into(), ..Default::default() };
        let join = proto::JoinResponse {
            participant: Some(me),
            other_participants: vec![ada()],
            ..Default::default()
        };
        stay.session.joined(now, join, single);
        let request = proto::AddTrackRequest { cid: "cid".into(), ..Default::default() };
        let (done, _) = oneshot::channel();
        let publish = SessionCommand::Publish(
            request.into(),
            VoiceOptions::default(),
            Arc::new(PcmQueue::default()),
            done,
        );
        stay.session.command(now, publish);
        stay.session.command(now, SessionCommand::Method("m".into(), true, oneshot::channel().0));
        stay.carry_out();
        stay
    }

    /// Takes everything that the session puts out.
    fn carry_out(&mut self) -> Vec<Output> {
        let mut done = Vec::new();
        while let Some(output) = self.session.poll(self.now) {
            done.push(output);
            assert!(done.len() < 1_000_000, "it never comes to rest");
        }
        done
    }

    /// Checks that the outputs are in proportion to an input of this many bytes. A tenth of a second passes.
    pub fn after(&mut self, bytes: usize) -> Vec<Output> {
        let done = self.carry_out();
        assert!(done.len() <= DONE + 3 * bytes, "{} things to do after {bytes} bytes", done.len());
        self.now += Duration::from_millis(100);
        self.session.time(self.now);
        self.carry_out();
        done
    }

    /// It still works: it knows who is there, and has a deadline.
    pub fn check(mut self) {
        let (told, mut members) = oneshot::channel();
        self.session.command(self.now, SessionCommand::Members(told));
        assert!(members.try_recv().is_ok(), "it does not answer");
        self.session.leave();
        self.carry_out();
    }

    /// Replaces `M0`, `M1` and so on by the offered sections.
    pub fn named(&self, text: &str) -> String {
        let name = |text: String, (number, mid): (usize, &String)| text.replace(&format!("M{number}"), mid);
        self.mids.iter().enumerate().fold(text.to_owned(), name)
    }
}

/// Ada, with a track.
pub(super) fn ada() -> proto::ParticipantInfo {
    proto::ParticipantInfo {
        identity: "ada".into(),
        sid: "PA_ada".into(),
        state: proto::participant_info::State::Active as i32,
        version: 1,
        tracks: vec![proto::TrackInfo {
            sid: "TR_ada".into(),
            r#type: proto::TrackType::Audio as i32,
            ..Default::default()
        }],
        ..Default::default()
    }
}

fn mids(sdp: &str) -> Vec<String> {
    sdp.lines().filter_map(|line| line.strip_prefix("a=mid:")).map(|mid| mid.trim().to_owned()).collect()
}

/// An honest answer to a first offer, about `M0` and `M1`, and an honest offer.
pub(super) fn answer_and_offer() -> (String, String) {
    let (_, Offer { sdp: theirs, .. }) = Session::new(start(), [vec![OURS[0].into()], Vec::new()], true);
    let mut server = Rtc::builder().set_rtp_mode(true).build(start());
    server.add_local_candidate(Candidate::host(THEIRS.into(), "udp").expect("a candidate"));
    let parsed = SdpOffer::from_sdp_string(&theirs).expect("our own offer");
    let answer =
        server.sdp_api().accept_offer(parsed).expect("an offer that can be answered").to_sdp_string();
    let unnamed = |text: String, (number, mid): (usize, &String)| {
        text.replace(&format!("a=mid:{mid}"), &format!("a=mid:M{number}"))
            .replace(&format!(" {mid}\r"), &format!(" M{number}\r"))
            .replace(&format!(" {mid} "), &format!(" M{number} "))
    };
    let answer = mids(&theirs).iter().enumerate().fold(answer, unnamed);
    (answer, theirs)
}
