//! Answers given again, and interviews that go on differently.

use std::sync::Arc;

use engine::testing::MemoryStore;
use engine::{BuiltIn, EngineError, Export, OriginKind, SessionId, Store};
use interview::{EndReason, Modality, RetakeManner, Speaker, Status};
use report::DifferenceKind;
use serde_json::json;
use store::SqliteStore;

use crate::house::{ANSWER, House, new, said, start, texts};

const SHORT: &str = "Our settlement report was wrong every Monday, so I looked at the ledger for a while.";

/// An interview of three answers, under way.
async fn held(house: &House) -> SessionId {
    let id = house.opened().await;
    for (turn, text) in [
        ("a", "I build payment systems in Leeds and want to do so for more people."),
        ("b", SHORT),
        ("c", ANSWER),
    ] {
        house.say(id, turn, text).await;
    }
    id
}

/// Everything of an interview, in words that can be compared.
async fn whole(house: &House, id: SessionId) -> String {
    let Export { snapshot, events, report, .. } = house.engine.export(id).await.unwrap();
    format!("{snapshot:?} {events:?} {report:?}")
}

/// The take, opened and answered.
async fn answered(house: &House, take: SessionId, text: &str) {
    house.engine.turn(take, start()).await.unwrap();
    house.say(take, "again", text).await;
}

#[tokio::test(start_paused = true)]
async fn a_question_is_retried_twice_and_compared_and_the_interview_stays_as_it_was() {
    let house = House::built_in();
    let id = held(&house).await;
    let before = whole(&house, id).await;
    let second = house.engine.take(id, 4, RetakeManner::Same).await.unwrap();
    assert_eq!(
        house.engine.take(id, 4, RetakeManner::Same).await.unwrap(),
        second,
        "until it is answered it is the same"
    );
    answered(&house, second, ANSWER).await;
    let take = house.sound(second).await;
    assert_eq!(take.status, Status::Completed(EndReason::Finished));
    let line = house.sound(id).await.messages[2].0.clone();
    assert!(line.text.contains(&take.messages[0].0.text), "{} / {}", line.text, take.messages[0].0.text);
    let origin = take.origin.clone().unwrap();
    assert_eq!((origin.kind, origin.parent, origin.seq, origin.number), (OriginKind::Take, id, 3, 2));
    assert_eq!(origin.turn, line.turn);

    // The third is asked for from the second, and is one of the same interview.
    let third = house.engine.take(second, 2, RetakeManner::Same).await.unwrap();
    assert_ne!(third, second);
    answered(&house, third, &format!("{ANSWER} I would tell the bank sooner next time.")).await;
    let compared = house.engine.compare(third, None).await.unwrap();
    assert_eq!(compared.takes, [(1, id), (2, second), (3, third)]);
    let (left, right, _) = compared.beside.as_ref().unwrap();
    assert_eq!((left.number, right.number), (2, 3), "beside the one before");
    let compared = house.engine.compare(third, Some(1)).await.unwrap();
    let (left, right, comparison) = compared.beside.unwrap();
    assert_eq!((left.number, left.id, right.id), (1, id, third));
    assert_eq!(left.messages[1].text, SHORT);
    assert!(
        comparison.changes.iter().any(|change| change.what() == DifferenceKind::Words),
        "{}",
        comparison.sentence()
    );
    assert!(comparison.sentence().contains("longer"), "{}", comparison.sentence());
    assert_eq!(whole(&house, id).await, before, "nothing of the interview changed by it");
    assert!(matches!(house.engine.compare(id, None).await, Err(EngineError::NotFound)), "it is no take");
}

#[tokio::test(start_paused = true)]
async fn a_take_outlives_the_interview_that_it_came_from() {
    let house = House::built_in();
    let id = held(&house).await;
    let second = house.engine.take(id, 4, RetakeManner::Same).await.unwrap();
    answered(&house, second, ANSWER).await;
    house.engine.delete(id).await.unwrap();
    let before = texts(&house.sound(second).await);
    let alone = house.engine.compare(second, None).await.unwrap();
    assert!(alone.beside.is_none() && alone.scene.is_none());
    assert_eq!(alone.question, before[0]);
    let third = house.engine.take(second, 2, RetakeManner::Same).await.unwrap();
    answered(&house, third, SHORT).await;
    let (left, right, _) = house.engine.compare(third, None).await.unwrap().beside.unwrap();
    assert_eq!((left.number, right.number), (2, 3));
    house.engine.delete(third).await.unwrap();
    assert_eq!(texts(&house.sound(second).await), before);
}

#[tokio::test(start_paused = true)]
async fn another_manner_is_another_take() {
    let house = House::built_in();
    let id = held(&house).await;
    let mut takes = Vec::new();
    for manner in RetakeManner::ALL {
        takes.push(house.engine.take(id, 4, manner).await.unwrap());
    }
    takes.dedup();
    assert_eq!(takes.len(), RetakeManner::ALL.len());
    house.engine.turn(takes[2], start()).await.unwrap();
    house.say(takes[2], "again", SHORT).await;
    assert_eq!(house.sound(takes[2]).await.status, Status::Active, "a strict interviewer asks on");
    let children = house.engine.children(id).await.unwrap();
    let numbers: Vec<u32> = children.iter().filter_map(|child| Some(child.origin.as_ref()?.number)).collect();
    assert_eq!(numbers, [2, 3, 4]);
}

#[tokio::test(start_paused = true)]
async fn what_is_no_answer_is_not_given_again() {
    let house = House::built_in();
    let id = held(&house).await;
    for seq in [0, 1, 3, 99] {
        assert!(
            matches!(house.engine.take(id, seq, RetakeManner::Same).await, Err(EngineError::NoAnswer)),
            "{seq}"
        );
        assert!(matches!(house.engine.fork(id, seq).await, Err(EngineError::NoAnswer)), "{seq}");
    }
    let nobody = SessionId(uuid::Uuid::from_u128(1));
    assert!(matches!(house.engine.take(nobody, 2, RetakeManner::Same).await, Err(EngineError::NotFound)));
    assert!(matches!(house.engine.fork(nobody, 2).await, Err(EngineError::NotFound)));
}

#[tokio::test(start_paused = true)]
async fn a_fork_goes_on_from_the_third_turn_and_is_whole_without_its_parent() {
    let house = House::built_in();
    let id = held(&house).await;
    // How long an answer took becomes known after its turn; that of a later answer is not shared.
    for (turn, ms) in [("b", 9_000), ("c", 4_000)] {
        let data = json!({ "turn": turn, "spoke_ms": ms, "played_ms": ms + 300 });
        house.engine.note(id, "voice_turn", data).await.unwrap();
    }
    let before = whole(&house, id).await;
    let fork = house.engine.fork(id, 6).await.unwrap();
    assert_eq!(house.engine.fork(id, 6).await.unwrap(), fork, "until something is said it is the same");
    let (parent, shown) = (house.sound(id).await, house.sound(fork).await);
    let said_of =
        |snapshot: &engine::Snapshot| snapshot.messages.iter().map(|(m, _)| m.clone()).collect::<Vec<_>>();
    assert_eq!(said_of(&shown), said_of(&parent)[..5], "words, times and readings");
    assert_eq!((shown.status, shown.replying_to), (Status::Active, None));
    let voices = |export: &Export| export.events.iter().filter(|event| event.kind == "voice_turn").count();
    assert_eq!(voices(&house.engine.export(fork).await.unwrap()), 1);

    house
        .say(fork, "otherwise", "A colleague and I disagreed on queues; I measured both and she took mine.")
        .await;
    assert_eq!(whole(&house, id).await, before, "nothing of the interview changed by it");
    let other = house.engine.fork(id, 6).await.unwrap();
    assert_ne!(other, fork, "once it went on, the next is another");
    house.engine.delete(id).await.unwrap();
    let shown = house.sound(fork).await;
    assert_eq!((shown.messages.len(), shown.messages[5].0.speaker), (7, Speaker::Candidate));
    let again = house.again(Arc::new(BuiltIn));
    again.say(fork, "on", ANSWER).await;
    assert!(
        again.engine.export(fork).await.unwrap().snapshot.messages.len() >= 9,
        "it goes on after a restart"
    );
}

#[tokio::test(start_paused = true)]
async fn the_same_answer_in_a_fork_brings_the_same_line() {
    let house = House::built_in();
    let id = held(&house).await;
    let fork = house.engine.fork(id, 6).await.unwrap();
    house.say(fork, "same", ANSWER).await;
    let line = |snapshot: engine::Snapshot| snapshot.messages[6].0.clone();
    let (there, here) = (line(house.sound(id).await), line(house.sound(fork).await));
    assert_eq!((&here.text, &here.why), (&there.text, &there.why), "the rules stand where they stood");
}

#[tokio::test(start_paused = true)]
async fn a_fork_that_is_left_alone_is_woken() {
    let house = House::built_in();
    let id = held(&house).await;
    let stop = tokio_util::sync::CancellationToken::new();
    let engine = house.engine.clone();
    let run = tokio::spawn({
        let stop = stop.clone();
        async move { engine.run(stop).await }
    });
    let fork = house.engine.fork(id, 6).await.unwrap();
    crate::house::pass(200_000).await;
    assert_eq!(house.sound(fork).await.messages.len(), 6, "somebody silent is spoken to");
    stop.cancel();
    run.await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pressed_many_times_at_once_it_is_made_once() {
    let folder = tempfile::tempdir().unwrap();
    let sqlite: Arc<dyn Store> = Arc::new(SqliteStore::open(folder.path()).await.unwrap());
    for store in [Arc::new(MemoryStore::default()) as Arc<dyn Store>, sqlite] {
        let house = House::on(store, Arc::new(BuiltIn));
        let id = held(&house).await;
        let pressed = (0..12).map(|n| {
            let engine = house.engine.clone();
            tokio::spawn(async move {
                let made = if n % 2 == 0 {
                    engine.take(id, 4, RetakeManner::Same).await
                } else {
                    engine.fork(id, 4).await
                };
                made.unwrap()
            })
        });
        for one in pressed.collect::<Vec<_>>() {
            one.await.unwrap();
        }
        let kinds: Vec<OriginKind> = house
            .engine
            .children(id)
            .await
            .unwrap()
            .iter()
            .filter_map(|child| Some(child.origin.as_ref()?.kind))
            .collect();
        assert_eq!(kinds.len(), 2, "{kinds:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_take_by_voice_is_a_take() {
    let house = House::built_in();
    let id = held(&house).await;
    let take = house.engine.take(id, 4, RetakeManner::Same).await.unwrap();
    house.engine.turn(take, start()).await.unwrap();
    let spoken = engine::Turn { modality: Modality::Voice, ..said("again", ANSWER) };
    house.engine.turn(take, spoken).await.unwrap();
    assert!(house.engine.children(id).await.unwrap()[0].spoken);
    assert!(house.engine.compare(take, None).await.unwrap().beside.is_some());
}

#[tokio::test(start_paused = true)]
async fn what_is_practised_is_begun_once_until_it_is_answered() {
    let house = House::built_in();
    let (id, other) = (held(&house).await, held(&house).await);
    let plan = interview::Plan::practice_name("failure");
    let practise = async |of| house.engine.create_practice(of, new(&plan)).await.unwrap();
    let (first, again) = tokio::join!(practise(id), practise(id));
    assert_eq!(first, again);
    house.engine.turn(first, start()).await.unwrap();
    assert_eq!(practise(id).await, first, "nothing was said to it");
    assert_ne!(practise(other).await, first);
    house.say(first, "a", SHORT).await;
    let second = practise(id).await;
    assert_ne!(second, first);
    house.engine.delete(first).await.unwrap();
    assert_eq!(house.sound(second).await.plan, interview::Plan::named(&plan).unwrap());
}
