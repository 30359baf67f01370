//! What bytes are, by what they begin with.

use super::coding::Coding;
use super::{HEAD, PcmFormat, gate};

/// What a sound is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SniffedFormat {
    Riff,
    /// Bare samples.
    Bare,
    /// Compressed, in this format.
    Coded(&'static str),
    Text,
}

/// What its content type says of it.
#[derive(Debug, Default)]
pub(super) struct Declared {
    text: bool,
    coded: Option<&'static str>,
    coding: Option<Coding>,
    rate: Option<u32>,
    channels: Option<u16>,
}

/// Formats by a word of their content type.
const CODED: [(&str, &str); 9] = [
    ("mpeg", "MP3"),
    ("mp3", "MP3"),
    ("ogg", "Ogg"),
    ("opus", "Opus"),
    ("aac", "AAC"),
    ("flac", "FLAC"),
    ("webm", "WebM"),
    ("mp4", "MP4"),
    ("aiff", "AIFF"),
];

/// Formats by what they begin with, and where that stands.
const MARKS: [(usize, &[u8], &str); 10] = [
    (0, b"ID3", "MP3"),
    (0, b"OggS", "Ogg"),
    (0, b"fLaC", "FLAC"),
    (4, b"ftyp", "MP4"),
    (0, b"\x1a\x45\xdf\xa3", "WebM"),
    (0, b"FORM", "AIFF"),
    (0, b"caff", "CAF"),
    (0, b".snd", "AU"),
    (0, b"#!AMR", "AMR"),
    (0, b"\x1f\x8b\x08", "gzip"),
];

impl Declared {
    pub(super) fn read(content_type: &str) -> Self {
        let lower = content_type.to_ascii_lowercase();
        let mut parts = lower.split(';').map(str::trim);
        let kind = parts.next().unwrap_or_default();
        let mut declared = Self {
            text: kind.starts_with("text/") || kind.ends_with("json") || kind.ends_with("xml"),
            coded: CODED.iter().find(|(word, _)| kind.contains(word)).map(|(_, name)| *name),
            ..Self::default()
        };
        match kind {
            "audio/basic" => {
                (declared.coding, declared.rate) = (Some(Coding::MuLaw), Some(8_000));
            }
            "audio/pcmu" => declared.coding = Some(Coding::MuLaw),
            "audio/pcma" => declared.coding = Some(Coding::ALaw),
            _ => {}
        }
        for (name, value) in parts.filter_map(|part| part.split_once('=')) {
            let value = value.trim().trim_matches('"');
            match name.trim() {
                "rate" | "sample_rate" | "samplerate" => declared.rate = value.parse().ok(),
                "channels" => declared.channels = value.parse().ok(),
                _ => {}
            }
        }
        declared
    }

    /// The format of bare samples that begin like this.
    pub(super) fn format(&self, rate: u32, head: &[u8]) -> PcmFormat {
        let rate = self.rate.unwrap_or(rate);
        // Whoever calls it `L16` should send the high byte first, and hardly anybody does.
        let coding = self.coding.unwrap_or_else(|| {
            let pleasant = |coding: Coding| {
                let samples = head.chunks_exact(2).map(|sample| coding.read(sample));
                gate::pleasant(&samples.collect::<Vec<_>>())
            };
            let swapped = !pleasant(Coding::Short) && pleasant(Coding::SwappedShort);
            if swapped { Coding::SwappedShort } else { Coding::Short }
        });
        PcmFormat { coding, channels: self.channels.unwrap_or(1), rate, framed: false }
    }
}

impl SniffedFormat {
    /// What a sound is that begins like this; `None` until there is enough of it. `whole`: this is all of it.
    pub(super) fn of(head: &[u8], declared: &Declared, whole: bool) -> Option<Self> {
        let marked = |(at, mark, _): &&(usize, &[u8], &str)| {
            head.get(*at..).is_some_and(|head| head.starts_with(mark))
        };
        if [b"RIFF", b"RIFX", b"RF64"].iter().any(|mark| head.starts_with(*mark)) {
            return Some(Self::Riff);
        }
        if let Some((_, _, name)) = MARKS.iter().find(marked) {
            return Some(Self::Coded(name));
        }
        if head.len() < HEAD && !whole {
            return None;
        }
        if declared.text || is_text(head) {
            return Some(Self::Text);
        }
        if let Some(name) = declared.coded.or_else(|| frames(head)) {
            return Some(Self::Coded(name));
        }
        Some(Self::Bare)
    }
}

/// Whether it is something to read: samples hold bytes that no text does.
fn is_text(head: &[u8]) -> bool {
    let start = head.trim_ascii_start();
    let start = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(start);
    let begins =
        |mark: &str| start.get(..mark.len()).is_some_and(|start| start.eq_ignore_ascii_case(mark.as_bytes()));
    if ["<!doctype", "<html", "<?xml", "{\"", "data:", "event:"].into_iter().any(begins) {
        return true;
    }
    let text = match std::str::from_utf8(head) {
        Ok(text) => text,
        // A letter that is cut at the end.
        Err(error) if error.error_len().is_none() => {
            std::str::from_utf8(&head[..error.valid_up_to()]).unwrap_or_default()
        }
        Err(_) => return false,
    };
    !text.is_empty() && !text.contains(|sign: char| sign.is_control() && !matches!(sign, '\t' | '\n' | '\r'))
}

/// The format of a stream of MPEG frames without anything before them: two in a row, since one sample may look like the
/// beginning of a frame.
fn frames(head: &[u8]) -> Option<&'static str> {
    let (name, length) = frame(head)?;
    frame(head.get(length..)?).filter(|(next, _)| *next == name).map(|_| name)
}

/// The frame that begins here: its format, and its length in bytes.
fn frame(bytes: &[u8]) -> Option<(&'static str, usize)> {
    let [0xff, kind, rates, padding, more, ..] = *bytes else { return None };
    if kind & 0xf6 == 0xf0 {
        let high = u16::from_be_bytes([padding & 3, more]);
        let length = usize::from(high) << 3 | usize::from(bytes.get(5)? >> 5);
        return (length > 6).then_some(("AAC", length));
    }
    let (version, layer) = (kind >> 3 & 3, kind >> 1 & 3);
    if kind & 0xe0 != 0xe0 || version == 1 || layer != 1 {
        return None;
    }
    let first = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 0];
    let second = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, 0];
    let (kilobits, samples) = if version == 3 { (first, 144) } else { (second, 72) };
    let bits = kilobits[usize::from(rates >> 4)] * 1_000;
    let rate = *[44_100, 48_000, 32_000].get(usize::from(rates >> 2 & 3))? >> (3 - version).min(2);
    let padded = usize::from(rates >> 1 & 1);
    (bits > 0).then(|| ("MP3", samples * bits / rate + padded))
}
