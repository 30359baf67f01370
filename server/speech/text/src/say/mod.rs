//! Text made speakable: numbers, symbols, abbreviations and names become words, each with the part of the written text
//! that it stands for, so that an interruption can be cut to the word.
//!
//! Characters become few ([`letters`]), then tokens ([`token`]); at each token the first rule that knows what stands
//! there says how it is read. A rule looks ahead a bounded number of tokens, so the time is linear in the text.
//! Read as American English: that is the voice's dictionary.

mod amount;
pub(crate) mod cardinal;
mod date;
mod digits;
mod letters;
mod line;
mod names;
mod roman;
mod speakable;
mod special;
mod symbol;
mod time;
mod token;
mod unit;
mod web;
mod word;

use speakable::SpeakableBuilder;
pub use speakable::{Speakable, SpokenSpan};
use token::{Verbalisation, View};

type Rule = fn(&View<'_>) -> Option<Verbalisation>;

/// In the order in which they are asked. Together they read every token.
const RULES: &[Rule] = &[
    line::read,
    special::read,
    web::read,
    date::read,
    digits::read,
    time::ratio,
    amount::read,
    roman::read,
    word::read,
    symbol::read,
];

/// How often a text is read again at most; once is nearly always enough to see that it stays.
const MOST_READINGS: usize = 4;

/// What is said when a text has letters, but none that can be put into Latin ones.
const UNREADABLE: &str = "something in another script";

/// How a text is spoken. Empty only when the text has no letter and no digit; reading the result again changes nothing.
///
/// ```
/// let said = speech_text::say::words("We cut p99 by 45%.");
/// assert_eq!(said.text, "We cut P ninety nine by forty five percent.");
/// ```
#[must_use]
pub fn words(text: &str) -> Speakable {
    let mut said = read(text);
    if said.text.is_empty() && text.contains(char::is_alphanumeric) {
        let mut writer = SpeakableBuilder::default();
        writer.say(UNREADABLE, &(0..text.len()));
        said = writer.finish();
    }
    // What a mark kept apart may mean more once the mark is gone ("Phase 'V'"): read until nothing changes.
    for _ in 0..MOST_READINGS {
        let again = read(&said.text);
        if again.text == said.text {
            break;
        }
        said = again.through(&said);
    }
    said
}

/// The text once through the rules.
fn read(text: &str) -> Speakable {
    let tokens = token::tokens(&letters::letters(text));
    let mut writer = SpeakableBuilder::default();
    let mut at = 0;
    while at < tokens.len() {
        let view = View::new(&tokens, at, writer.last());
        let reading = RULES.iter().find_map(|rule| rule(&view)).unwrap_or_else(|| token::part(1, ""));
        for part in reading {
            let end = at + part.tokens;
            let source = tokens[at].source.start..tokens[end - 1].source.end;
            // Two numbers side by side would be heard as one.
            if tokens[at..end].iter().any(|t| t.kind == token::WrittenTokenKind::Digits)
                && writer.last().is_some_and(cardinal::is_word)
                && part.said.split(' ').next().is_some_and(|first| {
                    first == "point" || cardinal::is_word(first) || cardinal::is_ordinal(first)
                })
            {
                writer.pause(',');
            }
            writer.say(&part.said, &source);
            at = end;
        }
    }
    writer.finish()
}

/// Only the spoken text of [`words`].
#[must_use]
pub fn speakable(text: &str) -> String {
    words(text).text
}
