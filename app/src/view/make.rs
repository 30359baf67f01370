//! Makes views of what the engine knows.

use engine::{Snapshot, Summary};
use interview::{Message, Modality, Seniority};
use jiff::{Timestamp, Zoned, tz::TimeZone};

use super::{InterviewView, MessageView, StageView, SummaryView, Update, title_of, why};

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
        messages: update.messages,
        replying: update.replying,
        spoken: update.spoken,
        created_at: snapshot.created_at,
        ended_at: update.ended_at,
    }
}

/// What changed after the version `since`; everything for 0.
pub fn update_since(snapshot: &Snapshot, since: u64) -> Update {
    let zone = TimeZone::system();
    Update {
        version: snapshot.version,
        status: snapshot.status,
        stage: snapshot.progress.stage,
        done: snapshot.progress.done,
        left_ms: snapshot.progress.left,
        replying: snapshot.replying_to.is_some(),
        spoken: snapshot.messages.iter().any(|(m, _)| m.modality == Modality::Voice),
        ended_at: snapshot.ended_at,
        messages: snapshot
            .messages
            .iter()
            .filter(|(_, version)| *version > since)
            .map(|(m, version)| message(m, *version, &zone))
            .collect(),
    }
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
        why: m.why.as_ref().and_then(|why| why::told(why, m.source)),
        cut: m.cut,
        version,
    }
}

/// A line of the list of interviews, as seen at `now` (milliseconds since the Unix epoch).
pub fn summary(s: &Summary, now: i64) -> SummaryView {
    let zone = TimeZone::system();
    let day = day(&zoned(s.created_at, &zone), &zoned(now, &zone));
    let note = match s.ended_at {
        None => format!("{day}, part {} of {}", s.stage.clamp(1, s.stages.max(1)), s.stages.max(1)),
        Some(end) => {
            let minutes = ((end - s.created_at).max(0) + 30_000) / 60_000;
            let long = match minutes {
                0 => "under a minute".to_owned(),
                1 => "1 minute".to_owned(),
                2..=240 => format!("{minutes} minutes"),
                // Left and taken up again on other days: the time between is not the length.
                _ => "over several hours".to_owned(),
            };
            format!("{day}, {long}, {}", if s.spoken { "spoken" } else { "typed" })
        }
    };
    SummaryView {
        id: s.id.to_string(),
        title: title_of(&s.role, level(s.seniority)),
        note,
        open: s.ended_at.is_none() && !s.status.is_completed(),
    }
}

/// "Today 10:02", "Yesterday 10:02", "19 November", "19 November 2025".
fn day(at: &Zoned, now: &Zoned) -> String {
    if at.date() == now.date() {
        at.strftime("Today %H:%M").to_string()
    } else if now.date().yesterday().is_ok_and(|y| y == at.date()) {
        at.strftime("Yesterday %H:%M").to_string()
    } else if at.year() == now.year() {
        at.strftime("%-d %B").to_string()
    } else {
        at.strftime("%-d %B %Y").to_string()
    }
}

pub(super) fn zoned(at: i64, zone: &TimeZone) -> Zoned {
    // A moment outside the calendar can only be a broken record; it is shown as the epoch.
    Timestamp::from_millisecond(at).unwrap_or(Timestamp::UNIX_EPOCH).to_zoned(zone.clone())
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
    use super::*;

    #[test]
    fn days_are_named_as_people_do() {
        let at = |s: &str| s.parse::<Zoned>().unwrap();
        let now = at("2026-11-22T23:00:00[UTC]");
        assert_eq!(day(&at("2026-11-22T10:02:00[UTC]"), &now), "Today 10:02");
        assert_eq!(day(&at("2026-11-21T23:59:00[UTC]"), &now), "Yesterday 23:59");
        assert_eq!(day(&at("2026-11-03T10:02:00[UTC]"), &now), "3 November");
        assert_eq!(day(&at("2025-11-22T10:02:00[UTC]"), &now), "22 November 2025");
    }
}
