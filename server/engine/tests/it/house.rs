//! An engine with its fakes, and shorthands for what tests say to it.

use std::sync::Arc;
use std::time::Duration;

use engine::testing::{FakeClock, FakeWriter, MemoryStore, Piece};
use engine::{
    BuiltIn, Clock, Engine, NewSession, Owner, SessionId, Snapshot, Store, Turn, TurnKind, TurnReply, Writer,
};
use interview::{Modality, Profile, Seniority, Speaker, TurnId, WriterTimeouts};

/// An answer with everything in it.
pub(crate) const ANSWER: &str = "At Northwind in 2021 our settlement report was wrong every Monday and the bank \
    wanted it right within three weeks. I moved the ledger to double entry in Postgres, wrote the migration myself \
    and ran both side by side. In the end the differences fell to zero and we closed the month two days earlier.";

pub(crate) struct House {
    pub(crate) engine: Engine,
    pub(crate) store: Arc<dyn Store>,
    pub(crate) clock: Arc<FakeClock>,
}

impl House {
    pub(crate) fn on(store: Arc<dyn Store>, writer: Arc<dyn Writer>) -> Self {
        let clock = Arc::new(FakeClock::new(1_700_000_000_000));
        let engine =
            engine::testing::engine(Arc::clone(&store), writer, clock.clone(), WriterTimeouts::default());
        Self { engine, store, clock }
    }

    /// With the built-in interviewer.
    pub(crate) fn built_in() -> Self {
        Self::on(Arc::new(MemoryStore::default()), Arc::new(BuiltIn))
    }

    /// With a scripted model.
    pub(crate) fn model(writer: &Arc<FakeWriter>) -> Self {
        Self::on(Arc::new(MemoryStore::default()), writer.clone())
    }

    /// Another engine on the same store and clock, as after a restart.
    pub(crate) fn again(&self, writer: Arc<dyn Writer>) -> Self {
        let (store, clock) = (Arc::clone(&self.store), Arc::clone(&self.clock));
        let engine =
            engine::testing::engine(Arc::clone(&store), writer, clock.clone(), WriterTimeouts::default());
        Self { engine, store, clock }
    }

    pub(crate) async fn created(&self) -> SessionId {
        self.engine.create(new("quick")).await.unwrap()
    }

    /// A session that was opened by the turn `start`.
    pub(crate) async fn opened(&self) -> SessionId {
        let id = self.created().await;
        self.engine.turn(id, start()).await.unwrap();
        id
    }

    pub(crate) async fn say(&self, id: SessionId, turn: &str, text: &str) -> TurnReply {
        self.engine.turn(id, said(turn, text)).await.unwrap()
    }

    /// What is stored is whole, and what the engine shows is what is stored.
    pub(crate) async fn sound(&self, id: SessionId) -> Snapshot {
        let shown = self.engine.snapshot(id).await.unwrap();
        let stored = self.store.load(id).await.unwrap().unwrap();
        assert_eq!(shown.messages, stored.messages);
        assert_eq!((shown.version, shown.status), (stored.session.version, stored.session.status));
        for (n, (message, version)) in (1..).zip(&stored.messages) {
            assert_eq!(message.seq, n, "numbers have no gaps");
            assert!(*version <= stored.session.version);
        }
        for pair in stored.messages.windows(2) {
            assert!(pair[0].0.at <= pair[1].0.at, "times go forward");
        }
        let mut replied = std::collections::BTreeSet::new();
        for (message, _) in stored.messages.iter().filter(|(m, _)| m.speaker == Speaker::Interviewer) {
            assert!(replied.insert(message.turn.clone()), "turn {:?} was answered twice", message.turn);
        }
        Snapshot::clone(&shown)
    }
}

pub(crate) fn new(plan: &str) -> NewSession {
    NewSession {
        owner: Some(Owner("browser".to_owned())),
        candidate_id: None,
        profile: Profile::new("Priya Nair", "Backend engineer", Seniority::Senior, "", "").unwrap(),
        plan: plan.to_owned(),
    }
}

pub(crate) fn turn(id: &str, kind: TurnKind) -> Turn {
    Turn { id: TurnId(id.to_owned()), modality: Modality::Text, kind }
}

pub(crate) fn start() -> Turn {
    turn("start", TurnKind::Start)
}

pub(crate) fn said(id: &str, text: &str) -> Turn {
    turn(id, TurnKind::Said(text.to_owned()))
}

/// The texts of the messages in order.
pub(crate) fn texts(snapshot: &Snapshot) -> Vec<String> {
    snapshot.messages.iter().map(|(message, _)| message.text.clone()).collect()
}

/// Questions that do not repeat each other.
pub(crate) const QUESTIONS: [&str; 4] = [
    "Welcome, Priya. What brought you to backend work?",
    "The ledger sounds delicate. Who noticed the wrong numbers first?",
    "And which trade-off did you weigh before the migration?",
    "How would your former manager describe that quarter?",
];

/// A model that writes these questions, each in two pieces, half a second apart.
pub(crate) fn fluent() -> Arc<FakeWriter> {
    let script = |question: &str| {
        let (left, right) = question.split_at(question.find(' ').unwrap());
        vec![
            Piece::Wait(500),
            Piece::Words(left.to_owned()),
            Piece::Wait(500),
            Piece::Words(right.to_owned()),
        ]
    };
    Arc::new(FakeWriter::new(QUESTIONS.map(script)))
}

/// A model that opens well and then does this.
pub(crate) fn opens_then(pieces: Vec<Piece>) -> Arc<FakeWriter> {
    Arc::new(FakeWriter::new([vec![Piece::Words(QUESTIONS[0].to_owned())], pieces]))
}

pub(crate) async fn pass(millis: u64) {
    tokio::time::sleep(Duration::from_millis(millis)).await;
}

pub(crate) fn now(house: &House) -> i64 {
    house.clock.now()
}
