//! What the words say of whether somebody has finished: nobody ends on "because".

use super::words;

/// Words that something follows.
const OPEN: &[&str] = &[
    // Conjunctions.
    "and",
    "but",
    "or",
    "nor",
    "so",
    "because",
    "cause",
    "cos",
    "although",
    "though",
    "while",
    "whereas",
    "unless",
    "until",
    "since",
    "after",
    "before",
    "once",
    "if",
    "whether",
    "than",
    "which",
    "who",
    "whose",
    "that",
    "where",
    "when",
    "as",
    "then",
    "plus",
    // Prepositions.
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
    // Articles and their kin.
    "the",
    "a",
    "an",
    "my",
    "our",
    "your",
    "their",
    "his",
    "her",
    "its",
    "this",
    "these",
    "those",
    "every",
    "each",
    "some",
    "any",
    "no",
    "very",
    "really",
    "quite",
    "pretty",
    "more",
    "most",
    // Verbs that want more, and who does it.
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
    // Sounds of thinking.
    "um",
    "uh",
    "er",
    "erm",
    "umm",
    "uhh",
    "hmm",
    "well",
];
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

/// Whether these words want more: a sentence that is cut off, or a sound of thinking.
pub fn is_unfinished(text: &str) -> bool {
    let trimmed = text.trim_end();
    if trimmed.ends_with([',', '…', '-', '–', '—', ':', ';']) || trimmed.ends_with("...") {
        return true;
    }
    let said: Vec<String> = words(trimmed).collect();
    let Some(last) = said.last() else { return false };
    if WHOLE.contains(&said.join(" ").as_str()) || trimmed.ends_with('?') {
        return false;
    }
    let before = said.len().checked_sub(2).map(|at| said[at].as_str());
    let stands_alone = trimmed.ends_with('.') && STAND_ALONE.contains(&last.as_str());
    if stands_alone && before.is_some_and(|word| BEFORE_THEM.contains(&word)) {
        return false;
    }
    let pair = before.is_some_and(|before| OPEN_PAIRS.contains(&(before, last.as_str())));
    pair || OPEN.contains(&last.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

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
