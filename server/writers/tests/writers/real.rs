//! Whole interviews with a real model, however weak: every rule holds all the same. Needs an OpenAI-compatible
//! server that `INTERVIEWOS_TEST_MODEL` names; `make test-model` brings a small one.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use engine::{BuiltIn, JudgeRequest, SystemClock};
use interview::fingerprint::Fingerprint;
use interview::{LineSource, Message, Speaker, Status, WriterTimeouts};
use report::{JudgeReplies, Performance, TIMES, judgeable};
use tokio::time::Instant;
use writers::{OPENAI, guarded};

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

async fn hold(settings: WriterTimeouts, plan: &str) -> Held {
    let base =
        std::env::var("INTERVIEWOS_TEST_MODEL").expect("INTERVIEWOS_TEST_MODEL names the model's server");
    let writer = OPENAI.model(&base, "default", None).expect("an address");
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
    held.messages = snapshot.messages.iter().map(|(message, _)| message.clone()).collect();
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
    let fallbacks = held.sources.get(&format!("{:?}", LineSource::Fallback)).copied().unwrap_or(0);
    assert_eq!(held.failures.values().sum::<u32>(), fallbacks, "each line that fell back has its reason");
}

#[tokio::test]
#[ignore = "needs a real model: make test-model"]
async fn a_weak_model_holds_interviews_within_the_deadlines() {
    for plan in ["quick", "standard"] {
        let settings = WriterTimeouts::default();
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
    let patient =
        WriterTimeouts { text_first_words: 60_000, text_whole: 90_000, ..WriterTimeouts::default() };
    for plan in ["quick", "standard"] {
        let held = hold(patient, plan).await;
        check(&held);
    }
}

/// What was said to a story, as it was written and in small letters.
fn said(story: &report::Story, messages: &[Message]) -> (String, String) {
    let theirs = messages.iter().filter(|m| story.answers.contains(&m.seq)).map(|m| m.text.as_str());
    let said = theirs.collect::<Vec<_>>().join("\n");
    (said.to_lowercase(), said)
}

#[tokio::test]
#[ignore = "needs a real model: make test-model"]
async fn a_weak_model_judges_and_nothing_that_was_not_said_is_shown() {
    let base =
        std::env::var("INTERVIEWOS_TEST_MODEL").expect("INTERVIEWOS_TEST_MODEL names the model's server");
    let judge = OPENAI.model(&base, "default", None).expect("an address").judge().expect("a judge");
    let house = House::open(Arc::new(BuiltIn), WriterTimeouts::default(), "standard").await;
    house.hold(60).await;
    let export = house.engine.export(house.id).await.unwrap();
    let messages: Vec<Message> =
        export.snapshot.messages.iter().map(|(message, _)| message.clone()).collect();
    let told = judgeable(&export.report.stories, &messages);
    assert!(told.len() > 1, "there are stories to judge");
    let role = export.snapshot.profile.role.clone();
    let mut replies = Vec::new();
    // A story at a time: so small a model loses itself in more, and is not waited for.
    for story in told.into_iter().take(TIMES) {
        let stories = JudgeRequest { role: role.clone(), told: vec![story] };
        for _ in 0..TIMES {
            match judge.judge(&stories).await {
                Ok(opinion) => replies.push(opinion.text),
                Err(code) => println!("no reply: {code}"),
            }
        }
    }
    println!("{}", replies.join("\n\n"));
    let judged = JudgeReplies { model: judge.model().to_owned(), replies, tokens: None };
    let report = report::report(&Performance {
        profile: &export.snapshot.profile,
        plan: &export.snapshot.plan,
        messages: &messages,
        spoken: &[],
        troubles: &[],
        struck: &std::collections::BTreeSet::new(),
        judged: Some(&judged),
    });
    let made = report.judgements.expect("what a model replied is counted, if nothing else");
    println!(
        "{} verdicts, {} wordings, dropped {:?}",
        made.verdicts.len(),
        made.wordings.len(),
        made.dropped
    );
    let verdicts = made.verdicts.iter().map(|it| (it.question, &it.statement));
    let wordings = made.wordings.iter().map(|it| (it.question, &it.statement));
    for (question, statement) in verdicts.chain(wordings) {
        println!("{question}: {}", statement.text());
        let story = report.stories.iter().find(|story| story.question == question).expect("of a story");
        let (low, said) = said(story, &messages);
        assert!(!statement.quotes().is_empty());
        for quote in statement.quotes() {
            assert!(said.contains(quote.text()), "{} is not in {said}", quote.text());
        }
        let digits =
            statement.text().split(|c: char| !c.is_ascii_digit()).filter(|figure| !figure.is_empty());
        for figure in digits {
            assert!(said.contains(figure), "{figure} in {} was not said in {said}", statement.text());
        }
        let words: Vec<&str> = statement.text().split_whitespace().collect();
        for pair in words.windows(2).filter(|pair| !pair[0].ends_with(['.', '!', '?', ':'])) {
            let name = pair[1].trim_matches(|c: char| !c.is_alphanumeric());
            if !matches!(name.split(['\'', '\u{2019}']).next(), Some("I"))
                && name.starts_with(char::is_uppercase)
            {
                assert!(low.contains(&name.to_lowercase()), "{name} in {} was not said", statement.text());
            }
        }
    }
}
