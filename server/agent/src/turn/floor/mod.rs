//! Who has the floor: a state machine on the time that it is told. It is told what is heard and what our voice does, and
//! says what is to be done ([`FloorAction`]).
//!
//! The contract of the loop that drives it: after each call, do what [`Floor::act`] gives until it gives nothing; call
//! [`Floor::tick`] at [`Floor::deadline`].
//!
//! What it promises: whatever somebody is certainly heard to say ends in [`FloorAction::Take`] or in [`FloorAction::Missed`]
//! (`outcome` decides which), however long they speak and whatever becomes of hearing.

mod outcome;
mod soft;

use std::collections::VecDeque;
use std::time::Duration;

use protocol::signals::{KEY_TAIL_MS, Mode};
use tokio::time::Instant;

use super::act::{FloorAction, PlayoutState};
use super::answer::{AnswerPhase, ClosingAnswer, OngoingAnswer};
use super::asked::ExpectedAnswer;
use super::backchannel::{
    is_backchannel, is_only_fillers, may_answer, may_be_misheard, may_become_backchannel,
};
use super::credible;
use super::echo::{is_echo, may_be_echo};
use super::habits::Habits;
use super::pause::AnswerPause;
use super::unfinished::is_unfinished;
use super::{TurnHypothesis, endpoint};

/// A reply is prepared so long before the turn is certain to be over: as soon as its words are known, unless they want more.
/// A judgement of the sound may end it sooner than it seems.
const AHEAD: Duration = Duration::from_millis(1300);
/// How early an answer may overlap the end of the question.
const EARLY_ANSWER: Duration = Duration::from_millis(250);
/// How long the words of a turn that is over are waited for; then what is known of them must do.
const WORDS_WITHIN: Duration = Duration::from_secs(20);
/// Whoever goes on for so long after our voice has ended is no echo of it.
const NO_ECHO: Duration = Duration::from_millis(1200);
/// A turn that is longer than this, or has so many bytes of words, is taken at its next pause, however short; at the
/// latest when it is as long as the second, in the middle of a word if need be. What is said then is the next turn. The
/// interview takes 8,000 characters at once.
const LONG: (Duration, usize) = (Duration::from_secs(240), 6_000);
const LONGEST: (Duration, usize) = (Duration::from_secs(300), 7_000);
/// What was said just before the key of push-to-talk was let go arrives up to so much later.
const TAIL: Duration = Duration::from_millis(KEY_TAIL_MS as u64);

/// The key of push-to-talk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum PushToTalkKey {
    Up,
    Held,
    /// It was let go; what was said before is heard until then.
    Tail(Instant),
}

/// See the module's description.
#[derive(Debug)]
pub struct Floor {
    mode: Mode,
    key: PushToTalkKey,
    voice: PlayoutState,
    /// Our voice may not be interrupted.
    guarded: bool,
    /// When our voice had last said all that it had to say.
    silent_since: Option<Instant>,
    /// What is being said.
    answer: Option<OngoingAnswer>,
    /// What was said, and whose last words are awaited, in order.
    closing: VecDeque<ClosingAnswer>,
    /// When the last answer was over.
    answered: Option<Instant>,
    hurried: bool,
    /// Something that may be a voice has made ours softer; until then, if it is none.
    soft_until: Option<Instant>,
    habits: Habits,
    /// What our last line asked for.
    asked: ExpectedAnswer,
    acts: VecDeque<FloorAction>,
    prefix: String,
    turns: u32,
}

impl Floor {
    /// Nobody speaks. Turn ids begin with this prefix, which is to be unique.
    pub fn new(prefix: &str) -> Self {
        Self {
            mode: Mode::Open,
            key: PushToTalkKey::Up,
            voice: PlayoutState::Silent,
            guarded: false,
            silent_since: None,
            answer: None,
            closing: VecDeque::new(),
            answered: None,
            hurried: false,
            soft_until: None,
            habits: Habits::default(),
            asked: ExpectedAnswer::default(),
            acts: VecDeque::new(),
            prefix: prefix.to_owned(),
            turns: 0,
        }
    }

    /// The next thing to do.
    pub fn act(&mut self) -> Option<FloorAction> {
        self.acts.pop_front()
    }

    /// What is known of how they speak, and how long they want to be waited for.
    pub fn habits(&mut self) -> &mut Habits {
        &mut self.habits
    }

    /// Whether what sounds is to be heard: in push-to-talk, while the key is held.
    pub fn listens(&self) -> bool {
        match self.mode {
            Mode::Open => true,
            Mode::Push => self.key != PushToTalkKey::Up,
        }
    }

    /// Whether somebody is speaking, or has not finished, or their words are awaited.
    pub fn taken(&self) -> bool {
        let closing = self.closing.iter().map(|closing| &closing.answer);
        closing.chain(&self.answer).any(|answer| !answer.doubtful)
    }

    /// Whether anything is heard that may be somebody, or is awaited.
    pub fn has_open_turn(&self) -> bool {
        self.speaking() || self.closing()
    }

    /// Whether somebody may be speaking, or pausing in what they say.
    pub fn speaking(&self) -> bool {
        self.answer.is_some() || self.closing.back().is_some_and(|closing| closing.goes_on)
    }

    /// The turn in which somebody speaks or pauses, if it may still become one.
    pub fn turn(&self) -> Option<&str> {
        self.answer.as_ref().map(|answer| answer.turn.as_str())
    }

    /// Whether it is still open what becomes of this turn.
    pub fn awaits(&self, turn: &str) -> bool {
        let closing = self.closing.iter().map(|closing| &closing.answer);
        closing.chain(&self.answer).any(|answer| answer.turn == turn)
    }

    /// Whether a turn is over and only its words are missing.
    pub fn closing(&self) -> bool {
        !self.closing.is_empty()
    }

    /// What our voice does.
    pub fn voice(&self) -> PlayoutState {
        self.voice
    }

    /// Our voice has begun a line; a guarded one is not interrupted.
    pub fn voice_began(&mut self, guarded: bool) {
        (self.voice, self.guarded) = (PlayoutState::Playing, guarded);
    }

    /// Our voice says this: what is said next answers it.
    pub fn set_question(&mut self, line: &str) {
        self.asked = ExpectedAnswer::of(line);
    }

    /// Our voice has nothing (more) to say.
    pub fn voice_ended(&mut self, now: Instant) {
        (self.voice, self.guarded) = (PlayoutState::Silent, false);
        self.silent_since = Some(now);
    }

    /// Speech began at this moment, or goes on.
    pub fn note_speech(&mut self, at: Instant) {
        if self.answer.is_none() && self.listens() {
            self.begin(at);
        }
        let Some(answer) = &mut self.answer else { return };
        answer.note_voice_start(at);
        if let AnswerPhase::Paused(pause) = &answer.phase {
            // Where the words want more they are waited for anyway.
            if pause.words.as_ref().is_none_or(|(words, _)| !is_unfinished(words)) {
                self.habits.paused(at.saturating_duration_since(pause.ended));
            }
            if pause.proposed {
                self.acts.push_back(FloorAction::Withdraw);
            }
            answer.phase = AnswerPhase::Speaking;
        }
    }

    fn begin(&mut self, at: Instant) {
        let over_voice = self.voice != PlayoutState::Silent;
        self.soften();
        self.hurry(over_voice);
        self.turns += 1;
        let turn = format!("{}-{}", self.prefix, self.turns);
        self.answer = Some(OngoingAnswer::new(turn, at, over_voice));
        self.acts.push_back(FloorAction::Activity);
    }

    fn hurry(&mut self, hurry: bool) {
        if std::mem::replace(&mut self.hurried, hurry) != hurry {
            self.acts.push_back(FloorAction::Hurry(hurry));
        }
    }

    /// A pause began; speech had ended at this moment.
    pub fn note_pause(&mut self, number: u32, ended: Instant) {
        let Some(answer) = &mut self.answer else { return };
        if let AnswerPhase::Paused(AnswerPause { proposed: true, .. }) = &answer.phase {
            self.acts.push_back(FloorAction::Withdraw);
        }
        answer.note_voice_end(ended);
        answer.phase = AnswerPhase::Paused(AnswerPause::new(number, ended));
    }

    /// Something sounds that may be speech: in a pause, nobody is cut short at this moment.
    pub fn note_possible_speech(&mut self, now: Instant) {
        if let Some(OngoingAnswer { phase: AnswerPhase::Paused(pause), .. }) = &mut self.answer {
            pause.postpone_end(now);
        }
    }

    /// The words so far. `ours`: what we were just saying.
    pub fn interim(&mut self, heard: TurnHypothesis<'_>, ours: &str) {
        let Some(answer) = &mut self.answer else { return };
        let text = heard.text;
        if answer.doubtful {
            let listens = is_backchannel(text) || may_become_backchannel(text) || may_be_misheard(heard);
            if listens || is_echo(text, ours) || may_be_echo(text, ours) {
                return;
            }
        }
        answer.newest = heard.into();
        self.confirm_speech();
        self.caption(text, false);
    }

    /// Somebody does speak: our voice stops.
    fn confirm_speech(&mut self) {
        let Some(answer) = &mut self.answer else { return };
        if !std::mem::replace(&mut answer.doubtful, false) {
            return;
        }
        self.hurry(false);
        if matches!(self.voice, PlayoutState::Playing | PlayoutState::Ducked) && !self.guarded {
            self.voice = PlayoutState::Held;
            self.acts.push_back(FloorAction::Hold);
        }
    }

    fn caption(&mut self, text: &str, last: bool) {
        if let Some(answer) = &self.answer
            && !text.trim().is_empty()
        {
            let (turn, text) = (answer.turn.clone(), text.trim().to_owned());
            self.acts.push_back(FloorAction::Caption { turn, text, last });
        }
    }

    /// The words up to a pause.
    pub fn reading(&mut self, number: u32, heard: TurnHypothesis<'_>, ours: &str, now: Instant) {
        let text = heard.text;
        let Some(answer) = &mut self.answer else { return };
        let OngoingAnswer { phase: AnswerPhase::Paused(pause), doubtful, began, .. } = &mut *answer else {
            return;
        };
        if pause.number != number {
            return;
        }
        // A "yes" at the very end of a question is its answer.
        let late = self.silent_since.is_some_and(|since| (*began..=*began + EARLY_ANSWER).contains(&since));
        let asked = self.voice == PlayoutState::Silent && late;
        let listens = match asked {
            true => is_backchannel(text) && !may_answer(text),
            false => is_backchannel(text) || may_be_misheard(heard),
        };
        // Our voice stopped for words that turn out to be none.
        let in_vain = self.voice == PlayoutState::Held;
        let nothing = is_only_fillers(text) || is_echo(text, ours) || (*doubtful || in_vain) && listens;
        // Nor does anybody answer the goodbye.
        if nothing || (self.guarded && self.voice != PlayoutState::Silent) {
            if self.mode == Mode::Open {
                self.drop_answer(text);
            }
            return;
        }
        pause.words = Some((text.trim().to_owned(), now));
        let ended = pause.ended;
        answer.newest = heard.into();
        let doubted = credible::doubt(answer.evidence(ended)).is_some();
        if let AnswerPhase::Paused(pause) = &mut answer.phase {
            pause.doubted = doubted;
        }
        self.confirm_speech();
        self.caption(text, false);
        self.tick(now);
    }

    /// How likely it is that they have finished, for a pause.
    pub fn judged(&mut self, number: u32, likely: f32, now: Instant) {
        if let Some(OngoingAnswer { phase: AnswerPhase::Paused(pause), .. }) = &mut self.answer
            && pause.number == number
        {
            pause.finished = Some(likely);
            self.tick(now);
        }
    }

    /// Does what is due.
    pub fn tick(&mut self, now: Instant) {
        self.end_tentative_softening(now);
        if self.closing.front().is_some_and(|closing| closing.since + WORDS_WITHIN <= now) {
            self.acts.push_back(FloorAction::Reopen);
            self.handle_hearing_lost(now);
        }
        if matches!(self.key, PushToTalkKey::Tail(until) if until <= now) {
            self.key = PushToTalkKey::Up;
            self.close(now);
        }
        let Some(answer) = &mut self.answer else { return };
        let (long, longest) = (answer.is_as_long_as(LONG, now), answer.is_as_long_as(LONGEST, now));
        match &mut answer.phase {
            AnswerPhase::Speaking if longest => {
                self.close(now);
                if let Some(closing) = self.closing.back_mut() {
                    closing.goes_on = true;
                }
            }
            AnswerPhase::Speaking => {
                if self.echo_ruled_out_at().is_some_and(|at| at <= now) {
                    self.confirm_speech();
                }
            }
            AnswerPhase::Paused(_) if self.mode == Mode::Push && !long => {}
            AnswerPhase::Paused(pause) if pause.judge_at().is_some_and(|at| at <= now) => {
                pause.judged += 1;
                self.acts.push_back(FloorAction::Judge(pause.number));
                self.tick(now);
            }
            AnswerPhase::Paused(pause) => match &pause.words {
                None if now >= pause.ended + endpoint::longest(&self.habits) => self.close(now),
                None => {}
                Some((words, heard)) => {
                    let over = if long { now } else { pause.turn_ends_at(words, self.asked, &self.habits) };
                    if now >= over {
                        let heard = *heard;
                        self.end_turn(heard);
                    } else if !pause.proposed && !pause.doubted && now + AHEAD >= over {
                        pause.proposed = true;
                        let (turn, text) = (answer.turn.clone(), words.clone());
                        self.acts.push_back(FloorAction::Propose { turn, text });
                    }
                }
            },
        }
    }

    /// From now on turns are taken so. What is being said is ended.
    pub fn set_mode(&mut self, mode: Mode, now: Instant) {
        self.key = PushToTalkKey::Up;
        if mode != self.mode {
            self.close(now);
            self.mode = mode;
        }
    }

    /// In push-to-talk: the key is held, or let go. The sound of the last word comes a little later than the key.
    pub fn set_key_held(&mut self, held: bool, now: Instant) {
        match (self.mode, held, self.key) {
            (Mode::Push, true, _) => {
                self.key = PushToTalkKey::Held;
                if self.answer.is_none() {
                    self.begin(now);
                    self.confirm_speech();
                }
            }
            (Mode::Push, false, PushToTalkKey::Held) => self.key = PushToTalkKey::Tail(now + TAIL),
            (Mode::Push, false, PushToTalkKey::Up | PushToTalkKey::Tail(_)) | (Mode::Open, ..) => {}
        }
    }

    /// When it is known that whoever speaks is no echo of our voice, which has ended.
    fn echo_ruled_out_at(&self) -> Option<Instant> {
        let silent = self.silent_since.filter(|_| self.voice == PlayoutState::Silent)?;
        let answer = self.answer.as_ref().filter(|answer| answer.doubtful)?;
        answer.sounds_since().map(|since| since.max(silent) + NO_ECHO)
    }

    /// When to [`tick`](Self::tick).
    pub fn deadline(&self) -> Option<Instant> {
        let words = self.closing.front().map(|closing| closing.since + WORDS_WITHIN);
        let tail = match self.key {
            PushToTalkKey::Tail(until) => Some(until),
            PushToTalkKey::Up | PushToTalkKey::Held => None,
        };
        let due = self.answer.as_ref().and_then(|answer| self.due(answer));
        let soft = self.soft_until.filter(|_| !self.has_open_turn());
        [words, tail, due, soft].into_iter().flatten().min()
    }

    /// When something is to be done about what is being said.
    fn due(&self, answer: &OngoingAnswer) -> Option<Instant> {
        let pause = match &answer.phase {
            AnswerPhase::Speaking => {
                let longest = answer.began + LONGEST.0;
                return Some(self.echo_ruled_out_at().map_or(longest, |at| at.min(longest)));
            }
            AnswerPhase::Paused(pause) => pause,
        };
        let long = pause.words.as_ref().map(|_| answer.began + LONG.0);
        if self.mode == Mode::Push {
            return long;
        }
        let next = match &pause.words {
            None => pause.ended + endpoint::longest(&self.habits),
            Some((words, _)) => {
                let over = pause.turn_ends_at(words, self.asked, &self.habits);
                let ahead = over.checked_sub(AHEAD).unwrap_or(over).max(pause.ended);
                if pause.proposed || pause.doubted { over } else { ahead }
            }
        };
        [Some(next), pause.judge_at(), long].into_iter().flatten().min()
    }
}
