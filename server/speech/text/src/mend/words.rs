//! Words of ordinary English: how common they are, and how they sound where the rules would get it wrong.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::letters::spell_out;
use super::sounds::{PhonemeIndex, by_letter};
use crate::say::cardinal;

/// How well known a word is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum WordFamiliarity {
    /// Holds sentences together: "the", "was", "with".
    Glue,
    /// Everybody says it.
    Common,
    /// Everybody knows it.
    Usual,
    /// In every dictionary, or a form of a usual word.
    Rare,
    /// A name of people or places.
    Name,
    /// In no list.
    Not,
}

#[derive(Clone, Copy)]
struct WordListEntry {
    known: WordFamiliarity,
    sounds: Option<&'static str>,
}

static WORDS: LazyLock<HashMap<&'static str, WordListEntry>> = LazyLock::new(|| {
    let mut known = WordFamiliarity::Glue;
    let mut words = HashMap::new();
    for line in include_str!("data/words.txt").lines() {
        if let Some(section) = line.strip_prefix("= ") {
            known = match section {
                "glue" => WordFamiliarity::Glue,
                "common" => WordFamiliarity::Common,
                "usual" => WordFamiliarity::Usual,
                "rare" => WordFamiliarity::Rare,
                _ => WordFamiliarity::Name,
            };
        } else if !line.starts_with('#') {
            for word in line.split_whitespace() {
                let (word, sounds) = match word.split_once(':') {
                    Some((word, sounds)) => (word, Some(sounds)),
                    None => (word, None),
                };
                // The first section that has a word has it.
                words.entry(word).or_insert(WordListEntry { known, sounds });
            }
        }
    }
    words
});

/// Ends that make a form of a word, and what may have stood in their place.
const ENDS: &[(&str, &[&str])] = &[
    ("ies", &["y"]),
    ("ied", &["y"]),
    ("es", &["", "e"]),
    ("s", &[""]),
    ("ed", &["", "e"]),
    ("ing", &["", "e"]),
    ("ers", &["", "e"]),
    ("er", &["", "e"]),
    ("ily", &["y"]),
    ("ly", &["", "le"]),
    ("ness", &[""]),
    ("est", &["", "e"]),
    ("y", &["", "e"]),
    ("able", &["", "e"]),
    ("less", &[""]),
    ("ful", &[""]),
    ("ment", &[""]),
];

/// How well known a word (small letters) is.
pub(super) fn known(word: &str) -> WordFamiliarity {
    if let Some(entry) = WORDS.get(word) {
        return entry.known;
    }
    if word.len() >= 5 && form(word) { WordFamiliarity::Rare } else { WordFamiliarity::Not }
}

/// Whether it is a form of a word of the lists.
fn form(word: &str) -> bool {
    let there = |stem: &str| {
        stem.len() >= 3 && WORDS.get(stem).is_some_and(|entry| entry.known < WordFamiliarity::Name)
    };
    ENDS.iter().filter_map(|(end, befores)| word.strip_suffix(end).map(|stem| (*end, stem, befores))).any(
        |(end, stem, befores)| {
            // "planned" is of "plan".
            let single = stem.strip_suffix(|last| stem.chars().rev().nth(1) == Some(last));
            let doubles = matches!(end, "ed" | "ing" | "er" | "ers" | "est");
            befores.iter().any(|before| there(&format!("{stem}{before}")))
                || (doubles && single.is_some_and(there))
        },
    )
}

/// How a word (small letters) sounds, after what is there already. Letters beyond a to z are left out.
pub(super) fn sounds(word: &str, out: &mut Vec<PhonemeIndex>) {
    match WORDS.get(word) {
        Some(WordListEntry { sounds: Some(sounds), .. }) => out.extend(sounds.bytes().filter_map(by_letter)),
        Some(_) => spell_out(word, out),
        None => {
            let plain: String = word.chars().filter_map(plain).collect();
            spell_out(&plain, out);
        }
    }
}

/// A letter without its marks.
fn plain(c: char) -> Option<char> {
    Some(match c {
        'a'..='z' => c,
        'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' | 'ą' => 'a',
        'è' | 'é' | 'ê' | 'ë' | 'ę' | 'ě' => 'e',
        'ì' | 'í' | 'î' | 'ï' | 'ı' => 'i',
        'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'ø' | 'ő' => 'o',
        'ù' | 'ú' | 'û' | 'ü' | 'ů' | 'ű' => 'u',
        'ç' | 'ć' | 'č' => 'c',
        'ñ' | 'ń' | 'ň' => 'n',
        'ł' => 'l',
        'š' | 'ś' | 'ş' | 'ß' => 's',
        'ž' | 'ź' | 'ż' => 'z',
        'ý' => 'y',
        'ř' => 'r',
        _ => return None,
    })
}

/// The names of the letters.
const NAMES: [&str; 26] = [
    "e", "bi", "si", "di", "i", "Ef", "Ji", "eC", "Y", "Je", "ke", "El", "Em", "En", "O", "pi", "kju", "Ar",
    "Es", "ti", "ju", "vi", "dVbVlju", "Eks", "wY", "zi",
];

/// The name of a letter, a to z in either case.
pub(super) fn letter(c: char, out: &mut Vec<PhonemeIndex>) {
    if c.is_ascii_alphabetic() {
        let name = NAMES[usize::from(c.to_ascii_lowercase() as u8 - b'a')];
        out.extend(name.bytes().filter_map(by_letter));
    }
}

/// How digits sound: below a hundred as a number, otherwise one by one.
pub(super) fn digits(digits: &str, out: &mut Vec<PhonemeIndex>) {
    let said = match digits.parse() {
        Ok(number) if digits.len() <= 2 => cardinal::number(number),
        Ok(_) | Err(_) => cardinal::spelled(digits),
    };
    said.split(' ').for_each(|word| sounds(word, out));
}

/// Whether a word (small letters) says a number, which must never be lost.
pub(super) fn number(word: &str) -> bool {
    matches!(word, "half" | "dozen") || cardinal::is_word(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_sound_as_they_are_said() {
        let sound = |text: &str| {
            let mut out = Vec::new();
            digits(text, &mut out);
            out
        };
        let letters = |letters: &str| letters.bytes().filter_map(by_letter).collect::<Vec<_>>();
        for (number, sounds) in [
            "zIrO", "wVn", "tu", "Tri", "for", "fYv", "sIks", "sEvVn", "et", "nYn", "tEn", "IlEvVn", "twElv",
            "T3tin", "fortin", "fIftin", "sIkstin", "sEvVntin", "etin", "nYntin", "twEnti",
        ]
        .into_iter()
        .enumerate()
        {
            assert_eq!(sound(&number.to_string()), letters(sounds), "{number}");
        }
        for (digits, sounds) in [
            ("30", "T3ti"),
            ("40", "forti"),
            ("50", "fIfti"),
            ("60", "sIksti"),
            ("70", "sEvVnti"),
            ("80", "eti"),
            ("90", "nYnti"),
            ("42", "fortitu"),
            ("05", "fYv"),
            ("505", "fYvzIrOfYv"),
        ] {
            assert_eq!(sound(digits), letters(sounds), "{digits}");
        }
    }

    #[test]
    fn numbers_are_known_by_their_words() {
        for word in ["zero", "twelve", "ninety", "hundred", "trillion", "half", "dozen"] {
            assert!(number(word), "{word}");
        }
        for word in ["", "ones", "first", "and"] {
            assert!(!number(word), "{word}");
        }
    }
}
