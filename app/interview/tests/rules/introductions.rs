//! What is asked while somebody introduces themselves, by what was understood of their answers.

use interview::moves::Move;
use interview::reading::{AnswerReading, Ask, Part, Probe, Role, Situation, Tone};
use interview::{LinePurpose, RetakeManner, Session, Speaker};

use crate::stories::{SEEDS, at, next, read, sentence};

#[test]
fn what_an_introduction_ends_with_is_asked_about_where_no_model_has_read_it() {
    for seed in SEEDS {
        let background = about_oneself(Role::Background, &[Probe::Motivation]);
        let text = "I have driven forklifts for eleven years. I'm at a depot in Leeds, and I covered for the team lead.";
        let (purpose, probe, line) = next(&mut at(0, false, seed), text, background.clone());
        assert_eq!((purpose, probe), (LinePurpose::Probe, Some(Probe::Depth)), "{line}");
        // Nothing done in the last sentence is no hook.
        let text = "I covered for the team lead once. I'm at a depot in Leeds, and it's a good place to be.";
        let (_, probe, line) = next(&mut at(0, false, seed), text, background);
        assert_ne!(probe, Some(Probe::Depth), "{line}");
    }
}

/// An introduction of one sentence about themselves, in which nothing is done. No model has read it.
pub(crate) fn about_oneself(role: Role, probes: &[Probe]) -> AnswerReading {
    let mut reading = read(&[], Situation::SpecificMotivation, probes);
    reading.sentences = vec![sentence(role, Tone::Neutral)];
    reading.wants.clear();
    reading
}

#[test]
fn why_they_want_it_is_a_topic_of_its_own_and_is_followed_up_once() {
    for seed in SEEDS {
        let mut session = at(0, false, seed);
        let background = about_oneself(Role::Background, &[Probe::Motivation]);
        let text = "I'm a forklift driver, eleven years now, at a depot in Leeds.";
        let (purpose, probe, line) = next(&mut session, text, background);
        assert_eq!((purpose, probe), (LinePurpose::Probe, Some(Probe::Motivation)), "{line}");
        assert_eq!(topic(&session).as_deref(), Some("motivation"), "{line}");
        let wish = "I'd like to run a shift and not only drive on it, and there is none to run here.";
        let (purpose, probe, line) =
            next(&mut session, wish, about_oneself(Role::Motivation, &[Probe::Example]));
        assert_eq!((purpose, probe), (LinePurpose::Probe, Some(Probe::Motivation)), "{line}");
        assert_eq!(topic(&session).as_deref(), Some("motivation"), "{line}");
        let (purpose, _, line) =
            next(&mut session, "It is what I'm good at.", about_oneself(Role::Opinion, &[Probe::Example]));
        assert_eq!(purpose, LinePurpose::Question, "{line}");
        assert!(!matches!(topic(&session).as_deref(), Some("motivation" | "next")), "{line}");
    }
}

fn topic(session: &Session) -> Option<String> {
    session.transcript().last().and_then(|line| line.why.clone()).and_then(|why| why.topic)
}

#[test]
fn an_introduction_is_followed_up_and_still_ends_within_its_turns() {
    let hint = "The shift lead has been off sick since June, so I do his rota.";
    for seed in SEEDS {
        let mut session = at(0, false, seed);
        let most = session.plan().stages[0].max_turns as usize;
        let mut follow_ups = 0;
        let mut turns = 0;
        loop {
            turns += 1;
            let text = format!("{hint} That is the {turns}. thing that I tell.");
            let (purpose, _, line) = next(&mut session, &text, about_oneself(Role::Background, &[]));
            if purpose == LinePurpose::Transition {
                break;
            }
            assert!(matches!(purpose, LinePurpose::Probe | LinePurpose::Question), "{line}");
            let two = &session.transcript()[session.transcript().len().saturating_sub(3)..];
            let twice = two
                .iter()
                .filter(|line| line.why.as_ref().is_some_and(|why| why.purpose == LinePurpose::Probe));
            assert!(
                twice.count() <= 1
                    || purpose == LinePurpose::Probe && topic(&session).as_deref() == Some("motivation"),
                "{line}"
            );
            follow_ups += usize::from(purpose == LinePurpose::Probe);
        }
        assert!(turns <= most, "{turns} turns");
        assert!((1..=most / 2).contains(&follow_ups), "{follow_ups} of {turns}");
    }
}

#[test]
fn time_that_is_spent_ends_an_introduction_whatever_stands_open() {
    for seed in SEEDS {
        let mut value = serde_json::to_value(at(0, false, seed)).unwrap();
        let transcript = at(0, false, seed).transcript().to_vec();
        value["here"]["active"] = 3_600_000.into();
        let mut session = serde_json::from_value::<Session>(value).unwrap().with_transcript(transcript);
        let text = "The shift lead has been off sick since June, so I do his rota.";
        let (purpose, _, line) = next(&mut session, text, about_oneself(Role::Background, &[]));
        assert_eq!(purpose, LinePurpose::Transition, "{line}");
    }
}

/// How introductions are taken further is learnt; the rules bound it, whatever was read.
#[test]
fn an_introduction_is_taken_further_within_bounds_whatever_was_read() {
    let answers = [
        "I'm a forklift driver, eleven years now, at a depot in Leeds.",
        "Calm, mostly.",
        "I was let go in March, the whole shift was, and I took what there was.",
        "I like it when people trust me with the racks, and I've never dropped one.",
        "Aisle 14, last March. I saw a bent upright and stopped the aisle.",
    ];
    let situations = [
        Situation::ListOfDuties,
        Situation::Generality,
        Situation::OwnMistake,
        Situation::SpecificMotivation,
        Situation::ShortFact,
        Situation::CompleteStory,
    ];
    for seed in 0..60_u64 {
        let mut session = at(0, false, seed);
        let mut turns = 0;
        while session.stage().kind.introduces() && turns < 12 {
            let pick = |step: u64| (seed.wrapping_mul(2_654_435_761) >> (8 + step)) as usize + turns;
            let mut reading = read(&[], situations[pick(0) % situations.len()], &[Probe::Motivation]);
            reading.wants = (0..24).map(|at| (pick(at) % 120) as i8 - 60).collect();
            let sad = pick(3).is_multiple_of(3);
            reading.sentences =
                vec![sentence(Role::Background, if sad { Tone::Setback } else { Tone::Neutral })];
            let (purpose, _, line) = next(&mut session, answers[pick(5) % answers.len()], reading.clone());
            let made = session.transcript().last().unwrap().why.as_ref().unwrap().made;
            assert!(made.is_none() || purpose == LinePurpose::Probe, "{line}");
            if let Some(made) = made.filter(|_| reading.is_setback()) {
                assert!(!matches!(made, Move::Change | Move::Behind), "{made:?}: {line}");
            }
            turns += 1;
        }
        let stage = &session.plan().stages[0];
        let here = session.transcript().iter().filter(|message| message.stage == stage.id);
        let made: Vec<Move> = here.filter_map(|message| message.why.as_ref()?.made).collect();
        assert!(turns <= stage.max_turns as usize && made.len() <= turns / 2 + 1, "{made:?}");
        assert!(made.windows(2).all(|two| two[0] != two[1]), "{made:?}");
    }
}

#[test]
fn a_rich_introduction_is_not_asked_for_more_of_it() {
    let short = "I drove forklifts in Leeds, and I covered for the team lead.";
    let rich = "I was born near Leeds and I began on the night shift, picking, with nineteen others. I have driven \
                forklifts for eleven years now, at two depots, and I covered for the team lead.";
    for seed in SEEDS {
        let background = about_oneself(Role::Background, &[Probe::Motivation]);
        let (_, probe, line) = next(&mut at(0, false, seed), short, background.clone());
        assert_eq!(probe, Some(Probe::Depth), "{line}");
        let (_, probe, line) = next(&mut at(0, false, seed), rich, background);
        assert_ne!(probe, Some(Probe::Depth), "{line}");
    }
}

/// The last turn of an introduction, in which this is said: what comes next, and the words of it.
fn last_turn(seed: u64, text: &str, reading: AnswerReading) -> (Session, LinePurpose, Option<Probe>, String) {
    let mut session = at(0, true, seed);
    let (purpose, probe, line) = next(&mut session, text, reading);
    assert_eq!(session.stage().id, "past_experience", "{line}");
    assert_eq!(session.transcript().last().unwrap().stage, "past_experience", "{line}");
    (session, purpose, probe, line)
}

#[test]
fn the_story_that_an_introduction_ends_with_is_asked_on_in_the_next_part() {
    let text =
        "The label printer jammed every morning in May, so I took the feeder apart one night and moved it.";
    let half = [Part::Situation, Part::Action, Part::OwnPart];
    let unfinished = || AnswerReading { open: 900, ..read(&half, Situation::Unfinished, &[Probe::Result]) };
    for seed in SEEDS {
        let (mut session, purpose, probe, line) = last_turn(seed, text, unfinished());
        assert_eq!((purpose, probe.map(Probe::ask)), (LinePurpose::Probe, Some(Ask::Result)), "{line}");
        assert_eq!(topic(&session).as_deref(), Some("origin"), "{line}");
        assert!(line.contains("experience") || line.contains("things you've done"), "{line}");

        // What follows belongs to the same story, and it counts as one.
        let end =
            AnswerReading { open: 0, ..read(&[Part::Result], Situation::CompleteStory, &[Probe::NewTopic]) };
        next(&mut session, "It never jammed again, and we stopped buying spare feeders.", end);
        assert_eq!(serde_json::to_value(&session).unwrap()["here"]["covered"], 1);
        // Asked again by itself, the question comes with the one that the story was told to.
        let opening = session.transcript()[0].text.clone();
        let answer = session.transcript().iter().rfind(|m| m.speaker == Speaker::Candidate).unwrap().seq;
        let (_, take) = session.retake(answer, RetakeManner::Same, None).unwrap();
        let asked = take.stages[0].ask.clone().unwrap();
        let quoted = asked.split(['\u{201c}', '\u{201d}']).nth(1);
        assert!(quoted.is_some_and(|quoted| opening.contains(quoted)), "{asked}");

        // A story that was told to its end, one that nobody understood, and what is done every day are left.
        let whole =
            read(&[half.as_slice(), &[Part::Result]].concat(), Situation::CompleteStory, &[Probe::NewTopic]);
        let unread = AnswerReading { wants: Vec::new(), ..unfinished() };
        let daily = "The label printer jams every morning, so I take the feeder apart and I move it.";
        for (text, reading) in [(text, whole), (text, unread), (daily, unfinished())] {
            let (_, purpose, _, line) = last_turn(seed, text, reading);
            assert_eq!(purpose, LinePurpose::Transition, "{line}");
        }
    }
}
