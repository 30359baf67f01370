//! The labelled answers (`server/reading/data/answers`; SCHEMA.md there says what they hold).

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use interview::reading::{Ask, Part, Probe as Kind, Role, Situation, Tone, Who};
use serde::Deserialize;
use sha2::{Digest as _, Sha256};

/// A labelled answer.
#[derive(Debug, Clone, Deserialize)]
pub struct TrainingAnswer {
    /// Names it.
    pub id: String,
    /// The story that it is a part of, where several answers tell one.
    #[serde(default)]
    pub story: Option<String>,
    /// Who gave it.
    pub profession: String,
    /// `self_introduction` or `past_experience`.
    pub stage: String,
    /// What was asked.
    pub question: String,
    /// What was answered.
    pub answer: String,
    /// Its sentences.
    pub sentences: Vec<TrainingSentence>,
    /// What is there.
    pub present: Vec<Part>,
    /// What is still wanted, the most important first.
    pub missing: Vec<Part>,
    /// What is to be noticed, the most telling first.
    pub situations: Vec<Situation>,
    /// What a skilled interviewer would ask next, the best first.
    pub probes: Vec<Probe>,
    /// Noun phrases to refer to it by.
    #[serde(default)]
    pub handles: Vec<String>,
    /// Whose the hard event is: `own`, `other` or `minor`.
    #[serde(default)]
    pub hard: Option<String>,
    /// Who said no: `I` or `other`.
    #[serde(default)]
    pub no_by: Option<String>,
    /// Who bent the rule: `I` or `other`.
    #[serde(default)]
    pub bent_by: Option<String>,
}

/// A labelled sentence.
#[derive(Debug, Clone, Deserialize)]
pub struct TrainingSentence {
    /// Its words.
    pub text: String,
    /// What it does.
    pub labels: Vec<Role>,
    /// Who acts.
    pub who: Who,
    /// How it goes.
    pub tone: Tone,
}

/// A good next question.
#[derive(Debug, Clone, Deserialize)]
pub struct Probe {
    /// Its kind.
    #[serde(rename = "type")]
    pub kind: Kind,
    /// Its words.
    pub line: String,
}

impl TrainingAnswer {
    /// Whether it belongs to an introduction.
    pub fn introduction(&self) -> bool {
        self.stage == "self_introduction"
    }

    /// The sorts of good next questions, the best first.
    pub fn asks(&self) -> Vec<Ask> {
        self.probes.iter().map(|probe| probe.kind.ask()).collect()
    }
}

/// All answers of a folder, and the digest of their files.
pub struct Data {
    /// The answers, by file and line.
    pub answers: Vec<TrainingAnswer>,
    /// Labelled once more by somebody else, with the same ids.
    pub second: Vec<TrainingAnswer>,
    /// SHA-256 of the files in order.
    pub digest: [u8; 32],
}

/// Where the data are in this repository.
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../data/answers")
}

/// Where the labelled questions are.
pub fn questions_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../data/questions")
}

/// Reads a folder of JSON Lines.
///
/// # Errors
/// Which line cannot be read, and why.
pub fn read(folder: &Path) -> Result<Data> {
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<std::io::Result<_>>()?;
    files.retain(|path| path.extension().is_some_and(|end| end == "jsonl"));
    files.sort();
    let (mut answers, mut second, mut digest) = (Vec::new(), Vec::new(), Sha256::new());
    for path in files {
        let text = std::fs::read_to_string(&path)?;
        digest.update(&text);
        let into =
            if path.file_stem().is_some_and(|stem| stem == "second") { &mut second } else { &mut answers };
        for (at, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
            let place = || format!("{}:{}", path.display(), at + 1);
            into.push(serde_json::from_str(line).with_context(place)?);
        }
    }
    Ok(Data { answers, second, digest: digest.finalize().into() })
}
