//! What a value of a reply says: words, thinking, an end, whichever API it is of. Servers differ in everything but the
//! words, so nothing is demanded: what is null, missing or of another type is as if it were not there.

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

/// What was read and what was written, where both are said.
pub(crate) fn tokens(read: &Value, written: &[&Value]) -> Option<TokenUsage> {
    let counts: Vec<u64> = written.iter().filter_map(|count| count.as_u64()).collect();
    let written = (!counts.is_empty()).then(|| counts.iter().sum())?;
    Some(TokenUsage { read: read.as_u64()?, written })
}

/// # Errors
/// [`ProviderFault::Provider`] if the value says that something went wrong.
pub(crate) fn failed(value: &Value) -> Result<(), ProviderFault> {
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
pub(crate) fn first(value: &Value) -> Option<&Value> {
    match value {
        Value::Array(items) => items.iter().find(|item| item["index"] == 0).or(items.first()),
        Value::Object(fields) => fields.get("0").or(Some(value)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => None,
    }
}

/// The words of a text, or of a list of parts, without parts that are thoughts.
pub(crate) fn text(value: &Value) -> String {
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
pub(crate) fn end(value: &Value) -> Option<FinishReason> {
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
