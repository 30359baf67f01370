//! A client for tests: `str0m` on the other side, on the same virtual time, behaving like LiveKit's clients.
#![expect(clippy::wildcard_enum_match_arm, reason = "it keeps whatever it has no use for")]

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Instant;

use livekit_protocol::SessionDescription;
use livekit_protocol::signal_request::Message as Request;
use livekit_protocol::signal_response::Message;
use str0m::change::{SdpAnswer, SdpPendingOffer};
use str0m::channel::ChannelId;
use str0m::config::CryptoProvider;
use str0m::media::{Direction, MediaKind, Mid, Pt};
use str0m::net::{Protocol, Receive};
use str0m::rtp::RtpWrite;
use str0m::{Candidate, Event, Input, Output, Rtc};

/// One packet that a bot heard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ReceivedPacket {
    pub ssrc: u32,
    pub number: u64,
    pub payload: Vec<u8>,
}

pub(super) struct Bot {
    pub rtc: Rtc,
    pub address: SocketAddr,
    /// The requests that it would send next.
    pub says: Vec<Request>,
    pub heard: Vec<ReceivedPacket>,
    pub data: Vec<Vec<u8>>,
    /// The messages it received, without offers and answers.
    pub told: Vec<Message>,
    /// Section to track, by the newest answer.
    pub tracks: BTreeMap<String, String>,
    pub answer: String,
    pending: Option<SdpPendingOffer>,
    channels: BTreeMap<String, ChannelId>,
    microphone: Option<Mid>,
    sent: u64,
}

impl Bot {
    pub fn new(now: Instant, crypto: &Arc<CryptoProvider>, port: u16) -> Self {
        let address = SocketAddr::from(([127, 0, 0, 1], port));
        let mut rtc = Rtc::builder().set_crypto_provider(Arc::clone(crypto)).set_rtp_mode(true).build(now);
        rtc.add_local_candidate(Candidate::host(address, "udp").expect("a candidate"));
        Self {
            rtc,
            address,
            says: Vec::new(),
            heard: Vec::new(),
            data: Vec::new(),
            told: Vec::new(),
            tracks: BTreeMap::new(),
            answer: String::new(),
            pending: None,
            channels: BTreeMap::new(),
            microphone: None,
            sent: 0,
        }
    }

    /// Makes an offer: data channels at first, a microphone of this id if given, and this many more sections for
    /// tracks.
    pub fn offer(&mut self, microphone: Option<&str>, places: u32) -> SessionDescription {
        let mut api = self.rtc.sdp_api();
        if self.pending.is_none() && self.answer.is_empty() {
            api.add_channel("_reliable".into());
        }
        if let Some(cid) = microphone {
            let (stream, track) = (Some("stream".into()), Some(cid.into()));
            self.microphone = Some(api.add_media(MediaKind::Audio, Direction::SendOnly, stream, track, None));
        }
        for _ in 0..places {
            api.add_media(MediaKind::Audio, Direction::RecvOnly, None, None, None);
        }
        let (offer, pending) = api.apply().expect("something changed");
        self.pending = Some(pending);
        SessionDescription { r#type: "offer".into(), sdp: offer.to_sdp_string(), id: 1, ..Default::default() }
    }

    /// Makes an offer that restarts ICE.
    pub fn restart(&mut self) -> SessionDescription {
        let mut api = self.rtc.sdp_api();
        api.ice_restart(true);
        let (offer, pending) = api.apply().expect("something changed");
        self.pending = Some(pending);
        SessionDescription { r#type: "offer".into(), sdp: offer.to_sdp_string(), id: 2, ..Default::default() }
    }

    /// Handles a message as LiveKit's clients do.
    pub fn hear(&mut self, message: Message) {
        match message {
            Message::Answer(answer) => {
                self.tracks = answer.mid_to_track_id.into_iter().collect();
                self.answer.clone_from(&answer.sdp);
                let pending = self.pending.take().expect("an offer that waits");
                let answer = SdpAnswer::from_sdp_string(&answer.sdp).expect("an answer that can be read");
                self.rtc.sdp_api().accept_answer(pending, answer).expect("an answer that fits");
            }
            Message::MediaSectionsRequirement(wanted) => {
                // `str0m` makes no offer unless something changed.
                let offer = self.offer(None, wanted.num_audios.max(1));
                self.says.push(Request::Offer(offer));
            }
            other => self.told.push(other),
        }
    }

    /// Sends one packet of its microphone.
    pub fn speak(&mut self, now: Instant, payload: &[u8]) {
        let mid = self.microphone.expect("a microphone");
        let pt: Pt = *self.rtc.media(mid).expect("its section").remote_pts().first().expect("a payload type");
        let (number, time) = (1_000 + self.sent, 960 * u32::try_from(self.sent).expect("few"));
        self.sent += 1;
        let mut api = self.rtc.direct_api();
        let stream = api.stream_tx_by_mid(mid, None).expect("its stream");
        stream.write_rtp(RtpWrite::new(pt, number.into(), time, now, payload.to_vec()));
    }

    /// Loses one packet of its microphone on the way.
    pub fn lose(&mut self) {
        self.sent += 1;
    }

    /// Sends a data packet, once the channel is open.
    pub fn send(&mut self, bytes: &[u8]) -> bool {
        let Some(id) = self.channels.get("_reliable") else { return false };
        self.rtc.channel(*id).is_some_and(|mut channel| channel.write(true, bytes).expect("it is alive"))
    }

    pub fn receive(&mut self, now: Instant, from: SocketAddr, bytes: &[u8]) {
        let receive = Receive::new(Protocol::Udp, from, self.address, bytes).expect("a datagram");
        self.rtc.handle_input(Input::Receive(now, receive)).expect("it is alive");
    }

    /// The datagrams it sends now.
    pub fn poll(&mut self, now: Instant) -> Vec<(SocketAddr, Vec<u8>)> {
        self.rtc.handle_input(Input::Timeout(now)).expect("it is alive");
        let mut out = Vec::new();
        loop {
            match self.rtc.poll_output().expect("it is alive") {
                Output::Timeout(_) => return out,
                Output::Transmit(transmit) => out.push((transmit.destination, transmit.contents.into())),
                Output::Event(Event::ChannelOpen(id, label)) => drop(self.channels.insert(label, id)),
                Output::Event(Event::ChannelData(data)) => self.data.push(data.data),
                Output::Event(Event::RtpPacket(packet)) => self.heard.push(ReceivedPacket {
                    ssrc: *packet.header.ssrc,
                    number: *packet.seq_no,
                    payload: packet.payload.to_vec(),
                }),
                Output::Event(_) => {}
            }
        }
    }
}
