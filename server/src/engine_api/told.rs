//! Sessions and what is in them, as the engine API tells of them.

use engine::{Origin, OriginKind, Snapshot};
use interview::{LineSource, Message, Modality, Speaker, Status};
use protocol::engine_api::session::{ApiMessage, ApiOrigin, ApiOriginKind, ApiSession, ApiSpeaker};
use protocol::engine_api::turn::{ApiModality, ApiSource, ApiStatus};

use crate::times::rfc3339;

/// How a caller says that something is said.
pub(super) fn modality(told: ApiModality) -> Modality {
    match told {
        ApiModality::Text => Modality::Text,
        ApiModality::Voice => Modality::Voice,
    }
}

/// Where a session stands.
pub(super) fn status(status: Status) -> ApiStatus {
    match status {
        Status::Ready | Status::Active => ApiStatus::Active,
        Status::Paused => ApiStatus::Paused,
        Status::Completed(_) => ApiStatus::Completed,
    }
}

/// Whose words the interviewer's are.
pub(super) fn source(source: LineSource) -> ApiSource {
    match source {
        LineSource::Bank => ApiSource::Bank,
        LineSource::Model => ApiSource::Model,
        LineSource::Fallback => ApiSource::Fallback,
    }
}

/// A session with all its messages.
pub(super) fn session(s: &Snapshot) -> ApiSession {
    ApiSession {
        session_id: s.id.to_string(),
        version: s.version,
        status: status(s.status),
        stage: s.plan.stages.get(s.progress.stage).map(|stage| stage.id.clone()).unwrap_or_default(),
        plan: s.plan.id.clone(),
        candidate_name: s.profile.name.clone(),
        role: s.profile.role.clone(),
        seniority: s.profile.seniority.key().to_owned(),
        created_at: rfc3339(s.created_at),
        ended_at: s.ended_at.map(rfc3339),
        opened: s.status != Status::Ready,
        origin: s.origin.as_ref().map(origin),
        replying_to: s.replying_to.as_ref().map(|turn| turn.0.clone()),
        messages: s.messages.iter().map(|(m, _)| message(m)).collect(),
    }
}

fn origin(origin: &Origin) -> ApiOrigin {
    ApiOrigin {
        kind: match origin.kind {
            OriginKind::Take => ApiOriginKind::Take,
            OriginKind::Fork => ApiOriginKind::Fork,
        },
        parent: origin.parent.to_string(),
        seq: origin.seq,
        turn_id: origin.turn.0.clone(),
        number: origin.number,
    }
}

fn message(m: &Message) -> ApiMessage {
    ApiMessage {
        seq: m.seq,
        speaker: match m.speaker {
            Speaker::Interviewer => ApiSpeaker::Interviewer,
            Speaker::Candidate => ApiSpeaker::Candidate,
        },
        stage: m.stage.clone(),
        modality: match m.modality {
            Modality::Text => ApiModality::Text,
            Modality::Voice => ApiModality::Voice,
        },
        text: m.text.clone(),
        original: m.original.clone(),
        created_at: rfc3339(m.at),
        turn_id: m.turn.0.clone(),
        source: m.source.map(source),
    }
}
