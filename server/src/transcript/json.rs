//! An interview as JSON, with everything.

use engine::{Comment, Export, Origin, OriginKind, SessionEvent};
use interview::{Message, Modality, Speaker, Status, skips_previous_question};
use serde::Serialize;

use super::Extent;
use crate::times::rfc3339;

/// The version of what the file holds.
const SCHEMA: u32 = 4;

/// Everything, in words of this file's own, so that it stays readable when the inside changes.
#[derive(Serialize)]
struct Whole<'a> {
    format: &'static str,
    /// Counts what the file holds: from 2 on it tells what the interview came from, from 3 on what was written in its margin
    /// and which answers have sound, from 4 on which questions were skipped and what was left out.
    schema: u32,
    /// True if the CV and contact details were left out.
    contacts_left_out: bool,
    id: String,
    version: u64,
    status: Status,
    created_at: String,
    ended_at: Option<String>,
    /// What it came from, if it is a take or a fork.
    origin: Option<WholeOrigin<'a>>,
    profile: &'a interview::Profile,
    plan: &'a interview::Plan,
    progress: interview::InterviewProgress,
    messages: Vec<WholeMessage<'a>>,
    events: Vec<WholeEvent<'a>>,
    notes: serde_json::Value,
    comments: Vec<WholeComment<'a>>,
}

#[derive(Serialize)]
struct WholeOrigin<'a> {
    kind: OriginKind,
    /// The id of the interview that it came from, which may be deleted by now.
    parent: String,
    /// The number of a message there: of a take, the question; of a fork, the last line shared.
    seq: u32,
    turn_id: &'a str,
    number: u32,
}

fn whole_origin(origin: &Origin) -> WholeOrigin<'_> {
    let Origin { kind, parent, seq, turn, number } = origin;
    WholeOrigin { kind: *kind, parent: parent.to_string(), seq: *seq, turn_id: &turn.0, number: *number }
}

#[derive(Serialize)]
struct WholeMessage<'a> {
    seq: u32,
    speaker: Speaker,
    stage: &'a str,
    modality: Modality,
    text: &'a str,
    created_at: String,
    turn_id: &'a str,
    source: Option<interview::LineSource>,
    why: Option<&'a interview::LineRationale>,
    cut: bool,
    /// True for a question that was skipped.
    skipped: bool,
    /// What was heard at first, where it was corrected.
    original: Option<&'a str>,
    /// The file with its sound in the zip, where that was kept.
    sound: Option<String>,
}

#[derive(Serialize)]
struct WholeComment<'a> {
    id: &'a str,
    /// The number of the message that it stands beside; 0: it is on the whole interview.
    line: u32,
    author: &'a str,
    text: &'a str,
    created_at: String,
}

fn whole_comment(comment: &Comment) -> WholeComment<'_> {
    let Comment { id, line, author, text, at } = comment;
    WholeComment { id, line: *line, author, text, created_at: rfc3339(*at) }
}

/// The questions that were skipped, by the numbers of their lines.
fn skipped(said: &[&Message]) -> Vec<u32> {
    let next = (0..said.len()).filter(|at| skips_previous_question(said, *at));
    next.filter_map(|at| said[..at].iter().rfind(|m| m.asks_anew())).map(|m| m.seq).collect()
}

/// Where the sound of an answer is in the zip.
pub(crate) fn sound_file(seq: u32) -> String {
    format!("sound/line-{seq:03}.ogg")
}

#[derive(Serialize)]
struct WholeEvent<'a> {
    at: String,
    kind: &'a str,
    data: &'a serde_json::Value,
}

fn whole_event(event: &SessionEvent) -> WholeEvent<'_> {
    WholeEvent { at: rfc3339(event.at), kind: &event.kind, data: &event.data }
}

/// The file.
pub(super) fn json(export: &Export, extent: Extent) -> String {
    let s = &export.snapshot;
    let said: Vec<&Message> = s.messages.iter().map(|(m, _)| m).collect();
    let skipped = skipped(&said);
    let messages = s
        .messages
        .iter()
        .map(|(m, _)| WholeMessage {
            seq: m.seq,
            speaker: m.speaker,
            stage: &m.stage,
            modality: m.modality,
            text: &m.text,
            created_at: rfc3339(m.at),
            turn_id: &m.turn.0,
            source: m.source,
            why: m.why.as_ref(),
            cut: m.cut,
            skipped: skipped.contains(&m.seq),
            original: m.original.as_deref(),
            sound: export.sounds.iter().any(|sound| sound.seq == m.seq).then(|| sound_file(m.seq)),
        })
        .collect();
    let whole = Whole {
        format: "interviewos/1",
        schema: SCHEMA,
        contacts_left_out: extent == Extent::WithoutContacts,
        id: s.id.to_string(),
        version: s.version,
        status: s.status,
        created_at: rfc3339(s.created_at),
        ended_at: s.ended_at.map(rfc3339),
        origin: s.origin.as_ref().map(whole_origin),
        profile: &s.profile,
        plan: &s.plan,
        progress: s.progress,
        messages,
        events: export.events.iter().map(whole_event).collect(),
        notes: extent.notes(&export.report),
        comments: export.comments.iter().map(whole_comment).collect(),
    };
    let mut text = serde_json::to_string_pretty(&whole).expect("an export is plain data");
    text.push('\n');
    text
}
