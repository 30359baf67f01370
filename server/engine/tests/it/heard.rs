//! Replies of which only the beginning was heard.

use engine::{EngineError, TurnKind};
use interview::Modality;

use crate::house::{ANSWER, House, QUESTIONS, fluent, said, turn};

fn heard(id: &str, text: &str) -> engine::Turn {
    turn(id, TurnKind::Heard(text.to_owned()))
}

#[tokio::test(start_paused = true)]
async fn a_reply_is_cut_to_what_was_heard() {
    let house = House::model(&fluent());
    let id = house.opened().await;
    let reply = house.say(id, "a", ANSWER).await;
    let before = house.sound(id).await;
    let cut = house.engine.turn(id, heard("a", "the ledger, sounds")).await.unwrap();
    assert_eq!((cut.text.as_str(), cut.seq, cut.turn.0.as_str()), ("The ledger sounds", reply.seq, "a"));
    let snapshot = house.sound(id).await;
    let (message, version) = snapshot.messages.last().unwrap();
    assert!(message.cut && message.text == "The ledger sounds");
    assert_eq!((*version, snapshot.version), (before.version + 1, before.version + 1));
    // Again, also in other punctuation: the same, and nothing new.
    assert_eq!(house.engine.turn(id, heard("a", "the ledger, sounds")).await.unwrap(), cut);
    assert_eq!(house.engine.turn(id, heard("a", "The ledger sounds")).await.unwrap(), cut);
    assert_eq!(house.sound(id).await, snapshot);
    // Shorter still is cut further; the turn itself still has the answer it was given.
    assert_eq!(house.engine.turn(id, heard("a", "The ledger")).await.unwrap().text, "The ledger");
    assert_eq!(house.say(id, "a", ANSWER).await, reply);
}

#[tokio::test(start_paused = true)]
async fn what_was_never_said_is_not_heard() {
    let house = House::model(&fluent());
    let id = house.opened().await;
    house.say(id, "a", ANSWER).await;
    let before = house.sound(id).await;
    for (id_, text) in [("a", "Something else"), ("nothing", "The ledger"), ("a", "")] {
        let error = house.engine.turn(id, heard(id_, text)).await.unwrap_err();
        assert!(matches!(error, EngineError::NothingHeard), "{id_}: {text}");
    }
    // Heard to the end: nothing to cut.
    assert_eq!(house.engine.turn(id, heard("a", QUESTIONS[1])).await.unwrap().text, QUESTIONS[1]);
    assert_eq!(house.sound(id).await, before);
}

#[tokio::test(start_paused = true)]
async fn the_last_words_may_be_cut_after_the_end() {
    let house = House::built_in();
    let id = house.opened().await;
    let mut end = turn("end", TurnKind::End);
    end.modality = Modality::Voice;
    let reply = house.engine.turn(id, end).await.unwrap();
    assert!(reply.status.is_completed());
    let first: String = reply.text.split_whitespace().take(2).collect::<Vec<_>>().join(" ");
    let cut = house.engine.turn(id, heard("end", &first)).await.unwrap();
    assert_eq!(cut.text.split_whitespace().count(), 2);
    assert!(house.sound(id).await.messages.last().unwrap().0.cut);
    let error = house.engine.turn(id, said("late", ANSWER)).await.unwrap_err();
    assert!(matches!(error, EngineError::Ended));
}
