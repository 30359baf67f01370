//! What kind of answer a question wants: how long it takes to give one.

use super::words;

/// See the module's description.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ExpectedAnswer {
    /// Nothing is known of it.
    #[default]
    Unknown,
    /// "Tell me about ...": a story, or oneself.
    Story,
    /// "What did you learn?", "How did you do it?", "Why?"
    Open,
    /// "Which", "when", "how many".
    Fact,
    /// "Did you", "is that".
    YesOrNo,
}

/// What asks for a story wherever it stands.
const STORY: &[&[&str]] = &[
    &["tell", "me"],
    &["tell", "us"],
    &["describe"],
    &["walk", "me"],
    &["walk", "us"],
    &["talk", "me"],
    &["take", "me"],
    &["introduce", "yourself"],
    &["an", "example"],
    &["a", "time"],
    &["share"],
];
const OPEN: &[&str] = &["what", "how", "why"];
const FACT: &[&str] = &["which", "when", "where", "who", "whose"];
/// After "how".
const MEASURES: &[&str] = &["long", "many", "much", "big", "often", "old", "far", "large"];
const YES_OR_NO: &[&str] = &[
    "did", "do", "does", "are", "is", "was", "were", "have", "has", "had", "would", "could", "can", "will",
    "should",
];
/// What questions begin with beside that.
const BEFORE: &[&str] = &["and", "so", "but", "then", "okay", "right", "in"];

impl ExpectedAnswer {
    /// Whether a few words are an answer to it.
    pub fn wants_little(self) -> bool {
        match self {
            Self::Fact | Self::YesOrNo => true,
            Self::Unknown | Self::Story | Self::Open => false,
        }
    }

    /// Whether it is not answered in a sentence or two.
    pub fn wants_a_story(self) -> bool {
        self == Self::Story
    }

    /// What the interviewer's line asks for: its last sentence counts.
    pub fn of(line: &str) -> Self {
        let mut sentences = line.split_inclusive(['.', '?', '!']);
        let Some(last) = sentences.rfind(|sentence| words(sentence).next().is_some()) else {
            return Self::Unknown;
        };
        let said: Vec<String> = words(last).collect();
        let has = |phrase: &&[&str]| said.windows(phrase.len()).any(|part| part.iter().eq(phrase.iter()));
        if STORY.iter().any(has) {
            return Self::Story;
        }
        let from = said.iter().position(|word| !BEFORE.contains(&word.as_str())).unwrap_or(0);
        let first = said.get(from).map_or("", String::as_str);
        let measured = said.get(from + 1).is_some_and(|next| MEASURES.contains(&next.as_str()));
        match first {
            "how" if measured => Self::Fact,
            _ if OPEN.contains(&first) => Self::Open,
            _ if FACT.contains(&first) => Self::Fact,
            _ if YES_OR_NO.contains(&first) && last.trim_end().ends_with('?') => Self::YesOrNo,
            _ => Self::Unknown,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_sentence_says_what_is_wanted() {
        for (line, asked) in [
            ("Tell me about a time when you disagreed.", ExpectedAnswer::Story),
            ("Thanks. Could you tell me a little about yourself?", ExpectedAnswer::Story),
            ("I see. What did you do then?", ExpectedAnswer::Open),
            ("And why was that?", ExpectedAnswer::Open),
            ("How long did that take?", ExpectedAnswer::Fact),
            ("And which of the two was it?", ExpectedAnswer::Fact),
            ("Did anybody help you?", ExpectedAnswer::YesOrNo),
            ("I see.", ExpectedAnswer::Unknown),
            ("", ExpectedAnswer::Unknown),
        ] {
            assert_eq!(ExpectedAnswer::of(line), asked, "{line}");
        }
    }
}
