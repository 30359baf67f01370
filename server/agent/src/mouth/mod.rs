//! Our voice: lines made into sound, said, made softer, stopped, resumed, with an account of what was heard.

pub mod line;
mod maker;

use std::sync::Arc;
use std::time::Duration;

use speech::ports::SpeechChunk;
use tokio::time::Instant;

use self::line::{LineAudio, at_level};
pub use self::maker::{Maker, SynthesisHandle, SynthesisUpdate};
use crate::interview::AgentLine;
use crate::room::{AudioOut, Playout, RoomError};

/// How loud it is while somebody else may be speaking.
const SOFT: f32 = 0.3;
/// How fast loudness changes, in milliseconds.
const RAMP_MS: u32 = 20;
/// What was sent is heard so much later, through the network and its buffers.
const LATER: Duration = Duration::from_millis(80);
/// Our words of so long ago may still come back as an echo.
const ECHO: Duration = Duration::from_secs(4);

/// A line that is being said.
struct PlayingLine {
    line: AgentLine,
    /// Where in its text what is said now begins; what is before was said already.
    after: usize,
    /// The sound, and who makes it.
    sounding: LineAudio,
    making: SynthesisHandle,
    /// What the room had played (in samples) when this began, at which place of the sound.
    base: u64,
    from: usize,
    /// How much of the sound was written.
    written: usize,
    /// It stopped at this place.
    held: Option<usize>,
    /// How much of what is said now was shown.
    shown: usize,
}

/// What became of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinePlayout {
    /// The line.
    pub line: AgentLine,
    /// How much of its text was heard, in bytes.
    pub bytes: usize,
}

/// Our voice in a room. One line at a time, and one that is made ready for when it is wanted.
pub struct Mouth {
    out: Arc<dyn AudioOut>,
    level: f32,
    saying: Option<PlayingLine>,
    ready: Option<(LineAudio, SynthesisHandle)>,
}

impl Mouth {
    /// The voice that is published here.
    pub fn new(out: Arc<dyn AudioOut>) -> Self {
        Self { out, level: 1.0, saying: None, ready: None }
    }

    /// Makes a line ready, in case it is wanted. What was made ready before is dropped.
    pub fn prepare(&mut self, text: &str, making: SynthesisHandle) {
        self.ready = Some((LineAudio::new(text, self.out.rate()), making));
    }

    /// Nothing needs to be ready.
    pub fn unprepare(&mut self) {
        self.ready = None;
    }

    /// Whether this is what is being made ready.
    pub fn is_ready(&self, id: u64) -> bool {
        self.ready.as_ref().is_some_and(|(_, making)| making.id() == id)
    }

    /// Whether a line with these words is being made ready.
    pub fn has_ready(&self, text: &str) -> bool {
        self.ready.as_ref().is_some_and(|(ready, _)| ready.text() == text)
    }

    /// Begins to say a line, from this byte of its text on; the one before is dropped. It was made ready, or `making`
    /// makes it.
    pub async fn say(
        &mut self,
        line: AgentLine,
        after: usize,
        making: impl FnOnce() -> SynthesisHandle,
    ) -> Result<(), RoomError> {
        self.drop_line();
        let text = line.text.get(after..).unwrap_or_default();
        let ready = self.ready.take().filter(|(ready, _)| ready.text() == text);
        let (sounding, mut making) =
            ready.unwrap_or_else(|| (LineAudio::new(text, self.out.rate()), making()));
        making.go_on();
        self.level = 1.0;
        let base = self.next_played();
        self.saying = Some(PlayingLine {
            line,
            after,
            sounding,
            making,
            base,
            from: 0,
            written: 0,
            held: None,
            shown: 0,
        });
        self.write(1.0).await
    }

    /// More of a line was made; it may be one that is not wanted any more.
    pub async fn add_audio(&mut self, id: u64, spoken: SpeechChunk) -> Result<(), RoomError> {
        if let Some((ready, making)) = &mut self.ready
            && making.id() == id
        {
            ready.add(spoken);
            return Ok(());
        }
        let Some(saying) = self.saying.as_mut().filter(|saying| saying.making.id() == id) else {
            return Ok(());
        };
        saying.sounding.add(spoken);
        self.write(self.level).await
    }

    /// All of a line was made, or the rest of it cannot be. Whether it is the one being said.
    pub fn completed(&mut self, id: u64) -> bool {
        if let Some((ready, making)) = &mut self.ready
            && making.id() == id
        {
            ready.complete();
            return false;
        }
        match self.saying.as_mut().filter(|saying| saying.making.id() == id) {
            Some(saying) => {
                saying.sounding.complete();
                true
            }
            None => false,
        }
    }

    /// Writes what is there of the line, unless it is held. `from`: the level that was there before.
    async fn write(&mut self, from: f32) -> Result<(), RoomError> {
        let Some(saying) = self.saying.as_mut().filter(|saying| saying.held.is_none()) else { return Ok(()) };
        let ramp = if from == self.level { 0 } else { (self.out.rate() * RAMP_MS / 1000) as usize };
        let more = saying.sounding.from(saying.written);
        if more.is_empty() {
            return Ok(());
        }
        let pcm = at_level(more, from, self.level, ramp);
        let Playout { played, waiting, .. } = self.out.playout();
        if saying.written == saying.from {
            // The room may have said other things meanwhile.
            saying.base = played + waiting;
        }
        saying.written = saying.sounding.len();
        self.out.write(&pcm).await
    }

    /// How much will have been played when what is written now begins to be.
    fn next_played(&self) -> u64 {
        let Playout { played, waiting, .. } = self.out.playout();
        played + waiting
    }

    /// How far the line was played, in samples of it.
    fn place(&self, saying: &PlayingLine) -> usize {
        let played =
            usize::try_from(self.out.playout().played.saturating_sub(saying.base)).unwrap_or(usize::MAX);
        saying.held.unwrap_or_else(|| saying.from.saturating_add(played).min(saying.written.max(saying.from)))
    }

    /// How far it was heard: a little less than it was played.
    fn heard(&self, saying: &PlayingLine) -> usize {
        let later = (LATER.as_millis() * u128::from(self.out.rate()) / 1000) as usize;
        let place = self.place(saying);
        if saying.sounding.is_complete() && place >= saying.sounding.len() {
            place
        } else {
            place.saturating_sub(later)
        }
    }

    /// Takes back what is not played yet.
    fn clear_unplayed(&mut self) {
        let Some(saying) = &self.saying else { return };
        if saying.held.is_some() {
            return;
        }
        self.out.clear();
        let place = self.place(saying);
        if let Some(saying) = &mut self.saying {
            saying.held = Some(place);
        }
    }

    async fn set_level(&mut self, level: f32) -> Result<(), RoomError> {
        let before = std::mem::replace(&mut self.level, level);
        if before == level || self.saying.as_ref().is_none_or(|saying| saying.held.is_some()) {
            return Ok(());
        }
        self.clear_unplayed();
        self.resume_from(|_, place| place, before).await
    }

    async fn resume_from(
        &mut self,
        at: impl Fn(&LineAudio, usize) -> usize,
        level: f32,
    ) -> Result<(), RoomError> {
        let base = self.next_played();
        if let Some(saying) = &mut self.saying
            && let Some(place) = saying.held.take()
        {
            let place = at(&saying.sounding, place);
            (saying.base, saying.from, saying.written) = (base, place, place);
        }
        self.write(level).await
    }

    /// Speaks softly.
    pub async fn duck(&mut self) -> Result<(), RoomError> {
        self.set_level(SOFT).await
    }

    /// Speaks as before.
    pub async fn unduck(&mut self) -> Result<(), RoomError> {
        self.set_level(1.0).await
    }

    /// Stops, and keeps the place.
    pub fn hold(&mut self) {
        self.clear_unplayed();
    }

    /// Goes on, with the word that was cut off.
    pub async fn resume(&mut self) -> Result<(), RoomError> {
        self.level = 1.0;
        self.resume_from(LineAudio::resume_at, 0.0).await
    }

    /// Stops for good. What was heard of the line.
    pub fn drop_line(&mut self) -> Option<LinePlayout> {
        self.clear_unplayed();
        let saying = self.saying.take()?;
        let bytes = saying.after + saying.sounding.said(self.heard(&saying));
        Some(LinePlayout { line: saying.line, bytes })
    }

    /// The line being said, or held.
    pub fn line(&self) -> Option<&AgentLine> {
        self.saying.as_ref().map(|saying| &saying.line)
    }

    /// Whether it can be heard: a line is being said, not held, and its sound has begun.
    pub fn is_audible(&self) -> bool {
        self.saying.as_ref().is_some_and(|saying| saying.written > saying.from && saying.held.is_none())
    }

    /// The number of the line, and how much more of its text is to be shown: its words as they are said.
    pub fn caption(&mut self) -> Option<(u32, String)> {
        let saying = self.saying.as_ref()?;
        let begun = saying.sounding.begun(self.place(saying));
        let saying = self.saying.as_mut()?;
        let more =
            saying.sounding.text().get(saying.shown..begun).filter(|more| !more.is_empty())?.to_owned();
        saying.shown = begun;
        Some((saying.line.seq, more))
    }

    /// What we have just been saying: what an echo may hold.
    pub fn recent(&self) -> String {
        let back = (ECHO.as_millis() * u128::from(self.out.rate()) / 1000) as usize;
        self.saying
            .as_ref()
            .map_or_else(String::new, |saying| saying.sounding.recent(self.place(saying), back))
    }

    /// The line that was said to its end, if one was: it is not being said any more.
    pub fn finished(&mut self) -> Option<AgentLine> {
        let saying = self.saying.as_ref()?;
        let over = saying.sounding.is_complete()
            && saying.held.is_none()
            && self.place(saying) >= saying.sounding.len();
        if over { self.saying.take().map(|saying| saying.line) } else { None }
    }

    /// When to look again: while a line is being said.
    pub fn deadline(&self, now: Instant) -> Option<Instant> {
        self.saying.as_ref().filter(|saying| saying.held.is_none()).map(|_| now + Duration::from_millis(50))
    }
}
