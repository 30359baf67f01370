//! The agent's port to the interview, on the engine with a store in memory, on virtual time.

use std::sync::Arc;
use std::time::Duration;

use agent::interview::{
    AgentTurnReply, ConversationPhase, Happening, Interview as _, InterviewError, NoticedPauses, TurnTimes,
};
use engine::testing::{FakeClock, FakeWriter, MemoryStore, Piece};
use engine::{BuiltIn, Engine, NewSession, SessionId, Store as _, Turn, TurnKind, Writer};
use interview::{Modality, Profile, Seniority, TurnId, WriterTimeouts};
use server::metrics::Metrics;
use server::voice::interview::EngineInterview;
use server::voice::notes::Notes;
use tokio::time::{Instant, sleep, timeout};
use tokio_util::task::TaskTracker;

use crate::house::{SlowWriter, said};

struct Talk {
    engine: Engine,
    store: Arc<MemoryStore>,
    session: SessionId,
    interview: Arc<EngineInterview>,
    notes: Notes,
    metrics: Metrics,
    tasks: TaskTracker,
}

impl Talk {
    async fn with(writer: Arc<dyn Writer>) -> Self {
        let store = Arc::new(MemoryStore::default());
        let clock = Arc::new(FakeClock::new(1_700_000_000_000));
        let engine = engine::testing::engine(store.clone(), writer, clock, WriterTimeouts::default());
        let cv = "Skills\nKubernetes, Terraform and PostgreSQL at Northwind Ledger in Leeds.";
        let profile = Profile::new("Priya Nair", "Backend engineer", Seniority::Senior, cv, "").unwrap();
        let new = NewSession { owner: None, candidate_id: None, profile, plan: "standard".to_owned() };
        let session = engine.create(new).await.unwrap();
        let (metrics, tasks) = (Metrics::new("built-in", 0.0), TaskTracker::new());
        let notes = Notes::start(engine.clone(), session, metrics.clone(), &tasks);
        let interview = Arc::new(EngineInterview::new(engine.clone(), session, notes.clone()));
        Self { engine, store, session, interview, notes, metrics, tasks }
    }

    /// One that was opened, by voice.
    async fn opened(writer: Arc<dyn Writer>) -> Self {
        let talk = Self::with(writer).await;
        talk.interview.start("v-1").await.unwrap();
        talk
    }

    /// The candidate types.
    async fn types(&self, turn: &str, text: &str) {
        let kind = TurnKind::Said(text.to_owned());
        let turn = Turn { id: TurnId(turn.to_owned()), modality: Modality::Text, kind };
        self.engine.turn(self.session, turn).await.unwrap();
    }

    /// The kinds of what was kept beside messages by voice, once all is.
    async fn kept(self) -> Vec<(String, serde_json::Value)> {
        drop((self.interview, self.notes));
        self.tasks.close();
        self.tasks.wait().await;
        let events = self.store.events(self.session).await.unwrap().into_iter();
        events.filter(|e| e.kind.starts_with("voice_")).map(|e| (e.kind, e.data)).collect()
    }
}

fn line(answer: &AgentTurnReply) -> &str {
    &answer.line.as_ref().expect("a line").text
}

#[tokio::test(start_paused = true)]
async fn what_was_proposed_is_what_is_said() {
    let talk = Talk::with(Arc::new(BuiltIn)).await;
    let interview = &talk.interview;
    assert_eq!(interview.look(0).await.unwrap().standing, ConversationPhase::Ready);
    let opening = interview.start("v-1").await.unwrap();
    assert_eq!((opening.standing, opening.line.as_ref().unwrap().seq), (ConversationPhase::Active, 1));
    assert_eq!(interview.start("v-2").await.unwrap().line, None, "it was opened before");
    // Asking for the question again gets that question, which is never a line on an answer.
    let dropped = interview.propose("v-3", "Could you repeat the question?").await.unwrap().unwrap();
    let proposed = interview.propose("v-3", &said(3)).await.unwrap().unwrap();
    interview.activity().await.unwrap();
    let answer = interview.said("v-3", &said(3)).await.unwrap();
    assert_eq!(line(&answer), proposed);
    assert_ne!(proposed, dropped);
    assert_eq!(interview.said("v-3", &said(3)).await.unwrap(), answer, "the same again");
    let news = interview.look(0).await.unwrap();
    assert_eq!((news.seq, news.answered, news.lines.len()), (3, true, 1), "what was answered is out of date");
    assert_eq!(news.lines[0], answer.line.unwrap());
    assert!(!interview.look(2).await.unwrap().answered);
    let snapshot = talk.engine.snapshot(talk.session).await.unwrap();
    assert!(snapshot.messages.iter().all(|(message, _)| message.modality == Modality::Voice));
}

#[tokio::test(start_paused = true)]
async fn the_beginning_of_a_reply_is_told_while_the_rest_is_written() {
    let words = |text: &str| Piece::Words(text.to_owned());
    let opening = vec![words("Hello, Priya. What brought you to backend work?")];
    let reply = vec![words("Four weeks is not long. "), Piece::Wait(1_500), words("What did you do first?")];
    let talk = Talk::opened(Arc::new(FakeWriter::new([opening, reply]))).await;
    let (listening, saying) = (talk.interview.clone(), talk.interview.clone());
    let beginning = tokio::spawn(async move { listening.beginning().await });
    sleep(Duration::from_millis(1)).await;
    let asked = Instant::now();
    let answer = tokio::spawn(async move { saying.said("v-2", &said(2)).await });
    let beginning = beginning.await.unwrap().unwrap();
    assert!(asked.elapsed() < Duration::from_millis(1_000), "{:?}", asked.elapsed());
    assert_eq!((beginning.turn.as_str(), beginning.text.trim_end()), ("v-2", "Four weeks is not long."));
    let answer = answer.await.unwrap().unwrap();
    assert!(asked.elapsed() >= Duration::from_millis(1_500), "{:?}", asked.elapsed());
    assert!(line(&answer).starts_with(&beginning.text), "{answer:?}");
}

#[tokio::test(start_paused = true)]
async fn words_are_not_lost_when_the_session_went_on_meanwhile() {
    let talk = Talk::opened(Arc::new(BuiltIn)).await;
    let interview = &talk.interview;
    interview.propose("v-2", &said(2)).await.unwrap();
    talk.types("typed", &said(4)).await;
    let answer = interview.said("v-2", &said(2)).await.unwrap();
    assert_eq!(answer.line.as_ref().unwrap().seq, 5);
    // What cannot be taken however often it is said again is let go.
    assert_eq!(interview.said("v-3", " ").await.unwrap().line, None);
    assert_eq!(interview.said("v-2", "Something else.").await.unwrap().line, None);
    let endless = "word ".repeat(2_000);
    assert!(interview.said("v-4", &endless).await.unwrap().line.is_some());
    talk.engine.delete(talk.session).await.unwrap();
    assert_eq!(interview.said("v-5", &said(5)).await, Err(InterviewError::Over));
    assert_eq!(interview.activity().await, Err(InterviewError::Over));
}

#[tokio::test(start_paused = true)]
async fn what_happens_by_other_ways_is_told_once() {
    let talk = Talk::opened(Arc::new(SlowWriter(Duration::from_millis(50)))).await;
    let next = |seq, standing| {
        let interview = Arc::clone(&talk.interview);
        tokio::spawn(async move { interview.next(seq, standing).await })
    };
    let waiting = next(1, ConversationPhase::Active);
    sleep(Duration::from_secs(5)).await;
    assert!(!waiting.is_finished());
    let (typing, began) = (talk.types("typed", "I like boats."), Instant::now());
    let listening = async {
        let news = waiting.await.unwrap().unwrap();
        assert_eq!((news.seq, news.answered, news.replying, news.lines.len()), (2, true, true, 0));
        assert_eq!(began.elapsed(), Duration::ZERO, "at once");
        // It is still being replied to, which was told.
        let news = next(2, ConversationPhase::Active).await.unwrap().unwrap();
        assert_eq!((news.seq, news.answered, news.replying), (3, false, false));
        assert!(began.elapsed() > Duration::from_millis(100));
        assert_eq!(news.lines[0].turn, "typed");
    };
    tokio::join!(typing, listening);
    let quiet = timeout(Duration::from_secs(600), next(3, ConversationPhase::Active)).await.unwrap().unwrap();
    assert_eq!(quiet, Err(InterviewError::Unavailable), "after a while: ask again");
    let waiting = next(3, ConversationPhase::Active);
    let end = Turn { id: TurnId("e".to_owned()), modality: Modality::Text, kind: TurnKind::End };
    talk.engine.turn(talk.session, end).await.unwrap();
    assert_eq!(waiting.await.unwrap().unwrap().standing, ConversationPhase::Over);
    let waiting = next(4, ConversationPhase::Over);
    sleep(Duration::from_secs(1)).await;
    talk.engine.delete(talk.session).await.unwrap();
    assert_eq!(waiting.await.unwrap(), Err(InterviewError::Over));
}

#[tokio::test(start_paused = true)]
async fn a_line_is_cut_to_what_was_heard() {
    let talk = Talk::opened(Arc::new(BuiltIn)).await;
    let whole = talk.interview.look(0).await.unwrap().lines[0].clone();
    let begins: String = whole.text.split_inclusive(' ').take(3).collect();
    talk.interview.heard("v-1", &begins).await.unwrap();
    assert_eq!(talk.interview.look(0).await.unwrap().lines[0].text, begins.trim());
    talk.interview.heard("v-1", "").await.unwrap();
    talk.interview.heard("v-1", "what nobody said").await.unwrap();
    talk.interview.heard("v-9", "no such turn").await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn hearing_is_told_of_the_names_in_the_papers() {
    let talk = Talk::with(Arc::new(BuiltIn)).await;
    let words = talk.interview.vocabulary().await.unwrap();
    for name in ["Kubernetes", "PostgreSQL", "Northwind"] {
        assert!(words.iter().any(|word| word.contains(name)), "{name}: {words:?}");
    }
    assert!(words.len() <= 200 && !words.iter().any(|word| word.as_str() == "Skills"), "{words:?}");
}

#[tokio::test(start_paused = true)]
async fn hearing_is_told_of_the_names_in_corrections() {
    let talk = Talk::opened(Arc::new(BuiltIn)).await;
    talk.interview.said("v-2", "I led the ledger with Daniel Ockiver at Northwind.").await.unwrap();
    let seen = talk.interview.look(0).await.unwrap();
    assert_eq!(seen.corrections, 0);
    let correct = |text: &'static str| {
        let engine = talk.engine.clone();
        let session = talk.session;
        async move { engine.correct(session, 2, text).await.unwrap() }
    };
    let corrected = async {
        sleep(Duration::from_millis(50)).await;
        correct("I led the ledger with Daniel Okafor at Northwind.").await;
    };
    let (news, ()) = tokio::join!(talk.interview.next(seen.seq, seen.standing), corrected);
    let first = news.unwrap().corrections;
    assert_ne!(first, 0, "whoever hears is told at once");
    let words = talk.interview.vocabulary().await.unwrap();
    assert!(words.iter().any(|word| word.contains("Okafor")), "{words:?}");
    assert!(!words.iter().any(|word| word.contains("Ockiver")), "{words:?}");
    correct("I led the ledger with Chidi Okafor at Northwind.").await;
    assert_ne!(talk.interview.look(0).await.unwrap().corrections, first);
}

#[tokio::test(start_paused = true)]
async fn what_happened_is_kept_and_counted_without_a_word() {
    let talk = Talk::opened(Arc::new(BuiltIn)).await;
    let (metrics, store) = (talk.metrics.clone(), Arc::clone(&talk.store));
    let silence = talk.engine.snapshot(talk.session).await.unwrap().plan.clone();
    talk.interview.happened(Happening::Joined).await;
    let times = TurnTimes {
        turn: "v-2".to_owned(),
        spoke: Duration::from_secs(9),
        endpoint: Duration::from_millis(210),
        heard: Duration::from_millis(230),
        first_words: Duration::from_millis(240),
        first_audio: Duration::from_millis(300),
        played: Duration::from_millis(320),
        finished: Some(93),
        pauses: NoticedPauses { count: 2, longest: Duration::from_millis(1_400) },
        sure: Some(88),
    };
    talk.interview.timed(times).await;
    talk.interview.happened(Happening::Interrupted).await;
    talk.interview.happened(Happening::Left).await;
    let deadline = Arc::clone(&store);
    let kept = talk.kept().await;
    let kinds: Vec<_> = kept.iter().map(|(kind, _)| kind.as_str()).collect();
    assert_eq!(kinds, ["voice_joined", "voice_turn", "voice_interrupted", "voice_left"]);
    let turn = serde_json::json!({"turn": "v-2", "spoke_ms": 9_000, "endpoint_ms": 210, "heard_ms": 230,
        "first_words_ms": 240, "first_audio_ms": 300, "played_ms": 320, "finished": 93,
        "pauses": 2, "longest_pause_ms": 1_400, "sure": 88});
    assert_eq!(kept[1].1, turn);
    let text = metrics.text().unwrap();
    for figure in [
        "interviewos_voice_happenings_total{what=\"interrupted\"} 1",
        "interviewos_voice_happenings_total{what=\"lost\"} 0",
        "interviewos_voice_turn_seconds_bucket{le=\"0.3\",until=\"played\"} 0",
        "interviewos_voice_turn_seconds_bucket{le=\"0.4\",until=\"played\"} 1",
    ] {
        assert!(text.lines().any(|line| line == figure), "{figure}\n{text}");
    }
    // Whoever types again has the time that it takes.
    let next = deadline.next_deadline().await.unwrap().unwrap() - 1_700_000_000_000;
    assert_eq!(next, silence.silence_text.nudge);
}
