//! Words that were said against words that were heard.

use std::ops::AddAssign;

/// Word errors, and how many words there were.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Errors {
    /// Words that are wrong, left out or too many.
    pub wrong: usize,
    /// Words that were said.
    pub said: usize,
}

impl Errors {
    /// Of what was heard against what was said.
    pub fn between(said: &str, heard: &str) -> Self {
        let (said, heard) = (plain(said), plain(heard));
        let mut row: Vec<usize> = (0..=heard.len()).collect();
        for (at, word) in said.iter().enumerate() {
            let mut before = row[0];
            row[0] = at + 1;
            for (other, heard) in heard.iter().enumerate() {
                let change = before + usize::from(word != heard);
                before = row[other + 1];
                row[other + 1] = change.min(before + 1).min(row[other] + 1);
            }
        }
        Self { wrong: row[heard.len()], said: said.len() }
    }

    /// In percent of the words that were said.
    pub fn rate(self) -> f64 {
        self.wrong as f64 * 100.0 / self.said.max(1) as f64
    }
}

impl AddAssign for Errors {
    fn add_assign(&mut self, other: Self) {
        self.wrong += other.wrong;
        self.said += other.said;
    }
}

/// The words of a text as they are said, in small letters, without punctuation: "45%" and "forty-five percent" are the
/// same.
pub(crate) fn plain(text: &str) -> Vec<String> {
    let said = speech_text::say::words(text).text.to_lowercase().replace('’', "'");
    said.split(|letter: char| letter.is_whitespace() || matches!(letter, '-' | '–' | '—'))
        .map(|word| word.trim_matches(|letter: char| !letter.is_alphanumeric()))
        .filter(|word| !word.is_empty())
        .flat_map(|word| if word == "alright" { vec!["all", "right"] } else { vec![word] })
        .map(str::to_owned)
        .collect()
}

/// How many of these terms are in a text, each as often as it is listed at most.
pub(crate) fn terms_in(terms: &[String], text: &str) -> usize {
    let mut text = plain(text);
    let mut found = 0;
    for term in terms {
        let term = plain(term);
        if let Some(at) = text.windows(term.len().max(1)).position(|words| words == term) {
            // Not found again.
            text.splice(at..at + term.len(), [String::new()]);
            found += 1;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_are_counted_in_words_as_they_are_said() {
        let errors = |said, heard| Errors::between(said, heard).wrong;
        assert_eq!(errors("We cut it by 45%, alright?", "we cut it by forty-five percent all right"), 0);
        assert_eq!(errors("one two three four", "one three for four"), 2);
        assert_eq!(errors("", "You."), 1);
        assert_eq!(errors("Try again.", ""), 2);
        assert_eq!(Errors { wrong: 1, said: 4 }.rate(), 25.0);
    }

    #[test]
    fn a_term_is_found_as_often_as_it_is_said() {
        let terms = ["Rust", "GitHub", "Rust"].map(str::to_owned);
        assert_eq!(terms_in(&terms, "rust, and GitHub"), 2);
        assert_eq!(terms_in(&terms, "Rust on GitHub in rust"), 3);
        assert_eq!(terms_in(&terms, "crust"), 0);
    }
}
