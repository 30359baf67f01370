//! The lines to be said: where they come from, and when it is their turn.

use std::collections::VecDeque;
use std::time::Duration;

use protocol::signals::{Timing, Trouble};
use tokio::time::Instant;

use super::Agent;
use super::begun::{PartialReply, is_beginning};
use crate::clerk::{ClerkReply, ClerkRequest};
use crate::interview::{
    AgentLine, AgentTurnReply, ConversationPhase, Happening, News, NotCaught, TurnTimes, apology,
};
use crate::mouth::SynthesisUpdate;
use crate::room::RoomError;
use crate::teller::RoomNotice;
use crate::turn::act::FinishedTurn;

/// Lines that may wait to be said; older ones are dropped, they can be read.
const MOST: usize = 8;

/// A turn whose reply is waited for or has just come, with its times.
pub(super) struct AwaitedReply {
    ended: Instant,
    answered: bool,
    /// First words of the reply, first of its sound.
    words: Option<Instant>,
    sound: Option<Instant>,
    times: TurnTimes,
}

impl AwaitedReply {
    pub fn new(taken: FinishedTurn, now: Instant) -> Self {
        let since = |at: Instant| at.saturating_duration_since(taken.ended);
        let percent = |part: f32| (part * 100.0).round().clamp(0.0, 100.0) as u8;
        let times = TurnTimes {
            spoke: taken.ended.saturating_duration_since(taken.began),
            endpoint: since(now),
            heard: since(taken.heard),
            finished: taken.finished.map(percent),
            pauses: taken.pauses,
            sure: taken.sure.map(percent),
            turn: taken.turn,
            ..TurnTimes::default()
        };
        Self { ended: taken.ended, answered: false, words: None, sound: None, times }
    }
}

/// See the module's description.
pub(super) struct LineQueue {
    standing: ConversationPhase,
    /// The number of the last line that is known.
    known: u32,
    waiting: VecDeque<AgentLine>,
    /// The interview was not opened yet, and is to be.
    to_open: bool,
    turn: Option<AwaitedReply>,
    /// A reply to something typed is being written.
    replying: bool,
    /// The corrections whose words hearing knows.
    corrections: u64,
    /// A proposed reply that was made ready: since when there are words, and sound of it.
    proposed: Option<(Instant, Option<Instant>)>,
    /// The first of a line's sound is still to be seen.
    fresh: bool,
    /// That something was not caught is still to be said.
    apology: Option<NotCaught>,
    /// It was said, and nothing was caught or asked since.
    apologised: bool,
    /// A word that is to be said while the reply is waited for.
    meanwhile: Option<String>,
    /// What is there of a reply that is still being written.
    pub(super) begun: Option<PartialReply>,
}

/// Whether a line is none of the interview's: a word of the agent's own, which is shown and said, and not kept.
pub(super) fn is_aside(line: &AgentLine) -> bool {
    line.seq == 0 && line.turn.is_empty()
}

fn aside(text: &str) -> AgentLine {
    AgentLine { seq: 0, turn: String::new(), text: text.to_owned() }
}

impl LineQueue {
    /// From where the interview is: the open question is said (again).
    pub fn new(looked: &News) -> Self {
        let open = looked.lines.last().filter(|_| looked.standing != ConversationPhase::Over).cloned();
        Self {
            standing: looked.standing,
            known: looked.seq,
            waiting: open.into_iter().collect(),
            to_open: looked.standing == ConversationPhase::Ready,
            turn: None,
            replying: looked.replying,
            corrections: looked.corrections,
            proposed: None,
            fresh: false,
            apology: None,
            apologised: false,
            meanwhile: None,
            begun: None,
        }
    }

    /// The reply to this turn is waited for. `None`: to any, as where somebody typed.
    pub(super) fn awaited(&self) -> Option<&str> {
        self.turn.as_ref().filter(|turn| !turn.answered).map(|turn| turn.times.turn.as_str())
    }

    /// The line that is said next.
    pub fn next(&self) -> Option<&AgentLine> {
        self.waiting.front()
    }

    /// The first words of the reply that is waited for are about to be said.
    pub fn words_begin(&mut self, now: Instant) {
        self.meanwhile = None;
        self.fresh = self.turn.is_some();
        if let Some(turn) = &mut self.turn {
            (turn.words, turn.sound) = (Some(now), None);
        }
    }

    /// This line is there, and its beginning was said: its times are those of its beginning.
    pub fn complete(&mut self, line: &AgentLine) {
        self.begun = None;
        self.turn.take_if(|turn| turn.times.turn == line.turn);
    }

    /// Has it said that something was not caught. Whether it is: nobody is told the same again and again.
    pub fn apologise(&mut self, why: NotCaught) -> bool {
        if std::mem::replace(&mut self.apologised, true) {
            return false;
        }
        self.apology = Some(why);
        true
    }

    /// Something was caught. What was not, before it, is still to be told: it cannot be asked for again.
    pub fn note_caught(&mut self) {
        self.apology = self.apology.map(|_| NotCaught::Part);
        self.apologised = self.apology.is_some();
    }

    /// How the interview stands.
    pub fn standing(&self) -> ConversationPhase {
        self.standing
    }

    /// Whether nothing waits to be said.
    pub fn is_empty(&self) -> bool {
        self.waiting.is_empty() && self.apology.is_none() && !self.replying()
    }

    /// Whether a reply is being waited for.
    pub fn replying(&self) -> bool {
        self.replying || self.turn.as_ref().is_some_and(|turn| !turn.answered)
    }

    /// From now on the reply to this turn is waited for. Replies to earlier ones are out of date.
    pub fn wait_for(&mut self, turn: AwaitedReply) {
        self.waiting.clear();
        self.begun = None;
        self.turn = Some(turn);
    }

    /// Says this line (again) as soon as somebody listens.
    pub fn say_again(&mut self, line: AgentLine) {
        if is_beginning(&line) {
            // The line is said from its beginning, once it is there.
            self.begun = None;
        } else if self.waiting.is_empty() && !is_aside(&line) {
            self.waiting.push_front(line);
        }
    }

    /// `ours`: begins the ids of the turns of ours.
    fn add(&mut self, line: AgentLine, ours: &str) {
        if line.seq <= self.known || line.text.trim().is_empty() {
            return;
        }
        self.known = line.seq;
        // More was said since: the reply to that counts.
        let awaited = self.turn.as_ref().filter(|turn| !turn.answered);
        if awaited.is_some_and(|turn| turn.times.turn != line.turn && line.turn.starts_with(ours)) {
            return;
        }
        if self.waiting.len() == MOST {
            self.waiting.pop_front();
        }
        self.waiting.push_back(line);
    }
}

impl Agent {
    pub(super) fn handle_clerk_reply(&mut self, told: ClerkReply) {
        match told {
            ClerkReply::Proposed(turn, text) => {
                if self.floor.has_open_turn() && !self.mouth.has_ready(&text) {
                    tracing::trace!(turn, "a reply is made ready");
                    self.mouth.prepare(&text, self.maker.make(&text, self.speed));
                    self.lines.proposed = Some((Instant::now(), None));
                }
            }
            ClerkReply::Answered(turn, AgentTurnReply { line, standing }) => {
                self.lines.standing = standing;
                if let Some(waiting) = self.lines.turn.as_mut().filter(|waiting| waiting.times.turn == turn) {
                    waiting.answered = true;
                }
                if let Some(line) = line {
                    self.lines.add(line, &self.options.turns);
                }
            }
            ClerkReply::Vocabulary(words) => self.hearing.learn(words),
            ClerkReply::Begun(beginning) => self.lines.begin(beginning),
            ClerkReply::Aside(text) => self.lines.meanwhile = Some(text).filter(|_| self.lines.replying()),
            ClerkReply::Reachable(true) => self.teller.trouble(None),
            ClerkReply::Reachable(false) => self.teller.trouble(Some(Trouble::Interview)),
            ClerkReply::Over => {
                self.lines.standing = ConversationPhase::Over;
                self.lines.turn = None;
            }
        }
    }

    pub(super) fn news(&mut self, news: News) {
        if std::mem::replace(&mut self.lines.corrections, news.corrections) != news.corrections {
            self.clerk.ask(ClerkRequest::Vocabulary);
        }
        self.lines.standing = news.standing;
        self.lines.replying = news.replying && self.lines.turn.as_ref().is_none_or(|turn| turn.answered);
        if news.answered {
            // What was to be said before has been answered.
            self.lines.waiting.retain(|line| news.lines.iter().any(|new| new.seq == line.seq));
        }
        news.lines.into_iter().for_each(|line| self.lines.add(line, &self.options.turns));
    }

    /// Says the next line when it is its turn.
    pub(super) async fn attend_to_lines(&mut self, now: Instant) -> Result<(), RoomError> {
        self.captions();
        if self.mouth.finished().is_some() {
            self.teller.tell(RoomNotice::SaidAll);
            self.floor.voice_ended(now);
            // Silence counts from when it was heard.
            self.activity(now);
        }
        if !self.presence.listens(now) {
            return Ok(());
        }
        if std::mem::take(&mut self.lines.to_open) {
            self.clerk.ask(ClerkRequest::Start(format!("{}-start", self.options.turns)));
            self.lines.replying = true;
        }
        // Nobody is talked over.
        if self.floor.taken() {
            return Ok(());
        }
        // It does not cut short what is being said.
        if self.mouth.line().is_none_or(is_aside)
            && let Some(why) = self.lines.apology.take()
        {
            return self.say(aside(apology(why)), 0, false).await;
        }
        // Where there is nothing else to say, and something is waited for.
        let meanwhile = self.lines.meanwhile.take_if(|_| self.lines.waiting.is_empty());
        if self.mouth.line().is_none()
            && self.lines.replying()
            && let Some(text) = meanwhile
        {
            return self.say(aside(&text), 0, false).await;
        }
        // Nor is it cut short.
        if self.mouth.line().is_some_and(|line| is_aside(line) || is_beginning(line)) {
            self.make_rest_ready();
            return Ok(());
        }
        let Some(line) = self.lines.waiting.pop_front() else { return self.say_beginning(now).await };
        (self.lines.replying, self.lines.meanwhile) = (false, None);
        self.clear_not_caught();
        if let Some(after) = self.lines.resume_offset(&line) {
            return self.say_rest(line, after).await;
        }
        if let Some(waiting) = self.lines.turn.as_mut().filter(|waiting| waiting.times.turn == line.turn) {
            waiting.answered = true;
            let (words, sound) = match self.lines.proposed.take().filter(|_| self.mouth.has_ready(&line.text))
            {
                Some((words, sound)) => (words, sound),
                None => (now, None),
            };
            (waiting.words, waiting.sound) = (Some(words), sound);
        }
        self.lines.fresh = true;
        let over = self.lines.standing == ConversationPhase::Over;
        self.say(line, 0, over).await?;
        self.report_turn_times(Instant::now());
        Ok(())
    }

    /// Says this line, from this byte on, in place of the one that is being said. A guarded one is not interrupted.
    pub(super) async fn say(
        &mut self,
        line: AgentLine,
        after: usize,
        guarded: bool,
    ) -> Result<(), RoomError> {
        if self.mouth.line().is_some() {
            self.teller.tell(RoomNotice::SaidAll);
        }
        let (maker, text, speed) = (self.maker.clone(), line.text[after..].to_owned(), self.speed);
        // A word of the agent's own asks for nothing new, and a beginning for nothing yet.
        if !is_aside(&line) && !is_beginning(&line) {
            self.floor.set_question(&line.text);
        }
        self.mouth.say(line, after, || maker.make(&text, speed)).await?;
        self.floor.voice_began(guarded);
        Ok(())
    }

    pub(super) async fn handle_synthesis_update(&mut self, made: SynthesisUpdate) -> Result<(), RoomError> {
        let now = Instant::now();
        match made {
            SynthesisUpdate::More(id, spoken) => {
                self.mouth.add_audio(id, spoken).await?;
                if let Some((_, sound @ None)) = &mut self.lines.proposed {
                    *sound = Some(now);
                }
                self.report_turn_times(now);
                if self.teller.troubled() == Some(Trouble::Speaking) {
                    self.teller.trouble(None);
                }
            }
            SynthesisUpdate::All(id, result) => {
                if result.is_err() && self.mouth.is_ready(id) {
                    // Tried again when it is wanted.
                    self.mouth.unprepare();
                }
                let said = self.mouth.completed(id);
                if let Err(error) = result
                    && said
                {
                    tracing::warn!(%error, "a line could not be spoken");
                    self.teller.trouble(Some(Trouble::Speaking));
                    self.clerk.ask(ClerkRequest::Happened(Happening::SpeakingFailed));
                }
            }
        }
        Ok(())
    }

    /// The first of a line's sound has gone to the room: the turn's times are known.
    pub(super) fn report_turn_times(&mut self, now: Instant) {
        if !self.lines.fresh || !self.mouth.is_audible() {
            return;
        }
        self.lines.fresh = false;
        let Some(waiting) = self.lines.turn.as_ref().filter(|waiting| waiting.words.is_some()) else {
            return;
        };
        let since = |at: Option<Instant>| at.unwrap_or(now).saturating_duration_since(waiting.ended);
        let times = TurnTimes {
            first_words: since(waiting.words),
            first_audio: since(waiting.sound),
            played: since(Some(now)),
            ..waiting.times.clone()
        };
        // Of a beginning, the rest is still waited for.
        self.lines.turn.take_if(|waiting| waiting.answered);
        let ms = |time: Duration| u32::try_from(time.as_millis()).unwrap_or(u32::MAX);
        self.teller.tell(RoomNotice::Timing(Timing {
            endpoint_ms: ms(times.endpoint),
            heard_ms: ms(times.heard),
            first_words_ms: ms(times.first_words),
            first_audio_ms: ms(times.first_audio),
            played_ms: ms(times.played),
            finished_percent: times.finished,
            pause_ms: self.floor.habits().pause().map(ms),
        }));
        self.clerk.ask(ClerkRequest::Timed(times));
    }
}
