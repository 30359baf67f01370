//! Answers that were not read in time.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};

use async_trait::async_trait;
use engine::testing::MemoryStore;
use engine::{
    Answer, BuiltIn, Engine, Helpers, Reader, ReaderFailure, SessionId, Store, SystemClock, TurnKind,
    Unobserved,
};
use interview::reading::{AnswerReading, Likely, Part};
use interview::{Speaker, WriterTimeouts};

use crate::house::{ANSWER, new, said, start, turn};

/// Reads nothing in time, and so many answers at leisure.
struct SlowReader {
    most: usize,
    asked: AtomicUsize,
}

#[async_trait]
impl Reader for SlowReader {
    async fn read(&self, _: Answer) -> Result<AnswerReading, ReaderFailure> {
        Err(ReaderFailure::Late)
    }

    async fn read_at_leisure(&self, answer: Answer) -> Result<AnswerReading, ReaderFailure> {
        assert!(!answer.question.is_empty() && answer.text.contains("number"), "{answer:?}");
        if self.asked.fetch_add(1, SeqCst) >= self.most {
            return Err(ReaderFailure::Failed);
        }
        let parts = vec![Likely { what: Part::Result, likely: 900 }];
        Ok(AnswerReading { parts, ..AnswerReading::default() })
    }

    async fn private(&self, _: String) -> Result<u16, ReaderFailure> {
        Ok(0)
    }
}

fn engine(store: &Arc<dyn Store>, reader: &Arc<SlowReader>) -> Engine {
    let helpers = Helpers { reader: Some(reader.clone()), ..engine::testing::seeded() };
    let clock = Arc::new(SystemClock);
    Engine::with_models(
        store.clone(),
        Arc::new(BuiltIn),
        helpers,
        clock,
        WriterTimeouts::default(),
        Arc::new(Unobserved),
    )
}

/// What is understood of each answer, as it is stored.
async fn understood(store: &Arc<dyn Store>, id: SessionId) -> Vec<bool> {
    let messages = store.load(id).await.unwrap().unwrap().messages;
    let answers = messages.iter().filter(|(m, _)| m.speaker == Speaker::Candidate);
    answers.map(|(m, _)| m.reading.is_some()).collect()
}

#[tokio::test]
async fn what_was_not_read_in_time_is_read_for_the_notes_once_and_kept() {
    let store: Arc<dyn Store> = Arc::new(MemoryStore::default());
    let reader = Arc::new(SlowReader { most: 3, asked: AtomicUsize::new(0) });
    let engine = engine(&store, &reader);
    let id = engine.create(new("standard")).await.unwrap();
    engine.turn(id, start()).await.unwrap();
    for n in 0..4 {
        engine.turn(id, said(&format!("a{n}"), &format!("{ANSWER} That was number {n}."))).await.unwrap();
    }
    engine.report(id).await.unwrap();
    assert_eq!(reader.asked.load(SeqCst), 0, "not while it is under way");
    engine.turn(id, turn("end", TurnKind::End)).await.unwrap();
    let said = engine.snapshot(id).await.unwrap();
    engine.report(id).await.unwrap();
    assert_eq!(understood(&store, id).await, [true, true, true, false], "what fails is left");
    let then = engine.snapshot(id).await.unwrap();
    let texts =
        |shown: &engine::Snapshot| shown.messages.iter().map(|(m, _)| m.text.clone()).collect::<Vec<_>>();
    assert_eq!((texts(&then), then.status, then.ended_at), (texts(&said), said.status, said.ended_at));
    let again = Arc::new(SlowReader { most: 9, asked: AtomicUsize::new(0) });
    let engine = self::engine(&store, &again);
    let report = engine.report(id).await.unwrap();
    assert_eq!(understood(&store, id).await, [true; 4]);
    assert_eq!(engine.report(id).await.unwrap(), report);
    assert_eq!(again.asked.load(SeqCst), 1, "each is read once");
}
