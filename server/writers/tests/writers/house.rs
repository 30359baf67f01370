//! A whole interview: an engine with a writer, and what a candidate answers.

use std::sync::Arc;

use engine::testing::MemoryStore;
use engine::{Engine, NewSession, Store, SystemClock, Turn, TurnKind, Writer};
use interview::{LineSource, Modality, Profile, Seniority, Speaker, TurnId, WriterTimeouts};

pub const ANSWERS: [&str; 6] = [
    "At Northwind in 2021 our settlement report was wrong every Monday and the bank wanted it right within three \
     weeks. I moved the ledger to double entry in Postgres, wrote the migration myself and ran both side by side. In \
     the end the differences fell to zero and we closed the month two days earlier.",
    "We did a lot of things.",
    "I always try to communicate well with everyone.",
    "My manager left in the middle of it and I was, sorry, a bit lost. Then Zoë from support showed me the calls.",
    "I don't know.",
    "I learned Kafka on the job because 40 million rows a day did not fit into the old queue.",
];

/// An interview with a writer behind an engine.
pub struct House {
    pub engine: Engine,
    pub store: Arc<dyn Store>,
    pub id: engine::SessionId,
}

impl House {
    pub async fn open(writer: Arc<dyn Writer>, settings: WriterTimeouts, plan: &str) -> Self {
        let store: Arc<dyn Store> = Arc::new(MemoryStore::default());
        let engine = engine::testing::engine(store.clone(), writer, Arc::new(SystemClock), settings);
        let profile = Profile::new("Ana Šimić", "Backend engineer", Seniority::Senior, "", "").unwrap();
        let new = NewSession { owner: None, candidate_id: None, profile, plan: plan.to_owned() };
        let id = engine.create(new).await.unwrap();
        let house = Self { engine, store, id };
        house.turn("start", TurnKind::Start).await;
        house
    }

    pub async fn turn(&self, id: &str, kind: TurnKind) -> bool {
        let turn = Turn { id: TurnId(id.to_owned()), modality: Modality::Text, kind };
        self.engine.turn(self.id, turn).await.is_ok()
    }

    pub async fn say(&self, n: usize) -> bool {
        self.turn(&format!("t-{n}"), TurnKind::Said(ANSWERS[n % ANSWERS.len()].to_owned())).await
    }

    /// Answers until the interview is over, or so many times.
    pub async fn hold(&self, most: usize) {
        let mut n = 0;
        while n < most && self.say(n).await {
            n += 1;
        }
    }

    pub async fn lines(&self) -> Vec<(String, LineSource)> {
        let snapshot = self.engine.snapshot(self.id).await.unwrap();
        let lines = snapshot.messages.iter().map(|(m, _)| m.clone());
        lines.filter(|m| m.speaker == Speaker::Interviewer).map(|m| (m.text, m.source.unwrap())).collect()
    }
}
