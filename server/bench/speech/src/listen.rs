//! One person heard as fast as they speak.

use std::time::Duration;

use anyhow::{Result, bail};
use speech::hear::{ActivityChange, Ears, EarsOptions};
use speech::ports::{HEARING_RATE, HearOptions, SttEvent, TurnDetector as _};
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep_until, timeout};

use crate::kit::Kit;

/// Samples that come at once: 20 ms.
const CHUNK: usize = HEARING_RATE as usize / 50;
/// How long the last words may take, on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// What came of listening.
#[derive(Debug, Clone, Default)]
pub(crate) struct ListeningResult {
    /// The words as they were mended.
    pub(crate) text: String,
    /// The words before that.
    pub(crate) heard: String,
    /// Between two interims while somebody spoke, or the start of speech and the first.
    pub(crate) gaps: Vec<Duration>,
    /// At pauses: from noticing it until both its words and Smart Turn's judgement were there.
    pub(crate) turns: Vec<Duration>,
    /// The same from where speech ended.
    pub(crate) since_speech: Vec<Duration>,
    /// What Smart Turn's judgement alone took.
    pub(crate) judged: Vec<Duration>,
}

/// A pause that is being answered.
struct PauseMeasurement {
    number: u32,
    noticed: Instant,
    /// From where speech ended until then.
    late: Duration,
    words: Option<Instant>,
    judge: JoinHandle<Result<(Instant, Duration)>>,
}

struct Listening {
    ears: Ears,
    told: ListeningResult,
    pauses: Vec<PauseMeasurement>,
    count: u32,
    /// Utterances that ended, and those whose words are there.
    ended: usize,
    written: usize,
    /// Since when an interim is waited for.
    since: Option<Instant>,
}

/// Hears this as fast as it is spoken; with `judge`, the end of each pause's turn is judged too, as an interview does.
pub(crate) async fn listen(kit: &Kit, pcm: &[i16], judge: bool) -> Result<ListeningResult> {
    let mut listening = Listening {
        ears: kit.listen(EarsOptions::default(), HearOptions::default())?,
        told: ListeningResult::default(),
        pauses: Vec::new(),
        count: 0,
        ended: 0,
        written: 0,
        since: None,
    };
    let (begun, mut fed) = (Instant::now(), 0);
    for chunk in pcm.chunks(CHUNK) {
        fed += chunk.len();
        // What takes 20 ms to say is there after 20 ms.
        let due = begun + Duration::from_secs_f64(fed as f64 / f64::from(HEARING_RATE));
        loop {
            tokio::select! {
                biased;
                event = listening.ears.next() => listening.event(event)?,
                () = sleep_until(due) => break,
            }
        }
        for change in listening.ears.hear(chunk)? {
            listening.change(change, kit, &pcm[..fed], judge);
        }
    }
    if listening.ears.finish()? {
        listening.ended += 1;
    }
    while listening.written < listening.ended {
        let event = timeout(PATIENCE, listening.ears.next()).await?;
        listening.event(event)?;
    }
    listening.told().await
}

impl Listening {
    fn change(&mut self, change: ActivityChange, kit: &Kit, so_far: &[i16], judge: bool) {
        match change {
            ActivityChange::Started { .. } => self.since = Some(Instant::now()),
            ActivityChange::Resumed { .. } => {
                self.since = Some(Instant::now());
                // Nobody wants to know any more.
                if let Some(pause) = self.pauses.last() {
                    pause.judge.abort();
                }
            }
            ActivityChange::Paused { at } => {
                self.since = None;
                self.count += 1;
                if judge {
                    let (ears, asked) = (kit.ears.clone(), Instant::now());
                    let end = so_far[so_far.len().saturating_sub(ears.longest())..].to_vec();
                    let judge = tokio::spawn(async move {
                        let took = ears.judge(&end, asked + PATIENCE).await?.took;
                        Ok((Instant::now(), took))
                    });
                    let late = so_far.len() as f64 - at as f64;
                    let late = Duration::from_secs_f64(late / f64::from(HEARING_RATE));
                    self.pauses.push(PauseMeasurement {
                        number: self.count,
                        noticed: asked,
                        late,
                        words: None,
                        judge,
                    });
                }
            }
            ActivityChange::Stopped { .. } => self.ended += 1,
        }
    }

    fn event(&mut self, event: Option<SttEvent>) -> Result<()> {
        match event {
            Some(SttEvent::Interim { .. }) => {
                if let Some(since) = self.since.replace(Instant::now()) {
                    self.told.gaps.push(since.elapsed());
                } else {
                    self.since = None;
                }
            }
            Some(SttEvent::Paused { pause, .. }) => {
                if let Some(pause) = self.pauses.iter_mut().find(|asked| asked.number == pause) {
                    pause.words = Some(Instant::now());
                }
            }
            Some(SttEvent::Final(transcript)) => {
                self.written += 1;
                let add = |to: &mut String, text: &str| {
                    to.push_str(text);
                    to.push(' ');
                };
                add(&mut self.told.heard, transcript.heard.as_ref().unwrap_or(&transcript.text));
                add(&mut self.told.text, &transcript.text);
            }
            Some(SttEvent::Trouble(error)) => eprintln!("trouble while hearing: {error}"),
            None => bail!("hearing came to an end"),
        }
        Ok(())
    }

    async fn told(mut self) -> Result<ListeningResult> {
        for pause in self.pauses {
            let Some(words) = pause.words else {
                continue;
            };
            match pause.judge.await {
                Ok(judged) => {
                    let (judged, took) = judged?;
                    let both = words.max(judged) - pause.noticed;
                    self.told.turns.push(both);
                    self.told.since_speech.push(both + pause.late);
                    self.told.judged.push(took);
                }
                // Speech went on before it was judged.
                Err(error) if error.is_cancelled() => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(self.told)
    }
}
