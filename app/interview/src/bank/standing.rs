//! What is known of the jobs that somebody has and had, by their CV and by what they have said: the role that they apply
//! for is none of them.

use std::sync::LazyLock;

use super::families::FieldQuestions;
use super::supposes::{presumes_current_job, presumes_several_jobs};
use crate::listen::{Phrases, words_of};
use crate::{Profile, Seniority};

/// What is said of being without a job.
static WITHOUT: LazyLock<Phrases> = LazyLock::new(|| Phrases::read(include_str!("../../bank/standing.txt")));
/// What stands in a CV for "until today".
const TODAY: &[&str] = &["today", "now", "present", "current", "currently", "date", "ongoing", "since"];
/// What is no job in a CV, though it goes on today.
const NO_JOB: &[&str] = &[
    "family",
    "parental",
    "maternity",
    "children",
    "caring",
    "carer",
    "break",
    "unemployed",
    "sabbatical",
    "volunteer",
    "volunteering",
];

/// What is known of somebody's jobs.
pub(super) struct EmploymentHistory {
    /// Whether there is one today; `None` where nobody knows.
    job_today: Option<bool>,
    /// There was only ever one.
    one_job: bool,
    cv: String,
    /// All that was said.
    said: String,
}

impl EmploymentHistory {
    /// Reads it from the CV and from all that was said. `year`: in which the interview is held; what ends in it may go on.
    pub(super) fn of(profile: &Profile, answers: &[String], year: u32) -> Self {
        let spans = spans(&profile.cv);
        let jobs: Vec<&CvPeriod> = spans.iter().filter(|span| span.is_job).collect();
        let without = answers.iter().any(|answer| !WITHOUT.find(&words_of(answer)).is_empty());
        let job_today = match (without, jobs.as_slice()) {
            (true, _) => Some(false),
            (false, []) => None,
            (false, jobs) if jobs.iter().any(|span| span.open) => Some(true),
            (false, jobs) if jobs.iter().any(|span| span.last >= year) => None,
            (false, _) => Some(false),
        };
        let beginner = matches!(profile.seniority, Seniority::Student | Seniority::Junior);
        let one_job = jobs.len() == 1 || jobs.is_empty() && beginner;
        Self { job_today, one_job, cv: profile.cv.clone(), said: answers.join("\n") }
    }

    /// Whether there is a job today, as far as is known.
    pub(super) fn has_job(&self) -> bool {
        self.job_today != Some(false)
    }

    /// Whether they have worked in this field, by the titles and things that they name themselves.
    pub(super) fn knows(&self, field: &FieldQuestions) -> bool {
        field.shows_field_experience(&self.cv, &self.said)
    }

    /// Whether a main question takes nothing for granted that is not so.
    pub(super) fn fits(&self, topic: &str, text: &str) -> bool {
        // What a day or a week is like, and who is served, is asked of a job that there is.
        let today = presumes_current_job(text)
            || topic == "present" && !text.contains("last") && !asks_beside_work(text);
        (self.has_job() || !today) && !(self.one_job && presumes_several_jobs(text))
    }
}

/// Whether a question about the present may be asked of anybody.
fn asks_beside_work(text: &str) -> bool {
    text.contains("how you spend") || text.contains("outside your field") || text.contains("keeps you busy")
}

/// A time in a CV.
struct CvPeriod {
    /// It goes on.
    open: bool,
    /// The last year that it names.
    last: u32,
    /// It is work.
    is_job: bool,
}

/// The times of a CV: from a year to a year or to today.
fn spans(cv: &str) -> Vec<CvPeriod> {
    let lines = cv.split(['\n', ';']).flat_map(|line| line.split(". "));
    lines.filter_map(span).collect()
}

fn span(line: &str) -> Option<CvPeriod> {
    let inner = |letter: char| letter.is_alphanumeric();
    let words: Vec<String> = line
        .split(|letter: char| !inner(letter))
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    let year = |word: &String| word.parse::<u32>().ok().filter(|year| (1950..2100).contains(year));
    let years: Vec<u32> = words.iter().filter_map(year).collect();
    let last = years.iter().copied().max().unwrap_or(0);
    let open = words.iter().any(|word| TODAY.contains(&word.as_str()));
    let studied =
        ["bsc", "msc", "phd", "ba", "ma", "university", "school", "college", "apprentice", "apprenticeship"];
    let is_job =
        !words.iter().any(|word| NO_JOB.contains(&word.as_str()) || studied.contains(&word.as_str()));
    (years.len() >= 2 || years.len() == 1 && open).then_some(CvPeriod { open, last, is_job })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bank::families;

    fn standing(cv: &str, answers: &[&str]) -> EmploymentHistory {
        let profile = Profile {
            name: "Ada".into(),
            role: "Anything".into(),
            seniority: Seniority::Mid,
            cv: cv.into(),
            job_description: String::new(),
        };
        EmploymentHistory::of(
            &profile,
            &answers.iter().map(|answer| (*answer).to_owned()).collect::<Vec<_>>(),
            2026,
        )
    }

    #[test]
    fn who_has_a_job_today_is_known_by_the_cv_and_by_what_was_said() {
        for (cv, answers, expected) in [
            ("Tram driver, Manchester, 2012 to today. Tram driver, Kraków, 2004-2011.", &[][..], Some(true)),
            ("Payroll clerk, shipyard, 1994-2025 (yard closed). LCCI Higher, 1992.", &[], Some(false)),
            ("Export area manager, Bologna, 2008-2018. 2018 to today: family.", &[], Some(false)),
            ("Receptionist, 2018-2021\nSenior receptionist, 2021 to date", &[], Some(true)),
            ("Nurse since 2015. BSc Nursing, 2012-2015.", &[], Some(true)),
            ("HR officer, contact centre, 2022-2026. HR assistant, 2017-2022.", &[], None),
            ("Nurse since 2015.", &["I was made redundant in March."], Some(false)),
            ("", &["Right now I'm forty percent job hunting."], Some(false)),
            ("", &["I've been out of work since the spring."], Some(false)),
            ("", &["I run the desk, seven of us over three shifts."], None),
            ("", &["I made my manager redundant, so to speak."], None),
            ("", &[], None),
        ] {
            assert_eq!(standing(cv, answers).job_today, expected, "{cv} {answers:?}");
        }
    }

    #[test]
    fn nothing_is_taken_for_granted_that_is_known_to_be_otherwise() {
        let between = standing("Clerk, 1994-2025.", &[]);
        assert!(!between.fits("present", "What are you selling at the moment?"));
        assert!(!between.fits("present", "Who do you sell to?"));
        assert!(
            between.fits("present", "What does a normal day look like for you, now or in your last job?")
        );
        assert!(between.fits("failure", "Tell me about a mistake you made at work."));
        assert!(!between.fits("learning_path", "What did your first job teach you?"));
        let working = standing("Clerk, 1994-2005. Lead clerk, 2005 to today.", &[]);
        assert!(working.fits("present", "What are you selling at the moment?"));
        assert!(working.fits("learning_path", "What did your first job teach you?"));
    }

    /// Every main question of every field is asked only of those who have worked there: the role applied for is not enough.
    #[test]
    fn a_field_is_known_by_what_was_held_or_told() {
        for (cv, answers, field, known) in [
            ("Tram driver, Manchester, 2012 to today.", &[][..], "teaching", false),
            ("Tram driver, Manchester, 2012 to today.", &["I drive early shifts."], "teaching", false),
            ("Class teacher from 1993.", &[], "teaching", true),
            ("", &["I'm a driving instructor and I love it."], "teaching", true),
            (
                "",
                &["My learners are mostly adults, and I plan a lesson for each group of learners."],
                "teaching",
                true,
            ),
            ("Head chef, The Lantern, 2021-2026.", &[], "hospitality", true),
            ("", &["I worked as a nurse on a surgical ward."], "nursing_care", true),
            ("Office clerk.", &["I'd love to work with people."], "nursing_care", false),
            (
                "",
                &["I look after the patients on our ward, and I give medication to twelve patients."],
                "nursing_care",
                true,
            ),
            ("", &[], "software", false),
        ] {
            let family = families::named(field);
            assert_eq!(standing(cv, answers).knows(family), known, "{field}: {cv} {answers:?}");
        }
    }
}
