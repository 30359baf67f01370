//! Texts as sound, made by programs of other people and kept in a folder.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;

use anyhow::{Context as _, Result, ensure};
use speech::audio::MonoRecording;

use crate::RATE;
use crate::voices::{StrangerEngine, StrangerVoice};

/// What is quieter is silence, as a share of the loudest sample.
const SILENT: f32 = 0.012;
/// The loudest sample of all that is said.
const LOUDEST: f32 = 11_000.0;
/// Piper, for all texts that are wanted at once: it loads its model once.
const PIPER: &str = include_str!("../python/say.py");

/// Speaks with any voice; nothing twice.
#[derive(Debug)]
pub struct StrangerSynthesiser {
    folder: PathBuf,
    /// A Python with Piper and its voice.
    python: Option<PathBuf>,
    said: HashMap<PathBuf, Arc<[i16]>>,
}

impl StrangerSynthesiser {
    /// `folder`: where sound is kept; it is made. `python`: one that has Piper, without which its voices cannot speak.
    ///
    /// # Errors
    /// The folder cannot be made.
    pub fn new(folder: &Path, python: Option<&Path>) -> Result<Self> {
        std::fs::create_dir_all(folder).with_context(|| format!("{} cannot be made", folder.display()))?;
        Ok(Self { folder: folder.to_owned(), python: python.map(Path::to_owned), said: HashMap::new() })
    }

    /// Whether this voice can speak here.
    #[must_use]
    pub fn can(&self, voice: StrangerVoice) -> bool {
        match voice.engine {
            StrangerEngine::Espeak(..) | StrangerEngine::Flite(..) => true,
            StrangerEngine::Piper(..) => self.python.is_some(),
        }
    }

    fn file(&self, voice: StrangerVoice, text: &str) -> PathBuf {
        let mut name = DefaultHasher::new();
        (format!("{:?}", voice.engine), text).hash(&mut name);
        self.folder.join(format!("{:016x}.wav", name.finish()))
    }

    /// Makes all of these that are not there yet: quicker than one after the other.
    ///
    /// # Errors
    /// Piper cannot be started, or does not say them.
    pub fn prepare<'a>(&self, texts: impl Iterator<Item = (StrangerVoice, &'a str)>) -> Result<()> {
        let mut wanted = String::new();
        for (voice, text) in texts {
            let file = self.file(voice, text);
            if let StrangerEngine::Piper(longer, _) = voice.engine
                && !file.exists()
            {
                let line = serde_json::json!({ "text": text, "file": file, "longer": longer });
                wanted.push_str(&format!("{line}\n"));
            }
        }
        if wanted.is_empty() {
            return Ok(());
        }
        let python = self.python.as_ref().context("Piper needs a Python that has it: --piper PYTHON")?;
        let mut piper = Command::new(python)
            .args(["-c", PIPER])
            .stdin(Stdio::piped())
            .spawn()
            .with_context(|| format!("{} cannot be started", python.display()))?;
        piper.stdin.take().context("a pipe")?.write_all(wanted.as_bytes())?;
        ensure!(piper.wait()?.success(), "Piper failed");
        Ok(())
    }

    /// A text as sound at [`RATE`], without the silence around it, as loud as any other.
    ///
    /// # Errors
    /// The voice's program is not there, or fails.
    pub fn say(&mut self, voice: StrangerVoice, text: &str) -> Result<Arc<[i16]>> {
        let file = self.file(voice, text);
        if let Some(said) = self.said.get(&file) {
            return Ok(Arc::clone(said));
        }
        if !file.exists() {
            self.make(voice, text, &file)?;
        }
        let sound = MonoRecording::read(std::fs::File::open(&file)?)?;
        let higher = match voice.engine {
            StrangerEngine::Espeak(..) | StrangerEngine::Flite(..) => 1.0,
            StrangerEngine::Piper(_, higher) => higher,
        };
        let rate = (sound.rate as f32 * higher).round() as u32;
        let pcm = MonoRecording { rate, ..sound }.at(RATE).pcm;
        let said: Arc<[i16]> = leveled(trimmed(&pcm)).into();
        ensure!(!said.is_empty(), "{} says nothing of {text:?}", voice.name);
        Ok(Arc::clone(self.said.entry(file).or_insert(said)))
    }

    fn make(&self, voice: StrangerVoice, text: &str, file: &Path) -> Result<()> {
        // What breaks off leaves no half a file.
        let part = file.with_extension("part.wav");
        let mut say = match voice.engine {
            StrangerEngine::Piper(..) => return self.prepare([(voice, text)].into_iter()),
            StrangerEngine::Espeak(name, words) => {
                let mut say = Command::new("espeak-ng");
                say.args(["-v", name, "-s", &words.to_string(), "-w"]).arg(&part).arg("--").arg(text);
                say
            }
            StrangerEngine::Flite(name, longer) => {
                let mut say = Command::new("flite");
                say.args(["-voice", name, "--setf", &format!("duration_stretch={longer}"), "-t", text, "-o"]);
                say.arg(&part);
                say
            }
        };
        let said = say.output().with_context(|| format!("{} cannot be started", voice.name))?;
        ensure!(said.status.success(), "{}: {}", voice.name, String::from_utf8_lossy(&said.stderr));
        std::fs::rename(&part, file)?;
        Ok(())
    }
}

fn loudest(pcm: &[i16]) -> f32 {
    pcm.iter().map(|sample| f32::from(sample.unsigned_abs())).fold(0.0, f32::max)
}

/// Without the silence before and behind.
fn trimmed(pcm: &[i16]) -> &[i16] {
    let least = loudest(pcm) * SILENT;
    let loud = |sample: &i16| f32::from(sample.unsigned_abs()) > least;
    let from = pcm.iter().position(loud).unwrap_or(0);
    let to = pcm.iter().rposition(loud).map_or(0, |last| last + 1);
    pcm.get(from..to).unwrap_or_default()
}

fn leveled(pcm: &[i16]) -> Vec<i16> {
    let factor = LOUDEST / loudest(pcm).max(1.0);
    pcm.iter().map(|sample| (f32::from(*sample) * factor) as i16).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn silence_around_is_cut_off_and_all_are_as_loud() {
        assert_eq!(trimmed(&[0, 1, 400, 0, -400, 3]), [400, 0, -400]);
        assert_eq!(trimmed(&[0, 0]), [0_i16; 0]);
        assert_eq!(leveled(&[100, -50]), [11_000, -5_500]);
    }
}
