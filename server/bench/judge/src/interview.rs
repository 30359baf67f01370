//! One whole interview: the rules, the model that reads answers, the bank's lines.

use ::interview::listen::sentences;
use ::interview::reading::{AnswerReading, Probe};
use ::interview::{
    Event, LinePurpose, Modality, Plan, Session, Speaker, TurnId, WriterFailure, WriterTimeouts,
};
use anyhow::{Context as _, Result};
use reading::{AnswerInContext, MiniLmReader};

use crate::candidate::{CandidateProgress, InventedCandidate};

/// A line of the interviewer.
#[derive(Debug, Clone)]
pub struct LineToGrade {
    /// Its number among those that are graded.
    pub number: usize,
    /// The words.
    pub text: String,
    /// What it is for.
    pub purpose: LinePurpose,
    /// What kind of question it is, if it follows what was told.
    pub probe: Option<Probe>,
    /// The answer before it; empty at the opening.
    pub answer: String,
    /// How that was read.
    pub reading: AnswerReading,
    /// The answer after it.
    pub answer_after: Option<String>,
    /// Whether it follows an answer and asks something.
    pub graded: bool,
}

/// An answer comes so long after a line, in milliseconds.
const PACE: i64 = 40_000;
/// No interview has more lines than this.
const MOST: usize = 80;

/// Holds the whole interview.
///
/// # Errors
/// Those of the model, and of a candidate's file.
pub fn hold(candidate: &InventedCandidate, seed: u64, reader: &mut MiniLmReader) -> Result<Vec<LineToGrade>> {
    let mut now = 1_700_000_000_000;
    let plan = Plan::named("standard").context("the standard plan is there")?;
    let mut session =
        Session::new(plan, candidate.profile()?, WriterTimeouts::default(), seed, Vec::new(), now);
    session.step(Event::Start { turn: TurnId("start".into()), modality: Modality::Text }, now);
    let (mut lines, mut memory) = (Vec::<LineToGrade>::new(), CandidateProgress::default());
    let (mut answer, mut reading) = (String::new(), AnswerReading::default());
    while lines.len() < MOST {
        // The built-in interviewer stands in at once.
        if let Some(ask) = session.pending() {
            let failed = Event::WriterFailed { ask, failure: WriterFailure::Failed, shown: String::new() };
            session.step(failed, now);
        }
        let last = session.transcript().last().filter(|last| last.speaker == Speaker::Interviewer);
        let last = last.context("the interviewer spoke last")?.clone();
        let why = last.why.context("a line says why")?;
        let graded = !answer.is_empty() && why.purpose != LinePurpose::Closing;
        let number = lines.iter().filter(|line| line.graded).count() + usize::from(graded);
        let line = LineToGrade {
            number,
            text: last.text.clone(),
            purpose: why.purpose,
            probe: why.probe,
            answer: std::mem::take(&mut answer),
            reading: std::mem::take(&mut reading),
            answer_after: None,
            graded,
        };
        lines.push(line);
        if session.status().is_completed() {
            break;
        }
        now += PACE;
        let said = candidate.answer(&last.text, &why, &last.stage, &mut memory);
        let (question, whole, introduction) = session.to_read(&said);
        reading = reader.read(AnswerInContext { question: &question, answer: &whole, introduction })?;
        let turn = TurnId(format!("t{}", lines.len()));
        let event = Event::Said {
            turn,
            text: said.clone(),
            modality: Modality::Text,
            reading: Some(Box::new(reading.clone())),
        };
        session.step(event, now);
        if let Some(line) = lines.last_mut() {
            line.answer_after = Some(said.clone());
        }
        answer = said;
    }
    Ok(lines)
}

/// What a line asks: its last sentence.
pub fn question(line: &str) -> &str {
    sentences(line).last().map_or(line, |at| &line[at.start..])
}
