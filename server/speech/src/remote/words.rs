//! The words of a text, and where each of them ends in it.

/// A word as it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SourceWord {
    /// The word with its punctuation.
    pub text: String,
    /// How many bytes of the text are said once it has been said.
    pub end: usize,
}

/// The words of a text, counted from `from` bytes.
pub(super) fn words(text: &str, from: usize) -> Vec<SourceWord> {
    let start = |word: &str| word.as_ptr() as usize - text.as_ptr() as usize;
    let written = |word: &str| SourceWord { text: word.to_owned(), end: from + start(word) + word.len() };
    text.split_whitespace().filter(|word| word.contains(char::is_alphanumeric)).map(written).collect()
}

/// The letters and digits of a word, small: what two ways to write it share.
pub(super) fn bare(word: &str) -> String {
    word.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}
