//! Opus packets in an Ogg file (RFC 7845), as they came: nothing is decoded or encoded.

use std::io::{self, Cursor};

use ogg::{PacketReader, PacketWriteEndInfo, PacketWriter};

/// A page is written once it holds so many samples: a second. What a crash leaves ends at most so much early.
const PAGE: u64 = 48_000;
/// So many samples at the start are decoded and not played: a decoder that begins in the middle of speech needs them.
const PRE_SKIP: u16 = 3_840;
/// The longest packet that Opus has, in samples.
const LONGEST: u64 = 5_760;
/// The only stream of its file.
const SERIAL: u32 = 1;
/// Where the header says how channels are put together.
const FAMILY: usize = 18;

/// An Ogg Opus file that is being written.
pub struct OggOpus {
    pages: PacketWriter<'static, Vec<u8>>,
    /// The last packet, until it is known whether another one follows.
    last: Option<Vec<u8>>,
    /// Samples at 48 kHz up to its end, and up to the last page.
    samples: u64,
    paged: u64,
}

impl OggOpus {
    /// One whose headers are written.
    ///
    /// # Errors
    /// None: what is written stays in memory.
    pub fn begin() -> io::Result<Self> {
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
    ///
    /// # Errors
    /// None, likewise.
    pub fn packet(&mut self, packet: &[u8]) -> io::Result<()> {
        let Some(more) = samples(packet) else { return Ok(()) };
        let full = self.samples.saturating_sub(self.paged) >= PAGE;
        self.write(if full { PacketWriteEndInfo::EndPage } else { PacketWriteEndInfo::NormalPacket })?;
        self.last = Some(packet.to_owned());
        self.samples += more;
        Ok(())
    }

    /// Whether there is nothing to hear.
    pub fn is_empty(&self) -> bool {
        self.samples <= u64::from(PRE_SKIP)
    }

    /// Ends the file.
    ///
    /// # Errors
    /// None, likewise.
    pub fn end(&mut self) -> io::Result<()> {
        self.write(PacketWriteEndInfo::EndStream)
    }

    /// The whole pages that were made since it was asked last.
    pub fn pages(&mut self) -> Vec<u8> {
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

/// What is no Ogg file with one stream of Opus, or a damaged one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is no Ogg Opus file, or it is damaged")]
pub struct NotOggOpus;

/// The Opus packets of a file, one after the other: a file full of tiny ones takes no more memory than it does itself.
pub struct OggPackets<T: AsRef<[u8]>>(PacketReader<Cursor<T>>);

impl<T: AsRef<[u8]>> OggPackets<T> {
    /// Those of this file, whose headers are read.
    ///
    /// # Errors
    /// If it is none.
    pub fn of(file: T) -> Result<Self, NotOggOpus> {
        // Whoever reads packets looks for the next page where one is broken, and passes over what is between.
        if !follow(file.as_ref()) {
            return Err(NotOggOpus);
        }
        let mut pages = PacketReader::new(Cursor::new(file));
        let mut header = |name: &[u8]| match pages.read_packet() {
            Ok(Some(packet)) if packet.data.starts_with(name) => Ok(packet.data),
            Ok(Some(_) | None) | Err(_) => Err(NotOggOpus),
        };
        let (head, _) = (header(b"OpusHead\x01")?, header(b"OpusTags")?);
        // Of any other family, a packet holds several streams.
        match head.get(FAMILY) {
            Some(0) => Ok(Self(pages)),
            Some(_) | None => Err(NotOggOpus),
        }
    }

    /// The next packet, if there is one.
    ///
    /// # Errors
    /// If the file is damaged.
    pub fn next_packet(&mut self) -> Result<Option<Vec<u8>>, NotOggOpus> {
        let packet = self.0.read_packet().map_err(|_| NotOggOpus)?;
        Ok(packet.map(|packet| packet.data))
    }
}

/// Whether this is one page after the other of one stream, none of them missing, to the end. What is in them is not looked
/// at.
fn follow(mut file: &[u8]) -> bool {
    let mut stream = None;
    for number in 0_u32.. {
        let Some((head, rest)) = file.split_first_chunk::<27>() else { return file.is_empty() && number > 0 };
        let ([b'O', b'g', b'g', b'S', ..], Some(sizes)) = (head, rest.get(..usize::from(head[26]))) else {
            return false;
        };
        let length: usize = sizes.iter().copied().map(usize::from).sum();
        let serial = &head[14..18];
        if head[18..22] != number.to_le_bytes() || stream.get_or_insert(serial) != &serial {
            return false;
        }
        let Some(next) = rest.get(sizes.len() + length..) else { return false };
        file = next;
    }
    false
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

    /// A file of so many packets, each unlike the others.
    fn file(packets: u8) -> (Vec<Vec<u8>>, Vec<u8>) {
        let mut file = OggOpus::begin().unwrap();
        let packets: Vec<Vec<u8>> = (0..packets).map(|n| vec![0xf8; usize::from(n) * 2 + 1]).collect();
        for packet in &packets {
            file.packet(packet).unwrap();
        }
        file.end().unwrap();
        (packets, file.pages())
    }

    fn read(file: &[u8]) -> Result<Vec<Vec<u8>>, NotOggOpus> {
        let mut packets = OggPackets::of(file)?;
        let mut all = Vec::new();
        while let Some(packet) = packets.next_packet()? {
            all.push(packet);
        }
        Ok(all)
    }

    #[test]
    fn what_was_written_is_read_packet_by_packet() {
        let (packets, bytes) = file(200);
        assert_eq!(read(&bytes), Ok(packets));
        assert_eq!(read(&file(0).1), Ok(Vec::new()), "a file without a packet is one");
    }

    #[test]
    fn what_is_no_such_file_is_told_and_harms_nothing() {
        let (packets, whole) = file(120);
        for none in [&b""[..], b"OggS", b"RIFF....WAVEfmt ", &[0; 4_000], b"{\"text\": \"I led it.\"}"] {
            assert_eq!(read(none), Err(NotOggOpus));
        }
        assert_eq!(read(&[b"x", &whole[..]].concat()), Err(NotOggOpus));
        for other in [&b"OpusHead\x01\x03\0\0\x80\xbb\0\0\0\0\x01"[..], b"OpusHead\x01", b"\x01vorbis"] {
            let mut pages = PacketWriter::new(Vec::new());
            for packet in [other, b"OpusTags"] {
                pages.write_packet(packet, SERIAL, PacketWriteEndInfo::EndPage, 0).unwrap();
            }
            assert_eq!(read(&pages.into_inner()), Err(NotOggOpus), "{other:?}");
        }
        // Twice the same, one after the other: the second begins anew within a stream.
        assert_eq!(read(&[&whole[..], &whole].concat()), Err(NotOggOpus));
        // Cut anywhere it is refused, or is the beginning of what it was.
        for end in (0..whole.len()).step_by(7) {
            if let Ok(read) = read(&whole[..end]) {
                assert!(packets.starts_with(&read), "cut at {end}");
            }
        }
        // With any byte of it changed, likewise: each page has a sum.
        for at in 0..whole.len() {
            let mut damaged = whole.clone();
            damaged[at] ^= 0x55;
            if let Ok(read) = read(&damaged) {
                assert!(packets.starts_with(&read), "changed at {at}");
            }
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
        let mut reader = PacketReader::new(Cursor::new(bytes));
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
