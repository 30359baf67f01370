//! Speaking: text in, stretches of sound out, sentence by sentence.
//!
//! [`sentences`] cuts the text, [`words`] makes each piece speakable and knows what each spoken word stands for, a
//! [`Synthesiser`] says it, [`finish`] makes it even and trims it, [`cache`] keeps what is said often, and [`LocalVoice`]
//! is all of that on the threads of the pool.

mod cache;
mod finish;
mod level;
mod local_voice;
pub mod sentences;
mod words;

use std::time::Duration;

pub use self::local_voice::{LocalVoice, Synthesiser};
use self::sentences::PieceEnd;

/// How long to be silent after a piece of text before the next one is said, at the voice's own pace: for whoever says
/// sentences one by one as they come. Within one request it is done already.
pub fn pause_after(text: &str, end: PieceEnd) -> Duration {
    let last = text.trim_end().trim_end_matches(|letter: char| !letter.is_alphanumeric() && !is_mark(letter));
    let milliseconds = match (end, last.chars().last()) {
        (PieceEnd::Paragraph, _) => 420,
        (_, Some('…')) => 350,
        (_, Some('?')) => 320,
        (_, Some('.' | '!')) => 290,
        (_, Some(':' | ';')) => 240,
        (_, Some('—' | '–')) => 200,
        (PieceEnd::Sentence, _) => 290,
        (PieceEnd::Clause, _) => 160,
        (PieceEnd::Word, _) => 0,
    };
    Duration::from_millis(milliseconds)
}

fn is_mark(letter: char) -> bool {
    matches!(letter, '…' | '?' | '!' | '.' | ':' | ';' | ',' | '—' | '–')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_follow_the_punctuation() {
        let pause = |text, end| pause_after(text, end).as_millis();
        assert_eq!(pause("Yes.", PieceEnd::Sentence), 290);
        assert_eq!(pause("\"Really?\" ", PieceEnd::Sentence), 320);
        assert_eq!(pause("and then,", PieceEnd::Clause), 160);
        assert_eq!(pause("a list:", PieceEnd::Clause), 240);
        assert_eq!(pause("Good 👍", PieceEnd::Sentence), 290);
        assert_eq!(pause("Title", PieceEnd::Paragraph), 420);
        assert_eq!(pause("word", PieceEnd::Word), 0);
        assert_eq!(pause("", PieceEnd::Sentence), 290);
    }
}
