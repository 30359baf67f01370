//! Whole interviews with a real model, however weak: every rule holds all the same. Needs an OpenAI-compatible
//! server that `INTERVIEWOS_TEST_MODEL` names; `make test-model` brings a small one.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use engine::SystemClock;
use interview::fingerprint::Fingerprint;
use interview::{Message, Settings, Source, Speaker, Status};
use tokio::time::Instant;
use writers::{OpenAi, guarded};

use crate::house::House;

/// What one interview came to.
#[derive(Debug, Default)]
struct Held {
    sources: BTreeMap<String, u32>,
    failures: BTreeMap<String, u32>,
    slowest: Duration,
    messages: Vec<Message>,
    status: Option<Status>,
}

async fn hold(settings: Settings, plan: &str) -> Held {
    let base =
        std::env::var("INTERVIEWOS_TEST_MODEL").expect("INTERVIEWOS_TEST_MODEL names the model's server");
    let writer = OpenAi::new(&base, "default", None).expect("an address");
    let mut held = Held::default();
    let begun = Instant::now();
    let house = House::open(Arc::new(guarded(writer, Arc::new(SystemClock))), settings, plan).await;
    held.slowest = begun.elapsed();
    for n in 0..60 {
        let begun = Instant::now();
        if !house.say(n).await {
            break;
        }
        held.slowest = held.slowest.max(begun.elapsed());
    }
    let snapshot = house.engine.snapshot(house.id).await.unwrap();
    held.status = Some(snapshot.status);
    held.messages = snapshot.messages.into_iter().map(|(message, _)| message).collect();
    for message in &held.messages {
        if let Some(source) = message.source {
            *held.sources.entry(format!("{source:?}")).or_default() += 1;
            println!("{source:?}: {}", message.text);
        }
    }
    for event in house.store.events(house.id).await.unwrap() {
        if event.kind == "writer_failed" {
            *held.failures.entry(event.data["reason"].as_str().unwrap().to_owned()).or_default() += 1;
        }
    }
    println!("{plan}: {:?}, failures {:?}, slowest turn {:?}", held.sources, held.failures, held.slowest);
    held
}

/// The rules, told once more in the plainest way.
fn check(held: &Held) {
    assert!(held.status.is_some_and(Status::is_completed), "{:?}", held.status);
    let lines: Vec<&Message> = held.messages.iter().filter(|m| m.speaker == Speaker::Interviewer).collect();
    let (mut stages, mut asked): (Vec<&str>, Vec<(Fingerprint, &str)>) = (Vec::new(), Vec::new());
    for line in lines {
        let (text, purpose) = (line.text.as_str(), line.why.as_ref().expect("a line has a reason").purpose);
        assert!((1..=70).contains(&text.split_whitespace().count()), "{text}");
        assert!(!text.contains(['*', '#', '`', '<', '>', '\n', '[', ']', '{', '}']), "{text}");
        let lower = text.to_lowercase();
        for said in
            ["as an ai", "language model", "system prompt", "great answer", "you're hired", "you are hired"]
        {
            assert!(!lower.contains(said), "{text}");
        }
        assert!(text.matches('?').count() <= usize::from(purpose.asks()), "{text}");
        if stages.last() != Some(&line.stage.as_str()) {
            assert!(
                !stages.contains(&line.stage.as_str()),
                "a stage is entered once: {stages:?}, {}",
                line.stage
            );
            stages.push(&line.stage);
        }
        if purpose.asks_anew() {
            let question = text.split_inclusive(['.', '!']).next_back().unwrap_or(text);
            let fingerprint = Fingerprint::of(question);
            let same = asked.iter().find(|(earlier, _)| earlier.collides(&fingerprint));
            assert!(same.is_none(), "{text} is {}", same.map_or("", |(_, earlier)| earlier));
            asked.push((fingerprint, text));
        }
    }
    let fallbacks = held.sources.get(&format!("{:?}", Source::Fallback)).copied().unwrap_or(0);
    assert_eq!(held.failures.values().sum::<u32>(), fallbacks, "each line that fell back has its reason");
}

#[tokio::test]
#[ignore = "needs a real model: make test-model"]
async fn a_weak_model_holds_interviews_within_the_deadlines() {
    for plan in ["quick", "standard"] {
        let settings = Settings::default();
        let held = hold(settings, plan).await;
        check(&held);
        let most =
            Duration::from_millis(u64::try_from(settings.text_whole).unwrap()) + Duration::from_secs(2);
        assert!(held.slowest < most, "{:?}", held.slowest);
    }
}

#[tokio::test]
#[ignore = "needs a real model: make test-model"]
async fn a_weak_model_with_all_the_time_it_wants_says_nothing_unfit() {
    let patient = Settings { text_first_words: 60_000, text_whole: 90_000, ..Settings::default() };
    for plan in ["quick", "standard"] {
        let held = hold(patient, plan).await;
        check(&held);
    }
}
