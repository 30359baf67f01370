//! What is heard: readings, answers said by two voices, and noise.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Context as _, Result, ensure};
use models::{File, ModelFolder};
use speech::audio::{MonoRecording, at_rate};
use speech::ports::{HEARING_RATE, Tts as _};
use speech::speak::LocalVoice;
use tokio::process::Command;

use crate::corpus::{BECKETT, CorpusAnswer, TWO_CITIES};
use crate::kit::{reading, say};
use crate::noise::{PinkNoise, clamped, noisy};

const SECOND: usize = HEARING_RATE as usize;

/// Something that somebody says.
#[derive(Debug, Clone)]
pub(crate) struct HearingCase {
    pub(crate) said: String,
    pub(crate) terms: Vec<String>,
    /// At [`HEARING_RATE`].
    pub(crate) pcm: Arc<[i16]>,
}

/// Several of a kind.
#[derive(Debug, Clone)]
pub(crate) struct HearingSet {
    pub(crate) name: &'static str,
    pub(crate) cases: Vec<HearingCase>,
}

/// The recordings that come with the models.
pub(crate) fn readings(models: &ModelFolder) -> Result<HearingSet> {
    let case = |file, said: &str| -> Result<HearingCase> {
        let pcm = between_silences(&reading(models, file)?);
        Ok(HearingCase { said: said.to_owned(), terms: Vec::new(), pcm: pcm.into() })
    };
    let cases = vec![case(File::ReadingBeckett, BECKETT)?, case(File::ReadingTwoCities, TWO_CITIES)?];
    Ok(HearingSet { name: "the two readings", cases })
}

/// Answers as our own voice says them.
pub(crate) async fn own_voice(answers: &[CorpusAnswer], voice: &LocalVoice) -> Result<HearingSet> {
    let mut cases = Vec::new();
    for answer in answers {
        let mut said = Vec::new();
        for sentence in &answer.sentences {
            said.push(at_rate(&say(voice, sentence).await?, voice.rate(), HEARING_RATE));
        }
        cases.push(case(answer, &said));
    }
    Ok(HearingSet { name: "answers, our own voice", cases })
}

/// Answers as espeak-ng says them.
pub(crate) async fn espeak(answers: &[CorpusAnswer], program: &Path, folder: &Path) -> Result<HearingSet> {
    let file = folder.join("espeak.wav");
    let mut cases = Vec::new();
    for answer in answers {
        let mut said = Vec::new();
        for sentence in &answer.sentences {
            let status = Command::new(program)
                .args(["-v", "en-us", "-s", "160", "-w"])
                .arg(&file)
                .arg(sentence)
                .kill_on_drop(true)
                .status()
                .await
                .with_context(|| format!("{} cannot be run", program.display()))?;
            ensure!(status.success(), "{} failed", program.display());
            said.push(MonoRecording::read(std::fs::File::open(&file)?)?.at(HEARING_RATE).pcm);
        }
        cases.push(case(answer, &said));
    }
    Ok(HearingSet { name: "answers, espeak-ng", cases })
}

fn case(answer: &CorpusAnswer, said: &[Vec<i16>]) -> HearingCase {
    let mut pcm = Vec::new();
    for sentence in said {
        pcm.extend(sentence);
        // Who speaks freely stops longer between sentences than who reads.
        pcm.resize(pcm.len() + SECOND / 2, 0);
    }
    HearingCase { said: answer.text(), terms: answer.terms.clone(), pcm: between_silences(&pcm).into() }
}

/// As long as it takes to be sure that speech has begun and ended; with a breath of noise, as rooms have.
fn between_silences(pcm: &[i16]) -> Vec<i16> {
    let mut all = vec![0; SECOND / 2];
    all.extend(pcm);
    all.resize(all.len() + SECOND * 3 / 2, 0);
    let breath = PinkNoise::new(all.len() as u64).samples(all.len(), 8.0);
    all.iter().zip(breath).map(|(sample, noise)| clamped(f64::from(*sample) + noise)).collect()
}

/// The same with noise under it.
pub(crate) fn with_noise(set: &HearingSet, decibels: f64, name: &'static str) -> HearingSet {
    let cases = set
        .cases
        .iter()
        .zip(1..)
        .map(|(case, seed)| HearingCase { pcm: noisy(&case.pcm, decibels, seed).into(), ..case.clone() });
    HearingSet { name, cases: cases.collect() }
}

/// Noise in which nobody says anything, as loud as quiet speech.
pub(crate) fn noise(seconds: usize) -> HearingSet {
    let pcm = PinkNoise::new(9).samples(seconds * SECOND, 400.0).into_iter().map(clamped).collect();
    HearingSet {
        name: "noise alone",
        cases: vec![HearingCase { said: String::new(), terms: Vec::new(), pcm }],
    }
}

/// Answers one after the other, for so many seconds.
pub(crate) fn long(set: &HearingSet, from: usize, seconds: usize) -> Arc<[i16]> {
    let mut pcm: Vec<i16> = Vec::new();
    for case in set.cases.iter().cycle().skip(from) {
        if pcm.len() >= seconds * SECOND {
            break;
        }
        pcm.extend(case.pcm.iter());
    }
    pcm.truncate(seconds * SECOND);
    pcm.resize(pcm.len() + SECOND * 3 / 2, 0);
    pcm.into()
}
