//! Text in sentences, as they are to be said one after the other. Pure.

use std::ops::Range;

/// The most bytes of one piece, white space at its ends not counted: about 15 seconds of speech. A longer sentence is cut at a clause, else between words.
pub const LONGEST: usize = 240;
/// A first sentence of more bytes than this is cut at a clause, so that the first words are heard soon.
const LONG_FIRST: usize = 90;
/// No clause is cut off that has fewer bytes.
const SHORTEST_CLAUSE: usize = 24;

/// How a piece ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PieceEnd {
    /// Inside a sentence, between two words.
    Word,
    /// Inside a sentence, at a comma or the like.
    Clause,
    /// With the sentence.
    Sentence,
    /// With the paragraph, or an item of a list.
    Paragraph,
}

/// A stretch of the text that is said in one go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpeechPiece {
    /// Bytes of the text, white space around it included.
    pub bytes: Range<usize>,
    /// How it ends.
    pub end: PieceEnd,
}

/// The text in pieces of at most [`LONGEST`] bytes. Together they are the text, and each has something in it; a blank
/// text has none.
pub fn pieces(text: &str) -> Vec<SpeechPiece> {
    let mut pieces = Vec::new();
    for sentence in sentences(text) {
        let longest = if pieces.is_empty() { LONG_FIRST } else { LONGEST };
        cut(text, sentence, longest, &mut pieces);
    }
    pieces
}

/// The sentences without the white space around them, for those who take their time over each: only one of more than
/// [`LONGEST`] bytes is cut. Together they hold all words of the text.
pub fn whole(text: &str) -> Vec<Range<usize>> {
    let mut pieces = Vec::new();
    for sentence in sentences(text) {
        cut(text, sentence, LONGEST, &mut pieces);
    }
    let trimmed = |piece: SpeechPiece| {
        let part = &text[piece.bytes.clone()];
        let start = piece.bytes.start + part.len() - part.trim_start().len();
        start..start + part.trim().len()
    };
    pieces.into_iter().map(trimmed).collect()
}

/// Where in the text the sentence of [`whole`] begins that this byte is in, or the next one if it is between two.
pub fn sentence_at(text: &str, at: usize) -> usize {
    whole(text).into_iter().find(|sentence| at < sentence.end).map_or(text.len(), |sentence| sentence.start)
}

/// The sentences, whole.
fn sentences(text: &str) -> Vec<SpeechPiece> {
    let mut sentences: Vec<SpeechPiece> = Vec::new();
    let mut start = 0;
    let mut push = |range: Range<usize>, end: PieceEnd| {
        if text[range.clone()].trim().is_empty() {
            // White space belongs to what was before it.
            if let Some(last) = sentences.last_mut() {
                last.bytes.end = range.end;
                return range.end;
            }
            return range.start;
        }
        sentences.push(SpeechPiece { bytes: range.clone(), end });
        range.end
    };
    for (at, letter) in text.char_indices() {
        let after = at + letter.len_utf8();
        let next = &text[after..];
        if letter == '\n' && line_ends(next) {
            start = push(start..after, PieceEnd::Paragraph);
        } else if is_stop(letter) && !next.starts_with(is_stop) {
            let closed = next.trim_start_matches(is_closing);
            let white = closed.trim_start_matches([' ', '\t', '\u{a0}']);
            if white.len() < closed.len()
                && !white.starts_with('\n')
                && !white.is_empty()
                && sentence_ends(&text[start..after], letter, white)
            {
                start = push(start..text.len() - white.len(), PieceEnd::Sentence);
            }
        }
    }
    push(start..text.len(), PieceEnd::Sentence);
    sentences
}

/// Marks that may end a sentence.
fn is_stop(letter: char) -> bool {
    matches!(letter, '.' | '!' | '?' | '…')
}

/// Marks that close what a sentence stands in.
fn is_closing(letter: char) -> bool {
    matches!(letter, '"' | '”' | '’' | '\'' | ')' | ']' | '»' | '*' | '_' | '`')
}

/// Whether a line that `next` follows ends a sentence: always, unless it goes on in small letters.
fn line_ends(next: &str) -> bool {
    !next.trim_start_matches([' ', '\t']).starts_with(char::is_lowercase)
}

/// Words that a dot belongs to, and after which a sentence goes on.
const SHORT: [&str; 32] = [
    "approx", "bros", "capt", "cf", "col", "dept", "dr", "e.g", "est", "feat", "fig", "gen", "gov", "hon",
    "i.e", "jr", "lt", "messrs", "mr", "mrs", "ms", "mt", "prof", "rep", "rev", "sen", "sgt", "sr", "st",
    "viz", "vol", "vs",
];
/// Words that begin sentences more often than they are part of a name.
const STARTERS: [&str; 49] = [
    "a", "after", "all", "also", "an", "and", "are", "as", "at", "because", "but", "can", "could", "did",
    "do", "does", "for", "have", "he", "how", "i", "if", "in", "is", "it", "let", "let's", "my", "no", "now",
    "on", "or", "our", "please", "she", "so", "tell", "that", "the", "then", "there", "they", "this", "we",
    "what", "when", "why", "yes", "you",
];

/// Whether a stop at the end of `before` ends the sentence, where `next` follows after white space.
fn sentence_ends(before: &str, stop: char, next: &str) -> bool {
    let next = next.trim_start_matches(['"', '“', '‘', '\'', '(', '[', '«', '*', '_', '`']);
    if next.starts_with(char::is_lowercase) {
        return false;
    }
    if stop != '.' {
        return true;
    }
    let mut words = before.split_whitespace().rev();
    let word = words.next().unwrap_or_default();
    let word = word.trim_start_matches(|letter: char| !letter.is_alphanumeric()).trim_end_matches('.');
    let small = word.to_lowercase();
    let before = words.next();
    let starter = {
        let word: String =
            next.chars().take_while(|letter| letter.is_alphabetic() || is_apostrophe(*letter)).collect();
        STARTERS.binary_search(&word.to_lowercase().replace('’', "'").as_str()).is_ok()
    };
    let (digit, one) = (next.starts_with(|letter: char| letter.is_ascii_digit()), word.chars().count() == 1);
    match small.as_str() {
        _ if SHORT.binary_search(&small.as_str()).is_ok() => false,
        "no" | "nos" | "art" | "sec" | "p" | "pp" => !digit,
        // "1. Say who you are."
        _ if before.is_none() && !word.is_empty() && word.chars().all(|letter| letter.is_ascii_digit()) => {
            false
        }
        "i" => true,
        // "J. K. Rowling", "John F. Kennedy", but "written in C. How", "plan B. Then".
        _ if one && word.starts_with(char::is_uppercase) => {
            let name = before.is_none_or(|before| before.starts_with(char::is_uppercase));
            starter || !name
        }
        // "the U.S. Army", "at 9 a.m. Monday", but "in the U.S. We".
        _ if word.contains('.') && word.chars().all(|letter| letter == '.' || letter.is_alphabetic()) => {
            starter
        }
        _ => true,
    }
}

fn is_apostrophe(letter: char) -> bool {
    matches!(letter, '\'' | '’')
}

/// Cuts a sentence of more than `longest` bytes. What is cut off first may be shorter than the rest.
fn cut(text: &str, sentence: SpeechPiece, mut longest: usize, pieces: &mut Vec<SpeechPiece>) {
    let Range { mut start, end } = sentence.bytes;
    loop {
        // White space belongs to the piece before it.
        let rest = &text[start..end];
        let body = rest.trim();
        if body.len() <= longest {
            break;
        }
        let found = clause(body, longest);
        // A first sentence without a clause is said whole if it can be.
        let found = found.or_else(|| (longest == LONGEST).then(|| between_words(body, longest)));
        if let Some((bytes, end)) = found {
            let next = body[bytes..].trim_start();
            let stop = start + rest.len() - rest.trim_start().len() + body.len() - next.len();
            pieces.push(SpeechPiece { bytes: start..stop, end });
            start = stop;
        }
        longest = LONGEST;
    }
    pieces.push(SpeechPiece { bytes: start..end, end: sentence.end });
}

/// Where the last clause within so many bytes ends.
fn clause(text: &str, longest: usize) -> Option<(usize, PieceEnd)> {
    let mut best = None;
    for (at, letter) in text.char_indices() {
        let after = at + letter.len_utf8();
        if after > longest {
            break;
        }
        if !matches!(letter, ',' | ';' | ':' | '—' | '–') {
            continue;
        }
        let rest = text[after..].trim_start_matches(is_closing);
        let white = rest.trim_start();
        let bytes = text.len() - rest.len();
        if white.len() < rest.len()
            && (SHORTEST_CLAUSE..=longest).contains(&bytes)
            && white.len() >= SHORTEST_CLAUSE
        {
            best = Some((bytes, PieceEnd::Clause));
        }
    }
    best
}

/// Where the last word within so many bytes ends; inside a word that is longer than that.
fn between_words(text: &str, longest: usize) -> (usize, PieceEnd) {
    let fits = text.floor_char_boundary(longest);
    (text[..fits].rfind(char::is_whitespace).unwrap_or(fits), PieceEnd::Word)
}

#[cfg(test)]
#[path = "sentences_tests.rs"]
mod tests;
