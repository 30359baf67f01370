//! A text word by word: the words of an answer, each with its place, and lists of words.

/// Whether a list, words with white space between them, has this word.
pub(super) fn list_contains(list: &str, word: &str) -> bool {
    list.split_whitespace().any(|known| known == word)
}

/// A word of an answer.
pub(super) struct AnswerWord {
    /// In small letters.
    pub(super) lower: String,
    /// Where it begins, in bytes.
    pub(super) start: usize,
    /// The byte after it.
    pub(super) end: usize,
    /// Punctuation follows.
    pub(super) stop: bool,
}

/// The words of an answer.
pub(super) fn answer_words(answer: &str) -> Vec<AnswerWord> {
    let mut words = Vec::new();
    let mut start = None;
    for (at, letter) in answer.char_indices().chain([(answer.len(), ' ')]) {
        let inner = letter.is_alphanumeric() || matches!(letter, '\'' | '’' | '-');
        match (start, inner) {
            (None, true) => start = Some(at),
            (Some(from), false) => {
                let lower = answer[from..at].to_lowercase().replace('’', "'");
                words.push(AnswerWord {
                    lower,
                    start: from,
                    end: at,
                    stop: !letter.is_whitespace() || at == answer.len(),
                });
                start = None;
            }
            (None, false) => {
                if let Some(last) = words.last_mut() {
                    last.stop |= !letter.is_whitespace();
                }
            }
            (Some(_), true) => {}
        }
    }
    words
}
