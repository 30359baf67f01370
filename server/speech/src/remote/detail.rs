//! What a server of `/audio/transcriptions` tells beside the words: how sure its model is of them, and where it thinks
//! that nobody speaks.

use serde::Deserialize;
use serde_json::Value;

/// Whisper's own limits: where it is so sure that nobody speaks, and so unsure of the words, there are none.
const NOBODY: f32 = 0.6;
const WORDS_UNSURE: f32 = -1.0;

/// What is asked for beside the words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Detail {
    /// Nothing.
    Words,
    /// Whisper's segments.
    Segments,
    /// The logarithms of the tokens' probabilities, as OpenAI's newer models have them.
    Tokens,
}

impl Detail {
    /// What a model of this name can tell.
    pub(super) fn of(model: &str) -> Self {
        let model = model.to_lowercase();
        if model.contains("whisper") {
            Self::Segments
        } else if model.starts_with("gpt-") && model.contains("transcribe") {
            Self::Tokens
        } else {
            Self::Words
        }
    }

    /// The fields of the form that ask for it.
    pub(super) fn fields(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::Words => &[("response_format", "json")],
            Self::Segments => &[("response_format", "verbose_json"), ("temperature", "0")],
            Self::Tokens => &[("response_format", "json"), ("include[]", "logprobs")],
        }
    }
}

/// What a server has answered.
#[derive(Debug, Default, PartialEq)]
pub(super) struct TranscriptionResult {
    /// The words.
    pub(super) text: String,
    /// The geometric mean of the tokens' probabilities, where it is told.
    pub(super) sure: Option<f32>,
}

#[derive(Deserialize)]
struct TranscriptionBody {
    text: String,
    segments: Option<Value>,
    logprobs: Option<Value>,
}

#[derive(Deserialize)]
struct Segment {
    text: String,
    start: f32,
    end: f32,
    avg_logprob: f32,
    #[serde(default)]
    no_speech_prob: f32,
}

impl Segment {
    fn is_silence(&self) -> bool {
        self.no_speech_prob > NOBODY && self.avg_logprob < WORDS_UNSURE
    }
}

#[derive(Deserialize)]
struct TokenLogprob {
    logprob: f32,
}

impl TranscriptionResult {
    /// Out of the JSON of an answer; `None`: it is none. What it tells in a way that is not known here is left out.
    pub(super) fn parse(body: &[u8]) -> Option<Self> {
        let TranscriptionBody { text, segments, logprobs } = serde_json::from_slice(body).ok()?;
        let segments: Vec<Segment> =
            segments.and_then(|all| serde_json::from_value(all).ok()).unwrap_or_default();
        let tokens: Vec<TokenLogprob> =
            logprobs.and_then(|all| serde_json::from_value(all).ok()).unwrap_or_default();
        let (silent, said): (Vec<_>, Vec<_>) = segments.into_iter().partition(Segment::is_silence);
        let sure = mean(said.iter().map(|one| (one.avg_logprob, (one.end - one.start).max(0.01))))
            .or_else(|| mean(tokens.iter().map(|token| (token.logprob, 1.0))));
        let text = if silent.is_empty() {
            text.trim().to_owned()
        } else {
            said.iter().map(|one| one.text.trim()).collect::<Vec<_>>().join(" ")
        };
        Some(Self { text, sure })
    }
}

/// The geometric mean of probabilities, out of their logarithms with their weights.
fn mean(logs: impl Iterator<Item = (f32, f32)>) -> Option<f32> {
    let (sum, weight) = logs
        .filter(|(log, weight)| log.is_finite() && *log <= 0.0 && weight.is_finite())
        .fold((0.0, 0.0), |(sum, all), (log, weight)| (sum + log * weight, all + weight));
    (weight > 0.0).then(|| (sum / weight).exp())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(body: &str) -> (String, Option<f32>) {
        let TranscriptionResult { text, sure } =
            TranscriptionResult::parse(body.as_bytes()).expect("an answer");
        (text, sure.map(|sure| (sure * 100.0).round() / 100.0))
    }

    #[test]
    fn whisper_is_as_sure_as_its_segments() {
        let body = r#"{"task":"transcribe","language":"english","text":" I led the team. Well.","segments":[
            {"id":0,"start":0.0,"end":3.0,"text":" I led the team.","avg_logprob":-0.2,"no_speech_prob":0.01},
            {"id":1,"start":3.0,"end":4.0,"text":" Well.","avg_logprob":-0.6,"no_speech_prob":0.9}]}"#;
        assert_eq!(parse(body), ("I led the team. Well.".to_owned(), Some(0.74)), "by length: exp(-0.3)");
    }

    #[test]
    fn where_whisper_thinks_that_nobody_speaks_there_are_no_words() {
        let body = r#"{"text":" Thank you for watching!","segments":[
            {"start":0.0,"end":3.0,"text":" Thank you for watching!","avg_logprob":-1.2,"no_speech_prob":0.8}]}"#;
        assert_eq!(parse(body), (String::new(), None));
    }

    #[test]
    fn tokens_count_alike_and_what_is_not_known_says_nothing() {
        let body =
            r#"{"text":"Yes.","logprobs":[{"token":"Yes","logprob":-0.1},{"token":".","logprob":-0.3}]}"#;
        assert_eq!(parse(body), ("Yes.".to_owned(), Some(0.82)));
        for body in [
            r#"{"text":"Yes."}"#,
            r#"{"text":"Yes.","segments":null,"logprobs":null}"#,
            r#"{"text":"Yes.","segments":[{"text":"Yes."}],"logprobs":"none"}"#,
            r#"{"text":"Yes.","segments":[],"logprobs":[{"logprob":1.5}]}"#,
        ] {
            assert_eq!(parse(body), ("Yes.".to_owned(), None), "{body}");
        }
        assert_eq!(TranscriptionResult::parse(b"{}"), None);
    }

    #[test]
    fn what_is_asked_for_goes_by_the_model() {
        for (model, detail) in [
            ("whisper-1", Detail::Segments),
            ("Systran/faster-distil-whisper-large-v3", Detail::Segments),
            ("gpt-4o-mini-transcribe", Detail::Tokens),
            ("voxtral-mini", Detail::Words),
        ] {
            assert_eq!(Detail::of(model), detail, "{model}");
        }
    }
}
