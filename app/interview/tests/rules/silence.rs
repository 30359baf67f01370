//! What a silence brings, and what ends one.

use interview::{
    Effect, Event, LinePurpose, Modality, Plan, Request, Session, Status, TurnId, WriterTimeouts,
};

use crate::{ANSWERS, NOISE, answer_from_bank, opened, opened_by_voice, profile};

#[test]
fn silence_gets_a_nudge_an_offer_a_pause_and_at_last_the_end() {
    let (mut session, start) = opened("standard");
    let mut seen = Vec::new();
    while let Some(at) = session.next_deadline() {
        for effect in session.step(Event::Tick, at) {
            match effect {
                Effect::Record(m) => seen.push((at - start, format!("{:?}", m.why.unwrap().purpose))),
                Effect::Became(status) => seen.push((at - start, format!("{status:?}"))),
                Effect::Amend(_)
                | Effect::Ask(_)
                | Effect::Cancel(_)
                | Effect::Entered { .. }
                | Effect::FellBack { .. } => panic!("unexpected {effect:?}"),
            }
        }
    }
    let week = 7 * 24 * 3_600_000;
    let expected =
        [(300_000, "Nudge"), (600_000, "Offer"), (1_200_000, "Paused"), (week, "Completed(Abandoned)")];
    assert_eq!(seen, expected.map(|(at, what)| (at, what.to_owned())));
}

#[test]
fn silence_counts_from_the_last_sign_of_life() {
    let (mut session, start) = opened_by_voice();
    let silence = session.plan().silence(Modality::Voice);
    // Two minutes of speech: longer than it takes to nudge, to offer and to pause.
    let mut now = start;
    while now < start + 120_000 {
        now += 2_000;
        assert!(session.step(NOISE, now).is_empty());
        assert!(session.step(Event::Tick, now).is_empty());
    }
    assert_eq!(session.next_deadline(), Some(now + silence.nudge));
    let purpose = |effects: &[Effect]| match effects {
        [Effect::Record(message)] => message.why.as_ref().unwrap().purpose,
        other => panic!("one line was due: {other:?}"),
    };
    now += silence.nudge;
    assert_eq!(purpose(&session.step(Event::Tick, now)), LinePurpose::Nudge);
    // The nudge takes three seconds to be heard: the rest of the silence counts from then, and none of it twice.
    now += 3_000;
    session.step(NOISE, now);
    assert_eq!(session.next_deadline(), Some(now + silence.offer - silence.nudge));
    now += silence.offer - silence.nudge;
    assert_eq!(purpose(&session.step(Event::Tick, now)), LinePurpose::Offer);
    now += 4_000;
    session.step(NOISE, now);
    assert_eq!(session.next_deadline(), Some(now + silence.pause - silence.offer));
    // Words, unlike noise, begin anew.
    let turn = TurnId("a".into());
    session
        .step(Event::Said { turn, text: ANSWERS[0].into(), modality: Modality::Voice, reading: None }, now);
    answer_from_bank(&mut session, now);
    assert_eq!(session.next_deadline(), Some(now + silence.nudge));
}

#[test]
fn whoever_takes_up_the_microphone_or_puts_it_down_is_waited_for_as_is_due() {
    let (mut session, now) = opened("standard");
    let (text, voice) = (session.plan().silence_text, session.plan().silence_voice);
    assert_eq!(session.next_deadline(), Some(now + text.nudge));
    session.step(NOISE, now + 60_000);
    assert_eq!(session.next_deadline(), Some(now + 60_000 + voice.nudge));
    session.step(Event::Activity { modality: Modality::Text }, now + 70_000);
    assert_eq!(session.next_deadline(), Some(now + 70_000 + text.nudge));
}

#[test]
fn noise_opens_nothing_and_wakes_nothing() {
    let (mut session, start) = opened_by_voice();
    let silence = session.plan().silence(Modality::Voice);
    let mut now = start;
    while session.status() == Status::Active {
        now = session.next_deadline().unwrap();
        session.step(Event::Tick, now);
    }
    assert_eq!((session.status(), now), (Status::Paused, start + silence.pause));
    let abandoned = session.next_deadline();
    session.step(NOISE, now + 60_000);
    assert_eq!((session.status(), session.next_deadline()), (Status::Paused, abandoned));
    let plan = Plan::named("standard").unwrap();
    let mut ready = Session::new(plan, profile(), WriterTimeouts::default(), 7, Vec::new(), start);
    let abandoned = ready.next_deadline();
    assert!(ready.step(NOISE, start + 60_000).is_empty());
    assert_eq!((ready.status(), ready.next_deadline()), (Status::Ready, abandoned));
}

#[test]
fn a_moment_to_think_is_three_times_as_long_however_much_is_heard_of_it() {
    let (mut session, start) = opened_by_voice();
    let silence = session.plan().silence(Modality::Voice);
    session.step(Event::Asked { turn: TurnId("w".into()), request: Request::Wait }, start);
    let mut now = start + 5_000;
    session.step(NOISE, now);
    assert_eq!(session.next_deadline(), Some(now + 3 * silence.nudge));
    now += 3 * silence.nudge;
    session.step(Event::Tick, now);
    session.step(NOISE, now);
    assert_eq!(session.next_deadline(), Some(now + 3 * (silence.offer - silence.nudge)));
}

#[test]
fn a_word_after_a_pause_goes_on_where_it_was() {
    let (mut session, start) = opened("standard");
    let mut at = start;
    while session.status() != Status::Paused {
        at = session.next_deadline().unwrap();
        session.step(Event::Tick, at);
    }
    let stage = session.stage().id.clone();
    let effects = session.step(
        Event::Said {
            turn: TurnId("back".into()),
            text: ANSWERS[0].into(),
            modality: Modality::Text,
            reading: None,
        },
        at + 3 * 24 * 3_600_000,
    );
    assert!(effects.contains(&Effect::Became(Status::Active)));
    assert_eq!(session.stage().id, stage);
}
