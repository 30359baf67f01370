//! A writer that must be waited for: slow, failing, unfit, cancelled; the reply comes in time all the same.

use std::sync::Arc;

use engine::testing::{FakeWriter, Piece};
use engine::{EngineError, SessionId, Turn};
use interview::{LineSource, Modality, Speaker, TurnId};

use crate::house::{ANSWER, House, QUESTIONS, fluent, now, opens_then, pass, said, start, texts};

/// The candidate answers once; returns how long the reply took, whose it is, and how many lines were given up.
async fn answered(writer: Arc<FakeWriter>) -> (i64, LineSource, usize) {
    let house = House::model(&writer);
    let id = house.opened().await;
    let before = now(&house);
    let reply = house.say(id, "a", ANSWER).await;
    assert!(!reply.text.is_empty());
    let took = now(&house) - before;
    house.sound(id).await;
    assert_eq!(house.engine.snapshot(id).await.unwrap().replying_to, None);
    (took, reply.source, writer.dropped())
}

#[tokio::test(start_paused = true)]
async fn a_model_writes_the_lines() {
    let writer = fluent();
    let house = House::model(&writer);
    let id = house.opened().await;
    let reply = house.say(id, "a", ANSWER).await;
    assert_eq!((reply.text.as_str(), reply.source), (QUESTIONS[1], LineSource::Model));
    assert_eq!(texts(&house.sound(id).await), [QUESTIONS[0], ANSWER, QUESTIONS[1]]);
    assert_eq!((writer.calls(), writer.dropped()), (2, 0));
}

#[tokio::test(start_paused = true)]
async fn a_slow_first_word_is_replaced_at_its_deadline() {
    let script = vec![Piece::Wait(60_000), Piece::Words(QUESTIONS[1].to_owned())];
    assert_eq!(answered(opens_then(script)).await, (8_000, LineSource::Fallback, 1));
}

#[tokio::test(start_paused = true)]
async fn a_line_that_stands_still_is_replaced_soon() {
    let script = vec![Piece::Words("The ".to_owned()), Piece::Wait(60_000), Piece::Words("end?".to_owned())];
    assert_eq!(answered(opens_then(script)).await, (4_000, LineSource::Fallback, 1));
}

/// Spoken answers to a model whose first words take so long; each reply's time, whose it is, and what was said meanwhile.
async fn spoken(first_words: i64, told: bool) -> Vec<(i64, LineSource, Option<String>)> {
    let scripts = QUESTIONS.iter().enumerate().map(|(at, question)| {
        vec![Piece::Wait(if at == 0 { 100 } else { first_words }), Piece::Words((*question).to_owned())]
    });
    let house = House::model(&Arc::new(FakeWriter::new(scripts)));
    let id = house.created().await;
    let voice = |turn: Turn| Turn { modality: Modality::Voice, ..turn };
    house.engine.turn(id, voice(start())).await.unwrap();
    let mut asides = if told { Some(house.engine.asides(id).await.unwrap()) } else { None };
    let mut replies = Vec::new();
    for turn in ["a", "b", "c"] {
        let before = now(&house);
        let answer = format!("{ANSWER} That was {turn}.");
        let reply = house.engine.turn(id, voice(said(turn, &answer))).await.unwrap();
        let aside = asides.as_mut().filter(|asides| asides.has_changed().unwrap());
        let aside = aside.and_then(|asides| asides.borrow_and_update().clone());
        replies.push((now(&house) - before, reply.source, aside));
    }
    let shown = house.sound(id).await;
    let fillers: Vec<_> = replies.iter().filter_map(|(_, _, aside)| aside.clone()).collect();
    assert!(texts(&shown).iter().all(|text| fillers.iter().all(|filler| !text.contains(filler))));
    assert_eq!(shown.messages.len(), 7, "a filler is no message");
    replies
}

#[tokio::test(start_paused = true)]
async fn a_spoken_line_that_would_just_miss_is_waited_for_with_a_filler() {
    let replies = spoken(3_000, true).await;
    let fillers: std::collections::BTreeSet<_> = replies.iter().map(|(_, _, aside)| aside.clone()).collect();
    assert!(fillers.len() == 3 && !fillers.contains(&None), "another one each time: {fillers:?}");
    for (took, source, _) in replies {
        assert_eq!((took, source), (3_000, LineSource::Model));
    }
    // In time: nothing is said meanwhile. Nobody there to say it, or too late for anybody: as ever.
    assert!(spoken(1_000, true).await.iter().all(|reply| *reply == (1_000, LineSource::Model, None)));
    assert!(spoken(3_000, false).await.iter().all(|reply| *reply == (2_500, LineSource::Fallback, None)));
    let late = spoken(20_000, true).await;
    let took: Vec<_> = late.iter().map(|(took, _, aside)| (*took, aside.is_some())).collect();
    assert_eq!(
        took,
        [(5_000, true), (5_000, true), (2_500, false)],
        "nobody is kept waiting in vain again and again"
    );
    assert!(late.iter().all(|(_, source, _)| *source == LineSource::Fallback));
}

#[tokio::test(start_paused = true)]
async fn a_typed_line_of_a_model_that_is_always_late_is_waited_for_less_until_it_may_be_in_time_again() {
    let slow = || vec![Piece::Wait(20_000), Piece::Words("Too late?".to_owned())];
    let house = House::model(&Arc::new(FakeWriter::new((0..12).map(|_| slow()))));
    let id = house.opened().await;
    let mut took = Vec::new();
    for turn in ["a", "b", "c", "d"] {
        let before = now(&house);
        let reply = house.say(id, turn, &format!("{ANSWER} That was {turn}.")).await;
        assert_eq!(reply.source, LineSource::Fallback);
        took.push(now(&house) - before);
    }
    // The opening was late, too. What is learnt is forgotten by and by, so that it is tried in full again.
    assert_eq!(took, [8_000, 8_000, 2_000, 8_000]);
    house.sound(id).await;
}

#[tokio::test(start_paused = true)]
async fn an_endless_line_is_cut_off() {
    assert_eq!(answered(opens_then(vec![Piece::Endless])).await, (20_000, LineSource::Fallback, 1));
}

#[tokio::test(start_paused = true)]
async fn what_was_shown_stays_and_a_question_follows_it() {
    let begun = "Three weeks is not long.";
    let said = || Piece::Words(format!("{begun} Who "));
    for end in [Piece::Wait(60_000), Piece::Fail] {
        let house = House::model(&opens_then(vec![said(), end.clone()]));
        let id = house.opened().await;
        let reply = house.say(id, "a", ANSWER).await;
        let question = reply.text.strip_prefix(begun).unwrap_or_else(|| panic!("{end:?}: {}", reply.text));
        assert!(question.ends_with(['?', '.']) && !question.contains("Who "), "{}", reply.text);
        assert_eq!(reply.source, LineSource::Fallback);
        house.sound(id).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_failure_is_replaced_at_once() {
    let script = vec![Piece::Words("The ledger".to_owned()), Piece::Fail];
    assert_eq!(answered(opens_then(script)).await, (0, LineSource::Fallback, 0));
}

#[tokio::test(start_paused = true)]
async fn an_empty_line_is_replaced_at_once() {
    assert_eq!(answered(opens_then(vec![])).await, (0, LineSource::Fallback, 0));
    assert_eq!(
        answered(opens_then(vec![Piece::Words(" \n".to_owned())])).await,
        (0, LineSource::Fallback, 0)
    );
}

#[tokio::test(start_paused = true)]
async fn an_unfit_line_is_tried_again_once() {
    let repeats = vec![Piece::Words(QUESTIONS[0].to_owned())];
    let good = vec![Piece::Words(QUESTIONS[1].to_owned())];
    let writer = Arc::new(FakeWriter::new([repeats.clone(), repeats.clone(), good]));
    let house = House::model(&writer);
    let id = house.opened().await;
    let reply = house.say(id, "a", ANSWER).await;
    assert_eq!((reply.text.as_str(), reply.source, writer.calls()), (QUESTIONS[1], LineSource::Model, 3));

    let writer = Arc::new(FakeWriter::new([repeats]));
    let house = House::model(&writer);
    let id = house.opened().await;
    let reply = house.say(id, "a", ANSWER).await;
    assert_eq!((reply.source, writer.calls()), (LineSource::Fallback, 3));
    let events = house.engine.export(id).await.unwrap().events;
    assert!(events.iter().any(|event| event.kind == "fell_back" && event.data["failure"] == "unfit"));
    house.sound(id).await;
}

#[tokio::test(start_paused = true)]
async fn words_are_shown_as_they_come() {
    let pieces = ["The", " ledger sounds delicate.", " Who noticed the wrong numbers first?"];
    let script = pieces.iter().flat_map(|piece| [Piece::Words((*piece).to_owned()), Piece::Wait(300)]);
    let house = House::model(&opens_then(script.collect()));
    let id = house.opened().await;
    let mut live = house.engine.follow(id).await.unwrap();
    let engine = house.engine.clone();
    let asked = tokio::spawn(async move { engine.turn(id, said("a", ANSWER)).await.unwrap() });
    let mut seen = Vec::new();
    while live.partial.changed().await.is_ok() {
        let partial = live.partial.borrow_and_update().clone();
        let Some((turn, text)) = partial else { break };
        assert_eq!(turn, TurnId("a".to_owned()));
        seen.push(text);
    }
    assert_eq!(seen, ["The", "The ledger sounds delicate.", QUESTIONS[1]]);
    assert_eq!(asked.await.unwrap().text, QUESTIONS[1]);
    assert_eq!(*live.version.borrow(), house.engine.snapshot(id).await.unwrap().version);
}

#[tokio::test(start_paused = true)]
async fn what_was_said_is_durable_before_the_reply() {
    let house = House::model(&opens_then(vec![Piece::Wait(5_000), Piece::Words(QUESTIONS[1].to_owned())]));
    let id = house.opened().await;
    let engine = house.engine.clone();
    let asked = tokio::spawn(async move { engine.turn(id, said("a", ANSWER)).await.unwrap() });
    pass(1_000).await;
    let stored = house.store.load(id).await.unwrap().unwrap();
    let (message, _) = stored.messages.last().unwrap();
    assert_eq!((message.speaker, message.text.as_str()), (Speaker::Candidate, ANSWER));
    assert_eq!(stored.turns.last().unwrap().reply, None);
    let shown = house.engine.snapshot(id).await.unwrap();
    assert_eq!((shown.messages.len(), shown.replying_to.clone()), (2, Some(TurnId("a".to_owned()))));
    assert_eq!(asked.await.unwrap().seq, 3);
    assert_eq!(house.sound(id).await.replying_to, None);
}

#[tokio::test(start_paused = true)]
async fn who_sets_a_turn_going_does_not_wait_for_the_line() {
    let house = House::model(&opens_then(vec![Piece::Wait(7_000), Piece::Words(QUESTIONS[1].to_owned())]));
    let id = house.opened().await;
    let before = now(&house);
    house.engine.begin_turn(id, said("a", ANSWER)).await.unwrap();
    assert_eq!(now(&house), before);
    assert_eq!(house.engine.snapshot(id).await.unwrap().replying_to, Some(TurnId("a".to_owned())));
    pass(7_500).await;
    assert_eq!(texts(&house.sound(id).await).last().unwrap(), QUESTIONS[1]);
}

#[tokio::test(start_paused = true)]
async fn the_work_goes_on_if_the_caller_goes_away() {
    let house = House::model(&fluent());
    let id = house.opened().await;
    let gone =
        tokio::time::timeout(std::time::Duration::from_millis(100), house.engine.turn(id, said("a", ANSWER)));
    assert!(gone.await.is_err());
    pass(2_000).await;
    assert_eq!(texts(&house.sound(id).await).last().unwrap(), QUESTIONS[1]);
}

#[tokio::test(start_paused = true)]
async fn a_retry_while_it_is_written_waits_for_it() {
    let writer = fluent();
    let house = House::model(&writer);
    let id = house.opened().await;
    let calls = (0..20).map(|n| {
        let engine = house.engine.clone();
        tokio::spawn(async move {
            pass(n * 40).await;
            engine.turn(id, said("a", ANSWER)).await.unwrap()
        })
    });
    let replies: Vec<_> = futures::future::join_all(calls).await.into_iter().map(Result::unwrap).collect();
    assert!(replies.iter().all(|reply| reply.text == QUESTIONS[1] && reply.seq == 3));
    assert_eq!(writer.calls(), 2);
    assert_eq!(house.sound(id).await.messages.len(), 3);
}

#[tokio::test(start_paused = true)]
async fn another_turn_waits_for_its_own() {
    let house = House::model(&fluent());
    let id = house.opened().await;
    let (first, second) = tokio::join!(
        house.engine.turn(id, said("a", ANSWER)),
        house.engine.turn(id, said("b", "I asked the auditors for a week more."))
    );
    assert_eq!((first.unwrap().seq, second.unwrap().seq), (3, 5));
    house.sound(id).await;
}

#[tokio::test(start_paused = true)]
async fn the_queue_of_a_session_is_bounded() {
    let house = House::model(&opens_then(vec![Piece::Wait(7_000), Piece::Words(QUESTIONS[1].to_owned())]));
    let id = house.opened().await;
    let calls = (0..100).map(|_| {
        let engine = house.engine.clone();
        tokio::spawn(async move { engine.turn(id, said("a", ANSWER)).await })
    });
    let results: Vec<_> = futures::future::join_all(calls).await.into_iter().map(Result::unwrap).collect();
    let busy = results.iter().filter(|result| matches!(result, Err(EngineError::Busy))).count();
    let taken = results.iter().filter(|result| result.is_ok()).count();
    assert_eq!((busy, taken), (36, 64));
    house.say(id, "b", "It is free again.").await;
}

#[tokio::test(start_paused = true)]
async fn deleting_gives_up_what_is_being_written() {
    let writer = opens_then(vec![Piece::Words("The ".to_owned()), Piece::Wait(15_000)]);
    let house = House::model(&writer);
    let id: SessionId = house.opened().await;
    let mut live = house.engine.follow(id).await.unwrap();
    let engine = house.engine.clone();
    let asked = tokio::spawn(async move { engine.turn(id, said("a", ANSWER)).await });
    pass(1_000).await;
    let before = now(&house);
    house.engine.delete(id).await.unwrap();
    assert_eq!(now(&house), before, "it waits for no reply");
    assert!(matches!(asked.await.unwrap(), Err(EngineError::NotFound)));
    assert_eq!(writer.dropped(), 1);
    live.version.changed().await.unwrap();
    assert_eq!((*live.version.borrow_and_update(), live.partial.borrow().clone()), (0, None));
    assert!(house.store.load(id).await.unwrap().is_none());
}

#[tokio::test(start_paused = true)]
async fn an_answer_is_corrected_while_its_reply_is_being_written() {
    let writer = fluent();
    let house = House::model(&writer);
    let id = house.opened().await;
    let (wrong, right) = (ANSWER.replace("Northwind", "Northwynd"), ANSWER);
    let (engine, typed) = (house.engine.clone(), said("a", &wrong));
    let taken = tokio::spawn(async move { engine.turn(id, typed).await });
    pass(700).await;
    assert!(house.engine.snapshot(id).await.unwrap().replying_to.is_some());
    let before = now(&house);
    house.engine.correct(id, 2, right).await.unwrap();
    assert_eq!(now(&house), before, "nobody waits for the reply");
    let reply = taken.await.unwrap().unwrap();
    // The line that was begun is given up: the next one of the script is what is said.
    assert_eq!((reply.text.as_str(), reply.source), (QUESTIONS[2], LineSource::Model));
    assert_eq!(texts(&house.sound(id).await), [QUESTIONS[0], right, QUESTIONS[2]]);
    assert_eq!((writer.calls(), writer.dropped()), (3, 1));
    let late = house.engine.correct(id, 2, "I led it.").await;
    assert!(matches!(late, Err(EngineError::NotCorrectable)), "now something has been asked on it");
    // Sent again it is the same turn.
    assert_eq!(house.engine.turn(id, said("a", &wrong)).await.unwrap(), reply);
}

#[tokio::test(start_paused = true)]
async fn an_earlier_answer_is_corrected_while_a_reply_is_being_written_and_the_reply_comes() {
    let writer = fluent();
    let house = House::model(&writer);
    let id = house.opened().await;
    let spoken = Turn { modality: Modality::Voice, ..said("a", ANSWER) };
    house.engine.turn(id, spoken).await.unwrap();
    let (engine, typed) = (house.engine.clone(), said("b", "My manager did, on a Monday morning in May."));
    let taken = tokio::spawn(async move { engine.turn(id, typed).await });
    pass(100).await;
    house.engine.correct(id, 2, &ANSWER.replace("Northwind", "Norwood")).await.unwrap();
    let reply = taken.await.unwrap().unwrap();
    assert!(!reply.text.is_empty());
    assert_eq!(house.sound(id).await.messages.len(), 5);
}
