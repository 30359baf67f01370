//! How little a model thinks before it speaks. A line must begin within seconds, and most models think first
//! unless told not to, each family in words of its own. Sources: the providers' pages on thinking and reasoning
//! as of November 2026. What a family does not know it refuses, so an unknown name is told nothing.

use serde_json::{Value, json};

/// Most tokens of a line, and of what little thinking there is before it.
pub(crate) const MOST_TOKENS: u32 = 2000;

/// Gemini's `thinkingConfig` for this model.
pub(crate) fn gemini(model: &str) -> Option<Value> {
    let version = model.strip_prefix("gemini-")?;
    let lite = version.contains("flash-lite");
    if version.starts_with("2.5") {
        // 2.5 counts tokens; Pro cannot do with fewer than these.
        let budget = if version.starts_with("2.5-pro") { 128 } else { 0 };
        return Some(json!({ "thinkingBudget": budget }));
    }
    let third = version.chars().next().is_some_and(|digit| ('3'..='9').contains(&digit));
    // From 3 on there are levels; all have `low`, only the light ones are sure to have less.
    (third || version.ends_with("-latest"))
        .then(|| json!({ "thinkingLevel": if lite { "minimal" } else { "low" } }))
}

/// The `reasoning_effort` for this model of OpenAI's own.
pub(crate) fn openai(model: &str) -> Option<&'static str> {
    if let Some(version) = model.strip_prefix("gpt-") {
        let (major, rest) =
            version.split_at(version.find(|c: char| !c.is_ascii_digit()).unwrap_or(version.len()));
        return match major.parse::<u32>().ok()? {
            0..5 => None,
            5 if rest.starts_with('.') => Some("none"),
            5 => Some("minimal"),
            6.. => Some("none"),
        };
    }
    let series = model.strip_prefix('o')?;
    series.starts_with(|c: char| c.is_ascii_digit()).then_some("low")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_family_of_gemini_is_told_in_its_words() {
        let level = |level: &str| Some(json!({ "thinkingLevel": level }));
        let budget = |tokens: u32| Some(json!({ "thinkingBudget": tokens }));
        for (model, told) in [
            ("gemini-3.5-flash-lite", level("minimal")),
            ("gemini-flash-lite-latest", level("minimal")),
            ("gemini-3.8-flash", level("low")),
            ("gemini-3.1-pro-preview", level("low")),
            ("gemini-flash-latest", level("low")),
            ("gemini-2.5-flash", budget(0)),
            ("gemini-2.5-flash-lite", budget(0)),
            ("gemini-2.5-pro", budget(128)),
            ("gemini-2.0-flash", None),
            ("gemma-3-27b-it", None),
        ] {
            assert_eq!(gemini(model), told, "{model}");
        }
    }

    #[test]
    fn each_family_of_openai_is_told_in_its_words() {
        for (model, told) in [
            ("gpt-6-luna", Some("none")),
            ("gpt-6.1-terra", Some("none")),
            ("gpt-5.1", Some("none")),
            ("gpt-5-mini", Some("minimal")),
            ("gpt-4.1-mini", None),
            ("gpt-4o", None),
            ("o3", Some("low")),
            ("o4-mini", Some("low")),
            ("omni", None),
            ("gpt-oss-20b", None),
        ] {
            assert_eq!(openai(model), told, "{model}");
        }
    }
}
