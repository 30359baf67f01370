//! A model that judges: what it invents, what it costs, how long it is waited for.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use engine::testing::{FakeClock, MemoryStore};
use engine::{
    BuiltIn, Engine, Helpers, Judge, JudgeRequest, Judging, Opinion, SessionId, Store, TurnKind, Unobserved,
};
use interview::{Speaker, WriterTimeouts};
use report::{CompetencyLevel, Report, StatementRejection, TokenUsage};
use serde_json::json;
use store::SqliteStore;

use crate::house::{ANSWER, new, said, start, turn};

/// What the judge does when it is asked, each time the next, the last again and again.
#[derive(Clone)]
enum Play {
    /// Judges each story so, with words of it and these of its own.
    Says(&'static str, &'static str, &'static str),
    /// Replies this.
    Nonsense(&'static str),
    /// Replies nothing, ever.
    Silent,
    Fails,
}

struct FakeJudge {
    plays: Vec<Play>,
    asked: AtomicUsize,
}

impl FakeJudge {
    fn new(plays: &[Play]) -> Arc<Self> {
        Arc::new(Self { plays: plays.to_vec(), asked: AtomicUsize::new(0) })
    }

    fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}

#[async_trait]
impl Judge for FakeJudge {
    fn model(&self) -> &str {
        "fake-7b"
    }

    async fn judge(&self, stories: &JudgeRequest) -> Result<Opinion, String> {
        let at = self.asked.fetch_add(1, Ordering::SeqCst).min(self.plays.len() - 1);
        assert!(stories.told.iter().all(|story| story.said[0].0 == Speaker::Interviewer));
        let tokens = Some(TokenUsage { read: 1_000, written: 100 });
        match self.plays[at] {
            Play::Silent => std::future::pending().await,
            Play::Fails => Err("http_500".to_owned()),
            Play::Nonsense(text) => Ok(Opinion { text: text.to_owned(), tokens }),
            Play::Says(level, judgement, quote) => {
                let stories = stories.told.iter().map(|story| {
                    json!({ "question": story.question, "level": level, "judgement": judgement, "quotes": [quote] })
                });
                let text = json!({ "stories": stories.collect::<Vec<_>>() }).to_string();
                Ok(Opinion { text, tokens })
            }
        }
    }
}

const QUOTE: &str = "I moved the ledger to double entry in Postgres";
const SOUND: Play = Play::Says("sound", "You say what you did yourself.", QUOTE);
const STRONG: Play = Play::Says("strong", "You say what you did yourself, and what came of it.", QUOTE);

fn engine(store: &Arc<dyn Store>, judge: Option<Arc<FakeJudge>>) -> Engine {
    let clock = Arc::new(FakeClock::new(1_700_000_000_000));
    let judge = judge.map(|judge| judge as Arc<dyn Judge>);
    let (writer, settings) = (Arc::new(BuiltIn), WriterTimeouts::default());
    Engine::with_models(
        Arc::clone(store),
        writer,
        Helpers { judge, ..engine::testing::seeded() },
        clock,
        settings,
        Arc::new(Unobserved),
    )
}

/// An interview of one story, which is over.
async fn held(engine: &Engine) -> SessionId {
    let id = engine.create(new("quick")).await.unwrap();
    engine.turn(id, start()).await.unwrap();
    for n in 0..4 {
        if engine.turn(id, said(&format!("a{n}"), ANSWER)).await.is_err() {
            break;
        }
    }
    let _over = engine.turn(id, turn("end", TurnKind::End)).await;
    id
}

/// The report once nothing more is to come.
async fn at_last(engine: &Engine, id: SessionId) -> (Report, Judging) {
    looked_at(engine, id, Duration::from_millis(5)).await
}

/// The same, looked at every so often.
async fn looked_at(engine: &Engine, id: SessionId, every: Duration) -> (Report, Judging) {
    loop {
        let (report, judging) = engine.report_so_far(id).await.unwrap();
        if judging != Judging::UnderWay {
            return (report, judging);
        }
        tokio::time::sleep(every).await;
    }
}

fn memory() -> Arc<dyn Store> {
    Arc::new(MemoryStore::default())
}

#[tokio::test]
async fn a_report_is_there_at_once_and_the_models_part_in_a_later_one() {
    let folder = tempfile::tempdir().unwrap();
    let stores: [Arc<dyn Store>; 2] = [memory(), Arc::new(SqliteStore::open(folder.path()).await.unwrap())];
    for store in stores {
        let judge = FakeJudge::new(&[SOUND, STRONG, SOUND]);
        let engine = engine(&store, Some(judge.clone()));
        let id = held(&engine).await;
        let plain = engine.export(id).await.unwrap().report;
        assert_eq!(judge.asked(), 0, "an export costs nothing");
        let (first, judging) = engine.report_so_far(id).await.unwrap();
        assert_eq!((&first, judging), (&plain, Judging::UnderWay));
        let (later, judging) = at_last(&engine, id).await;
        let judged = later.judgements.clone().unwrap();
        assert_eq!((judging, judged.model.as_str(), judged.replies), (Judging::Done, "fake-7b", 3));
        assert_eq!(judged.tokens, Some(TokenUsage { read: 3_000, written: 300 }));
        assert_eq!(
            judged.verdicts[0].level,
            (CompetencyLevel::Sound, CompetencyLevel::Strong),
            "a band, for they differ"
        );
        assert_eq!(Report { judgements: None, ..later.clone() }, plain, "and nothing else is other");
        let verdict = judged.verdicts[0].statement.id().to_owned();
        engine.strike(id, &verdict).await.unwrap();
        let again = self::engine(&store, Some(judge.clone()));
        let after = again.report(id).await.unwrap();
        assert!(after.statements().iter().all(|it| it.id() != verdict), "struck, also after a restart");
        assert!(after.struck.iter().any(|it| it.id() == verdict));
        assert_eq!(judge.asked(), 3, "nobody is asked twice");
        let without = self::engine(&store, None);
        assert_eq!(without.report(id).await.unwrap(), after, "what was paid for stays");
    }
}

#[tokio::test]
async fn what_a_model_invents_is_dropped_and_counted() {
    let judge = FakeJudge::new(&[
        Play::Says("strong", "You say what you did yourself.", "I was promoted the week after"),
        Play::Says("strong", "You say that you closed the month 47 days earlier.", QUOTE),
        Play::Says("strong", "You say what you did for Goldbach.", QUOTE),
    ]);
    let engine = engine(&memory(), Some(judge));
    let id = held(&engine).await;
    let (report, _) = at_last(&engine, id).await;
    let judged = report.judgements.unwrap();
    assert!(judged.verdicts.is_empty() && judged.wordings.is_empty());
    let stories = report.stories.len();
    let dropped: Vec<_> = judged.dropped.into_iter().collect();
    let want = [StatementRejection::Quotation, StatementRejection::Number, StatementRejection::Name]
        .map(|why| (why, stories));
    assert_eq!(dropped, want);
}

#[tokio::test]
async fn nonsense_is_counted_and_judges_nothing() {
    let judge =
        FakeJudge::new(&[Play::Nonsense("I am sorry, Dave."), Play::Nonsense("{\"stories\": [1]}"), SOUND]);
    let engine = engine(&memory(), Some(judge));
    let id = held(&engine).await;
    let judged = at_last(&engine, id).await.0.judgements.unwrap();
    assert!(judged.verdicts.is_empty(), "one reply alone");
    assert_eq!((judged.dropped[&StatementRejection::Unreadable], judged.replies), (2, 3));
}

#[tokio::test(start_paused = true)]
async fn a_model_is_waited_for_a_minute_and_no_longer() {
    for (plays, replies) in [(vec![SOUND, STRONG, Play::Silent], Some(2)), (vec![Play::Silent], None)] {
        let judge = FakeJudge::new(&plays);
        let engine = engine(&memory(), Some(judge.clone()));
        let id = held(&engine).await;
        let began = tokio::time::Instant::now();
        let (report, judging) = looked_at(&engine, id, Duration::from_secs(5)).await;
        assert!(began.elapsed() < Duration::from_secs(66), "{:?}", began.elapsed());
        assert_eq!(report.judgements.map(|it| it.replies), replies);
        assert_eq!(judging, if replies.is_some() { Judging::Done } else { Judging::Failed });
        assert_eq!(engine.report_so_far(id).await.unwrap().1, judging);
        assert_eq!(judge.asked(), 3, "it is left alone");
        tokio::time::advance(Duration::from_secs(11 * 60)).await;
        let again = engine.report_so_far(id).await.unwrap().1;
        assert_eq!(again == Judging::UnderWay, replies.is_none(), "and asked again some minutes later");
    }
}

#[tokio::test]
async fn a_model_that_fails_harms_nothing() {
    let engine = engine(&memory(), Some(FakeJudge::new(&[Play::Fails])));
    let id = held(&engine).await;
    let plain = engine.export(id).await.unwrap().report;
    assert_eq!(at_last(&engine, id).await, (plain, Judging::Failed));
}

#[tokio::test]
async fn nothing_is_judged_before_the_end_or_of_nothing_or_after_a_deletion() {
    let judge = FakeJudge::new(&[Play::Silent]);
    let store = memory();
    let engine = engine(&store, Some(judge.clone()));
    let id = engine.create(new("quick")).await.unwrap();
    engine.turn(id, start()).await.unwrap();
    engine.turn(id, said("a0", ANSWER)).await.unwrap();
    assert_eq!(engine.report_so_far(id).await.unwrap().1, Judging::Done);
    let empty = engine.create(new("quick")).await.unwrap();
    engine.turn(empty, start()).await.unwrap();
    engine.turn(empty, turn("end", TurnKind::End)).await.unwrap();
    assert_eq!(engine.report_so_far(empty).await.unwrap().1, Judging::Done);
    assert_eq!(judge.asked(), 0);
    let over = held(&engine).await;
    assert_eq!(engine.report_so_far(over).await.unwrap().1, Judging::UnderWay);
    engine.delete(over).await.unwrap();
    assert_eq!(store.judged(over).await.unwrap(), None);
}
