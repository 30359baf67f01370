//! One peer connection: `str0m`, reduced to what a room needs.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use str0m::change::SdpOffer;
use str0m::channel::ChannelId;
use str0m::config::{CryptoProvider, DtlsCert};
use str0m::format::Codec;
use str0m::media::{Mid, Pt};
use str0m::net::{Protocol, Receive};
use str0m::rtp::RtpPacket;
use str0m::{Candidate, Event, IceConnectionState, Input, Output, Rtc, RtcError};

use crate::bucket::Bucket;
use crate::config::RoomLimits;
use crate::switch::Via;

/// Labels of LiveKit's data channels.
pub(super) const RELIABLE: &str = "_reliable";
pub(super) const LOSSY: &str = "_lossy";

/// Bytes that wait for a client that takes data slowly; more is dropped. A sender is not slowed down by its slowest
/// receiver, so a file that is sent faster than it is received waits here. With 1 MB, parts of a 3 MB file were lost.
const DATA_BUFFER: usize = 8 << 20;
/// Packets and bytes that wait for a data channel to open. Where a network loses much, that takes seconds: of small packets,
/// many have to wait.
const UNSENT: (usize, usize) = (2048, 256 * 1024);
/// Data channels that are remembered.
const CHANNELS: usize = 8;
/// How often packet loss is reported.
const STATS: Duration = Duration::from_secs(5);
/// More iterations than this without a wait are a bug of ours: the connection ends, so that the task does not spin for
/// ever.
const TURNS: usize = 10_000;

/// What all connections share.
#[derive(Debug, Clone)]
pub(crate) struct Setup {
    pub candidates: Vec<Candidate>,
    pub certificate: DtlsCert,
    pub crypto: Arc<CryptoProvider>,
    pub limits: RoomLimits,
}

/// An event of a connection.
#[derive(Debug)]
pub(crate) enum LinkEvent {
    /// Send this datagram.
    Transmit { via: Via, from: SocketAddr, to: SocketAddr, contents: Vec<u8> },
    /// Media is connected (`true`) or lost.
    Connected(bool),
    /// A packet of the track on this section.
    Media(Mid, Box<RtpPacket>),
    /// A data packet.
    Data { reliable: bool, bytes: Vec<u8> },
    /// The share of packets lost lately, on the way to or from the client.
    Loss(f32),
}

/// One peer connection.
#[derive(Debug)]
pub(super) struct PeerLink {
    pub rtc: Rtc,
    /// Open channels with their labels, newest first. A client needs two.
    channels: Vec<(ChannelId, &'static str)>,
    unsent: VecDeque<Arc<[u8]>>,
    bucket: Bucket,
    pub deadline: Instant,
    pub connected: bool,
}

impl PeerLink {
    pub fn new(now: Instant, setup: &Setup) -> Self {
        let mut rtc = Rtc::builder()
            .set_crypto_provider(Arc::clone(&setup.crypto))
            .set_dtls_cert(setup.certificate.clone())
            .set_ice_lite(true)
            .clear_codecs()
            // Without RED in the answer a client sends plain Opus. Without VP8 a video section would have no payload
            // type, and Chrome rejects such an answer.
            .enable_opus(true, false)
            .enable_vp8(true)
            .set_rtp_mode(true)
            .set_stats_interval(Some(STATS))
            .set_sctp_max_buffered_amount(DATA_BUFFER)
            .build(now);
        for candidate in &setup.candidates {
            rtc.add_local_candidate(candidate.clone());
        }
        let rate = setup.limits.datagrams_per_second;
        Self {
            rtc,
            channels: Vec::new(),
            unsent: VecDeque::new(),
            bucket: Bucket::new(now, rate, rate.saturating_mul(2)),
            deadline: now,
            connected: false,
        }
    }

    /// Our ICE user fragment, which clients' connectivity checks name.
    pub fn ufrag(&mut self) -> String {
        self.rtc.direct_api().local_ice_credentials().ufrag
    }

    pub fn accept_offer(&mut self, sdp: &str) -> Result<String, String> {
        let offer = SdpOffer::from_sdp_string(sdp).map_err(|error| error.to_string())?;
        let answer = self.rtc.sdp_api().accept_offer(offer).map_err(|error| error.to_string())?;
        Ok(answer.to_sdp_string())
    }

    /// The payload type of Opus on a section.
    pub fn opus(&self, mid: Mid) -> Option<Pt> {
        let agreed = self.rtc.media(mid)?.remote_pts();
        let mut params = self.rtc.codec_config().params().iter();
        params.find(|p| p.spec().codec == Codec::Opus && agreed.contains(&p.pt())).map(|p| p.pt())
    }

    /// Receives a datagram. It is dropped if it exceeds the rate or cannot be parsed.
    pub fn receive(&mut self, now: Instant, via: Via, from: SocketAddr, to: SocketAddr, bytes: &[u8]) {
        if !self.bucket.take(now) {
            return;
        }
        let protocol = match via {
            Via::Udp => Protocol::Udp,
            Via::Tcp => Protocol::Tcp,
        };
        let Ok(receive) = Receive::new(protocol, from, to, bytes) else { return };
        let input = Input::Receive(now, receive);
        if !self.rtc.accepts(&input) {
            return;
        }
        let result = self.rtc.handle_input(input);
        self.check(result);
    }

    /// An error ends the connection; the room is told that its media is gone.
    fn check(&mut self, result: Result<(), RtcError>) {
        if let Err(error) = result {
            tracing::debug!(%error, "a peer connection failed");
            self.rtc.disconnect();
        }
    }

    /// Runs the connection until it has nothing left to do.
    pub fn drain(&mut self, now: Instant, out: &mut Vec<LinkEvent>) {
        // A timeout that stays in the past is tried again a little later instead of spinning.
        let mut idle = 0;
        for _ in 0..TURNS {
            if !self.rtc.is_alive() {
                self.deadline = now + Duration::from_secs(3600);
                if std::mem::take(&mut self.connected) {
                    out.push(LinkEvent::Connected(false));
                }
                return;
            }
            match self.rtc.poll_output() {
                Ok(Output::Timeout(deadline)) if deadline <= now && idle < 8 => {
                    idle += 1;
                    let result = self.rtc.handle_input(Input::Timeout(now));
                    self.check(result);
                }
                Ok(Output::Timeout(deadline)) => {
                    self.deadline = deadline.max(now + Duration::from_millis(1));
                    return;
                }
                Ok(output) => {
                    idle = 0;
                    self.output(output, out);
                }
                Err(error) => self.check(Err(error)),
            }
        }
        tracing::warn!("a peer connection does not come to rest and is closed");
        self.rtc.disconnect();
    }

    fn output(&mut self, output: Output, out: &mut Vec<LinkEvent>) {
        match output {
            Output::Timeout(_) => {}
            Output::Transmit(transmit) => out.push(LinkEvent::Transmit {
                via: if transmit.proto == Protocol::Udp { Via::Udp } else { Via::Tcp },
                from: transmit.source,
                to: transmit.destination,
                contents: transmit.contents.into(),
            }),
            Output::Event(event) => self.event(event, out),
        }
    }

    fn event(&mut self, event: Event, out: &mut Vec<LinkEvent>) {
        match event {
            Event::Connected => {
                self.connected = true;
                out.push(LinkEvent::Connected(true));
            }
            Event::IceConnectionStateChange(state) => {
                let there = state != IceConnectionState::Disconnected;
                // The first connection counts as connected only once DTLS is up.
                if self.connected {
                    out.push(LinkEvent::Connected(there));
                }
            }
            Event::ChannelOpen(id, label) => {
                let Some(label) = [RELIABLE, LOSSY].into_iter().find(|known| *known == label) else { return };
                self.channels.insert(0, (id, label));
                self.channels.truncate(CHANNELS);
                if label == RELIABLE {
                    for packet in std::mem::take(&mut self.unsent) {
                        self.write(RELIABLE, &packet);
                    }
                }
            }
            Event::ChannelClose(id) => self.channels.retain(|(open, _)| *open != id),
            Event::ChannelData(data) => {
                if let Some((_, label)) = self.channels.iter().find(|(id, _)| *id == data.id) {
                    out.push(LinkEvent::Data { reliable: *label == RELIABLE, bytes: data.data });
                }
            }
            Event::RtpPacket(packet) => {
                let mid = packet.header.ext_vals.mid.or_else(|| {
                    let ssrc = packet.header.ssrc;
                    self.rtc.direct_api().stream_rx(&ssrc).map(|stream| stream.mid())
                });
                if let Some(mid) = mid {
                    out.push(LinkEvent::Media(mid, Box::new(packet)));
                }
            }
            Event::MediaEgressStats(stats) => out.extend(stats.loss.map(LinkEvent::Loss)),
            Event::MediaIngressStats(stats) => out.extend(stats.loss.map(LinkEvent::Loss)),
            // Video, bandwidth and total statistics are not used; the offers tell of media sections. `drain` notices a
            // connection that the other side closed.
            Event::MediaAdded(_)
            | Event::MediaData(_)
            | Event::MediaChanged(_)
            | Event::ChannelBufferedAmountLow(_)
            | Event::PeerStats(_)
            | Event::EgressBitrateEstimate(_)
            | Event::KeyframeRequest(_)
            | Event::StreamPaused(_)
            | Event::SenderFeedback(_)
            | Event::AppSpecificFeedback(_)
            | Event::Closed
            | Event::RawPacket(_) => {}
            // The enum is not exhaustive; new events do not concern us.
            _ => {}
        }
    }

    /// Sends a data packet. It is dropped if a slow client's buffer is full, or if too much already waits for a channel
    /// to open.
    pub fn send(&mut self, reliable: bool, packet: &Arc<[u8]>) {
        let label = if reliable { RELIABLE } else { LOSSY };
        if self.write(label, packet) || !reliable || self.channel(label).is_some() {
            return;
        }
        let bytes: usize = self.unsent.iter().map(|packet| packet.len()).sum();
        if self.unsent.len() < UNSENT.0 && bytes + packet.len() <= UNSENT.1 {
            self.unsent.push_back(Arc::clone(packet));
        }
    }

    fn channel(&self, label: &str) -> Option<ChannelId> {
        self.channels.iter().find(|(_, open)| *open == label).map(|(id, _)| *id)
    }

    fn write(&mut self, label: &str, packet: &[u8]) -> bool {
        let Some(mut channel) = self.channel(label).and_then(|id| self.rtc.channel(id)) else { return false };
        channel.write(true, packet).unwrap_or(false)
    }

    /// Closes the connection, telling the other side.
    pub fn close(&mut self, now: Instant, out: &mut Vec<LinkEvent>) {
        if self.rtc.close().is_ok() {
            self.drain(now, out);
        }
        self.rtc.disconnect();
    }
}
