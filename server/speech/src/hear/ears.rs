//! All of hearing together: audio in; speech that starts, pauses and stops, and its words, out.

use super::activity::{Activity, ActivityChange, ActivityOptions};
use crate::SpeechError;
use crate::ports::{HEARING_RATE, HearOptions, Stt, SttEvent, SttStream, Vad, VadStream};

/// How to listen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct EarsOptions {
    /// What counts as speech.
    pub activity: ActivityOptions,
    /// So much of what comes before speech is heard with it, in milliseconds, lest its first sound be cut off.
    pub before_ms: u32,
    /// Whether an utterance ends when speech stops; otherwise when [`Ears::commit`] says so.
    pub commit_on_stop: bool,
}

impl Default for EarsOptions {
    fn default() -> Self {
        Self { activity: ActivityOptions::default(), before_ms: 300, commit_on_stop: true }
    }
}

/// Listens to one person. Only what is near speech goes to the [`Stt`]: silence is left out, and told as such.
pub struct Ears {
    options: EarsOptions,
    vad: Box<dyn VadStream>,
    stream: Box<dyn SttStream>,
    activity: Activity,
    /// Less than a frame that is still to be judged.
    rest: Vec<i16>,
    /// What was judged but not passed on.
    held: Vec<i16>,
    /// Samples left out since the last that was passed on.
    skipped: u64,
}

impl Ears {
    /// Starts to listen. Must be called within a tokio runtime.
    pub fn open(
        vad: &dyn Vad,
        stt: &dyn Stt,
        options: EarsOptions,
        hear: HearOptions,
    ) -> Result<Self, SpeechError> {
        Ok(Self {
            options,
            vad: vad.open()?,
            stream: stt.open(hear),
            activity: Activity::new(options.activity),
            rest: Vec::new(),
            held: Vec::new(),
            skipped: 0,
        })
    }

    /// Takes audio of any length and tells what changed in it, in samples from the very first. At a pause, the stream
    /// is asked for its reading ([`SttEvent::Paused`]).
    ///
    /// Errors: those of the VAD. The frame that it failed over is passed over.
    pub fn hear(&mut self, pcm: &[i16]) -> Result<Vec<ActivityChange>, SpeechError> {
        self.rest.extend_from_slice(pcm);
        let (frame, mut changes, mut done) = (self.vad.frame().max(1), Vec::new(), 0);
        let rest = std::mem::take(&mut self.rest);
        let mut judged = Ok(());
        for frame in rest.chunks_exact(frame) {
            done += frame.len();
            self.held.extend_from_slice(frame);
            match self.vad.judge(frame) {
                Ok(likely) => changes.extend(self.judged(likely, frame.len())),
                Err(error) => {
                    // As likely as silence, so that times stay right.
                    changes.extend(self.judged(0.0, frame.len()));
                    judged = Err(error);
                }
            }
        }
        self.rest = rest[done..].to_vec();
        judged.map(|()| changes)
    }

    fn judged(&mut self, likely: f32, samples: usize) -> Option<ActivityChange> {
        let change = self.activity.frame(likely, samples);
        match change {
            Some(ActivityChange::Started { .. } | ActivityChange::Resumed { .. }) => self.pass_on(),
            Some(ActivityChange::Paused { .. }) => {
                self.pass_on();
                self.stream.pause();
            }
            Some(ActivityChange::Stopped { .. }) if self.options.commit_on_stop => self.stream.commit(),
            Some(ActivityChange::Stopped { .. }) | None => {}
        }
        if self.activity.speaking() && !self.activity.paused() {
            self.pass_on();
        } else {
            self.hold();
        }
        change
    }

    /// Passes on what is held.
    fn pass_on(&mut self) {
        if self.held.is_empty() {
            return;
        }
        // Whole milliseconds: see `hold`.
        let skipped_ms = u32::try_from(self.skipped * 1000 / u64::from(HEARING_RATE)).unwrap_or(u32::MAX);
        self.stream.hear(&self.held, skipped_ms);
        self.held.clear();
        self.skipped = 0;
    }

    /// Keeps the last of what is held: what comes before speech, and as much as it takes to be sure of speech.
    fn hold(&mut self) {
        let activity = &self.options.activity;
        let ms = u64::from(self.options.before_ms) + u64::from(activity.least_ms.max(activity.resume_ms));
        let most = (ms * u64::from(HEARING_RATE) / 1000) as usize + self.vad.frame();
        let a_ms = (HEARING_RATE / 1000) as usize;
        let past = self.held.len().saturating_sub(most) / a_ms * a_ms;
        self.held.drain(..past);
        self.skipped += past as u64;
    }

    /// The words: waits for the next event. Safe to drop.
    pub async fn next(&mut self) -> Option<SttEvent> {
        self.stream.next().await
    }

    /// Whether somebody speaks, or makes a pause.
    pub fn speaking(&self) -> bool {
        self.activity.speaking()
    }

    /// Whether something sounds at this moment that may be speech: it is told before it is certain.
    pub fn may_be_speech(&self) -> bool {
        self.activity.may_be_speech()
    }

    /// The utterance ends here, wherever the speech is: its [`SttEvent::Final`] comes.
    pub fn commit(&mut self) {
        if self.activity.speaking() && !self.activity.paused() {
            self.pass_on();
        }
        self.activity.stop();
        self.stream.commit();
    }

    /// Throws away what was heard since the last commit.
    pub fn discard(&mut self) {
        self.activity.stop();
        self.stream.discard();
    }

    /// How often interim transcripts are wanted: see [`SttStream::pace`].
    pub fn pace(&mut self, interim_every_ms: u32) {
        self.stream.pace(interim_every_ms);
    }

    /// No more audio comes. Whether a [`SttEvent::Final`] comes for it: not, if nobody was speaking.
    pub fn finish(&mut self) -> Result<bool, SpeechError> {
        // What is left over is judged with silence behind it.
        let short = (self.vad.frame() - self.rest.len()) % self.vad.frame().max(1);
        let judged = self.hear(&vec![0; short]);
        let speaking = self.speaking();
        if speaking {
            self.commit();
        }
        judged.map(|_| speaking)
    }
}
