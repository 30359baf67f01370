//! Single histories, each with what is due.

use interview::{
    Effect, EndReason, Event, Message, Modality, Plan, Purpose, Request, Session, Settings, Source, Speaker,
    Status, TurnId, UnixMillis, WriterFailure,
};

use crate::{ANSWERS, NOISE, profile};

/// A session that was opened and whose first question is there.
fn opened(plan: &str) -> (Session, UnixMillis) {
    let now = 1_700_000_000_000;
    let mut session =
        Session::new(Plan::named(plan).unwrap(), profile(), Settings::default(), 7, Vec::new(), now);
    session.step(Event::Start { turn: TurnId("s".into()), modality: Modality::Text }, now);
    answer_from_bank(&mut session, now);
    (session, now)
}

fn answer_from_bank(session: &mut Session, now: UnixMillis) {
    if let Some(ask) = session.pending() {
        session.step(Event::WriterFailed { ask, failure: WriterFailure::Failed, shown: String::new() }, now);
    }
}

fn say(session: &mut Session, text: &str, now: UnixMillis) -> Purpose {
    let turn = TurnId(format!("t{}", session.transcript().len()));
    session.step(Event::Said { turn, text: text.into(), modality: Modality::Text, reading: None }, now);
    answer_from_bank(session, now);
    session.transcript().last().and_then(|m| m.why.as_ref()).expect("the interviewer spoke last").purpose
}

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

/// An interview by voice whose first question is out, and since when.
fn opened_by_voice() -> (Session, UnixMillis) {
    let now = 1_700_000_000_000;
    let plan = Plan::named("standard").unwrap();
    let mut session = Session::new(plan, profile(), Settings::default(), 7, Vec::new(), now);
    session.step(Event::Start { turn: TurnId("s".into()), modality: Modality::Voice }, now);
    answer_from_bank(&mut session, now);
    (session, now)
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
    assert_eq!(purpose(&session.step(Event::Tick, now)), Purpose::Nudge);
    // The nudge takes three seconds to be heard: the rest of the silence counts from then, and none of it twice.
    now += 3_000;
    session.step(NOISE, now);
    assert_eq!(session.next_deadline(), Some(now + silence.offer - silence.nudge));
    now += silence.offer - silence.nudge;
    assert_eq!(purpose(&session.step(Event::Tick, now)), Purpose::Offer);
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
    let mut ready = Session::new(plan, profile(), Settings::default(), 7, Vec::new(), start);
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

#[test]
fn asking_to_repeat_or_explain_costs_no_turn_and_no_new_question() {
    let (mut session, now) = opened("standard");
    let asked = session.questions();
    let before = session.progress();
    for _ in 0..3 {
        assert_eq!(say(&mut session, "Could you repeat that?", now), Purpose::Repeat);
        assert_eq!(say(&mut session, "What do you mean by that?", now), Purpose::Clarify);
    }
    assert_eq!(session.questions(), asked);
    assert_eq!(session.progress(), before);
}

#[test]
fn whoever_asks_back_for_ever_comes_to_an_end() {
    for back in
        ["Sorry?", "Could you repeat that?", "What do you mean by that?", "Thank you. Would I be outside?"]
    {
        let (mut session, now) = opened("quick");
        let mut lines = 0;
        while !session.status().is_completed() {
            say(&mut session, back, now);
            lines += 1;
            assert!(lines < 120, "{back}: {:?}", session.progress());
        }
    }
}

#[test]
fn a_question_of_their_own_at_the_end_is_not_one_about_the_question() {
    for (back, purpose) in [
        ("Sorry, no. Thank you.", Purpose::Closing),
        ("Would I be outside? Would it be outside, mostly?", Purpose::Closing),
        ("Sorry, what do you mean?", Purpose::Clarify),
        ("Sorry?", Purpose::Repeat),
    ] {
        let (mut session, now) = opened("quick");
        let closing = session.plan().stages.len() - 1;
        let mut value = serde_json::to_value(&session).unwrap();
        value["stage"] = closing.into();
        let transcript = session.transcript().to_vec();
        session = serde_json::from_value::<Session>(value).unwrap().with_transcript(transcript);
        assert_eq!(say(&mut session, back, now), purpose, "{back}");
    }
}

#[test]
fn a_non_answer_covers_nothing() {
    let (mut session, now) = opened("quick");
    // In the quick plan one real answer would cover the first part.
    assert_eq!(say(&mut session, "I don't know.", now), Purpose::Smaller);
    assert_eq!(session.stage().id, "self_introduction");
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
            .step(Event::Line { ask: first, text: "Late?".into(), took_up: None, source: Source::Model }, now)
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
        source: Source::Model,
    };
    let event = line(&session, &session.transcript()[0].text);
    let effects = session.step(event, now);
    let [Effect::Ask(again)] = effects.as_slice() else { panic!("{effects:?}") };
    assert_eq!(again.attempt, 2);
    assert!(again.rejected.as_deref().is_some_and(|why| why.contains("asked before")));
    let event = line(&session, "What? And why?");
    let effects = session.step(event, now);
    assert!(matches!(effects[0], Effect::FellBack { failure: WriterFailure::Unfit, .. }));
    assert!(matches!(&effects[1], Effect::Record(m) if m.source == Some(Source::Fallback)));
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
    assert_eq!(due - now, Settings::default().voice_whole);
    assert!(session.step(Event::Tick, due - 1).is_empty());
    assert!(matches!(
        session.step(Event::Tick, due)[0],
        Effect::FellBack { failure: WriterFailure::Late, .. }
    ));
}

#[test]
fn ending_says_goodbye_and_stays_ended() {
    let (mut session, now) = opened("standard");
    say(&mut session, ANSWERS[1], now);
    let effects = session.step(Event::End { turn: TurnId("e".into()) }, now);
    assert!(matches!(&effects[0], Effect::Record(m) if m.why.as_ref().unwrap().purpose == Purpose::Closing));
    assert_eq!(session.status(), Status::Completed(EndReason::Asked));
    assert!(session.step(Event::Tick, now + 1_000_000_000_000).is_empty());
}

/// A session in the middle of its stories.
fn telling() -> (Session, UnixMillis) {
    let (mut session, mut now) = opened("standard");
    for turn in 0..20 {
        if session.stage().id == "past_experience" {
            return (session, now);
        }
        now += 30_000;
        let text =
            format!("I joined the depot in {} and ran the night shift there for {turn} years.", 1990 + turn);
        say(&mut session, &text, now);
    }
    panic!("the introduction ends");
}

#[test]
fn after_the_death_of_somebody_close_it_is_theirs_to_go_on_or_not_and_the_part_goes_on() {
    let (mut session, now) = telling();
    let told = "My friend Tomasz fell from the scaffold next to mine and he died. I was on the level below.";
    assert_eq!(say(&mut session, told, now + 30_000), Purpose::Care);
    let line = session.transcript().last().unwrap().text.clone();
    assert!(line.to_lowercase().contains("sorry"), "{line}");
    // Not the next part: what is left is the painful thing.
    assert_eq!(say(&mut session, "Let's move on, please.", now + 60_000), Purpose::Question);
    assert_eq!(session.stage().id, "past_experience");
}

#[test]
fn a_story_is_not_begun_where_nothing_could_be_asked_about_it() {
    for seed in 0..40 {
        let plan = Plan::named("standard").unwrap();
        let mut now = 1_700_000_000_000;
        let mut session = Session::new(plan, profile(), Settings::default(), seed, Vec::new(), now);
        session.step(Event::Start { turn: TurnId("s".into()), modality: Modality::Text }, now);
        answer_from_bank(&mut session, now);
        let mut turns = 0;
        while session.stage().id != "closing" {
            now += 20_000;
            let before = session.stage().id.clone();
            let purpose = say(
                &mut session,
                &format!("I moved the racks in bay {turns} and it took {turns} days."),
                now,
            );
            turns = if session.stage().id == before { turns + 1 } else { 0 };
            let last = turns + 1 >= session.stage().max_turns;
            let story =
                session.stage().kind == interview::StageKind::Experience && purpose == Purpose::Question;
            assert!(!(story && last), "seed {seed}: a story begins with the last turn of its part");
        }
    }
}

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
    assert_eq!(first.purpose, Purpose::Smaller);
    let correct = |text: &str| Event::Corrected { seq: 2, text: text.into(), reading: None };
    let effects = session.step(correct(ANSWERS[0]), now + 500);
    assert!(effects.contains(&Effect::Cancel(first.ask)), "what was being written goes by other words");
    let second = asked(&effects).unwrap();
    assert_eq!(second.turn, first.turn, "it is one turn");
    assert_ne!(second.purpose, Purpose::Smaller, "and is decided anew");
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
