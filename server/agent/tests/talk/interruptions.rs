//! Interruptions: real ones stop the interviewer, everything else does not.

use agent::interview::Happening;
use agent::testing::{FakeTts, Said};

use super::stage::{Stage, WORD, ms};

const LINE: &str =
    "Tell me about the hardest decision that you had to make in your last position at the bank.";

/// The interviewer is in the middle of a long line.
async fn interrupted() -> Stage {
    let mut stage = Stage::begun_with(&["Hello.", LINE, "Go on."]).await;
    stage.person.say("Hello.").await;
    stage.until_speaking().await;
    stage.person.quiet(WORD * 3).await;
    stage
}

#[tokio::test(start_paused = true)]
async fn words_stop_it_and_what_was_heard_is_kept_to_the_word() {
    let mut stage = interrupted().await;
    let before = stage.words_heard();
    stage.person.say("Sorry,").await;
    stage.person.say("can I").await;
    assert!(!stage.speaking(), "it stops");
    let heard = stage.words_heard() - before;
    assert!(heard <= 3, "{heard} words went on");
    stage.person.say("ask something first?").await;
    stage.until_speaking().await;
    assert_eq!(
        stage.interview.answers().last().map(String::as_str),
        Some("Sorry, can I ask something first?")
    );
    let said = stage.interview.said();
    let kept =
        said.iter().find_map(|said| if let Said::Heard(text) = said { Some(text.as_str()) } else { None });
    let kept = kept.unwrap_or_else(|| panic!("what was heard is brought: {said:?}"));
    assert!(LINE.starts_with(kept), "{kept}");
    let words = kept.split_whitespace().count();
    assert!((3..=6).contains(&words), "{kept}");
    let place = |wanted: &dyn Fn(&Said) -> bool| said.iter().position(wanted).unwrap();
    let heard = place(&|said| matches!(said, Said::Heard(_)));
    let answer = place(&|said| matches!(said, Said::Answer(text) if text.starts_with("Sorry")));
    assert!(heard < answer, "the cut is known before the answer: {said:?}");
}

#[tokio::test(start_paused = true)]
async fn listening_noise_and_echo_make_it_softer_at_most() {
    for sound in ["Mhm.", "Mum.", "Right.", "Okay, yeah.", "", "the hardest decision"] {
        let mut stage = interrupted().await;
        let begun = stage.words_heard();
        if sound.is_empty() {
            stage.person.cough(ms(400)).await;
        } else {
            // An echo comes later than what it is of.
            stage.person.quiet(ms(100)).await;
            stage.person.say(sound).await;
        }
        assert!(stage.level() < FakeTts::LEVEL, "{sound}: it speaks softly while it is uncertain");
        assert!(stage.speaking(), "{sound}: it never stops");
        stage.person.quiet(ms(600)).await;
        assert_eq!(stage.level(), FakeTts::LEVEL, "{sound}: it is as loud as before");
        stage.until_silent().await;
        assert_eq!(stage.words_heard() - begun, 2 + 17 - begun, "{sound}: every word was said once");
        assert_eq!(stage.interview.answers(), ["Hello."], "{sound}: no answer was made of it");
        assert_eq!(stage.captions(true).last().map(String::as_str), Some(LINE), "{sound}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_false_interruption_goes_on_with_the_word_that_was_cut_off() {
    // What sounds like words at first turns out to be nothing, or a word of listening: hearing changes its mind.
    for wrong in [["Wednesday", "morning"].as_slice(), &["Wednesday"]] {
        let mut stage = interrupted().await;
        stage.person.say("Wednesday morning").await;
        assert!(!stage.speaking(), "it stops");
        wrong.iter().for_each(|word| stage.hearing.unlearn(word));
        let waited = stage.until_speaking().await;
        assert!(waited <= ms(600), "{waited:?} from the last sound until it goes on");
        stage.until_silent().await;
        let said = stage.interview.said();
        assert!(said.contains(&Said::Happened(Happening::Interrupted)), "{said:?}");
        assert!(said.contains(&Said::Happened(Happening::Resumed)), "{said:?}");
        assert!(!said.iter().any(|said| matches!(said, Said::Heard(_))), "nothing is cut");
        let words = stage.words_heard();
        assert!((1 + 17..=1 + 17 + 2).contains(&words), "{words}: all was said, and at most a word twice");
    }
}

#[tokio::test(start_paused = true)]
async fn whoever_goes_on_after_a_pause_is_not_talked_over() {
    let mut stage = Stage::begun().await;
    stage.person.say("I led the team.").await;
    // Just as the reply begins.
    stage.until_speaking().await;
    stage.person.say("And I also hired most of them myself.").await;
    assert!(!stage.speaking());
    stage.until_speaking().await;
    assert_eq!(stage.interview.answers(), ["I led the team.", "And I also hired most of them myself."]);
}

#[tokio::test(start_paused = true)]
async fn the_goodbye_is_not_cut_off() {
    let mut stage = Stage::empty();
    stage.interview.ends_after(1);
    stage
        .interview
        .will_say(&["Hello.", "Thank you for this conversation, and all the best for your interviews."]);
    stage.person.join();
    stage.person.quiet(ms(400)).await;
    stage.until_silent().await;
    stage.person.say("That is all.").await;
    stage.until_speaking().await;
    stage.person.say("Thank you very much, that was very kind of you").await;
    stage.person.quiet(ms(6000)).await;
    assert_eq!(stage.words_heard(), 1 + 12);
    assert_eq!(stage.agent.await.unwrap(), agent::AgentOutcome::Over);
}
