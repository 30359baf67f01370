//! What the words say of whether somebody has finished: nobody ends on "because".

use super::words;

/// Conjunctions, and what else links a clause.
const LINKING: &[&str] = &[
    "and", "but", "or", "nor", "so", "because", "cause", "cos", "although", "though", "while", "whereas",
    "unless", "until", "since", "after", "before", "once", "if", "whether", "than", "which", "who", "whose",
    "that", "where", "when", "as", "then", "plus",
];
/// Prepositions.
const LEADING: &[&str] = &[
    "to",
    "of",
    "in",
    "on",
    "at",
    "with",
    "for",
    "from",
    "by",
    "about",
    "into",
    "onto",
    "through",
    "between",
    "during",
    "without",
    "around",
    "towards",
    "using",
    "including",
    "within",
    "against",
    "under",
    "over",
    "across",
    "per",
    "via",
    "like",
];
/// Articles and their kin.
const POINTING: &[&str] = &[
    "the", "a", "an", "my", "our", "your", "their", "his", "her", "its", "this", "these", "those", "every",
    "each", "some", "any", "no", "very", "really", "quite", "pretty", "more", "most",
];
/// Verbs that want more, and who does it.
const HELPING: &[&str] = &[
    "is",
    "was",
    "were",
    "are",
    "am",
    "be",
    "been",
    "being",
    "had",
    "has",
    "have",
    "having",
    "would",
    "could",
    "should",
    "can",
    "will",
    "might",
    "must",
    "may",
    "i",
    "we",
    "they",
    "he",
    "she",
    "i'm",
    "we're",
    "they're",
    "i've",
    "we've",
    "i'd",
    "we'd",
    "it's",
    "that's",
    "there's",
    "there",
    "wasn't",
    "weren't",
    "didn't",
    "don't",
    "couldn't",
    "let's",
    "mean",
    "also",
    "just",
    "actually",
    "basically",
    "namely",
    "called",
];
/// Sounds of thinking.
const THINKING: &[&str] = &["um", "uh", "er", "erm", "umm", "uhh", "hmm", "well"];
/// So many letters at the end are looked at.
const FAR: usize = 200;
/// The same in two words.
const OPEN_PAIRS: &[(&str, &str)] = &[
    ("you", "know"),
    ("kind", "of"),
    ("sort", "of"),
    ("such", "as"),
    ("for", "example"),
    ("for", "instance"),
    ("is", "why"),
    ("that's", "why"),
];
/// Words that stand for something after one of the others, and then end a sentence: "proud of that".
const STAND_ALONE: &[&str] = &["that", "this", "these", "those", "some", "any", "each", "more", "most"];
const BEFORE_THEM: &[&str] = &[
    "of", "for", "about", "with", "without", "from", "by", "in", "on", "to", "after", "before", "during",
    "like", "than", "do", "did", "does", "done", "doing", "all", "even", "no", "any",
];
/// These do so after any word: "so I asked her", "so we used his".
const THEIRS: &[&str] = &["his", "her", "its"];
/// Short answers that end on a word that elsewhere wants more.
const WHOLE: &[&str] = &[
    "no",
    "well",
    "there",
    "i have",
    "i am",
    "i was",
    "i did",
    "i would",
    "i could",
    "i can",
    "i will",
    "we were",
    "we had",
    "not really",
    "that's that",
    "i think so",
];

/// How a text ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextEnding {
    /// On a word that may well be the last.
    Whole,
    /// On a comma, a dash or dots.
    Broken,
    /// On a conjunction,
    Linking,
    /// on a preposition,
    Leading,
    /// on an article or its kin,
    Pointing,
    /// on one of these that also stands for what it points at: "so I asked her.", "so we used his.",
    Standing,
    /// on a verb that wants more or who does it,
    Helping,
    /// or on a sound of thinking.
    Thinking,
}

impl TextEnding {
    /// Whether a sentence may end so after all: "which I am quite proud of.", "before we go on.", "the people I worked
    /// with."
    pub fn may_be_the_last(self) -> bool {
        match self {
            Self::Whole | Self::Linking | Self::Leading | Self::Standing | Self::Helping => true,
            Self::Broken | Self::Pointing | Self::Thinking => false,
        }
    }
}

/// How this text ends. What stands before its full stop, if there is one, is judged all the same: "which I am quite proud
/// of." is a sentence, and "It was the." is none.
pub fn ending(text: &str) -> TextEnding {
    let trimmed = text.trim_end();
    if trimmed.ends_with([',', '…', '-', '–', '—', ':', ';']) || trimmed.ends_with("...") {
        return TextEnding::Broken;
    }
    // Nothing further back counts.
    let (from, _) = trimmed.char_indices().rev().nth(FAR).unwrap_or((0, ' '));
    let said: Vec<String> = words(&trimmed[from..]).collect();
    let Some(last) = said.last() else { return TextEnding::Whole };
    if WHOLE.contains(&said.join(" ").as_str()) || trimmed.ends_with('?') {
        return TextEnding::Whole;
    }
    let before = said.len().checked_sub(2).map(|at| said[at].as_str());
    let stopped = trimmed.ends_with('.');
    let stands_alone = stopped && STAND_ALONE.contains(&last.as_str());
    if stands_alone && before.is_some_and(|word| BEFORE_THEM.contains(&word)) {
        return TextEnding::Whole;
    }
    if stands_alone || stopped && THEIRS.contains(&last.as_str()) {
        return TextEnding::Standing;
    }
    if before.is_some_and(|before| OPEN_PAIRS.contains(&(before, last.as_str()))) {
        return TextEnding::Thinking;
    }
    let classes = [
        (LINKING, TextEnding::Linking),
        (LEADING, TextEnding::Leading),
        (POINTING, TextEnding::Pointing),
        (HELPING, TextEnding::Helping),
        (THINKING, TextEnding::Thinking),
    ];
    let class = classes.iter().find(|(words, _)| words.contains(&last.as_str()));
    class.map_or(TextEnding::Whole, |(_, ending)| *ending)
}

/// Whether these words want more: a sentence that is cut off, or a sound of thinking.
pub fn is_unfinished(text: &str) -> bool {
    ending(text) != TextEnding::Whole
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_that_stands_for_somebody_may_be_the_last() {
        for said in [
            "His was better, so we used his.",
            "So I went upstairs and asked her.",
            "We never lost any more.",
        ] {
            assert!(ending(said).may_be_the_last(), "{said}");
        }
        for said in ["So I went upstairs and asked her", "It was the.", "We used our."] {
            assert!(!ending(said).may_be_the_last(), "{said}");
        }
    }

    #[test]
    fn what_is_cut_off_wants_more_and_what_is_whole_does_not() {
        for cut in [
            "I joined the team and",
            "We did it because.",
            "It was the",
            "So the main thing was, um",
            "I worked with a lot of",
            "We cut it by,",
            "There were a few tools, such as",
            "I talked to the customer, you know",
            "It's",
            "Then I…",
            "One of them now leads the team, and that.",
            "It turned out that.",
            "I can say that is why",
        ] {
            assert!(is_unfinished(cut), "{cut}");
        }
        for whole in [
            "We shipped it in March.",
            "No.",
            "I did.",
            "It took four weeks",
            "Not really.",
            "Well.",
            "",
            "What do you mean by that?",
            "That was my part in it.",
            "I led the team",
            "Seven",
            "One of them now leads the team, and I am proud of that.",
            "I would not do that.",
            "We did it once, and never after this.",
        ] {
            assert!(!is_unfinished(whole), "{whole}");
        }
    }
}
