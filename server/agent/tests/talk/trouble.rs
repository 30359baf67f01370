//! What fails, and what people are told: nothing stalls, nothing that was said is lost.

use std::time::Duration;

use agent::testing::Said;
use speech::local::ModelTimings;

use super::stage::{Stage, ms};

#[tokio::test(start_paused = true)]
async fn a_reading_that_fails_is_told_and_typing_goes_on() {
    let mut stage = Stage::begun().await;
    stage.hearing.deaf(true);
    stage.person.say("I led the team.").await;
    stage.person.quiet(ms(12_000)).await;
    assert_eq!(stage.trouble().as_deref(), Some("hearing"));
    stage.interview.type_answer("I led the team.");
    stage.until_silent().await;
    assert_eq!(stage.captions(true).last().map(String::as_str), Some("Question 2?"));
    stage.hearing.deaf(false);
    stage.person.say("It went well.").await;
    stage.until_silent().await;
    assert_eq!(stage.trouble(), None);
    assert_eq!(stage.interview.answers(), ["I led the team.", "It went well."]);
}

#[tokio::test(start_paused = true)]
async fn an_ear_that_dies_is_opened_anew() {
    let mut stage = Stage::begun().await;
    stage.hearing.dead(true);
    stage.person.say("I led").await;
    stage.person.quiet(ms(5000)).await;
    assert_eq!(stage.trouble().as_deref(), Some("hearing"));
    stage.hearing.dead(false);
    stage.person.quiet(ms(2500)).await;
    let opened = stage.hearing.opened();
    assert!((2..12).contains(&opened), "{opened} ears were opened in eight seconds");
    stage.person.say("I led the team.").await;
    stage.until_speaking().await;
    assert_eq!(stage.interview.answers(), ["I led the team."]);
    assert_eq!(stage.trouble(), None);
}

#[tokio::test(start_paused = true)]
async fn a_line_that_cannot_be_spoken_is_told_and_the_interview_goes_on() {
    let mut stage = Stage::begun().await;
    stage.tts.fail(true);
    stage.person.say("I led the team.").await;
    stage.person.quiet(ms(2000)).await;
    assert_eq!(stage.trouble().as_deref(), Some("speaking"));
    assert_eq!(stage.state(), "listening");
    assert_eq!(stage.captions(true).last().map(String::as_str), Some("Question 2?"), "it can be read");
    stage.tts.fail(false);
    stage.person.say("It went well.").await;
    stage.until_silent().await;
    assert_eq!(stage.trouble(), None);
    assert_eq!(stage.interview.answers().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn an_answer_is_brought_again_until_it_is_taken() {
    let mut stage = Stage::begun().await;
    stage.interview.unavailable(true);
    stage.person.say("I led the team.").await;
    stage.person.quiet(ms(3000)).await;
    assert_eq!(stage.trouble().as_deref(), Some("interview"));
    assert_eq!(stage.state(), "thinking");
    stage.interview.unavailable(false);
    stage.until_speaking().await;
    assert_eq!(stage.interview.answers(), ["I led the team."]);
    assert_eq!(stage.trouble(), None);
}

#[tokio::test(start_paused = true)]
async fn a_slow_writer_is_waited_for_and_whoever_speaks_meanwhile_is_heard() {
    let mut stage = Stage::begun().await;
    stage.interview.takes(ms(3000));
    stage.person.say("I led the team.").await;
    stage.person.quiet(ms(1500)).await;
    assert_eq!(stage.state(), "thinking");
    stage.person.say("And I hired most of them.").await;
    stage.until_speaking().await;
    assert_eq!(stage.interview.answers(), ["I led the team.", "And I hired most of them."]);
    let asked = stage.tts.asked();
    assert_eq!(asked.iter().filter(|line| line.starts_with("Question 2")).count(), 0, "{asked:?}");
    assert!(!stage.interview.said().contains(&Said::Heard(String::new())));
}

#[tokio::test(start_paused = true)]
async fn a_word_is_said_while_a_slow_reply_is_waited_for_and_is_no_line() {
    let mut stage = Stage::begun().await;
    stage.interview.takes(ms(4000));
    stage.person.say("I led the team.").await;
    stage.person.quiet(ms(2000)).await;
    stage.interview.stand_by("Let me see.");
    let waited = stage.until_speaking().await;
    assert!(waited < ms(300), "{waited:?}");
    stage.until_silent().await;
    assert_eq!(stage.state(), "thinking", "the reply is still to come");
    stage.until_silent().await;
    assert_eq!(stage.interview.answers(), ["I led the team."]);
    let captions = stage.captions(true);
    assert_eq!(captions[captions.len() - 2..], ["Let me see.", "Question 2?"]);
    // Nothing was heard of it that would be kept.
    assert!(stage.interview.said().iter().all(|said| !matches!(said, Said::Heard(_))));
}

#[tokio::test(start_paused = true)]
async fn a_word_that_comes_after_the_reply_or_where_none_is_waited_for_is_not_said() {
    let mut stage = Stage::begun().await;
    stage.interview.stand_by("Let me see.");
    stage.person.quiet(ms(1000)).await;
    assert!(!stage.speaking());
    stage.person.say("I led the team.").await;
    stage.until_silent().await;
    assert_eq!(stage.captions(true), ["Question 1?", "Question 2?"]);
}

#[tokio::test(start_paused = true)]
async fn words_that_come_late_still_make_the_turn() {
    let mut stage = Stage::begun().await;
    stage.hearing.takes(ms(4500));
    stage.person.say("I led the team.").await;
    stage.until_speaking().await;
    assert_eq!(stage.interview.answers(), ["I led the team."]);
}

#[tokio::test(start_paused = true)]
async fn a_slow_machine_is_told_as_soon_as_it_is_known_and_after_what_does_not_work() {
    let pace = |ms| Some(ModelTimings { hearing: Duration::from_millis(ms), ..ModelTimings::default() });
    let mut stage = Stage::begun().await;
    assert_eq!(stage.trouble(), None, "nothing was measured yet");
    stage.pace.send_replace(pace(4_000));
    stage.person.quiet(ms(100)).await;
    assert_eq!(stage.trouble().as_deref(), Some("slow"));
    stage.tts.fail(true);
    stage.person.say("I led the team.").await;
    stage.person.quiet(ms(2_000)).await;
    assert_eq!(stage.trouble().as_deref(), Some("speaking"));
    stage.tts.fail(false);
    stage.person.say("It went well.").await;
    stage.until_silent().await;
    assert_eq!(stage.trouble().as_deref(), Some("slow"), "it is still slow");

    let mut quick = Stage::begun().await;
    quick.pace.send_replace(pace(300));
    quick.person.quiet(ms(100)).await;
    assert_eq!(quick.trouble(), None);
}
