//! Whatever was told and struck, what is said over several interviews holds together.

#![allow(clippy::unwrap_used, reason = "a test fails where it stands")]

mod common;

use std::collections::BTreeSet;
use std::sync::LazyLock;

use interview::reading::{AnswerReading, Likely, Part, Role, SentenceReading, Tone, Who};
use interview::{Message, Plan, Profile, Seniority};
use progress::{
    Course, Direction, InterviewKind, LEAST, LastPractice, MOST_SHOWN, PracticeTarget, ReportedInterview,
    StoryFraction, courses, due,
};
use proptest::prelude::*;
use report::{Aspect, CompetencyLevel, Performance, Report, report};

use common::message;

static STANDARD: LazyLock<Plan> = LazyLock::new(|| Plan::named("standard").unwrap());
const DAY: i64 = 24 * 60 * 60 * 1_000;
const EXPERIENCE: &str = "past_experience";

/// One interview that was held, with all that a report is made of.
#[derive(Debug, Clone)]
struct Interview {
    at: i64,
    over: bool,
    kind: InterviewKind,
    messages: Vec<Message>,
    report: Report,
}

impl Interview {
    fn held(&self) -> ReportedInterview<'_> {
        let messages = self.messages.iter().collect();
        let (over, kind) = (self.over, self.kind);
        ReportedInterview { at: self.at, over, kind, plan: &STANDARD, messages, report: &self.report }
    }
}

/// A reading by which the sentences of a story do what they say.
fn reading(text: &str, result: bool) -> AnswerReading {
    let mut at = 0;
    let sentences = text.split_inclusive(". ").map(|sentence| {
        let (start, end) = (at, at + sentence.trim_end().len());
        at += sentence.len();
        let role = match sentence {
            s if s.starts_with("I ") => Role::Action,
            s if s.starts_with("In the end") => Role::Result,
            _ => Role::Situation,
        };
        SentenceReading {
            start: start as u32,
            end: end as u32,
            roles: vec![Likely { what: role, likely: 900 }],
            who: if role == Role::Action { Who::I } else { Who::None },
            tone: Tone::Neutral,
        }
    });
    let sentences = sentences.collect();
    let likely =
        |part: Part| Likely { what: part, likely: if part == Part::Result && !result { 20 } else { 900 } };
    AnswerReading {
        parts: Part::ALL.iter().map(|part| likely(*part)).collect(),
        sentences,
        ..AnswerReading::default()
    }
}

/// A story with or without its end.
fn story(result: bool) -> String {
    let end =
        if result { " In the end the complaints fell by half and two other teams took it over." } else { "" };
    format!(
        "The ledger did not add up and nobody knew the cause of it. I wrote a job that replayed all payments.{end}"
    )
}

fn interview(
    at: i64,
    over: bool,
    read: bool,
    stories: &[(usize, bool)],
    struck: &BTreeSet<String>,
) -> Interview {
    let topics = interview::bank::topics_of_experience();
    let mut messages = Vec::new();
    for ((topic, result), n) in stories.iter().zip(0_u32..) {
        let text = story(*result);
        messages.push(message(
            2 * n + 1,
            EXPERIENCE,
            Some(topics[topic % topics.len()]),
            "Tell me about it.",
            true,
        ));
        let mut answer = message(2 * n + 2, EXPERIENCE, None, &text, false);
        answer.reading = read.then(|| Box::new(reading(&text, *result)));
        messages.push(answer);
    }
    let profile = Profile::new("Ada", "Engineer", Seniority::Senior, "", "").unwrap();
    let of = Performance {
        profile: &profile,
        plan: &STANDARD,
        messages: &messages,
        spoken: &[],
        troubles: &[],
        struck,
        judged: None,
    };
    let report = report(&of);
    Interview { at, over, kind: InterviewKind::Whole, messages, report }
}

fn any_interview() -> impl Strategy<Value = Interview> {
    let stories = prop::collection::vec((0..12_usize, any::<bool>()), 0..6);
    let strikes = prop::collection::btree_set((1..6_u32, prop::sample::select(Aspect::ALL.to_vec())), 0..4);
    let kind = prop::sample::select(vec![
        InterviewKind::Whole,
        InterviewKind::Whole,
        InterviewKind::Whole,
        InterviewKind::Take,
        InterviewKind::Fork,
    ]);
    (0..400_i64, any::<bool>(), any::<bool>(), kind, stories, strikes).prop_map(
        |(day, over, read, kind, stories, strikes)| {
            let name = |(n, aspect): (u32, Aspect)| format!("story.{}.{}", 2 * n - 1, aspect.key());
            let held = interview(day * DAY, over, read, &stories, &strikes.into_iter().map(name).collect());
            Interview { kind, ..held }
        },
    )
}

/// No two were begun at the same time.
fn interviews() -> impl Strategy<Value = Vec<Interview>> {
    prop::collection::vec(any_interview(), 0..12).prop_map(|mut all| {
        for (one, n) in all.iter_mut().zip(0_i64..) {
            one.at += n;
        }
        all
    })
}

fn holds<T: std::fmt::Debug>(course: &Course<T>, interviews: usize) -> Result<(), TestCaseError> {
    prop_assert_eq!(course.points.len(), interviews);
    let known = course.points.iter().flatten().count();
    prop_assert!(known > 0, "what is nowhere known is not shown");
    prop_assert_eq!(course.direction.is_some(), known >= LEAST);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn what_is_compared_can_be_compared(all in interviews()) {
        let held: Vec<ReportedInterview<'_>> = all.iter().map(Interview::held).collect();
        let Some(over) = courses(&held) else { return Ok(()) };
        prop_assert!((LEAST..=MOST_SHOWN).contains(&over.interviews.len()));
        prop_assert!(over.interviews.windows(2).all(|two| all[two[0]].at < all[two[1]].at));
        for at in &over.interviews {
            prop_assert!(all[*at].over && all[*at].kind == InterviewKind::Whole && all[*at].report.stories.len() >= 2);
        }
        for (aspect, course) in &over.aspects {
            holds(course, over.interviews.len())?;
            for (point, at) in course.points.iter().zip(&over.interviews) {
                let stories = all[*at].report.stories.iter();
                let said = stories.clone().filter(|story| story.says(*aspect)).count();
                prop_assert_eq!(point.map_or(0, |share| share.found), said, "what is struck or unclear is not found");
                prop_assert!(point.is_none_or(|share| 0 < share.of && share.of <= stories.len()));
            }
        }
        for (_, course) in &over.competencies {
            holds(course, over.interviews.len())?;
        }
    }

    #[test]
    fn the_order_in_which_they_are_given_makes_no_difference(all in interviews(), now in 0..500_i64) {
        let held: Vec<ReportedInterview<'_>> = all.iter().map(Interview::held).collect();
        let turned: Vec<ReportedInterview<'_>> = all.iter().rev().map(Interview::held).collect();
        let other = |at: usize| all.len() - 1 - at;
        let (one, two) = (courses(&held), courses(&turned));
        prop_assert_eq!(one.is_some(), two.is_some());
        if let (Some(one), Some(two)) = (one, two) {
            prop_assert_eq!(one.aspects, two.aspects);
            prop_assert_eq!(one.interviews, two.interviews.into_iter().map(other).collect::<Vec<_>>());
        }
        let mut two = due(&turned, now * DAY);
        for due in &mut two {
            due.interview = other(due.interview);
        }
        prop_assert_eq!(due(&held, now * DAY), two);
    }

    #[test]
    fn what_is_due_can_be_practised_and_was_asked_for(all in interviews(), now in 0..500_i64) {
        let held: Vec<ReportedInterview<'_>> = all.iter().map(Interview::held).collect();
        let found = due(&held, now * DAY);
        let due_now: Vec<bool> = found.iter().map(|due| due.at <= now * DAY).collect();
        prop_assert!(due_now.is_sorted_by(|a, b| *a || !*b), "what is due comes before what is not");
        let waits = found.iter().filter(|due| due.at > now * DAY).map(|due| due.last.percent());
        prop_assert!(waits.is_sorted(), "the weakest comes first where nothing is due");
        let names: BTreeSet<&PracticeTarget> = found.iter().map(|due| &due.what).collect();
        prop_assert_eq!(names.len(), found.len(), "each once");
        for due in &found {
            prop_assert!(Plan::practice(&due.topic).is_some(), "{:?}", due);
            prop_assert!(due.at > all[due.interview].at && due.times >= 1);
            prop_assert!(all[due.interview].kind != InterviewKind::Fork);
            if let (PracticeTarget::Aspect(aspect), LastPractice::Found(share)) = (&due.what, due.last) {
                prop_assert_eq!(StoryFraction::of(&all[due.interview].report, *aspect), Some(share));
            }
        }
    }
}

/// Interviews a week apart, of four stories each of which so many have an end.
fn ends(with_end: &[usize]) -> Vec<Interview> {
    let stories = |n: usize| (0..4).map(|at| (at, at < n)).collect::<Vec<_>>();
    let weeks = with_end.iter().zip(0_i64..);
    weeks.map(|(n, week)| interview(week * 7 * DAY, true, true, &stories(*n), &BTreeSet::new())).collect()
}

fn results(all: &[Interview]) -> Option<Course<StoryFraction>> {
    let held: Vec<ReportedInterview<'_>> = all.iter().map(Interview::held).collect();
    courses(&held)?
        .aspects
        .into_iter()
        .find(|(aspect, _)| *aspect == Aspect::Result)
        .map(|(_, course)| course)
}

#[test]
fn results_are_counted_interview_by_interview() {
    assert_eq!(results(&ends(&[1, 2])), None, "two are no course");
    let course = results(&ends(&[0, 2, 3])).unwrap();
    let points: Vec<_> = course.points.iter().flatten().map(|share| (share.found, share.of)).collect();
    assert_eq!(points, [(0, 4), (2, 4), (3, 4)]);
    assert_eq!(course.direction, Some(Direction::More));
    assert_eq!(results(&ends(&[2, 2, 2])).unwrap().direction, Some(Direction::Same));
    assert_eq!(results(&ends(&[4, 4, 1])).unwrap().direction, Some(Direction::Less));
}

#[test]
fn one_that_is_not_like_the_others_is_left_out() {
    let mut all = ends(&[1, 2, 3]);
    all.push(interview(30 * DAY, true, true, &[(0, true)], &BTreeSet::new()));
    all.push(interview(31 * DAY, false, true, &[(0, true), (1, true)], &BTreeSet::new()));
    all.insert(0, interview(3 * DAY, true, false, &[(0, true), (1, true)], &BTreeSet::new()));
    for kind in [InterviewKind::Take, InterviewKind::Fork] {
        all.push(Interview {
            kind,
            ..interview(32 * DAY, true, true, &[(0, true), (1, true)], &BTreeSet::new())
        });
    }
    assert_eq!(
        results(&all).unwrap().points.len(),
        3,
        "of one story, unfinished, read by words alone, a take, a fork"
    );
}

#[test]
fn what_is_struck_counts_neither_way() {
    let mut all = ends(&[0, 2, 2]);
    let struck = BTreeSet::from(["story.1.result".to_owned(), "story.5.result".to_owned()]);
    let stories: Vec<(usize, bool)> = (0..4).map(|at| (at, at < 2)).collect();
    all[2] = interview(14 * DAY, true, true, &stories, &struck);
    let points = results(&all).unwrap().points;
    assert_eq!(points[2].map(|share| (share.found, share.of)), Some((1, 2)));
}

#[test]
fn a_competency_has_a_course_once_two_interviews_have_shown_it() {
    let level = |one: &Interview, name: &str| {
        let known = one.report.competencies.iter().find(|competency| competency.name == name);
        known.and_then(|competency| competency.shown.as_ref()).map(|(level, _)| *level)
    };
    // Stories to one topic alone, of which only those with an end show anything.
    let told = |ends: [bool; 4]| {
        let one = |(n, end): (i64, bool)| {
            interview(7 * n * DAY, true, true, &[(0, end), (0, end)], &BTreeSet::new())
        };
        (0..).zip(ends).map(one).collect::<Vec<Interview>>()
    };
    let course = |all: &[Interview]| {
        let name = &all[0].report.competencies[0].name;
        let over = courses(&all.iter().map(Interview::held).collect::<Vec<_>>()).unwrap();
        let found = over.competencies.into_iter().find(|(found, _)| found == name);
        let points: Vec<_> = all.iter().map(|one| level(one, name)).collect();
        (points, found.map(|(_, course)| (course.points, course.direction)))
    };
    let (points, found) = course(&told([false, true, true, true]));
    assert_eq!(
        points,
        [None, Some(CompetencyLevel::Strong), Some(CompetencyLevel::Strong), Some(CompetencyLevel::Strong)]
    );
    assert_eq!(found, Some((points, Some(Direction::Same))));
    let (points, found) = course(&told([true, false, false, true]));
    assert_eq!(found, Some((points, None)), "two points go nowhere yet");
    assert_eq!(course(&told([false, false, false, true])).1, None, "what was shown once has no course");
}

#[test]
fn what_was_never_told_comes_before_what_always_was() {
    let all = ends(&[0, 0, 0]);
    let held: Vec<ReportedInterview<'_>> = all.iter().map(Interview::held).collect();
    let now = 15 * DAY;
    let found = due(&held, now);
    assert_eq!(found[0].what, PracticeTarget::Aspect(Aspect::Result));
    assert!(found[0].at <= now);
    let action = found.iter().find(|due| due.what == PracticeTarget::Aspect(Aspect::Action)).unwrap();
    assert!(action.at > now, "it was always told, and rests");
}

#[test]
fn on_the_day_itself_the_weakest_comes_first() {
    let on_one_day = |with_end: &[usize]| {
        let mut all = ends(with_end);
        all.iter_mut().zip(0_i64..).for_each(|(one, hour)| one.at = hour * DAY / 24);
        let held: Vec<ReportedInterview<'_>> = all.iter().map(Interview::held).collect();
        let found = due(&held, DAY / 4);
        assert!(found.iter().all(|due| due.at > DAY / 4), "nothing is due on the day itself");
        found
    };
    let weak = on_one_day(&[4, 4, 0]);
    assert_eq!((&weak[0].what, weak[0].last.percent()), (&PracticeTarget::Aspect(Aspect::Result), 0));
    let strong = on_one_day(&[0, 4, 4]);
    let result = strong.iter().find(|due| due.what == PracticeTarget::Aspect(Aspect::Result)).unwrap();
    assert!(result.at > 3 * DAY, "how it went at last decides, not how it went first: {result:?}");
}
