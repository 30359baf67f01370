//! Opus packets in an Ogg file (RFC 7845), as they came: nothing is decoded or encoded.

use std::io;

use ogg::{PacketWriteEndInfo, PacketWriter};

/// A page is written once it holds so many samples: a second. What a crash leaves ends at most so much early.
const PAGE: u64 = 48_000;
/// So many samples at the start are decoded and not played: a decoder that begins in the middle of speech needs them.
const PRE_SKIP: u16 = 3_840;
/// The longest packet that Opus has, in samples.
const LONGEST: u64 = 5_760;
/// The only stream of its file.
const SERIAL: u32 = 1;

/// An Ogg Opus file that is being written.
pub(super) struct OggOpus {
    pages: PacketWriter<'static, Vec<u8>>,
    /// The last packet, until it is known whether another one follows.
    last: Option<Vec<u8>>,
    /// Samples at 48 kHz up to its end, and up to the last page.
    samples: u64,
    paged: u64,
}

impl OggOpus {
    /// One whose headers are written.
    pub(super) fn begin() -> io::Result<Self> {
        let mut pages = PacketWriter::new(Vec::new());
        let mut head = b"OpusHead\x01\x01".to_vec();
        head.extend(PRE_SKIP.to_le_bytes());
        head.extend(48_000_u32.to_le_bytes());
        // No gain; one channel, or two that are played as one.
        head.extend([0, 0, 0]);
        pages.write_packet(head, SERIAL, PacketWriteEndInfo::EndPage, 0)?;
        let mut tags = b"OpusTags".to_vec();
        tags.extend(11_u32.to_le_bytes());
        tags.extend(b"InterviewOS");
        tags.extend(0_u32.to_le_bytes());
        pages.write_packet(tags, SERIAL, PacketWriteEndInfo::EndPage, 0)?;
        Ok(Self { pages, last: None, samples: 0, paged: 0 })
    }

    /// Adds a packet; one that is not Opus is left out.
    pub(super) fn packet(&mut self, packet: &[u8]) -> io::Result<()> {
        let Some(more) = samples(packet) else { return Ok(()) };
        let full = self.samples.saturating_sub(self.paged) >= PAGE;
        self.write(if full { PacketWriteEndInfo::EndPage } else { PacketWriteEndInfo::NormalPacket })?;
        self.last = Some(packet.to_owned());
        self.samples += more;
        Ok(())
    }

    /// Whether there is anything to hear.
    pub(super) fn is_empty(&self) -> bool {
        self.samples <= u64::from(PRE_SKIP)
    }

    /// Ends the file.
    pub(super) fn end(&mut self) -> io::Result<()> {
        self.write(PacketWriteEndInfo::EndStream)
    }

    /// The whole pages that were made since it was asked last.
    pub(super) fn pages(&mut self) -> Vec<u8> {
        std::mem::take(self.pages.inner_mut())
    }

    /// Writes the packet that waits.
    fn write(&mut self, end: PacketWriteEndInfo) -> io::Result<()> {
        let Some(packet) = self.last.take() else { return Ok(()) };
        if end != PacketWriteEndInfo::NormalPacket {
            self.paged = self.samples;
        }
        self.pages.write_packet(packet, SERIAL, end, self.samples)
    }
}

/// How many samples at 48 kHz a packet holds (RFC 6716, section 3.1). `None` if it is none.
fn samples(packet: &[u8]) -> Option<u64> {
    let toc = *packet.first()?;
    // In 2.5 ms.
    let frame: u64 = match toc >> 3 {
        0..=11 => [4, 8, 16, 24][usize::from(toc >> 3 & 3)],
        12..=15 => [4, 8][usize::from(toc >> 3 & 1)],
        16.. => [1, 2, 4, 8][usize::from(toc >> 3 & 3)],
    };
    let frames = match toc & 3 {
        0 => 1,
        1 | 2 => 2,
        _ => u64::from(packet.get(1)? & 0x3f),
    };
    Some(frame * frames * 120).filter(|samples| (1..=LONGEST).contains(samples))
}

#[cfg(test)]
mod tests {
    use ogg::PacketReader;

    use super::*;

    #[test]
    fn the_length_of_packets_is_known() {
        for (packet, length) in [
            (&[0xf8, 0xff, 0xfe][..], Some(960)),
            (&[0x78, 1], Some(960)),
            (&[0x08, 1], Some(960)),
            (&[0x18, 1], Some(2_880)),
            (&[0x80, 1], Some(120)),
            (&[0xf9, 1], Some(1_920)),
            (&[0xfb, 0x83], Some(2_880)),
            (&[0xfb, 0x3f], None),
            (&[0xfb, 0x00], None),
            (&[0xfb], None),
            (&[], None),
        ] {
            assert_eq!(samples(packet), length, "{packet:?}");
        }
    }

    #[test]
    fn packets_are_read_back_as_they_came_with_the_right_times() {
        let mut file = OggOpus::begin().unwrap();
        let packets: Vec<Vec<u8>> = (0..200_u8).map(|n| vec![0xf8; usize::from(n) * 2 + 1]).collect();
        let mut bytes = Vec::new();
        for packet in &packets {
            file.packet(packet).unwrap();
            bytes.extend(file.pages());
        }
        assert!(bytes.len() > packets[..50].concat().len(), "what came is written as it comes");
        file.packet(&[]).unwrap();
        file.end().unwrap();
        bytes.extend(file.pages());
        let mut reader = PacketReader::new(io::Cursor::new(bytes));
        let mut next = || reader.read_packet().unwrap();
        assert!(next().unwrap().data.starts_with(b"OpusHead"));
        assert!(next().unwrap().data.starts_with(b"OpusTags"));
        for (n, packet) in (1..).zip(&packets) {
            let read = next().unwrap();
            assert_eq!(&read.data, packet);
            assert_eq!(read.last_in_stream(), n == packets.len());
            assert!(!read.last_in_page() || read.absgp_page() == n as u64 * 960);
        }
        assert!(next().is_none());
    }
}
