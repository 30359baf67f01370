//! What to practise next, spaced: what was found seldom comes back soon, what was always told rests.

mod memory;

use std::cmp::Reverse;

use interview::UnixMillis;
use report::{Aspect, CompetencyLevel, Report, Story};

use self::memory::{ReviewGrade, SkillMemory};
use crate::course::{DAY, StoryFraction, height};
use crate::{InterviewKind, ReportedInterview, in_order};

/// What can be practised.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum PracticeTarget {
    /// Something that a story can hold.
    Aspect(Aspect),
    /// A competency, by its name.
    Competency(String),
}

/// How it went when it was last asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LastPractice {
    /// It was found in so many stories.
    Found(StoryFraction),
    /// So much of it was shown.
    Shown(CompetencyLevel),
}

impl LastPractice {
    /// How good that is, in hundredths.
    pub fn percent(self) -> usize {
        match self {
            Self::Found(share) => share.percent(),
            Self::Shown(level) => height(level),
        }
    }

    /// In how many stories it could have been.
    fn of(self) -> usize {
        match self {
            Self::Found(share) => share.of,
            Self::Shown(_) => 1,
        }
    }
}

/// Something to practise, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DuePractice {
    /// What.
    pub what: PracticeTarget,
    /// From when on.
    pub at: UnixMillis,
    /// In which interview it was last asked for, as a place in what was given.
    pub interview: usize,
    /// How it went there.
    pub last: LastPractice,
    /// In how many interviews it was asked for.
    pub times: usize,
    /// The topic that practises it.
    pub topic: String,
}

/// In which order things are worth practising that are due alike: what listeners miss most comes first.
const WORTH: [Aspect; 6] =
    [Aspect::Result, Aspect::Action, Aspect::Part, Aspect::Number, Aspect::Reflection, Aspect::Situation];

/// How long one sitting lasts, in days: interviews that begin within it are one review, of which the last one tells how it
/// went.
const SITTING: f64 = 0.5;

/// Everything that can be practised. What is due comes first, that before all of which least is left by now; what is not
/// due follows, the weakest first.
pub fn due(held: &[ReportedInterview<'_>], now: UnixMillis) -> Vec<DuePractice> {
    let order: Vec<usize> =
        in_order(held).into_iter().filter(|at| held[*at].kind != InterviewKind::Fork).collect();
    let mut names: Vec<&str> = Vec::new();
    for competency in order.iter().flat_map(|at| &held[*at].report.competencies) {
        if !names.contains(&competency.name.as_str()) {
            names.push(&competency.name);
        }
    }
    let aspects = WORTH.into_iter().map(PracticeTarget::Aspect);
    let all = aspects.chain(names.into_iter().map(|name| PracticeTarget::Competency(name.to_owned())));
    let mut due: Vec<(u16, DuePractice)> =
        all.filter_map(|what| schedule_target(what, held, &order, now)).collect();
    // The first of equals stays first.
    due.sort_by_key(|(kept, due)| {
        let waits = due.at > now;
        (waits, if waits { 0 } else { *kept }, due.last.percent(), Reverse(due.last.of()), due.at)
    });
    due.into_iter().map(|(_, due)| due).collect()
}

/// One thing, with how much of it is left by now, in thousandths. `None` if it was never asked for.
fn schedule_target(
    what: PracticeTarget,
    held: &[ReportedInterview<'_>],
    order: &[usize],
    now: UnixMillis,
) -> Option<(u16, DuePractice)> {
    let mut known: Option<(Sitting, usize, LastPractice)> = None;
    let mut times = 0;
    for at in order {
        let Some(last) = last_practice_result(&what, held[*at].report) else { continue };
        let sitting = Sitting::then(known.map(|(sitting, _, _)| sitting), held[*at].at, grade(last));
        times += 1;
        known = Some((sitting, *at, last));
    }
    let (sitting, interview, last) = known?;
    let memory = sitting.memory();
    let at = held[interview].at.saturating_add(memory.days() * DAY);
    let kept = (memory.retention(days(held[interview].at, now)) * 1_000.0) as u16;
    let topic = topic(&what, held, order)?;
    Some((kept, DuePractice { what, at, interview, last, times, topic }))
}

/// Interviews of about one day. Within it nothing is forgotten, so that the first of them would decide alone.
#[derive(Clone, Copy)]
struct Sitting {
    /// What was known before it, and when that sitting began.
    before: Option<(SkillMemory, UnixMillis)>,
    began: UnixMillis,
    grade: ReviewGrade,
}

impl Sitting {
    /// The sitting of an interview begun at this moment, if `last` was the one before.
    fn then(last: Option<Self>, at: UnixMillis, grade: ReviewGrade) -> Self {
        match last {
            Some(last) if days(last.began, at) < SITTING => Self { grade, ..last },
            Some(last) => Self { before: Some((last.memory(), last.began)), began: at, grade },
            None => Self { before: None, began: at, grade },
        }
    }

    /// What is known after it.
    fn memory(self) -> SkillMemory {
        match self.before {
            None => SkillMemory::first(self.grade),
            Some((memory, then)) => memory.then(days(then, self.began), self.grade),
        }
    }
}

fn days(from: UnixMillis, to: UnixMillis) -> f64 {
    to.saturating_sub(from).max(0) as f64 / DAY as f64
}

/// How it went in an interview, if it was asked for there.
fn last_practice_result(what: &PracticeTarget, report: &Report) -> Option<LastPractice> {
    match what {
        PracticeTarget::Aspect(aspect) => StoryFraction::of(report, *aspect).map(LastPractice::Found),
        PracticeTarget::Competency(name) => {
            let competency = report.competencies.iter().find(|competency| competency.name == *name)?;
            competency.shown.as_ref().map(|(level, _)| LastPractice::Shown(*level))
        }
    }
}

fn grade(last: LastPractice) -> ReviewGrade {
    match last {
        LastPractice::Found(StoryFraction { found: 0, .. }) => ReviewGrade::Again,
        // Once is not always.
        LastPractice::Found(share) if share.found == share.of && share.of > 1 => ReviewGrade::Easy,
        LastPractice::Found(share) if share.found * 2 < share.of => ReviewGrade::Hard,
        LastPractice::Found(_) => ReviewGrade::Good,
        LastPractice::Shown(CompetencyLevel::Weak) => ReviewGrade::Again,
        LastPractice::Shown(CompetencyLevel::Sound) => ReviewGrade::Good,
        LastPractice::Shown(CompetencyLevel::Strong) => ReviewGrade::Easy,
    }
}

/// The topic of the latest story that lacks it, else of the latest that could have it.
fn topic(what: &PracticeTarget, held: &[ReportedInterview<'_>], order: &[usize]) -> Option<String> {
    let stories = || order.iter().rev().flat_map(|at| held[*at].report.stories.iter().rev());
    let fits = |story: &&Story| match what {
        PracticeTarget::Aspect(_) => true,
        PracticeTarget::Competency(name) => report::topics_of(name).contains(&story.topic),
    };
    let lacks = |story: &&Story| match what {
        PracticeTarget::Aspect(aspect) => story.lacks(*aspect),
        PracticeTarget::Competency(_) => story.missing().next().is_some(),
    };
    let practised = |story: &&Story| interview::Plan::practice(&story.topic).is_some();
    let found = stories().filter(practised).filter(fits).find(lacks);
    found.or_else(|| stories().filter(practised).find(fits)).map(|story| story.topic.clone())
}
