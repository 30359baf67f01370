//! `interviewos read`: what the interviewer understands of answers, to look at.

use std::io::BufRead as _;
use std::process::ExitCode;

use interview::reading::{AnswerReading, Likely};
use models::{ModelFolder, ModelSet};
use reading::{AnswerInContext, MiniLmReader};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Failure, say, settings};
use crate::settings::SettingsFlags;
use crate::speech::models_folder;

/// One line of the input.
#[derive(Debug, Deserialize)]
struct AnswerInputLine {
    #[serde(default)]
    id: Value,
    #[serde(default)]
    stage: String,
    #[serde(default)]
    question: String,
    answer: String,
}

/// Reads JSON Lines from the standard input and prints what is understood of each answer, one JSON object a line.
pub(super) fn run(flags: &SettingsFlags) -> Result<ExitCode, Failure> {
    let settings = settings(flags)?;
    let folder =
        ModelFolder::open(models_folder(&settings), ModelSet::Reading)?.computed(settings.arithmetic.into());
    let mut reader = MiniLmReader::load(&folder)?;
    for (at, line) in std::io::stdin().lock().lines().enumerate() {
        let line = line?;
        if line.trim().is_empty() {
            continue;
        }
        let wrong = |error: serde_json::Error| Failure::Line { number: at + 1, what: error.to_string() };
        let line: AnswerInputLine = serde_json::from_str(&line).map_err(wrong)?;
        let asked = AnswerInContext {
            question: &line.question,
            answer: &line.answer,
            introduction: line.stage == "self_introduction",
        };
        say(&format!("{}\n", object(&line, &reader.read(asked)?)))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// In the words of the labels (`server/reading/data/answers/SCHEMA.md`).
fn object(line: &AnswerInputLine, reading: &AnswerReading) -> Value {
    fn names<T: Copy>(all: &[Likely<T>], name: impl Fn(T) -> &'static str) -> Vec<&'static str> {
        all.iter().map(|one| name(one.what)).collect()
    }
    let present: Vec<&str> =
        reading.parts.iter().filter(|part| reading.has(part.what)).map(|part| part.what.key()).collect();
    let sentences: Vec<Value> = reading
        .sentences
        .iter()
        .map(|sentence| {
            json!({
                "text": line.answer.get(sentence.start as usize..sentence.end as usize),
                "labels": names(&sentence.roles, |role| role.key()),
                "who": sentence.who.key(),
                "tone": sentence.tone.key(),
            })
        })
        .collect();
    json!({
        "id": line.id,
        "present": present,
        "missing": names(&reading.missing, |part| part.key()),
        "situations": names(&reading.situations, |situation| situation.key()),
        "probes": names(&reading.probes, |probe| probe.key()),
        "handles": reading.handles,
        "sentences": sentences,
    })
}
