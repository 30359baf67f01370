//! What a stream of results means for utterances, pauses and commits: a state machine on the messages and the time
//! it is told. Positions are samples that were sent; what is told outside is milliseconds of the whole stream, with
//! the silence that was left out.

use std::collections::VecDeque;
use std::time::Duration;

use provider::ProviderFault;
use serde::Deserialize;
use tokio::time::Instant;

use crate::ports::{HEARING_RATE, SttEvent, TimedWord, Transcript};

/// How long the provider may take to settle what was said before a pause; then its last guess is taken.
const SETTLE: Duration = Duration::from_millis(1_200);
/// So much nearer to a position counts as there, in samples: providers round.
const NEAR: u64 = HEARING_RATE as u64 / 20;
/// So much audio without a word from the provider, not even an empty one, means that it is dead: in samples.
const DEAF: u64 = HEARING_RATE as u64 * 12;
/// Most places where silence was left out that are remembered.
const MOST_GAPS: usize = 512;

/// A message of the provider, as far as it matters.
#[derive(Deserialize)]
struct DeepgramMessage {
    #[serde(rename = "type")]
    kind: String,
    channel: Option<Channel>,
    #[serde(default)]
    start: f64,
    #[serde(default)]
    duration: f64,
    #[serde(default)]
    is_final: bool,
    #[serde(default)]
    from_finalize: bool,
}

/// Results have a channel; other kinds use the name for numbers.
#[derive(Deserialize)]
#[serde(untagged)]
enum Channel {
    Heard { alternatives: Vec<Alternative> },
    Other(serde::de::IgnoredAny),
}

#[derive(Deserialize)]
struct Alternative {
    transcript: String,
    /// How sure it is of all, from 0 to 1: for those that do not tell it of each word.
    confidence: Option<f32>,
    #[serde(default)]
    words: Vec<HeardWord>,
}

#[derive(Deserialize)]
struct HeardWord {
    word: String,
    punctuated_word: Option<String>,
    start: f64,
    end: f64,
    /// How sure it is of the word, from 0 to 1.
    confidence: Option<f32>,
}

/// A stretch of what was heard.
#[derive(Debug, Clone, Default)]
struct HeardStretch {
    text: String,
    words: Vec<(String, u64, u64)>,
    /// How sure the provider is of each of its words; of all, once, where it does not tell of each.
    sure: Vec<f32>,
}

/// Why the provider was asked for what it has heard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Flush {
    Pause(u32),
    Commit,
}

#[derive(Debug, Clone, Copy)]
struct Wait {
    asked: Flush,
    at: u64,
    due: Instant,
}

/// The state of a stream.
#[derive(Debug, Default)]
pub(super) struct Listen {
    sent: u64,
    heard_from: u64,
    /// From which sent sample on how many samples of silence were left out before.
    gaps: VecDeque<(u64, u64)>,
    /// Where the utterance begins.
    begins: u64,
    /// Where what is settled ends.
    settled_to: u64,
    settled: Vec<HeardStretch>,
    guess: HeardStretch,
    waits: VecDeque<Wait>,
}

impl Listen {
    /// So many samples are sent, after so much silence that is not.
    pub(super) fn hear(&mut self, samples: usize, skipped_ms: u32) {
        if skipped_ms > 0 {
            let before = self.gaps.back().map_or(0, |(_, skipped)| *skipped);
            let skipped = before + u64::from(skipped_ms) * u64::from(HEARING_RATE) / 1000;
            if self.gaps.len() == MOST_GAPS {
                self.gaps.pop_front();
            }
            self.gaps.push_back((self.sent, skipped));
        }
        self.sent += samples as u64;
        if samples > 0 {
            self.waits.retain(|wait| wait.asked == Flush::Commit);
        }
    }

    /// A pause starts here. What can be said of it at once is said; otherwise the provider is to be asked to settle.
    pub(super) fn pause(&mut self, number: u32, now: Instant) -> Vec<SttEvent> {
        self.ask(Flush::Pause(number), now)
    }

    /// The utterance ends here.
    pub(super) fn commit(&mut self, now: Instant) -> Vec<SttEvent> {
        self.ask(Flush::Commit, now)
    }

    fn ask(&mut self, asked: Flush, now: Instant) -> Vec<SttEvent> {
        self.waits.push_back(Wait { asked, at: self.sent, due: now + SETTLE });
        self.answer(now)
    }

    /// Whether the provider has to be asked to settle.
    pub(super) fn unsettled(&self) -> bool {
        !self.waits.is_empty()
    }

    /// What was heard since the last commit does not matter.
    pub(super) fn discard(&mut self) {
        self.waits.retain(|wait| wait.asked == Flush::Commit);
        if self.waits.is_empty() {
            self.begin(self.sent);
        }
    }

    fn begin(&mut self, at: u64) {
        self.begins = at;
        self.settled_to = self.settled_to.max(at);
        self.settled.clear();
        self.guess = HeardStretch::default();
    }

    /// When [`Listen::late`] is to be asked.
    pub(super) fn due(&self) -> Option<Instant> {
        self.waits.front().map(|wait| wait.due)
    }

    /// What is answered because the provider took too long.
    pub(super) fn late(&mut self, now: Instant) -> Vec<SttEvent> {
        self.answer(now)
    }

    /// Whether the provider hears nothing.
    pub(super) fn hears_nothing(&self) -> bool {
        self.sent - self.heard_from > DEAF
    }

    /// A message has come.
    ///
    /// # Errors
    /// [`ProviderFault::Garbage`] if it is not one of the protocol, [`ProviderFault::Provider`] if it says that something
    /// failed.
    pub(super) fn message(&mut self, text: &str, now: Instant) -> Result<Vec<SttEvent>, ProviderFault> {
        let message: DeepgramMessage = serde_json::from_str(text).map_err(|_| ProviderFault::Garbage)?;
        self.heard_from = self.sent;
        match message.kind.as_str() {
            "Results" => {}
            "Error" => return Err(ProviderFault::Provider),
            // Metadata, SpeechStarted and what comes later: of no meaning here.
            _ => return Ok(Vec::new()),
        }
        let Some(Channel::Heard { alternatives }) = message.channel else {
            return Err(ProviderFault::Garbage);
        };
        let (start, end) = (samples(message.start), samples(message.start + message.duration));
        let part = self.part(alternatives.into_iter().next(), start);
        let known = self.text();
        if message.is_final {
            // A result that was settled before comes again when it is asked for, empty.
            if !part.text.is_empty() {
                self.settled.push(part);
            }
            self.guess = HeardStretch::default();
            self.settled_to = self.settled_to.max(end);
            if message.from_finalize {
                let at = self.waits.front().map_or(end, |wait| wait.at);
                self.settled_to = self.settled_to.max(at);
            }
        } else if end + NEAR >= self.settled_to {
            self.guess = part;
        }
        let mut events = Vec::new();
        let settled = self.settled.iter().map(|part| part.text.len() + 1).sum::<usize>().saturating_sub(1);
        if self.text() != known && !self.text().is_empty() {
            events.push(SttEvent::Interim { transcript: self.transcript(self.sent), settled });
        }
        events.extend(self.answer(now));
        Ok(events)
    }

    /// What belongs to this utterance of what was heard.
    fn part(&self, heard: Option<Alternative>, start: u64) -> HeardStretch {
        let Some(heard) = heard else { return HeardStretch::default() };
        let before = |at: u64| at + NEAR < self.begins;
        let (whole, all) = (heard.words.len(), heard.confidence.filter(|_| !heard.transcript.is_empty()));
        let of_this: Vec<_> = heard.words.into_iter().filter(|word| !before(samples(word.start))).collect();
        let mut sure: Vec<f32> = of_this.iter().filter_map(|word| word.confidence).collect();
        if sure.is_empty() {
            sure.extend(all);
        }
        let cut = of_this.len() < whole;
        let words: Vec<_> = of_this
            .into_iter()
            .map(|word| {
                let text = word.punctuated_word.unwrap_or(word.word);
                (text, samples(word.start), samples(word.end))
            })
            .collect();
        if cut {
            let text = words.iter().map(|(text, _, _)| text.as_str()).collect::<Vec<_>>().join(" ");
            return HeardStretch { text, words, sure };
        }
        if words.is_empty() && before(start) {
            return HeardStretch::default();
        }
        HeardStretch { text: heard.transcript.trim().to_owned(), words, sure }
    }

    fn text(&self) -> String {
        let parts = self.settled.iter().chain([&self.guess]).map(|part| part.text.as_str());
        parts.filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" ")
    }

    /// A position in milliseconds of the whole stream.
    fn millis(&self, at: u64) -> u32 {
        let skipped = self.gaps.iter().rev().find(|(from, _)| *from <= at).map_or(0, |(_, skipped)| *skipped);
        u32::try_from((at + skipped) * 1000 / u64::from(HEARING_RATE)).unwrap_or(u32::MAX)
    }

    fn transcript(&self, to: u64) -> Transcript {
        let words = self.settled.iter().chain([&self.guess]).flat_map(|part| &part.words);
        let words = words.map(|(text, start, end)| TimedWord {
            text: text.clone(),
            start_ms: self.millis(*start),
            end_ms: self.millis(*end),
        });
        Transcript {
            text: self.text(),
            heard: None,
            words: words.collect(),
            start_ms: self.millis(self.begins),
            end_ms: self.millis(to),
            sure: mean(self.settled.iter().chain([&self.guess]).flat_map(|part| &part.sure)),
        }
    }

    /// Answers what can be answered.
    fn answer(&mut self, now: Instant) -> Vec<SttEvent> {
        let mut events = Vec::new();
        while let Some(wait) = self.waits.front().copied() {
            let nothing_new = wait.at <= self.begins;
            let settled = self.settled_to + NEAR >= wait.at;
            if !nothing_new && !settled && now < wait.due {
                break;
            }
            self.waits.pop_front();
            let transcript = self.transcript(wait.at);
            match wait.asked {
                Flush::Pause(pause) => events.push(SttEvent::Paused { pause, transcript }),
                Flush::Commit => {
                    events.push(SttEvent::Final(transcript));
                    self.begin(wait.at);
                }
            }
        }
        events
    }
}

/// The geometric mean of probabilities; `None` of none. Nought is what servers write that do not tell.
fn mean<'a>(probabilities: impl Iterator<Item = &'a f32>) -> Option<f32> {
    let logs = probabilities.filter(|one| **one > 0.0 && **one <= 1.0).map(|one| one.ln());
    let (sum, count) = logs.fold((0.0, 0_u16), |(sum, count), log| (sum + log, count.saturating_add(1)));
    (count > 0).then(|| (sum / f32::from(count)).exp())
}

/// Seconds as samples.
fn samples(seconds: f64) -> u64 {
    let samples = (seconds * f64::from(HEARING_RATE)).round().clamp(0.0, 1e15);
    // In range.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped above")]
    let samples = samples as u64;
    samples
}
