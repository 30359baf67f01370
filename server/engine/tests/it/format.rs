//! States of other formats than today's: older ones are read, and newer ones say so.

use std::path::PathBuf;

use engine::testing::sample_session;
use engine::{EngineError, InterviewSession, SessionCommit, SessionId, StorageFault, StoreError};
use interview::{Message, Status};
use serde_json::{Map, Value, json};

use crate::house::{ANSWER, House, said};

/// Where a state of each format is kept, with its messages.
fn path(format: u64) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("tests/it/states/{format}.json"))
}

/// The kept states, oldest format first.
fn kept() -> Vec<Value> {
    let files = (0..).map(path).take_while(|path| path.exists());
    files.map(|path| serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()).collect()
}

/// A house whose store holds an interview of this state, under way.
async fn holding(state: String, messages: Vec<(Message, u64)>) -> (House, SessionId) {
    let house = House::built_in();
    let id = SessionId(uuid::Uuid::from_u128(20));
    let row = sample_session(id, 1_700_000_000_000);
    let row = InterviewSession { state, status: Status::Active, ..row };
    let messages = messages.into_iter().map(|(message, _)| message).collect();
    let whole = SessionCommit { session: row, messages, turns: Vec::new(), events: Vec::new() };
    house.store.begin(whole).await.unwrap();
    (house, id)
}

async fn state_of(house: &House, id: SessionId) -> Value {
    serde_json::from_str(&house.store.load(id).await.unwrap().unwrap().session.state).unwrap()
}

#[tokio::test(start_paused = true)]
async fn a_state_of_each_format_is_kept() {
    let house = House::built_in();
    let id = house.opened().await;
    house.say(id, "a", ANSWER).await;
    let loaded = house.store.load(id).await.unwrap().unwrap();
    let state: Value = serde_json::from_str(&loaded.session.state).unwrap();
    let format = state["format"].as_u64().unwrap();
    if !path(format).exists() {
        let new = path(format).with_extension("json.new");
        let whole = json!({ "state": state, "messages": loaded.messages });
        std::fs::write(&new, serde_json::to_string_pretty(&whole).unwrap()).unwrap();
        panic!("no state of format {format} is kept: rename {}", new.display());
    }
    assert_eq!(kept().len() as u64, format + 1, "one of each");
}

#[tokio::test(start_paused = true)]
async fn an_interview_of_an_older_format_goes_on() {
    for (format, kept) in kept().into_iter().enumerate() {
        let messages = serde_json::from_value(kept["messages"].clone()).unwrap();
        let (house, id) = holding(kept["state"].to_string(), messages).await;
        let before = house.engine.snapshot(id).await.unwrap();
        assert_eq!((before.messages.len(), before.status), (3, Status::Active), "format {format}");
        assert_eq!(before.profile.name, "Priya Nair");
        let mut n = 0;
        while !house.sound(id).await.status.is_completed() {
            n += 1;
            house.say(id, &format!("t{n}"), ANSWER).await;
        }
        assert_eq!(state_of(&house, id).await["format"], kept_today()["state"]["format"]);
    }
}

fn kept_today() -> Value {
    kept().pop().expect("a state of each format is kept")
}

/// The fields of `before` that are missing in `after`, at any depth at which both have fields.
fn missing(before: &Map<String, Value>, after: &Map<String, Value>) -> Vec<String> {
    let mut names = Vec::new();
    for (name, value) in before {
        match (value, after.get(name)) {
            (_, None) => names.push(name.clone()),
            (Value::Object(before), Some(Value::Object(after))) => {
                names.extend(missing(before, after).into_iter().map(|field| format!("{name}.{field}")));
            }
            (_, Some(_)) => {}
        }
    }
    names
}

#[tokio::test(start_paused = true)]
async fn what_programs_of_the_same_format_read_is_still_written() {
    let kept = kept_today();
    let messages = serde_json::from_value(kept["messages"].clone()).unwrap();
    let (house, id) = holding(kept["state"].to_string(), messages).await;
    house.say(id, "more", ANSWER).await;
    let (before, after) = (&kept["state"], state_of(&house, id).await);
    let gone = missing(before.as_object().unwrap(), after.as_object().unwrap());
    assert!(gone.is_empty(), "{gone:?} are written no more: `state.rs` says what makes a new format");
}

#[tokio::test(start_paused = true)]
async fn an_interview_of_a_newer_program_says_so_and_is_left_as_it_is() {
    let mut today = kept_today()["state"].clone();
    let later = today["format"].as_u64().unwrap() + 1;
    today["format"] = later.into();
    // However much of it could be read.
    for state in [today, json!({ "format": later + 7, "session": ["something else"] })] {
        let (house, id) = holding(state.to_string(), Vec::new()).await;
        let refused = house.engine.snapshot(id).await.map(drop);
        let turned = house.engine.turn(id, said("t", ANSWER)).await.map(drop);
        for refused in [refused, turned] {
            let Err(EngineError::Store(StoreError::Newer(what))) = refused else { panic!("{refused:?}") };
            assert!(what.contains("newer version") && what.contains("update InterviewOS"), "{what}");
        }
        assert_eq!(state_of(&house, id).await, state);
        // Nobody is kept from another interview by it.
        house.opened().await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_state_that_no_program_wrote_is_damaged() {
    let whole = kept_today()["state"].to_string();
    for state in ["", "{", "[]", r#"{"format":"one"}"#, r#"{"format":-1}"#, &whole[..whole.len() / 2]] {
        let (house, id) = holding(state.to_owned(), Vec::new()).await;
        let refused = house.engine.snapshot(id).await.map(drop);
        let damaged =
            matches!(refused, Err(EngineError::Store(StoreError::Storage(StorageFault::Damaged, _))));
        assert!(damaged, "{state}: {refused:?}");
    }
}
