//! What is heard and not believed: nothing is recorded, the person is told, and the question stands.

use agent::interview::{Happening, NotCaught};
use agent::testing::Said;

use super::stage::{Stage, ms};

/// What was not caught.
fn not_caught(stage: &Stage) -> Vec<NotCaught> {
    let said = stage.interview.said().into_iter();
    said.filter_map(|said| match said {
        Said::Happened(Happening::NotCaught(why)) => Some(why),
        Said::Start
        | Said::Proposed(_)
        | Said::Answer(_)
        | Said::Heard(_)
        | Said::Activity
        | Said::Happened(_) => None,
    })
    .collect()
}

#[tokio::test(start_paused = true)]
async fn words_of_another_language_become_no_answer() {
    let mut stage = Stage::begun().await;
    stage
        .person
        .say("Ich habe drei Jahre lang als Entwicklerin bei einer Bank in Frankfurt gearbeitet.")
        .await;
    stage.until_silent().await;
    assert_eq!(stage.interview.answers(), [""; 0]);
    assert_eq!(not_caught(&stage), [NotCaught::Language]);
    let asked = stage.tts.asked();
    assert_eq!(asked.last().map(String::as_str), Some("I did not catch that; I understand English only."));
    assert!(
        stage.interview.said().iter().all(|said| !matches!(said, Said::Proposed(_))),
        "no reply is written"
    );
    assert_eq!(
        stage.captions(false).last().map(String::as_str),
        Some(""),
        "no words are shown that are none"
    );
    assert_eq!(stage.state(), "listening");
    stage.person.say("I worked for a bank in Frankfurt for three years.").await;
    stage.until_silent().await;
    assert_eq!(stage.interview.answers(), ["I worked for a bank in Frankfurt for three years."]);
    assert_eq!(stage.captions(true).last().map(String::as_str), Some("Question 2?"));
}

#[tokio::test(start_paused = true)]
async fn fluent_english_of_which_hearing_is_not_sure_becomes_no_answer() {
    let mut stage = Stage::begun().await;
    stage.hearing.sure(Some(40));
    stage.person.say("The first thing that we have to do is to make a decision.").await;
    stage.until_silent().await;
    assert_eq!((stage.interview.answers().len(), not_caught(&stage)), (0, vec![NotCaught::Unsure]));
    stage.hearing.sure(Some(70));
    stage.person.say("The first thing that we have to do is to make a decision.").await;
    stage.until_silent().await;
    assert_eq!(stage.interview.answers().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn what_models_make_up_becomes_no_answer() {
    for invention in ["Thank you for watching!", "[Music]", "Subtitles by the Amara.org community"] {
        let mut stage = Stage::begun().await;
        stage.person.say(invention).await;
        stage.until_silent().await;
        assert_eq!(stage.interview.answers(), [""; 0], "{invention}");
        assert_eq!(not_caught(&stage), [NotCaught::Invention], "{invention}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_long_sound_without_words_is_asked_about_once_and_a_short_one_never() {
    let mut stage = Stage::begun().await;
    for _ in 0..3 {
        stage.person.say("Mm.").await;
        stage.person.quiet(ms(4_000)).await;
    }
    assert_eq!(not_caught(&stage), [], "a short hum is nothing");
    stage.person.cough(ms(2_500)).await;
    stage.until_silent().await;
    assert_eq!(not_caught(&stage), [NotCaught::Nothing]);
    let asked = stage.tts.asked().len();
    assert_eq!(stage.trouble(), None);
    stage.person.cough(ms(2_500)).await;
    stage.person.quiet(ms(4_000)).await;
    assert_eq!(not_caught(&stage).len(), 2);
    assert_eq!(stage.tts.asked().len(), asked, "it is not said again and again");
    assert_eq!(stage.trouble().as_deref(), Some("not_caught"), "but the page says it");
    stage.person.say("I led the team.").await;
    stage.until_silent().await;
    assert_eq!(stage.trouble(), None);
    assert_eq!(stage.interview.answers(), ["I led the team."]);
}

#[tokio::test(start_paused = true)]
async fn a_line_that_was_interrupted_by_what_is_not_believed_goes_on() {
    let line = "Tell me about the hardest decision that you had to make in your last position at the bank.";
    let mut stage = Stage::begun_with(&["Hello.", line]).await;
    stage.person.say("Hello.").await;
    stage.until_speaking().await;
    stage.person.quiet(ms(900)).await;
    stage
        .person
        .say("Ich habe drei Jahre lang als Entwicklerin bei einer Bank in Frankfurt gearbeitet.")
        .await;
    stage.until_silent().await;
    assert_eq!(stage.interview.answers(), ["Hello."]);
    let captions = stage.captions(true);
    assert_eq!(captions[captions.len() - 2..], [line, "I did not catch that; I understand English only."]);
    assert!(!stage.interview.said().iter().any(|said| matches!(said, Said::Heard(_))), "nothing is cut");
}

#[tokio::test(start_paused = true)]
async fn whoever_answers_over_the_apology_is_heard_and_no_line_is_cut_by_it() {
    let mut stage = Stage::begun().await;
    stage.person.say("Thank you for watching!").await;
    stage.until_speaking().await;
    stage.person.quiet(ms(300)).await;
    stage.person.say("Sorry, I led the team that built it.").await;
    stage.until_silent().await;
    assert_eq!(stage.interview.answers(), ["Sorry, I led the team that built it."]);
    assert!(!stage.interview.said().iter().any(|said| matches!(said, Said::Heard(_))));
    assert_eq!(stage.captions(true).last().map(String::as_str), Some("Question 2?"));
}
