//! The header of a RIFF file, as far as its samples.

use super::coding::Coding;
use super::{PcmFormat, Unplayable};

/// What a header says.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) format: PcmFormat,
    /// Where the samples begin.
    pub(super) from: usize,
    /// How many bytes they are; `None`: all that come, since it was written before they were made.
    pub(super) bytes: Option<u64>,
}

/// A size that says nothing: it was not known yet.
const UNKNOWN: u32 = 0x7fff_0000;

/// The header of this file; `None` until all of it is there.
///
/// # Errors
/// [`Unplayable`] if its samples are compressed, or of a kind that is not known.
pub(super) fn header(file: &[u8]) -> Result<Option<Header>, Unplayable> {
    if file.starts_with(b"RIFX") || file.get(8..12).is_some_and(|form| form != b"WAVE") {
        return Err(Unplayable::Unknown);
    }
    let (mut at, mut format) = (12, None);
    loop {
        let (Some(name), Some(size)) = (file.get(at..at + 4), four(file, at + 4)) else { return Ok(None) };
        let (from, length) = (at + 8, usize::try_from(size).map_err(|_| Unplayable::Unknown)?);
        if name == b"data" {
            let format = format.ok_or(Unplayable::Unknown)?;
            let bytes = (1..UNKNOWN).contains(&size).then_some(u64::from(size));
            return Ok(Some(Header { format, from, bytes }));
        }
        let next = from.saturating_add(length).saturating_add(length % 2);
        if name == b"fmt " {
            if length < 16 {
                return Err(Unplayable::Unknown);
            }
            let Some(chunk) = file.get(from..from.saturating_add(length)) else { return Ok(None) };
            format = Some(read(chunk)?);
        }
        at = next;
        if at > file.len() {
            return Ok(None);
        }
    }
}

fn read(chunk: &[u8]) -> Result<PcmFormat, Unplayable> {
    let plain = two(chunk, 0).ok_or(Unplayable::Unknown)?;
    // The extensible format says it further on, in the first bytes of a GUID.
    let kind = if plain == 0xfffe { two(chunk, 24).ok_or(Unplayable::Unknown)? } else { plain };
    let (channels, rate) = (two(chunk, 2), four(chunk, 4));
    let (block, bits) = (two(chunk, 12).unwrap_or(0), two(chunk, 14).unwrap_or(0));
    let (Some(channels @ 1..), Some(rate)) = (channels, rate) else { return Err(Unplayable::Unknown) };
    let coding = match (kind, bits) {
        (1, 1..=8) => Coding::Byte,
        (1, 9..=16) => Coding::Short,
        (1, 17..=24) => Coding::Medium,
        (1, 25..=32) => Coding::Long,
        (3, 32) => Coding::Float,
        (3, 64) => Coding::Double,
        (6, 8) => Coding::ALaw,
        (7, 8) => Coding::MuLaw,
        (0x55 | 0x50, _) => return Err(Unplayable::Coded("MP3")),
        (2 | 0x11, _) => return Err(Unplayable::Coded("ADPCM")),
        (_, _) => return Err(Unplayable::Unknown),
    };
    // 24 bits in 32, for instance: the width of a sample is that of its place.
    let place = usize::from(block) / usize::from(channels);
    if place != coding.width() && block != 0 {
        return Err(Unplayable::Unknown);
    }
    Ok(PcmFormat { coding, channels, rate, framed: true })
}

fn two(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..at.checked_add(2)?)?.try_into().ok().map(u16::from_le_bytes)
}

fn four(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..at.checked_add(4)?)?.try_into().ok().map(u32::from_le_bytes)
}
