//! Turns: whose it is, when one is over, what is made ready before, what is written down.

use agent::testing::Said;
use protocol::signals::{Control, Mode};

use super::stage::{Stage, ms};

#[tokio::test(start_paused = true)]
async fn an_interview_is_opened_and_an_answer_gets_its_reply() {
    let mut stage = Stage::empty();
    tokio::time::sleep(ms(3000)).await;
    assert!(stage.interview.said().iter().all(|said| *said != Said::Start), "nobody is there");
    assert_eq!(stage.state(), "idle");
    stage.person.join();
    let waited = stage.until_speaking().await;
    assert!(waited < ms(500), "{waited:?}");
    stage.until_silent().await;
    assert_eq!(stage.state(), "listening");
    assert_eq!(stage.captions(true), ["Question 1?"]);
    stage.person.say("I led the team that built it.").await;
    let waited = stage.until_speaking().await;
    assert!(waited <= ms(800), "{waited:?} from the last sound to the reply");
    assert_eq!(stage.state(), "speaking");
    assert_eq!(stage.interview.answers(), ["I led the team that built it."]);
    stage.until_silent().await;
    assert_eq!(stage.captions(true), ["Question 1?", "Question 2?"]);
    assert_eq!(stage.captions(false).last().map(String::as_str), Some("I led the team that built it."));
    let times = stage.interview.times();
    let [times] = times.as_slice() else { panic!("{times:?}") };
    assert!(times.heard <= times.endpoint && times.endpoint <= times.played, "{times:?}");
    assert!(times.first_audio <= times.played && times.spoke > ms(1500), "{times:?}");
}

#[tokio::test(start_paused = true)]
async fn whose_habits_are_known_gets_the_reply_at_once() {
    let mut stage = Stage::begun().await;
    let mut waited = ms(0);
    for _ in 0..3 {
        stage.person.say("I led the team that built it.").await;
        waited = stage.until_speaking().await;
        stage.until_silent().await;
    }
    assert!(waited <= ms(420), "{waited:?} from the last sound to the reply");
    // Far less than usual, though a whole sentence: there may be more.
    stage.person.say("I did.").await;
    let waited = stage.until_speaking().await;
    assert!(waited >= ms(700), "{waited:?}");
}

#[tokio::test(start_paused = true)]
async fn a_reply_is_made_ready_before_the_turn_is_certain_and_nothing_comes_of_it_if_it_goes_on() {
    let mut stage = Stage::begun().await;
    stage.hearing.finished(Some(70));
    stage.person.say("I led the team.").await;
    stage.person.quiet(ms(450)).await;
    assert!(stage.interview.said().contains(&Said::Proposed("I led the team.".to_owned())));
    assert!(stage.tts.asked().contains(&"Question 2?".to_owned()), "its first sound is made");
    assert_eq!(stage.interview.answers(), [""; 0], "nothing is committed");
    assert!(!stage.speaking(), "nothing is heard");
    stage.person.say("It took a year.").await;
    stage.until_speaking().await;
    assert_eq!(stage.interview.answers(), ["I led the team. It took a year."]);
}

#[tokio::test(start_paused = true)]
async fn an_unfinished_sentence_is_waited_for() {
    let mut stage = Stage::begun().await;
    stage.person.say("We did it because").await;
    stage.person.quiet(ms(1500)).await;
    assert!(!stage.speaking());
    stage.person.say("nobody else would.").await;
    stage.until_speaking().await;
    assert_eq!(stage.interview.answers(), ["We did it because nobody else would."]);
}

#[tokio::test(start_paused = true)]
async fn pauses_within_an_answer_are_learnt() {
    let mut stage = Stage::begun().await;
    // The sound tells little.
    stage.hearing.finished(Some(55));
    for _ in 0..4 {
        stage.person.say("there was one more thing.").await;
        stage.person.quiet(ms(900)).await;
    }
    stage.hearing.finished(Some(79));
    stage.person.say("that was it.").await;
    let waited = stage.until_speaking().await;
    assert!(waited >= ms(950), "{waited:?}: a person of long pauses is given time");
    assert_eq!(stage.interview.answers().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn short_answers_count_and_sounds_of_thinking_do_not() {
    let mut stage = Stage::begun().await;
    stage.person.say("Um...").await;
    stage.person.quiet(ms(4000)).await;
    assert_eq!(stage.interview.answers(), [""; 0]);
    stage.person.say("Yes.").await;
    stage.until_speaking().await;
    assert_eq!(stage.interview.answers(), ["Yes."]);
}

#[tokio::test(start_paused = true)]
async fn a_long_answer_is_one_and_silence_does_not_count_meanwhile() {
    let mut stage = Stage::begun().await;
    let before = stage.interview.activity().len();
    let mut whole = String::new();
    for number in 0..60 {
        let part = format!("part {number} of the long story and then it went on");
        stage.person.say(&part).await;
        stage.person.quiet(ms(400)).await;
        whole = format!("{whole} {part}");
    }
    stage.person.say("to its end.").await;
    stage.until_speaking().await;
    assert_eq!(stage.interview.answers(), [format!("{} to its end.", whole.trim())]);
    let signs = stage.interview.activity();
    let gaps = signs[before..].windows(2).map(|pair| pair[1] - pair[0]).max().unwrap_or_default();
    assert!(signs.len() > 30 && gaps < ms(6000), "{} signs, {gaps:?} apart at most", signs.len());
}

#[tokio::test(start_paused = true)]
async fn without_a_judge_silence_alone_tells() {
    let mut stage = Stage::begun().await;
    stage.hearing.finished(None);
    stage.person.say("I led the team.").await;
    let waited = stage.until_speaking().await;
    assert!((ms(900)..ms(1600)).contains(&waited), "{waited:?}");
}

#[tokio::test(start_paused = true)]
async fn push_to_talk_hears_what_is_said_while_the_key_is_held() {
    let mut stage = Stage::begun().await;
    stage.person.control(Control { mode: Some(Mode::Push), ..Control::default() });
    stage.person.say("This is not for you.").await;
    stage.person.quiet(ms(3000)).await;
    assert_eq!(stage.interview.answers(), [""; 0]);
    stage.person.control(Control { talk: Some(true), ..Control::default() });
    stage.person.say("I led").await;
    stage.person.quiet(ms(5000)).await;
    assert!(!stage.speaking(), "no pause ends a turn while the key is held");
    stage.person.say("the team").await;
    stage.person.control(Control { talk: Some(false), ..Control::default() });
    let waited = stage.until_speaking().await;
    assert!(waited < ms(500), "{waited:?}");
    assert_eq!(stage.interview.answers(), ["I led the team"]);
    stage.until_silent().await;
    // In the middle back to an open microphone.
    stage.person.control(Control { mode: Some(Mode::Open), ..Control::default() });
    stage.person.say("It went well.").await;
    stage.until_speaking().await;
    assert_eq!(stage.interview.answers().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_typed_answer_counts_and_its_reply_is_said() {
    let mut stage = Stage::begun().await;
    stage.interview.type_answer("I typed this.");
    stage.until_silent().await;
    assert_eq!(stage.captions(true), ["Question 1?", "Question 2?"]);
    // Typed while the interviewer speaks: the new line takes the place of the old one.
    stage.interview.nudge("Take all the time that you need, there is no hurry at all.");
    stage.until_speaking().await;
    stage.interview.type_answer("And this.");
    stage.until_silent().await;
    assert_eq!(stage.captions(true).last().map(String::as_str), Some("Question 4?"));
    assert!(stage.words_heard() < 6 + 12, "the nudge was not said to its end");
}

#[tokio::test(start_paused = true)]
async fn whoever_types_is_not_silent() {
    let mut stage = Stage::begun().await;
    let before = stage.interview.activity().len();
    for _ in 0..3 {
        stage.person.control(Control { typing: Some(true), ..Control::default() });
        stage.person.quiet(ms(4000)).await;
    }
    assert_eq!(stage.interview.activity().len(), before + 3);
}

#[tokio::test(start_paused = true)]
async fn a_muted_microphone_is_not_silence_for_a_while() {
    let mut stage = Stage::begun().await;
    stage.person.mute(true);
    let before = stage.interview.activity().len();
    stage.person.quiet(ms(60_000)).await;
    assert!(stage.interview.activity().len() >= before + 12);
    stage.person.quiet(ms(180_000)).await;
    let after = stage.interview.activity().len();
    stage.person.quiet(ms(30_000)).await;
    assert_eq!(stage.interview.activity().len(), after, "whoever is muted for long has gone");
}

#[tokio::test(start_paused = true)]
async fn a_name_that_was_corrected_is_known_to_hearing_from_then_on_and_nobody_is_cut_short_by_it() {
    let mut stage = Stage::begun().await;
    let opened = stage.hearing.opened();
    stage.person.say("I worked with").await;
    stage.interview.correct("Daniel Okafor");
    stage.person.say("Daniel for a year.").await;
    assert_eq!(stage.hearing.opened(), opened, "not in the middle of an answer");
    stage.until_silent().await;
    assert_eq!(stage.interview.answers(), ["I worked with Daniel for a year."]);
    assert_eq!(stage.hearing.vocabulary(), ["Daniel Okafor"]);
    assert_eq!(stage.hearing.opened(), opened + 1);
    stage.person.say("He led the other team.").await;
    stage.until_silent().await;
    assert_eq!(stage.interview.answers().len(), 2);
    assert_eq!(stage.hearing.opened(), opened + 1, "once");
}
