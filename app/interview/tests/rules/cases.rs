//! Single histories, each with what is due.

use interview::{
    Effect, EndReason, Event, LinePurpose, Modality, Plan, Session, Status, TurnId, UnixMillis,
    WriterTimeouts,
};

use crate::{ANSWERS, answer_from_bank, opened, profile, say};

#[test]
fn asking_to_repeat_or_explain_costs_no_turn_and_no_new_question() {
    let (mut session, now) = opened("standard");
    let asked = session.questions();
    let before = session.progress();
    for _ in 0..3 {
        assert_eq!(say(&mut session, "Could you repeat that?", now), LinePurpose::Repeat);
        assert_eq!(say(&mut session, "What do you mean by that?", now), LinePurpose::Clarify);
    }
    assert_eq!(session.questions(), asked);
    assert_eq!(session.progress(), before);
}

#[test]
fn whoever_asks_back_for_ever_comes_to_an_end() {
    for back in
        ["Sorry?", "Could you repeat that?", "What do you mean by that?", "Thank you. Would I be outside?"]
    {
        let (mut session, now) = opened("quick");
        let mut lines = 0;
        while !session.status().is_completed() {
            say(&mut session, back, now);
            lines += 1;
            assert!(lines < 120, "{back}: {:?}", session.progress());
        }
    }
}

#[test]
fn a_question_of_their_own_at_the_end_is_not_one_about_the_question() {
    for (back, purpose) in [
        ("Sorry, no. Thank you.", LinePurpose::Closing),
        ("Would I be outside? Would it be outside, mostly?", LinePurpose::Closing),
        ("Sorry, what do you mean?", LinePurpose::Clarify),
        ("Sorry?", LinePurpose::Repeat),
    ] {
        let (mut session, now) = opened("quick");
        let closing = session.plan().stages.len() - 1;
        let mut value = serde_json::to_value(&session).unwrap();
        value["stage"] = closing.into();
        let transcript = session.transcript().to_vec();
        session = serde_json::from_value::<Session>(value).unwrap().with_transcript(transcript);
        assert_eq!(say(&mut session, back, now), purpose, "{back}");
    }
}

#[test]
fn a_non_answer_covers_nothing() {
    let (mut session, now) = opened("quick");
    // In the quick plan one real answer would cover the first part.
    assert_eq!(say(&mut session, "I don't know.", now), LinePurpose::Smaller);
    assert_eq!(session.stage().id, "self_introduction");
}

#[test]
fn ending_says_goodbye_and_stays_ended() {
    let (mut session, now) = opened("standard");
    say(&mut session, ANSWERS[1], now);
    let effects = session.step(Event::End { turn: TurnId("e".into()) }, now);
    assert!(
        matches!(&effects[0], Effect::Record(m) if m.why.as_ref().unwrap().purpose == LinePurpose::Closing)
    );
    assert_eq!(session.status(), Status::Completed(EndReason::Asked));
    assert!(session.step(Event::Tick, now + 1_000_000_000_000).is_empty());
}

/// A session in the middle of its stories.
fn telling() -> (Session, UnixMillis) {
    let (mut session, mut now) = opened("standard");
    for turn in 0..20 {
        if session.stage().id == "past_experience" {
            return (session, now);
        }
        now += 30_000;
        let text =
            format!("I joined the depot in {} and ran the night shift there for {turn} years.", 1990 + turn);
        say(&mut session, &text, now);
    }
    panic!("the introduction ends");
}

#[test]
fn after_the_death_of_somebody_close_it_is_theirs_to_go_on_or_not_and_the_part_goes_on() {
    let (mut session, now) = telling();
    let told = "My friend Tomasz fell from the scaffold next to mine and he died. I was on the level below.";
    assert_eq!(say(&mut session, told, now + 30_000), LinePurpose::Care);
    let line = session.transcript().last().unwrap().text.clone();
    assert!(line.to_lowercase().contains("sorry"), "{line}");
    // Not the next part: what is left is the painful thing.
    assert_eq!(say(&mut session, "Let's move on, please.", now + 60_000), LinePurpose::Question);
    assert_eq!(session.stage().id, "past_experience");
}

#[test]
fn a_story_is_not_begun_where_nothing_could_be_asked_about_it() {
    for seed in 0..40 {
        let plan = Plan::named("standard").unwrap();
        let mut now = 1_700_000_000_000;
        let mut session = Session::new(plan, profile(), WriterTimeouts::default(), seed, Vec::new(), now);
        session.step(Event::Start { turn: TurnId("s".into()), modality: Modality::Text }, now);
        answer_from_bank(&mut session, now);
        let mut turns = 0;
        while session.stage().id != "closing" {
            now += 20_000;
            let before = session.stage().id.clone();
            let purpose = say(
                &mut session,
                &format!("I moved the racks in bay {turns} and it took {turns} days."),
                now,
            );
            turns = if session.stage().id == before { turns + 1 } else { 0 };
            let last = turns + 1 >= session.stage().max_turns;
            let story =
                session.stage().kind == interview::StageKind::Experience && purpose == LinePurpose::Question;
            assert!(!(story && last), "seed {seed}: a story begins with the last turn of its part");
        }
    }
}
