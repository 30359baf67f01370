//! The pool's models as a [`Transcriber`] and a [`TurnDetector`].

use std::sync::Arc;

use async_trait::async_trait;
use tokio::time::Instant;

use super::{SmartTurn, SpeechModels};
use crate::SpeechError;
use crate::ports::{
    Abilities, HEARING_RATE, Judgement, Transcriber, Transcript, TurnDetector, Urgency, Window,
};
use models::pool::Pool;

/// Hears with the models of a pool.
#[derive(Clone)]
pub struct LocalEars {
    pool: Arc<Pool<SpeechModels, Urgency>>,
}

impl LocalEars {
    /// Hears with this pool.
    pub fn new(pool: Arc<Pool<SpeechModels, Urgency>>) -> Self {
        Self { pool }
    }
}

fn abilities(name: &str, languages: &[&str]) -> Abilities {
    Abilities {
        name: name.to_owned(),
        remote: false,
        streaming: false,
        interim: false,
        word_times: false,
        languages: languages.iter().map(|&tag| tag.to_owned()).collect(),
    }
}

#[async_trait]
impl Transcriber for LocalEars {
    fn abilities(&self) -> Abilities {
        abilities("moonshine", &["en"])
    }

    async fn transcribe(&self, window: Window) -> Result<Transcript, SpeechError> {
        let Window { pcm, guess, urgency, deadline } = window;
        let end_ms = u32::try_from(pcm.len() as u64 * 1000 / u64::from(HEARING_RATE)).unwrap_or(u32::MAX);
        let read = self
            .pool
            .run(urgency, deadline, move |models, wanted| models.moonshine()?.read(&pcm, &guess, wanted))
            .await?;
        Ok(Transcript { text: read.text, end_ms, sure: Some(read.sure), ..Transcript::default() })
    }
}

#[async_trait]
impl TurnDetector for LocalEars {
    fn abilities(&self) -> Abilities {
        abilities("smart-turn", &[])
    }

    fn longest(&self) -> usize {
        SmartTurn::LONGEST
    }

    async fn judge(&self, pcm: &[i16], deadline: Instant) -> Result<Judgement, SpeechError> {
        let asked = Instant::now();
        let end = pcm[pcm.len().saturating_sub(SmartTurn::LONGEST)..].to_vec();
        let finished = self
            .pool
            .run(Urgency::TurnEnd, deadline, move |models, _| models.smart_turn()?.judge(&end))
            .await?;
        Ok(Judgement { finished, took: asked.elapsed() })
    }
}
