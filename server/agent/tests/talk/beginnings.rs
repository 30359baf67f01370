//! A reply that is still being written is said from its first sentence on, each word once.

use agent::testing::Said;

use super::stage::{Stage, WORD, ms};

const BEGINNING: &str = "Four weeks is short for a ledger of that size.";
const LINE: &str = "Four weeks is short for a ledger of that size. What did you leave out?";

/// The reply to an answer is waited for; it will be this line, and takes about two seconds more.
async fn waiting_for(line: &str) -> Stage {
    waiting(line, 4000).await
}

async fn waiting(line: &str, takes: u64) -> Stage {
    let mut stage = Stage::begun_with(&["Hello.", line, "Go on."]).await;
    stage.interview.takes(ms(takes));
    stage.person.say("We moved it in four weeks.").await;
    stage.person.quiet(ms(2000)).await;
    assert_eq!(stage.state(), "thinking");
    assert!(!stage.speaking());
    stage
}

/// What was said after the opening.
fn said(stage: &Stage) -> Vec<String> {
    stage.captions(true).split_off(1)
}

#[tokio::test(start_paused = true)]
async fn the_first_sentence_is_said_while_the_rest_is_written() {
    let mut stage = waiting(LINE, 9000).await;
    stage.interview.begins(BEGINNING);
    let waited = stage.until_speaking().await;
    assert!(waited < ms(300), "{waited:?}");
    assert!(stage.interview.answers().is_empty(), "the turn is still being taken");
    stage.until_silent().await;
    assert_eq!(stage.state(), "thinking", "the rest is still to come");
    stage.until_silent().await;
    assert_eq!(said(&stage), [BEGINNING, "What did you leave out?"]);
    assert_eq!(stage.state(), "listening");
    let times = stage.interview.times();
    assert_eq!(times.len(), 1, "{times:?}");
    assert!(times[0].first_audio < ms(3000), "it is when the beginning was heard: {times:?}");
    // All of it was heard.
    assert!(stage.interview.said().iter().all(|said| !matches!(said, Said::Heard(_))));
    stage.interview.takes(ms(5));
    stage.person.say("The old reports.").await;
    stage.until_silent().await;
    assert_eq!(said(&stage).last().map(String::as_str), Some("Go on."));
}

#[tokio::test(start_paused = true)]
async fn whatever_way_it_grows_each_word_is_said_once() {
    let sentences = ["Four weeks is short.", "A ledger is large!", "What did you leave out?"];
    let whole = sentences.join(" ");
    for growth in [&[][..], &[1], &[2], &[3], &[1, 2], &[1, 3], &[1, 2, 3]] {
        let mut stage = waiting_for(&whole).await;
        for count in growth {
            stage.interview.begins(&sentences[..*count].join(" "));
            stage.person.quiet(ms(300)).await;
        }
        for _ in 0..400 {
            stage.person.quiet(ms(20)).await;
        }
        assert_eq!(said(&stage).join(" "), whole, "{growth:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn half_a_sentence_is_not_begun() {
    let mut stage = waiting_for(LINE).await;
    stage.interview.begins("Four weeks is");
    stage.person.quiet(ms(1000)).await;
    assert!(!stage.speaking());
    stage.until_silent().await;
    assert_eq!(said(&stage), [LINE]);
}

#[tokio::test(start_paused = true)]
async fn whoever_interrupts_a_beginning_is_heard_and_only_what_was_heard_is_kept() {
    let mut stage = waiting_for(LINE).await;
    stage.interview.begins(BEGINNING);
    stage.until_speaking().await;
    stage.person.quiet(WORD * 3).await;
    stage.person.say("Sorry,").await;
    stage.person.say("can I").await;
    assert!(!stage.speaking(), "it stops");
    stage.person.say("ask something first?").await;
    stage.until_speaking().await;
    let brought = stage.interview.said();
    let place = |wanted: &dyn Fn(&Said) -> bool| brought.iter().position(wanted).unwrap();
    let heard = place(&|said| matches!(said, Said::Heard(text) if BEGINNING.starts_with(text.as_str())));
    assert!(place(&|said| matches!(said, Said::Answer(text) if text.starts_with("We moved"))) < heard);
    assert!(heard < place(&|said| matches!(said, Said::Answer(text) if text.starts_with("Sorry"))));
    let asked = stage.tts.asked();
    assert!(!asked.iter().any(|text| text.contains("leave out")), "the rest is out of date: {asked:?}");
}

#[tokio::test(start_paused = true)]
async fn a_line_that_came_out_otherwise_is_said_whole() {
    let mut stage = waiting_for(LINE).await;
    stage.interview.begins("That was a long year.");
    stage.until_silent().await;
    stage.until_silent().await;
    assert_eq!(said(&stage), ["That was a long year.", LINE]);
}

#[tokio::test(start_paused = true)]
async fn a_beginning_that_nobody_waits_for_is_not_said() {
    let mut stage = Stage::begun().await;
    stage.interview.begins(BEGINNING);
    stage.person.quiet(ms(1000)).await;
    assert!(!stage.speaking());
}
