//! One simulated candidate: listens, reacts, answers, and measures.

use std::sync::Arc;
use std::time::Duration;

use agent::{AudioOut, AudioOutSpec, Playout, Room, RoomEvent};
use agent_room::AgentRoom;
use anyhow::{Context as _, Result, bail};
use participant::RoomOptions;
use protocol::signals::{STATE, TIMING, Timing};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep};

use crate::ear::AudibilityMonitor;
use crate::figures::{AsideResult, VoiceInterviewResult, VoiceTurnResult};
use crate::host::BenchAdmission;
use crate::script::{CandidateAside, ScriptedTurn};
use crate::voice::RATE;

/// How often a candidate looks.
const LOOK: Duration = Duration::from_millis(10);
/// The interviewer has finished a line after this much silence, if it says that it listens.
const FINISHED: Duration = Duration::from_millis(500);
/// No line is longer: whoever is not done after it does not listen any more.
const LONGEST_LINE: Duration = Duration::from_secs(30);
/// A reply that has not come by now is missing.
const PATIENCE: Duration = Duration::from_secs(6);
/// Something is done so long into a line.
const ASIDE_AFTER: Duration = Duration::from_millis(900);
/// After that it is known whether the interviewer stopped.
const STOPS_WITHIN: Duration = Duration::from_millis(2500);
/// A silence of a line that goes on is shorter.
const STOPPED: Duration = Duration::from_millis(700);

/// A framework's worker tells here what it keeps of what it heard; `agents/worker.py` has the same name.
const KEPT: &str = "bench.kept";

pub(crate) struct SimulatedCandidate {
    room: Arc<AgentRoom>,
    out: Arc<dyn AudioOut>,
    ear: AudibilityMonitor,
    timings: mpsc::UnboundedReceiver<Timing>,
    kept: mpsc::UnboundedReceiver<String>,
    over: watch::Receiver<bool>,
    /// What the agent says that it does.
    state: watch::Receiver<String>,
    _tasks: JoinSet<()>,
}

impl SimulatedCandidate {
    pub(crate) async fn join(admitted: &BenchAdmission) -> Result<Self> {
        let (room, events) =
            participant::RoomHandle::connect(&admitted.url, &admitted.token, RoomOptions::default()).await?;
        let room = Arc::new(AgentRoom::new(room, events));
        let out = room.publish_audio(AudioOutSpec { rate: RATE, queue_ms: 120_000 }).await?;
        let (ear, (tell, timings)) = (AudibilityMonitor::default(), mpsc::unbounded_channel());
        let (keep, kept) = mpsc::unbounded_channel();
        let (over_in, over) = watch::channel(false);
        let (state_in, state) = watch::channel(String::new());
        let mut tasks = JoinSet::new();
        let (theirs, listening) = (Arc::clone(&room), ear.clone());
        tasks.spawn(async move {
            let mut ears = JoinSet::new();
            while let Some(event) = theirs.next_event().await {
                #[expect(clippy::wildcard_enum_match_arm, reason = "all else is not looked at")]
                match event {
                    RoomEvent::AudioPublished { track, .. } => {
                        if let Ok(audio) = theirs.subscribe_audio(&track, RATE).await {
                            ears.spawn(listening.clone().listen(audio));
                        }
                    }
                    RoomEvent::Text(text) if text.topic == TIMING => {
                        if let Ok(timing) = serde_json::from_str(&text.text) {
                            let _gone = tell.send(timing);
                        }
                    }
                    RoomEvent::Text(text) if text.topic == KEPT => {
                        let _gone = keep.send(text.text);
                    }
                    RoomEvent::Attributes { changed, .. } => {
                        if let Some(state) = changed.get(STATE) {
                            let _gone = state_in.send(state.clone());
                        }
                    }
                    RoomEvent::Left { .. } => {
                        let _gone = over_in.send(true);
                    }
                    _ => {}
                }
            }
            let _gone = over_in.send(true);
        });
        Ok(Self { room, out, ear, timings, kept, over, state, _tasks: tasks })
    }

    fn over(&self) -> bool {
        *self.over.borrow()
    }

    /// Holds an interview with these answers. What came of it, and all that was said.
    pub(crate) async fn hold(
        mut self,
        script: &[ScriptedTurn],
        verbose: bool,
    ) -> Result<(VoiceInterviewResult, String)> {
        let begun = Instant::now();
        let (mut held, mut said) = (VoiceInterviewResult::default(), String::new());
        let mut line_begins = self.line_begins(begun, Duration::from_secs(30)).await?;
        for (number, turn) in script.iter().enumerate() {
            let Some(begins) = line_begins else { break };
            if let Some((aside, text)) = self.aside(turn, begins).await? {
                if verbose {
                    eprintln!("  {number}: {aside:?}");
                }
                let stopped = aside.stopped_ms.is_some();
                held.asides.push(aside);
                said = format!("{said} {text}");
                if turn.aside == CandidateAside::Interrupt && stopped {
                    // That was a turn of its own: its reply comes.
                    let spoken = Instant::now();
                    line_begins = self.line_begins(spoken, PATIENCE).await?;
                    if line_begins.is_none() {
                        break;
                    }
                }
            }
            self.until_finished().await;
            self.take_timings(&mut held, verbose);
            if self.over() {
                break;
            }
            sleep(Duration::from_millis(400)).await;
            let (turned, begins) = self.answer(turn).await?;
            if verbose {
                eprintln!("  {number}: {turned:?}");
            }
            said = format!("{said} {}", turn.text);
            held.turns.push(turned);
            line_begins = begins;
        }
        self.until_finished().await;
        self.take_timings(&mut held, verbose);
        held.whole = line_begins.is_some() || self.over();
        held.lasted = begun.elapsed();
        held.kept.extend(std::iter::from_fn(|| self.kept.try_recv().ok()));
        self.room.leave().await;
        Ok((held, said))
    }

    /// The agent's own account of the turns so far. The newest is that of the last answer, where a reply was waited for.
    fn take_timings(&mut self, held: &mut VoiceInterviewResult, verbose: bool) {
        while let Ok(timing) = self.timings.try_recv() {
            if verbose {
                eprintln!("     {timing:?}");
            }
            if let Some(turn) = held.turns.last_mut().filter(|turn| turn.timing.is_none() && !turn.missed) {
                turn.timing = Some(timing.clone());
            }
            held.timings.push(timing);
        }
    }

    /// Waits for the interviewer to begin. `None`: it does not, or is gone.
    async fn line_begins(&self, after: Instant, within: Duration) -> Result<Option<Instant>> {
        while after.elapsed() < within {
            if let Some(begins) = self.ear.begins_after(after) {
                return Ok(Some(begins));
            }
            if self.over() {
                return Ok(None);
            }
            sleep(LOOK).await;
        }
        Ok(None)
    }

    async fn until_finished(&self) {
        let listening = || *self.state.borrow() == "listening";
        let asked = Instant::now();
        while (self.ear.silent_for(Instant::now()) < FINISHED || !listening()) && !self.over() {
            if asked.elapsed() > LONGEST_LINE {
                eprintln!("  the interviewer does not listen again: it says {:?}", *self.state.borrow());
                break;
            }
            sleep(LOOK).await;
        }
    }

    /// Says something, and returns when its first and its last sample were sent.
    async fn say(&self, sound: &[i16]) -> Result<(Instant, Instant)> {
        let Playout { played, waiting, .. } = self.out.playout();
        let (from, to) = (played + waiting, played + waiting + sound.len() as u64);
        self.out.write(sound).await?;
        let mut first = None;
        let asked = Instant::now();
        loop {
            let (now, Playout { played, .. }) = (Instant::now(), self.out.playout());
            let ago = |sample: u64| Duration::from_micros((played - sample) * 1_000_000 / u64::from(RATE));
            if played > from && first.is_none() {
                first = now.checked_sub(ago(from));
            }
            if played >= to {
                let last = now.checked_sub(ago(to)).context("the clock")?;
                return Ok((first.unwrap_or(last), last));
            }
            if asked.elapsed() > Duration::from_secs(90) {
                bail!("the room does not take what is said");
            }
            sleep(Duration::from_millis(5)).await;
        }
    }

    /// Does what is to be done while the interviewer speaks, if it still does.
    async fn aside(&self, turn: &ScriptedTurn, begins: Instant) -> Result<Option<(AsideResult, String)>> {
        if turn.aside == CandidateAside::None {
            return Ok(None);
        }
        tokio::time::sleep_until(begins + ASIDE_AFTER).await;
        // Short lines are over by now.
        if self.ear.silent_for(Instant::now()) > Duration::from_millis(60) {
            return Ok(None);
        }
        let (first, last) = self.say(&turn.aside_sound).await?;
        let stopped_ms = match turn.aside {
            CandidateAside::Interrupt => {
                let until = first + STOPS_WITHIN;
                while self.ear.silent_for(Instant::now()) < STOPPED && Instant::now() < until {
                    sleep(LOOK).await;
                }
                // The reply to it may have begun already: where was the silence before it?
                let stopped = self.ear.stopped_after(first, Duration::from_millis(300));
                stopped.map(|at| millis(at.saturating_duration_since(first)))
            }
            CandidateAside::None | CandidateAside::Mhm | CandidateAside::Cough => {
                tokio::time::sleep_until(last + STOPS_WITHIN / 2).await;
                let gap = self.ear.longest_gap(first, last + STOPPED);
                // A line that ends by itself ends for good.
                let went_on = self.ear.last().is_some_and(|at| at > last + STOPPED);
                (gap > STOPPED && went_on).then_some(0)
            }
        };
        Ok(Some((AsideResult { aside: turn.aside, stopped_ms }, turn.aside_text.clone())))
    }

    /// Gives an answer, and waits for the reply.
    async fn answer(&self, turn: &ScriptedTurn) -> Result<(VoiceTurnResult, Option<Instant>)> {
        let begun = Instant::now();
        let (first, last) = self.say(&turn.sound).await?;
        let cut_in = self.ear.begins_after(begun.max(first)).filter(|begins| *begins < last);
        let begins = match cut_in {
            Some(begins) => Some(begins),
            None => self.line_begins(last, PATIENCE).await?,
        };
        let turned = VoiceTurnResult {
            voice: Arc::clone(&turn.voice),
            manner: turn.manner,
            ended: last_words(&turn.text),
            timing: None,
            voice_to_voice_ms: begins
                .filter(|_| cut_in.is_none())
                .map(|at| millis(at.saturating_duration_since(last))),
            cut_in: cut_in.is_some(),
            missed: begins.is_none() && !self.over(),
        };
        // What came too early was stopped: the reply that counts comes after the end.
        let begins = if cut_in.is_some() { self.line_begins(last, PATIENCE).await? } else { begins };
        Ok((turned, begins))
    }

    /// Whether the interviewer can be heard at all.
    pub(crate) fn hears(&self) -> bool {
        self.ear.alive()
    }
}

/// The end of what was said: enough to know it again.
fn last_words(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    words[words.len().saturating_sub(4)..].join(" ")
}

fn millis(time: Duration) -> u32 {
    u32::try_from(time.as_millis()).unwrap_or(u32::MAX)
}
