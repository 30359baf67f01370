//! Several ears as one.

use std::collections::VecDeque;
use std::sync::Arc;

use async_trait::async_trait;
use provider::ProviderFault;
use tokio::time::{Instant, timeout_at};

use super::ChainTimeouts;
use super::health::{Health, next};
use crate::SpeechError;
use crate::ports::{Abilities, HEARING_RATE, HearOptions, Stt, SttEvent, SttStream, Transcript};

/// Most audio that is kept to be said again, in samples: more than five minutes, which is the longest turn. Of what is
/// longer, the end is kept.
const MOST_KEPT: usize = 320 * HEARING_RATE as usize;
/// Most utterances that wait for their words at once.
const MOST_WAITING: usize = 16;

/// Hears with the first that can. Where one fails, the next is told all again that was said and not answered.
#[derive(Clone)]
pub struct SttChain {
    ears: Arc<[(Arc<dyn Stt>, Health)]>,
    patience: ChainTimeouts,
}

impl SttChain {
    /// Of these, the preferred first.
    ///
    /// # Errors
    /// [`SpeechError::Refused`] if there are none.
    pub fn new(ears: Vec<Arc<dyn Stt>>, patience: ChainTimeouts) -> Result<Self, SpeechError> {
        if ears.is_empty() {
            return Err(SpeechError::Refused("a chain needs somebody who hears".into()));
        }
        let ears = ears.into_iter().map(|ear| {
            let health = Health::new(ear.abilities());
            (ear, health)
        });
        Ok(Self { ears: ears.collect(), patience })
    }
}

impl Stt for SttChain {
    fn abilities(&self) -> Abilities {
        let all: Vec<Abilities> = self.ears.iter().map(|(ear, _)| ear.abilities()).collect();
        Abilities {
            name: all.iter().map(|one| one.name.as_str()).collect::<Vec<_>>().join(">"),
            remote: all.iter().any(|one| one.remote),
            streaming: all.iter().all(|one| one.streaming),
            interim: all.iter().all(|one| one.interim),
            word_times: all.iter().all(|one| one.word_times),
            languages: all.first().map(|one| one.languages.clone()).unwrap_or_default(),
        }
    }

    fn open(&self, options: HearOptions) -> Box<dyn SttStream> {
        let tried = vec![false; self.ears.len()];
        let mut stream = SttChainStream {
            chain: self.clone(),
            options,
            now: None,
            tried,
            said: VecDeque::from([PendingUtterance::default()]),
            heard_ms: 0.0,
            pauses: 0,
            over: false,
        };
        stream.open();
        Box::new(stream)
    }
}

/// What was said and is not answered yet.
#[derive(Default)]
struct PendingUtterance {
    /// Where in the whole stream it begins, in milliseconds.
    start_ms: f64,
    /// The audio with the silence left out before each stretch.
    audio: VecDeque<(Vec<i16>, u32)>,
    samples: usize,
    /// The pause that is not answered: its number outside, and since when.
    pause: Option<(u32, Instant)>,
    /// Since when it is over.
    committed: Option<Instant>,
}

/// The one that hears now.
struct ActiveSttStream {
    at: usize,
    stream: Box<dyn SttStream>,
    /// Where in the whole stream it began, in milliseconds.
    from_ms: f64,
    /// Its number of the pause that waits.
    pause: Option<u32>,
}

struct SttChainStream {
    chain: SttChain,
    options: HearOptions,
    now: Option<ActiveSttStream>,
    /// Who failed since something last went well.
    tried: Vec<bool>,
    /// The utterances that wait, and the one that is being said: never empty.
    said: VecDeque<PendingUtterance>,
    /// How much of the stream there was, in milliseconds.
    heard_ms: f64,
    pauses: u32,
    over: bool,
}

fn millis(samples: usize) -> f64 {
    u32::try_from(samples).map_or(f64::MAX, f64::from) * 1000.0 / f64::from(HEARING_RATE)
}

impl SttChainStream {
    /// Somebody who can hear is found and told what is not answered. `false` if nobody is left.
    fn open(&mut self) -> bool {
        let Some(at) = next(self.chain.ears.iter().map(|(_, health)| health), &self.tried) else {
            self.now = None;
            return false;
        };
        self.tried[at] = true;
        let stream = self.chain.ears[at].0.open(self.options.clone());
        let from_ms = self.said.front().map_or(0.0, |first| first.start_ms);
        let mut now = ActiveSttStream { at, stream, from_ms, pause: None };
        let again = Instant::now();
        for utterance in &mut self.said {
            for (pcm, skipped_ms) in &utterance.audio {
                now.stream.hear(pcm, *skipped_ms);
            }
            if let Some((_, since)) = &mut utterance.pause {
                *since = again;
                now.pause = Some(now.stream.pause());
            }
            if let Some(since) = &mut utterance.committed {
                *since = again;
                now.stream.commit();
            }
        }
        self.now = Some(now);
        true
    }

    /// The utterance that is being said.
    fn last(&mut self) -> &mut PendingUtterance {
        if self.said.is_empty() {
            self.said.push_back(PendingUtterance::default());
        }
        let last = self.said.len() - 1;
        &mut self.said[last]
    }

    /// Where nothing waits, whoever is preferred and well again takes over.
    fn prefer(&mut self) {
        let Some(now) = &self.now else { return };
        let at = now.at;
        if at > 0 && self.said.iter().all(|said| said.audio.is_empty() && said.committed.is_none()) {
            let better = (0..at).find(|better| self.chain.ears[*better].1.fit());
            if better.is_some() {
                self.tried.fill(false);
                self.last().start_ms = self.heard_ms;
                self.open();
            }
        }
    }

    /// When the one that hears has taken too long.
    fn due(&self) -> Option<Instant> {
        let asked = self.said.iter().flat_map(|said| [said.pause.map(|(_, since)| since), said.committed]);
        asked.flatten().min().map(|since| since + self.chain.patience.settle)
    }

    /// An event as part of the whole; `None` if nobody waits for it any more.
    fn shifted(&mut self, event: SttEvent) -> Option<SttEvent> {
        let now = self.now.as_mut()?;
        // Whole milliseconds, far from the edge.
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a position in a stream")]
        let from = now.from_ms.round() as u32;
        let shift = |mut transcript: Transcript| {
            transcript.start_ms = transcript.start_ms.saturating_add(from);
            transcript.end_ms = transcript.end_ms.saturating_add(from);
            for word in &mut transcript.words {
                word.start_ms = word.start_ms.saturating_add(from);
                word.end_ms = word.end_ms.saturating_add(from);
            }
            transcript
        };
        match event {
            SttEvent::Interim { transcript, settled } => {
                Some(SttEvent::Interim { transcript: shift(transcript), settled })
            }
            SttEvent::Paused { pause, transcript } => {
                now.pause.take_if(|waits| *waits == pause)?;
                let said = self.said.iter_mut().find(|said| said.pause.is_some())?;
                let (pause, _) = said.pause.take()?;
                self.well();
                Some(SttEvent::Paused { pause, transcript: shift(transcript) })
            }
            SttEvent::Final(transcript) => {
                // Nobody committed: it made that up.
                self.said.front()?.committed?;
                let transcript = shift(transcript);
                self.said.pop_front();
                self.well();
                Some(SttEvent::Final(transcript))
            }
            trouble @ SttEvent::Trouble(_) => Some(trouble),
        }
    }

    fn well(&mut self) {
        self.tried.fill(false);
        if let Some(now) = &self.now {
            self.tried[now.at] = true;
            self.chain.ears[now.at].1.record_success();
        }
    }

    /// The one that hears failed: the next goes on. What is to be told if there is none: then the same one tries
    /// again with its next work, unless it has ended.
    fn failed(&mut self, error: SpeechError, ended: bool) -> Option<SttEvent> {
        let failed = self.now.take();
        if let Some(now) = &failed {
            self.chain.ears[now.at].1.failed();
        }
        if self.open() {
            return None;
        }
        self.now = failed;
        self.over = ended;
        let now = Instant::now();
        for said in &mut self.said {
            said.pause = said.pause.map(|(number, _)| (number, now));
            said.committed = said.committed.map(|_| now);
        }
        Some(SttEvent::Trouble(error))
    }
}

#[async_trait]
impl SttStream for SttChainStream {
    fn hear(&mut self, pcm: &[i16], skipped_ms: u32) {
        self.prefer();
        let now_ms = self.heard_ms;
        self.heard_ms += f64::from(skipped_ms) + millis(pcm.len());
        let last = self.last();
        if last.audio.is_empty() && last.samples == 0 && last.committed.is_none() {
            last.start_ms = now_ms;
        }
        last.audio.push_back((pcm.to_vec(), skipped_ms));
        last.samples += pcm.len();
        while last.samples > MOST_KEPT
            && let Some((gone, skipped)) = last.audio.pop_front()
        {
            last.samples -= gone.len();
            last.start_ms += f64::from(skipped) + millis(gone.len());
        }
        if !pcm.is_empty() {
            last.pause = None;
        }
        if let Some(now) = &mut self.now {
            if !pcm.is_empty() {
                now.pause = None;
            }
            now.stream.hear(pcm, skipped_ms);
        }
    }

    fn pause(&mut self) -> u32 {
        self.pauses += 1;
        let number = self.pauses;
        self.last().pause = Some((number, Instant::now()));
        if let Some(now) = &mut self.now {
            now.pause = Some(now.stream.pause());
        }
        number
    }

    fn commit(&mut self) {
        let (heard_ms, now) = (self.heard_ms, Instant::now());
        self.last().committed = Some(now);
        if self.said.len() >= MOST_WAITING {
            // So many answers are owed that the oldest audio is let go; its words come if they come.
            self.said[0].audio.clear();
        }
        self.said.push_back(PendingUtterance { start_ms: heard_ms, ..PendingUtterance::default() });
        if let Some(now) = &mut self.now {
            now.stream.commit();
        }
    }

    fn discard(&mut self) {
        let heard_ms = self.heard_ms;
        *self.last() = PendingUtterance { start_ms: heard_ms, ..PendingUtterance::default() };
        if let Some(now) = &mut self.now {
            now.pause = None;
            now.stream.discard();
        }
    }

    fn pace(&mut self, interim_every_ms: u32) {
        if let Some(now) = &mut self.now {
            now.stream.pace(interim_every_ms);
        }
    }

    async fn next(&mut self) -> Option<SttEvent> {
        loop {
            if self.over {
                return None;
            }
            let due = self.due();
            let now = self.now.as_mut()?;
            let health = &self.chain.ears[now.at].1;
            let event = match due {
                Some(due) => timeout_at(due, now.stream.next()).await.map_err(|_| SpeechError::Late),
                None => Ok(now.stream.next().await),
            };
            let told = match event {
                Ok(Some(SttEvent::Trouble(error))) | Err(error) => self.failed(error, false),
                Ok(None) => {
                    let error = health.ended(ProviderFault::CutOff, "cut off");
                    self.failed(error, true)
                }
                Ok(Some(event)) => self.shifted(event),
            };
            if told.is_some() {
                return told;
            }
        }
    }
}
