//! The notes on an interview as their page shows them.

use engine::{AnswerSoundInfo, Judging, OriginKind, Snapshot};
use interview::{Message, Modality};
use jiff::tz::TimeZone;
use report::Report;

use super::make::{level, zoned};
use super::{ChildView, title_of};

/// The notes on an interview.
pub(crate) struct NotesView {
    /// The interview's id, as in the address.
    pub id: String,
    /// Role and level.
    pub title: String,
    /// "Priya, for Backend engineer, senior. 28 November 2026, 16 answers, 21 minutes, typed."
    pub about: String,
    /// True once the interview is over.
    pub over: bool,
    /// Everything said.
    pub messages: Vec<Message>,
    /// What can be learnt from it.
    pub report: Report,
    /// Whether a model's part of it is still to come.
    pub judging: Judging,
    /// True if it is a take: there are takes to stand beside.
    pub is_take: bool,
    /// The takes and forks that came of it.
    pub children: Vec<ChildView>,
    /// Whether people may talk on this server.
    pub voice: bool,
    /// What a button of this page was refused for; empty if none was.
    pub problem: String,
    /// The answers whose sound was kept.
    pub sounds: Vec<AnswerSoundInfo>,
}

/// Makes the view.
pub(crate) fn notes(snapshot: &Snapshot, report: Report, judging: Judging) -> NotesView {
    let messages: Vec<Message> = snapshot.messages.iter().map(|(message, _)| message.clone()).collect();
    let title = title_of(&snapshot.profile.role, level(snapshot.profile.seniority));
    let day = zoned(snapshot.created_at, &TimeZone::system()).strftime("%-d %B %Y").to_string();
    let answers = match super::asides::answers(&messages, snapshot.status) {
        0 => "no answer".to_owned(),
        1 => "one answer".to_owned(),
        n => format!("{n} answers"),
    };
    let first = messages.first().map_or(snapshot.created_at, |m| m.at);
    let minutes = (messages.last().map_or(first, |m| m.at) - first + 30_000) / 60_000;
    let minutes = match minutes {
        1 => ", one minute".to_owned(),
        2..=240 => format!(", {minutes} minutes"),
        _ => String::new(),
    };
    let count = |modality| messages.iter().filter(|m| m.source.is_none() && m.modality == modality).count();
    let how = match (count(Modality::Voice), count(Modality::Text)) {
        (0, _) => "typed",
        (_, 0) => "spoken",
        _ => "spoken and typed",
    };
    let name = snapshot.profile.first_name();
    let about = format!("{name}, for {title}. {day}, {answers}{minutes}, {how}.");
    let over = snapshot.status.is_completed();
    let is_take = snapshot.origin.as_ref().is_some_and(|origin| origin.kind == OriginKind::Take);
    NotesView {
        id: snapshot.id.to_string(),
        title,
        about,
        over,
        messages,
        report,
        judging,
        is_take,
        children: Vec::new(),
        voice: false,
        problem: String::new(),
        sounds: Vec::new(),
    }
}

/// A moment for a program, and as a clock in the server's time zone shows it.
pub(crate) fn moment(at: i64) -> (String, String) {
    let at = zoned(at, &TimeZone::system());
    (at.timestamp().to_string(), at.strftime("%H:%M").to_string())
}

/// A posting of these lines alone.
pub(crate) fn posting_of(wanted: &[String]) -> String {
    wanted.iter().map(|line| format!("- {line}")).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_posting_of_what_did_not_come_up_has_just_that() {
        let posting = "We are a bank.\n- Experience with incident response\n- Ability to explain risk to non-specialists\n\
            - Kotlin, 5+ years\n- £50,000 a year";
        let wanted = interview::bank::wishes(posting, "engineer");
        assert_eq!(wanted.len(), 3, "{wanted:?}");
        assert_eq!(interview::bank::wishes(&posting_of(&wanted), "engineer"), wanted);
        assert_eq!(
            interview::bank::wishes(&posting_of(&wanted[..1]), "engineer"),
            wanted[..1],
            "one line alone"
        );
    }
}
