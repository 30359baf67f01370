//! A light client: sends Opus packets that were encoded beforehand, every 20 ms, and notes when each packet left and
//! when it came. It does not decipher what it hears (times and numbers of RTP are in the clear), unless it is asked to
//! listen: then it decodes, and says how loud it was.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use livekit_protocol as proto;
use livekit_signaling::{SignalClient, SignalEvent, SignalEvents, SignalOptions};
use opus_pure::{Application, MAX_PACKET_BYTES, OpusDecoder, OpusEncoder};
use proto::signal_request::Message as Request;
use proto::signal_response::Message;
use str0m::change::{SdpAnswer, SdpPendingOffer};
use str0m::media::{Direction, MediaKind, Mid};
use str0m::net::{Protocol, Receive};
use str0m::rtp::RtpWrite;
use str0m::{Candidate, Event, Input, Output, Rtc};
use tokio::net::UdpSocket;
use tokio::time::Instant;

use super::times::{PacketTimes, nanos};

/// The length of a packet, and the same in ticks of RTP.
const FRAME: Duration = Duration::from_millis(20);
const TICKS: u32 = 960;
/// Samples a second of the tone.
const RATE: i32 = 48_000;
/// Slots that are made up for when we come late; then the clock is set anew.
const MAKE_UP: u32 = 5;

/// What one client counts, for others to read while it runs.
#[derive(Debug, Default)]
pub(super) struct Counts {
    /// Whether what is sent now is measured.
    pub(super) measuring: AtomicBool,
    /// Whether packets of the other come.
    pub(super) hears: AtomicBool,
    pub(super) sent: AtomicU64,
    /// Of a listening one: samples decoded, and the sum of their squares in units of 2^20.
    pub(super) samples: AtomicU64,
    pub(super) energy: AtomicU64,
}

/// A second of a tone, as packets.
pub(super) fn tone() -> Result<Vec<Arc<[u8]>>> {
    let mut encoder = OpusEncoder::new(RATE, 1, Application::Voip).ok().context("Opus knows 48 kHz")?;
    encoder.bitrate_bps = 32_000;
    let step = std::f64::consts::TAU * 500.0 / f64::from(RATE);
    let samples: Vec<i16> = (0..RATE).map(|at| ((f64::from(at) * step).sin() * 8_192.0) as i16).collect();
    let mut packet = vec![0; MAX_PACKET_BYTES];
    let frames = samples.chunks(TICKS as usize).map(|frame| {
        let length = encoder.encode_s16(frame, frame.len(), &mut packet).ok().context("a tone is encoded")?;
        Ok(Arc::from(&packet[..length]))
    });
    frames.collect()
}

/// One client in a room.
pub(super) struct LightClient {
    rtc: Rtc,
    socket: UdpSocket,
    address: SocketAddr,
    signal: SignalClient,
    events: SignalEvents,
    pending: Option<SdpPendingOffer>,
    offers: u32,
    /// What the next offer is to add: our voice, once the server knows of it, and sections for others.
    announced: bool,
    wanted: u32,
    microphone: Option<Mid>,
    packets: Arc<Vec<Arc<[u8]>>>,
    sent: u64,
    due: Instant,
    /// When what we send left, and when what we hear did.
    own: Arc<PacketTimes>,
    other: Arc<PacketTimes>,
    counts: Arc<Counts>,
    ear: Option<OpusDecoder>,
}

impl LightClient {
    /// Joins, asks for its track, and offers it.
    pub(super) async fn join(
        url: &str,
        token: &str,
        packets: Arc<Vec<Arc<[u8]>>>,
        (own, other): (Arc<PacketTimes>, Arc<PacketTimes>),
        counts: Arc<Counts>,
        listens: bool,
    ) -> Result<Self> {
        let socket = UdpSocket::bind("127.0.0.1:0").await?;
        let address = socket.local_addr()?;
        let mut rtc = Rtc::builder()
            .clear_codecs()
            .enable_opus(true, false)
            .enable_vp8(true)
            .set_rtp_mode(true)
            .build(Instant::now().into_std());
        rtc.add_local_candidate(Candidate::host(address, "udp")?);
        let mut api = rtc.sdp_api();
        api.add_channel("_reliable".to_owned());
        api.add_media(MediaKind::Audio, Direction::RecvOnly, None, None, None);
        let (offer, pending) = api.apply().context("something is offered")?;
        let mut options = SignalOptions::default();
        options.single_peer_connection = true;
        options.auto_subscribe = true;
        options.protocol_version = 17;
        options.client_capabilities = Vec::new();
        let offer = description(1, offer.to_sdp_string());
        let (signal, _joined, events) = SignalClient::connect(url, token, options, Some(offer)).await?;
        let track = proto::AddTrackRequest {
            cid: "tone".to_owned(),
            name: "tone".to_owned(),
            r#type: proto::TrackType::Audio as i32,
            source: proto::TrackSource::Microphone as i32,
            disable_red: true,
            ..proto::AddTrackRequest::default()
        };
        signal.send(Request::AddTrack(track)).await;
        let ear = if listens { OpusDecoder::new(RATE, 1).ok() } else { None };
        Ok(Self {
            rtc,
            socket,
            address,
            signal,
            events,
            pending: Some(pending),
            offers: 1,
            announced: false,
            wanted: 0,
            microphone: None,
            packets,
            sent: 0,
            due: Instant::now(),
            own,
            other,
            counts,
            ear,
        })
    }

    /// Runs until it fails or is dropped.
    pub(super) async fn run(mut self) -> Result<()> {
        let mut buffer = [0; 2_048];
        let mut wake = Instant::now();
        loop {
            let next = if self.rtc.is_connected() { wake.min(self.due) } else { wake };
            tokio::select! {
                received = self.socket.recv_from(&mut buffer) => {
                    let (length, from) = received?;
                    self.receive(from, &buffer[..length])?;
                }
                event = self.events.recv() => self.event(event).await?,
                () = tokio::time::sleep_until(next) => self.speak()?,
            }
            wake = self.rest().await?;
        }
    }

    fn receive(&mut self, from: SocketAddr, bytes: &[u8]) -> Result<()> {
        if let Some(time) = rtp_time(bytes) {
            self.other.came(time / TICKS, nanos());
            self.counts.hears.store(true, Ordering::Relaxed);
            if self.ear.is_none() {
                return Ok(());
            }
        }
        if let Ok(receive) = Receive::new(Protocol::Udp, from, self.address, bytes) {
            self.rtc.handle_input(Input::Receive(Instant::now().into_std(), receive))?;
        }
        Ok(())
    }

    async fn event(&mut self, event: Option<SignalEvent>) -> Result<()> {
        let message = match event {
            Some(SignalEvent::Message(message)) => *message,
            Some(SignalEvent::Close(why)) => bail!("the signalling ended: {why}"),
            None => bail!("the signalling ended"),
        };
        #[expect(clippy::wildcard_enum_match_arm, reason = "all else is not looked at")]
        match message {
            Message::Answer(answer) => {
                let pending = self.pending.take().context("an answer to no offer")?;
                self.rtc.sdp_api().accept_answer(pending, SdpAnswer::from_sdp_string(&answer.sdp)?)?;
            }
            Message::TrackPublished(_) => self.announced = true,
            Message::MediaSectionsRequirement(wanted) => self.wanted = wanted.num_audios.clamp(1, 4),
            Message::Leave(_) => bail!("the server sends us away"),
            _ => {}
        }
        self.offer().await
    }

    /// Offers what is to be added, unless an offer is out.
    async fn offer(&mut self) -> Result<()> {
        let speaks = self.announced && self.microphone.is_none();
        if self.pending.is_some() || !speaks && self.wanted == 0 {
            return Ok(());
        }
        let mut api = self.rtc.sdp_api();
        if speaks {
            let name = || Some("tone".to_owned());
            let mid = api.add_media(MediaKind::Audio, Direction::SendOnly, name(), name(), None);
            self.microphone = Some(mid);
        }
        for _ in 0..std::mem::take(&mut self.wanted) {
            api.add_media(MediaKind::Audio, Direction::RecvOnly, None, None, None);
        }
        let (offer, pending) = api.apply().context("something is new")?;
        self.pending = Some(pending);
        self.offers += 1;
        let offer = description(self.offers, offer.to_sdp_string());
        self.signal.send(Request::Offer(offer)).await;
        Ok(())
    }

    /// Sends what is due, if it is.
    fn speak(&mut self) -> Result<()> {
        let now = Instant::now();
        self.rtc.handle_input(Input::Timeout(now.into_std()))?;
        if !self.rtc.is_connected() || now < self.due {
            return Ok(());
        }
        self.due = if now > self.due + FRAME * MAKE_UP { now + FRAME } else { self.due + FRAME };
        let Some(mid) = self.microphone else { return Ok(()) };
        let Some(&pt) = self.rtc.media(mid).and_then(|media| media.remote_pts().first()) else {
            return Ok(());
        };
        let packet = Arc::clone(&self.packets[self.sent as usize % self.packets.len()]);
        let number = self.sent;
        self.sent += 1;
        let mut api = self.rtc.direct_api();
        let Some(stream) = api.stream_tx_by_mid(mid, None) else { return Ok(()) };
        let time = (number as u32).wrapping_mul(TICKS);
        stream.write_rtp(RtpWrite::new(pt, (number + 1).into(), time, now.into_std(), packet));
        Ok(())
    }

    /// Sends what is to be sent; when to look again.
    async fn rest(&mut self) -> Result<Instant> {
        loop {
            match self.rtc.poll_output()? {
                Output::Timeout(at) => return Ok(at.into()),
                Output::Transmit(out) => {
                    if let Some(time) = rtp_time(&out.contents) {
                        if self.counts.measuring.load(Ordering::Relaxed) {
                            self.counts.sent.fetch_add(1, Ordering::Relaxed);
                            self.own.left(time / TICKS);
                        } else {
                            self.own.forget(time / TICKS);
                        }
                    }
                    self.socket.send_to(&out.contents, out.destination).await?;
                }
                Output::Event(Event::RtpPacket(packet)) => self.hear(&packet.payload),
                Output::Event(_) => {}
            }
        }
    }

    fn hear(&mut self, payload: &[u8]) {
        let Some(ear) = &mut self.ear else { return };
        let mut pcm = [0; TICKS as usize];
        let Ok(samples) = ear.decode_s16(payload, TICKS as usize, &mut pcm) else { return };
        let energy: f64 = pcm[..samples].iter().map(|&sample| f64::from(sample).powi(2)).sum();
        self.counts.samples.fetch_add(samples as u64, Ordering::Relaxed);
        self.counts.energy.fetch_add((energy / 1_048_576.0) as u64, Ordering::Relaxed);
    }
}

fn description(id: u32, sdp: String) -> proto::SessionDescription {
    proto::SessionDescription { r#type: "offer".to_owned(), sdp, id, ..Default::default() }
}

/// The time in the header of an RTP packet; `None` for anything else.
fn rtp_time(bytes: &[u8]) -> Option<u32> {
    let rtp = bytes.len() >= 12 && bytes[0] >> 6 == 2 && !(64..96).contains(&(bytes[1] & 0x7f));
    rtp.then(|| u32::from_be_bytes([bytes[4], bytes[5], bytes[6], bytes[7]]))
}
