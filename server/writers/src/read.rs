//! What a value of a reply says: words, thinking, an end. Servers differ in everything but the words, so nothing is
//! demanded: what is null, missing or of another type is as if it were not there.

use engine::TokenUsage;
use serde_json::Value;

use crate::ProviderFault;

/// What one value of a reply says.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct ReplyDelta {
    /// Words of the line.
    pub words: String,
    /// They are all of the line, not the next piece of it.
    pub all: bool,
    /// It thinks aloud beside the line.
    pub thinks: bool,
    /// How the reply ends with it, if it does.
    pub end: Option<FinishReason>,
    /// What the reply has cost so far.
    pub tokens: Option<TokenUsage>,
}

/// How a reply ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FinishReason {
    /// The line is complete.
    Complete,
    /// It came to the limit on tokens.
    CutOff,
    /// The provider withholds the rest.
    Withheld,
}

/// How a provider's value is read.
pub(crate) type ReplyValueParser = fn(&Value) -> Result<ReplyDelta, ProviderFault>;

/// A value of OpenAI's chat completions, as a piece of a stream or whole; also of completions, and of Ollama's own API.
pub(crate) fn openai(value: &Value) -> Result<ReplyDelta, ProviderFault> {
    failed(value)?;
    let choice = first(&value["choices"]).unwrap_or(value);
    let delta = &choice["delta"];
    let piece = if delta.is_string() { text(delta) } else { text(&delta["content"]) };
    let piece = if piece.is_empty() { text(&choice["text"]) } else { piece };
    let message = &choice["message"];
    let streams = !piece.is_empty() || value["done"].is_boolean();
    let words = if piece.is_empty() { text(&message["content"]) } else { piece };
    let thinks = ["reasoning", "reasoning_content", "thinking"]
        .iter()
        .any(|name| [delta, message].iter().any(|of| !text(&of[*name]).is_empty()));
    let end = [&choice["finish_reason"], &choice["finishReason"], &value["done_reason"]]
        .into_iter()
        .find_map(end)
        .or_else(|| (value["done"] == true).then_some(FinishReason::Complete));
    let usage = &value["usage"];
    let tokens = tokens(&usage["prompt_tokens"], &[&usage["completion_tokens"]])
        .or_else(|| tokens(&value["prompt_eval_count"], &[&value["eval_count"]]));
    Ok(ReplyDelta { words, all: !streams, thinks, end, tokens })
}

/// A value of Gemini's `generateContent` and `streamGenerateContent`.
pub(crate) fn gemini(value: &Value) -> Result<ReplyDelta, ProviderFault> {
    failed(value)?;
    // Some gateways wrap each value.
    let value = if value["response"].is_object() { &value["response"] } else { value };
    let candidate = first(&value["candidates"]).unwrap_or(&Value::Null);
    let words = text(&candidate["content"]);
    let blocked = value["promptFeedback"]["blockReason"].as_str().unwrap_or_default();
    if words.is_empty() && !blocked.is_empty() && !blocked.ends_with("UNSPECIFIED") {
        return Err(ProviderFault::Withheld);
    }
    let end = [&candidate["finishReason"], &candidate["finish_reason"]].into_iter().find_map(end);
    let usage = &value["usageMetadata"];
    let written = [&usage["candidatesTokenCount"], &usage["thoughtsTokenCount"]];
    let tokens = tokens(&usage["promptTokenCount"], &written);
    Ok(ReplyDelta { words, all: false, thinks: false, end, tokens })
}

/// What was read and what was written, where both are said.
fn tokens(read: &Value, written: &[&Value]) -> Option<TokenUsage> {
    let counts: Vec<u64> = written.iter().filter_map(|count| count.as_u64()).collect();
    let written = (!counts.is_empty()).then(|| counts.iter().sum())?;
    Some(TokenUsage { read: read.as_u64()?, written })
}

/// # Errors
/// [`ProviderFault::Provider`] if the value says that something went wrong.
fn failed(value: &Value) -> Result<(), ProviderFault> {
    let said = match &value["error"] {
        Value::Null | Value::Bool(false) => false,
        Value::String(text) => !text.trim().is_empty(),
        Value::Object(fields) => !fields.is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Number(code) => code.as_i64() != Some(0),
        Value::Bool(true) => true,
    };
    if said || value["type"] == "error" { Err(ProviderFault::Provider) } else { Ok(()) }
}

/// The first of several, also where it is not in a list.
fn first(value: &Value) -> Option<&Value> {
    match value {
        Value::Array(items) => items.iter().find(|item| item["index"] == 0).or(items.first()),
        Value::Object(fields) => fields.get("0").or(Some(value)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => None,
    }
}

/// The words of a text, or of a list of parts, without parts that are thoughts.
fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(parts) => parts.iter().map(text).collect(),
        Value::Object(part) => {
            let thought = part.get("thought").is_some_and(|thought| thought == true)
                || part.get("type").and_then(Value::as_str).is_some_and(|kind| {
                    kind.contains("reason") || kind.contains("think") || kind.contains("refusal")
                });
            let inside = ["text", "parts", "content", "value"].iter().filter_map(|name| part.get(*name));
            if thought { String::new() } else { inside.map(text).find(|t| !t.is_empty()).unwrap_or_default() }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => String::new(),
    }
}

/// What a finish in any spelling means; `None`: it is no end yet.
fn end(value: &Value) -> Option<FinishReason> {
    let said = value.as_str()?.trim().to_ascii_lowercase();
    let has = |parts: &[&str]| parts.iter().any(|part| said.contains(part));
    if matches!(said.as_str(), "" | "null" | "none" | "continue" | "load") || said.ends_with("unspecified") {
        None
    } else if has(&["length", "max_token", "max_output", "limit"]) {
        Some(FinishReason::CutOff)
    } else if has(&[
        "filter",
        "safety",
        "blocklist",
        "prohibited",
        "recitation",
        "refus",
        "spii",
        "sensitive",
    ]) {
        Some(FinishReason::Withheld)
    } else {
        // "stop", "STOP", "eos", "end_turn", "tool_calls", whatever: the words are there.
        Some(FinishReason::Complete)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn words_are_found_wherever_a_server_puts_them() {
        for value in [
            json!({"choices": [{"delta": {"content": "Hm"}}]}),
            json!({"choices": [{"delta": {"content": [{"type": "text", "text": "Hm"}]}}]}),
            json!({"choices": [{"delta": {"content": {"text": "Hm"}}}]}),
            json!({"choices": {"delta": {"content": "Hm"}}}),
            json!({"choices": [{"delta": "Hm"}]}),
            json!({"choices": [{"delta": null, "message": {"content": "Hm"}}]}),
            json!({"choices": [{"text": "Hm"}]}),
            json!({"message": {"role": "assistant", "content": "Hm"}, "done": false}),
            json!({"choices": [{"index": 1, "delta": {"content": "No"}}, {"index": 0, "delta": {"content": "Hm"}}]}),
            json!({"error": null, "choices": [{"delta": {"content": "Hm", "reasoning": null}}]}),
        ] {
            assert_eq!(openai(&value).unwrap().words, "Hm", "{value}");
        }
        for value in [
            json!({"candidates": [{"content": {"parts": [{"text": "thought", "thought": true}, {"text": "Hm"}]}}]}),
            json!({"candidates": [{"content": {"parts": {"text": "Hm"}}}]}),
            json!({"candidates": {"content": "Hm"}}),
            json!({"response": {"candidates": [{"content": {"parts": [{"text": "Hm", "thought": null}]}}]}}),
        ] {
            assert_eq!(gemini(&value).unwrap().words, "Hm", "{value}");
        }
    }

    #[test]
    fn what_a_reply_cost_is_read_where_it_is_said() {
        let cost = |read, written| Some(TokenUsage { read, written });
        for (value, want) in [
            (json!({"choices": [], "usage": {"prompt_tokens": 9, "completion_tokens": 4}}), cost(9, 4)),
            (json!({"message": {}, "done": true, "prompt_eval_count": 7, "eval_count": 2}), cost(7, 2)),
            (json!({"choices": [], "usage": null}), None),
            (json!({"choices": [], "usage": {"prompt_tokens": 9}}), None),
        ] {
            assert_eq!(openai(&value).unwrap().tokens, want, "{value}");
        }
        let value = json!({"usageMetadata": {"promptTokenCount": 9, "candidatesTokenCount": 4, "thoughtsTokenCount": 3}});
        assert_eq!(gemini(&value).unwrap().tokens, cost(9, 7));
    }

    #[test]
    fn a_finish_is_read_in_any_spelling() {
        for (said, want) in [
            ("stop", Some(FinishReason::Complete)),
            ("STOP", Some(FinishReason::Complete)),
            ("Stop", Some(FinishReason::Complete)),
            ("FINISH_REASON_STOP", Some(FinishReason::Complete)),
            ("eos", Some(FinishReason::Complete)),
            ("end_turn", Some(FinishReason::Complete)),
            ("tool_calls", Some(FinishReason::Complete)),
            ("length", Some(FinishReason::CutOff)),
            ("MAX_TOKENS", Some(FinishReason::CutOff)),
            ("content_filter", Some(FinishReason::Withheld)),
            ("SAFETY", Some(FinishReason::Withheld)),
            ("", None),
            ("null", None),
            ("FINISH_REASON_UNSPECIFIED", None),
        ] {
            assert_eq!(end(&json!(said)), want, "{said}");
        }
        assert_eq!((end(&json!(1)), end(&json!(null)), end(&json!({}))), (None, None, None));
    }
}
