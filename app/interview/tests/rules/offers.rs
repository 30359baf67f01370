//! What a candidate offers or asks in the middle of an answer is not passed over.

use interview::LinePurpose;
use interview::reading::{Part, Probe, Situation};

use crate::stories::{SEEDS, at, next, read};

/// The line after this answer in a story that was read to be of these parts.
fn after(
    seed: u64,
    stage: usize,
    text: &str,
    there: &[Part],
    likely: &[Probe],
) -> (LinePurpose, Option<Probe>, String) {
    next(&mut at(stage, false, seed), text, read(there, Situation::Unfinished, likely))
}

#[test]
fn of_several_stories_the_first_is_asked_for() {
    for seed in SEEDS {
        for text in [
            "Two come to mind. One's the Friday calls, which I still take, and the other's the guide that I wrote.",
            "I ran the parent council, and the lunch clubs, and the school trip. It's hard to pick.",
        ] {
            let (_, probe, line) = after(seed, 1, text, &[Part::Situation, Part::Action], &[Probe::Detail]);
            assert_eq!(probe, Some(Probe::Depth), "{line}");
            assert!(line.to_lowercase().contains("first"), "{line}");
        }
    }
}

#[test]
fn harm_that_is_mentioned_is_asked_about_once_and_gently() {
    let text = "I draw up what's really there. If there'd been one of those in that corridor he'd not have been burnt.";
    for seed in SEEDS {
        for stage in [0, 1] {
            let mut session = at(stage, false, seed);
            let reading = || read(&[Part::Action], Situation::Unfinished, &[Probe::Result]);
            let (_, probe, line) = next(&mut session, text, reading());
            assert_eq!(probe, Some(Probe::Depth), "{line}");
            assert!(["mind", "all right"].iter().any(|word| line.contains(word)), "{line}");
            let again =
                "He'd a hand in the wrong place. After the accident I started a thing with the apprentices.";
            let (_, probe, line) = next(&mut session, again, reading());
            assert_ne!(probe, Some(Probe::Depth), "{line}");
        }
    }
}

#[test]
fn an_offer_to_say_more_is_taken_up() {
    let reasons =
        "I'd do it carefully, I think. I've reasons for that, which I'm happy to go into if you ask.";
    let night =
        "I rewired the whole corridor in one night. There's more to it, I can say more if you want me to.";
    for seed in SEEDS {
        for (stage, text) in [(0, reasons), (1, night)] {
            let (_, probe, line) = after(seed, stage, text, &[], &[Probe::Motivation]);
            assert_eq!(probe, Some(Probe::Depth), "{line}");
            assert!(line.contains("about that") || line.contains("of that"), "{line}");
        }
    }
}

#[test]
fn a_question_of_theirs_gets_a_word_before_the_next_one() {
    for seed in SEEDS {
        let text = "I've not led anyone at work yet. I taught my cousin maths for his exam, does that count?";
        let (_, _, line) = after(seed, 1, text, &[Part::Situation, Part::Action], &[Probe::Detail]);
        assert!(["Yes,", "That's"].iter().any(|word| line.starts_with(word)), "{line}");
        let text = "I'd like to see patients all week, and not only on the Wednesday. Do you have a clinic on other days?";
        let (_, _, line) = after(seed, 0, text, &[], &[Probe::Motivation]);
        assert!(line.contains("on the day"), "{line}");
        // What they ask themselves while they tell is theirs.
        let text = "The belt stood still for a night, and who was to pay for it?";
        let (_, _, line) = after(seed, 1, text, &[Part::Situation], &[Probe::Detail]);
        assert!(
            !line.contains("on the day") && !line.starts_with("Yes,") && !line.starts_with("That's"),
            "{line}"
        );
    }
}

#[test]
fn who_finds_it_hard_to_say_is_thanked_and_no_doubt_about_a_story_hides_it() {
    for seed in SEEDS {
        let shy = "My gran was with you, two years ago. I don't know if I should say that in an interview.";
        let (_, _, line) = after(seed, 0, shy, &[], &[Probe::Motivation]);
        assert!(!line.starts_with("No problem") && !line.starts_with("Don't worry"), "{line}");
        let counts =
            "I haven't led anybody, but I trained a student who was with us for a month. Does that count?";
        let (purpose, _, line) = after(seed, 1, counts, &[Part::Situation, Part::Action], &[Probe::Detail]);
        assert!(purpose == LinePurpose::Probe && line.starts_with(['Y', 'T']), "{line}");
    }
}

#[test]
fn a_story_that_is_only_named_is_asked_for() {
    for seed in SEEDS {
        let (purpose, probe, line) = after(seed, 1, "The recall.", &[], &[Probe::FirstStep]);
        assert!(probe == Some(Probe::Depth) || purpose == LinePurpose::Concrete, "{line}");
    }
}
