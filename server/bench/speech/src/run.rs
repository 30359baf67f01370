//! The run: one thing after the other, so that nothing is measured beside something else of ours.

use std::path::Path;
use std::sync::Arc;

use anyhow::Result;
use futures::{StreamExt as _, TryStreamExt as _, stream};

use crate::corpus::{answers, sentences};
use crate::kit::Kit;
use crate::listen::listen;
use crate::machine::{self, MachineSnapshot};
use crate::plan::{SpeechBenchPlan, SpeechWorkload};
use crate::python::{Cost, Python, write};
use crate::report::{SpeechBenchReport, SpeechMeasurements};
use crate::samples::LatencySamples;
use crate::sets::{self, HearingSet};
use crate::words::{Errors, terms_in};
use crate::{loaded, speaking, turns};

/// A set as one side heard it.
#[derive(Debug, Clone, Default)]
pub(crate) struct RecognitionScores {
    pub(crate) errors: Errors,
    /// Terms that are right, before and after mending; and all of them.
    pub(crate) terms: [usize; 3],
    pub(crate) cost: Cost,
    /// Between interims.
    pub(crate) gaps: LatencySamples,
    /// Where words went wrong: said, heard.
    pub(crate) wrong: Vec<(String, String)>,
}

impl RecognitionScores {
    fn add(&mut self, case: &sets::HearingCase, before: &str, after: &str) {
        let errors = Errors::between(&case.said, after);
        self.errors += errors;
        self.terms[0] += terms_in(&case.terms, before);
        self.terms[1] += terms_in(&case.terms, after);
        self.terms[2] += case.terms.len();
        if errors.wrong > 0 {
            self.wrong.push((case.said.clone(), after.trim().to_owned()));
        }
    }
}

/// Sentences that went from text to speech and back.
#[derive(Debug, Clone, Default)]
pub(crate) struct RoundTrip {
    pub(crate) errors: Errors,
    pub(crate) speaking: Cost,
    pub(crate) reading: Cost,
    pub(crate) wrong: Vec<(String, String)>,
}

impl RoundTrip {
    fn new(said: &[String], heard: &[String], speaking: Cost, reading: Cost) -> Self {
        let mut trip = Self { speaking, reading, ..Self::default() };
        for (said, heard) in said.iter().zip(heard) {
            let errors = Errors::between(said, heard);
            trip.errors += errors;
            if errors.wrong > 0 {
                trip.wrong.push((said.clone(), heard.clone()));
            }
        }
        trip
    }
}

/// Measures all of it; `program` is this one, which can tell what memory it takes, and `say` is told what is going on.
pub async fn run(plan: &SpeechBenchPlan, program: &Path, say: impl Fn(&str)) -> Result<SpeechBenchReport> {
    let SpeechBenchPlan { models, python, espeak, amounts } = plan;
    let folder = tempfile::tempdir()?;
    let python = python.as_ref().map(|python| Python::new(python, folder.path())).transpose()?;
    let before = MachineSnapshot::look()?;

    say("memory");
    let mut told = SpeechMeasurements::default();
    for threads in [1, 2] {
        told.memory.push(loaded::measure(program, models, threads).await?);
    }
    let threads = std::thread::available_parallelism()?.get();
    let kit = Arc::new(Kit::open(models, threads)?);
    kit.warm_ears(models).await?;
    kit.warm_voice().await?;

    let sentences: Vec<String> = sentences().into_iter().take(amounts.sentences).map(str::to_owned).collect();
    let lines = speaking::lines(&sentences);
    for (sessions, rounds) in SpeechWorkload::SESSIONS.into_iter().zip(amounts.rounds) {
        say(&format!("first audio, {sessions} at once"));
        let lines: Vec<String> = lines.iter().cycle().take(sessions * rounds).cloned().collect();
        let ours = speaking::first_audio(&kit, sessions, &lines).await?;
        let theirs = match &python {
            Some(python) => Some(python.rounds(sessions, &lines).await?),
            None => None,
        };
        told.first_audio.push((sessions, ours, theirs));
    }

    say("text to speech and back");
    let (said, spoken) = speaking::all(&kit, &sentences).await?;
    let (texts, read) = speaking::read(&kit, &said).await?;
    told.round_trip = RoundTrip::new(&sentences, &texts, spoken, read);
    if let Some(python) = &python {
        let (said, spoken) = python.say(&sentences, folder.path()).await?;
        let files = files(said.iter().map(AsRef::as_ref), folder.path())?;
        let (texts, read) = python.hear(&files, false).await?;
        told.round_trip_python = Some(RoundTrip::new(&sentences, &texts, spoken, read));
        told.memory_python = Some(python.memory(&files[0], sentences[0].clone()).await?);
    }

    let answers = &answers()[..amounts.answers];
    let own = sets::own_voice(answers, &kit.voice()).await?;
    let mut all = vec![sets::readings(models)?, own.clone()];
    if let Some(program) = espeak {
        let clean = sets::espeak(answers, program, folder.path()).await?;
        let noisy =
            [(20.0, "answers, espeak-ng, noise at 20 dB"), (10.0, "answers, espeak-ng, noise at 10 dB")];
        let noisy = noisy.map(|(decibels, name)| sets::with_noise(&clean, decibels, name));
        all.push(clean);
        all.extend(noisy);
    }
    all.push(sets::noise(amounts.noise));
    for set in &all {
        say(&format!("hearing {}", set.name));
        let ours = ours(&kit, set, amounts.lanes).await?;
        let theirs = match &python {
            Some(python) => Some(theirs(python, set, folder.path()).await?),
            None => None,
        };
        told.sets.push((set.name, ours, theirs));
    }

    for sessions in SpeechWorkload::SESSIONS {
        say(&format!("ends of turns, {sessions} at once"));
        told.turns.push(turns::measure(&kit, &own, sessions, *amounts).await?);
    }
    let after = MachineSnapshot::look()?;
    Ok(SpeechBenchReport::new(&before, &after, *amounts, &told))
}

async fn ours(kit: &Arc<Kit>, set: &HearingSet, lanes: usize) -> Result<RecognitionScores> {
    let before = machine::cpu()?;
    let listened: Vec<_> = stream::iter(set.cases.clone())
        .map(|case| {
            let kit = Arc::clone(kit);
            async move { tokio::spawn(async move { listen(&kit, &case.pcm, false).await }).await? }
        })
        .buffered(lanes)
        .try_collect()
        .await?;
    let mut heard = RecognitionScores { cost: audio(set), ..RecognitionScores::default() };
    heard.cost.cpu = machine::cpu()? - before;
    for (case, told) in set.cases.iter().zip(listened) {
        heard.add(case, &told.heard, &told.text);
        heard.gaps.0.extend(told.gaps);
    }
    Ok(heard)
}

async fn theirs(python: &Python, set: &HearingSet, folder: &Path) -> Result<RecognitionScores> {
    let files = files(set.cases.iter().map(|case| case.pcm.as_ref()), folder)?;
    let (texts, cost) = python.hear(&files, true).await?;
    let mut heard = RecognitionScores { cost, ..RecognitionScores::default() };
    for (case, text) in set.cases.iter().zip(texts) {
        heard.add(case, &text, &text);
    }
    Ok(heard)
}

fn audio(set: &HearingSet) -> Cost {
    let samples: usize = set.cases.iter().map(|case| case.pcm.len()).sum();
    Cost { audio: samples as f64 / f64::from(speech::ports::HEARING_RATE), ..Cost::default() }
}

fn files<'a>(all: impl Iterator<Item = &'a [i16]>, folder: &Path) -> Result<Vec<String>> {
    all.enumerate().map(|(number, pcm)| write(pcm, &folder.join(format!("heard-{number}.wav")))).collect()
}
