//! Whatever was said and struck, every statement rests on words that are there.

#![allow(clippy::unwrap_used, reason = "a test fails where it stands")]

use std::collections::BTreeSet;

use interview::reading::{AnswerReading, Likely, Part, Role, SentenceReading, Tone, Who};
use interview::{
    LinePurpose, LineRationale, LineSource, Message, Modality, Plan, Profile, Seniority, Speaker, TurnId,
};
use proptest::prelude::*;
use report::{Performance, Report, SpokenTurnMetrics, Trouble, VoiceRoomFault, report};

const POSTING: &str = "- Experience with incident response\n- Ability to explain risk to non-specialists";
const CV: &str =
    "Senior engineer, Northwind, 2019 - 2023\n- Led the migration of the ledger\nSkills: Rust, Kafka";

fn words() -> impl Strategy<Value = String> {
    let said = prop::sample::select(vec![
        "I led the migration of the ledger to PostgreSQL in 2021.",
        "We had eleven falls in one month, and nobody knew why.",
        "In the end it was down from 40% to 12%, and the matron uses it now",
        "I would ask the auditors sooner next time",
        "um so er I was on call, and I, well, kind of rolled it back",
        "Kafka. Rust? \u{201c}incident response\u{201d}\u{2026}",
        "\u{65e5}\u{672c}\u{8a9e}\u{3067}\u{8a71}\u{3057}\u{307e}\u{3057}\u{305f}\u{3002} 12 \u{1f469}\u{200d}\u{1f692}",
        "no",
        "",
        "  \n\t ",
    ]);
    prop_oneof![
        prop::collection::vec(said, 0..6).prop_map(|parts| parts.join(" ")),
        any::<String>(),
        ".{0,40}[0-9,;: ]{0,40}.{0,200}",
    ]
}

fn reading(text: &str, cuts: &[usize], likely: u16) -> AnswerReading {
    let all = |what: &[Part]| what.iter().map(|part| Likely { what: *part, likely }).collect::<Vec<_>>();
    let sentences = cuts.windows(2).enumerate().map(|(n, ends)| SentenceReading {
        // Some are of other words: out of the text, or within a letter.
        start: u32::try_from(ends[0] % (text.len() + 9)).unwrap(),
        end: u32::try_from(ends[1] % (text.len() + 9)).unwrap(),
        roles: vec![Likely { what: Role::ALL[(ends[0] + n) % Role::ALL.len()], likely: likely.max(500) }],
        who: Who::ALL[ends[1] % Who::ALL.len()],
        tone: Tone::Neutral,
    });
    AnswerReading { parts: all(Part::ALL), sentences: sentences.collect(), ..AnswerReading::default() }
}

fn message() -> impl Strategy<Value = Message> {
    let topics = prop::sample::select(interview::bank::topics());
    let purposes = prop::sample::select(LinePurpose::ALL.to_vec());
    let stages = prop::sample::select(vec!["self_introduction", "past_experience", "closing", "elsewhere"]);
    let read = prop::option::of((prop::collection::vec(0..400_usize, 0..7), 0..1000_u16));
    (words(), any::<(bool, bool, bool)>(), topics, purposes, stages, read).prop_map(
        |(text, (asks, voice, cut), topic, purpose, stage, read)| {
            let why = LineRationale {
                purpose,
                topic: Some(topic.to_owned()),
                missing: None,
                took_up: None,
                probe: None,
                made: None,
                by_words: read.is_none(),
                instead: None,
            };
            Message {
                seq: 0,
                speaker: if asks { Speaker::Interviewer } else { Speaker::Candidate },
                stage: stage.to_owned(),
                modality: if voice { Modality::Voice } else { Modality::Text },
                at: 0,
                turn: TurnId("t".to_owned()),
                source: asks.then_some(LineSource::Bank),
                why: asks.then_some(why),
                cut: cut && asks,
                reading: read.filter(|_| !asks).map(|(cuts, likely)| Box::new(reading(&text, &cuts, likely))),
                text,
                original: None,
            }
        },
    )
}

/// An interview of these messages: numbered, a minute apart.
fn messages() -> impl Strategy<Value = Vec<Message>> {
    prop::collection::vec(message(), 0..24).prop_map(|mut messages| {
        for (message, n) in messages.iter_mut().zip(1..) {
            (message.seq, message.at, message.turn) = (n, i64::from(n) * 60_000, TurnId(format!("turn-{n}")));
        }
        messages
    })
}

fn of(
    messages: &[Message],
    spoken: &[SpokenTurnMetrics],
    troubles: &[Trouble],
    struck: &BTreeSet<String>,
) -> Report {
    let profile = Profile::new("Ada", "Engineer", Seniority::Senior, CV, POSTING).unwrap();
    let plan = Plan::named("standard").unwrap();
    report(&Performance { profile: &profile, plan: &plan, messages, spoken, troubles, struck, judged: None })
}

fn spoken(messages: &[Message]) -> Vec<SpokenTurnMetrics> {
    let turns = messages.iter().zip(0_i64..);
    turns
        .map(|(m, n)| SpokenTurnMetrics {
            turn: m.turn.0.clone(),
            spoke: n * 1_700,
            replied: n * 300,
            ..SpokenTurnMetrics::default()
        })
        .collect()
}

fn troubles(messages: &[Message]) -> Vec<Trouble> {
    let whats =
        [VoiceRoomFault::Hearing, VoiceRoomFault::Speaking, VoiceRoomFault::Lost, VoiceRoomFault::FalseStop];
    let some = messages.iter().zip(whats.into_iter().cycle()).filter(|(m, _)| m.seq % 5 == 0);
    some.map(|(m, what)| Trouble { at: m.at, what }).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(160))]

    #[test]
    fn every_quotation_is_found_and_nothing_that_is_struck_is_stated(
        messages in messages(), pick in any::<u64>()
    ) {
        let (spoken, troubles) = (spoken(&messages), troubles(&messages));
        let mut struck = BTreeSet::new();
        // Struck one after the other, as a person would, until nothing is left or the patience is.
        for round in 0..4_u64 {
            let made = of(&messages, &spoken, &troubles, &struck);
            let stated = made.statements();
            for statement in stated.iter().copied().chain(&made.struck) {
                prop_assert!(!statement.quotes().is_empty(), "{statement:?}");
                prop_assert!(statement.id().len() <= report::LONGEST_ID);
                for quote in statement.quotes() {
                    let message = &messages[quote.seq() as usize - 1];
                    prop_assert_eq!(message.speaker, Speaker::Candidate);
                    prop_assert_eq!(&message.text[quote.place()], quote.text());
                }
            }
            let names: BTreeSet<&str> = stated.iter().map(|statement| statement.id()).collect();
            prop_assert_eq!(names.len(), stated.len(), "each has a name of its own");
            prop_assert!(struck.iter().all(|name: &String| !names.contains(name.as_str())));
            let Some(next) = stated.get(((pick >> (round * 8)) % (stated.len() as u64).max(1)) as usize) else { break };
            struck.insert(next.id().to_owned());
        }
    }

    #[test]
    fn the_same_is_reported_in_the_same_way(messages in messages()) {
        let (spoken, mut troubles) = (spoken(&messages), troubles(&messages));
        let struck = BTreeSet::new();
        let first = of(&messages, &spoken, &troubles, &struck);
        let mut turned = spoken.clone();
        turned.reverse();
        troubles.reverse();
        let second = of(&messages, &turned, &troubles, &struck);
        prop_assert_eq!(first, second, "whatever the order in which things were noted");
    }
}

#[test]
fn an_interview_without_a_word_is_reported_empty() {
    let made = of(&[], &[], &[], &BTreeSet::new());
    assert_eq!((made.answers, made.statements().len(), made.stories.len()), (0, 0, 0));
    assert_eq!(made.posting.unwrap().not_heard.len(), 2, "and all of the posting was not heard");
}
