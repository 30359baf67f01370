//! Turns with the built-in interviewer: the same answer again, in order, one at a time.

use engine::{EngineError, Owner, SessionId, TurnKind};
use interview::{EndReason, LineSource, Modality, Request, Speaker, Status};

use crate::house::{ANSWER, House, new, said, start, texts, turn};

#[tokio::test(start_paused = true)]
async fn an_interview_is_held_from_start_to_end() {
    let house = House::built_in();
    let id = house.created().await;
    assert_eq!(house.engine.snapshot(id).await.unwrap().status, Status::Ready);
    let opening = house.engine.turn(id, start()).await.unwrap();
    assert_eq!((opening.seq, opening.source, opening.status), (1, LineSource::Bank, Status::Active));
    assert!(opening.text.contains("Priya"), "{}", opening.text);
    let mut last = opening;
    for n in 0..40 {
        if last.status.is_completed() {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_secs(20)).await;
        last = house.say(id, &format!("t{n}"), &format!("{ANSWER} That was number {n}.")).await;
        assert!(!last.text.is_empty());
    }
    assert_eq!(last.status, Status::Completed(EndReason::Finished));
    let snapshot = house.sound(id).await;
    assert!(snapshot.ended_at.is_some());
    assert_eq!(snapshot.messages.last().unwrap().0.text, last.text);
    // The candidate's words are there as they were said, each followed by the reply of the same turn.
    let said: Vec<_> =
        snapshot.messages.iter().map(|(m, _)| m).filter(|m| m.speaker == Speaker::Candidate).collect();
    for (n, message) in said.iter().enumerate() {
        assert_eq!(message.text, format!("{ANSWER} That was number {n}."));
        let reply = &snapshot.messages[message.seq as usize].0;
        assert_eq!((&reply.turn, reply.speaker), (&message.turn, Speaker::Interviewer));
    }
    assert_eq!(house.store.next_deadline().await.unwrap(), None, "an ended interview is not woken");
}

#[tokio::test(start_paused = true)]
async fn the_same_turn_gets_the_same_answer() {
    let house = House::built_in();
    let id = house.opened().await;
    let first = house.say(id, "a", ANSWER).await;
    house.say(id, "b", "I also wrote the runbook and taught two colleagues how to use it.").await;
    let before = house.sound(id).await;
    assert_eq!(house.say(id, "a", ANSWER).await, first);
    let mut spoken = said("a", ANSWER);
    spoken.modality = Modality::Voice;
    assert_eq!(house.engine.turn(id, spoken).await.unwrap(), first, "how it was said makes no difference");
    let error = house.engine.turn(id, said("a", "Something else.")).await.unwrap_err();
    assert!(matches!(error, EngineError::TurnMismatch(_)));
    let error = house.engine.turn(id, turn("a", TurnKind::End)).await.unwrap_err();
    assert!(matches!(error, EngineError::TurnMismatch(_)));
    assert_eq!(house.sound(id).await, before, "nothing new came of it");
    // After the end, and after a restart, still.
    house.engine.turn(id, turn("end", TurnKind::End)).await.unwrap();
    assert_eq!(house.say(id, "a", ANSWER).await, first);
    let again = house.again(std::sync::Arc::new(engine::BuiltIn));
    assert_eq!(again.say(id, "a", ANSWER).await, first);
}

#[tokio::test(start_paused = true)]
async fn what_does_not_fit_is_refused() {
    let house = House::built_in();
    let refused = async |id: SessionId, turn| house.engine.turn(id, turn).await.unwrap_err();
    let unknown = SessionId(uuid::Uuid::from_u128(1));
    assert!(matches!(refused(unknown, start()).await, EngineError::NotFound));
    assert!(matches!(house.engine.snapshot(unknown).await, Err(EngineError::NotFound)));
    assert!(matches!(house.engine.follow(unknown).await, Err(EngineError::NotFound)));
    assert!(matches!(house.engine.delete(unknown).await, Err(EngineError::NotFound)));
    assert!(matches!(house.engine.create(new("nonsense")).await, Err(EngineError::UnknownPlan(_))));

    let id = house.created().await;
    for kind in [
        TurnKind::Said("Hello".into()),
        TurnKind::Asked(Request::Skip),
        TurnKind::Silence,
        TurnKind::Heard("x".into()),
    ] {
        assert!(matches!(refused(id, turn("x", kind)).await, EngineError::NotStarted));
    }
    house.engine.turn(id, start()).await.unwrap();
    house.engine.turn(id, start()).await.unwrap();
    assert!(matches!(refused(id, turn("other", TurnKind::Start)).await, EngineError::AlreadyStarted));
    assert!(matches!(refused(id, said("b", " \n\t")).await, EngineError::BlankText));
    assert!(matches!(
        refused(id, said("b", &"é".repeat(8_001))).await,
        EngineError::LongText { limit: 8_000 }
    ));
    house.say(id, "b", &"word ".repeat(1_600)).await;
    house.engine.turn(id, turn("end", TurnKind::End)).await.unwrap();
    for kind in [TurnKind::Said("Hello".into()), TurnKind::Start, TurnKind::Silence, TurnKind::End] {
        assert!(matches!(refused(id, turn("late", kind)).await, EngineError::Ended));
    }
    house.sound(id).await;
}

#[tokio::test(start_paused = true)]
async fn of_those_who_answer_one_question_at_once_only_the_first_is_taken() {
    let house = House::built_in();
    let id = house.opened().await;
    let tabs = (0..7).map(|tab| {
        let engine = house.engine.clone();
        tokio::spawn(async move { engine.turn_after(id, said(&format!("tab{tab}"), ANSWER), Some(1)).await })
    });
    let all: Vec<_> = futures::future::join_all(tabs).await.into_iter().map(Result::unwrap).collect();
    assert_eq!(all.iter().filter(|answered| answered.is_ok()).count(), 1);
    assert!(all.iter().all(|one| matches!(one, Ok(_) | Err(EngineError::Stale { .. }))));
    assert_eq!(house.sound(id).await.messages.len(), 3);
}

#[tokio::test(start_paused = true)]
async fn an_answer_goes_by_the_question_that_was_read() {
    let house = House::built_in();
    let id = house.opened().await;
    // The number of the last message.
    let after = async |name: &str, kind, seen| {
        let session = house.engine.turn_after(id, turn(name, kind), Some(seen)).await?;
        Ok::<u32, EngineError>(session.messages.last().unwrap().0.seq)
    };
    let first = after("a", TurnKind::Said(ANSWER.into()), 1).await.unwrap();
    assert_eq!(first, 3);
    // Sent again it was taken before, whatever was asked since.
    assert_eq!(after("a", TurnKind::Said(ANSWER.into()), 1).await.unwrap(), first);
    let late = [
        ("b", TurnKind::Said("I led the move.".into())),
        ("c", TurnKind::Asked(Request::Skip)),
        ("d", TurnKind::Asked(Request::MoveOn)),
    ];
    for (name, kind) in late {
        assert!(matches!(after(name, kind, 1).await, Err(EngineError::Stale { .. })), "{name}");
    }
    assert_eq!(house.sound(id).await.messages.len(), 3, "nothing of it was recorded");
    // What asks nothing new leaves the question open: said again, or a word into a silence.
    let again = after("e", TurnKind::Asked(Request::Repeat), 1).await.unwrap();
    assert_eq!(again, 4);
    let next = after("f", TurnKind::Said("I led the move, and it took a month.".into()), 3).await.unwrap();
    // The same id may be sent again with what was read since.
    let next = after("b", TurnKind::Said("I led the move.".into()), next).await.unwrap();
    after("g", TurnKind::Said("We had no wrong report since.".into()), next).await.unwrap();
    house.sound(id).await;
}

#[tokio::test(start_paused = true)]
async fn an_end_before_the_start_says_nothing() {
    let house = House::built_in();
    let id = house.created().await;
    let reply = house.engine.turn(id, turn("e", TurnKind::End)).await.unwrap();
    assert_eq!((reply.text.as_str(), reply.seq, reply.status), ("", 0, Status::Completed(EndReason::Asked)));
    assert_eq!(house.engine.turn(id, turn("e", TurnKind::End)).await.unwrap(), reply);
}

#[tokio::test(start_paused = true)]
async fn the_same_turn_twenty_times_at_once_is_one() {
    let house = House::built_in();
    let id = house.opened().await;
    let calls = (0..20).map(|_| {
        let engine = house.engine.clone();
        tokio::spawn(async move { engine.turn(id, said("a", ANSWER)).await.unwrap() })
    });
    let replies: Vec<_> = futures::future::join_all(calls).await.into_iter().map(Result::unwrap).collect();
    assert!(replies.iter().all(|reply| reply == &replies[0]));
    let snapshot = house.sound(id).await;
    assert_eq!(snapshot.messages.len(), 3);
}

#[tokio::test(start_paused = true)]
async fn twenty_turns_at_once_are_taken_in_order() {
    let house = House::built_in();
    let id = house.engine.create(new("standard")).await.unwrap();
    house.engine.turn(id, start()).await.unwrap();
    let calls = (0..20).map(|n| {
        let engine = house.engine.clone();
        tokio::spawn(async move { engine.turn(id, said(&format!("t{n}"), &format!("Answer {n}."))).await })
    });
    let results: Vec<_> = futures::future::join_all(calls).await.into_iter().map(Result::unwrap).collect();
    let snapshot = house.sound(id).await;
    let kept: Vec<_> = texts(&snapshot).into_iter().filter(|text| text.starts_with("Answer ")).collect();
    let taken = results.iter().filter(|result| result.is_ok()).count();
    assert!(taken >= 3, "only {taken} were taken");
    assert_eq!(
        kept,
        (0..taken).map(|n| format!("Answer {n}.")).collect::<Vec<_>>(),
        "in the order they came"
    );
    for result in results.into_iter().skip(taken) {
        assert!(matches!(result, Err(EngineError::Ended)), "the rest came after the end");
    }
}

#[tokio::test(start_paused = true)]
async fn interviews_belong_to_their_owner() {
    let house = House::built_in();
    let id = house.opened().await;
    let owner = |name: &str| Owner(name.to_owned());
    house.engine.check_owner(id, &owner("browser")).await.unwrap();
    assert!(matches!(house.engine.check_owner(id, &owner("other")).await, Err(EngineError::NotFound)));
    let unknown = SessionId(uuid::Uuid::from_u128(1));
    assert!(matches!(house.engine.check_owner(unknown, &owner("browser")).await, Err(EngineError::NotFound)));
    let listed = house.engine.list(&owner("browser")).await.unwrap();
    assert_eq!((listed.len(), listed[0].id, listed[0].status), (1, id, Status::Active));
    assert_eq!((listed[0].stage, listed[0].stages), (1, 3));
    assert!(house.engine.list(&owner("other")).await.unwrap().is_empty());
    let export = house.engine.export(id).await.unwrap();
    let kinds: Vec<_> = export.events.iter().map(|event| event.kind.as_str()).collect();
    assert_eq!(kinds, ["created", "became", "entered"]);
}

#[tokio::test(start_paused = true)]
async fn the_next_interview_asks_other_questions() {
    let house = House::built_in();
    let mut asked: Vec<String> = Vec::new();
    for _ in 0..4 {
        let id = house.opened().await;
        let mut n = 0;
        while !house.engine.snapshot(id).await.unwrap().status.is_completed() {
            n += 1;
            house.say(id, &format!("t{n}"), ANSWER).await;
        }
        let loaded = house.store.load(id).await.unwrap().unwrap();
        let session: interview::Session = serde_json::from_str(&loaded.session.state).unwrap();
        for question in session.questions() {
            assert!(!asked.contains(&question), "asked before: {question}");
            asked.push(question);
        }
    }
    assert!(asked.len() >= 12);
}

#[tokio::test(start_paused = true)]
async fn deleting_wakes_followers_and_ends_everything() {
    let house = House::built_in();
    let id = house.opened().await;
    let mut live = house.engine.follow(id).await.unwrap();
    let before = *live.version.borrow_and_update();
    house.say(id, "a", ANSWER).await;
    live.version.changed().await.unwrap();
    assert!(*live.version.borrow_and_update() > before);
    house.engine.delete(id).await.unwrap();
    live.version.changed().await.unwrap();
    assert_eq!(*live.version.borrow(), 0);
    assert!(matches!(house.engine.turn(id, said("b", ANSWER)).await, Err(EngineError::NotFound)));
    assert!(matches!(house.engine.turn(id, said("a", ANSWER)).await, Err(EngineError::NotFound)));
    assert!(matches!(house.engine.export(id).await, Err(EngineError::NotFound)));
    assert!(house.store.load(id).await.unwrap().is_none());
}
