//! What a line takes for granted, by its words: that something is over or still goes on, that there is a job today, that
//! there was more than one.

use crate::reading::{Ask, Probe};

/// Verbs of doing: "do you" before one of them asks about today.
const DOING: &[&str] = &[
    "do", "go", "handle", "deal", "start", "plan", "usually", "normally", "use", "decide", "divide", "split",
    "manage", "organise", "keep", "check", "work", "spend", "talk", "begin", "prepare", "share",
];
/// Words with which a question about today looks back.
const LOOKING_BACK: &[&str] =
    &["now", "today", "since", "still", "differently", "think", "know", "see", "rely", "tell"];

/// Whether a kind of question asks about what was done, and not about what they make of it or want.
pub(super) fn asks_about_deed(probe: Probe) -> bool {
    match probe.ask() {
        Ask::OwnPart
        | Ask::Detail
        | Ask::Context
        | Ask::Reasoning
        | Ask::Hard
        | Ask::OtherSide
        | Ask::Result => true,
        Ask::Example | Ask::Learned | Ask::Motivation | Ask::NewTopic | Ask::CloseGently => false,
    }
}

/// Whether a question about what was told asks for something that is over (`true`) or that goes on (`false`); `None` if
/// it is right for both.
pub(super) fn presumes_past(probe: Probe, text: &str) -> Option<bool> {
    let words = words(text);
    let has = |some: &[&str]| words.iter().any(|word| some.contains(&word.as_str()));
    // "When did you last do that?" asks for one time of many.
    if !asks_about_deed(probe) || has(&["last"]) {
        return None;
    }
    if has(&["did", "didn't", "was", "wasn't", "were", "weren't", "had", "hadn't"]) {
        return Some(true);
    }
    let asks_of_today = words
        .windows(3)
        .any(|three| three[0] == "do" && three[1] == "you" && DOING.contains(&three[2].as_str()));
    (asks_of_today && !has(LOOKING_BACK)).then_some(false)
}

/// Whether a question takes it for granted that there is a job today.
pub(super) fn presumes_current_job(text: &str) -> bool {
    let text = text.to_lowercase();
    let says = |some: &[&str]| some.iter().any(|phrase| text.contains(phrase));
    let today = says(&[
        "at the moment",
        "right now",
        "these days",
        "currently",
        "in your job",
        "of your job",
        "about your job",
        "about your work",
        "your week look",
        "do you work with",
        "your time at work",
        "the place where you work",
        "uses your work",
        "will use your",
        "are you working",
        "are you trying",
        "are you responsible",
        "do you lead",
        "your usual",
    ]);
    today && !says(&["last", "what your job asked", "your job so far"])
}

/// Whether a question takes it for granted that there was a job before.
pub(super) fn a_job_before(text: &str) -> bool {
    let text = text.to_lowercase();
    ["next job", "last job", "old job", "your jobs", "your career"].iter().any(|phrase| text.contains(phrase))
}

/// Whether a question takes it for granted that there was more than one job.
pub(super) fn presumes_several_jobs(text: &str) -> bool {
    let text = text.to_lowercase();
    [
        "your jobs",
        "first job",
        "each job",
        "every job",
        "jobs you've had",
        "jobs have shaped",
        "which job has",
        "job to job",
        "places you've worked",
        "change you've made in your career",
        "time to move on",
        "your last move",
    ]
    .iter()
    .any(|phrase| text.contains(phrase))
}

fn words(text: &str) -> Vec<String> {
    let inner = |letter: char| letter.is_alphanumeric() || letter == '\'';
    let words = text.split(|letter: char| !inner(letter)).map(str::to_lowercase);
    words.filter(|word| !word.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_about_what_is_over_is_told_from_one_about_today() {
        for (probe, text, expected) in [
            (Probe::Detail, "What did you do, exactly?", Some(true)),
            (Probe::Result, "What was the outcome?", Some(true)),
            (Probe::OwnPart, "What do you do about that yourself?", Some(false)),
            (Probe::Detail, "How do you go about it?", Some(false)),
            (Probe::Detail, "What do you usually start with?", Some(false)),
            (Probe::Detail, "When did you last do that yourself?", None),
            (Probe::Reasoning, "What do you think decided it?", None),
            (Probe::HardMoment, "What do you do today to keep it from happening?", None),
            (Probe::Detail, "Walk me through it, step by step.", None),
            (Probe::Motivation, "How did you get into this line of work?", None),
            (Probe::Learned, "What did you take away from it?", None),
        ] {
            assert_eq!(presumes_past(probe, text), expected, "{text}");
        }
    }

    #[test]
    fn a_job_before_is_taken_for_granted_or_not() {
        assert!(a_job_before("What are you hoping for from your next job?"));
        assert!(!a_job_before("What made you apply for this role?"));
    }

    #[test]
    fn a_job_is_taken_for_granted_or_not() {
        for (text, today, several) in [
            ("What are you selling at the moment?", true, false),
            ("Which part of your job takes the most time?", true, false),
            ("What's changed in your job since you started?", true, false),
            ("What does a normal day look like for you, now or in your last job?", false, false),
            ("Tell me about a mistake you made at work.", false, false),
            ("What did your first job teach you?", false, true),
            ("What do the jobs you've had have in common?", false, true),
            ("Looking back over your jobs, what's stayed the same?", false, true),
            ("When did you last help out with something that wasn't your job?", false, false),
        ] {
            assert_eq!((presumes_current_job(text), presumes_several_jobs(text)), (today, several), "{text}");
        }
    }
}
