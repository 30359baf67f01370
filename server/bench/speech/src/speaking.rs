//! What speaking costs, whether it is understood, and how soon it begins.

use std::sync::Arc;

use anyhow::Result;
use futures::StreamExt as _;
use futures::future::try_join_all;
use speech::ports::{HEARING_RATE, SpeakRequest, Tts as _, Urgency};
use tokio::time::Instant;

use crate::kit::{Kit, say, to_be_read};
use crate::machine;
use crate::python::Cost;
use crate::samples::LatencySamples;

/// What is said for these lines, to be read.
pub(crate) async fn all(kit: &Kit, lines: &[String]) -> Result<(Vec<Arc<[i16]>>, Cost)> {
    let voice = kit.voice();
    let (began, before) = (Instant::now(), machine::cpu()?);
    let mut said = Vec::new();
    for line in lines {
        said.push(say(&voice, line).await?);
    }
    let samples: usize = said.iter().map(Vec::len).sum();
    let cost = Cost {
        wall: began.elapsed().as_secs_f64(),
        cpu: machine::cpu()? - before,
        audio: samples as f64 / f64::from(voice.rate()),
    };
    Ok((said.iter().map(|pcm| to_be_read(pcm, voice.rate())).collect(), cost))
}

/// The words of these, each read as a whole, one after the other.
pub(crate) async fn read(kit: &Kit, said: &[Arc<[i16]>]) -> Result<(Vec<String>, Cost)> {
    let (began, before) = (Instant::now(), machine::cpu()?);
    let mut texts = Vec::new();
    for pcm in said {
        texts.push(kit.read(Arc::clone(pcm)).await?);
    }
    let samples: usize = said.iter().map(|pcm| pcm.len()).sum();
    let cost = Cost {
        wall: began.elapsed().as_secs_f64(),
        cpu: machine::cpu()? - before,
        audio: samples as f64 / f64::from(HEARING_RATE),
    };
    Ok((texts, cost))
}

/// Lines of two sentences: what an interviewer says at once.
pub(crate) fn lines(sentences: &[String]) -> Vec<String> {
    sentences.chunks(2).map(|pair| pair.join(" ")).collect()
}

/// So many sessions ask for a line each at the same moment, and again when all of it is said: how long until the first
/// sound is there. No line is said twice by one voice, since that would be remembered.
pub(crate) async fn first_audio(kit: &Kit, sessions: usize, lines: &[String]) -> Result<LatencySamples> {
    let voice = kit.voice();
    let mut firsts = LatencySamples::default();
    for round in lines.chunks_exact(sessions) {
        let all = round.iter().map(|line| {
            let request = SpeakRequest { text: line.clone(), speed: 1.0, urgency: Urgency::FirstWords };
            let mut speech = voice.speak(request);
            async move {
                tokio::spawn(async move {
                    let (asked, mut first) = (Instant::now(), None);
                    while let Some(spoken) = speech.next().await {
                        spoken?;
                        first.get_or_insert_with(|| asked.elapsed());
                    }
                    anyhow::Ok(first)
                })
                .await?
            }
        });
        firsts.0.extend(try_join_all(all).await?.into_iter().flatten());
    }
    Ok(firsts)
}
