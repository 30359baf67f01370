//! What candidates say: the labelled answers that the reading of answers is trained on, and short ones.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use serde::Deserialize;

/// A question and the answer to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScriptedAnswer {
    /// Names it.
    pub id: String,
    /// What was asked.
    pub question: String,
    /// The answer, sentence by sentence; never none.
    pub sentences: Vec<String>,
}

impl ScriptedAnswer {
    /// How many words it has.
    #[must_use]
    pub fn words(&self) -> usize {
        self.sentences.iter().map(|sentence| sentence.split_whitespace().count()).sum()
    }
}

#[derive(Deserialize)]
struct LabelledAnswerRow {
    id: String,
    question: String,
    sentences: Vec<LabelledAnswerSentence>,
}

#[derive(Deserialize)]
struct LabelledAnswerSentence {
    text: String,
}

/// The folder of the labelled answers.
#[must_use]
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../reading/data/answers")
}

/// All of them in the order of their files, then the short ones.
///
/// # Errors
/// A file cannot be read, or a line of it is no answer.
pub fn all() -> Result<Vec<ScriptedAnswer>> {
    let folder = folder();
    let mut files: Vec<PathBuf> = std::fs::read_dir(&folder)
        .with_context(|| folder.display().to_string())?
        .map(|entry| Ok(entry?.path()))
        .collect::<Result<_>>()?;
    files.retain(|file| file.extension().is_some_and(|end| end == "jsonl"));
    // These are some of the others once more.
    files.retain(|file| file.file_stem().is_none_or(|name| name != "second"));
    files.sort();
    let mut answers = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(&file).with_context(|| file.display().to_string())?;
        for line in text.lines().filter(|line| !line.trim().is_empty()) {
            let LabelledAnswerRow { id, question, sentences } =
                serde_json::from_str(line).with_context(|| file.display().to_string())?;
            let sentences = sentences.into_iter().map(|sentence| sentence.text.trim().to_owned());
            let sentences: Vec<String> = sentences.filter(|text| speakable(text)).collect();
            if !sentences.is_empty() {
                answers.push(ScriptedAnswer { id, question, sentences });
            }
        }
    }
    answers.extend(short());
    Ok(answers)
}

/// The short ones.
fn short() -> impl Iterator<Item = ScriptedAnswer> {
    let lines = include_str!("../data/short.txt").lines().filter(|line| !line.starts_with('#'));
    lines.filter_map(|line| line.split_once('\t')).zip(1..).map(|((question, answer), number)| {
        ScriptedAnswer {
            id: format!("short-{number:03}"),
            question: question.to_owned(),
            sentences: answer.split_inclusive(". ").map(|sentence| sentence.trim().to_owned()).collect(),
        }
    })
}

/// Whether it has something that can be said.
fn speakable(text: &str) -> bool {
    text.chars().any(char::is_alphabetic)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_many_and_each_has_something_to_say() {
        let answers = all().unwrap();
        assert!(answers.len() > 1000, "{}", answers.len());
        assert!(answers.iter().all(|answer| answer.words() > 0 && !answer.question.is_empty()));
        let short: Vec<_> = answers.iter().filter(|answer| answer.id.starts_with("short")).collect();
        assert!(
            short.len() >= 20 && short.iter().any(|answer| answer.sentences.len() == 2),
            "{}",
            short.len()
        );
    }
}
