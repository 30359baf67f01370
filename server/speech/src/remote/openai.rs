//! OpenAI, and any server with the same API, as a provider of speech.

use std::sync::Arc;

use provider::OPENAI_DESCRIPTOR;

use super::{Reach, Remote, Speeches, Transcriptions};
use crate::hear::WindowedStt;
use crate::ports::{Abilities, HearOptions, Stt, SttStream, Vad};

pub(super) const REMOTE: Remote = Remote {
    descriptor: OPENAI_DESCRIPTOR,
    ear: Some(|provider, vad| {
        Ok(Arc::new(PromptedTranscriptions {
            transcriptions: Transcriptions::new(provider)?,
            vad: Arc::clone(vad),
        }))
    }),
    voice: Some(|provider, voice| Ok(Arc::new(Speeches::new(provider, voice)?))),
    usual_voice: Some("alloy"),
    reach: Reach::Models,
};

/// Transcriptions that are told of the words of each stream.
struct PromptedTranscriptions {
    transcriptions: Transcriptions,
    vad: Arc<dyn Vad>,
}

impl PromptedTranscriptions {
    fn windows(&self, words: &[String]) -> WindowedStt {
        WindowedStt::new(Arc::new(self.transcriptions.knowing(words)), Some(Arc::clone(&self.vad)))
    }
}

impl Stt for PromptedTranscriptions {
    fn abilities(&self) -> Abilities {
        self.windows(&[]).abilities()
    }

    fn open(&self, options: HearOptions) -> Box<dyn SttStream> {
        self.windows(&options.vocabulary).open(options)
    }
}
