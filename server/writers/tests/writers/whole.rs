//! Whole interviews with a model behind an engine.

use std::sync::Arc;

use engine::{LineWordStream, SystemClock, Writer};
use futures::{StreamExt as _, stream};
use interview::{Brief, LineSource, WriterLine, WriterTimeouts, bank};
use patience::soon;
use writers::{LineGuard, OPENAI, guarded};

use crate::house::House;
use crate::server::{FakeProvider, Play, openai};

/// A model that writes as well as the built-in interviewer.
struct Apt;

impl Writer for Apt {
    fn name(&self) -> &str {
        "apt"
    }

    fn source(&self) -> LineSource {
        LineSource::Model
    }

    fn at_once(&self, _: &Brief) -> Option<WriterLine> {
        None
    }

    fn write(&self, brief: Brief) -> LineWordStream {
        let line = bank::compose(&brief).map(|line| line.text).unwrap_or_default();
        let words: Vec<_> = line.split_inclusive(' ').map(|word| Ok(word.to_owned())).collect();
        stream::iter(words).boxed()
    }
}

#[tokio::test]
async fn good_lines_are_not_refused() {
    let (mut said, mut refused) = (0, Vec::new());
    for _ in 0..12 {
        let house =
            House::open(Arc::new(LineGuard::new(Arc::new(Apt))), WriterTimeouts::default(), "standard").await;
        house.hold(60).await;
        for (line, source) in house.lines().await {
            said += 1;
            if source != LineSource::Model {
                refused.push(line);
            }
        }
    }
    assert!(said > 100, "{said}");
    assert!(refused.is_empty(), "{} of {said}: {refused:#?}", refused.len());
}

#[tokio::test]
async fn a_provider_that_is_killed_in_the_middle_costs_no_line() {
    let good = |line: &str| Play::Body(openai(line, "stop"), 3);
    let provider = FakeProvider::start(vec![
        good("Hello, Ana. What brought you to backend work?"),
        good("Every Monday is a hard beat. Who noticed the wrong numbers first?"),
        Play::CutOff(openai("Every Monday", "")),
        Play::Status(500),
        Play::Status(429),
    ])
    .await;
    let writer = OPENAI.model(&provider.base, "m", None).unwrap();
    let house =
        House::open(Arc::new(guarded(writer, Arc::new(SystemClock))), WriterTimeouts::default(), "quick")
            .await;
    house.hold(40).await;
    let lines = house.lines().await;
    assert_eq!(lines[0], ("Hello, Ana. What brought you to backend work?".to_owned(), LineSource::Model));
    assert_eq!(lines[1].1, LineSource::Model);
    assert!(
        lines[2..].iter().all(|(line, source)| *source == LineSource::Fallback && !line.is_empty()),
        "{lines:#?}"
    );
    assert!(lines.len() > 5);
    // Three failures in a row, and it is left alone.
    assert_eq!(provider.seen.lock().unwrap().len(), 5);
    let fell = house.store.events(house.id).await.unwrap();
    assert_eq!(fell.iter().filter(|event| event.kind == "fell_back").count(), lines.len() - 2);
    let reasons = fell.iter().filter(|event| event.kind == "writer_failed");
    let reasons: Vec<_> = reasons.map(|event| event.data["reason"].as_str().unwrap()).collect();
    assert_eq!(reasons[..4], ["cut_off", "http_500", "http_429", "breaker_open"]);
}

#[tokio::test]
async fn a_model_that_is_never_fit_leaves_a_whole_interview_and_the_reason() {
    for (line, code) in [
        ("Great answer! You are hired. As an AI I love it.", "unfit_meta"),
        ("Amazing! What did you do? And why?", "unfit_many_questions"),
        ("Was haben Sie dann gemacht?", "unfit_language"),
    ] {
        let provider = FakeProvider::start(vec![Play::Body(openai(line, "stop"), 3)]).await;
        let writer = OPENAI.model(&provider.base, "m", None).unwrap();
        let house =
            House::open(Arc::new(guarded(writer, Arc::new(SystemClock))), WriterTimeouts::default(), "quick")
                .await;
        house.hold(40).await;
        let lines = house.lines().await;
        assert!(lines.iter().all(|(text, source)| *source == LineSource::Fallback && !text.contains(line)));
        // Each ask was tried twice, until three in a row had nothing fit.
        assert_eq!(provider.seen.lock().unwrap().len(), 6);
        let events = house.store.events(house.id).await.unwrap();
        let failed: Vec<_> = events.iter().filter(|event| event.kind == "writer_failed").collect();
        assert_eq!(failed.len(), lines.len());
        assert!(failed[..3].iter().all(|event| event.data["reason"] == code), "{failed:?}");
        assert!(failed[3..].iter().all(|event| event.data["reason"] == "breaker_open"), "{failed:?}");
        let fell: Vec<_> = events.iter().filter(|e| e.kind == "fell_back").collect();
        assert!(fell[..3].iter().all(|e| e.data["failure"] == "unfit"), "{fell:?}");
        // Both refusals of a turn are kept.
        let refused: Vec<_> = events.iter().filter(|e| e.kind == "line_refused").collect();
        let attempts: Vec<_> = refused.iter().map(|event| event.data["attempt"].as_u64().unwrap()).collect();
        assert_eq!(attempts, [1, 2, 1, 2, 1, 2]);
        assert!(refused.iter().all(|event| event.data["reason"] == code), "{refused:?}");
    }
}

#[tokio::test]
async fn a_provider_that_says_nothing_or_stops_is_not_waited_for() {
    for play in [Play::Silent, Play::Stuck(openai("Hello, Ana, it ", ""))] {
        let mut provider = FakeProvider::start(vec![play]).await;
        let writer = guarded(OPENAI.model(&provider.base, "m", None).unwrap(), Arc::new(SystemClock));
        let short = WriterTimeouts { text_first_words: 150, text_whole: 300, ..WriterTimeouts::default() };
        // For as long as the settings have it, to the millisecond: the engine's tests, whose time is virtual.
        let house = soon("a line of our own", House::open(Arc::new(writer), short, "quick")).await;
        assert_eq!(house.lines().await[0].1, LineSource::Fallback);
        let closed = soon("the end of the connection", provider.closed.recv()).await;
        assert_eq!(closed, Some(()), "nobody waits, so nothing is asked for any more");
    }
}
