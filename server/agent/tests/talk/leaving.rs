//! Coming, going, coming back; the end.

use std::time::Duration;

use agent::AgentOutcome;
use agent::interview::Happening;
use agent::room::LeaveReason;
use agent::testing::Said;

use super::stage::{Stage, WORD, ms};

#[tokio::test(start_paused = true)]
async fn whoever_does_not_come_is_not_waited_for_for_ever() {
    let began = tokio::time::Instant::now();
    let stage = Stage::empty();
    assert_eq!(stage.agent.await.unwrap(), AgentOutcome::Alone);
    let waited = began.elapsed().as_secs();
    assert!((10..12).contains(&waited), "the place is another's after {waited} s");
    assert!(!stage.interview.said().contains(&Said::Start));
}

#[tokio::test(start_paused = true)]
async fn last_words_are_kept_when_somebody_leaves_in_the_middle() {
    let mut stage = Stage::begun().await;
    stage.person.say("I led the team and").await;
    stage.person.leave();
    tokio::time::sleep(ms(1000)).await;
    assert_eq!(stage.interview.answers(), ["I led the team and"]);
    assert_eq!(stage.state(), "idle");
    assert!(!stage.speaking(), "nobody is there to hear the reply");
    stage.person.join();
    stage.until_silent().await;
    assert_eq!(stage.captions(true), ["Question 1?", "Question 2?"]);
    stage.person.leave();
    let left = tokio::time::Instant::now();
    assert_eq!(stage.agent.await.unwrap(), AgentOutcome::Alone);
    let waited = left.elapsed();
    assert!(waited >= Duration::from_secs(60), "whoever was there may come back: {waited:?}");
}

#[tokio::test(start_paused = true)]
async fn a_line_that_was_not_heard_to_its_end_is_said_again() {
    let mut stage = Stage::empty();
    stage.interview.will_say(&["Good day, and welcome to this interview with us."]);
    stage.person.join();
    stage.until_speaking().await;
    stage.person.quiet(WORD * 2).await;
    stage.person.leave();
    tokio::time::sleep(ms(5000)).await;
    assert!(!stage.speaking());
    stage.person.join();
    stage.until_silent().await;
    assert_eq!(stage.words_heard(), 3 + 9);
}

#[tokio::test(start_paused = true)]
async fn another_agent_goes_on_where_one_was_lost() {
    let mut stage = Stage::begun().await;
    stage.person.say("I led the team").await;
    stage.person.end_room();
    assert_eq!(stage.agent.await.unwrap(), AgentOutcome::Out(LeaveReason::RoomClosed));
    assert_eq!(stage.interview.answers(), ["I led the team"], "last words are brought");
    let mut other = Stage::with(stage.interview);
    other.person.join();
    other.until_silent().await;
    assert_eq!(other.captions(true), ["Question 2?"], "the open question is said");
    assert!(other.interview.said().iter().filter(|said| **said == Said::Start).count() == 1);
}

#[tokio::test(start_paused = true)]
async fn told_to_stop_it_brings_what_was_said_and_leaves() {
    let mut stage = Stage::begun().await;
    stage.person.say("I led the team").await;
    stage.stop.cancel();
    assert_eq!(stage.agent.await.unwrap(), AgentOutcome::Stopped);
    assert_eq!(stage.interview.answers(), ["I led the team"]);
    let said = stage.interview.said();
    assert_eq!(said.last(), Some(&Said::Happened(Happening::Left)), "{said:?}");
}
