//! The sound of answers: what is recorded, and what of it is kept.

use protocol::signals::{Control, Mode};

use super::stage::{Stage, ms};

/// How many packets of a word there are in a sound.
fn words(sound: &[std::sync::Arc<[u8]>]) -> usize {
    sound.iter().filter(|packet| packet.iter().any(|byte| *byte != 0)).count()
}

#[tokio::test(start_paused = true)]
async fn the_sound_of_an_answer_is_kept_whole_under_its_turn() {
    let mut stage = Stage::begun().await;
    stage.person.say("I led the team that built it.").await;
    stage.until_silent().await;
    stage.person.say("It took a year.").await;
    stage.until_silent().await;
    let sounds = stage.interview.sounds();
    let turns: Vec<&str> = sounds.iter().map(|(turn, _)| turn.as_str()).collect();
    let answered: Vec<String> = stage.interview.times().into_iter().map(|times| times.turn).collect();
    assert_eq!(turns, answered);
    // Each word lasts 240 ms, in packets of 20 ms; a little of what was before and after is there, too.
    for ((_, sound), said) in sounds.iter().zip([7, 4]) {
        assert_eq!(words(sound), said * 12, "{} packets", sound.len());
        assert!(sound.len() > said * 12 && sound.len() < said * 12 + 100, "{} packets", sound.len());
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_no_answer_leaves_no_sound() {
    let mut stage = Stage::begun().await;
    stage.person.cough(ms(600)).await;
    stage.person.quiet(ms(6_000)).await;
    assert!(stage.interview.recorded() > 0, "it may have been one");
    assert_eq!(stage.interview.answers(), [""; 0]);
    assert!(stage.interview.sounds().is_empty());
}

#[tokio::test(start_paused = true)]
async fn nothing_is_recorded_while_the_key_of_push_to_talk_is_up() {
    let mut stage = Stage::begun().await;
    stage.person.control(Control { mode: Some(Mode::Push), ..Control::default() });
    stage.person.say("This is for somebody else in the room.").await;
    stage.person.quiet(ms(100)).await;
    stage.person.control(Control { talk: Some(true), ..Control::default() });
    stage.person.say("I led the team.").await;
    stage.person.control(Control { talk: Some(false), ..Control::default() });
    stage.until_silent().await;
    let sounds = stage.interview.sounds();
    let [(_, sound)] = sounds.as_slice() else { panic!("{} sounds", sounds.len()) };
    assert_eq!(words(sound), 4 * 12);
}

#[tokio::test(start_paused = true)]
async fn the_last_answer_is_kept_though_the_agent_is_told_to_stop() {
    let mut stage = Stage::begun().await;
    stage.person.say("I led the team.").await;
    stage.stop.cancel();
    (&mut stage.agent).await.unwrap();
    assert_eq!(stage.interview.sounds().len(), stage.interview.answers().len());
    assert_eq!(stage.interview.sounds().len(), 1);
}
