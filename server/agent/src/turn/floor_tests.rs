//! Whatever happens in whatever order, the floor keeps to its contract.

use std::time::Duration;

use proptest::prelude::*;
use protocol::signals::Mode;
use tokio::time::Instant;

use super::TurnHypothesis;
use super::act::{FloorAction, PlayoutState};
use super::floor::Floor;
use crate::interview::NoticedPauses;

const OURS: &str = "tell me about the hardest decision";

#[derive(Clone, Debug)]
enum Step {
    Wait(u64),
    Speaks,
    Pauses,
    Stirs,
    MayBeHeard,
    Interim(&'static str, Option<f32>),
    Reading(&'static str, Option<f32>),
    Judged(f32),
    LastWords(&'static str),
    VoiceBegins(bool),
    VoiceEnds,
    Push,
    Open,
    Talk(bool),
    Close,
    Deaf,
}

fn text() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "",
        "um",
        "mhm",
        "right",
        "the hardest decision",
        "sorry, wait",
        "I led the team.",
        "because",
        "yes.",
        "  ",
    ])
}

fn sure() -> impl Strategy<Value = Option<f32>> {
    prop::option::of(0.0..1.0_f32)
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => (0..4000_u64).prop_map(Step::Wait),
        3 => Just(Step::Speaks),
        3 => Just(Step::Pauses),
        2 => Just(Step::Stirs),
        2 => Just(Step::MayBeHeard),
        2 => (text(), sure()).prop_map(|(text, sure)| Step::Interim(text, sure)),
        3 => (text(), sure()).prop_map(|(text, sure)| Step::Reading(text, sure)),
        2 => (0.0..1.0_f32).prop_map(Step::Judged),
        2 => text().prop_map(Step::LastWords),
        2 => any::<bool>().prop_map(Step::VoiceBegins),
        2 => Just(Step::VoiceEnds),
        1 => Just(Step::Push),
        1 => Just(Step::Open),
        1 => any::<bool>().prop_map(Step::Talk),
        1 => Just(Step::Close),
        1 => Just(Step::Deaf),
    ]
}

/// What a loop that drives the floor sees of it.
struct Seen {
    voice: PlayoutState,
    guarded: bool,
    hurried: bool,
    proposed: Option<String>,
    turns: Vec<String>,
}

impl Seen {
    fn act(&mut self, act: FloorAction) {
        match act {
            FloorAction::Duck => {
                assert_eq!(self.voice, PlayoutState::Playing);
                self.voice = PlayoutState::Ducked;
            }
            FloorAction::Unduck => {
                assert_eq!(self.voice, PlayoutState::Ducked);
                self.voice = PlayoutState::Playing;
            }
            FloorAction::Hold => {
                assert!(
                    matches!(self.voice, PlayoutState::Playing | PlayoutState::Ducked),
                    "{:?}",
                    self.voice
                );
                assert!(!self.guarded, "a goodbye is not cut off");
                self.voice = PlayoutState::Held;
            }
            FloorAction::Resume => {
                assert_eq!(self.voice, PlayoutState::Held);
                self.voice = PlayoutState::Playing;
            }
            FloorAction::Hurry(hurry) => {
                assert_ne!(self.hurried, hurry, "it is said once");
                self.hurried = hurry;
            }
            FloorAction::Propose { turn, text } => {
                assert!(!text.trim().is_empty());
                assert_eq!(self.proposed, None, "one thing is prepared");
                self.proposed = Some(turn);
            }
            FloorAction::Withdraw => assert!(self.proposed.take().is_some(), "there was something"),
            FloorAction::Take(taken) => {
                assert!(!taken.text.trim().is_empty());
                assert!(taken.began <= taken.ended, "{taken:?}");
                assert!(!self.turns.contains(&taken.turn), "a turn is taken once");
                self.turns.push(taken.turn);
                self.proposed = None;
                if !self.guarded {
                    self.voice = PlayoutState::Silent;
                }
            }
            FloorAction::Caption { text, .. } => assert!(!text.trim().is_empty()),
            FloorAction::Missed(_) => {}
            FloorAction::Uncaption(_) | FloorAction::Reopen => {}
            FloorAction::Judge(_)
            | FloorAction::Commit { .. }
            | FloorAction::Discard
            | FloorAction::Activity => {}
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, ..ProptestConfig::default() })]

    #[test]
    fn the_contract_is_kept(steps in prop::collection::vec(step(), 1..80)) {
        let mut floor = Floor::new("t");
        let mut now = Instant::now();
        let mut seen = Seen { voice: PlayoutState::Silent, guarded: false, hurried: false, proposed: None, turns: vec![] };
        let mut pause = 0;
        for step in steps {
            match step {
                Step::Wait(ms) => {
                    // As its driver does: at every deadline on the way.
                    let until = now + Duration::from_millis(ms);
                    for _ in 0..50 {
                        let Some(at) = floor.deadline().filter(|at| *at <= until) else { break };
                        let before = (floor.deadline(), floor.has_open_turn());
                        now = at.max(now);
                        floor.tick(now);
                        let mut acted = false;
                        while let Some(act) = floor.act() {
                            acted = true;
                            seen.act(act);
                        }
                        prop_assert!(acted || (floor.deadline(), floor.has_open_turn()) != before, "it is not woken for nothing");
                    }
                    now = until;
                }
                Step::Speaks => floor.note_speech(now),
                Step::Pauses => {
                    pause += 1;
                    floor.note_pause(pause, now);
                }
                Step::Stirs => floor.note_possible_speech(now),
                Step::MayBeHeard => floor.soften_tentatively(now),
                Step::Interim(text, sure) => floor.interim(TurnHypothesis { text, sure }, OURS),
                Step::Reading(text, sure) => floor.reading(pause, TurnHypothesis { text, sure }, OURS, now),
                Step::Judged(likely) => floor.judged(pause, likely, now),
                Step::LastWords(text) => floor.last_words(TurnHypothesis { text, sure: None }, now),
                Step::VoiceBegins(guarded) if !floor.taken() => {
                    floor.voice_began(guarded);
                    (seen.voice, seen.guarded) = (PlayoutState::Playing, guarded);
                }
                Step::VoiceBegins(_) => {}
                Step::VoiceEnds => {
                    floor.voice_ended(now);
                    (seen.voice, seen.guarded) = (PlayoutState::Silent, false);
                }
                Step::Push => floor.set_mode(Mode::Push, now),
                Step::Open => floor.set_mode(Mode::Open, now),
                Step::Talk(held) => floor.set_key_held(held, now),
                Step::Close => floor.close(now),
                Step::Deaf => floor.handle_hearing_lost(now),
            }
            while let Some(act) = floor.act() {
                seen.act(act);
            }
            prop_assert_eq!(floor.voice(), seen.voice);
        }
        // Whatever was being said comes to an end.
        floor.close(now);
        for _ in 0..4 {
            now += Duration::from_secs(10);
            floor.tick(now);
            while let Some(act) = floor.act() {
                seen.act(act);
            }
        }
        prop_assert!(!floor.has_open_turn());
        prop_assert!(!matches!(floor.voice(), PlayoutState::Held | PlayoutState::Ducked), "it goes on");
    }
}

#[test]
fn nobody_is_cut_short_at_the_moment_when_they_may_be_going_on() {
    let begun = Instant::now();
    let at = |ms: u64| begun + Duration::from_millis(ms);
    let mut floor = Floor::new("t");
    floor.note_speech(at(0));
    floor.note_pause(1, at(2000));
    floor.reading(1, TurnHypothesis { text: "I led the team.", sure: None }, "", at(2200));
    floor.judged(1, 0.99, at(2200));
    let over = floor.deadline().unwrap();
    floor.note_possible_speech(over - Duration::from_millis(20));
    floor.tick(over);
    let takes =
        |floor: &mut Floor| std::iter::from_fn(|| floor.act()).any(|act| matches!(act, FloorAction::Take(_)));
    assert!(!takes(&mut floor));
    // It was a click.
    let later = floor.deadline().unwrap();
    assert!(later > over && later <= over + Duration::from_millis(100), "{:?}", later - over);
    // What only ever stirs does not put the end off for ever.
    for ms in (0..5_000).step_by(20) {
        floor.note_possible_speech(later + Duration::from_millis(ms));
        floor.tick(later + Duration::from_millis(ms));
    }
    assert!(takes(&mut floor));
}

#[test]
fn what_was_prepared_is_withdrawn_when_an_earlier_answer_is_taken_late() {
    let begun = Instant::now();
    let at = |ms: u64| begun + Duration::from_millis(ms);
    let mut floor = Floor::new("t");
    floor.note_speech(at(0));
    floor.close(at(1_000));
    floor.note_speech(at(1_500));
    floor.note_pause(1, at(3_000));
    floor.reading(1, TurnHypothesis { text: "I led the team because", sure: None }, "", at(3_200));
    let mut acts = Vec::new();
    for ms in (3_200..6_000).step_by(20) {
        floor.tick(at(ms));
        while let Some(act) = floor.act() {
            acts.push(act);
        }
        if acts.iter().any(|act| matches!(act, FloorAction::Propose { .. })) {
            floor.last_words(TurnHypothesis { text: "We built the bridge.", sure: None }, at(ms));
            break;
        }
    }
    let now: Vec<FloorAction> = std::iter::from_fn(|| floor.act()).collect();
    let first = |which: fn(&FloorAction) -> bool| now.iter().position(which);
    let withdrawn = first(|act| matches!(act, FloorAction::Withdraw));
    assert!(withdrawn.is_some() && withdrawn < first(|act| matches!(act, FloorAction::Take(_))), "{now:?}");
}

#[test]
fn what_was_prepared_is_withdrawn_when_the_words_turn_out_to_be_none() {
    let begun = Instant::now();
    let at = |ms: u64| begun + Duration::from_millis(ms);
    let mut floor = Floor::new("t");
    floor.note_speech(at(0));
    floor.note_pause(1, at(500));
    floor.reading(1, TurnHypothesis { text: "sorry, wait", sure: None }, "", at(600));
    floor.interim(TurnHypothesis { text: "", sure: None }, "");
    let mut prepared = 0;
    for ms in (600..8_000).step_by(20) {
        floor.tick(at(ms));
        while let Some(act) = floor.act() {
            prepared += i32::from(matches!(act, FloorAction::Propose { .. }));
            prepared -= i32::from(matches!(act, FloorAction::Withdraw | FloorAction::Take(_)));
        }
    }
    assert!(!floor.has_open_turn());
    assert_eq!(prepared, 0);
}

#[test]
fn pauses_of_a_second_within_an_answer_are_counted_and_the_one_that_ends_it_is_not() {
    let begun = Instant::now();
    let at = |ms: u64| begun + Duration::from_millis(ms);
    let mut floor = Floor::new("t");
    floor.note_speech(at(0));
    for (number, (ended, on)) in (1..).zip([(2_000, 2_400), (4_000, 5_000), (7_000, 8_300)]) {
        floor.note_pause(number, at(ended));
        floor.note_speech(at(on));
    }
    floor.note_pause(4, at(9_000));
    floor.reading(
        4,
        TurnHypothesis { text: "I led the team, and it went well.", sure: Some(0.87) },
        "",
        at(9_200),
    );
    floor.judged(4, 0.99, at(9_200));
    floor.tick(at(14_000));
    let mut acts = std::iter::from_fn(|| floor.act());
    let taken =
        acts.find_map(|act| if let FloorAction::Take(taken) = act { Some(taken) } else { None }).unwrap();
    assert_eq!(taken.pauses, NoticedPauses { count: 2, longest: Duration::from_millis(1_300) });
    assert_eq!(taken.sure, Some(0.87));
}

#[test]
fn our_voice_is_softer_at_once_and_as_before_after_what_was_no_voice() {
    let begun = Instant::now();
    let at = |ms: u64| begun + Duration::from_millis(ms);
    let after = |sounds: &[u64], until: u64| {
        let mut floor = Floor::new("t");
        floor.voice_began(false);
        for ms in (0..=until).step_by(20) {
            if sounds.contains(&ms) {
                floor.soften_tentatively(at(ms));
            }
            floor.tick(at(ms));
        }
        floor.voice()
    };
    assert_eq!(after(&[0], 0), PlayoutState::Ducked);
    assert_eq!(after(&[0, 20, 40, 60, 80], 200), PlayoutState::Ducked, "it still sounds");
    assert_eq!(after(&[0], 300), PlayoutState::Playing, "it was a click");
    // Where it is a voice, its words decide.
    let mut floor = Floor::new("t");
    floor.voice_began(false);
    floor.soften_tentatively(at(0));
    floor.note_speech(at(0));
    floor.tick(at(400));
    assert_eq!(floor.voice(), PlayoutState::Ducked);
    // Nobody makes the goodbye softer.
    let mut floor = Floor::new("t");
    floor.voice_began(true);
    floor.soften_tentatively(at(0));
    assert_eq!((floor.voice(), floor.deadline()), (PlayoutState::Playing, None));
}

#[test]
fn what_listeners_say_long_before_the_end_of_a_question_does_not_answer_it() {
    let begun = Instant::now();
    let at = |ms: u64| begun + Duration::from_millis(ms);
    for (text, sure, ends, answers) in [
        ("Yes.", 0.9, 1900, false),
        ("Yes.", 0.9, 1200, true),
        ("Wow.", 0.9, 1200, false),
        ("Mahan.", 0.4, 1200, false),
        ("Five years.", 0.4, 1200, true),
        ("The hunter.", 0.4, 1900, false),
    ] {
        let mut floor = Floor::new("t");
        floor.voice_began(false);
        floor.note_speech(at(1000));
        floor.note_pause(1, at(1400));
        floor.voice_ended(at(ends));
        floor.reading(1, TurnHypothesis { text, sure: Some(sure) }, OURS, at(2000));
        assert_eq!(floor.has_open_turn(), answers, "{text} {} ms before our voice ended", ends - 1000);
    }
}

#[test]
fn our_voice_stops_for_words_that_somebody_is_sure_of() {
    for (text, sure, stops) in [
        ("The hunter.", Some(0.3), false),
        ("Can we", Some(0.8), true),
        ("Can we", None, true),
        ("Sorry, could I", Some(0.3), true),
        ("That was not the reason", Some(0.3), true),
    ] {
        let mut floor = Floor::new("t");
        floor.voice_began(false);
        floor.note_speech(Instant::now());
        floor.interim(TurnHypothesis { text, sure }, OURS);
        assert_eq!(floor.voice() == PlayoutState::Held, stops, "{text} {sure:?}");
    }
}

#[test]
fn our_voice_that_stopped_for_nothing_goes_on_as_soon_as_that_is_known() {
    for (text, sure, goes_on) in [
        ("", None, true),
        ("Mm.", Some(0.9), true),
        ("Mum.", Some(0.9), true),
        ("Right.", Some(0.9), true),
        ("The hunter went.", Some(0.4), true),
        ("the hardest decision", Some(0.9), true),
        ("Wait.", Some(0.4), false),
        ("Can we go back?", Some(0.9), false),
    ] {
        let begun = Instant::now();
        let at = |ms: u64| begun + Duration::from_millis(ms);
        let mut floor = Floor::new("t");
        floor.voice_began(false);
        floor.note_speech(at(0));
        floor.interim(TurnHypothesis { text: "Can we go", sure: Some(0.9) }, OURS);
        assert_eq!(floor.voice(), PlayoutState::Held);
        floor.note_pause(1, at(600));
        floor.reading(1, TurnHypothesis { text, sure }, OURS, at(820));
        assert_eq!(floor.voice() == PlayoutState::Playing, goes_on, "{text:?}");
        assert_eq!(floor.has_open_turn(), !goes_on, "{text:?}");
    }
}

#[test]
fn the_sound_is_judged_again_only_where_it_may_end_the_turn() {
    for (text, judged) in [
        ("We did it because", 1),
        ("We did it because of him.", 4),
        ("We did it in March, and nobody was there.", 4),
    ] {
        let begun = Instant::now();
        let at = |ms: u64| begun + Duration::from_millis(ms);
        let mut floor = Floor::new("t");
        floor.note_speech(at(0));
        floor.note_pause(1, at(1000));
        let mut judgements = 0;
        for ms in (1000..2180).step_by(20) {
            if ms == 1220 {
                floor.reading(1, TurnHypothesis { text, sure: None }, "", at(ms));
            }
            floor.tick(at(ms));
            while let Some(act) = floor.act() {
                if act == FloorAction::Judge(1) {
                    judgements += 1;
                    floor.judged(1, 0.02, at(ms));
                }
            }
        }
        assert_eq!(judgements, judged, "{text}");
        assert!(floor.has_open_turn(), "{text}");
    }
}
