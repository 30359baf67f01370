//! Has models loaded before somebody waits for them.

use std::time::Duration;

use futures::StreamExt as _;
use speech::ports::{HEARING_RATE, HearOptions, SpeakRequest, Urgency};
use tokio::time::{Instant, timeout};

use crate::speech::Speech;

/// How long it may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// Says, hears and judges something that nobody listens to; local models alone, since others cost and are warm.
pub(super) async fn up(speech: Speech) {
    let silence = vec![0_i16; HEARING_RATE as usize];
    let speaking = async {
        if !speech.tts.abilities().remote {
            let text = "Good day.".to_owned();
            let mut said = speech.tts.speak(SpeakRequest { text, speed: 1.0, urgency: Urgency::Later });
            while said.next().await.is_some() {}
        }
    };
    let hearing = async {
        if !speech.stt.abilities().remote {
            let mut ears = speech.stt.open(HearOptions::default());
            ears.hear(&silence, 0);
            ears.commit();
            drop(ears.next().await);
        }
    };
    let judging = async {
        if !speech.turns.abilities().remote {
            drop(speech.turns.judge(&silence, Instant::now() + PATIENCE).await);
        }
    };
    let began = Instant::now();
    match timeout(PATIENCE, async { tokio::join!(speaking, hearing, judging) }).await {
        Ok(_) => tracing::info!(took_ms = began.elapsed().as_millis() as u64, "ready to hear and to speak"),
        Err(_) => tracing::warn!("the models of speech are slow to load"),
    }
}
