//! Two takes of one question, side by side.

use std::sync::Arc;

use interview::{Message, Speaker};
use report::{Comparison, compare, last_reply_seq};

use crate::inner::EngineInner;
use crate::look_back::LookBackMaterial;
use crate::{EngineError, Origin, OriginKind, SessionId, Snapshot, Summary};

/// A take beside another one of the same question.
#[derive(Debug, Clone)]
pub struct Compared {
    /// The interview of the later one, as it is stored now.
    pub snapshot: Arc<Snapshot>,
    /// What it came from.
    pub origin: Origin,
    /// The plan by which the question was asked at first, with the number of the question in its part from 1; `None` if
    /// that interview was deleted.
    pub scene: Option<(interview::Plan, usize)>,
    /// All takes of the question that are there, by number; the first is the answer in the interview itself.
    pub takes: Vec<(u32, SessionId)>,
    /// The question.
    pub question: String,
    /// The one that it stands beside; `None` if there is no other, or if it is not answered yet.
    pub beside: Option<(ComparedTake, ComparedTake, Comparison)>,
}

/// An answer to the question.
#[derive(Debug, Clone)]
pub struct ComparedTake {
    /// Which take it is.
    pub number: u32,
    /// The interview that it stands in.
    pub id: SessionId,
    /// The question's line, and what was said to it and to what followed it.
    pub messages: Vec<Message>,
}

impl EngineInner {
    /// A take beside the one of this number, else beside the one before it.
    pub(crate) async fn compare(&self, id: SessionId, with: Option<u32>) -> Result<Compared, EngineError> {
        let snapshot = self.load_snapshot(id).await?;
        let origin = snapshot.origin.clone().filter(|origin| origin.kind == OriginKind::Take);
        let origin = origin.ok_or(EngineError::NotFound)?;
        let parent = match self.load_snapshot(origin.parent).await {
            Err(EngineError::NotFound) => None,
            parent => Some(parent?),
        };
        let mut takes: Vec<(u32, SessionId)> = parent.iter().map(|parent| (1, parent.id)).collect();
        let number = |take: &Summary| take.origin.as_ref().map(|origin| (origin.number, take.id));
        takes.extend(self.siblings(&origin).await?.iter().filter_map(number));
        let others = || takes.iter().filter(|(number, _)| *number != origin.number);
        let chosen = others().find(|(number, _)| Some(*number) == with);
        let before = others().rfind(|(number, _)| *number < origin.number);
        let other = chosen.or(before).or(others().next()).copied();
        let line = snapshot.messages.first().map(|(line, _)| line);
        let question = line.map_or_else(String::new, |line| line.text.clone());
        let scene = parent.as_ref().map(|parent| (parent.plan.clone(), scene(parent, origin.seq)));
        let beside = match other {
            Some((number, of)) => {
                let there = self.material(self.load_snapshot(of).await?).await?;
                let here = self.material(Arc::clone(&snapshot)).await?;
                let seqs = (if number == 1 { origin.seq } else { 1 }, 1);
                let numbers = (number, origin.number);
                self.thinking(id, move || side_by_side((&there, &here), seqs, numbers)).await?
            }
            None => None,
        };
        Ok(Compared { snapshot, origin, scene, takes, question, beside })
    }

    /// The session as it is stored now, by its id.
    async fn load_snapshot(&self, id: SessionId) -> Result<Arc<Snapshot>, EngineError> {
        let loaded = self.store.load(id).await.map_err(|e| self.log_store_error("load", e))?;
        Ok(Arc::new(crate::live::LiveSession::read(loaded.ok_or(EngineError::NotFound)?)?.snapshot()))
    }
}

/// The how-manieth question of its part a line belongs to, from 1.
fn scene(parent: &Snapshot, seq: u32) -> usize {
    let messages: Vec<&Message> = parent.messages.iter().map(|(message, _)| message).collect();
    let stage = messages.iter().find(|m| m.seq == seq).map(|line| line.stage.as_str());
    let own =
        |m: &&&Message| m.seq <= seq && Some(m.stage.as_str()) == stage && report::is_standalone_question(m);
    messages.iter().filter(own).count().max(1)
}

fn side_by_side(
    (first, second): (&LookBackMaterial, &LookBackMaterial),
    (one, other): (u32, u32),
    numbers: (u32, u32),
) -> Option<(ComparedTake, ComparedTake, Comparison)> {
    // Like with like: with what followed where either was asked on.
    let alone = |of: &LookBackMaterial, seq: u32| {
        last_reply_seq(&of.messages, seq, true) == last_reply_seq(&of.messages, seq, false)
    };
    let followed = !alone(second, other) || numbers.0 != 1 && !alone(first, one);
    let of = |material: &LookBackMaterial, seq: u32| -> Vec<Message> {
        let last = last_reply_seq(&material.messages, seq, followed);
        material.messages.iter().filter(|m| (seq..=last).contains(&m.seq)).cloned().collect()
    };
    let (told, retold) = (of(first, one), of(second, other));
    let answers = |messages: &[Message]| messages.iter().any(|m| m.speaker == Speaker::Candidate);
    if !answers(&told) || !answers(&retold) {
        return None;
    }
    let comparison = compare(&first.of(&told), &second.of(&retold))?;
    let side = |material: &LookBackMaterial, number, messages| ComparedTake {
        number,
        id: material.snapshot.id,
        messages,
    };
    Some((side(first, numbers.0, told), side(second, numbers.1, retold), comparison))
}
