//! Cuts what was said into words and marks, each with its place.

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum AnswerTokenKind {
    /// A word, with inner apostrophes, hyphens and the like.
    Word,
    /// Digits, with what belongs to them: "45%", "£30,000", "12".
    Figure,
    /// Anything else but white space: one character, or a line break.
    Mark,
}

/// A word or a mark.
#[derive(Debug, Clone)]
pub(super) struct AnswerToken<'a> {
    /// As said.
    pub text: &'a str,
    /// Lower-cased, apostrophes straightened.
    pub low: String,
    /// Where it starts, in bytes.
    pub start: usize,
    /// Where it ends, in bytes.
    pub end: usize,
    /// What it is.
    pub sort: AnswerTokenKind,
    /// Which sentence it is in, from 0.
    pub sentence: usize,
    /// True for the first word of its sentence.
    pub first: bool,
}

impl AnswerToken<'_> {
    pub fn is_word(&self) -> bool {
        self.sort == AnswerTokenKind::Word
    }

    pub fn is_mark(&self) -> bool {
        self.sort == AnswerTokenKind::Mark
    }

    /// True for a word that begins with a capital.
    pub fn capital(&self) -> bool {
        self.is_word() && self.text.chars().next().is_some_and(char::is_uppercase)
    }
}

/// Lower-cases and straightens apostrophes.
pub(super) fn plain(text: &str) -> String {
    text.chars()
        .flat_map(char::to_lowercase)
        .map(|c| if matches!(c, '’' | '‘' | 'ʼ' | '`' | '´') { '\'' } else { c })
        .collect()
}

/// The runs of letters and digits of a text, in small letters.
pub(super) fn bare_words(text: &str) -> Vec<String> {
    let words = text.split(|letter: char| !letter.is_alphanumeric()).map(str::to_lowercase);
    words.filter(|word| !word.is_empty()).collect()
}

/// Words after which a full stop ends nothing.
const ABBREVIATIONS: [&str; 23] = [
    "dr", "mr", "mrs", "ms", "prof", "e.g", "eg", "i.e", "ie", "vs", "approx", "st", "inc", "ltd", "co",
    "sr", "jr", "fig", "a.m", "p.m", "u.s", "u.k", "cf",
];

/// True for a word after which a full stop is no end of a sentence.
pub(crate) fn abbreviated(word: &str) -> bool {
    let word = plain(word);
    ABBREVIATIONS.contains(&word.trim_matches('.'))
}

fn joins(previous: char, c: char, next: char) -> bool {
    let inside = previous.is_alphanumeric() && next.is_alphanumeric();
    match c {
        '\'' | '’' | 'ʼ' | '-' | '&' | '/' | '@' | '_' => inside,
        '.' => inside && (previous.is_ascii_digit() == next.is_ascii_digit()),
        ',' => previous.is_ascii_digit() && next.is_ascii_digit(),
        _ => false,
    }
}

/// Cuts a text into tokens.
pub(super) fn tokens(text: &str) -> Vec<AnswerToken<'_>> {
    let chars: Vec<(usize, char)> = text.char_indices().collect();
    let at = |i: usize| chars.get(i).map_or('\0', |&(_, c)| c);
    let offset = |i: usize| chars.get(i).map_or(text.len(), |&(o, _)| o);
    let mut found: Vec<AnswerToken<'_>> = Vec::new();
    let (mut i, mut sentence, mut first) = (0, 0, true);
    while i < chars.len() {
        let c = at(i);
        let from = i;
        let money = matches!(c, '£' | '$' | '€') && at(i + 1).is_ascii_digit();
        let dotted = c == '.' && at(i + 1).is_alphabetic() && (i == 0 || at(i - 1).is_whitespace());
        if c.is_alphanumeric() || money || dotted {
            i += 1;
            while at(i).is_alphanumeric()
                || (i + 1 < chars.len() && joins(at(i - 1), at(i), at(i + 1)))
                || mark_of(at(i))
            {
                i += 1;
            }
            while (matches!(at(i), '+' | '#') && i - from <= 3)
                || (at(i) == '%' && at(i - 1).is_ascii_digit())
            {
                i += 1;
            }
            let piece = &text[offset(from)..offset(i)];
            let figure = money || c.is_numeric();
            found.push(AnswerToken {
                text: piece,
                low: plain(piece),
                start: offset(from),
                end: offset(i),
                sort: if figure { AnswerTokenKind::Figure } else { AnswerTokenKind::Word },
                sentence,
                first,
            });
            first = false;
            continue;
        }
        i += 1;
        if c.is_whitespace() && c != '\n' {
            continue;
        }
        let piece = &text[offset(from)..offset(i)];
        let after_abbreviation =
            c == '.' && found.last().is_some_and(|t| t.end == offset(from) && abbreviated(t.text));
        // "Until 4 a.m. The manager ...": these do end sentences, before a capital.
        let closing = after_abbreviation
            && found.last().is_some_and(|t| {
                matches!(t.low.as_str(), "a.m" | "p.m" | "inc" | "ltd" | "co" | "u.s" | "u.k")
            })
            && chars[i..]
                .iter()
                .take(3)
                .find(|(_, c)| !c.is_whitespace())
                .is_some_and(|(_, c)| c.is_uppercase());
        let after_abbreviation = after_abbreviation && !closing;
        let ends =
            matches!(c, '!' | '?' | '…' | '\n' | '。' | '？' | '！') || (c == '.' && !after_abbreviation);
        found.push(AnswerToken {
            text: piece,
            low: piece.to_owned(),
            start: offset(from),
            end: offset(i),
            sort: AnswerTokenKind::Mark,
            sentence,
            first: false,
        });
        if ends && !first {
            sentence += 1;
            first = true;
        }
    }
    found
}

/// Marks that combine with the letter before them.
fn mark_of(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}')
}
