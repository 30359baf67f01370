//! Whatever a model replies, only what was said is shown of it.

#![allow(clippy::unwrap_used, reason = "a test fails where it stands")]

use std::collections::BTreeSet;

use interview::{
    LinePurpose, LineRationale, LineSource, Message, Modality, Plan, Profile, Seniority, Speaker, TurnId,
};
use proptest::prelude::*;
use report::{
    CompetencyLevel, JudgeReplies, Performance, Report, StatementKind, StatementRejection, Trouble,
    VoiceRoomFault, report,
};
use serde_json::{Value, json};

const STORIES: [&str; 2] = [
    "At Northwind I counted every aisle myself because the stock never matched. I wrote a list for the night shift. \
     In the end we lost 12 pallets a month less.",
    "Daniel wanted to close the ward and I did not. I asked the matron for the figures and showed that eleven falls \
     came from one corridor. We kept it open.",
];
const ON: [&str; 2] = ["I counted every aisle myself", "I asked the matron for the figures"];

/// What nobody said, each kind by a mark that a search finds.
const QUOTE: &str = "we were given a medal";
const NUMBER: &str = "987654";
const NAME: &str = "Zanzibar";

fn message(seq: u32, asked: bool, text: &str) -> Message {
    let why = LineRationale::new(LinePurpose::Question, Some("ownership".to_owned()));
    Message {
        seq,
        speaker: if asked { Speaker::Interviewer } else { Speaker::Candidate },
        stage: "past_experience".to_owned(),
        modality: Modality::Voice,
        text: text.to_owned(),
        at: i64::from(seq) * 60_000,
        turn: TurnId(format!("turn-{seq}")),
        source: asked.then_some(LineSource::Bank),
        why: asked.then_some(why),
        cut: false,
        reading: None,
        original: None,
    }
}

/// Two stories, to the questions 1 and 3.
fn of(replies: Vec<String>, struck: &[&str], troubles: &[Trouble]) -> Report {
    let messages = [
        message(1, true, "What did you own?"),
        message(2, false, STORIES[0]),
        message(3, true, "And when you disagreed?"),
        message(4, false, STORIES[1]),
    ];
    let profile = Profile::new("Ada", "Stock clerk", Seniority::Mid, "", "").unwrap();
    let plan = Plan::named("standard").unwrap();
    let struck: BTreeSet<String> = struck.iter().map(|name| (*name).to_owned()).collect();
    let judged = JudgeReplies { model: "fake".to_owned(), replies, tokens: None };
    let (messages, judged, spoken) = (&messages[..], Some(&judged), &[][..]);
    report(&Performance {
        profile: &profile,
        plan: &plan,
        messages,
        spoken,
        troubles,
        struck: &struck,
        judged,
    })
}

fn item(question: u32, level: &str, judgement: &str, quotes: &[&str]) -> Value {
    json!({ "question": question, "level": level, "judgement": judgement, "quotes": quotes })
}

fn reply(stories: &[Value]) -> String {
    json!({ "stories": stories }).to_string()
}

#[test]
fn three_that_agree_are_one_level_and_three_that_differ_a_band() {
    let of_level = |level: &str| {
        reply(&[
            item(1, level, &format!("You say what you did; that is {level}."), &[ON[0]]),
            item(3, "sound", "You say what you asked for.", &[ON[1]]),
        ])
    };
    let made = of(["strong", "weak", "sound"].map(of_level).to_vec(), &[], &[]).judgements.unwrap();
    let levels: Vec<_> = made.verdicts.iter().map(|it| (it.question, it.level, it.times)).collect();
    assert_eq!(
        levels,
        [
            (1, (CompetencyLevel::Weak, CompetencyLevel::Strong), 3),
            (3, (CompetencyLevel::Sound, CompetencyLevel::Sound), 3)
        ]
    );
    assert_eq!(made.verdicts[0].statement.text(), "You say what you did; that is sound.");
    assert_eq!(made.verdicts[1].statement.quotes()[0].text(), ON[1]);
    assert!(made.dropped.is_empty(), "{:?}", made.dropped);
}

#[test]
fn what_nobody_said_is_dropped_and_counted() {
    let lie = |judgement: &str, quote: &str| reply(&[item(1, "sound", judgement, &[quote])]);
    let replies = vec![
        lie("You say what you did.", QUOTE),
        lie(&format!("You counted {NUMBER} aisles."), ON[0]),
        lie(&format!("You did it in {NAME}."), ON[0]),
    ];
    let made = of(replies, &[], &[]);
    let judged = made.judgements.as_ref().unwrap();
    assert!(judged.verdicts.is_empty() && judged.wordings.is_empty());
    let dropped: Vec<_> = judged.dropped.iter().map(|(why, n)| (*why, *n)).collect();
    assert_eq!(
        dropped,
        [(StatementRejection::Quotation, 1), (StatementRejection::Number, 1), (StatementRejection::Name, 1)]
    );
    assert!(
        made.statements()
            .iter()
            .all(|it| !matches!(it.kind(), StatementKind::Judgement | StatementKind::Wording))
    );
}

#[test]
fn words_of_another_story_do_not_count_for_this_one() {
    let other = reply(&[
        item(1, "sound", "You say what you asked for.", &[ON[1]]),
        item(3, "sound", "You lost 12 pallets less.", &[ON[1]]),
    ]);
    let made = of(vec![other; 3], &[], &[]).judgements.unwrap();
    assert!(made.verdicts.is_empty());
    assert_eq!(
        made.dropped.into_iter().collect::<Vec<_>>(),
        [(StatementRejection::Quotation, 3), (StatementRejection::Number, 3)]
    );
}

#[test]
fn one_reply_alone_judges_nothing_and_the_same_story_twice_counts_once() {
    let one = item(1, "sound", "You say what you did.", &[ON[0]]);
    let made = of(vec![reply(&[one.clone(), one])], &[], &[]).judgements.unwrap();
    assert!(made.verdicts.is_empty());
    assert_eq!(
        made.dropped.into_iter().collect::<Vec<_>>(),
        [(StatementRejection::Unreadable, 1), (StatementRejection::Alone, 1)]
    );
}

#[test]
fn what_is_struck_is_not_shown_and_what_the_system_harmed_is_not_judged() {
    let better = json!({ "question": 1, "level": "sound", "judgement": "You say what you did.", "quotes": [ON[0]],
        "better": "At Northwind I counted every aisle myself. In the end we lost 12 pallets a month less.",
        "better_quotes": ["12 pallets a month less"] });
    let replies = vec![reply(&[better]); 3];
    let made = of(replies.clone(), &[], &[]).judgements.unwrap();
    assert_eq!((made.verdicts.len(), made.wordings.len()), (1, 1));
    let struck = of(replies.clone(), &["judgement.1"], &[]);
    assert_eq!(struck.struck.len(), 1);
    let left = struck.judgements.unwrap();
    assert_eq!((left.verdicts.len(), left.wordings.len()), (0, 1));
    let harm = [Trouble { at: 100_000, what: VoiceRoomFault::Hearing }];
    let harmed = of(replies, &[], &harm).judgements.unwrap();
    assert_eq!((harmed.verdicts.len(), harmed.wordings.len()), (0, 0));
}

/// A piece of a text: said, or not.
fn piece() -> impl Strategy<Value = String> {
    prop::sample::select(vec![
        "You say",
        ON[0],
        ON[1],
        QUOTE,
        NUMBER,
        NAME,
        "twelve pallets",
        "\u{201c}",
        "\"",
        ". ",
        "Daniel",
        "1 2 3",
        "so",
        "\u{65e5}\u{672c}",
        "\u{0661}\u{0662}",
        "confident",
        "{",
        "<b>",
    ])
    .prop_map(str::to_owned)
}

fn text() -> impl Strategy<Value = String> {
    prop::collection::vec(piece(), 0..6).prop_map(|pieces| pieces.join(" "))
}

fn anything() -> impl Strategy<Value = String> {
    let story =
        (0..6_u32, prop::sample::select(vec!["weak", "sound", "strong", "9/10", ""]), text(), text(), text());
    let stories = prop::collection::vec(
        story.prop_map(|(question, level, judgement, quote, better)| {
            json!({ "question": question, "level": level, "judgement": judgement, "quotes": [quote.clone()],
                "better": better, "better_quotes": [quote] })
        }),
        0..5,
    );
    prop_oneof![4 => stories.prop_map(|stories| reply(&stories)), 1 => any::<String>(), 1 => text()]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(160))]

    #[test]
    fn nothing_that_nobody_said_is_shown(replies in prop::collection::vec(anything(), 0..4)) {
        let made = of(replies, &[], &[]);
        let judged = made.judgements.as_ref().unwrap();
        let verdicts = judged.verdicts.iter().map(|it| (it.question, &it.statement));
        let all: Vec<_> = verdicts.chain(judged.wordings.iter().map(|it| (it.question, &it.statement))).collect();
        for (question, statement) in all {
            let story = STORIES[usize::from(question == 3)];
            prop_assert!(!statement.quotes().is_empty());
            for quote in statement.quotes() {
                prop_assert_eq!(quote.seq(), question + 1);
                prop_assert!(story.contains(quote.text()));
            }
            for lie in [NAME, NUMBER, "\u{0661}", "\u{65e5}", "<b>"] {
                prop_assert!(!statement.text().contains(lie), "{statement:?}");
            }
        }
        for verdict in &judged.verdicts {
            prop_assert!(verdict.times >= 2 && verdict.level.0 <= verdict.level.1);
        }
    }
}
