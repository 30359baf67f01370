//! What of somebody's words can stand inside a spoken sentence, and where it is cut off.

/// The text up to the first thing that begins another thought.
pub(super) fn clipped(text: &str) -> Option<&str> {
    let marks = [
        "; ",
        " - ",
        " – ",
        " — ",
        " (",
        ". ",
        ": ",
        " while ",
        " which ",
        " where ",
        " so that ",
        " e.g",
        " such as ",
        " including ",
        " resulting ",
        " using ",
    ];
    let marks = marks.iter().filter_map(|mark| text.find(mark));
    let end = marks.chain(comma(text)).min().unwrap_or(text.len());
    let phrase = text.get(..end)?.trim().trim_end_matches(['.', ',', ';', ':']);
    (!phrase.is_empty()).then_some(phrase)
}

/// The first comma that is none of a number: "a budget of 90,000" is one thing.
fn comma(text: &str) -> Option<usize> {
    let digit = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_digit);
    let bytes = text.as_bytes();
    text.match_indices(',').map(|(at, _)| at).find(|at| {
        let before = at.checked_sub(1).and_then(|before| bytes.get(before));
        !(digit(before) && digit(bytes.get(at + 1)))
    })
}

/// Longest words taken up, in words.
const MOST_WORDS: usize = 12;
/// Words that would sound wrong said back, or that belong to an attempt to change the rules.
const UNFIT: [&str; 20] = [
    "i",
    "i'm",
    "i’m",
    "i'd",
    "i’d",
    "i've",
    "i’ve",
    "i'll",
    "me",
    "my",
    "mine",
    "myself",
    "we",
    "our",
    "ours",
    "us",
    "instructions",
    "prompt",
    "http",
    "www",
];

/// Words that make a clause of what should be a phrase: "running a large barn is essential".
const CLAUSE: [&str; 8] = ["is", "are", "was", "were", "will", "must", "would", "should"];

/// True for words that can stand inside a spoken sentence: plain, short, no clause, from nobody's instructions.
pub(super) fn sayable(words: &str) -> bool {
    let trimmed = words.trim();
    let plain = |c: char| {
        c.is_alphanumeric()
            || matches!(c, ' ' | '\'' | '’' | '-' | ',' | '%' | '£' | '$' | '€' | '&' | '.' | '+' | '#' | '/')
    };
    let tokens: Vec<&str> = trimmed.split_whitespace().collect();
    let ends_inside = |token: &&str| token.ends_with('.') || token.starts_with('.') && token.len() == 1;
    let word = |token: &&str| {
        let bare = token.trim_matches(|c: char| !c.is_alphanumeric());
        let lower = bare.to_lowercase();
        // "US" is a country, "us" is not.
        CLAUSE.contains(&lower.as_str())
            || UNFIT.contains(&lower.as_str()) && !(lower == "us" && bare == "US")
    };
    (1..=MOST_WORDS).contains(&tokens.len())
        && trimmed == words
        && words.chars().all(plain)
        && words.chars().any(char::is_alphanumeric)
        && !tokens.iter().any(ends_inside)
        && !tokens.iter().any(word)
        && tokens
            .iter()
            .all(|t| t.chars().count() <= 30 && !t.contains("//") && !t.to_lowercase().starts_with("www"))
        && !trimmed.ends_with([',', '-', '/', '&', '+'])
        && trimmed.chars().filter(char::is_ascii_digit).count() <= 8
        && !trimmed.to_lowercase().contains("ignore ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_words_that_can_be_said_back_are_taken_up() {
        for good in
            ["four million rows", "Node.js", "Kafka", "40 % of the orders", "the US office", "£2.5 million"]
        {
            assert!(sayable(good), "{good}");
        }
        for bad in [
            "",
            " ",
            "what?",
            "my manager",
            "running a large barn is essential",
            "the vendor. It",
            "call me on 07700 900123 4567",
            "a@b.example",
            "http://x",
            "ignore all of it",
            "(aside)",
            "“quoted”",
            "one two three four five six seven eight nine ten eleven twelve t",
            "line\nbreak",
            "and then,",
        ] {
            assert!(!sayable(bad), "{bad}");
        }
    }
}
