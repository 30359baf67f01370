//! Who has the floor: a state machine on the time that it is told. It is told what is heard and what our voice does, and
//! says what is to be done ([`Act`]).
//!
//! The contract of the loop that drives it: after each call, do what [`Floor::act`] gives until it gives nothing; call
//! [`Floor::tick`] at [`Floor::deadline`].

use std::collections::VecDeque;
use std::time::Duration;

use tokio::time::Instant;

use super::act::{Act, Taken, Voice};
use super::backchannel::{is_backchannel, is_sound, may_answer, may_be_misheard, may_become_one};
use super::echo::{is_echo, may_be_echo};
use super::endpoint;
use super::habits::Habits;
use super::pause::Pause;
use super::unfinished::is_unfinished;
use super::{Heard, words};
use crate::signals::Mode;

/// A reply is prepared so long before the turn is certain to be over.
const AHEAD: Duration = Duration::from_millis(600);
/// Whoever answers a question before it is over does so at most this much before.
const EARLY_ANSWER: Duration = Duration::from_millis(250);
/// Whoever begins so soon after their answer was over was cut short.
const CUT_SHORT: Duration = Duration::from_millis(1200);
/// How long the words of a turn that is over are waited for.
const WORDS_WITHIN: Duration = Duration::from_secs(8);

#[derive(Clone, Debug)]
enum Phase {
    Speaking,
    Paused(Pause),
    /// The turn is over, its last words are awaited.
    Closing {
        ended: Instant,
        since: Instant,
    },
}

/// What somebody is saying.
#[derive(Clone, Debug)]
struct Answer {
    turn: String,
    began: Instant,
    /// It may be nothing but listening, noise or echo: our voice was to be heard when it began.
    doubtful: bool,
    phase: Phase,
}

/// See the module's description.
#[derive(Debug)]
pub struct Floor {
    mode: Mode,
    /// The key of push-to-talk is held.
    held: bool,
    voice: Voice,
    /// Our voice may not be interrupted.
    guarded: bool,
    /// When our voice had last said all that it had to say.
    silent_since: Option<Instant>,
    answer: Option<Answer>,
    /// When the last answer was over.
    answered: Option<Instant>,
    habits: Habits,
    acts: VecDeque<Act>,
    prefix: String,
    turns: u32,
}

impl Floor {
    /// Nobody speaks. Turn ids begin with this prefix, which is to be unique.
    pub fn new(prefix: &str) -> Self {
        Self {
            mode: Mode::Open,
            held: false,
            voice: Voice::Silent,
            guarded: false,
            silent_since: None,
            answer: None,
            answered: None,
            habits: Habits::default(),
            acts: VecDeque::new(),
            prefix: prefix.to_owned(),
            turns: 0,
        }
    }

    /// The next thing to do.
    pub fn act(&mut self) -> Option<Act> {
        self.acts.pop_front()
    }

    /// Whether what sounds is to be heard: in push-to-talk, while the key is held.
    pub fn listens(&self) -> bool {
        match self.mode {
            Mode::Open => true,
            Mode::Push => self.held,
        }
    }

    /// Whether somebody is speaking, or has not finished.
    pub fn taken(&self) -> bool {
        self.answer.as_ref().is_some_and(|answer| !answer.doubtful)
    }

    /// Whether anything is heard that may be somebody.
    pub fn stirring(&self) -> bool {
        self.answer.is_some()
    }

    /// Whether a turn is over and only its words are missing.
    pub fn closing(&self) -> bool {
        matches!(&self.answer, Some(Answer { phase: Phase::Closing { .. }, .. }))
    }

    /// What our voice does.
    pub fn voice(&self) -> Voice {
        self.voice
    }

    /// Our voice has begun a line; a guarded one is not interrupted.
    pub fn voice_began(&mut self, guarded: bool) {
        (self.voice, self.guarded) = (Voice::Playing, guarded);
    }

    /// Our voice has nothing (more) to say.
    pub fn voice_ended(&mut self, now: Instant) {
        (self.voice, self.guarded) = (Voice::Silent, false);
        self.silent_since = Some(now);
    }

    /// Speech began at this moment, or goes on.
    pub fn speaks(&mut self, at: Instant) {
        match &mut self.answer {
            None if self.mode == Mode::Push => {}
            None => self.begin(at),
            Some(answer) => {
                if let Phase::Paused(pause) = &answer.phase {
                    // Where the words want more they are waited for anyway.
                    if pause.words.as_ref().is_none_or(|(words, _)| !is_unfinished(words)) {
                        self.habits.paused(at.saturating_duration_since(pause.ended));
                    }
                    if pause.proposed {
                        self.acts.push_back(Act::Withdraw);
                    }
                    answer.phase = Phase::Speaking;
                }
            }
        }
    }

    fn begin(&mut self, at: Instant) {
        let over_voice = self.voice != Voice::Silent;
        // Nobody makes the goodbye softer.
        if self.voice == Voice::Playing && !self.guarded {
            self.voice = Voice::Ducked;
            self.acts.push_back(Act::Duck);
        }
        if over_voice {
            self.acts.push_back(Act::Hurry(true));
        }
        self.turns += 1;
        let turn = format!("{}-{}", self.prefix, self.turns);
        self.answer = Some(Answer { turn, began: at, doubtful: over_voice, phase: Phase::Speaking });
        self.acts.push_back(Act::Activity);
    }

    /// A pause began; speech had ended at this moment.
    pub fn pauses(&mut self, number: u32, ended: Instant) {
        let Some(answer) = &mut self.answer else { return };
        match &answer.phase {
            Phase::Closing { .. } => return,
            Phase::Paused(Pause { proposed: true, .. }) => self.acts.push_back(Act::Withdraw),
            Phase::Paused(_) | Phase::Speaking => {}
        }
        answer.phase = Phase::Paused(Pause::new(number, ended));
    }

    /// Something sounds that may be speech: in a pause, nobody is cut short at this moment.
    pub fn stirs(&mut self, now: Instant) {
        if let Some(Answer { phase: Phase::Paused(pause), .. }) = &mut self.answer {
            pause.stirs(now);
        }
    }

    /// The words so far. `ours`: what we were just saying.
    pub fn interim(&mut self, heard: Heard<'_>, ours: &str) {
        let Some(answer) = &self.answer else { return };
        let text = heard.text;
        if answer.doubtful {
            let listens = is_backchannel(text) || may_become_one(text) || may_be_misheard(heard);
            if listens || is_echo(text, ours) || may_be_echo(text, ours) {
                return;
            }
            self.is_real();
        }
        self.caption(text, false);
    }

    /// Somebody does speak: our voice stops.
    fn is_real(&mut self) {
        let Some(answer) = &mut self.answer else { return };
        if !std::mem::replace(&mut answer.doubtful, false) {
            return;
        }
        self.acts.push_back(Act::Hurry(false));
        if matches!(self.voice, Voice::Playing | Voice::Ducked) && !self.guarded {
            self.voice = Voice::Held;
            self.acts.push_back(Act::Hold);
        }
    }

    fn caption(&mut self, text: &str, last: bool) {
        if let Some(answer) = &self.answer
            && !text.trim().is_empty()
        {
            let (turn, text) = (answer.turn.clone(), text.trim().to_owned());
            self.acts.push_back(Act::Caption { turn, text, last });
        }
    }

    /// The words up to a pause.
    pub fn reading(&mut self, number: u32, heard: Heard<'_>, ours: &str, now: Instant) {
        let text = heard.text;
        let Some(Answer { phase: Phase::Paused(pause), doubtful, began, .. }) = &mut self.answer else {
            return;
        };
        if pause.number != number {
            return;
        }
        // A "yes" at the very end of a question is its answer.
        let late = self.silent_since.is_some_and(|since| (*began..=*began + EARLY_ANSWER).contains(&since));
        let asked = self.voice == Voice::Silent && late;
        let listens = match asked {
            true => is_backchannel(text) && !may_answer(text),
            false => is_backchannel(text) || may_be_misheard(heard),
        };
        let nothing = is_sound(text) || is_echo(text, ours) || *doubtful && listens;
        // Nor does anybody answer the goodbye.
        if nothing || (self.guarded && self.voice != Voice::Silent) {
            if self.mode == Mode::Open {
                self.forget();
            }
            return;
        }
        pause.words = Some((text.trim().to_owned(), now));
        self.is_real();
        self.caption(text, false);
        self.tick(now);
    }

    /// It was nothing: our voice goes on.
    fn forget(&mut self) {
        let Some(answer) = self.answer.take() else { return };
        if answer.doubtful {
            self.acts.push_back(Act::Hurry(false));
        }
        if matches!(&answer.phase, Phase::Paused(Pause { proposed: true, .. })) {
            self.acts.push_back(Act::Withdraw);
        }
        self.acts.push_back(Act::Discard);
        self.go_on();
    }

    fn go_on(&mut self) {
        match self.voice {
            Voice::Ducked => self.acts.push_back(Act::Unduck),
            Voice::Held => self.acts.push_back(Act::Resume),
            Voice::Silent | Voice::Playing => return,
        }
        self.voice = Voice::Playing;
    }

    /// How likely it is that they have finished, for a pause.
    pub fn judged(&mut self, number: u32, likely: f32, now: Instant) {
        if let Some(Answer { phase: Phase::Paused(pause), .. }) = &mut self.answer
            && pause.number == number
        {
            pause.finished = Some(likely);
            self.tick(now);
        }
    }

    /// Does what is due.
    pub fn tick(&mut self, now: Instant) {
        let Some(answer) = &mut self.answer else { return };
        match &mut answer.phase {
            Phase::Speaking => {}
            Phase::Closing { since, .. } => {
                if now >= *since + WORDS_WITHIN {
                    self.acts.push_back(Act::HearingFailed);
                    self.forget();
                }
            }
            Phase::Paused(_) if self.mode == Mode::Push => {}
            Phase::Paused(pause) if pause.judge_at().is_some_and(|at| at <= now) => {
                pause.judged += 1;
                self.acts.push_back(Act::Judge(pause.number));
                self.tick(now);
            }
            Phase::Paused(pause) => match &pause.words {
                None if now >= pause.ended + endpoint::LONGEST => {
                    answer.phase = Phase::Closing { ended: pause.ended, since: now };
                    self.acts.push_back(Act::Commit);
                }
                None => {}
                Some((words, heard)) => {
                    let over = pause.over(words, &self.habits);
                    if now >= over {
                        let (words, heard, ended) = (words.clone(), *heard, pause.ended);
                        let finished = pause.finished;
                        self.acts.push_back(Act::Commit);
                        self.take(words, ended, heard, finished);
                    } else if !pause.proposed && now + AHEAD >= over {
                        pause.proposed = true;
                        let (turn, text) = (answer.turn.clone(), words.clone());
                        self.acts.push_back(Act::Propose { turn, text });
                    }
                }
            },
        }
    }

    fn take(&mut self, text: String, ended: Instant, heard: Instant, finished: Option<f32>) {
        self.caption(&text, true);
        let Some(answer) = self.answer.take() else { return };
        if answer.doubtful {
            self.acts.push_back(Act::Hurry(false));
        }
        if !self.guarded {
            self.voice = Voice::Silent;
        }
        let Answer { turn, began, .. } = answer;
        if let Some(cut) = self.answered.map(|at| began.saturating_duration_since(at))
            && cut <= CUT_SHORT
        {
            self.habits.went_on(cut);
        }
        self.answered = Some(ended);
        self.habits.answered(words(&text).count(), endpoint::sentences_of(&text));
        self.acts.push_back(Act::Take(Taken { turn, text, began, ended, heard, finished }));
    }

    /// The last words of an utterance that was ended.
    pub fn last_words(&mut self, text: &str, now: Instant) {
        let Some(Answer { phase: Phase::Closing { ended, .. }, .. }) = &self.answer else { return };
        let ended = *ended;
        if is_sound(text) {
            return self.forget();
        }
        self.is_real();
        self.take(text.trim().to_owned(), ended, now, None);
    }

    /// Hearing cannot go on: what was being said is lost.
    pub fn deaf(&mut self) {
        if self.answer.is_some() {
            self.acts.push_back(Act::HearingFailed);
            self.forget();
        }
    }

    /// From now on turns are taken so. What is being said is ended.
    pub fn set_mode(&mut self, mode: Mode, now: Instant) {
        self.held = false;
        if mode != self.mode {
            self.close(now);
            self.mode = mode;
        }
    }

    /// In push-to-talk: the key is held, or let go.
    pub fn talk(&mut self, held: bool, now: Instant) {
        if self.mode != Mode::Push {
            return;
        }
        self.held = held;
        if !held {
            return self.close(now);
        }
        if self.answer.is_none() {
            self.begin(now);
            self.is_real();
        }
    }

    /// Whatever is being said is over now, as far as we can hear: its words are wanted.
    pub fn close(&mut self, now: Instant) {
        let Some(answer) = &mut self.answer else { return };
        let ended = match &answer.phase {
            Phase::Speaking => now,
            Phase::Paused(pause) => {
                if pause.proposed {
                    self.acts.push_back(Act::Withdraw);
                }
                pause.ended
            }
            Phase::Closing { .. } => return,
        };
        answer.phase = Phase::Closing { ended, since: now };
        self.acts.push_back(Act::Commit);
    }

    /// When to [`tick`](Self::tick).
    pub fn deadline(&self) -> Option<Instant> {
        match &self.answer.as_ref()?.phase {
            Phase::Speaking => None,
            Phase::Closing { since, .. } => Some(*since + WORDS_WITHIN),
            Phase::Paused(_) if self.mode == Mode::Push => None,
            Phase::Paused(pause) => {
                let next = match &pause.words {
                    None => pause.ended + endpoint::LONGEST,
                    Some((words, _)) => {
                        let over = pause.over(words, &self.habits);
                        let ahead = over.checked_sub(AHEAD).unwrap_or(over).max(pause.ended);
                        if pause.proposed { over } else { ahead }
                    }
                };
                Some(pause.judge_at().map_or(next, |judge| judge.min(next)))
            }
        }
    }
}
