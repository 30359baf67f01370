//! A text by sentences, well enough to speak one after the other.

use std::ops::Range;

/// Longest sentence, in bytes; a longer one is cut at a space.
const LONGEST: usize = 400;
/// What a point does not end.
const SHORT: [&str; 12] = ["mr", "mrs", "ms", "dr", "prof", "e.g", "i.e", "etc", "vs", "st", "no", "approx"];

/// Where the sentences of a text are, without the spaces around them. Together they hold all its words.
pub(crate) fn sentences(text: &str) -> Vec<Range<usize>> {
    let mut sentences = Vec::new();
    let mut start = 0;
    let mut space = None;
    for (at, c) in text.char_indices() {
        let long = at + c.len_utf8() - start > LONGEST;
        if c.is_whitespace() && ends(&text[start..at], &text[at..], c) {
            push(text, start..at, &mut sentences);
            (start, space) = (at, None);
        } else if long && let Some(cut) = space {
            push(text, start..cut, &mut sentences);
            (start, space) = (cut, None);
        }
        if c.is_whitespace() {
            space = Some(at);
        }
    }
    push(text, start..text.len(), &mut sentences);
    sentences
}

/// Whether a sentence ends before this space.
fn ends(before: &str, after: &str, space: char) -> bool {
    if space == '\n' && after.trim_start_matches(' ').starts_with("\n\n") {
        return true;
    }
    let bare = before.trim_end_matches(['"', '\'', '”', '’', ')', ']']);
    if !bare.ends_with(['.', '!', '?', '…']) {
        return false;
    }
    let word = bare.rsplit(char::is_whitespace).next().unwrap_or_default();
    let word = word.trim_end_matches('.').trim_start_matches('(').to_lowercase();
    let short = bare.ends_with('.') && (SHORT.contains(&word.as_str()) || word.chars().count() == 1);
    let small = after.trim_start().chars().next().is_some_and(char::is_lowercase);
    !short && !small
}

fn push(text: &str, range: Range<usize>, sentences: &mut Vec<Range<usize>>) {
    let part = &text[range.clone()];
    let start = range.start + part.len() - part.trim_start().len();
    let end = range.start + part.trim_end().len();
    if start < end {
        sentences.push(start..end);
    }
}

/// Where the sentence begins that this byte of the text is in, or the next one if it is between two.
pub(crate) fn sentence_at(text: &str, at: usize) -> usize {
    sentences(text)
        .into_iter()
        .find(|sentence| at < sentence.end)
        .map_or(text.len(), |sentence| sentence.start)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cuts_where_sentences_end() {
        let said = |text: &'static str| sentences(text).into_iter().map(|r| &text[r]).collect::<Vec<_>>();
        assert_eq!(said("Hello. How are you?  Fine!"), ["Hello.", "How are you?", "Fine!"]);
        assert_eq!(
            said("Dr. Smith of p. 3 said \"No.\" Then he left."),
            ["Dr. Smith of p. 3 said \"No.\"", "Then he left."]
        );
        assert_eq!(said("  "), Vec::<&str>::new());
        assert_eq!(said("node.js e.g. is fine"), ["node.js e.g. is fine"]);
        assert_eq!(sentence_at("One. Two three. Four.", 9), 5);
        assert_eq!(sentence_at("One. Two three. Four.", 4), 5);
        assert_eq!(sentence_at("One.", 4), 4);
    }

    #[test]
    fn long_sentences_are_cut_and_lose_nothing() {
        let text = "word ".repeat(300);
        let parts = sentences(&text);
        assert!(parts.iter().all(|part| part.len() <= LONGEST));
        let words: usize = parts.iter().map(|part| text[part.clone()].split(' ').count()).sum();
        assert_eq!(words, 300);
    }
}
