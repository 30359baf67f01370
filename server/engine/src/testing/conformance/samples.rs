//! Sessions and what is said in them, for the checks.

use std::sync::atomic::{AtomicU64, Ordering};

use interview::heard::Element;
use interview::moves::Move;
use interview::reading::{
    AnswerReading, HardEventOwner, Likely, Part, Probe, Role, SentenceReading, Situation, Tone, Who,
};
use interview::{
    LinePurpose, LineRationale, LineSource, Message, Modality, Speaker, Status, TurnId, UnixMillis,
    WriterFailure,
};
use uuid::Uuid;

use crate::testing::sample_session;
use crate::{InterviewSession, Owner, SessionCommit, SessionEvent, SessionId, TurnRecord};

/// An id that no other check has.
pub(super) fn new_id() -> SessionId {
    static MADE: AtomicU64 = AtomicU64::new(1);
    SessionId(Uuid::from_u64_pair(MADE.fetch_add(1, Ordering::Relaxed), 0))
}

pub(super) fn owner(name: &str) -> Owner {
    Owner(name.to_owned())
}

/// A new session of this owner, made at this time.
pub(super) fn session(owner: Option<Owner>, created_at: UnixMillis) -> InterviewSession {
    InterviewSession { owner, ..sample_session(new_id(), created_at) }
}

/// The same session as the next commit leaves it.
pub(super) fn next(session: &InterviewSession) -> InterviewSession {
    let mut next = session.clone();
    next.version += 1;
    next.status = Status::Active;
    next.summary.status = Status::Active;
    next.summary.updated_at += 1_000;
    next.deadline = Some(next.summary.updated_at + 90_000);
    next.state = format!(r#"{{"version":{}}}"#, next.version);
    next
}

pub(super) fn turn_id(n: u32) -> TurnId {
    TurnId(format!("turn-{n}"))
}

/// A reading with something in every field.
fn reading() -> AnswerReading {
    fn likely<T>(what: T) -> Vec<Likely<T>> {
        vec![Likely { what, likely: 700 }]
    }
    let sentence =
        SentenceReading { start: 0, end: 3, roles: likely(Role::Action), who: Who::I, tone: Tone::Neutral };
    AnswerReading {
        parts: likely(Part::Action),
        missing: likely(Part::Result),
        situations: likely(Situation::SaidNo),
        whose: Some(HardEventOwner::Own),
        probes: likely(Probe::Reasoning),
        handles: vec!["the ledger".to_owned()],
        open: 700,
        wants: vec![3, -128, 127],
        sentences: vec![sentence],
    }
}

/// A candidate's message for odd numbers, an interviewer's for even ones.
pub(super) fn message(seq: u32, text: &str) -> Message {
    let interviewer = seq.is_multiple_of(2);
    Message {
        seq,
        speaker: if interviewer { Speaker::Interviewer } else { Speaker::Candidate },
        stage: "self_introduction".to_owned(),
        modality: if interviewer { Modality::Text } else { Modality::Voice },
        text: text.to_owned(),
        at: 1_000 + i64::from(seq),
        turn: turn_id(seq.div_ceil(2)),
        source: interviewer.then_some(LineSource::Fallback),
        why: interviewer.then(|| LineRationale {
            purpose: LinePurpose::Probe,
            topic: Some("ownership".to_owned()),
            missing: Some(Element::Result),
            took_up: Some("the ledger".to_owned()),
            probe: Some(Probe::Result),
            made: Some(Move::Then),
            by_words: true,
            instead: Some(WriterFailure::Late),
        }),
        cut: false,
        reading: (!interviewer).then(|| Box::new(reading())),
        original: (!interviewer).then(|| "I moved the letter".to_owned()),
    }
}

pub(super) fn turn(n: u32, reply: Option<u32>) -> TurnRecord {
    let answer = reply.map(|seq| format!(r#"{{"seq":{seq}}}"#));
    TurnRecord { turn: turn_id(n), digest: format!("{n:064x}"), reply, answer }
}

pub(super) fn event(n: i64) -> SessionEvent {
    SessionEvent {
        at: n,
        kind: "entered".to_owned(),
        data: serde_json::json!({ "n": n, "deep": [null, 1.5] }),
    }
}

/// A commit of nothing but the main row.
pub(super) fn bare(session: &InterviewSession) -> SessionCommit {
    SessionCommit { session: session.clone(), messages: Vec::new(), turns: Vec::new(), events: Vec::new() }
}
