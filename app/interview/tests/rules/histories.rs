//! Long random histories: every event, in any order, at any time, against a simpler model.
//!
//! The model knows nothing of words. It keeps counts, and says what must hold after each event.

use std::collections::BTreeSet;

use interview::fingerprint::Fingerprint;
use interview::{
    AskId, Effect, Event, LinePurpose, LineSource, Modality, Plan, Request, Session, Speaker, Status, TurnId,
    UnixMillis, WriterFailure, WriterTimeouts, may_correct,
};
use proptest::prelude::*;

use crate::{ANSWERS, profile};

/// One thing that a random history does.
#[derive(Debug, Clone)]
enum Act {
    Start,
    Said(usize, bool),
    Asked(Request),
    Silence,
    /// A sign of life, by voice if true.
    Activity(bool),
    /// The writer answers the open ask (or, if `stale`, one that nobody waits for).
    Line {
        words: usize,
        stale: bool,
        source: LineSource,
    },
    Fail {
        failure: WriterFailure,
        stale: bool,
    },
    Heard {
        turn: usize,
        words: usize,
    },
    /// The message at this place is corrected to one of the answers.
    Correct {
        place: usize,
        words: usize,
    },
    End,
    /// Waits until the next deadline and ticks.
    Due,
    Tick,
    /// Writes the session down and reads it again, as a restart does.
    Restart,
}

/// What a model might write: fit, unfit and repeated lines.
const LINES: [&str; 8] = [
    "What was the hardest decision that you made on your own there?",
    "What did the first week in that job look like for you?",
    "How did you know that it had worked?",
    "",
    "Great answer! What did you do? And why?",
    "Thank you.",
    "Which of the tools did you choose yourself?",
    "Who noticed the mistake first?",
];

fn act() -> impl Strategy<Value = Act> {
    let source = prop_oneof![Just(LineSource::Bank), Just(LineSource::Model)];
    let failure =
        prop_oneof![Just(WriterFailure::Late), Just(WriterFailure::Failed), Just(WriterFailure::Unfit)];
    let request =
        prop_oneof![Just(Request::Repeat), Just(Request::Skip), Just(Request::MoveOn), Just(Request::Wait)];
    prop_oneof![
        2 => Just(Act::Start),
        12 => (0..ANSWERS.len(), any::<bool>()).prop_map(|(words, voice)| Act::Said(words, voice)),
        2 => request.prop_map(Act::Asked),
        1 => Just(Act::Silence),
        3 => any::<bool>().prop_map(Act::Activity),
        6 => (0..LINES.len(), prop::bool::weighted(0.1), source)
            .prop_map(|(words, stale, source)| Act::Line { words, stale, source }),
        5 => (failure, prop::bool::weighted(0.1)).prop_map(|(failure, stale)| Act::Fail { failure, stale }),
        1 => (0..40usize, 0..6usize).prop_map(|(turn, words)| Act::Heard { turn, words }),
        3 => (0..40usize, 0..ANSWERS.len()).prop_map(|(place, words)| Act::Correct { place, words }),
        1 => prop::bool::weighted(0.02).prop_map(|end| if end { Act::End } else { Act::Tick }),
        2 => Just(Act::Due),
        1 => Just(Act::Tick),
        1 => Just(Act::Restart),
    ]
}

/// How the clock moves: mostly a little, at times a lot, at times backwards.
fn leap() -> impl Strategy<Value = i64> {
    prop_oneof![
        10 => 0..90_000i64,
        2 => 0..3_600_000i64,
        1 => -7_200_000..0i64,
        1 => Just(i64::MAX / 4),
    ]
}

fn plan() -> impl Strategy<Value = Plan> {
    prop_oneof![Just(Plan::named("standard").unwrap()), Just(Plan::named("quick").unwrap())]
}

/// The model: counts, and what they imply.
struct Model {
    plan: Plan,
    stage: usize,
    entered: BTreeSet<String>,
    /// Turns counted in the stage.
    turns: u32,
    /// Turns counted since the stage's time was spent.
    over_time: u32,
    active: i64,
    now: UnixMillis,
    status: Status,
    seq: u32,
    asked: Vec<String>,
    earlier: Vec<String>,
    waiting: Option<AskId>,
    /// A turn was counted whose line is not there yet.
    counted: bool,
}

impl Model {
    fn new(session: &Session, earlier: Vec<String>, now: UnixMillis) -> Self {
        Self {
            plan: session.plan().clone(),
            stage: 0,
            entered: BTreeSet::new(),
            turns: 0,
            over_time: 0,
            active: 0,
            now,
            status: Status::Ready,
            seq: 0,
            asked: Vec::new(),
            earlier,
            waiting: None,
            counted: false,
        }
    }

    /// Time as the rules count it at least: forward only, and a silence until it is answered.
    fn pass(&mut self, now: UnixMillis, session: &Session) {
        let last = session.transcript().last().and_then(|m| m.why.as_ref()).map(|why| why.purpose);
        let answered = matches!(last, Some(LinePurpose::Nudge | LinePurpose::Offer));
        if self.status == Status::Active && !answered {
            let due = session.next_deadline().expect("it is not over");
            self.active += now.min(due).saturating_sub(self.now).max(0);
        }
        self.now = now;
    }

    fn check(&mut self, effects: &[Effect], session: &Session) {
        let was_over = self.status.is_completed();
        for effect in effects {
            match effect {
                Effect::Entered { stage, .. } => {
                    let index =
                        self.plan.stages.iter().position(|s| s.id == *stage).expect("a stage of the plan");
                    assert!(self.entered.insert(stage.clone()), "`{stage}` was entered twice");
                    assert!(index == 0 || index > self.stage, "stages only go forward");
                    self.stage = index;
                    (self.turns, self.over_time, self.active) = (0, 0, 0);
                }
                Effect::Record(message) => {
                    assert_eq!(message.seq, self.seq + 1, "numbers have no gaps");
                    self.seq += 1;
                    assert_eq!(
                        message.stage, self.plan.stages[self.stage].id,
                        "a line belongs to the current stage"
                    );
                    assert!(!message.text.trim().is_empty());
                    assert_eq!(message.source.is_some(), message.speaker == Speaker::Interviewer);
                    if message.speaker == Speaker::Interviewer {
                        self.said(message);
                    }
                }
                Effect::Amend(message) => {
                    assert!(message.seq <= self.seq);
                    assert_eq!(message.cut, message.speaker == Speaker::Interviewer, "{message:?}");
                    assert!(message.original.as_ref() != Some(&message.text), "{message:?}");
                }
                Effect::Ask(brief) => self.waiting = Some(brief.ask),
                Effect::Cancel(ask) => {
                    assert_eq!(self.waiting.take(), Some(*ask), "only what is waited for is cancelled")
                }
                Effect::Became(status) => {
                    assert!(!self.status.is_completed(), "the end stays");
                    self.status = *status;
                }
                Effect::FellBack { ask, .. } => assert_eq!(self.waiting.take(), Some(*ask)),
            }
        }
        if was_over {
            let only_amends = effects.iter().all(|e| matches!(e, Effect::Amend(_)));
            assert!(only_amends, "nothing happens after the end: {effects:?}");
        }
        self.agree(session);
    }

    fn said(&mut self, message: &interview::Message) {
        let why = message.why.as_ref().expect("the interviewer's lines say why");
        self.waiting = None;
        self.counted = false;
        if why.purpose.asks_anew() {
            let line = interview::WriterLine { text: message.text.clone(), took_up: None };
            let question = line.question().to_owned();
            let print = Fingerprint::of(&question);
            for earlier in self.asked.iter().chain(&self.earlier) {
                assert!(
                    !print.collides(&Fingerprint::of(earlier)),
                    "repeats itself: `{question}` after `{earlier}`"
                );
            }
            self.asked.push(question);
        }
        let budget = self.plan.stages[self.stage].budget;
        let limit = self.plan.stages[self.stage].max_turns;
        let stays = !matches!(why.purpose, LinePurpose::Closing);
        assert!(!stays || self.turns < limit || !asks_on(why.purpose), "outlasts its turns ({})", self.turns);
        assert!(!stays || self.over_time <= 1, "outlasts its time by more than one turn (budget {budget})");
    }

    /// A turn that costs one was given to the rules.
    fn count(&mut self) {
        if !self.counted {
            self.counted = true;
            self.turns += 1;
            if self.active >= self.plan.stages[self.stage].budget {
                self.over_time += 1;
            }
        }
    }

    fn agree(&self, session: &Session) {
        assert_eq!(session.status(), self.status);
        assert_eq!(session.stage().id, self.plan.stages[self.stage].id);
        assert_eq!(session.pending(), self.waiting);
        assert_eq!(session.transcript().len() as u32, self.seq);
        assert_eq!(session.questions(), self.asked.iter().rev().cloned().collect::<Vec<_>>());
        match self.status {
            Status::Completed(_) => assert!(session.next_deadline().is_none() && self.waiting.is_none()),
            Status::Ready | Status::Active | Status::Paused => {
                assert!(session.next_deadline().is_some(), "an interview that is not over never stalls");
            }
        }
        let progress = session.progress();
        assert!((0.0..=1.0).contains(&progress.done) && progress.left >= 0);
    }
}

/// True for a line that goes on in the stage after a turn that was counted.
fn asks_on(purpose: LinePurpose) -> bool {
    match purpose {
        LinePurpose::Question
        | LinePurpose::Probe
        | LinePurpose::Redirect
        | LinePurpose::Smaller
        | LinePurpose::Concrete
        | LinePurpose::Care
        | LinePurpose::Boundary => true,
        LinePurpose::Opening
        | LinePurpose::Transition
        | LinePurpose::Repeat
        | LinePurpose::Clarify
        | LinePurpose::Wait
        | LinePurpose::Nudge
        | LinePurpose::Offer
        | LinePurpose::Closing => false,
    }
}

/// True if the rules took this answer for something that costs no turn.
fn costs_nothing(session: &Session) -> bool {
    let purpose = session.transcript().last().and_then(|m| m.why.as_ref()).map(|w| w.purpose);
    matches!(purpose, Some(LinePurpose::Repeat | LinePurpose::Clarify | LinePurpose::Wait))
}

fn modality(voice: bool) -> Modality {
    if voice { Modality::Voice } else { Modality::Text }
}

/// What a correction may do: it puts its words in the place of an answer's, keeps those beside, and says nothing.
fn corrected(before: &Session, after: &Session, effects: &[Effect], (seq, text): (u32, &str)) {
    let find = |session: &Session| session.transcript().iter().find(|m| m.seq == seq).cloned();
    let (Some(was), Some(is)) = (find(before), find(after)) else { return assert!(effects.is_empty()) };
    if !may_correct(before.transcript(), seq) || was.text == text {
        assert!(effects.is_empty(), "{effects:?}");
        return assert_eq!(was, is);
    }
    assert_eq!(is.text, text);
    let first = was.original.as_ref().unwrap_or(&was.text);
    assert_eq!(
        is.original.as_ref(),
        Some(first).filter(|first| *first != text),
        "what was heard at first is kept"
    );
    assert!(!after.transcript().iter().any(|m| m.seq >= seq && m.turn == is.turn && m.reading.is_some()));
    let others = |session: &Session| -> Vec<_> {
        let all = session.transcript()[..before.transcript().len()].iter();
        all.filter(|m| m.seq != seq).map(|m| (m.seq, m.text.clone(), m.original.clone())).collect()
    };
    assert_eq!(others(before), others(after), "no other message");
}

/// Plays a history; checks the model after every event. Returns the session.
fn play(plan: Plan, seed: u64, earlier: Vec<String>, history: &[(Act, i64)]) -> Session {
    let mut now: UnixMillis = 1_700_000_000_000;
    let mut session = Session::new(plan, profile(), WriterTimeouts::default(), seed, earlier.clone(), now);
    let mut model = Model::new(&session, earlier, now);
    for (n, (act, leap)) in history.iter().enumerate() {
        now = now.saturating_add(*leap);
        let turn = TurnId(format!("t{n}"));
        let ask = |stale: bool, session: &Session| match session.pending() {
            Some(ask) if !stale => ask,
            Some(_) | None => AskId(u32::MAX),
        };
        let event = match act.clone() {
            Act::Start => Event::Start { turn, modality: Modality::Text },
            Act::Said(words, voice) => Event::Said {
                turn,
                text: ANSWERS[words].to_owned(),
                modality: modality(voice),
                reading: None,
            },
            Act::Asked(request) => Event::Asked { turn, request },
            Act::Silence => Event::Silence { turn },
            Act::Activity(voice) => Event::Activity { modality: modality(voice) },
            Act::Line { words, stale, source } => Event::Line {
                ask: ask(stale, &session),
                text: LINES[words].to_owned(),
                took_up: None,
                source,
            },
            Act::Fail { failure, stale } => {
                Event::WriterFailed { ask: ask(stale, &session), failure, shown: String::new() }
            }
            Act::Heard { turn, words } => {
                let said = session.transcript().get(turn).map_or("nothing at all", |m| m.text.as_str());
                let text = said.split_whitespace().take(words).collect::<Vec<_>>().join(" ");
                Event::Heard {
                    turn: session.transcript().get(turn).map_or(TurnId("x".into()), |m| m.turn.clone()),
                    text,
                }
            }
            Act::Correct { place, words } => {
                let seq = session.transcript().get(place).map_or(0, |m| m.seq);
                Event::Corrected { seq, text: ANSWERS[words].to_owned(), reading: None }
            }
            Act::End => Event::End { turn },
            Act::Due => {
                now = now.max(session.next_deadline().unwrap_or(now));
                Event::Tick
            }
            Act::Tick => Event::Tick,
            Act::Restart => {
                let state = serde_json::to_string(&session).unwrap();
                let read: Session = serde_json::from_str(&state).unwrap();
                let read = read.with_transcript(session.transcript().to_vec());
                assert_eq!(read, session, "a session reads back as it was written");
                session = read;
                model.pass(now, &session);
                let effects = session.resume(now);
                if !effects.is_empty() {
                    model.waiting = None;
                }
                model.check(&effects, &session);
                continue;
            }
        };
        let twin = session.clone();
        model.pass(now, &session);
        let effects = session.step(event.clone(), now);
        let mut again = twin.clone();
        assert_eq!(again.step(event.clone(), now), effects, "the same history gives the same interview");
        if matches!(event, Event::Said { .. } | Event::Asked { .. })
            && !model.status.is_completed()
            && model.status != Status::Ready
        {
            let free = costs_nothing(&session)
                || effects.iter().any(|e| matches!(e, Effect::Ask(b) if b.purpose == LinePurpose::Clarify));
            if !free {
                model.count();
            }
        }
        if let Event::Corrected { seq, text, .. } = &event {
            corrected(&twin, &session, &effects, (*seq, text));
            // What is being written for it is decided anew.
            let anew = effects.iter().any(|e| matches!(e, Effect::Cancel(_)));
            let clarifies =
                effects.iter().any(|e| matches!(e, Effect::Ask(b) if b.purpose == LinePurpose::Clarify));
            if anew && !clarifies && !costs_nothing(&session) {
                model.count();
            }
        }
        if let Event::Activity { modality } = event {
            assert!(effects.is_empty(), "noise says nothing");
            // A clock that is put back takes what is waited for with it.
            let due = twin.next_deadline().map(|due| due.saturating_add((*leap).min(0)));
            let deadlines = (due, session.next_deadline());
            let nearer = twin.modality() == modality && deadlines.1 < deadlines.0;
            assert!(!nearer, "and brings no deadline nearer: {deadlines:?}");
            // At the end of all numbers a deadline stands still, however the clock is put back.
            let endless = twin.next_deadline() == Some(i64::MAX);
            if session.status() != Status::Active && !endless {
                assert_eq!(deadlines.0, deadlines.1, "it puts nothing off but silence");
            }
        }
        model.check(&effects, &session);
    }
    session
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 192, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_rules_hold_over_any_history(
        plan in plan(),
        seed in any::<u64>(),
        history in prop::collection::vec((act(), leap()), 1..120),
    ) {
        play(plan, seed, Vec::new(), &history);
    }

    #[test]
    fn the_end_is_reached_whatever_is_said(plan in plan(), seed in any::<u64>(), answers in prop::collection::vec(0..ANSWERS.len(), 60)) {
        let mut history = vec![(Act::Start, 0), (Act::Fail { failure: WriterFailure::Failed, stale: false }, 10)];
        for answer in answers {
            history.push((Act::Said(answer, false), 20_000));
            history.push((Act::Fail { failure: WriterFailure::Late, stale: false }, 8_000));
        }
        let session = play(plan, seed, Vec::new(), &history);
        prop_assert!(session.status().is_completed(), "{:?}", session.progress());
    }
}

proptest! {
    // Four whole interviews a case: fewer cases.
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn later_interviews_do_not_repeat_earlier_ones(seed in any::<u64>(), answers in prop::collection::vec(0..ANSWERS.len(), 30)) {
        let mut earlier: Vec<String> = Vec::new();
        for round in 0..4 {
            let mut history = vec![(Act::Start, 0), (Act::Fail { failure: WriterFailure::Failed, stale: false }, 10)];
            for answer in &answers {
                history.push((Act::Said(*answer, false), 5_000));
                history.push((Act::Fail { failure: WriterFailure::Failed, stale: false }, 10));
            }
            let session = play(Plan::named("standard").unwrap(), seed ^ round, earlier.clone(), &history);
            earlier.splice(0..0, session.questions());
            earlier.truncate(150);
        }
    }
}
