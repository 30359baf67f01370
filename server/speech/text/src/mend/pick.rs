//! Picking out of a CV or a job description what a model may mishear: names, technologies, whatever is not in
//! everybody's mouth.

use std::collections::BTreeSet;

use super::tokens::{MendToken, norm, tokens};
use super::words::WordFamiliarity;

/// Most terms out of texts.
pub(super) const MOST_PICKED: usize = 400;
/// Most tokens of a text that are looked at.
const MOST_READ: usize = 20_000;
/// Longest word that is picked, in bytes.
const LONGEST: usize = 40;

/// The words of these texts that may be misheard, in the order in which they come, at most [`MOST_PICKED`].
pub(super) fn pick(texts: &[&str]) -> Vec<String> {
    let mut picked = Vec::new();
    let mut seen = BTreeSet::new();
    for text in texts {
        for token in tokens(text, MOST_READ) {
            let written = &text[token.at.clone()];
            if picked.len() < MOST_PICKED && wanted(&token, written) && seen.insert(norm(written)) {
                picked.push(written.to_owned());
            }
        }
    }
    picked
}

fn wanted(token: &MendToken, written: &str) -> bool {
    let letters = written.chars().filter(|c| c.is_alphabetic()).count();
    let capital = written.chars().any(char::is_uppercase);
    // E-mail addresses, links and dates are not said like words.
    let odd = written.contains(['@', '_', '\\', ':']) || written.contains("//") || written.contains("www.");
    let usual = token.known < WordFamiliarity::Name;
    letters >= 3 && token.digits.len() <= 4 && written.len() <= LONGEST && !odd && capital && !usual
}
