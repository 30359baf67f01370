//! Whatever two answers are, what is said of them together can be checked in them.

#![allow(clippy::unwrap_used, reason = "a test fails where it stands")]

use std::collections::BTreeSet;

use interview::reading::{AnswerReading, Likely, Part, Role, SentenceReading, Tone, Who};
use interview::{
    LinePurpose, LineRationale, LineSource, Message, Modality, Plan, Profile, Seniority, Speaker, TurnId,
    listen,
};
use proptest::prelude::*;
use report::{Comparison, DifferenceKind, Performance, Quotation, SpokenTurnMetrics, compare};

fn words() -> impl Strategy<Value = String> {
    let said = prop::sample::select(vec![
        "I led the migration of the ledger to PostgreSQL in 2021.",
        "We had eleven falls in one month, and nobody knew why.",
        "In the end it was down from 40% to 12%, and the matron uses it now.",
        "I would ask the auditors sooner next time.",
        "As a result nobody has lost an order since.",
        "I wrote the check myself and rolled it out on a Friday.",
        "Kafka. Rust? \u{201c}incident response\u{201d}\u{2026}",
        "\u{65e5}\u{672c}\u{8a9e}\u{3067} 12 \u{1f469}\u{200d}\u{1f692}",
        "no",
        "  \n\t ",
    ]);
    prop_oneof![
        4 => prop::collection::vec(said, 0..6).prop_map(|parts| parts.join(" ")),
        1 => any::<String>(),
    ]
}

/// What a model may have understood of a text: something of every sentence, or nothing.
fn read(text: &str, roles: &[usize], likely: u16) -> AnswerReading {
    let sentences =
        listen::sentences(text).into_iter().zip(roles.iter().cycle()).map(|(place, role)| SentenceReading {
            start: u32::try_from(place.start).unwrap(),
            end: u32::try_from(place.end).unwrap(),
            roles: vec![Likely { what: Role::ALL[role % Role::ALL.len()], likely: likely.max(500) }],
            who: Who::ALL[role % Who::ALL.len()],
            tone: Tone::Neutral,
        });
    let parts = Part::ALL.iter().map(|part| Likely { what: *part, likely }).collect();
    AnswerReading { parts, sentences: sentences.collect(), ..AnswerReading::default() }
}

/// A question and what was said to it, with one that followed.
fn answer() -> impl Strategy<Value = Vec<Message>> {
    let reading = prop::option::of((prop::collection::vec(0..60_usize, 1..6), 0..1000_u16));
    let said = (words(), reading, any::<bool>());
    prop::collection::vec(said, 0..3).prop_map(|said| {
        let mut messages = Vec::new();
        for (n, (text, reading, voice)) in said.into_iter().enumerate() {
            let purpose = if n == 0 { LinePurpose::Question } else { LinePurpose::Probe };
            messages.push(line(messages.len() + 1, purpose));
            let seq = u32::try_from(messages.len() + 1).unwrap();
            messages.push(Message {
                seq,
                speaker: Speaker::Candidate,
                modality: if voice { Modality::Voice } else { Modality::Text },
                turn: TurnId(format!("turn-{seq}")),
                source: None,
                why: None,
                reading: reading.map(|(roles, likely)| Box::new(read(&text, &roles, likely))),
                text,
                ..line(0, LinePurpose::Question)
            });
        }
        if messages.is_empty() {
            messages.push(line(1, LinePurpose::Question));
        }
        messages
    })
}

fn line(seq: usize, purpose: LinePurpose) -> Message {
    let why = LineRationale::new(purpose, Some("ownership".to_owned()));
    Message {
        seq: u32::try_from(seq).unwrap(),
        speaker: Speaker::Interviewer,
        stage: "past_experience".to_owned(),
        modality: Modality::Text,
        text: "What was the hardest fault you found?".to_owned(),
        at: i64::try_from(seq).unwrap() * 60_000,
        turn: TurnId(format!("line-{seq}")),
        source: Some(LineSource::Bank),
        why: Some(why),
        cut: false,
        reading: None,
        original: None,
    }
}

fn compared(first: &[Message], second: &[Message]) -> Comparison {
    let profile = Profile::new("Ada", "Engineer", Seniority::Senior, "", "").unwrap();
    let (plan, struck) = (Plan::named("standard").unwrap(), BTreeSet::new());
    let spoken = |messages: &[Message]| -> Vec<SpokenTurnMetrics> {
        let long = |m: &Message| i64::try_from(m.text.len()).unwrap() * 90;
        messages
            .iter()
            .map(|m| SpokenTurnMetrics {
                turn: m.turn.0.clone(),
                spoke: long(m),
                replied: long(m) + 300,
                ..SpokenTurnMetrics::default()
            })
            .collect()
    };
    let (one, other) = (spoken(first), spoken(second));
    let of = |messages, spoken| Performance {
        profile: &profile,
        plan: &plan,
        messages,
        spoken,
        troubles: &[],
        struck: &struck,
        judged: None,
    };
    compare(&of(first, &one), &of(second, &other)).expect("both begin with a question")
}

fn stands(quote: &Quotation, messages: &[Message]) -> bool {
    let message = messages.iter().find(|m| m.seq == quote.seq());
    message
        .is_some_and(|m| m.speaker == Speaker::Candidate && m.text.get(quote.place()) == Some(quote.text()))
}

fn said(messages: &[Message]) -> impl Iterator<Item = &str> {
    messages.iter().filter(|m| m.speaker == Speaker::Candidate).map(|m| m.text.as_str())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn every_change_rests_on_words_or_numbers_that_are_there(first in answer(), second in answer()) {
        let made = compared(&first, &second);
        for change in &made.changes {
            let quotes = change.first().len() + change.second().len();
            prop_assert!(quotes > 0 || change.counts().is_some(), "{change:?}");
            prop_assert!(change.first().iter().all(|quote| stands(quote, &first)), "{change:?}");
            prop_assert!(change.second().iter().all(|quote| stands(quote, &second)), "{change:?}");
            prop_assert!(made.sentence().to_lowercase().contains(&change.text().replace("now ", "").to_lowercase()));
            match change.what() {
                DifferenceKind::Words => {
                    let count = |messages: &[Message]| said(messages).map(|t| t.split_whitespace().count()).sum::<usize>();
                    prop_assert_eq!(change.counts(), Some((count(&first), count(&second))));
                }
                DifferenceKind::Figures => {
                    let count = |messages: &[Message]| said(messages).map(listen::count_figures).sum::<usize>();
                    prop_assert_eq!(change.counts(), Some((count(&first), count(&second))));
                }
                DifferenceKind::Gained(_) | DifferenceKind::Cleared(_) => prop_assert!(!change.second().is_empty()),
                DifferenceKind::Lost(_) => prop_assert!(!change.first().is_empty()),
                DifferenceKind::Seconds | DifferenceKind::Own => prop_assert!(change.counts().is_some_and(|(a, b)| a != b)),
            }
        }
    }

    #[test]
    fn turned_round_it_says_the_opposite(first in answer(), second in answer()) {
        let (there, back) = (compared(&first, &second), compared(&second, &first));
        // What is less clear may be there all the same: that has no opposite.
        let certain = |made: &Comparison| made.changes.iter().filter(|it| !matches!(it.what(), DifferenceKind::Cleared(_))).count();
        prop_assert_eq!(certain(&there), certain(&back));
        for change in &there.changes {
            let opposite = match change.what() {
                DifferenceKind::Gained(aspect) => DifferenceKind::Lost(aspect),
                DifferenceKind::Lost(aspect) => DifferenceKind::Gained(aspect),
                DifferenceKind::Cleared(_) => continue,
                same @ (DifferenceKind::Seconds | DifferenceKind::Words | DifferenceKind::Figures | DifferenceKind::Own) => same,
            };
            let other = back.changes.iter().find(|other| other.what() == opposite);
            let other = other.expect("it is said both ways");
            prop_assert_eq!((change.first(), change.second()), (other.second(), other.first()));
            prop_assert_eq!(change.counts().map(|(a, b)| (b, a)), other.counts());
        }
        prop_assert_eq!(compared(&first, &second), there, "and always the same");
    }

    #[test]
    fn an_answer_is_no_different_from_itself(answer in answer()) {
        prop_assert!(compared(&answer, &answer).changes.is_empty());
    }
}
