//! Words that no dictionary has, read by their spelling: a small network of Hibari's.

use std::collections::BTreeMap;

use ort::session::Session;
use ort::value::TensorRef;
use serde::Deserialize;

use crate::SpeechError;
use models::{File, ModelFolder};

/// The letters and sounds of the network, as its file has them.
#[derive(Deserialize)]
struct Letters {
    #[serde(rename = "in")]
    letters: Vec<char>,
    #[serde(rename = "out")]
    sounds: Vec<char>,
    maxlen: usize,
}

/// The network: 3 MB.
pub(super) struct Spelling {
    session: Session,
    letters: BTreeMap<char, i64>,
    sounds: Vec<char>,
    longest: usize,
}

impl Spelling {
    pub(super) fn open(folder: &ModelFolder) -> Result<Self, SpeechError> {
        let path = folder.path(File::HibariLetters);
        let broken = |error: &dyn std::fmt::Display| {
            SpeechError::Missing(format!("{} cannot be read: {error}", path.display()))
        };
        let text = std::fs::read_to_string(&path).map_err(|error| broken(&error))?;
        let file: Letters = serde_json::from_str(&text).map_err(|error| broken(&error))?;
        let session = models::runtime::session(folder, File::HibariSpelling)?;
        let letters = file.letters.into_iter().zip(1..).collect();
        Ok(Self { session, letters, sounds: file.sounds, longest: file.maxlen })
    }

    /// How a word sounds; blank if none of its letters is known.
    pub(super) fn sounds(&mut self, word: &str) -> Result<String, SpeechError> {
        let failed = |error: ort::Error| SpeechError::Failed(format!("the speller: {error}"));
        let letters: Vec<i64> =
            word.chars().filter_map(|letter| self.letters.get(&letter).copied()).take(self.longest).collect();
        if letters.is_empty() {
            return Ok(String::new());
        }
        let tensor = TensorRef::from_array_view(([1, letters.len()], &letters[..])).map_err(failed)?;
        let outputs = self.session.run(ort::inputs![tensor]).map_err(failed)?;
        let (_, steps) = outputs[0].try_extract_tensor::<i64>().map_err(failed)?;
        // One sound or nothing (0) a step; the same twice on end is one.
        let mut sounds = String::new();
        let mut last = 0;
        for step in steps {
            if *step != last {
                let sound = usize::try_from(*step - 1).ok().and_then(|at| self.sounds.get(at));
                sounds.extend(sound);
            }
            last = *step;
        }
        Ok(sounds)
    }
}
