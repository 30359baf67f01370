//! Sound as it comes from somewhere else: told by its bytes, not by what is said of it. A RIFF file of any rate and
//! format and bare PCM become mono samples at the rate that is wanted. Whatever would be heard as noise is refused by
//! name, a tenth of a second at a time and before anybody hears it, so that another voice can speak.

mod coding;
mod gate;
mod kind;
#[cfg(test)]
mod properties;
mod riff;

use self::coding::Coding;
use self::gate::PcmGate;
use self::kind::{Declared, SniffedFormat};
use super::rate::Converter;

/// Bytes that are looked at before bare samples are believed: a tenth of a second of 16 bits at 24 kHz.
const HEAD: usize = 4_800;
/// Most bytes before the samples of a RIFF file, and after them.
const MOST_HEADER: usize = 64 * 1024;
/// Rates that are played, in samples a second.
const RATES: std::ops::RangeInclusive<u32> = 4_000..=192_000;
/// Most channels.
const MOST_CHANNELS: u16 = 8;

/// Why sound is not played.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unplayable {
    /// It is compressed, in this format.
    #[error("sound as {0}, which is not played")]
    Coded(&'static str),
    /// It is text: an error page, JSON.
    #[error("text in place of sound")]
    Text,
    /// It is a RIFF file that cannot be read, or a rate that is not played.
    #[error("sound of a kind that is not played")]
    Unknown,
    /// It would be heard as noise.
    #[error("noise in place of sound")]
    Noise,
    /// It ends in the middle of a sample.
    #[error("cut off")]
    Torn,
}

/// Reads one sound as it comes.
#[derive(Debug)]
pub struct IncomingAudio {
    wanted: u32,
    declared: Declared,
    state: IncomingAudioState,
}

#[derive(Debug)]
enum IncomingAudioState {
    /// What it is, is not yet known.
    Head(Vec<u8>),
    Body(Box<SampleBody>),
}

impl IncomingAudio {
    /// A sound that is declared to be of this content type, to be had at this many samples a second. Bare samples of
    /// which nothing else is said are taken to be 16 bits, mono, at the same rate.
    pub fn new(content_type: &str, rate: u32) -> Self {
        Self {
            wanted: rate,
            declared: Declared::read(content_type),
            state: IncomingAudioState::Head(Vec::new()),
        }
    }

    /// More of its bytes, cut anywhere. What can be heard of it by now.
    ///
    /// # Errors
    /// Why it is not played. Nothing more of it can be read then.
    pub fn read(&mut self, bytes: &[u8]) -> Result<Vec<i16>, Unplayable> {
        match &mut self.state {
            IncomingAudioState::Head(head) => {
                head.extend_from_slice(bytes);
                self.decide(false)
            }
            IncomingAudioState::Body(body) => body.read(bytes),
        }
    }

    /// There is no more: the rest of what can be heard.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub fn end(&mut self) -> Result<Vec<i16>, Unplayable> {
        let mut pcm =
            if matches!(self.state, IncomingAudioState::Head(_)) { self.decide(true)? } else { Vec::new() };
        if let IncomingAudioState::Body(body) = &mut self.state {
            pcm.extend(body.end()?);
        }
        Ok(pcm)
    }

    /// Finds out what it is, if there is enough of it.
    fn decide(&mut self, whole: bool) -> Result<Vec<i16>, Unplayable> {
        let IncomingAudioState::Head(head) = &mut self.state else { return Ok(Vec::new()) };
        let (format, from, most) = match SniffedFormat::of(head, &self.declared, whole) {
            None => return Ok(Vec::new()),
            Some(SniffedFormat::Coded(name)) => return Err(Unplayable::Coded(name)),
            Some(SniffedFormat::Text) => return Err(Unplayable::Text),
            Some(SniffedFormat::Riff) => match riff::header(head)? {
                Some(header) => (header.format, header.from, header.bytes),
                None if whole || head.len() > MOST_HEADER => return Err(Unplayable::Unknown),
                None => return Ok(Vec::new()),
            },
            Some(SniffedFormat::Bare) => (self.declared.format(self.wanted, head), 0, None),
        };
        let mut body = SampleBody::new(format, most, self.wanted)?;
        let pcm = body.read(head.get(from..).unwrap_or_default())?;
        self.state = IncomingAudioState::Body(Box::new(body));
        Ok(pcm)
    }
}

/// How samples are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct PcmFormat {
    coding: Coding,
    channels: u16,
    rate: u32,
    /// It stands in a file's header, which says where the samples end.
    framed: bool,
}

/// The samples of a sound whose format is known.
#[derive(Debug)]
struct SampleBody {
    format: PcmFormat,
    /// Bytes that are still samples; `None`: all that come.
    left: Option<u64>,
    /// Bytes that came after them.
    after: usize,
    /// A part of a frame.
    part: Vec<u8>,
    gate: PcmGate,
    converter: Option<Converter>,
}

impl SampleBody {
    fn new(format: PcmFormat, left: Option<u64>, wanted: u32) -> Result<Self, Unplayable> {
        let PcmFormat { channels, rate, .. } = format;
        if !RATES.contains(&rate) || !(1..=MOST_CHANNELS).contains(&channels) {
            return Err(Unplayable::Unknown);
        }
        let converter = (rate != wanted).then(|| Converter::new(rate, wanted));
        Ok(Self { format, left, after: 0, part: Vec::new(), gate: PcmGate::new(rate), converter })
    }

    fn read(&mut self, bytes: &[u8]) -> Result<Vec<i16>, Unplayable> {
        let mut bytes = bytes;
        if let Some(left) = &mut self.left {
            let taken = usize::try_from(*left).map_or(bytes.len(), |left| left.min(bytes.len()));
            *left -= taken as u64;
            self.after += bytes.len() - taken;
            if self.after > MOST_HEADER {
                return Err(Unplayable::Unknown);
            }
            bytes = &bytes[..taken];
        }
        self.part.extend_from_slice(bytes);
        let PcmFormat { coding, channels, .. } = self.format;
        let frame = coding.width() * usize::from(channels);
        let whole = self.part.len() / frame * frame;
        let mixed = |frame: &[u8]| {
            frame.chunks_exact(coding.width()).map(|sample| coding.read(sample)).sum::<f32>()
                / f32::from(channels)
        };
        let samples: Vec<f32> = self.part[..whole].chunks_exact(frame).map(mixed).collect();
        self.part.drain(..whole);
        let passed = self.gate.pass(samples)?;
        Ok(self.convert(passed))
    }

    fn end(&mut self) -> Result<Vec<i16>, Unplayable> {
        if !self.part.is_empty() && !self.format.framed {
            return Err(Unplayable::Torn);
        }
        let passed = self.gate.rest()?;
        let mut pcm = self.convert(passed);
        if let Some(converter) = &mut self.converter {
            pcm.extend(whole_numbers(&converter.finish()));
        }
        Ok(pcm)
    }

    fn convert(&mut self, samples: Vec<f32>) -> Vec<i16> {
        match &mut self.converter {
            Some(converter) => whole_numbers(&converter.push(&samples)),
            None => whole_numbers(&samples),
        }
    }
}

fn whole_numbers(samples: &[f32]) -> Vec<i16> {
    let (least, most) = (f32::from(i16::MIN), f32::from(i16::MAX));
    samples.iter().map(|sample| (sample * 32_768.0).round().clamp(least, most) as i16).collect()
}
