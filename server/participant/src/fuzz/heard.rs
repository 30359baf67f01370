//! Input of the media sockets, and the audio in it.

use std::sync::Arc;
use std::time::Duration;

use fuzz_kit::{glued, pieces};
use livekit_protocol::signal_response::Message as Response;

use super::stay::{self, OURS, Stay, THEIRS};
use crate::audio::outbox::PcmBuffer;
use crate::audio::receiver::Receiver;
use crate::audio::voice::{FRAME, VoiceEncoder, VoiceOptions};
use crate::session::{MediaTransport, Offer};

/// A list of datagrams, after an honest answer. The first byte of each chooses which of our addresses it arrives at.
pub(super) fn datagrams(bytes: &[u8]) {
    let Some((kind, rest)) = bytes.split_first() else { return };
    let mut stay = Stay::begin(kind % 2 == 0);
    let sdp = stay.named(&stay::answer_and_offer().0);
    stay.session.handle_signal(
        stay.now,
        Response::Answer(Offer { r#type: "answer".into(), sdp, ..Offer::default() }),
    );
    for piece in pieces(rest) {
        let Some((how, bytes)) = piece.split_first() else { continue };
        stay.session.datagram(
            stay.now,
            MediaTransport::Udp,
            THEIRS.into(),
            OURS[usize::from(how & 1)].into(),
            bytes,
        );
        stay.after(piece.len());
    }
    stay.check();
}

pub(super) fn datagram_samples() -> Vec<Vec<u8>> {
    // A connectivity check, the beginning of a DTLS handshake, Opus with an audio level, a receiver's report.
    let check = [&[0, 1, 0, 12, 0x21, 0x12, 0xa4, 0x42][..], &[7; 12], &[0, 6, 0, 7], b"us:them\0"].concat();
    let dtls = [&[22, 254, 253, 0, 0, 0, 0, 0, 0, 0, 0, 0, 20, 1][..], &[0; 19]].concat();
    let rtp = [&[0x90, 111, 0, 1, 0, 0, 0, 1, 0, 0, 0, 2, 0xbe, 0xde, 0, 1, 0x10, 0x80, 0, 0][..], &[1; 20]]
        .concat();
    let rtcp = [&[0x81, 201, 0, 7, 0, 0, 0, 2][..], &[0; 24]].concat();
    let all = [check, dtls, rtp, rtcp].map(|datagram| [&[0][..], &datagram].concat());
    vec![glued(0, &all), glued(1, &all)]
}

/// The packet's head: milliseconds since the last one (up to 255), steps of its number and of its time.
const HEAD: usize = 4;

/// A list of packets; the first byte chooses the rate. Whatever arrives, there is a frame of the right length every 20
/// ms, and the counts are consistent.
pub(super) fn audio(bytes: &[u8]) {
    let Some((kind, rest)) = bytes.split_first() else { return };
    let rate = [8_000, 12_000, 16_000, 24_000, 48_000][usize::from(*kind) % 5];
    let mut receiver = Receiver::new(rate).expect("Opus knows it");
    let (mut now, mut seq, mut ticks) = (stay::start(), 1_u64 << 32, 1_u64 << 40);
    let (mut due, mut came, mut frames) = (now, 0, 0);
    for piece in pieces(rest).take(400) {
        let Some((&[wait, number, time, more], payload)) = piece.split_first_chunk::<HEAD>() else {
            continue;
        };
        now += Duration::from_millis(wait.into());
        while due <= now {
            let frame = receiver.frame(due);
            assert!(frame.samples.len() == rate as usize / 50 && frame.rate == rate);
            (due, frames) = (due + FRAME, frames + 1);
        }
        // Both can go back a little too. The timestamp moves in steps of 2.5 ms, or (by the fourth byte) in jumps.
        seq = seq.wrapping_add_signed(i64::from(number.cast_signed()));
        let step = i64::from(time.cast_signed()) * 120;
        ticks = ticks.wrapping_add_signed(if more == 255 { step * 10_000 } else { step + i64::from(more) });
        receiver.insert(now, seq, ticks, Arc::from(payload));
        came += 1;
    }
    let stats = receiver.stats();
    assert_eq!((stats.frames, stats.packets.received), (frames, came));
    assert!(stats.packets.discarded <= came && stats.concealed + stats.quiet <= frames, "{stats:?}");
    assert!(stats.target_ms <= 500, "{stats:?}");
}

pub(super) fn audio_samples() -> Vec<Vec<u8>> {
    let mut voice = VoiceEncoder::new(VoiceOptions::default()).expect("Opus knows the rate");
    let mut outbox = PcmBuffer::new(24_000);
    let tone = (0..4_800).map(|n: i32| (n * 997 % 16_000 - 8_000) as i16);
    outbox.put(&tone.collect::<Vec<i16>>());
    let start = stay::start();
    let mut packets = Vec::new();
    for slot in 0..60 {
        while let Some(sent) = voice.poll(start + FRAME * slot, &mut outbox) {
            packets.extend(sent);
        }
    }
    let (mut seq, mut ticks) = (0, 0);
    let steps: Vec<Vec<u8>> = packets
        .iter()
        .map(|packet| {
            let (step, time) = (packet.seq - seq, (packet.ticks - ticks) / 120);
            (seq, ticks) = (packet.seq, packet.ticks);
            let head = [20, u8::try_from(step).unwrap_or(1), u8::try_from(time).unwrap_or(8).min(127), 0];
            [&head[..], &packet.payload].concat()
        })
        .collect();
    // One of them with every seventh lost.
    let lossy: Vec<Vec<u8>> =
        steps.iter().enumerate().filter(|(n, _)| n % 7 != 3).map(|(_, step)| step.clone()).collect();
    vec![glued(3, &steps), glued(4, &lossy)]
}
