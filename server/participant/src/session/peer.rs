//! One peer connection: str0m with LiveKit's conventions (its data channels, a section for each track, one offer at a
//! time).

use std::collections::{BTreeMap, VecDeque};
use std::net::SocketAddr;
use std::time::Instant;

use str0m::change::{SdpAnswer, SdpOffer, SdpPendingOffer};
use str0m::channel::{ChannelConfig, ChannelId, Reliability};
use str0m::media::{Direction, MediaKind, Mid, Pt};
use str0m::net::{Protocol, Receive, TcpType};
use str0m::rtp::{ExtensionValues, RtpPacket, RtpWrite};
use str0m::{Candidate, Event, IceConnectionState, Input, Output, Rtc, RtcError};

use super::sdp;
use crate::audio::voice::VoicePacket;

/// Messages that wait for their channel to open or to have room.
const MOST_UNSENT: usize = 1_024;
/// Spare sections that may be asked for at once.
const MOST_SECTIONS: u32 = 64;

/// How a datagram travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MediaTransport {
    /// Over UDP.
    Udp,
    /// In a TCP stream that we open, each preceded by its length (RFC 4571).
    Tcp,
}

/// An event of a peer connection.
pub enum PeerEvent {
    /// Send this.
    Transmit(MediaTransport, SocketAddr, SocketAddr, Vec<u8>),
    /// ICE and DTLS are connected.
    Connected,
    /// Whether ICE has a path at the moment.
    Path(bool),
    /// The connection is closed for good.
    Closed,
    /// A packet, with its track's id if the server has named it.
    Rtp(Option<String>, Box<RtpPacket>),
    /// A message on a data channel.
    Message(Vec<u8>),
}

/// A description that `str0m` can handle, else an error.
fn check_ufrags_fit(sdp: &str) -> Result<&str, RtcError> {
    let long = || RtcError::RemoteSdp("a name for connectivity checks is too long".to_owned());
    if sdp::names_fit(sdp) { Ok(sdp) } else { Err(long()) }
}

/// One peer connection.
pub struct PeerConnection {
    /// Boxed, because it is large.
    rtc: Box<Rtc>,
    pending: Option<(SdpPendingOffer, String)>,
    /// Something changed while an offer was pending.
    again: bool,
    restart: bool,
    /// Sections to add at the next offer.
    wanted: u32,
    receives: Vec<Mid>,
    /// Our track: the id it was announced under, and its section.
    voice: Option<(String, Option<Mid>)>,
    voice_seq: u64,
    /// Sections of tracks that we published before; offered as unused.
    silent: Vec<Mid>,
    reliable: Option<ChannelId>,
    lossy: Option<ChannelId>,
    unsent: VecDeque<(bool, Vec<u8>)>,
    tracks: BTreeMap<String, String>,
    deadline: Option<Instant>,
    offered: u32,
    /// The last completed offer and answer.
    agreed: Option<(String, String)>,
}

impl PeerConnection {
    /// A connection from these addresses, over UDP. `receives` sections for remote tracks are offered from the start.
    pub fn new(now: Instant, addresses: &[SocketAddr], receives: u32) -> Self {
        // VP8 stays enabled although there is no video: a section without a payload type would be rejected.
        let mut config =
            Rtc::builder().clear_codecs().enable_opus(true, false).enable_vp8(true).set_rtp_mode(true);
        config = config.set_stats_interval(None);
        let mut rtc = Box::new(config.build(now));
        for &address in addresses {
            // Addresses that cannot be candidates (unspecified, multicast) are skipped.
            if let Ok(candidate) = Candidate::host(address, "udp") {
                rtc.add_local_candidate(candidate);
            }
        }
        Self {
            rtc,
            pending: None,
            again: false,
            restart: false,
            wanted: receives,
            receives: Vec::new(),
            voice: None,
            voice_seq: 0,
            silent: Vec::new(),
            reliable: None,
            lossy: None,
            unsent: VecDeque::new(),
            tracks: BTreeMap::new(),
            deadline: None,
            offered: 0,
            agreed: None,
        }
    }

    /// Allows TCP too, to servers that accept it, from the same addresses. (The addresses are only labels: a stream
    /// comes from any port.)
    pub fn allow_tcp(&mut self, addresses: &[SocketAddr]) {
        for &address in addresses {
            let active = Candidate::builder().tcp().host(address).tcptype(TcpType::Active).build();
            if let Ok(candidate) = active {
                self.rtc.add_local_candidate(candidate);
            }
        }
    }

    /// Opens LiveKit's data channels, with the next offer.
    fn channels(&mut self) -> [ChannelConfig; 2] {
        let reliable = ChannelConfig { label: "_reliable".to_owned(), ..ChannelConfig::default() };
        let lossy = ChannelConfig {
            label: "_lossy".to_owned(),
            ordered: false,
            reliability: Reliability::MaxRetransmits { retransmits: 0 },
            ..ChannelConfig::default()
        };
        [reliable, lossy]
    }

    /// The next offer, if there is anything to offer and none is pending: its number and SDP.
    pub fn offer(&mut self) -> Option<(u32, String)> {
        if self.pending.is_some() {
            self.again = true;
            return None;
        }
        self.again = false;
        let configs = self.channels();
        let mut api = self.rtc.sdp_api();
        if self.reliable.is_none() {
            let [reliable, lossy] = configs;
            self.reliable = Some(api.add_channel_with_config(reliable));
            self.lossy = Some(api.add_channel_with_config(lossy));
        }
        // A section that the server did not use became inactive: it is a spare and offered again.
        for &mid in &self.receives {
            api.set_direction(mid, Direction::RecvOnly);
        }
        for _ in 0..std::mem::take(&mut self.wanted) {
            let mid = api.add_media(MediaKind::Audio, Direction::RecvOnly, None, None, None);
            self.receives.push(mid);
        }
        for mid in self.silent.drain(..) {
            api.set_direction(mid, Direction::Inactive);
        }
        if let Some((cid, mid @ None)) = &mut self.voice {
            let track = Some(cid.clone());
            *mid = Some(api.add_media(MediaKind::Audio, Direction::SendOnly, track.clone(), track, None));
        }
        if std::mem::take(&mut self.restart) {
            api.ice_restart(true);
        }
        let (offer, pending) = api.apply()?;
        let sdp = offer.to_sdp_string();
        self.offered += 1;
        self.pending = Some((pending, sdp.clone()));
        Some((self.offered, sdp))
    }

    /// Applies the server's answer. True if another offer is due.
    pub fn answered(
        &mut self,
        number: u32,
        answer: &str,
        named: BTreeMap<String, String>,
    ) -> Result<bool, RtcError> {
        // An answer to an earlier offer, for example one that a resume replaced.
        if number != 0 && number != self.offered {
            return Ok(false);
        }
        let Some((pending, offer)) = self.pending.take() else { return Ok(false) };
        let parsed = SdpAnswer::from_sdp_string(check_ufrags_fit(answer)?)?;
        self.rtc.sdp_api().accept_answer(pending, parsed)?;
        self.tracks = sdp::tracks(answer);
        self.tracks.extend(named);
        self.agreed = Some((offer, answer.to_owned()));
        Ok(self.again)
    }

    /// Answers the server's offer (two connections).
    pub fn accept(&mut self, offer: &str) -> Result<String, RtcError> {
        let parsed = SdpOffer::from_sdp_string(check_ufrags_fit(offer)?)?;
        let answer = self.rtc.sdp_api().accept_offer(parsed)?.to_sdp_string();
        self.tracks = sdp::tracks(offer);
        self.agreed = Some((offer.to_owned(), answer.clone()));
        Ok(answer)
    }

    /// The server wants this many more sections. At least one is added, because an offer must change something.
    pub fn want_sections(&mut self, audios: u32) {
        let spare = self.receives.iter().filter(|&&mid| self.is_spare(mid)).count();
        let spare = u32::try_from(spare).unwrap_or(u32::MAX);
        let more = audios.saturating_sub(spare).min(MOST_SECTIONS);
        self.wanted = self.wanted.max(if spare == 0 { more.max(1) } else { more });
    }

    fn is_spare(&self, mid: Mid) -> bool {
        self.rtc.media(mid).is_some_and(|media| media.direction() == Direction::Inactive)
    }

    /// Restarts ICE with the next offer.
    pub fn restart_ice(&mut self) {
        self.restart = true;
        self.pending = None;
    }

    /// Publishes our track, announced under this id, with the next offer.
    pub fn publish(&mut self, cid: String) {
        self.voice = Some((cid, None));
        self.voice_seq = 0;
    }

    /// Unpublishes our track. Its section stays, unused.
    pub fn unpublish(&mut self) {
        if let Some((_, Some(mid))) = self.voice.take() {
            self.silent.push(mid);
        }
    }

    /// The section of our track, once offered.
    pub fn voice_mid(&self) -> Option<String> {
        self.voice.as_ref()?.1.map(|mid| mid.to_string())
    }

    /// The tracks that the server sends, by section.
    pub fn tracks(&self) -> &BTreeMap<String, String> {
        &self.tracks
    }

    /// The last offer and answer.
    pub fn agreed(&self) -> Option<&(String, String)> {
        self.agreed.as_ref()
    }

    /// Adds a candidate of the server. Those that str0m cannot parse are skipped.
    pub fn remote_candidate(&mut self, line: &str) {
        match Candidate::from_sdp_string(line) {
            Ok(candidate) => self.rtc.add_remote_candidate(candidate),
            Err(_) => tracing::debug!("a candidate of the server's is of no use here"),
        }
    }

    /// Our candidates as SDP lines.
    pub fn local_candidates(addresses: &[SocketAddr]) -> Vec<String> {
        let hosts = addresses.iter().filter_map(|&address| Candidate::host(address, "udp").ok());
        hosts.map(|candidate| candidate.to_sdp_string()).collect()
    }

    /// Whether media can flow in both directions.
    pub fn is_connected(&self) -> bool {
        self.rtc.is_connected()
    }

    /// The section of our track and its payload type, once negotiated.
    fn voice_line(&self) -> Option<(Mid, Pt)> {
        let mid = self.voice.as_ref()?.1?;
        let media = self.rtc.media(mid).filter(|media| media.direction().is_sending())?;
        Some((mid, *media.remote_pts().first()?))
    }

    /// Whether packets of our track can be sent.
    pub fn can_speak(&self) -> bool {
        self.voice_line().is_some()
    }

    /// Sends a packet of our track.
    pub fn speak(&mut self, now: Instant, packet: &VoicePacket) {
        let Some((mid, pt)) = self.voice_line() else { return };
        let mut api = self.rtc.direct_api();
        let Some(stream) = api.stream_tx_by_mid(mid, None) else { return };
        let extensions = ExtensionValues {
            audio_level: Some(packet.level),
            voice_activity: Some(packet.level > -50),
            ..ExtensionValues::default()
        };
        // Numbered here, so that each connection begins with small numbers, as SRTP needs.
        self.voice_seq += 1;
        let ticks = (packet.ticks & u64::from(u32::MAX)) as u32;
        let write = RtpWrite::new(pt, self.voice_seq.into(), ticks, now, packet.payload.clone());
        stream.write_rtp(write.marker(packet.marker).ext_vals(extensions));
    }

    /// Sends a message; it waits until there is room. False if too many wait already.
    pub fn message(&mut self, reliable: bool, bytes: Vec<u8>) -> bool {
        if self.unsent.len() >= MOST_UNSENT {
            return false;
        }
        self.unsent.push_back((reliable, bytes));
        self.flush();
        true
    }

    /// Messages that wait.
    pub fn unsent(&self) -> usize {
        self.unsent.len()
    }

    fn flush(&mut self) {
        while let Some((reliable, bytes)) = self.unsent.front() {
            let id = if *reliable { self.reliable } else { self.lossy };
            let Some(mut channel) = id.and_then(|id| self.rtc.channel(id)) else { return };
            match channel.write(true, bytes) {
                Ok(true) => {}
                Ok(false) => return,
                Err(error) => tracing::warn!(%error, "a message could not be sent"),
            }
            self.unsent.pop_front();
        }
    }

    /// Takes a datagram.
    pub fn datagram(
        &mut self,
        now: Instant,
        way: MediaTransport,
        from: SocketAddr,
        to: SocketAddr,
        bytes: &[u8],
    ) {
        let protocol = match way {
            MediaTransport::Udp => Protocol::Udp,
            MediaTransport::Tcp => Protocol::Tcp,
        };
        let Ok(receive) = Receive::new(protocol, from, to, bytes) else { return };
        let input = Input::Receive(now, receive);
        if !self.rtc.accepts(&input) {
            return;
        }
        if let Err(error) = self.rtc.handle_input(input) {
            tracing::debug!(%error, "a datagram was not understood");
        }
    }

    /// Time has passed.
    pub fn time(&mut self, now: Instant) {
        if let Err(error) = self.rtc.handle_input(Input::Timeout(now)) {
            tracing::debug!(%error, "the connection is over");
        }
        self.flush();
    }

    /// When to call `time` next.
    pub fn deadline(&self) -> Option<Instant> {
        self.deadline
    }

    /// The next event. `None` until there is further input.
    #[expect(clippy::wildcard_enum_match_arm, reason = "str0m's events: of most we make nothing")]
    pub fn poll(&mut self) -> Option<PeerEvent> {
        loop {
            let event = match self.rtc.poll_output() {
                Ok(Output::Timeout(at)) => {
                    self.deadline = Some(at);
                    return None;
                }
                Ok(Output::Transmit(out)) => {
                    let way =
                        if out.proto == Protocol::Udp { MediaTransport::Udp } else { MediaTransport::Tcp };
                    return Some(PeerEvent::Transmit(way, out.source, out.destination, out.contents.into()));
                }
                Ok(Output::Event(event)) => event,
                Err(error) => {
                    tracing::debug!(%error, "the connection is over");
                    self.deadline = None;
                    return None;
                }
            };
            match event {
                Event::Connected => return Some(PeerEvent::Connected),
                Event::IceConnectionStateChange(state) => {
                    return Some(PeerEvent::Path(state != IceConnectionState::Disconnected));
                }
                Event::Closed => return Some(PeerEvent::Closed),
                Event::RtpPacket(packet) => {
                    let mid = self.rtc.direct_api().stream_rx(&packet.header.ssrc).map(|stream| stream.mid());
                    let track = mid.and_then(|mid| self.tracks.get(&mid.to_string()).cloned());
                    return Some(PeerEvent::Rtp(track, Box::new(packet)));
                }
                Event::ChannelData(data) => return Some(PeerEvent::Message(data.data)),
                Event::ChannelOpen(..) | Event::ChannelBufferedAmountLow(_) => self.flush(),
                _ => {}
            }
        }
    }

    /// Closes the connection, telling the other side.
    pub fn close(&mut self) {
        if let Err(error) = self.rtc.close() {
            tracing::debug!(%error, "closing");
        }
    }
}
