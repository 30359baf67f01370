//! What introductions claimed beside what stories showed.

#![allow(clippy::unwrap_used, reason = "a test fails where it stands")]

mod common;

use std::collections::BTreeSet;

use interview::{Message, Plan, Profile, Seniority};
use progress::{ClaimKind, FigureDiscrepancy, InterviewKind, Ledger, LedgerQuote, ReportedInterview, ledger};
use proptest::prelude::*;
use report::{Performance, Report, report};

use common::message;

const DAY: i64 = 24 * 60 * 60 * 1_000;

struct Interview {
    at: i64,
    plan: Plan,
    messages: Vec<Message>,
    report: Report,
}

impl Interview {
    fn held(&self) -> ReportedInterview<'_> {
        let messages = self.messages.iter().collect();
        let (plan, report) = (&self.plan, &self.report);
        ReportedInterview { at: self.at, over: true, kind: InterviewKind::Whole, plan, messages, report }
    }
}

/// An interview of an introduction and a story.
fn interview(day: i64, introduction: &str, story: &str) -> Interview {
    let plan = Plan::named("standard").unwrap();
    let messages = vec![
        message(1, "self_introduction", None, "Tell me about yourself.", true),
        message(2, "self_introduction", None, introduction, false),
        message(3, "past_experience", None, "Tell me about something you did.", true),
        message(4, "past_experience", None, story, false),
    ];
    let profile = Profile::new("Ada", "Engineer", Seniority::Senior, "", "").unwrap();
    let of = Performance {
        profile: &profile,
        plan: &plan,
        messages: &messages,
        spoken: &[],
        troubles: &[],
        struck: &BTreeSet::new(),
        judged: None,
    };
    let report = report(&of);
    Interview { at: day * DAY, plan, messages, report }
}

fn of(all: &[Interview]) -> Ledger {
    settled(all, &[])
}

/// The ledger where both answers to these questions are right.
fn settled(all: &[Interview], right: &[FigureDiscrepancy]) -> Ledger {
    let held: Vec<ReportedInterview<'_>> = all.iter().map(Interview::held).collect();
    let place = |said: &LedgerQuote| (said.interview, said.quote.seq());
    ledger(&held, |sort, earlier, later| {
        let same =
            |it: &FigureDiscrepancy| (place(&it.earlier), place(&it.later)) == (place(earlier), place(later));
        right.iter().any(|it| it.sort == sort && same(it))
    })
}

fn words(said: &[LedgerQuote]) -> Vec<(usize, &str)> {
    said.iter().map(|said| (said.interview, said.quote.text())).collect()
}

fn asked(all: &[Interview]) -> Vec<(ClaimKind, String, String)> {
    let text = |said: &LedgerQuote| said.quote.text().to_owned();
    of(all).questions.iter().map(|it| (it.sort, text(&it.earlier), text(&it.later))).collect()
}

const STORY: &str = "The ledger did not add up. I wrote a job that replayed all payments through Kafka.";

#[test]
fn a_claim_stands_beside_the_story_that_shows_it() {
    let introduction = "I have been an engineer for eight years. I work with Kafka and Terraform.";
    let all = [interview(0, introduction, "It was slow."), interview(7, introduction, STORY)];
    let ledger = of(&all);
    let claim = |text: &str| ledger.claims.iter().find(|claim| claim.said[0].quote.text() == text).unwrap();
    assert_eq!(words(&claim("Kafka").said), [(1, "Kafka"), (0, "Kafka")], "once, the latest first");
    assert_eq!(words(&claim("Kafka").shown), [(1, "Kafka")]);
    assert!(claim("Terraform").shown.is_empty());
    assert_eq!(claim("eight years").sort, ClaimKind::Years);
    assert!(ledger.questions.is_empty());
}

#[test]
fn seven_people_in_one_interview_and_nine_in_another_is_a_question() {
    let all = [
        interview(0, "I lead a team of seven people.", STORY),
        interview(14, "I manage nine people and two budgets.", STORY),
    ];
    assert_eq!(asked(&all), [(ClaimKind::Team, "seven people".to_owned(), "nine people".to_owned())]);
}

#[test]
fn a_story_that_gives_another_figure_than_an_introduction_is_a_question() {
    let all = [
        interview(0, "I lead a team of seven people.", STORY),
        interview(14, "I build ledgers.", "I managed nine people when the ledger broke. I wrote a job."),
    ];
    assert_eq!(asked(&all).len(), 1);
    let stories = [
        interview(0, "I build ledgers.", "I led seven people then. I wrote a job."),
        interview(14, "I build ledgers.", "I led nine people then. I wrote a job."),
    ];
    assert_eq!(asked(&stories), [], "two stories are two times");
}

#[test]
fn a_small_team_in_a_story_keeps_no_question_out() {
    let on_call = "We were an on-call team of five people. I wrote a job that replayed all payments.";
    let all = [
        interview(0, "I lead a team of seven people.", on_call),
        interview(3, "I build ledgers.", on_call),
        interview(7, "I lead a team of nine people.", STORY),
        interview(9, "I build ledgers.", STORY),
        interview(14, "I manage nine people.", on_call),
    ];
    assert_eq!(asked(&all), [(ClaimKind::Team, "seven people".to_owned(), "nine people".to_owned())]);
    let right = of(&all).questions;
    assert_eq!(
        settled(&all, &right).questions,
        [],
        "nine people are asked about once, wherever they were said"
    );
}

#[test]
fn what_two_introductions_say_is_asked_before_what_a_story_says_and_no_kind_keeps_another_out() {
    let years = |n: &str| format!("I have been an engineer for {n} years.");
    let all = [
        interview(0, &format!("I lead a team of seven people. {}", years("three")), STORY),
        interview(7, "I lead a team of nine people.", STORY),
        interview(14, "I lead a team of twelve people.", STORY),
        interview(21, &years("eight"), "I managed four people when the ledger broke. I wrote a job."),
    ];
    let found = asked(&all);
    let said: Vec<(ClaimKind, &str, &str)> =
        found.iter().map(|(sort, one, other)| (*sort, one.as_str(), other.as_str())).collect();
    assert_eq!(
        said,
        [
            (ClaimKind::Years, "three years", "eight years"),
            (ClaimKind::Team, "nine people", "twelve people"),
            (ClaimKind::Team, "seven people", "twelve people"),
        ]
    );
}

#[test]
fn a_story_of_some_of_them_does_not_answer_which_it_is_and_years_need_no_trade() {
    let story = "I built a loader with a team of seven people. Costs fell by a fifth.";
    let all = [
        interview(0, "I lead a team of seven people. I have eight years of experience.", story),
        interview(14, "I lead a team of nine people. I have ten years of experience as an analyst.", story),
    ];
    let sorts: Vec<ClaimKind> = asked(&all).into_iter().map(|(sort, ..)| sort).collect();
    assert!(sorts.contains(&ClaimKind::Team) && sorts.contains(&ClaimKind::Years), "{sorts:?}");
}

#[test]
fn one_answer_settles_one_question_though_both_stand_on_the_same_lines() {
    let said = |years: &str, people: &str| {
        format!("I have {years} years of experience and I lead a team of {people} people.")
    };
    let all = [interview(0, &said("eight", "seven"), STORY), interview(14, &said("ten", "nine"), STORY)];
    let both = of(&all).questions;
    assert_eq!(both.len(), 2, "{both:?}");
    assert_eq!(settled(&all, &both[..1]).questions.len(), 1);
}

#[test]
fn what_fits_together_is_not_asked() {
    let same = |one: &str, other: &str| asked(&[interview(0, one, STORY), interview(14, other, STORY)]);
    for (one, other) in [
        ("I lead a team of seven people.", "I lead seven people."),
        ("I lead seven people.", "I lead about nine people."),
        ("I lead seven people.", "I lead nine engineers."),
        ("I lead seven people at Northwind.", "I led nine people at Brightpay."),
        ("I lead nine people now. Before I led seven people.", "I lead nine people now."),
        ("I have been an engineer for eight years.", "I have been an engineer for nine years."),
        ("I have been an engineer for eight years.", "I lived abroad for three years."),
        ("I wrote 12 reports.", "I read 40 reports."),
        ("I lead a team of seven people.", "I work in a team of nine people."),
        ("I lead a team of seven people.", "We were an on-call team of five people then."),
    ] {
        assert_eq!(same(one, other), [], "{one} / {other}");
    }
    assert_eq!(same("I lead a team of seven people.", "My team has nine people.").len(), 1);
    let years = same("I have been an engineer for eight years.", "I have been an engineer for five years.");
    assert_eq!(years.len(), 1);
    let grown = [
        interview(0, "I have been an engineer for eight years.", STORY),
        interview(3 * 365, "I have been an engineer for eleven years.", STORY),
    ];
    assert_eq!(asked(&grown), [], "three years on it is three years more");
}

/// Sentences with and without claims.
fn any_text() -> impl Strategy<Value = String> {
    let sentences = [
        "I lead a team of seven people.",
        "I manage nine people.",
        "I led about 12 engineers at Northwind.",
        "I have been a nurse for eight years.",
        "I have been a nurse for five years.",
        "We use Kafka, Terraform and a lot of patience.",
        "It served 1,200 customers a day \u{2014} more than before.",
        "It served 900 customers a day.",
        "\u{65e5}\u{672c} was caf\u{e9} 40% of it.",
        "Nobody knew the cause.",
    ];
    prop::collection::vec(prop::sample::select(sentences.to_vec()), 0..4).prop_map(|all| all.join(" "))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn whatever_was_said_it_rests_on_words_that_stand_there(
        texts in prop::collection::vec((any_text(), any_text()), 0..6),
    ) {
        let all: Vec<Interview> =
            texts.iter().zip(0..).map(|((introduction, story), day)| interview(day, introduction, story)).collect();
        let found = of(&all);
        let message = |said: &LedgerQuote| &all[said.interview].messages[said.quote.seq() as usize - 1];
        for said in found.claims.iter().flat_map(|claim| claim.said.iter().chain(&claim.shown)) {
            prop_assert_eq!(&message(said).text[said.quote.place()], said.quote.text());
        }
        for claim in &found.claims {
            prop_assert!(!claim.said.is_empty());
            prop_assert!(claim.said.iter().all(|said| message(said).stage == "self_introduction"));
            prop_assert!(claim.shown.iter().all(|said| message(said).stage == "past_experience"));
            prop_assert!(claim.sort.can_be_shown() || claim.shown.is_empty());
            for all in [&claim.said, &claim.shown] {
                prop_assert!(all.windows(2).all(|two| two[0].interview > two[1].interview), "the latest first");
            }
        }
        for question in &found.questions {
            prop_assert!(question.earlier.interview < question.later.interview);
            prop_assert!(question.earlier.quote.text() != question.later.quote.text());
            let claimed = [&question.earlier, &question.later].map(|said| message(said).stage == "self_introduction");
            prop_assert!(claimed.contains(&true));
        }
        // Settled one after the other there is an end of it, and nothing is asked twice.
        let mut right: Vec<FigureDiscrepancy> = Vec::new();
        let mut known = BTreeSet::new();
        loop {
            let asked = settled(&all, &right).questions;
            let Some(next) = asked.first() else { break };
            let mut words = [next.earlier.quote.text(), next.later.quote.text()].map(str::to_owned);
            words.sort();
            prop_assert!(known.insert((next.sort, words.clone())), "{words:?} once more");
            right.push(next.clone());
        }
        // Given the other way round it is the same.
        let held: Vec<ReportedInterview<'_>> = all.iter().rev().map(Interview::held).collect();
        let mut turned = ledger(&held, |_, _, _| false);
        let other = |said: &mut LedgerQuote| said.interview = all.len() - 1 - said.interview;
        turned.claims.iter_mut().flat_map(|claim| claim.said.iter_mut().chain(&mut claim.shown)).for_each(other);
        for question in &mut turned.questions {
            other(&mut question.earlier);
            other(&mut question.later);
        }
        prop_assert_eq!(turned, found);
    }
}
