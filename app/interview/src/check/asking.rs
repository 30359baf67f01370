//! What of a sentence asks: question words, requests and wishes to know.

/// Requests that lead to a question or narrow one, by their first words.
const SCENES: [&str; 18] = [
    "think", "take", "pick", "choose", "imagine", "picture", "go", "start", "begin", "consider", "say",
    "set", "name", "recall", "let", "suppose", "put", "use",
];

/// Whether a request only sets the scene: "Take one day.", "Start with the alarm."
pub(super) fn sets_the_scene(sentence: &str) -> bool {
    let words = words(sentence);
    let first = words.iter().find(|w| !LEAD_INS.contains(&w.as_str()));
    let me = words.iter().any(|w| matches!(w.as_str(), "me" | "us"));
    first.is_some_and(|w| SCENES.contains(&w.as_str())) && !me
}

/// How many questions a sentence asks that has a question mark of its own (`marked`) or one inside a quotation.
pub(super) fn questions(sentence: &str, marked: bool, quoted_mark: bool) -> usize {
    let words = words(sentence);
    let lead = words.iter().take_while(|w| LEAD_INS.contains(&w.as_str())).count();
    let asks = marked || (quoted_mark && words.get(lead).is_some_and(|w| asking(w)));
    if asks { 1 + joined(sentence) } else { 0 }
}

const QUESTION_WORDS: [&str; 9] = ["what", "who", "whom", "whose", "which", "when", "where", "why", "how"];
const AUXILIARIES: [&str; 16] = [
    "did", "do", "does", "is", "are", "was", "were", "have", "has", "had", "would", "could", "can", "will",
    "should", "may",
];

fn asking(word: &str) -> bool {
    QUESTION_WORDS.contains(&word)
}

/// How many more questions are joined to the first one by "and" or "or", each beginning with a question word.
fn joined(sentence: &str) -> usize {
    let words = words(sentence);
    let at = |i: usize| words.get(i).map_or("", String::as_str);
    let Some(first) = words.iter().position(|w| asking(w) || AUXILIARIES.contains(&w.as_str())) else {
        return 0;
    };
    // "Can you tell me what ... and why ...?": the polite frame asks by the words after it.
    let polite = matches!(at(first), "can" | "could" | "would" | "will" | "may")
        && matches!(at(first + 1), "you" | "i")
        && words
            .iter()
            .skip(first + 2)
            .take(3)
            .any(|w| matches!(w.as_str(), "tell" | "say" | "explain" | "describe" | "ask" | "share"));
    let lead = if polite {
        words.iter().skip(first).position(|w| asking(w)).map_or(words.len(), |n| n + first)
    } else {
        first
    };
    (lead + 1..words.len())
        .filter(|&i| matches!(at(i), "and" | "or") && asking(at(lead)))
        .filter(|&i| {
            let (next, after) = (at(i + 1), at(i + 2));
            if AUXILIARIES.contains(&next) {
                return matches!(after, "you" | "they" | "he" | "she" | "it" | "your" | "the" | "there");
            }
            // "What to keep and what to drop", "who was hit and who was not": one question about two things.
            let object = after == "to" || words[lead + 1..i].iter().any(|w| w == next);
            // "Who or what", "when and where": one question about either, or about one moment.
            let either = i == lead + 1
                && (at(i) == "or" || [at(lead), next].iter().all(|w| matches!(*w, "when" | "where")));
            asking(next) && !object && !either && !matches!((at(i), next), ("or", "when"))
        })
        .count()
}

fn words(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric() && c != '\'' && c != '’')
        .filter(|w| !w.is_empty())
        .map(str::to_lowercase)
        .collect()
}

/// Requests that ask without a question mark, by their first words.
const IMPERATIVES: [&[&str]; 50] = [
    &["tell", "me"],
    &["tell", "us"],
    &["describe"],
    &["walk", "me"],
    &["walk", "us"],
    &["talk", "me"],
    &["talk", "us"],
    &["talk", "about"],
    &["take", "me"],
    &["take", "us"],
    &["take", "one"],
    &["take", "the"],
    &["give", "me"],
    &["give", "us"],
    &["give", "an"],
    &["think", "of"],
    &["think", "back"],
    &["pick"],
    &["choose"],
    &["name"],
    &["share"],
    &["explain"],
    &["show", "me"],
    &["begin", "with"],
    &["start", "with"],
    &["start", "at"],
    &["start", "from"],
    &["say", "more"],
    &["say", "a"],
    &["say", "what"],
    &["say", "how"],
    &["imagine"],
    &["picture"],
    &["go", "back"],
    &["let", "me", "hear"],
    &["let's", "hear"],
    &["let's", "talk"],
    &["let's", "look"],
    &["set", "the"],
    &["paint", "the"],
    &["paint", "a"],
    &["recall"],
    &["outline"],
    &["sketch"],
    &["expand", "on"],
    &["elaborate", "on"],
    &["unpack"],
    &["break", "down"],
    &["compare"],
    &["consider"],
];

/// Phrases that ask anywhere in a sentence.
const WISHES: [&str; 12] = [
    "like to hear",
    "love to hear",
    "like to know",
    "want to hear",
    "want to know",
    "interested to hear",
    "curious how",
    "curious what",
    "curious about",
    "curious why",
    "wonder what",
    "wonder how",
];

/// Whether a sentence asks without a question mark: "Tell me about it.", "I would like to hear how."
pub(super) fn asks_by_imperative(sentence: &str) -> bool {
    let low = sentence.to_lowercase();
    if WISHES.iter().any(|w| low.contains(w)) || wishes(&low) {
        return true;
    }
    // An imperative stands at the beginning of a clause, courtesies and a name before it.
    low.split([',', ';', ':', '—', '–', '(', '"', '“']).any(|clause| {
        let words = words(clause);
        let lead = words.iter().take_while(|w| LEAD_INS.contains(&w.as_str())).count();
        if words.get(lead..).is_some_and(to_me) {
            return true;
        }
        // "Perhaps you could start with the first hour."
        let invited = matches!(words.get(lead..lead + 2), Some([you, could])
            if you == "you" && matches!(could.as_str(), "could" | "can" | "might" | "may"));
        let lead = lead + if invited && (low.contains("perhaps") || low.contains("maybe")) { 2 } else { 0 };
        IMPERATIVES
            .iter()
            .any(|i| words.len() > lead + i.len() && words[lead..].iter().zip(*i).all(|(a, b)| a == b))
    })
}

/// "Run me through ...", "Help us understand ...": whatever is to be done for the one who asks.
fn to_me(words: &[String]) -> bool {
    const NOT: [&str; 30] = [
        "let", "excuse", "thank", "thanks", "believe", "trust", "forgive", "pardon", "allow", "give",
        "gives", "tells", "told", "gave", "of", "to", "for", "with", "from", "about", "and", "than", "like",
        "on", "in", "by", "it", "that", "you", "strikes",
    ];
    let [verb, me, rest, ..] = words else { return false };
    let through = matches!(
        rest.as_str(),
        "through"
            | "into"
            | "back"
            | "understand"
            | "see"
            | "a"
            | "the"
            | "one"
            | "an"
            | "how"
            | "what"
            | "why"
            | "in"
            | "to"
            | "up"
            | "on"
            | "about"
            | "get"
            | "follow"
            | "some"
            | "more"
    );
    matches!(me.as_str(), "me" | "us") && through && !NOT.contains(&verb.as_str())
}

/// "I would like to understand ...", "We'd be keen to hear ...": a wish of the one who asks to know.
fn wishes(low: &str) -> bool {
    const WISH: [&str; 14] = [
        "like",
        "love",
        "want",
        "curious",
        "interested",
        "keen",
        "wonder",
        "wondering",
        "eager",
        "hope",
        "hoping",
        "glad",
        "happy",
        "fascinated",
    ];
    const TO_KNOW: [&str; 18] = [
        "hear",
        "know",
        "understand",
        "learn",
        "see",
        "explore",
        "about",
        "how",
        "what",
        "why",
        "whether",
        "who",
        "which",
        "when",
        "where",
        "talk",
        "ask",
        "more",
    ];
    let words = words(low);
    let i = |w: &String| {
        matches!(w.as_str(), "i" | "we" | "i'd" | "i'm" | "we'd" | "i’d" | "i’m" | "we’d" | "me")
    };
    words.iter().enumerate().filter(|(_, w)| i(w)).any(|(at, _)| {
        let near = words.get(at + 1..(at + 6).min(words.len())).unwrap_or_default();
        let Some(wish) = near.iter().position(|w| WISH.contains(&w.as_str())) else { return false };
        let after = words.get(at + 2 + wish..(at + 7 + wish).min(words.len())).unwrap_or_default();
        let glad = matches!(near[wish].as_str(), "glad" | "happy" | "like");
        after.iter().any(|w| TO_KNOW.contains(&w.as_str()))
            && (!glad || near.iter().any(|w| w == "would") || words[at].ends_with('d'))
    })
}

/// Words before an imperative.
const LEAD_INS: [&str; 16] = [
    "so", "then", "now", "well", "please", "okay", "ok", "and", "but", "just", "still", "first", "instead",
    "perhaps", "maybe", "also",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_without_a_mark() {
        for line in [
            "Run me through the first hour.",
            "Help me understand why that mattered.",
            "I would like to understand how you chose it.",
            "Set the scene for me.",
            "I'd be keen to hear more about the night.",
            "We would love to know who decided it.",
            "Paint me a picture of the ward that evening.",
            "Tell me about the vendor.",
            "Ana, describe that night.",
            "So, walk me through the first hour.",
            "I'd like to hear about the night.",
        ] {
            assert!(asks_by_imperative(line), "{line}");
        }
        for line in [
            "I think that was hard.",
            "Take your time.",
            "I am glad to see you.",
            "Excuse me for a moment.",
            "Let me give that a moment.",
            "They tell everyone.",
            "Thanks for the picture",
        ] {
            assert!(!asks_by_imperative(line), "{line}");
        }
    }
}
