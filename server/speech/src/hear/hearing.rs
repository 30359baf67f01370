//! What a stream of windows does, told the time and what came of its work: a pure state machine.
//!
//! - *Drafts* decode a short piece up to now, so that interims are quick and cheap.
//! - *Whole* windows decode five to nine seconds: when somebody pauses, when an utterance ends, and once in a while in
//!   between. When one has grown long, the next starts further on, in a pause, so that both share several seconds;
//!   what lies before is settled. So what a second of speech costs does not depend on how long somebody speaks.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use super::audio::Audio;
use super::interim::InterimMergeMode;
use super::levels::{FRAME, threshold, voiced};
use super::limits::{WindowLimits, WindowScale};
use super::times::spread;
use super::utterance::{Utterance, UtterancePause};
use crate::SpeechError;
use crate::ports::{HEARING_RATE, HearOptions, SttEvent, Transcript, Urgency};

/// Work to be done: a window to be decoded.
#[derive(Debug, Clone)]
pub(super) struct DecodeJob {
    pub(super) id: u64,
    pub(super) pcm: Arc<[i16]>,
    /// What is known of it.
    pub(super) guess: String,
    pub(super) urgency: Urgency,
    /// After this time nobody wants it any more.
    pub(super) within: Duration,
}

/// What a window is decoded for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum DecodePurpose {
    Draft,
    Whole,
    /// The answer to a pause, or the end.
    Answer,
}

#[derive(Debug, Clone, Copy)]
struct DecodeInFlight {
    id: u64,
    utterance: u32,
    purpose: DecodePurpose,
    from: u64,
    clean: bool,
    to: u64,
    /// When it was begun, and how long it may take, in milliseconds.
    begun: u64,
    within: u64,
}

/// See the module's description. Times are in milliseconds since the stream was opened.
pub(super) struct WindowScheduler {
    limits: WindowLimits,
    share: WindowScale,
    /// Milliseconds between two drafts, as the stream was opened and as it is now.
    usual: u64,
    every: u64,
    audio: Audio,
    current: Utterance,
    /// Committed, and waiting for their last reading.
    closing: VecDeque<Utterance>,
    out: Option<DecodeInFlight>,
    jobs: u64,
    pauses: u32,
    /// The last draft was begun then.
    drafted_at: u64,
    /// The next draft not before this.
    draft_at: u64,
    events: VecDeque<SttEvent>,
}

impl WindowScheduler {
    pub(super) fn new(limits: WindowLimits, options: &HearOptions) -> Self {
        let usual = match options.interim_every_ms {
            0 => limits.interim_every_ms,
            every => every,
        };
        Self {
            limits,
            share: WindowScale::WHOLE,
            usual: u64::from(usual),
            every: u64::from(usual),
            audio: Audio::new(),
            current: Utterance::new(0, 0),
            closing: VecDeque::new(),
            out: None,
            jobs: 0,
            pauses: 0,
            drafted_at: 0,
            draft_at: 0,
            events: VecDeque::new(),
        }
    }

    /// Takes more audio.
    pub(super) fn hear(&mut self, pcm: &[i16], skipped_ms: u32) {
        if pcm.is_empty() && skipped_ms == 0 {
            return;
        }
        if self.current.pause.take().is_some() {
            self.events.retain(|event| !matches!(event, SttEvent::Paused { .. }));
            self.drop_work(DecodePurpose::Answer);
            if let Some(out) = self.out.as_mut().filter(|out| out.utterance == self.current.number) {
                // What goes on is needed anyway.
                out.purpose =
                    if out.purpose == DecodePurpose::Answer { DecodePurpose::Whole } else { out.purpose };
            }
        }
        if skipped_ms > 0 {
            self.audio.skip(skipped_ms);
        }
        self.audio.push(pcm);
        self.bound();
    }

    /// Keeps what is held within its bounds: what could not be read in time is lost.
    fn bound(&mut self) {
        let (end, most) = (self.audio.end(), self.limits.kept);
        if end - self.current.from > most && self.current.let_go_before(&self.audio, end - most * 4 / 5) {
            self.tell(SttEvent::Trouble(SpeechError::Lost));
        }
        self.forget();
    }

    fn forget(&mut self) {
        let oldest = self.closing.iter().map(|utterance| utterance.from).min().unwrap_or(u64::MAX);
        let out = self.out.map_or(u64::MAX, |out| out.from);
        self.audio.forget_before(oldest.min(self.current.from).min(out));
        let first = self.closing.front().unwrap_or(&self.current);
        self.audio.forget_times_before(first.start);
    }

    /// A pause starts here.
    pub(super) fn pause(&mut self) -> u32 {
        self.pauses += 1;
        let at = self.audio.end();
        self.current.pause = Some(UtterancePause { number: self.pauses, at, answered: false });
        (self.current.failures, self.current.not_before) = (0, 0);
        self.answer_if_known();
        self.drop_drafts_if_awaited();
        self.pauses
    }

    /// The utterance ends here.
    pub(super) fn commit(&mut self) {
        let end = self.audio.end();
        let next = Utterance::new(self.current.number + 1, end);
        let mut done = std::mem::replace(&mut self.current, next);
        done.end = Some(end);
        (done.failures, done.not_before) = (0, 0);
        self.closing.push_back(done);
        if self.closing.len() > self.limits.closing {
            // Too many wait already: the oldest ends with what is known of it.
            if let Some(oldest) = self.closing.pop_front() {
                self.tell(SttEvent::Final(oldest.transcript(&self.audio)));
            }
        }
        self.events.retain(|event| !matches!(event, SttEvent::Interim { .. }));
        self.answer_if_known();
        self.drop_drafts_if_awaited();
    }

    /// Forgets what was heard since the last commit.
    pub(super) fn discard(&mut self) {
        let number = self.current.number;
        if self.out.is_some_and(|out| out.utterance == number) {
            self.out = None;
        }
        self.current = Utterance::new(number + 1, self.audio.end());
        self.events.retain(|event| !matches!(event, SttEvent::Interim { .. } | SttEvent::Paused { .. }));
        self.forget();
    }

    /// Drafts this often (milliseconds) from now on; 0: as usual.
    pub(super) fn pace(&mut self, every: u32) {
        self.every = if every == 0 { self.usual } else { u64::from(every) };
        // The one that is due later by the old pace is due by the new one.
        self.draft_at = self.draft_at.min(self.drafted_at + self.every);
    }

    pub(super) fn event(&mut self) -> Option<SttEvent> {
        self.events.pop_front()
    }

    /// The work that is under way, if it is still wanted.
    pub(super) fn outstanding(&self) -> Option<u64> {
        self.out.map(|out| out.id)
    }

    /// The next work, if there is any and none is under way.
    pub(super) fn work(&mut self, now: u64) -> Option<DecodeJob> {
        if self.out.is_some() {
            return None;
        }
        let limits = self.share.of(&self.limits);
        let (utterance, purpose, to) = self.next_purpose(now, &limits)?;
        let (from, clean) = match purpose {
            DecodePurpose::Draft => self.current.draft_start(&self.audio, &limits, to),
            DecodePurpose::Whole | DecodePurpose::Answer => (utterance.0, utterance.1),
        };
        self.jobs += 1;
        let number = utterance.2;
        let (urgency, within) = match purpose {
            DecodePurpose::Draft => (Urgency::Caption, 3_000),
            DecodePurpose::Whole => (Urgency::Caption, 8_000),
            DecodePurpose::Answer => (Urgency::TurnEnd, 8_000),
        };
        let out =
            DecodeInFlight { id: self.jobs, utterance: number, purpose, from, clean, to, begun: now, within };
        self.out = Some(out);
        if purpose != DecodePurpose::Answer {
            self.drafted_at = now;
            self.draft_at = now + self.every;
        }
        let pcm = self.audio.pcm(from, to);
        let known = self.closing.iter().chain([&self.current]).find(|known| known.number == number);
        let guess = known.map(|known| known.line.guess(from)).unwrap_or_default();
        Some(DecodeJob { id: self.jobs, pcm, guess, urgency, within: Duration::from_millis(within) })
    }

    /// What to do next: of which utterance (its window's start, whether that is clean, its number), why, up to where.
    fn next_purpose(
        &self,
        now: u64,
        limits: &WindowLimits,
    ) -> Option<((u64, bool, u32), DecodePurpose, u64)> {
        let of = |utterance: &Utterance| (utterance.from, utterance.clean, utterance.number);
        for utterance in self.closing.iter().chain([&self.current]) {
            if let Some(at) = utterance.wanted_at() {
                // What has fallen behind catches up window by window.
                let most = utterance.from + limits.whole_longest + FRAME as u64;
                let next = if at > most { (DecodePurpose::Whole, most) } else { (DecodePurpose::Answer, at) };
                return (now >= utterance.not_before).then(|| (of(utterance), next.0, next.1));
            }
        }
        let (current, end) = (&self.current, self.audio.end());
        let waited = now >= self.draft_at.max(current.not_before);
        let begun = current.read_to > current.start;
        let often = self.every * u64::from(HEARING_RATE) / 1000;
        let worth = if begun { limits.draft_least.min(often) } else { limits.draft_least };
        if !waited || end - current.read_to < worth {
            return None;
        }
        let least = threshold(self.audio.levels(current.from, end));
        let new = voiced(self.audio.levels(current.read_to, end), least) * FRAME;
        if (new as u64) < worth {
            return None;
        }
        if end - current.whole_to < limits.whole_every {
            return Some((of(current), DecodePurpose::Draft, end));
        }
        let most = current.from + limits.whole_longest + FRAME as u64;
        Some((of(current), DecodePurpose::Whole, end.min(most)))
    }

    /// When to ask for work again, though nothing has happened: later than now, when there was none.
    pub(super) fn wake(&self, now: u64) -> Option<u64> {
        if self.out.is_some() {
            return None;
        }
        let waits =
            self.closing.iter().chain([&self.current]).find(|utterance| utterance.wanted_at().is_some());
        let at = match waits {
            Some(utterance) => utterance.not_before,
            None => self.draft_at.max(self.current.not_before),
        };
        // What is due already waits for more audio, which wakes by itself.
        (at > now).then_some(at)
    }

    /// Takes what came of the work under way.
    pub(super) fn answered(&mut self, id: u64, now: u64, answer: Result<Transcript, SpeechError>) {
        let Some(out) = self.out.take_if(|out| out.id == id) else { return };
        let took = now.saturating_sub(out.begun);
        match &answer {
            Ok(_) => self.share.read(took, out.within),
            Err(SpeechError::Late) => self.share.late(),
            Err(_) => {}
        }
        if out.purpose == DecodePurpose::Draft {
            // Drafts leave the machine some time for what must be read.
            self.draft_at = self.draft_at.max(now + took / 2);
        }
        let limits = self.share.of(&self.limits);
        let audio = &self.audio;
        let found = self.closing.iter_mut().chain([&mut self.current]);
        let Some(utterance) = found.into_iter().find(|utterance| utterance.number == out.utterance) else {
            return;
        };
        match answer {
            Ok(reading) => {
                let weight = if out.purpose == DecodePurpose::Draft {
                    InterimMergeMode::Draft
                } else {
                    InterimMergeMode::Whole
                };
                let said = spread(&reading.text, out.from, audio.levels(out.from, out.to));
                utterance.line.take(out.from, out.clean, weight, said);
                utterance.sure.take((out.from, out.to), weight, reading.sure);
                utterance.read_to = utterance.read_to.max(out.to);
                utterance.failures = 0;
                if weight == InterimMergeMode::Whole {
                    utterance.whole_to = out.to;
                    utterance.move_on(audio, &limits, out.to);
                }
                if out.purpose != DecodePurpose::Answer {
                    self.interim();
                }
            }
            Err(error) => {
                utterance.failures += 1;
                let patience = if error.is_refusal() { 0 } else { self.limits.tries };
                utterance.not_before = now + (self.limits.again_ms << utterance.failures.min(5)) / 2;
                let waited_for = utterance.wanted_at().is_some();
                if waited_for && utterance.failures > patience {
                    // What is known must do.
                    let to = utterance.wanted_at().unwrap_or(out.to);
                    (utterance.read_to, utterance.whole_to) = (to, to);
                }
                let overload = matches!(error, SpeechError::Busy | SpeechError::Late);
                if out.purpose == DecodePurpose::Answer || !overload {
                    self.tell(SttEvent::Trouble(error));
                }
            }
        }
        self.answer_if_known();
        self.forget();
    }

    /// Answers whatever waits for nothing more than silence.
    fn answer_if_known(&mut self) {
        while let Some(first) = self.closing.front() {
            if !first.end.is_some_and(|end| first.known(&self.audio, end)) {
                return;
            }
            let transcript = first.transcript(&self.audio);
            self.closing.pop_front();
            self.tell(SttEvent::Final(transcript));
        }
        let Some(pause) = self.current.pause.filter(|pause| !pause.answered) else { return };
        if self.current.known(&self.audio, pause.at) {
            self.current.line.mark(pause.at);
            (self.current.draft_from, self.current.draft_clean) = (pause.at, true);
            self.current.pause = Some(UtterancePause { answered: true, ..pause });
            let transcript = self.current.transcript(&self.audio);
            self.tell(SttEvent::Paused { pause: pause.number, transcript });
        }
    }

    /// What somebody waits for goes before drafts.
    fn drop_drafts_if_awaited(&mut self) {
        let waits =
            self.closing.iter().chain([&self.current]).any(|utterance| utterance.wanted_at().is_some());
        if waits {
            self.drop_work(DecodePurpose::Draft);
            self.drop_work(DecodePurpose::Whole);
        }
    }

    /// Drops the work under way, if it is for this purpose and of the current utterance or of one that is past; not
    /// if so much waits to be read that a slow model would never come to an end of it.
    fn drop_work(&mut self, purpose: DecodePurpose) {
        let current = &self.current;
        let backlog = self.limits.whole_every * 5 / 4;
        self.out.take_if(|out| {
            let own = out.utterance == current.number;
            let needed =
                own && purpose != DecodePurpose::Draft && out.to - current.whole_to.min(out.to) > backlog;
            out.purpose == purpose && !needed && (own || purpose != DecodePurpose::Answer)
        });
    }

    fn interim(&mut self) {
        let transcript = self.current.transcript(&self.audio);
        let line = &self.current.line;
        let settled = line.words()[..line.settled()].iter().map(|said| said.text.len() + 1).sum::<usize>();
        let settled = settled.min(transcript.text.len());
        self.events.retain(|event| !matches!(event, SttEvent::Interim { .. }));
        if !transcript.text.is_empty() {
            self.events.push_back(SttEvent::Interim { transcript, settled });
        }
    }

    fn tell(&mut self, event: SttEvent) {
        if matches!(event, SttEvent::Trouble(_)) {
            // The newest trouble is enough.
            self.events.retain(|event| !matches!(event, SttEvent::Trouble(_)));
        }
        self.events.push_back(event);
    }

    /// Samples that are held.
    #[cfg(test)]
    pub(super) fn held(&self) -> usize {
        self.audio.held()
    }
}
