//! Lines that are waited for, late, unfit or interrupted.

use interview::{Effect, Event, LineSource, Modality, Session, TurnId, WriterFailure, WriterTimeouts};

use crate::{ANSWERS, answer_from_bank, opened, opened_by_voice};

#[test]
fn a_filler_is_said_only_where_one_speaks_and_never_twice() {
    let (mut session, now) = opened_by_voice();
    let answer = |session: &mut Session, n: usize, modality: Modality| {
        let said = Event::Said {
            turn: TurnId(format!("f{n}")),
            text: ANSWERS[n % 2].into(),
            modality,
            reading: None,
        };
        let effects = session.step(said, now);
        let brief = effects.into_iter().find_map(|effect| match effect {
            Effect::Ask(brief) => Some(brief),
            Effect::Record(_)
            | Effect::Amend(_)
            | Effect::Cancel(_)
            | Effect::Entered { .. }
            | Effect::Became(_)
            | Effect::FellBack { .. } => None,
        });
        brief.unwrap()
    };
    let typed = answer(&mut session, 0, Modality::Text);
    assert_eq!((typed.filler, typed.patient_by), (None, typed.first_words_by));
    answer_from_bank(&mut session, now);
    let mut said = std::collections::BTreeSet::new();
    for n in 1..8 {
        let brief = answer(&mut session, n, Modality::Voice);
        assert_eq!(brief.patient_by - brief.first_words_by, 2_500);
        let messages = session.transcript().len();
        if let Some(filler) = brief.filler {
            assert!(said.insert(filler.clone()), "{filler} was said before");
            assert!(!filler.contains('?'), "{filler} is no question");
            session.step(Event::StoodBy { ask: brief.ask }, now);
            session.step(Event::StoodBy { ask: interview::AskId(9_999) }, now);
        }
        assert_eq!(session.transcript().len(), messages, "it is no part of the transcript");
        answer_from_bank(&mut session, now);
        if session.status().is_completed() {
            break;
        }
    }
    assert!(said.len() >= 2, "{said:?}");
    let all: Vec<_> = (0..).map_while(|n| interview::bank::filler(7, n)).collect();
    let different: std::collections::BTreeSet<_> = all.iter().collect();
    assert!(all.len() >= 12 && different.len() == all.len());
}

#[test]
fn heard_cuts_the_reply_to_what_was_heard_and_nothing_else() {
    let (mut session, now) = opened("standard");
    let line = session.transcript()[0].clone();
    let words: Vec<&str> = line.text.split_whitespace().collect();
    let cut = |session: &mut Session, text: &str| {
        session.step(Event::Heard { turn: line.turn.clone(), text: text.into() }, now)
    };
    assert!(cut(&mut session, "something else entirely").is_empty());
    assert!(cut(&mut session, "").is_empty());
    assert!(cut(&mut session, &line.text).is_empty(), "heard to the end: nothing to cut");
    let heard = words[..3].join(" ").to_uppercase();
    assert_eq!(cut(&mut session, &heard).len(), 1);
    assert_eq!(session.transcript()[0].text, words[..3].join(" "));
    assert!(cut(&mut session, &heard).is_empty(), "a second time changes nothing");
}

#[test]
fn a_second_word_while_a_line_is_written_joins_the_turn() {
    let (mut session, now) = opened("standard");
    let said = |text: &str, turn: &str| Event::Said {
        turn: TurnId(turn.into()),
        text: text.into(),
        modality: Modality::Text,
        reading: None,
    };
    session.step(said(ANSWERS[0], "a"), now);
    let first = session.pending().unwrap();
    let effects = session.step(said("And I forgot: I also ran the on-call rota for two years.", "b"), now);
    assert!(effects.contains(&Effect::Cancel(first)));
    let Some(Effect::Ask(brief)) = effects.last() else { panic!("no ask") };
    assert!(
        brief.recent.last().unwrap().answer.contains("on-call")
            && brief.recent.last().unwrap().answer.contains("Leeds")
    );
    assert!(
        session
            .step(
                Event::Line { ask: first, text: "Late?".into(), took_up: None, source: LineSource::Model },
                now
            )
            .is_empty()
    );
}

#[test]
fn an_unfit_line_is_tried_again_once_and_then_replaced() {
    let (mut session, now) = opened("standard");
    session.step(
        Event::Said {
            turn: TurnId("a".into()),
            text: ANSWERS[0].into(),
            modality: Modality::Text,
            reading: None,
        },
        now,
    );
    let line = |session: &Session, text: &str| Event::Line {
        ask: session.pending().unwrap(),
        text: text.into(),
        took_up: None,
        source: LineSource::Model,
    };
    let event = line(&session, &session.transcript()[0].text);
    let effects = session.step(event, now);
    let [Effect::Ask(again)] = effects.as_slice() else { panic!("{effects:?}") };
    assert_eq!(again.attempt, 2);
    let told = again.rejected.as_deref().unwrap();
    let question = session.transcript()[0].text.rsplit(['.', '!']).next().unwrap().trim();
    assert!(told.contains("asked before") && told.contains(question), "{told}");
    let event = line(&session, "What? And why?");
    let effects = session.step(event, now);
    assert!(matches!(effects[0], Effect::FellBack { failure: WriterFailure::Unfit, .. }));
    assert!(matches!(&effects[1], Effect::Record(m) if m.source == Some(LineSource::Fallback)));
}

#[test]
fn a_late_writer_is_replaced_at_its_deadline() {
    let (mut session, now) = opened("standard");
    session.step(
        Event::Said {
            turn: TurnId("a".into()),
            text: ANSWERS[0].into(),
            modality: Modality::Voice,
            reading: None,
        },
        now,
    );
    let due = session.next_deadline().unwrap();
    assert_eq!(due - now, WriterTimeouts::default().voice_whole);
    assert!(session.step(Event::Tick, due - 1).is_empty());
    assert!(matches!(
        session.step(Event::Tick, due)[0],
        Effect::FellBack { failure: WriterFailure::Late, .. }
    ));
}
