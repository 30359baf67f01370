//! Names, acronyms and abbreviations that are not said as they are written.

/// Whatever their case.
const ANY_CASE: &[(&str, &str)] = &[("json", "Jason")];

/// Only in this case.
const THIS_CASE: &[(&str, &str)] = &[("RAM", "ram")];

/// Words that are written in capitals for weight, so short that they would be spelled.
const SHOUTED: &[&str] = &["AND", "NOT", "OR"];

/// How a name is said, if not as it is written.
pub(super) fn name(word: &str) -> Option<&'static str> {
    THIS_CASE
        .iter()
        .find(|(written, _)| *written == word)
        .or_else(|| ANY_CASE.iter().find(|(written, _)| written.eq_ignore_ascii_case(word)))
        .map(|(_, said)| *said)
}

pub(super) fn is_shouted(word: &str) -> bool {
    SHOUTED.contains(&word)
}
