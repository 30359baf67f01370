//! However long somebody speaks without a gap, whenever they begin, however many do, and whatever becomes of hearing: what
//! they say ends in a record, or they are told that it does not.

use std::time::Duration;

use agent::interview::Happening;
use agent::testing::{Person, Said};
use proptest::prelude::*;
use tokio::time::Instant;

use super::stage::{Stage, ms};

/// When somebody begins to speak.
#[derive(Clone, Copy, Debug)]
enum Begins {
    Before,
    Over,
    After,
}

const BEGINNINGS: [Begins; 3] = [Begins::Before, Begins::Over, Begins::After];

fn word(number: usize) -> String {
    format!("w{number}.")
}

/// What was recorded, word by word.
fn recorded(stage: &Stage) -> Vec<String> {
    stage.interview.answers().iter().flat_map(|answer| answer.split(' ').map(str::to_owned)).collect()
}

async fn began(begins: Begins) -> Stage {
    let opening = "Good day, and welcome. Please tell me something about yourself and about your work.";
    let mut stage = Stage::empty();
    stage.interview.will_say(&[opening]);
    stage.person.join();
    match begins {
        Begins::Before => {}
        Begins::Over => {
            stage.until_speaking().await;
            stage.person.quiet(ms(600)).await;
        }
        Begins::After => stage.until_silent().await,
    }
    stage
}

/// Somebody speaks for so long without a gap, and is recorded to the word; nobody ever seems to think meanwhile.
async fn speaks_for(seconds: u64, begins: Begins) {
    let mut stage = began(begins).await;
    let count = usize::try_from(seconds * 1000 / Person::WORD_MS).unwrap();
    let activity = stage.interview.activity().len();
    let (mut shown, mut shown_at) = (0, Instant::now());
    // Looking at all captions is work: now and then is enough.
    let look_every = 8;
    for number in 0..count {
        stage.person.say(&word(number)).await;
        // Half a word may go by before it is certain that somebody speaks.
        assert!(number < 2 || stage.state() != "thinking", "{begins:?}, {seconds} s: word {number}");
        if !number.is_multiple_of(look_every) {
            continue;
        }
        let captions = stage.room.sent();
        if captions != shown {
            (shown, shown_at) = (captions, Instant::now());
        }
        assert!(shown_at.elapsed() < ms(4_000), "{begins:?}, {seconds} s: captions freeze at word {number}");
    }
    stage.until_speaking().await;
    let said: Vec<String> = (0..count).map(word).collect();
    assert_eq!(recorded(&stage), said, "{begins:?}, {seconds} s");
    let records = stage.interview.answers().len();
    assert!(
        records <= 1 + usize::try_from(seconds / 240).unwrap(),
        "{begins:?}, {seconds} s: {records} records"
    );
    let signs = stage.interview.activity()[activity..].to_vec();
    let gaps = signs.windows(2).map(|pair| pair[1] - pair[0]).max().unwrap_or_default();
    assert!(gaps < ms(6_000), "{begins:?}, {seconds} s: nobody is nudged who speaks: {gaps:?}");
}

#[tokio::test(start_paused = true)]
async fn half_a_minute_without_a_gap() {
    for begins in BEGINNINGS {
        speaks_for(30, begins).await;
    }
}

#[tokio::test(start_paused = true)]
async fn more_than_a_minute_without_a_gap() {
    for begins in BEGINNINGS {
        speaks_for(70, begins).await;
    }
}

#[tokio::test(start_paused = true)]
async fn four_minutes_without_a_gap() {
    for begins in BEGINNINGS {
        speaks_for(241, begins).await;
    }
}

#[tokio::test(start_paused = true)]
async fn ten_minutes_without_a_gap() {
    for begins in BEGINNINGS {
        speaks_for(600, begins).await;
    }
}

#[tokio::test(start_paused = true)]
async fn four_people_at_once() {
    tokio::join!(
        speaks_for(241, Begins::Over),
        speaks_for(70, Begins::Before),
        speaks_for(241, Begins::After),
        speaks_for(30, Begins::Over),
    );
}

#[tokio::test(start_paused = true)]
async fn ten_minutes_of_radio_do_no_harm() {
    let mut stage = Stage::begun().await;
    let mut number = 0;
    while number < 1_800 {
        for _ in 0..12 {
            stage.person.say(&word(number)).await;
            number += 1;
        }
        stage.person.quiet(ms(if number.is_multiple_of(60) { 900 } else { 300 })).await;
    }
    stage.until_silent().await;
    assert_eq!(recorded(&stage), (0..number).map(word).collect::<Vec<_>>());
    let longest = stage.interview.answers().iter().map(String::len).max().unwrap_or_default();
    assert!(longest < 8_000, "{longest} letters are more than an interview takes at once");
    stage.person.say("This is for you.").await;
    stage.until_speaking().await;
    assert_eq!(stage.interview.answers().last().map(String::as_str), Some("This is for you."));
}

#[tokio::test(start_paused = true)]
async fn whoever_goes_on_while_their_words_are_awaited_is_heard() {
    let mut stage = Stage::begun().await;
    stage.hearing.takes(ms(6_000));
    stage.person.say("I led the team.").await;
    stage.person.quiet(ms(3_500)).await;
    stage.person.say("And it went well.").await;
    stage.until_speaking().await;
    assert_eq!(stage.interview.answers(), ["I led the team.", "And it went well."]);
}

#[tokio::test(start_paused = true)]
async fn what_is_lost_is_told_and_the_rest_is_kept() {
    let mut stage = Stage::begun().await;
    for number in 0..20 {
        stage.person.say(&word(number)).await;
        if number == 9 {
            stage.hearing.lose();
        }
    }
    stage.until_silent().await;
    assert_eq!(recorded(&stage), (10..20).map(word).collect::<Vec<_>>());
    assert!(
        stage.interview.said().iter().any(|said| matches!(said, Said::Happened(Happening::NotCaught(_))))
    );
    let asked = stage.tts.asked();
    assert!(asked.iter().any(|line| line.contains("missed a part")), "{asked:?}");
}

#[tokio::test(start_paused = true)]
async fn words_that_were_read_stay_when_hearing_breaks_off() {
    let mut stage = Stage::begun().await;
    for number in 0..20 {
        stage.person.say(&word(number)).await;
    }
    stage.hearing.dead(true);
    stage.person.quiet(ms(1_500)).await;
    stage.hearing.dead(false);
    stage.until_silent().await;
    let words = recorded(&stage);
    assert!(words.len() >= 15 && words == (0..words.len()).map(word).collect::<Vec<_>>(), "{words:?}");
    assert!(stage.tts.asked().iter().any(|line| line.contains("missed a part")));
}

/// What happens while somebody speaks.
#[derive(Clone, Debug)]
enum Step {
    /// Speaks so many words.
    Speaks(usize),
    /// Is silent for so many milliseconds.
    Rests(u64),
    /// A reading takes so many milliseconds from now on.
    Takes(u64),
    /// Nothing can be written down, or again.
    Deaf(bool),
    /// Ears break off, or work again.
    Dead(bool),
    /// What is being said is let go of unread.
    Loses,
    /// The interviewer says something.
    Nudge,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => (1..220_usize).prop_map(Step::Speaks),
        5 => (40..4_500_u64).prop_map(Step::Rests),
        2 => prop::sample::select(vec![60, 120, 900, 4_000, 9_000]).prop_map(Step::Takes),
        1 => any::<bool>().prop_map(Step::Deaf),
        1 => any::<bool>().prop_map(Step::Dead),
        1 => Just(Step::Loses),
        1 => Just(Step::Nudge),
    ]
}

async fn play(steps: Vec<Step>) -> Result<(), TestCaseError> {
    let mut stage = Stage::begun().await;
    let mut count = 0;
    let mut told = false;
    for step in steps {
        match step {
            Step::Speaks(words) => {
                for _ in 0..words {
                    stage.person.say(&word(count)).await;
                    count += 1;
                }
            }
            Step::Rests(time) => stage.person.quiet(ms(time)).await,
            Step::Takes(time) => stage.hearing.takes(ms(time)),
            Step::Deaf(deaf) => stage.hearing.deaf(deaf),
            Step::Dead(dead) => stage.hearing.dead(dead),
            Step::Loses => stage.hearing.lose(),
            Step::Nudge => stage.interview.nudge("Take your time."),
        }
        told |= stage.trouble().is_some_and(|trouble| trouble == "hearing" || trouble == "not_caught");
    }
    stage.hearing.deaf(false);
    stage.hearing.dead(false);
    stage.hearing.takes(ms(120));
    stage.person.quiet(Duration::from_secs(60)).await;
    let numbers: Vec<usize> = recorded(&stage)
        .iter()
        .map(|word| word.trim_matches(['w', '.']).parse().expect("a word of this test"))
        .collect();
    prop_assert!(numbers.is_sorted_by(|one, next| one < next), "nothing is doubled: {numbers:?}");
    told |=
        stage.tts.asked().iter().any(|line| line.contains("I did not catch") || line.contains("I am sorry"));
    prop_assert!(
        numbers.len() == count || told,
        "{} of {count} words are kept, and nobody was told",
        numbers.len()
    );
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, ..ProptestConfig::default() })]

    #[test]
    fn voiced_time_ends_in_a_record_or_in_a_word_that_it_is_none(steps in prop::collection::vec(step(), 1..14)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
        runtime.expect("a runtime").block_on(play(steps))?;
    }
}
