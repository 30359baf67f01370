//! Letters joined into tokens, and the view of them that a rule has.

use super::letters::Letter;
use std::ops::Range;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum WrittenTokenKind {
    /// ASCII letters, and apostrophes between two of them.
    Word,
    /// ASCII digits.
    Digits,
    /// Spaces and tabs.
    Space,
    /// The end of one or more lines.
    Line,
    /// One other character.
    Mark,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct WrittenToken {
    pub(super) kind: WrittenTokenKind,
    pub(super) text: String,
    pub(super) source: Range<usize>,
}

fn kind(letters: &[Letter], at: usize) -> WrittenTokenKind {
    let letter = |at: usize| letters.get(at).is_some_and(|l| l.c.is_ascii_alphabetic());
    match letters[at].c {
        '\n' => WrittenTokenKind::Line,
        ' ' => WrittenTokenKind::Space,
        c if c.is_ascii_digit() => WrittenTokenKind::Digits,
        c if c.is_ascii_alphabetic() => WrittenTokenKind::Word,
        '\'' if at > 0 && letter(at - 1) && letter(at + 1) => WrittenTokenKind::Word,
        _ => WrittenTokenKind::Mark,
    }
}

pub(super) fn tokens(letters: &[Letter]) -> Vec<WrittenToken> {
    let mut out: Vec<WrittenToken> = Vec::new();
    for (at, Letter { c, source }) in letters.iter().enumerate() {
        let kind = kind(letters, at);
        match out.last_mut() {
            Some(last) if last.kind == kind && kind != WrittenTokenKind::Mark => {
                last.text.push(*c);
                last.source.end = source.end;
            }
            _ => out.push(WrittenToken { kind, text: c.to_string(), source: source.clone() }),
        }
    }
    out
}

/// The tokens as a rule sees them: counted from where it stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct View<'a> {
    tokens: &'a [WrittenToken],
    at: usize,
    /// The last spoken word, if no pause follows it.
    pub(super) last: Option<&'a str>,
}

impl<'a> View<'a> {
    pub(super) fn new(tokens: &'a [WrittenToken], at: usize, last: Option<&'a str>) -> Self {
        View { tokens, at, last }
    }

    pub(super) fn get(&self, ahead: usize) -> Option<&'a WrittenToken> {
        self.tokens.get(self.at + ahead)
    }

    pub(super) fn before(&self) -> Option<&'a WrittenToken> {
        self.at.checked_sub(1).and_then(|at| self.tokens.get(at))
    }

    /// The token before this one, or before the space before it.
    pub(super) fn before_space(&self) -> Option<&'a WrittenToken> {
        let before = self.before()?;
        if before.kind == WrittenTokenKind::Space {
            self.at.checked_sub(2).and_then(|at| self.tokens.get(at))
        } else {
            Some(before)
        }
    }

    /// The same tokens, seen from further on.
    pub(super) fn from(&self, ahead: usize) -> View<'a> {
        View { at: self.at + ahead, last: if ahead == 0 { self.last } else { None }, ..*self }
    }

    fn text(&self, ahead: usize, kind: WrittenTokenKind) -> Option<&'a str> {
        self.get(ahead).filter(|t| t.kind == kind).map(|t| t.text.as_str())
    }

    pub(super) fn word(&self, ahead: usize) -> Option<&'a str> {
        self.text(ahead, WrittenTokenKind::Word)
    }

    pub(super) fn digits(&self, ahead: usize) -> Option<&'a str> {
        self.text(ahead, WrittenTokenKind::Digits)
    }

    pub(super) fn is_space(&self, ahead: usize) -> bool {
        self.text(ahead, WrittenTokenKind::Space).is_some()
    }

    pub(super) fn mark(&self, ahead: usize) -> Option<char> {
        self.text(ahead, WrittenTokenKind::Mark).and_then(|t| t.chars().next())
    }

    pub(super) fn is(&self, ahead: usize, mark: char) -> bool {
        self.mark(ahead) == Some(mark)
    }

    /// Whether a word or a number stands there.
    pub(super) fn is_solid(&self, ahead: usize) -> bool {
        self.word(ahead).or_else(|| self.digits(ahead)).is_some()
    }

    /// Whether what is said next begins right here: nothing solid touches it from before.
    pub(super) fn starts(&self) -> bool {
        self.before().is_none_or(|t| !matches!(t.kind, WrittenTokenKind::Word | WrittenTokenKind::Digits))
    }

    /// The view from the start of this line, after its spaces.
    pub(super) fn line_start(&self) -> View<'a> {
        let line = self.tokens[..self.at]
            .iter()
            .rposition(|t| t.kind == WrittenTokenKind::Line)
            .map_or(0, |at| at + 1);
        let indent = usize::from(self.tokens.get(line).is_some_and(|t| t.kind == WrittenTokenKind::Space));
        View { at: line + indent, last: None, ..*self }
    }

    /// Whether a line begins here, spaces aside.
    pub(super) fn starts_line(&self) -> bool {
        match self.before().map(|t| t.kind) {
            None | Some(WrittenTokenKind::Line) => true,
            Some(WrittenTokenKind::Space) => {
                self.at < 2 || self.tokens.get(self.at - 2).is_some_and(|t| t.kind == WrittenTokenKind::Line)
            }
            Some(WrittenTokenKind::Word | WrittenTokenKind::Digits | WrittenTokenKind::Mark) => false,
        }
    }
}

/// What a rule makes of the tokens before it: parts in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct VerbalisedPart {
    /// How many tokens.
    pub(super) tokens: usize,
    /// How they are said: words, with pauses after them; nothing for what is passed over.
    pub(super) said: String,
}

pub(super) type Verbalisation = Vec<VerbalisedPart>;

/// A reading of one part.
pub(super) fn part(tokens: usize, said: impl Into<String>) -> Verbalisation {
    vec![VerbalisedPart { tokens, said: said.into() }]
}
