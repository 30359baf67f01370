//! Makes views of what the engine knows.

use engine::{Snapshot, Summary};
use interview::{Message, Modality, Plan, Seniority, Stage, answered, skips_previous_question};
use jiff::{Timestamp, Zoned, tz::TimeZone};

use super::asides::is_aside;
use super::{
    Civil, InterviewView, MessageView, StageView, SummaryView, Update, date_of, day_of, title_of, why,
};

/// The whole interview.
pub fn interview(snapshot: &Snapshot) -> InterviewView {
    let update = update_since(snapshot, 0);
    InterviewView {
        id: snapshot.id.to_string(),
        version: update.version,
        status: update.status,
        name: snapshot.profile.first_name().to_owned(),
        role: snapshot.profile.role.clone(),
        seniority: level(snapshot.profile.seniority).to_owned(),
        plan_title: snapshot.plan.title.clone(),
        stages: snapshot
            .plan
            .stages
            .iter()
            .map(|s| StageView { id: s.id.clone(), title: s.title.clone() })
            .collect(),
        stage: update.stage,
        done: update.done,
        left_ms: update.left_ms,
        asked: update.asked,
        about: update.about,
        messages: update.messages,
        replying: update.replying,
        spoken: update.spoken,
        created_at: snapshot.created_at,
        date: date_of(date(&zoned(snapshot.created_at, &TimeZone::system()))),
        ended_at: update.ended_at,
    }
}

/// What changed after the version `since`; everything for 0.
pub fn update_since(snapshot: &Snapshot, since: u64) -> Update {
    let zone = TimeZone::system();
    let said: Vec<&Message> = snapshot.messages.iter().map(|(m, _)| m).collect();
    let (asked, about) = questions(&snapshot.plan, snapshot.progress.stage, &said);
    let answers = |at: usize, m: &Message| {
        let answered = answered(&said, m.seq).filter(|_| !is_aside(&said, at, snapshot.status));
        answered.map(|answered| answered.question)
    };
    Update {
        version: snapshot.version,
        status: snapshot.status,
        stage: snapshot.progress.stage,
        done: snapshot.progress.done,
        left_ms: snapshot.progress.left,
        asked,
        about,
        replying: snapshot.replying_to.is_some(),
        spoken: snapshot.messages.iter().any(|(m, _)| m.modality == Modality::Voice),
        ended_at: snapshot.ended_at,
        messages: snapshot
            .messages
            .iter()
            .enumerate()
            .filter(|(_, (_, version))| *version > since)
            .map(|(at, (m, version))| MessageView {
                skips: skips_previous_question(&said, at),
                answers: answers(at, m),
                ..message(m, *version, &zone)
            })
            .collect(),
    }
}

/// How many questions were put, and about how many there will be: those of a part to come are reckoned halfway between
/// the fewest and the most that it may have.
fn questions(plan: &Plan, current: usize, said: &[&Message]) -> (u32, u32) {
    let put = |stage: &Stage| said.iter().filter(|m| m.stage == stage.id && m.asks_anew()).count() as u32;
    let about = plan.stages.iter().enumerate().map(|(at, stage)| {
        let usual = (stage.min_turns + stage.max_turns).div_ceil(2);
        if at < current { put(stage) } else { put(stage).max(usual) }
    });
    (said.iter().filter(|m| m.asks_anew()).count() as u32, about.sum())
}

fn message(m: &Message, version: u64, zone: &TimeZone) -> MessageView {
    MessageView {
        seq: m.seq,
        speaker: m.speaker,
        stage: m.stage.clone(),
        text: m.text.clone(),
        at: m.at,
        clock: zoned(m.at, zone).strftime("%H:%M").to_string(),
        modality: m.modality,
        source: m.source,
        why: m.why.as_ref().and_then(|why| why::explain_line(why, m.source)),
        cut: m.cut,
        skips: false,
        asks_on: m.asks_on(),
        original: m.original.clone(),
        answers: None,
        version,
    }
}

/// A line of the list of interviews, as seen at `now` (milliseconds since the Unix epoch).
pub fn summary(s: &Summary, now: i64) -> SummaryView {
    let zone = TimeZone::system();
    let note = match s.ended_at {
        None => format!("part {} of {}", s.stage.clamp(1, s.stages.max(1)), s.stages.max(1)),
        Some(end) => {
            let minutes = ((end - s.created_at).max(0) + 30_000) / 60_000;
            let long = match minutes {
                0 => "under a minute".to_owned(),
                1 => "1 minute".to_owned(),
                2..=240 => format!("{minutes} minutes"),
                // Left and taken up again on other days: the time between is not the length.
                _ => "over several hours".to_owned(),
            };
            format!("{long}, {}", if s.spoken { "spoken" } else { "typed" })
        }
    };
    let note = match &s.origin {
        Some(origin) => format!("{}, {note}", super::name_of(origin)),
        None => note,
    };
    SummaryView {
        id: s.id.to_string(),
        title: title_of(&s.role, level(s.seniority)),
        at: s.created_at,
        day: day(&zoned(s.created_at, &zone), &zoned(now, &zone)),
        note,
        open: s.ended_at.is_none() && !s.status.is_completed(),
    }
}

fn day(at: &Zoned, now: &Zoned) -> String {
    let yesterday = now.yesterday().map_or((0, 1, 1), |z| date(&z));
    day_of(Civil { date: date(at), time: (at.hour() as u32, at.minute() as u32) }, date(now), yesterday)
}

fn date(at: &Zoned) -> (i32, u32, u32) {
    (i32::from(at.year()), at.month() as u32, at.day() as u32)
}

pub(super) fn zoned(at: i64, zone: &TimeZone) -> Zoned {
    // A moment outside the calendar can only be a broken record; it is shown as the epoch.
    Timestamp::from_millisecond(at).unwrap_or(Timestamp::UNIX_EPOCH).to_zoned(zone.clone())
}

/// "28 November"
pub(super) fn long_day(at: i64) -> String {
    zoned(at, &TimeZone::system()).strftime("%-d %B").to_string()
}

/// The level as it follows a role.
pub(super) fn level(seniority: Seniority) -> &'static str {
    match seniority {
        Seniority::Student => "student",
        Seniority::Junior => "junior",
        Seniority::Mid => "",
        Seniority::Senior => "senior",
        Seniority::Lead => "lead",
    }
}

#[cfg(test)]
mod tests {
    use interview::{LinePurpose, LineRationale, Modality, Speaker, TurnId};

    use super::*;

    #[test]
    fn days_are_those_of_the_calendar() {
        let at = |s: &str| s.parse::<Zoned>().unwrap();
        let now = at("2026-03-01T00:30:00[UTC]");
        assert_eq!(day(&at("2026-03-01T00:02:00[UTC]"), &now), "Today 00:02");
        assert_eq!(day(&at("2026-02-28T23:59:00[UTC]"), &now), "Yesterday 23:59");
        assert_eq!(day(&at("2025-11-22T10:02:00[UTC]"), &now), "22 November 2025");
    }

    fn line(seq: u32, stage: &str, purpose: Option<LinePurpose>) -> Message {
        let why = purpose.map(|purpose| LineRationale::new(purpose, None));
        Message {
            seq,
            speaker: if why.is_some() { Speaker::Interviewer } else { Speaker::Candidate },
            stage: stage.to_owned(),
            modality: Modality::Text,
            text: String::new(),
            at: 0,
            turn: TurnId(seq.to_string()),
            source: None,
            why,
            cut: false,
            reading: None,
            original: None,
        }
    }

    #[test]
    fn questions_are_counted_and_words_into_a_silence_are_not() {
        let mut plan = Plan::named("standard").unwrap();
        for (stage, (fewest, most)) in plan.stages.iter_mut().zip([(3, 6), (5, 12), (1, 1)]) {
            (stage.min_turns, stage.max_turns) = (fewest, most);
        }
        let [intro, past, _] = [0, 1, 2].map(|at| plan.stages[at].id.as_str());
        let opening = line(1, intro, Some(LinePurpose::Opening));
        assert_eq!(questions(&plan, 0, &[&opening]), (1, 15));
        let said = [
            opening,
            line(2, intro, Some(LinePurpose::Nudge)),
            line(3, intro, Some(LinePurpose::Repeat)),
            line(4, intro, None),
            line(5, past, Some(LinePurpose::Transition)),
        ];
        let said: Vec<&Message> = said.iter().collect();
        // The part that is over counts as it was.
        assert_eq!(questions(&plan, 1, &said), (2, 11));
    }

    #[test]
    fn a_question_without_an_answer_was_skipped() {
        let of = |purposes: &[Option<LinePurpose>]| -> Vec<bool> {
            let lines: Vec<_> = purposes.iter().map(|purpose| line(1, "a", *purpose)).collect();
            let lines: Vec<&Message> = lines.iter().collect();
            (0..lines.len()).map(|at| skips_previous_question(&lines, at)).collect()
        };
        use LinePurpose::{Closing, Nudge, Opening, Probe, Question, Repeat};
        assert_eq!(of(&[Some(Opening), None, Some(Probe), Some(Question)]), [false, false, false, true]);
        assert_eq!(of(&[Some(Opening), Some(Nudge), Some(Question)]), [false, false, true]);
        assert_eq!(of(&[Some(Opening), Some(Repeat), None, Some(Probe)]), [false; 4]);
        assert_eq!(of(&[Some(Opening), Some(Closing)]), [false, false]);
    }
}
