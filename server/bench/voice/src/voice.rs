//! The candidates' voices: that of the program at other pitches, or those of strangers; and noises made here.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use anyhow::{Context as _, Result, ensure};
use speech::audio::MonoRecording;
use strangers::asides;
use strangers::speaker::StrangerSynthesiser;
use strangers::voices::{ALL, StrangerVoice};

/// Samples a second of all that candidates say.
pub(crate) const RATE: u32 = 16_000;
/// How high the voices are, and how fast they speak, beside the interviewer's.
const PITCHES: [(f64, &str); 3] = [(0.85, "1.18"), (0.92, "1.09"), (1.12, "0.89")];
/// What is quieter is silence.
const SILENT: u16 = 250;

/// Who the candidates are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum CandidateVoiceSet {
    /// Our own voice at other pitches.
    Own,
    /// Voices that are not ours, men and women, slow and fast, who hum and cough each in their own way.
    Strangers,
}

/// What the candidates say, as sound; nothing is made twice.
pub(crate) enum CandidateVoices {
    Own(ProgramSynthesiser),
    Strangers(StrangerSynthesiser),
}

impl CandidateVoices {
    /// A text as sound, without the silence around it.
    pub(crate) fn say(&mut self, candidate: usize, text: &str) -> Result<Arc<[i16]>> {
        match self {
            Self::Own(own) => own.say(candidate, text),
            Self::Strangers(speaker) => speaker.say(stranger(candidate), text),
        }
    }

    /// The name of a candidate's voice.
    pub(crate) fn name(&self, candidate: usize) -> String {
        match self {
            Self::Own(_) => format!("ours, pitch {}", PITCHES[candidate % PITCHES.len()].0),
            Self::Strangers(_) => stranger(candidate).name.to_owned(),
        }
    }

    /// What a candidate says who only listens.
    pub(crate) fn mhm(&mut self, candidate: usize, number: usize) -> Result<Arc<[i16]>> {
        match self {
            Self::Own(own) => own.say(candidate, "mm hmm"),
            Self::Strangers(_) => {
                let hums = [asides::AsideSound::TwoHums, asides::AsideSound::Hum, asides::AsideSound::UhHuh];
                Ok(hums[number % hums.len()].sound(candidate as u64 * 100 + number as u64).into())
            }
        }
    }

    /// A cough of theirs.
    pub(crate) fn cough(&self, candidate: usize, number: usize) -> Arc<[i16]> {
        match self {
            Self::Own(_) => cough().into(),
            Self::Strangers(_) => {
                asides::AsideSound::Cough.sound(candidate as u64 * 100 + number as u64).into()
            }
        }
    }
}

/// The voice of a candidate who is a stranger.
fn stranger(candidate: usize) -> StrangerVoice {
    ALL[candidate % ALL.len()]
}

/// Speaks by the program that is measured.
pub(crate) struct ProgramSynthesiser {
    program: PathBuf,
    models: PathBuf,
    folder: PathBuf,
    said: HashMap<(usize, String), Arc<[i16]>>,
}

impl ProgramSynthesiser {
    /// `folder`: where files may be made.
    pub(crate) fn new(program: &Path, models: &Path, folder: &Path) -> Self {
        let (program, models, folder) = (program.to_owned(), models.to_owned(), folder.to_owned());
        Self { program, models, folder, said: HashMap::new() }
    }

    fn say(&mut self, voice: usize, text: &str) -> Result<Arc<[i16]>> {
        let wanted = (voice % PITCHES.len(), text.to_owned());
        if let Some(said) = self.said.get(&wanted) {
            return Ok(Arc::clone(said));
        }
        let said = self.make(wanted.0, text)?;
        Ok(Arc::clone(self.said.entry(wanted).or_insert(said)))
    }

    fn make(&self, voice: usize, text: &str) -> Result<Arc<[i16]>> {
        let file = self.folder.join(format!("{:x}.wav", fastrand::u64(..)));
        let (pitch, speed) = PITCHES[voice];
        let mut say = Command::new(&self.program);
        say.args(["say", text, "--speed", speed, "--out"]).arg(&file).arg("--models").arg(&self.models);
        let said = say.current_dir(&self.folder).output().context("the program cannot be started")?;
        ensure!(said.status.success(), "a text cannot be said: {}", String::from_utf8_lossy(&said.stderr));
        let sound = MonoRecording::read(std::fs::File::open(&file)?)?;
        // Played faster, a voice is higher.
        let rate = (f64::from(sound.rate) * pitch) as u32;
        let sound = MonoRecording { rate, ..sound }.at(RATE);
        std::fs::remove_file(&file)?;
        Ok(trimmed(&sound.pcm).into())
    }
}

fn trimmed(pcm: &[i16]) -> Vec<i16> {
    let loud = |sample: &i16| sample.unsigned_abs() >= SILENT;
    let from = pcm.iter().position(loud).unwrap_or(0);
    let to = pcm.iter().rposition(loud).map_or(0, |last| last + 1);
    pcm.get(from..to).unwrap_or_default().to_vec()
}

/// Silence.
pub(crate) fn quiet(ms: u32) -> Vec<i16> {
    vec![0; (RATE * ms / 1000) as usize]
}

/// A cough: two bursts of noise that die away.
fn cough() -> Vec<i16> {
    let mut noise = fastrand::Rng::with_seed(7);
    let mut burst = |ms: u32, loud: f32| -> Vec<i16> {
        let length = (RATE * ms / 1000) as usize;
        let mut before = 0.0;
        (0..length)
            .map(|at| {
                // A throat passes the lower part of it.
                before = 0.6 * before + 0.4 * (noise.f32() * 2.0 - 1.0);
                let fall = (-(at as f32) / (length as f32 / 3.0)).exp();
                (before * fall * loud) as i16
            })
            .collect()
    };
    [burst(160, 14_000.0), quiet(90), burst(220, 11_000.0)].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn silence_around_is_cut_off_and_a_cough_is_short() {
        assert_eq!(trimmed(&[0, 10, 400, 0, -400, 3]), [400, 0, -400]);
        assert_eq!(trimmed(&[0, 3]), [0_i16; 0]);
        let cough = cough();
        assert!(cough.len() < RATE as usize && cough.iter().any(|sample| *sample > 3000));
    }
}
