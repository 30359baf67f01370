//! Hears the candidate: their track, what is speech in it, its words, and whether they have finished.

use std::collections::VecDeque;
use std::future::pending;
use std::sync::Arc;
use std::time::Duration;

use protocol::signals::Trouble;
use speech::SpeechError;
use speech::hear::{ActivityChange, ActivityOptions, Ears, EarsOptions};
use speech::ports::{HEARING_RATE, HearOptions, SttEvent, Transcript};
use tokio::sync::mpsc;
use tokio::task::AbortHandle;
use tokio::time::Instant;

use super::{Agent, EndLikelihood};
use crate::AgentParts;
use crate::clerk::ClerkRequest;
use crate::interview::Happening;
use crate::room::{AudioFrame, AudioIn};
use crate::turn::TurnHypothesis;

/// Frames of 20 ms that may wait to be heard.
const FRAMES: usize = 256;
/// After so much silence we request a transcript so far, which is dropped if speech goes on.
const PAUSE_MS: u32 = 110;
/// Smart Turn needs so much trailing silence, in samples: less takes the end of a sentence for its middle, so it is padded
/// with zeros.
const LEAST_SILENCE: usize = HEARING_RATE as usize * 26 / 100;
/// Interims this often, and while it matters whether somebody interrupts.
const CAPTIONS_MS: u32 = 900;
const HURRY_MS: u32 = 50;
/// A frame comes every 20 ms. One that is so late will come; after longer, none is waited for.
const LATE: Duration = Duration::from_millis(45);
const GONE: Duration = Duration::from_millis(300);
/// How long a judgement is waited for.
const JUDGED_WITHIN: Duration = Duration::from_millis(800);
/// An ear that cannot go on is opened anew after this; at once, if it lasted so long.
const REOPEN: Duration = Duration::from_secs(1);
const LASTED: Duration = Duration::from_secs(10);
/// So many failures in a row are told to people.
const TROUBLED: u32 = 2;

/// What the ears give.
pub(super) enum EarsEvent {
    /// A frame of the track; `None`: it is gone.
    Frame(Option<AudioFrame>),
    /// Words; `None`: the ear cannot go on.
    Words(Option<SttEvent>),
    /// It is time to open an ear anew.
    Reopen,
}

/// See the module's description.
pub(super) struct CandidateHearing {
    parts: AgentParts,
    options: HearOptions,
    /// The ears do not know all words yet.
    behind: bool,
    ears: Option<Ears>,
    reopen_at: Option<Instant>,
    frames: Option<(mpsc::Receiver<AudioFrame>, AbortHandle)>,
    /// Since when the ears hear.
    opened_at: Instant,
    /// When the last frame came.
    last_frame: Option<Instant>,
    /// Samples heard since the ears were opened, and pauses in them.
    heard: u64,
    pauses: u32,
    /// In a pause, and where it began.
    paused: bool,
    spoke: u64,
    /// The last readings that are to come, in order: whether somebody waits for them.
    due: VecDeque<bool>,
    failures: u32,
    /// The last seconds of this turn, for the judge.
    recent: VecDeque<i16>,
    judged: mpsc::Sender<EndLikelihood>,
}

impl Drop for CandidateHearing {
    fn drop(&mut self) {
        self.unsubscribe();
    }
}

fn ears(parts: &AgentParts, options: &HearOptions) -> Result<Ears, SpeechError> {
    let activity = ActivityOptions { pause_ms: PAUSE_MS, ..ActivityOptions::default() };
    let how = EarsOptions { activity, commit_on_stop: false, ..EarsOptions::default() };
    Ears::open(&*parts.vad, &*parts.stt, how, options.clone())
}

fn to_hypothesis(transcript: &Transcript) -> TurnHypothesis<'_> {
    TurnHypothesis { text: &transcript.text, sure: transcript.sure }
}

impl CandidateHearing {
    /// Opens ears that know these words. Judgements go to `judged`.
    pub fn open(
        parts: &AgentParts,
        vocabulary: Arc<[String]>,
        judged: mpsc::Sender<EndLikelihood>,
    ) -> Result<Self, SpeechError> {
        let options = HearOptions { vocabulary, interim_every_ms: CAPTIONS_MS };
        Ok(Self {
            ears: Some(ears(parts, &options)?),
            parts: parts.clone(),
            options,
            behind: false,
            reopen_at: None,
            frames: None,
            last_frame: None,
            heard: 0,
            pauses: 0,
            paused: false,
            spoke: 0,
            due: VecDeque::new(),
            opened_at: Instant::now(),
            failures: 0,
            recent: VecDeque::new(),
            judged,
        })
    }

    /// Learns these words, for the next time that nobody speaks.
    pub fn learn(&mut self, vocabulary: Arc<[String]>) {
        self.behind |= *self.options.vocabulary != *vocabulary;
        self.options.vocabulary = vocabulary;
    }

    /// Listens to this track from now on.
    pub fn subscribe(&mut self, mut track: Box<dyn AudioIn>) {
        self.unsubscribe();
        let (frames, inbox) = mpsc::channel(FRAMES);
        let pump = tokio::spawn(async move {
            while let Some(frame) = track.frame().await {
                if frames.send(frame).await.is_err() {
                    break;
                }
            }
        });
        self.frames = Some((inbox, pump.abort_handle()));
    }

    /// Listens to nobody.
    pub fn unsubscribe(&mut self) {
        self.last_frame = None;
        if let Some((_, pump)) = self.frames.take() {
            pump.abort();
        }
    }

    /// Whether whoever speaks makes a pause.
    pub fn paused(&self) -> bool {
        self.paused
    }

    /// Whether something sounds at this moment that may be speech.
    fn may_be_speech(&self) -> bool {
        self.ears.as_ref().is_some_and(Ears::may_be_speech)
    }

    /// A frame that waits to be heard.
    fn waiting(&mut self) -> Option<AudioFrame> {
        self.frames.as_mut().and_then(|(frames, _)| frames.try_recv().ok())
    }

    /// Whether what sounds at this moment is not known yet.
    fn is_late(&self, now: Instant) -> bool {
        self.last_frame.is_some_and(|at| (LATE..GONE).contains(&now.saturating_duration_since(at)))
    }

    /// What comes next. Safe to drop.
    pub async fn next(&mut self) -> EarsEvent {
        let (frames, ears, reopen) = (&mut self.frames, &mut self.ears, self.reopen_at);
        tokio::select! {
            frame = async {
                match frames {
                    Some((frames, _)) => frames.recv().await,
                    None => pending().await,
                }
            } => EarsEvent::Frame(frame),
            words = async {
                match ears {
                    Some(ears) => ears.next().await,
                    None => pending().await,
                }
            } => EarsEvent::Words(words),
            () = async {
                match reopen {
                    Some(at) => tokio::time::sleep_until(at).await,
                    None => pending().await,
                }
            } => EarsEvent::Reopen,
        }
    }

    /// What changed with these samples, and when it did.
    fn hear(&mut self, pcm: &[i16], now: Instant) -> Vec<(ActivityChange, Instant)> {
        let longest = self.parts.turns.longest();
        self.recent.extend(pcm);
        let past = self.recent.len().saturating_sub(longest);
        self.recent.drain(..past);
        let Some(ears) = &mut self.ears else { return Vec::new() };
        self.heard += pcm.len() as u64;
        let changes = ears.hear(pcm).unwrap_or_default();
        let heard = self.heard;
        let when = |at: u64| {
            let ago = Duration::from_micros(heard.saturating_sub(at) * 1_000_000 / u64::from(HEARING_RATE));
            now.checked_sub(ago).unwrap_or(now)
        };
        let changes: Vec<_> = changes
            .into_iter()
            .map(|change| match change {
                ActivityChange::Started { at }
                | ActivityChange::Resumed { at }
                | ActivityChange::Paused { at }
                | ActivityChange::Stopped { at } => (change, when(at)),
            })
            .collect();
        for (change, _) in &changes {
            self.paused = matches!(change, ActivityChange::Paused { .. } | ActivityChange::Stopped { .. });
            if let ActivityChange::Paused { at } = change {
                self.spoke = *at;
            }
        }
        changes
    }

    /// Has the end of what was heard judged.
    pub fn judge(&self, pause: u32) {
        let mut pcm: Vec<i16> = self.recent.iter().copied().collect();
        let silence = (self.heard.saturating_sub(self.spoke) as usize).min(LEAST_SILENCE);
        pcm.resize(pcm.len() + LEAST_SILENCE - silence, 0);
        let (judge, judged) = (Arc::clone(&self.parts.turns), self.judged.clone());
        tokio::spawn(async move {
            let judgement = judge.judge(&pcm, Instant::now() + JUDGED_WITHIN).await;
            let _gone = judged.send((pause, judgement.ok().map(|judgement| judgement.finished))).await;
        });
    }

    /// Whether readings are wanted fast.
    pub fn hurry(&mut self, hurry: bool) {
        if let Some(ears) = &mut self.ears {
            ears.pace(if hurry { HURRY_MS } else { 0 });
        }
    }

    /// The utterance is over. `wanted`: its last words are waited for.
    pub fn commit(&mut self, wanted: bool) {
        if let Some(ears) = &mut self.ears {
            ears.commit();
            self.due.push_back(wanted);
        }
        self.forget();
    }

    /// The utterance is forgotten.
    pub fn discard(&mut self) {
        if let Some(ears) = &mut self.ears {
            ears.discard();
        }
        self.forget();
    }

    fn forget(&mut self) {
        self.recent.clear();
        self.paused = false;
    }

    /// Hears anew, with new ears: what the old ones owe does not come.
    pub fn reopen(&mut self, now: Instant) {
        self.ears = ears(&self.parts, &self.options).ok();
        self.behind = false;
        self.reopen_at = self.ears.is_none().then(|| now + REOPEN);
        (self.heard, self.spoke, self.pauses, self.opened_at) = (0, 0, 0, now);
        self.due.clear();
        self.forget();
    }
}

impl Agent {
    /// Has words that were learnt known: by new ears, while there is nothing to lose with the old ones.
    pub(super) fn apply_new_vocabulary(&mut self, now: Instant) {
        let quiet = !self.floor.speaking() && !self.floor.closing() && !self.hearing.may_be_speech();
        if self.hearing.behind && quiet {
            self.hearing.reopen(now);
        }
    }

    /// Hears what waits to be heard: on a busy machine nobody is cut short by what we do not know yet.
    pub(super) fn catch_up(&mut self, now: Instant) {
        while let Some(frame) = self.hearing.waiting() {
            self.handle_ears_event(EarsEvent::Frame(Some(frame)), now);
        }
        if self.hearing.is_late(now) {
            self.floor.note_possible_speech(now);
        }
    }

    pub(super) fn handle_ears_event(&mut self, event: EarsEvent, now: Instant) {
        match event {
            EarsEvent::Frame(None) => {
                self.hearing.unsubscribe();
                self.recorder.discard_preroll();
            }
            EarsEvent::Frame(Some(frame)) => {
                self.hearing.last_frame = Some(now);
                if self.floor.listens() {
                    self.sound(&frame, now);
                    self.recorder.frame(&frame, self.floor.turn());
                } else {
                    self.recorder.discard_preroll();
                }
            }
            EarsEvent::Words(Some(event)) => self.words(event, now),
            EarsEvent::Reopen => self.hearing.reopen(now),
            EarsEvent::Words(None) => {
                self.hearing.ears = None;
                // Ears that lasted are replaced at once: whoever goes on speaking is heard.
                let lasted = now.saturating_duration_since(self.hearing.opened_at) >= LASTED;
                self.hearing.reopen_at = Some(if lasted { now } else { now + REOPEN });
                self.hearing_failed(TROUBLED);
                self.floor.handle_hearing_lost(now);
            }
        }
    }

    fn sound(&mut self, frame: &AudioFrame, now: Instant) {
        for (change, at) in self.hearing.hear(&frame.samples, now) {
            match change {
                ActivityChange::Started { .. } | ActivityChange::Resumed { .. } => self.floor.note_speech(at),
                ActivityChange::Paused { .. } => {
                    self.hearing.pauses += 1;
                    self.floor.note_pause(self.hearing.pauses, at);
                }
                // How long silence lasts is the floor's business.
                ActivityChange::Stopped { .. } => {}
            }
        }
        if self.hearing.may_be_speech() {
            self.floor.note_possible_speech(now);
            self.floor.soften_tentatively(now);
        }
    }

    fn words(&mut self, event: SttEvent, now: Instant) {
        match event {
            SttEvent::Interim { transcript, .. } => {
                self.hearing_works();
                self.floor.interim(to_hypothesis(&transcript), &self.mouth.recent());
            }
            SttEvent::Paused { pause, transcript } => {
                self.hearing_works();
                self.floor.reading(pause, to_hypothesis(&transcript), &self.mouth.recent(), now);
            }
            SttEvent::Final(transcript) => {
                // One without a word may be what is left after every try failed: it proves nothing.
                if !transcript.text.trim().is_empty() {
                    self.hearing_works();
                }
                if self.hearing.due.pop_front().unwrap_or(true) {
                    self.floor.last_words(to_hypothesis(&transcript), now);
                }
            }
            SttEvent::Trouble(error) => {
                tracing::warn!(%error, "hearing failed");
                if error == SpeechError::Lost {
                    self.floor.note_missed_audio();
                }
                self.hearing_failed(1);
            }
        }
    }

    fn hearing_works(&mut self) {
        self.hearing.failures = 0;
        if self.teller.troubled() == Some(Trouble::Hearing) {
            self.teller.trouble(None);
        }
    }

    pub(super) fn hearing_failed(&mut self, times: u32) {
        let before = self.hearing.failures;
        self.hearing.failures = before.saturating_add(times);
        if before < TROUBLED && self.hearing.failures >= TROUBLED {
            self.teller.trouble(Some(Trouble::Hearing));
            self.clerk.ask(ClerkRequest::Happened(Happening::HearingFailed));
        }
    }
}
