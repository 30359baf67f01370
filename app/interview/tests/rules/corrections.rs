//! Answers that are corrected.

use interview::{Effect, Event, LinePurpose, Message, Modality, Session, Speaker, TurnId};

use crate::{ANSWERS, answer_from_bank, opened, opened_by_voice, say};

fn spoken(text: &str) -> Event {
    Event::Said {
        turn: TurnId(format!("v-{}", text.len())),
        text: text.into(),
        modality: Modality::Voice,
        reading: None,
    }
}

fn amended(effects: &[Effect]) -> Vec<&Message> {
    effects.iter().filter_map(|e| if let Effect::Amend(message) = e { Some(message) } else { None }).collect()
}

#[test]
fn a_spoken_answer_is_corrected_at_any_time_and_the_original_kept() {
    let (mut session, now) = opened_by_voice();
    session.step(spoken("I worked with Daniel Ockiver on the ledger in Leeds for three years."), now + 1_000);
    answer_from_bank(&mut session, now + 1_000);
    let seq = session.transcript().iter().find(|m| m.speaker == Speaker::Candidate).unwrap().seq;
    let correct = |text: &str| Event::Corrected { seq, text: text.into(), reading: None };
    let right = "I worked with Daniel Okafor on the ledger in Leeds for three years.";
    let effects = session.step(correct(right), now + 2_000);
    let [changed] = amended(&effects)[..] else { panic!("{effects:?}") };
    assert_eq!(changed.text, right);
    let original = changed.original.clone().unwrap();
    assert!(original.contains("Ockiver"));
    for nothing in [right, "  ", ""] {
        assert!(session.step(correct(nothing), now + 3_000).is_empty(), "{nothing:?}");
    }
    // A second correction keeps the first words; put back to them it was never corrected.
    let kept = |session: &Session| session.transcript()[seq as usize - 1].original.clone();
    session.step(correct("I worked with Dan."), now + 4_000);
    assert_eq!(kept(&session).as_ref(), Some(&original));
    session.step(correct(&original), now + 5_000);
    assert_eq!(kept(&session), None);
    session.step(Event::End { turn: TurnId("end".into()) }, now + 6_000);
    assert_eq!(amended(&session.step(correct(right), now + 7_000)).len(), 1, "also after the end");
    assert!(!session.may_correct(1) && !session.may_correct(99));
}

#[test]
fn a_typed_answer_is_corrected_until_something_is_asked_on_it() {
    let (mut session, now) = opened("standard");
    let typed = |text: &str| Event::Said {
        turn: TurnId("typed".into()),
        text: text.into(),
        modality: Modality::Text,
        reading: None,
    };
    let asked = |effects: &[Effect]| {
        effects.iter().find_map(|e| if let Effect::Ask(brief) = e { Some(brief.clone()) } else { None })
    };
    let first = asked(&session.step(typed(ANSWERS[2]), now)).unwrap();
    assert_eq!(first.purpose, LinePurpose::Smaller);
    let correct = |text: &str| Event::Corrected { seq: 2, text: text.into(), reading: None };
    let effects = session.step(correct(ANSWERS[0]), now + 500);
    assert!(effects.contains(&Effect::Cancel(first.ask)), "what was being written goes by other words");
    let second = asked(&effects).unwrap();
    assert_eq!(second.turn, first.turn, "it is one turn");
    assert_ne!(second.purpose, LinePurpose::Smaller, "and is decided anew");
    assert_eq!(second.recent.last().unwrap().answer, ANSWERS[0]);
    answer_from_bank(&mut session, now + 600);
    assert!(!session.may_correct(2));
    assert!(session.step(correct(ANSWERS[1]), now + 700).is_empty(), "now something has been asked on it");
    // A goodbye asks nothing.
    say(&mut session, ANSWERS[1], now + 1_000);
    session.step(typed("That is about all."), now + 2_000);
    session.step(Event::End { turn: TurnId("end".into()) }, now + 2_100);
    let last = session.transcript().iter().rfind(|m| m.speaker == Speaker::Candidate).unwrap().seq;
    assert!(session.may_correct(last));
}

#[test]
fn what_is_said_later_goes_by_the_correction() {
    let (mut session, now) = opened_by_voice();
    session.step(
        spoken("I led the move to Ockiver Bank and in the end the errors fell by 90 percent."),
        now + 1_000,
    );
    answer_from_bank(&mut session, now + 1_000);
    let correct = |text: &str| Event::Corrected { seq: 2, text: text.into(), reading: None };
    session.step(
        correct("I led the move to Okafor Bank and in the end the errors fell by 90 percent."),
        now + 2_000,
    );
    let state = serde_json::to_string(&session).unwrap();
    assert!(!state.contains("Ockiver"), "{state}");
    let effects = session.step(spoken("Then I wrote the report on it."), now + 3_000);
    let brief =
        effects.iter().find_map(|e| if let Effect::Ask(brief) = e { Some(brief) } else { None }).unwrap();
    assert!(!serde_json::to_string(&brief).unwrap().contains("Ockiver"));
}

#[test]
fn noise_is_no_correction_and_a_correction_is_a_sign_of_life() {
    let (mut session, now) = opened_by_voice();
    session.step(spoken(ANSWERS[0]), now + 1_000);
    answer_from_bank(&mut session, now + 1_000);
    let due = session.next_deadline().unwrap();
    session.step(Event::Corrected { seq: 2, text: ANSWERS[1].into(), reading: None }, now + 5_000);
    assert_eq!(session.next_deadline(), Some(due + 4_000));
}
