//! A question that is asked again, and an interview that goes on differently from an earlier line.

use interview::reading::Probe;
use interview::{
    AskId, EndReason, Event, LinePurpose, LineSource, Message, Modality, Plan, Request, RetakeManner,
    Session, Speaker, Status, TurnId, WriterFailure, WriterTimeouts, answered,
};
use proptest::prelude::*;
use serde_json::Value;

use crate::{ANSWERS, profile};

const NOON: i64 = 1_700_000_000_000;
const MODEL: [&str; 3] = [
    "What was the hardest decision that you made on your own there?",
    "How did you know that it had worked?",
    "Who noticed the mistake first?",
];

/// One thing that happens between a candidate and an interviewer.
#[derive(Debug, Clone)]
enum Act {
    Said(usize),
    Asked(Request),
    Silence,
    /// A model words the line that is waited for, if one is.
    Model(usize),
    /// The built-in interviewer does.
    BuiltIn,
    /// Of the last line only so many words were heard.
    Heard(usize),
}

fn act() -> impl Strategy<Value = Act> {
    let request =
        prop_oneof![Just(Request::Repeat), Just(Request::Skip), Just(Request::MoveOn), Just(Request::Wait)];
    prop_oneof![
        8 => (0..ANSWERS.len()).prop_map(Act::Said),
        2 => request.prop_map(Act::Asked),
        1 => Just(Act::Silence),
        2 => (0..MODEL.len()).prop_map(Act::Model),
        8 => Just(Act::BuiltIn),
        1 => (1..5_usize).prop_map(Act::Heard),
    ]
}

fn built_in(session: &mut Session, now: i64) {
    while let Some(ask) = session.pending() {
        let failed = Event::WriterFailed { ask, failure: WriterFailure::Failed, shown: String::new() };
        session.step(failed, now);
    }
}

fn opened(plan: Plan, seed: u64) -> Session {
    let mut session = Session::new(plan, profile(), WriterTimeouts::default(), seed, Vec::new(), NOON);
    session.step(Event::Start { turn: TurnId("start".to_owned()), modality: Modality::Text }, NOON);
    built_in(&mut session, NOON);
    session
}

/// What the rules know, without what the clock showed and without the asks that a model was given twice.
fn known(session: &Session) -> Value {
    let mut state = serde_json::to_value(session).unwrap();
    for clock in ["now", "watched", "quiet_since", "hush", "patient", "status", "asks"] {
        state.as_object_mut().unwrap().remove(clock);
    }
    state
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn an_interview_stands_where_it_stood(
        quick in any::<bool>(),
        seed in any::<u64>(),
        history in prop::collection::vec((act(), 0..90_000_i64), 1..40),
    ) {
        let mut now = NOON;
        let mut session = opened(Plan::named(if quick { "quick" } else { "standard" }).unwrap(), seed);
        let mut stood = vec![session.clone()];
        for (n, (act, pause)) in history.into_iter().enumerate() {
            now += pause;
            let turn = TurnId(format!("turn-{n}"));
            // A third silence makes a pause, of which nothing is said: how long it lasted cannot be known again.
            let offered = session.transcript().last().and_then(|m| m.why.as_ref());
            if matches!(act, Act::Silence) && offered.is_some_and(|why| why.purpose == LinePurpose::Offer) {
                continue;
            }
            let ask = session.pending().unwrap_or(AskId(u32::MAX));
            let event = match act {
                Act::Said(words) => {
                    Event::Said { turn, text: ANSWERS[words].to_owned(), modality: Modality::Text, reading: None }
                }
                Act::Asked(request) => Event::Asked { turn, request },
                Act::Silence => Event::Silence { turn },
                Act::Model(words) => {
                    Event::Line { ask, text: MODEL[words].to_owned(), took_up: None, source: LineSource::Model }
                }
                Act::BuiltIn => Event::WriterFailed { ask, failure: WriterFailure::Failed, shown: String::new() },
                Act::Heard(words) => {
                    let line = session.transcript().iter().rfind(|m| m.speaker == Speaker::Interviewer).unwrap();
                    let text = line.text.split_whitespace().take(words).collect::<Vec<_>>().join(" ");
                    Event::Heard { turn: line.turn.clone(), text }
                }
            };
            let before = session.transcript().len();
            // When a button is pressed leaves no trace in what was said but the line that it brings, which comes at once.
            let button = matches!(event, Event::Asked { .. });
            session.step(event, now);
            if button {
                built_in(&mut session, now);
            }
            if session.status().is_completed() {
                break;
            }
            if session.transcript().len() > before && session.pending().is_none() {
                stood.push(session.clone());
            }
        }
        for then in stood {
            let seq = then.transcript().last().unwrap().seq;
            let again = session.restore_at(seq, now + 5_000).expect("a line that can be answered");
            prop_assert_eq!(known(&again), known(&then), "after line {}", seq);
            // What was interrupted later stays interrupted.
            prop_assert_eq!(again.transcript(), &session.transcript()[..seq as usize]);
            prop_assert_eq!((again.status(), again.pending()), (Status::Active, None));
            // The same answer now brings what it would have brought then.
            let (here, there) = (answer_from(&again, now + 5_000), answer_from(&then, then.seen_at()));
            prop_assert_eq!(here, there);
        }
    }
}

/// Why the lines were said that follow an answer.
fn answer_from(of: &Session, at: i64) -> Vec<Option<interview::LineRationale>> {
    let mut of = of.clone();
    let before = of.transcript().len();
    let turn = TurnId("next".to_owned());
    of.step(Event::Said { turn, text: ANSWERS[1].to_owned(), modality: Modality::Text, reading: None }, at);
    built_in(&mut of, at);
    of.transcript()[before..].iter().map(|m| m.why.clone()).collect()
}

fn say(session: &mut Session, text: &str) {
    let now = session.seen_at() + 20_000;
    let turn = TurnId(format!("turn-{}", session.transcript().len()));
    session.step(Event::Said { turn, text: text.to_owned(), modality: Modality::Text, reading: None }, now);
    built_in(session, now);
}

#[test]
fn an_answer_and_an_end_are_no_place_to_go_on_from() {
    let mut session = opened(Plan::named("quick").unwrap(), 7);
    say(&mut session, ANSWERS[0]);
    assert!(session.restore_at(2, NOON).is_none(), "an answer is not answered");
    assert!(
        session.restore_at(0, NOON).is_none() && session.restore_at(99, NOON).is_none(),
        "nothing stands there"
    );
    session.step(Event::End { turn: TurnId("end".to_owned()) }, NOON + 60_000);
    let last = session.transcript().last().unwrap();
    assert_eq!(last.why.as_ref().unwrap().purpose, LinePurpose::Closing);
    assert!(session.restore_at(last.seq, NOON + 90_000).is_none());
    assert_eq!(
        session.restore_at(3, NOON + 90_000).unwrap().status(),
        Status::Active,
        "but what was before it is"
    );
}

/// The interview of a question that was asked again, with its first line.
fn take_of(session: &Session, answer: u32, manner: RetakeManner) -> Session {
    let (_, plan) = session.retake(answer, manner, None).expect("it answers something");
    opened(plan, 11)
}

fn lines(session: &Session) -> Vec<(LinePurpose, &str)> {
    let lines = session.transcript().iter().filter_map(|m| Some((m.why.as_ref()?.purpose, m.text.as_str())));
    lines.collect()
}

#[test]
fn what_is_practised_is_asked_for_first_by_a_strict_interviewer_alone() {
    let mut session = opened(Plan::named("standard").unwrap(), 3);
    say(&mut session, ANSWERS[0]);
    let plan = |manner, first| session.retake(2, manner, first).unwrap().1;
    for first in [Probe::Measure, Probe::Context] {
        let usual = plan(RetakeManner::Strict, None).stages[0].follow_ups.clone();
        let asks = plan(RetakeManner::Strict, Some(first)).stages[0].follow_ups.clone();
        assert_eq!(asks.first(), Some(&first));
        let others = |asks: &[Probe]| asks.iter().copied().filter(|it| *it != first).collect::<Vec<_>>();
        assert_eq!(others(&asks), others(&usual), "the others follow as they would");
    }
    for manner in [RetakeManner::Same, RetakeManner::Harder] {
        assert_eq!(plan(manner, Some(Probe::Measure)), plan(manner, None));
    }
}

#[test]
fn a_take_asks_the_same_question_and_ends_with_its_answer() {
    let mut session = opened(Plan::named("standard").unwrap(), 3);
    for answer in [0, 1, 12, 1, 12] {
        say(&mut session, ANSWERS[answer]);
    }
    let answers: Vec<&Message> =
        session.transcript().iter().filter(|m| m.speaker == Speaker::Candidate).collect();
    assert!(answers.len() >= 4);
    let mut follow_ups = 0;
    for answer in answers {
        let mut take = take_of(&session, answer.seq, RetakeManner::Same);
        let question = &take.transcript()[0];
        let asked = session.transcript().iter().rfind(|m| m.seq < answer.seq && m.asks_anew()).unwrap();
        let own = |m: &&Message| {
            m.why.as_ref().is_some_and(|why| why.purpose != LinePurpose::Probe) && m.asks_anew()
        };
        let begun = session.transcript().iter().filter(own).rfind(|m| m.seq <= asked.seq).unwrap();
        let last = question.text.rsplit("then: ").next().unwrap();
        assert!(asked.text.contains(last), "{} is of {}", question.text, asked.text);
        let quoted = question.text.split(['\u{201c}', '\u{201d}']).nth(1);
        assert_eq!(quoted.is_some(), begun.seq != asked.seq, "{}", question.text);
        assert!(quoted.is_none_or(|quoted| begun.text.contains(quoted)), "{quoted:?} is of {}", begun.text);
        follow_ups += usize::from(quoted.is_some());
        assert_eq!((&question.stage, question.seq), (&asked.stage, 1));
        say(&mut take, "I did it with two colleagues in 2021, and it saved nine hours a week.");
        assert_eq!(take.status(), Status::Completed(EndReason::Finished));
        assert_eq!(lines(&take).last(), Some(&(LinePurpose::Closing, "Thank you.")));
        assert_eq!(take.transcript().len(), 3);
        let third = take_of(&take, 2, RetakeManner::Same);
        assert_eq!(third.transcript()[0].text, take.transcript()[0].text, "a take of the take asks the same");
    }
    assert!(follow_ups > 0, "a question on what was told is asked with the one that it was told to");
}

#[test]
fn what_a_strict_take_asks_on_is_asked_again_with_the_first_question_alone() {
    let mut session = opened(Plan::named("standard").unwrap(), 3);
    for answer in [0, 1, 12] {
        say(&mut session, ANSWERS[answer]);
    }
    let asked_on = |m: &&Message| m.why.as_ref().is_some_and(|why| why.purpose == LinePurpose::Probe);
    let probe = session.transcript().iter().find(asked_on).expect("it is asked on");
    let answer = probe.seq + 1;
    let mut take = take_of(&session, answer, RetakeManner::Strict);
    let first = take.transcript()[0].text.clone();
    for n in 0..2 {
        say(&mut take, &format!("We moved four million rows to a new ledger in spring. That was step {n}."));
    }
    let again = take_of(&take, 4, RetakeManner::Same);
    let second = &again.transcript()[0].text;
    assert_eq!(second.matches('\u{201c}').count(), 1, "{second}");
    let quoted = |text: &str| text.split(['\u{201c}', '\u{201d}']).nth(1).map(str::to_owned);
    assert_eq!(quoted(second), quoted(&first));
    assert_ne!(second, &first);
}

#[test]
fn a_harder_take_asks_one_thing_more_and_a_strict_one_what_is_missing() {
    let mut session = opened(Plan::named("quick").unwrap(), 3);
    for answer in [0, 0, 1] {
        say(&mut session, ANSWERS[answer]);
    }
    let answer = session.transcript().iter().rfind(|m| m.speaker == Speaker::Candidate).unwrap().seq;
    let told = "We moved four million rows to a new ledger in spring, and then we switched it on.";
    let follow = |manner: RetakeManner| {
        let mut take = take_of(&session, answer, manner);
        for n in 0..9 {
            if take.status().is_completed() {
                break;
            }
            say(&mut take, &format!("{told} That was step {n}."));
        }
        assert_eq!(take.status(), Status::Completed(EndReason::Finished));
        let asked = take.transcript().iter().filter_map(|m| m.why.as_ref()?.probe).collect::<Vec<_>>();
        (asked, take.plan().stages[0].follow_ups.clone())
    };
    let (harder, wanted) = follow(RetakeManner::Harder);
    assert_eq!(harder.len(), 1);
    assert!(wanted.contains(&harder[0]), "{harder:?}");
    let (strict, wanted) = follow(RetakeManner::Strict);
    assert!(strict.len() > 1 && strict.iter().all(|probe| wanted.contains(probe)), "{strict:?}");
}

#[test]
fn what_was_said_to_a_question_is_told_apart_from_what_followed() {
    let mut session = opened(Plan::named("quick").unwrap(), 3);
    say(&mut session, "Could you repeat that?");
    say(&mut session, ANSWERS[0]);
    say(&mut session, ANSWERS[1]);
    let said = session.transcript();
    let first = answered(said, 4).expect("it answers the opening");
    assert_eq!(
        (first.question, first.first, first.last),
        (1, 2, 4),
        "a question that was repeated is the same"
    );
    assert_eq!(answered(said, 2), Some(first));
    assert_eq!(answered(said, 6).unwrap().question, 5);
    assert_eq!(answered(said, 3), None, "a line is no answer");
    assert_eq!(answered(said, 99), None);
}
