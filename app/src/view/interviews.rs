//! All interviews of a browser, as their page shows them.

use engine::{Export, Origin, OriginKind, Summary};
use jiff::tz::TimeZone;
use progress::{Course, Direction, InterviewKind, OverallCourse, ReportedInterview, StoryFraction};
use report::{Aspect, CompetencyLevel};

use super::due::{DueView, due_view, of_stories};
use super::ledger::{self, LedgerView};
use super::make::{level, zoned};
use super::title_of;
use super::told::InterviewListData;

/// Most characters of the name that a person gives to an interview.
pub(crate) const LONGEST_LABEL: usize = 80;
/// So much is named of what is to be practised.
const MOST_DUE: usize = 4;

/// All interviews of a browser.
pub(crate) struct InterviewsView {
    /// Those that were sought, newest first.
    pub rows: Vec<InterviewRow>,
    /// How many there are.
    pub all: usize,
    /// The words that were sought.
    pub sought: String,
    /// What was wrong with a form.
    pub problem: String,
    /// The course of them, if enough can be compared.
    pub over: Option<OverView>,
    /// What to practise, most overdue first, then the weakest.
    pub due: Vec<DueView>,
    /// What introductions claimed, if they did.
    pub ledger: Option<LedgerView>,
    /// Ended interviews are deleted after this many days; 0: never.
    pub keep_days: u32,
}

/// An interview in the list.
pub(crate) struct InterviewRow {
    /// Its id.
    pub id: String,
    /// What the person calls it, else role and level.
    pub title: String,
    /// The name that was given to it; may be empty.
    pub label: String,
    /// "28 Nov", with the year if it is another.
    pub day: String,
    /// The moment, for programs.
    pub moment: String,
    /// "Nurse, senior. Full interview, typed, 21 minutes. Clear result in 5 of 9 stories."
    pub note: String,
    /// True while it can go on.
    pub open: bool,
    /// True if something was said in it.
    pub begun: bool,
    /// How many comments stand in its margin.
    pub comments: usize,
}

/// The course of several interviews.
pub(crate) struct OverView {
    /// The days of the interviews, the first first.
    pub days: Vec<String>,
    /// In how many stories each aspect was found.
    pub aspects: Vec<CourseView>,
    /// How much was shown of each competency.
    pub competencies: Vec<CourseView>,
}

/// One thing, interview by interview.
pub(crate) struct CourseView {
    /// What it is.
    pub name: String,
    /// How high each point is, in hundredths; `None` where nothing is known.
    pub heights: Vec<Option<usize>>,
    /// What each point says in short: "2/8", "sound", "\u{2013}".
    pub short: Vec<String>,
    /// The same in words: "2 of 8", "sound", "not known".
    pub long: Vec<String>,
    /// Where it goes, in words; empty if that cannot be said.
    pub direction: &'static str,
}

/// Makes the view.
pub(crate) fn interviews(data: &InterviewListData<'_>) -> InterviewsView {
    let held: Vec<ReportedInterview<'_>> = data.exports.iter().map(|export| held(export, data)).collect();
    let rows = data.list.iter().filter_map(|summary| row(summary, data)).collect();
    let due = progress::due(&held, data.now);
    InterviewsView {
        rows,
        all: data.list.len(),
        sought: data.sought.to_owned(),
        problem: data.problem.clone(),
        over: progress::courses(&held).map(|over| course_of_all(&over, &held, data.now)),
        due: due.iter().take(MOST_DUE).enumerate().map(|(n, due)| due_view(due, n == 0, data)).collect(),
        ledger: ledger::ledger(&held, data),
        keep_days: data.keep_days,
    }
}

fn held<'a>(export: &'a Export, data: &InterviewListData<'_>) -> ReportedInterview<'a> {
    let snapshot = &export.snapshot;
    // Without its parent a fork is the only one that holds what they shared.
    let shared = snapshot.origin.as_ref().filter(|origin| {
        let parent = |summary: &Summary| summary.id == origin.parent;
        origin.kind == OriginKind::Fork && data.list.iter().any(parent)
    });
    let kind = match (&snapshot.origin, shared) {
        (_, Some(_)) => InterviewKind::Fork,
        (Some(Origin { kind: OriginKind::Take, .. }), None) => InterviewKind::Take,
        (Some(Origin { kind: OriginKind::Fork, .. }) | None, None) => InterviewKind::Whole,
    };
    let first = shared.map_or(0, |origin| origin.seq + 1);
    let messages = snapshot.messages.iter().map(|(message, _)| message);
    ReportedInterview {
        at: snapshot.created_at,
        over: snapshot.status.is_completed(),
        kind,
        plan: &snapshot.plan,
        messages: messages.filter(|message| message.seq >= first).collect(),
        report: &export.report,
    }
}

/// "28 Nov", with the year if it is not that of `now`.
fn day(at: i64, now: i64) -> String {
    let (at, now) = (zoned(at, &TimeZone::system()), zoned(now, &TimeZone::system()));
    at.strftime(if at.year() == now.year() { "%-d %b" } else { "%-d %b %Y" }).to_string()
}

/// The line of an interview, if all words that were sought stand in it or were said.
fn row(summary: &Summary, data: &InterviewListData<'_>) -> Option<InterviewRow> {
    let role = title_of(&summary.role, level(summary.seniority));
    let label = data.labels.get(&summary.id).cloned().unwrap_or_default();
    let at = zoned(summary.created_at, &TimeZone::system());
    let how = if summary.spoken { "spoken" } else { "typed" };
    let ended = summary.ended_at.filter(|_| summary.status.is_completed());
    let long = match ended.map(|end| ((end - summary.created_at).max(0) + 30_000) / 60_000) {
        None => {
            format!("part {} of {}", summary.stage.clamp(1, summary.stages.max(1)), summary.stages.max(1))
        }
        Some(0) => "under a minute".to_owned(),
        Some(1) => "1 minute".to_owned(),
        Some(minutes @ 2..=240) => format!("{minutes} minutes"),
        // Left and taken up again on other days: the time between is not the length.
        Some(_) => "over several hours".to_owned(),
    };
    let report =
        data.exports.iter().find(|export| export.snapshot.id == summary.id).map(|export| &export.report);
    let found = report.and_then(|report| StoryFraction::of(report, Aspect::Result));
    let found = found.map_or_else(String::new, |share| match (share.found, share.of) {
        (0, 1) => " No clear result in your only story.".to_owned(),
        (0, of) => format!(" No clear result in any of {of} stories."),
        _ => format!(" Clear result in {}.", of_stories(share)),
    });
    let named = if label.is_empty() { String::new() } else { format!("{role}. ") };
    let came = summary.origin.as_ref().map(|origin| origin_sentence(origin, data)).unwrap_or_default();
    let note = format!("{named}{came}{}, {how}, {long}, at {}.{found}", summary.plan, at.strftime("%H:%M"));
    let haystack = format!("{label} {role} {note} {}", at.strftime("%-d %B %Y %Y-%m-%d")).to_lowercase();
    let holds = data.words.iter().all(|(word, said)| haystack.contains(word) || said.contains(&summary.id));
    holds.then(|| InterviewRow {
        id: summary.id.to_string(),
        title: if label.is_empty() { role } else { label.clone() },
        label,
        day: day(summary.created_at, data.now),
        moment: at.timestamp().to_string(),
        note,
        open: !summary.status.is_completed(),
        begun: summary.status != interview::Status::Ready,
        comments: data.comments.get(&summary.id).copied().unwrap_or_default(),
    })
}

/// What it came from, in a sentence: "Second take of an answer from 28 Nov."
fn origin_sentence(origin: &Origin, data: &InterviewListData<'_>) -> String {
    let parent = data.list.iter().find(|summary| summary.id == origin.parent);
    let of = parent.map_or("from a deleted interview".to_owned(), |parent| {
        format!("from {}", day(parent.created_at, data.now))
    });
    match (origin.kind, origin.number) {
        (OriginKind::Take, 2) => format!("Second take of an answer {of}. "),
        (OriginKind::Take, 3) => format!("Third take of an answer {of}. "),
        (OriginKind::Take, n) => format!("Take {n} of an answer {of}. "),
        (OriginKind::Fork, _) => match parent {
            Some(parent) => {
                format!("Branches off from the interview on {}. ", day(parent.created_at, data.now))
            }
            None => "Branches off from a deleted interview. ".to_owned(),
        },
    }
}

fn course_of_all(over: &OverallCourse, held: &[ReportedInterview<'_>], now: i64) -> OverView {
    let days = over.interviews.iter().map(|at| day(held[*at].at, now)).collect();
    let aspects = over.aspects.iter().map(|(aspect, course)| {
        let (short, long) = (
            |s: StoryFraction| format!("{}/{}", s.found, s.of),
            |s: StoryFraction| format!("{} of {}", s.found, s.of),
        );
        course_view(aspect.label().to_owned(), course, StoryFraction::percent, short, long)
    });
    let height = |level: CompetencyLevel| match level {
        CompetencyLevel::Weak => 0,
        CompetencyLevel::Sound => 50,
        CompetencyLevel::Strong => 100,
    };
    let word = |level: CompetencyLevel| level.label().to_owned();
    let competencies =
        over.competencies.iter().map(|(name, course)| course_view(name.clone(), course, height, word, word));
    OverView { days, aspects: aspects.collect(), competencies: competencies.collect() }
}

fn course_view<T: Copy>(
    name: String,
    course: &Course<T>,
    height: impl Fn(T) -> usize,
    short: impl Fn(T) -> String,
    long: impl Fn(T) -> String,
) -> CourseView {
    let said =
        |point: &Option<T>, words: &dyn Fn(T) -> String, none: &str| point.map_or(none.to_owned(), words);
    CourseView {
        name,
        heights: course.points.iter().map(|point| point.map(&height)).collect(),
        short: course.points.iter().map(|point| said(point, &short, "\u{2013}")).collect(),
        long: course.points.iter().map(|point| said(point, &long, "not known")).collect(),
        direction: match course.direction {
            Some(Direction::More) => "more than before",
            Some(Direction::Same) => "about as before",
            Some(Direction::Less) => "less than before",
            None => "",
        },
    }
}
