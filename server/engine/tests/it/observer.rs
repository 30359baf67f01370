//! What an observer is told.

use std::sync::Arc;
use std::time::Duration;

use engine::testing::{FailingStore, FakeClock, MemoryStore, NotingObserver, Piece};
use engine::{BuiltIn, Engine, EngineError, SessionId, Store, Turn, TurnKind, Writer};
use interview::{Request, WriterTimeouts};
use tokio_util::sync::CancellationToken;

use crate::house::{ANSWER, QUESTIONS, fluent, new, opens_then, pass, said, start, turn};

struct Observed {
    engine: Engine,
    told: Arc<NotingObserver>,
}

impl Observed {
    fn on(store: Arc<dyn Store>, writer: Arc<dyn Writer>) -> Self {
        let (clock, told) =
            (Arc::new(FakeClock::new(1_700_000_000_000)), Arc::new(NotingObserver::default()));
        let engine = Engine::observed(store, writer, clock, WriterTimeouts::default(), told.clone());
        Self { engine, told }
    }

    fn by(writer: Arc<dyn Writer>) -> Self {
        Self::on(Arc::new(MemoryStore::default()), writer)
    }

    /// An interview that was created; that is told, and forgotten again.
    async fn created(&self) -> SessionId {
        let id = self.engine.create(new("quick")).await.unwrap();
        assert_eq!(self.told.told(), ["created"]);
        id
    }

    /// What is told of this turn.
    async fn told_of(&self, id: SessionId, turn: Turn) -> Vec<String> {
        let _ = self.engine.turn(id, turn).await;
        self.told.told()
    }
}

#[tokio::test(start_paused = true)]
async fn turns_of_the_built_in_interviewer() {
    let house = Observed::by(Arc::new(BuiltIn));
    let id = house.created().await;
    let reply = "Not a word of this was said.";
    let cases: [(Turn, &[&str]); 12] = [
        (said("a", ANSWER), &["said refused: not_started"]),
        (start(), &["start by bank in 0 ms"]),
        (turn("again", TurnKind::Start), &["start refused: already_started"]),
        (said("a", ANSWER), &["said by bank in 0 ms"]),
        // Sent again, a turn is answered again and not counted again.
        (said("a", ANSWER), &[]),
        (said("a", "Something else."), &["said refused: turn_mismatch"]),
        (said("b", " "), &["said refused: blank_text"]),
        (turn("a", TurnKind::Heard(reply.to_owned())), &["heard refused: nothing_heard"]),
        (turn("c", TurnKind::Asked(Request::Repeat)), &["asked by bank in 0 ms"]),
        (turn("d", TurnKind::Silence), &["silence by bank in 0 ms"]),
        (turn("e", TurnKind::End), &["ended: Asked", "end by bank in 0 ms"]),
        (said("f", ANSWER), &["said refused: session_ended"]),
    ];
    for (turn, told) in cases {
        let name = format!("{turn:?}");
        assert_eq!(house.told_of(id, turn).await, told, "{name}");
    }
    house.engine.delete(id).await.unwrap();
    assert_eq!(house.told_of(id, said("g", ANSWER)).await, ["said refused: not_found"]);
}

#[tokio::test(start_paused = true)]
async fn what_was_heard_brings_no_words() {
    let house = Observed::by(Arc::new(BuiltIn));
    let id = house.created().await;
    let reply = house.engine.turn(id, start()).await.unwrap();
    house.told.told();
    let heard: Vec<&str> = reply.text.split_whitespace().take(2).collect();
    let heard = turn("start", TurnKind::Heard(heard.join(" ")));
    assert_eq!(house.told_of(id, heard).await, ["heard by none in 0 ms"]);
}

#[tokio::test(start_paused = true)]
async fn turns_of_a_model() {
    let house = Observed::by(fluent());
    let id = house.created().await;
    let told = house.told_of(id, start()).await;
    assert_eq!(told, ["start by model in 1000 ms, shown after 500 ms"]);
    // Two at once: the second one waits for the first, and that counts.
    let (first, second) = (said("a", ANSWER), said("b", "I asked the auditors for a week more."));
    let (first, second) = tokio::join!(house.engine.turn(id, first), house.engine.turn(id, second));
    assert!(first.is_ok() && second.is_ok());
    let told = house.told.told();
    assert_eq!(
        told,
        ["said by model in 1000 ms, shown after 500 ms", "said by model in 2000 ms, shown after 1500 ms"]
    );
}

#[tokio::test(start_paused = true)]
async fn writers_that_fail() {
    let wait = |millis| Piece::Wait(millis);
    let words = |text: &str| Piece::Words(text.to_owned());
    let cases: [(Vec<Piece>, &[&str]); 5] = [
        (
            vec![wait(40), Piece::Fail],
            &["writer failed at Transition: told to fail", "said by fallback in 40 ms"],
        ),
        (vec![wait(60_000)], &["writer failed at Transition: late", "said by fallback in 8000 ms"]),
        (vec![], &["writer failed at Transition: empty", "said by fallback in 0 ms"]),
        (
            vec![words("The "), wait(60_000)],
            &["writer failed at Transition: stalled", "said by fallback in 4000 ms, shown after 0 ms"],
        ),
        // The rules refuse it, twice.
        (
            vec![words(QUESTIONS[0])],
            &["writer failed at Transition: unfit", "said by fallback in 0 ms, shown after 0 ms"],
        ),
    ];
    for (pieces, told) in cases {
        let house = Observed::by(opens_then(pieces.clone()));
        let id = house.created().await;
        house.told_of(id, start()).await;
        assert_eq!(house.told_of(id, said("a", ANSWER)).await, told, "{pieces:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_turn_is_observed_though_its_caller_goes_away() {
    let house = Observed::by(fluent());
    let id = house.created().await;
    let gone = tokio::time::timeout(Duration::from_millis(100), house.engine.turn(id, start())).await;
    assert!(gone.is_err());
    pass(2_000).await;
    assert_eq!(house.told.told(), ["start by model in 1000 ms, shown after 500 ms"]);
}

#[tokio::test(start_paused = true)]
async fn a_store_that_fails() {
    let store = Arc::new(FailingStore::new(Arc::new(MemoryStore::default())));
    let house = Observed::on(store.clone(), Arc::new(BuiltIn));
    let id = house.created().await;
    store.fail_at(1);
    assert!(matches!(house.engine.turn(id, start()).await, Err(EngineError::Store(_))));
    assert_eq!(house.told.told(), ["store failed: commit", "start refused: store_failed"]);
    assert_eq!(house.told_of(id, start()).await, ["start by bank in 0 ms"]);
}

#[tokio::test(start_paused = true)]
async fn deadlines_wake_an_interview_until_it_ends() {
    let house = Observed::by(Arc::new(BuiltIn));
    let id = house.created().await;
    house.told_of(id, start()).await;
    let (engine, stop) = (house.engine.clone(), CancellationToken::new());
    let run = tokio::spawn({
        let stop = stop.clone();
        async move { engine.run(stop).await }
    });
    pass(60 * 60 * 1_000).await;
    let told = house.told.told();
    assert!(told.len() >= 3 && told[0] == "wake by bank in 0 ms", "{told:?}");
    assert!(told.contains(&"wake by none in 0 ms".to_owned()), "it pauses: {told:?}");
    stop.cancel();
    run.await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_reply_that_a_crash_left_out_is_a_turn_of_its_own() {
    let store: Arc<dyn Store> = Arc::new(MemoryStore::default());
    let before = Observed::on(store.clone(), opens_then(vec![Piece::Wait(60_000)]));
    let id = before.created().await;
    before.told_of(id, start()).await;
    let engine = before.engine.clone();
    let crashed = tokio::spawn(async move { engine.turn(id, said("a", ANSWER)).await });
    pass(10).await;
    let after = Observed::on(store, Arc::new(BuiltIn));
    assert_eq!(
        after.told_of(id, said("b", "I asked the auditors.")).await,
        ["resume by bank in 0 ms", "said by bank in 0 ms"]
    );
    crashed.abort();
}
