//! Time is the candidate's: an interview goes the same way whatever the clock does between two events.

use interview::{
    AskId, Effect, EndReason, Event, InterviewProgress, Message, Millis, Modality, Moment, Plan, Request,
    Session, Status, TurnId, WriterFailure, WriterTimeouts,
};
use proptest::prelude::*;

use crate::{ANSWERS, NOISE, profile};

const HOUR: Millis = 3_600_000;
const DAY: Millis = 24 * HOUR;
const START: Moment = Moment { wall: 1_700_000_000_000, run: 1, observed: 0 };

/// What a candidate and a writer do.
#[derive(Debug, Clone)]
enum Act {
    Said(usize),
    Noise,
    Asked(Request),
    Written,
    Tick,
}

/// What the clock does before that, beside going on.
#[derive(Debug, Clone, Copy)]
enum Jump {
    /// It is set, or the machine sleeps: the wall clock moves, and nobody observes anything.
    Wall(Millis),
    /// The server is down for so long.
    Restart(Millis),
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        6 => (0..ANSWERS.len()).prop_map(Act::Said),
        2 => Just(Act::Noise),
        1 => Just(Act::Asked(Request::Wait)),
        1 => Just(Act::Asked(Request::Repeat)),
        8 => Just(Act::Written),
        3 => Just(Act::Tick),
    ]
}

fn length() -> impl Strategy<Value = Millis> {
    prop_oneof![Just(HOUR), Just(DAY), Just(10 * 365 * DAY), 1..HOUR]
}

fn jump() -> impl Strategy<Value = Jump> {
    prop_oneof![
        length().prop_map(Jump::Wall),
        length().prop_map(|back| Jump::Wall(-back)),
        length().prop_map(Jump::Restart),
        length().prop_map(|back| Jump::Restart(-back)),
    ]
}

fn event(act: &Act, n: usize, session: &Session) -> Event {
    let turn = TurnId(format!("t{n}"));
    match act {
        Act::Said(words) => {
            Event::Said { turn, text: ANSWERS[*words].to_owned(), modality: Modality::Text, reading: None }
        }
        Act::Noise => NOISE,
        Act::Asked(request) => Event::Asked { turn, request: *request },
        Act::Written => {
            let ask = session.pending().unwrap_or(AskId(u32::MAX));
            Event::WriterFailed { ask, failure: WriterFailure::Failed, shown: String::new() }
        }
        Act::Tick => Event::Tick,
    }
}

/// What followed, but for the wall clock's word on when.
fn timeless(effects: Vec<Effect>) -> Vec<Effect> {
    let still = |effect| match effect {
        Effect::Record(message) => Effect::Record(Message { at: 0, ..message }),
        Effect::Amend(message) => Effect::Amend(Message { at: 0, ..message }),
        Effect::Ask(mut brief) => {
            (brief.first_words_by, brief.patient_by, brief.whole_by) = (0, 0, 0);
            Effect::Ask(brief)
        }
        Effect::Entered { stage, .. } => Effect::Entered { stage, at: 0 },
        Effect::Cancel(_) | Effect::Became(_) | Effect::FellBack { .. } => effect,
    };
    effects.into_iter().map(still).collect()
}

fn opened(plan: &str) -> Session {
    let plan = Plan::named(plan).unwrap();
    let mut session = Session::new(plan, profile(), WriterTimeouts::default(), 7, Vec::new(), START);
    session.step(Event::Start { turn: TurnId("s".into()), modality: Modality::Text }, START);
    session
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 192, failure_persistence: None, ..ProptestConfig::default() })]

    /// Two interviews side by side: one on a clock that goes on steadily, one whose clock jumps and whose server is
    /// restarted between events. The same is said in both, and as much is left of the stage and of the interview.
    #[test]
    fn no_jump_between_two_events_costs_or_gives_time(
        plan in prop_oneof![Just("standard"), Just("quick")],
        // Less than half a day and three jumps in all: less than what closes an interview that nobody comes back to.
        history in prop::collection::vec((act(), 0..8 * 60_000i64), 1..60),
        jumps in prop::collection::btree_map(0usize..60, jump(), 0..4),
    ) {
        let (mut steady, mut shaken) = (opened(plan), opened(plan));
        let (mut at, mut shaken_at) = (START, START);
        for (n, (act, passed)) in history.iter().enumerate() {
            let passed = match jumps.get(&n) {
                // Of what passed around a restart nothing was observed.
                Some(Jump::Restart(down)) => {
                    shaken_at = Moment { wall: shaken_at.wall + down, run: shaken_at.run + 1, observed: 0 };
                    0
                }
                Some(Jump::Wall(by)) => {
                    shaken_at.wall += by;
                    *passed
                }
                None => *passed,
            };
            for at in [&mut at, &mut shaken_at] {
                (at.wall, at.observed) = (at.wall + passed, at.observed + passed);
            }
            let expected = timeless(steady.step(event(act, n, &steady), at));
            prop_assert_eq!(timeless(shaken.step(event(act, n, &shaken), shaken_at)), expected);
            prop_assert_eq!(shaken.progress(), steady.progress());
            prop_assert_eq!(shaken.status(), steady.status());
            let times: Vec<_> = shaken.transcript().iter().map(|m| m.at).collect();
            prop_assert!(times.is_sorted(), "what is said later is stamped later: {times:?}");
            if steady.status() == Status::Active {
                let left = |session: &Session, at: Moment| session.next_deadline().map(|due| due - at.wall);
                prop_assert_eq!(left(&shaken, shaken_at), left(&steady, at), "and what waits waits as long");
            }
        }
    }
}

#[test]
fn a_silence_is_charged_until_it_is_answered_and_no_longer() {
    let left = |wait: Millis| {
        let mut session = opened("standard");
        let mut at = START;
        session.step(event(&Act::Written, 0, &session), at);
        (at.wall, at.observed) = (at.wall + wait, at.observed + wait);
        session.step(Event::Tick, at);
        (at.wall, at.observed) = (at.wall + HOUR, at.observed + HOUR);
        session.step(event(&Act::Said(0), 1, &session), at);
        let InterviewProgress { left, .. } = session.progress();
        left
    };
    let nudge = Plan::named("standard").unwrap().silence(Modality::Text).nudge;
    assert_eq!(left(nudge), left(nudge + 2 * HOUR));
}

#[test]
fn a_clock_that_is_ten_years_ahead_closes_nothing_and_an_empty_week_does() {
    let plan = Plan::named("standard").unwrap();
    let mut session = Session::new(plan, profile(), WriterTimeouts::default(), 7, Vec::new(), START);
    let ahead = Moment { wall: START.wall + 3_650 * DAY, ..START };
    assert_eq!(session.step(Event::Tick, ahead), []);
    assert_eq!(session.step(Event::Tick, Moment { wall: START.wall, ..START }), []);
    assert_eq!(session.status(), Status::Ready);
    // A server that restarts at each moment at which something is due: in the end it is closed all the same.
    let mut runs = 1;
    while let Some(due) = session.next_deadline() {
        runs += 1;
        session.step(Event::Tick, Moment { wall: due, run: runs, observed: 0 });
        assert!(runs < 20, "it is never closed");
    }
    assert_eq!(session.status(), Status::Completed(EndReason::Abandoned));
}

#[test]
fn a_session_written_before_time_was_watched_goes_on_and_pays_nothing() {
    let mut session = opened("standard");
    session.step(event(&Act::Written, 0, &session), START);
    let mut state = serde_json::to_value(&session).unwrap();
    assert!(state.as_object_mut().unwrap().remove("watched").is_some());
    let read: Session = serde_json::from_value(state).unwrap();
    let mut read = read.with_transcript(session.transcript().to_vec());
    let before = read.progress();
    let later = Moment { wall: START.wall + 3 * HOUR, run: 9, observed: 2 * HOUR };
    assert_eq!(read.step(Event::Tick, later), []);
    assert_eq!((read.progress(), read.status()), (before, Status::Active));
}
