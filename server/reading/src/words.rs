//! The words of a text and its pairs of neighbouring words: what the heads know by name, beside what the model makes of
//! it.

use std::collections::BTreeMap;

/// The words and pairs of words in a text, each once, sorted. A pair can be of a word and the text's beginning or end.
pub fn grams(text: &str) -> Vec<String> {
    let tokens = tokens(text);
    let from = std::iter::once("^").chain(tokens.iter().map(String::as_str));
    let to = tokens.iter().map(String::as_str).chain(["$"]);
    let mut grams: Vec<String> = from.zip(to).map(|(one, other)| format!("{one} {other}")).collect();
    grams.extend(tokens);
    grams.sort();
    grams.dedup();
    grams
}

/// Words in lower case, every number as `0`, and the marks that say something.
fn tokens(text: &str) -> Vec<String> {
    let letters = text.chars().map(|letter| if letter == '’' { '\'' } else { letter });
    let letters: Vec<char> = letters.flat_map(char::to_lowercase).collect();
    let run = |from: usize, of: fn(&char) -> bool| {
        letters.get(from..).unwrap_or_default().iter().take_while(|letter| of(letter)).count()
    };
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(letter) = letters.get(at) {
        let mut length = 1;
        match letter {
            'a'..='z' => {
                length = run(at, char::is_ascii_lowercase);
                if letters.get(at + length) == Some(&'\'') {
                    let tail = run(at + length + 1, char::is_ascii_lowercase);
                    length += if tail > 0 { 1 + tail } else { 0 };
                }
                tokens.push(letters[at..at + length].iter().collect());
            }
            '0'..='9' => {
                length = run(at, char::is_ascii_digit);
                tokens.push("0".to_owned());
            }
            '?' | '!' | ':' | '%' => tokens.push(letter.to_string()),
            '-' if letters.get(at + 1) == Some(&' ') => tokens.push("-".to_owned()),
            _ => {}
        }
        at += length;
    }
    tokens
}

/// The words and pairs that are known, by number.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NgramVocabulary {
    /// Sorted.
    known: Vec<String>,
}

impl NgramVocabulary {
    /// What is in at least so many of these texts.
    pub fn common<'a>(texts: impl Iterator<Item = &'a [String]>, least: usize) -> Self {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for gram in texts.flatten() {
            *counts.entry(gram).or_default() += 1;
        }
        let common = counts.into_iter().filter(|(_, count)| *count >= least);
        Self { known: common.map(|(gram, _)| gram.to_owned()).collect() }
    }

    /// Written down with a line break between them; in whatever order, they are found again.
    pub(crate) fn parse(lines: &str) -> Self {
        let mut known: Vec<String> = lines.lines().map(str::to_owned).collect();
        known.sort();
        known.dedup();
        Self { known }
    }

    /// As [`NgramVocabulary::parse`] reads it.
    pub(crate) fn lines(&self) -> String {
        self.known.join("\n")
    }

    /// How many are known.
    pub fn len(&self) -> usize {
        self.known.len()
    }

    /// Whether none is known.
    pub fn is_empty(&self) -> bool {
        self.known.is_empty()
    }

    /// The numbers of those of these that are known.
    pub fn numbers<'a>(&'a self, grams: &'a [String]) -> impl Iterator<Item = u32> + 'a {
        grams.iter().filter_map(|gram| u32::try_from(self.known.binary_search(gram).ok()?).ok())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn words_numbers_and_telling_marks_count() {
        let of = |text| tokens(text).join(" ");
        assert_eq!(
            of("I’d cut 1,200 - no: 12.5% of 'em, don't' x-ray! É"),
            "i'd cut 0 0 - no : 0 0 % of em don't x ray !"
        );
        assert_eq!(of("-"), "");
        assert_eq!(grams("We did. We"), ["^ we", "did", "did we", "we", "we $", "we did"]);
        assert_eq!(grams(""), ["^ $"]);
    }

    #[test]
    fn what_is_common_is_known() {
        let texts = [grams("we did"), grams("we do"), grams("you did")];
        let known = NgramVocabulary::common(texts.iter().map(Vec::as_slice), 2);
        assert_eq!(known.lines(), "^ we\ndid\ndid $\nwe");
        assert_eq!(known.numbers(&texts[2]).collect::<Vec<_>>(), [1, 2]);
        assert_eq!(NgramVocabulary::parse(&known.lines()), known);
        assert!(NgramVocabulary::parse("").is_empty());
    }

    proptest! {
        #[test]
        fn any_text_has_words(text in any::<String>()) {
            grams(&text);
        }
    }
}
