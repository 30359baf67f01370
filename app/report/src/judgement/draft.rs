//! Reads a model's reply. Nothing of it is believed here.

use serde::Deserialize;
use serde_json::Value;

use crate::CompetencyLevel;

/// Most stories that are read of one reply.
const MOST: usize = 60;
/// Longest reply that is read, in bytes.
const LONGEST: usize = 128 * 1024;

/// What a reply says of a story.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Draft {
    /// The number of the message that asks for the story.
    pub(super) question: u32,
    /// How good it is said to be; `None` for a word that is no level.
    pub(super) level: Option<CompetencyLevel>,
    /// Why.
    pub(super) judgement: Option<QuotedClaim>,
    /// The story in better words.
    pub(super) better: Option<QuotedClaim>,
}

/// A text, and the words that it is said to rest on.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct QuotedClaim {
    pub(super) text: String,
    pub(super) quotes: Vec<String>,
}

#[derive(Deserialize)]
struct RawJudgement {
    stories: Vec<Value>,
}

#[derive(Deserialize)]
struct RawStoryJudgement {
    question: u32,
    #[serde(default)]
    level: String,
    #[serde(default)]
    judgement: String,
    #[serde(default)]
    quotes: Vec<String>,
    #[serde(default)]
    better: String,
    #[serde(default)]
    better_quotes: Vec<String>,
}

/// What a reply says of each story; `None` for what cannot be read, also where that is all of it.
pub(super) fn drafts(reply: &str) -> Vec<Option<Draft>> {
    let Some(RawJudgement { stories }) = object(reply) else { return vec![None] };
    stories.into_iter().take(MOST).map(|story| Some(draft(serde_json::from_value(story).ok()?))).collect()
}

/// The object in a reply, whatever stands around it: thoughts, a fence, a greeting.
fn object(reply: &str) -> Option<RawJudgement> {
    if reply.len() > LONGEST {
        return None;
    }
    let said = reply.rsplit_once("</think>").map_or(reply, |(_, said)| said);
    let object = said.get(said.find('{')?..=said.rfind('}')?)?;
    serde_json::from_str(object).ok()
}

fn draft(item: RawStoryJudgement) -> Draft {
    let RawStoryJudgement { question, level, judgement, quotes, better, better_quotes } = item;
    let level = match level.trim().to_lowercase().as_str() {
        "weak" => Some(CompetencyLevel::Weak),
        "sound" => Some(CompetencyLevel::Sound),
        "strong" => Some(CompetencyLevel::Strong),
        _ => None,
    };
    Draft { question, level, judgement: claim(&judgement, quotes), better: claim(&better, better_quotes) }
}

fn claim(text: &str, quotes: Vec<String>) -> Option<QuotedClaim> {
    let text = text.trim();
    (!text.is_empty()).then(|| QuotedClaim { text: text.to_owned(), quotes })
}

#[cfg(test)]
mod tests {
    use super::*;

    const ITEM: &str = r#"{"question": 3, "level": "Sound", "judgement": " You say it. ", "quotes": ["it"]}"#;

    #[test]
    fn an_object_is_found_whatever_stands_around_it() {
        let plain = format!(r#"{{"stories": [{ITEM}]}}"#);
        let want = drafts(&plain);
        let claim = QuotedClaim { text: "You say it.".to_owned(), quotes: vec!["it".to_owned()] };
        let draft =
            Draft { question: 3, level: Some(CompetencyLevel::Sound), judgement: Some(claim), better: None };
        assert_eq!(want, [Some(draft)]);
        for around in [
            format!("```json\n{plain}\n```"),
            format!("<think>{{hm}}</think>\n{plain}"),
            format!("Sure! {plain}"),
        ] {
            assert_eq!(drafts(&around), want, "{around}");
        }
    }

    #[test]
    fn what_cannot_be_read_counts_as_one() {
        for reply in ["", "no", "{", "}{", "[]", r#"{"stories": 1}"#, r#"{"stories": ["#] {
            assert_eq!(drafts(reply), [None], "{reply}");
        }
        let some = format!(r#"{{"stories": [{ITEM}, 7, {{"question": -1}}]}}"#);
        assert_eq!(drafts(&some).iter().map(Option::is_some).collect::<Vec<_>>(), [true, false, false]);
    }
}
