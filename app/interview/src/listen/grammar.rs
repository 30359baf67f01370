//! The little grammar that taking up somebody's words needs.

use super::token::AnswerToken;

/// Prepositions, and particles that look like them.
pub(super) const PREPOSITIONS: [&str; 47] = [
    "of", "in", "on", "at", "by", "for", "with", "about", "against", "between", "into", "through", "during",
    "before", "after", "above", "below", "to", "from", "up", "down", "out", "off", "over", "under", "onto",
    "upon", "within", "without", "across", "along", "around", "behind", "beside", "besides", "beyond",
    "near", "toward", "towards", "via", "per", "among", "amongst", "inside", "outside", "like", "except",
];
/// Words that open a clause of their own.
pub(super) const CLAUSE: [&str; 27] = [
    "but", "because", "which", "who", "whom", "whose", "so", "when", "while", "although", "though", "since",
    "until", "if", "whereas", "where", "as", "then", "unless", "whether", "what", "why", "how", "yet",
    "cause", "cos", "or",
];
/// Finite forms that are never a noun.
pub(super) const FINITE: [&str; 24] = [
    "is", "are", "was", "were", "am", "be", "has", "have", "had", "do", "does", "did", "will", "would",
    "can", "could", "should", "shall", "may", "might", "must", "cannot", "been", "being",
];
/// Pronouns that begin a clause.
pub(super) const SUBJECTS: [&str; 12] =
    ["i", "we", "he", "she", "they", "i'm", "i've", "i'd", "we're", "we've", "they're", "nobody"];
/// Words that go before a noun.
pub(super) const DETERMINERS: [&str; 19] = [
    "the", "a", "an", "my", "our", "your", "his", "her", "their", "its", "this", "these", "those", "every",
    "each", "no", "some", "any", "another",
];
/// Small words of degree and time between a subject and its verb.
pub(super) const ADVERBS: [&str; 30] = [
    "then",
    "also",
    "just",
    "finally",
    "eventually",
    "quickly",
    "personally",
    "actually",
    "really",
    "immediately",
    "simply",
    "basically",
    "literally",
    "even",
    "first",
    "initially",
    "soon",
    "later",
    "still",
    "carefully",
    "slowly",
    "quietly",
    "gradually",
    "recently",
    "successfully",
    "directly",
    "once",
    "therefore",
    "suddenly",
    "manually",
];
/// Particles with which a clause may well end.
const FINAL_PARTICLES: [&str; 7] = ["out", "up", "off", "down", "away", "through", "back"];

/// True for a word that leaves a phrase hanging.
pub(super) fn dangles(word: &str) -> bool {
    (PREPOSITIONS.contains(&word) && !FINAL_PARTICLES.contains(&word))
        || CLAUSE.contains(&word)
        || FINITE.contains(&word)
        || DETERMINERS.contains(&word)
        || SUBJECTS.contains(&word)
        || ADVERBS.contains(&word) && word != "first" && word != "later" && !word.ends_with("ly")
        || matches!(
            word,
            "and"
                | "that"
                | "not"
                | "very"
                | "so"
                | "quite"
                | "too"
                | "than"
                | "more"
                | "most"
                | "less"
                | "only"
                | "nor"
                | "both"
                | "other"
                | "such"
                | "own"
                | "all"
                | "almost"
                | "nearly"
                | "kind"
                | "sort"
                | "there"
                | "let"
                | "going"
                | "gonna"
                | "um"
                | "uh"
                | "er"
                | "many"
                | "few"
                | "several"
                | "different"
                | "new"
        )
}

/// True for a word that cannot be said back: the listener's own "you", or one that points at nothing.
fn unsayable(word: &str) -> bool {
    matches!(
        word,
        "you"
            | "your"
            | "yours"
            | "yourself"
            | "you're"
            | "you've"
            | "um"
            | "uh"
            | "er"
            | "erm"
            | "hmm"
            | "blah"
            | "etc"
    )
}

/// The words from one token to another (the last included) as said to the one who said them: "my manager" is
/// "your manager". `None` if they cannot be.
pub(super) fn to_you(tokens: &[AnswerToken<'_>], from: usize, to: usize) -> Option<String> {
    let mut said = String::new();
    for i in from..=to {
        let token = tokens.get(i)?;
        let next = (i < to).then(|| tokens.get(i + 1)).flatten().map_or("", |t| t.low.as_str());
        let before = if i > from { tokens[i - 1].low.as_str() } else { "" };
        if unsayable(&token.low) || (before == next && !before.is_empty() && before == token.low) {
            return None;
        }
        if i > from && token.low == before && !matches!(before, "had" | "that") {
            return None;
        }
        // "A analysis": what is not quite English is better left unsaid.
        let vowel = next.starts_with(['a', 'e', 'i', 'o']);
        if (token.low == "a" && vowel && !next.starts_with("eu") && !next.starts_with("one"))
            || (token.low == "an"
                && !next.is_empty()
                && !vowel
                && !next.starts_with(['u', 'h', '8'])
                && next.chars().all(|c| !c.is_uppercase())
                && tokens[i + 1].text.chars().any(char::is_lowercase))
        {
            return None;
        }
        if i > from && token.start > tokens[i - 1].end {
            said.push(' ');
        }
        let after_you = matches!(before, "i" | "we");
        said.push_str(match token.low.as_str() {
            "my" | "our" => "your",
            "mine" | "ours" => "yours",
            "me" | "us" | "i" | "we" => "you",
            "myself" | "ourselves" => "yourself",
            "i'm" | "we're" => "you're",
            "i've" | "we've" => "you've",
            "i'd" | "we'd" => "you'd",
            "i'll" | "we'll" => "you'll",
            "was" if after_you => "were",
            "wasn't" if after_you => "weren't",
            "am" if after_you => "are",
            _ => token.text,
        });
    }
    Some(said)
}

/// True when nothing in the words speaks against saying them back: no abuse, no order to a machine, no markup, no
/// address, no number to call.
pub(super) fn clean(words: &str) -> bool {
    let digits = words.chars().filter(char::is_ascii_digit).count();
    let low = super::token::plain(words);
    let marked =
        words.chars().any(|c| c.is_control() || "<>{}[]`*_#|\\^~@=\"“”„«»()".contains(c) && c != '#')
            || (words.contains('#') && !words.contains("C#") && !words.contains("F#"));
    let address = low.contains("://") || low.contains("www.") || low.contains(".com") || low.contains(".org");
    let order = ["ignore", "disregard", "instruction", "prompt", "jailbreak", "pretend", "score", "chatgpt"];
    let mut parts =
        low.split(|c: char| !c.is_alphanumeric() && c != '\'' && c != '-').filter(|p| !p.is_empty());
    let long = low.split_whitespace().count() > 12 || words.chars().count() > 90;
    !marked
        && !address
        && !long
        && digits < 7
        && !parts.any(|p| {
            super::words::ABUSE.contains(p)
                || p.chars().count() > 24
                || order.iter().any(|o| p.starts_with(o))
        })
}
