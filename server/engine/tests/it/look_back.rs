//! Looking back at an interview: the report, and what is said to it.

use std::collections::BTreeSet;
use std::sync::Arc;

use engine::testing::MemoryStore;
use engine::{BuiltIn, EngineError, NewSession, Owner, TurnKind};
use interview::{MAX_ANSWER, Modality};
use serde_json::json;
use store::SqliteStore;

use crate::house::{ANSWER, House, new, said, start, turn};

/// A story told in an interview that is over.
async fn held(house: &House) -> engine::SessionId {
    let id = house.opened().await;
    for n in 0..4 {
        let answer = format!("{ANSWER} That was number {n}.");
        if house.engine.turn(id, said(&format!("a{n}"), &answer)).await.is_err() {
            break;
        }
    }
    let _over = house.engine.turn(id, turn("end", TurnKind::End)).await;
    id
}

#[tokio::test]
async fn a_report_is_the_same_however_often_it_is_made() {
    let house = House::built_in();
    let id = held(&house).await;
    let report = house.engine.report(id).await.unwrap();
    assert!(!report.stories.is_empty() && report.keep.is_some());
    assert_eq!(house.engine.report(id).await.unwrap(), report);
    assert_eq!(
        house.again(Arc::new(BuiltIn)).engine.report(id).await.unwrap(),
        report,
        "after a restart too"
    );
    assert_eq!(house.engine.export(id).await.unwrap().report, report);
    assert!(matches!(
        house.engine.report(engine::SessionId(uuid::Uuid::from_u128(1))).await,
        Err(EngineError::NotFound)
    ));
}

#[tokio::test]
async fn an_interview_that_was_not_opened_has_nothing_to_note() {
    let house = House::built_in();
    let id = house.created().await;
    assert!(house.engine.report(id).await.unwrap().statements().is_empty());
    house.engine.turn(id, start()).await.unwrap();
    assert_eq!(house.engine.report(id).await.unwrap().answers, 0);
}

#[tokio::test]
async fn what_is_struck_is_kept_and_never_counted_again() {
    let folder = tempfile::tempdir().unwrap();
    let stores: [Arc<dyn engine::Store>; 2] =
        [Arc::new(MemoryStore::default()), Arc::new(SqliteStore::open(folder.path()).await.unwrap())];
    for store in stores {
        let house = House::on(store, Arc::new(BuiltIn));
        let id = held(&house).await;
        let before = house.engine.report(id).await.unwrap();
        let keep = before.keep.clone().unwrap();
        assert!(matches!(house.engine.strike(id, "keep.everything").await, Err(EngineError::NoStatement)));
        for _ in 0..2 {
            house.engine.strike(id, keep.id()).await.unwrap();
        }
        let after = house.again(Arc::new(BuiltIn)).engine.report(id).await.unwrap();
        assert_eq!(after.struck, std::slice::from_ref(&keep));
        assert!(after.statements().iter().all(|statement| statement.id() != keep.id()));
        assert_eq!(after.stories, before.stories, "and nothing else is struck with it");
        assert!(matches!(house.engine.unstrike(id, "keep.everything").await, Err(EngineError::NoStatement)));
        for _ in 0..2 {
            house.engine.unstrike(id, keep.id()).await.unwrap();
        }
        assert_eq!(house.engine.report(id).await.unwrap(), before, "taken back, it is as it was");
        house.engine.delete(id).await.unwrap();
        assert!(matches!(house.engine.strike(id, keep.id()).await, Err(EngineError::NotFound)));
    }
}

#[tokio::test]
async fn what_the_system_did_wrong_is_in_the_report() {
    let house = House::built_in();
    let id = house.opened().await;
    house.engine.note(id, "voice_hearing_failed", json!({})).await.unwrap();
    let spoken = engine::Turn { modality: Modality::Voice, ..said("a0", ANSWER) };
    house.engine.turn(id, spoken).await.unwrap();
    let times = json!({ "turn": "a0", "spoke_ms": 30_000, "endpoint_ms": 300, "heard_ms": 1, "first_words_ms": 1,
        "first_audio_ms": 1, "played_ms": 900, "finished": 90 });
    house.engine.note(id, "voice_turn", times).await.unwrap();
    let report = house.engine.report(id).await.unwrap();
    assert_eq!(report.harms.into_iter().collect::<Vec<_>>(), [(2, vec![report::Harm::HeardBadly])]);
    assert_eq!(report.delivery, None, "what was heard badly is not measured");
}

#[tokio::test]
async fn a_correction_is_kept_beside_what_was_heard_and_everything_goes_by_it() {
    let folder = tempfile::tempdir().unwrap();
    let stores: [Arc<dyn engine::Store>; 2] =
        [Arc::new(MemoryStore::default()), Arc::new(SqliteStore::open(folder.path()).await.unwrap())];
    for store in stores {
        let house = House::on(store, Arc::new(BuiltIn));
        let id = house.opened().await;
        let (heard, right) = (ANSWER.replace("Northwind", "Northwynd"), ANSWER);
        let spoken = engine::Turn { modality: Modality::Voice, ..said("a0", &heard) };
        house.engine.turn(id, spoken).await.unwrap();
        house.engine.turn(id, said("a1", "I also wrote the report on it.")).await.unwrap();
        let before = house.sound(id).await;
        for _ in 0..2 {
            house.engine.correct(id, 2, &format!(" {right}\n")).await.unwrap();
        }
        let after = house.sound(id).await;
        assert_eq!(after.version, before.version + 1, "said again it changes nothing");
        let (message, version) = &after.messages[1];
        assert_eq!((message.text.as_str(), *version), (right, after.version));
        assert_eq!(message.original.as_ref(), Some(&heard));
        let again = house.again(Arc::new(BuiltIn));
        assert_eq!(again.engine.snapshot(id).await.unwrap().messages, after.messages, "after a restart too");
        let export = again.engine.export(id).await.unwrap();
        let report = serde_json::to_string(&export.report).unwrap();
        assert!(report.contains("Northwind") && !report.contains("Northwynd"), "{report}");
        let kept: Vec<_> = export.events.iter().filter(|event| event.kind == "corrected").collect();
        assert_eq!(kept.iter().map(|event| &event.data).collect::<Vec<_>>(), [&json!({ "seq": 2 })]);
        house.engine.turn(id, turn("end", TurnKind::End)).await.unwrap();
        house.engine.correct(id, 2, &heard).await.unwrap();
        assert_eq!(house.sound(id).await.messages[1].0.original, None, "put back it was never corrected");
    }
}

#[tokio::test]
async fn what_cannot_be_corrected_is_refused_and_stays_as_it_is() {
    let house = House::built_in();
    let id = house.opened().await;
    let spoken = engine::Turn { modality: Modality::Voice, ..said("a0", ANSWER) };
    house.engine.turn(id, spoken).await.unwrap();
    house.engine.turn(id, said("a1", "I also wrote the report on it.")).await.unwrap();
    let before = house.sound(id).await;
    let correct = async |seq: u32, text: &str| house.engine.correct(id, seq, text).await;
    for (seq, text) in [(1, "What?"), (4, "I typed this."), (0, "Nobody."), (99, "Nobody.")] {
        assert!(matches!(correct(seq, text).await, Err(EngineError::NotCorrectable)), "{seq}");
    }
    assert!(matches!(correct(2, " \n").await, Err(EngineError::BlankText)));
    let long = "x".repeat(MAX_ANSWER + 1);
    assert!(matches!(correct(2, &long).await, Err(EngineError::LongText { limit: MAX_ANSWER })));
    assert!(matches!(correct(2, ANSWER).await, Err(EngineError::Unchanged)));
    let nobody = engine::SessionId(uuid::Uuid::from_u128(1));
    assert!(matches!(house.engine.correct(nobody, 2, "x").await, Err(EngineError::NotFound)));
    assert_eq!(house.sound(id).await, before);
    assert_eq!(*house.again(Arc::new(BuiltIn)).engine.snapshot(id).await.unwrap(), before);
}

#[tokio::test]
async fn a_person_looks_back_at_their_own_and_names_them() {
    let house = House::built_in();
    let (mine, theirs) = (Owner("mine".to_owned()), Owner("theirs".to_owned()));
    let of = async |owner: &Owner| {
        let session = NewSession { owner: Some(owner.clone()), ..new("quick") };
        house.engine.create(session).await.unwrap()
    };
    let (first, second, foreign, unopened) =
        (of(&mine).await, of(&mine).await, of(&theirs).await, of(&mine).await);
    for id in [first, second, foreign] {
        house.engine.turn(id, start()).await.unwrap();
        house.engine.turn(id, said("a", ANSWER)).await.unwrap();
    }
    let looked: Vec<_> = house.engine.retrospect(&mine, 10).await.unwrap();
    let ids: BTreeSet<_> = looked.iter().map(|export| export.snapshot.id).collect();
    assert_eq!(ids, BTreeSet::from([first, second]), "those that were opened, and nobody else's");
    assert!(!ids.contains(&unopened));
    for export in &looked {
        assert_eq!(export.report, house.engine.report(export.snapshot.id).await.unwrap());
    }
    assert_eq!(
        house.engine.retrospect(&mine, 2).await.unwrap().len(),
        1,
        "the one that was not opened is one of two"
    );

    house.engine.set_label(first, "the good one").await.unwrap();
    let named = house.again(Arc::new(BuiltIn)).engine.labels(&mine).await.unwrap();
    assert_eq!(named.into_iter().collect::<Vec<_>>(), [(first, "the good one".to_owned())]);
    house.engine.delete(first).await.unwrap();
    assert!(house.engine.labels(&mine).await.unwrap().is_empty());
    assert!(matches!(house.engine.set_label(first, "gone").await, Err(EngineError::NotFound)));
}
