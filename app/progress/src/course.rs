//! Over time: in how many of the stories each thing was found, interview by interview.

use interview::UnixMillis;
use report::{Aspect, AspectMark, CompetencyLevel, Report};

use crate::{InterviewKind, ReportedInterview, in_order};

/// From so many comparable interviews on something is said about the course of them.
pub const LEAST: usize = 3;
/// The latest so many are shown.
pub const MOST_SHOWN: usize = 8;
/// An interview with fewer stories is compared with none.
const LEAST_STORIES: usize = 2;
/// What differs by less, in hundredths, is about the same: one story in seven.
const ABOUT: usize = 15;

/// In how many stories something was found, of those of which it is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StoryFraction {
    /// In so many.
    pub found: usize,
    /// Of so many; never 0.
    pub of: usize,
}

impl StoryFraction {
    /// In how many stories of a report an aspect is said. What is unclear or struck counts neither way; `None` if nothing
    /// is left to count.
    pub fn of(report: &Report, aspect: Aspect) -> Option<Self> {
        let (mut found, mut of) = (0, 0);
        for mark in report.stories.iter().filter_map(|story| story.mark(aspect)) {
            match mark {
                AspectMark::Said(_) => (found, of) = (found + 1, of + 1),
                AspectMark::Partly(_) | AspectMark::NotFound(_) => of += 1,
                AspectMark::Unclear | AspectMark::Struck => {}
            }
        }
        (of > 0).then_some(Self { found, of })
    }

    /// The same in hundredths.
    pub fn percent(self) -> usize {
        self.found * 100 / self.of.max(1)
    }
}

/// Where it goes, in the latest interview against the mean of those before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// More of it.
    More,
    /// About as much.
    Same,
    /// Less of it.
    Less,
}

/// How one thing went, interview by interview; `None` where nothing is known of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Course<T> {
    /// One for each interview.
    pub points: Vec<Option<T>>,
    /// Where it goes, if at least three are known.
    pub direction: Option<Direction>,
}

/// The course of several interviews.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OverallCourse {
    /// Which interviews, as places in what was given; the first begun first.
    pub interviews: Vec<usize>,
    /// In how many stories each aspect was found.
    pub aspects: Vec<(Aspect, Course<StoryFraction>)>,
    /// How much was shown of each competency.
    pub competencies: Vec<(String, Course<CompetencyLevel>)>,
}

/// The course of the interviews that can be compared with the latest of them: over, whole, of several stories, and read in
/// the same way. `None` if there are not enough.
pub fn courses(held: &[ReportedInterview<'_>]) -> Option<OverallCourse> {
    let counts = |at: &usize| {
        let one = &held[*at];
        one.over && one.kind == InterviewKind::Whole && one.report.stories.len() >= LEAST_STORIES
    };
    let mut interviews: Vec<usize> = in_order(held).into_iter().filter(counts).collect();
    let read = held[*interviews.last()?].was_read();
    interviews.retain(|at| held[*at].was_read() == read);
    if interviews.len() < LEAST {
        return None;
    }
    interviews.drain(..interviews.len().saturating_sub(MOST_SHOWN));
    let reports = || interviews.iter().map(|at| held[*at].report);
    let aspects = Aspect::ALL.into_iter().filter_map(|aspect| {
        let points: Vec<Option<StoryFraction>> =
            reports().map(|report| StoryFraction::of(report, aspect)).collect();
        Some((aspect, course(points, StoryFraction::percent)?))
    });
    let mut names: Vec<&str> = Vec::new();
    for competency in reports().flat_map(|report| &report.competencies) {
        if !names.contains(&competency.name.as_str()) {
            names.push(&competency.name);
        }
    }
    let competencies = names.into_iter().filter_map(|name| {
        let level = |report: &Report| {
            let known = report.competencies.iter().find(|competency| competency.name == name);
            known.and_then(|competency| competency.shown.as_ref()).map(|(level, _)| *level)
        };
        let points: Vec<Option<CompetencyLevel>> = reports().map(level).collect();
        // What was shown once has no course.
        let known = points.iter().flatten().count();
        (known > 1).then_some((name.to_owned(), course(points, height)?))
    });
    let (aspects, competencies) = (aspects.collect(), competencies.collect());
    Some(OverallCourse { interviews, aspects, competencies })
}

/// How high a level is, in hundredths.
pub(crate) fn height(level: CompetencyLevel) -> usize {
    match level {
        CompetencyLevel::Weak => 0,
        CompetencyLevel::Sound => 50,
        CompetencyLevel::Strong => 100,
    }
}

/// `None` if nothing is known of it at all.
fn course<T: Copy>(points: Vec<Option<T>>, height: impl Fn(T) -> usize) -> Option<Course<T>> {
    let known: Vec<usize> = points.iter().flatten().map(|point| height(*point)).collect();
    let (latest, before) = known.split_last()?;
    let direction = (known.len() >= LEAST).then(|| {
        // Of sums, so that nothing is rounded.
        let (latest, mean) = (latest * before.len(), before.iter().sum::<usize>());
        if latest.abs_diff(mean) < ABOUT * before.len() {
            Direction::Same
        } else if latest > mean {
            Direction::More
        } else {
            Direction::Less
        }
    });
    Some(Course { points, direction })
}

/// A day in milliseconds.
pub(crate) const DAY: UnixMillis = 24 * 60 * 60 * 1_000;
