//! What no other rule has read: punctuation that shapes the sentence, and symbols by their names.

use super::date;
use super::token::{Verbalisation, View, WrittenTokenKind, part};
use super::unit;

pub(super) fn read(view: &View<'_>) -> Option<Verbalisation> {
    let mark = view.mark(0)?;
    paired(view).or_else(|| rate(view)).or_else(|| Some(part(1, said(view, mark))))
}

/// "requests/s".
fn rate(view: &View<'_>) -> Option<Verbalisation> {
    view.before()
        .filter(|t| t.kind == WrittenTokenKind::Word && t.text.len() > 2 && t.text.ends_with('s'))?;
    unit::per(view, 0).map(|(tokens, said)| part(tokens, said))
}

/// Symbols of several characters.
const PAIRED: &[(&str, &str)] = &[
    ("<=>", "three way comparison"),
    ("===", "equals"),
    ("!==", "is not"),
    ("...", "..."),
    (":-)", ""),
    (":-(", ""),
    (";-)", ""),
    ("->", "to"),
    ("=>", "to"),
    ("<-", "from"),
    ("<=", "at most"),
    (">=", "at least"),
    ("!=", "is not"),
    ("==", "equals"),
    ("&&", "and"),
    ("||", "or"),
    ("::", ""),
    ("--", ","),
    (":)", ""),
    (":(", ""),
    (";)", ""),
];

fn paired(view: &View<'_>) -> Option<Verbalisation> {
    let (symbol, said) =
        PAIRED.iter().find(|(symbol, _)| symbol.chars().enumerate().all(|(at, c)| view.is(at, c)))?;
    let len = symbol.len();
    if *symbol == "..." {
        return Some(part(len, if sentence_follows(view, len) { "." } else { "," }));
    }
    Some(part(len, *said))
}

/// Whether a new sentence, or nothing, comes after the marks here.
pub(super) fn sentence_follows(view: &View<'_>, from: usize) -> bool {
    let at = (from..from + 4).find(|at| {
        view.get(*at).is_none_or(|t| t.kind == WrittenTokenKind::Word || t.kind == WrittenTokenKind::Digits)
    });
    at.and_then(|at| view.word(at)).map_or(at.is_some_and(|at| view.get(at).is_none()), |word| {
        word.starts_with(|c: char| c.is_ascii_uppercase()) && word != "I" && !word.starts_with("I'")
    })
}

fn said(view: &View<'_>, mark: char) -> &'static str {
    let touched_before =
        view.before().is_some_and(|t| matches!(t.kind, WrittenTokenKind::Word | WrittenTokenKind::Digits));
    let touched = touched_before && view.is_solid(1);
    let apart = view.before().is_none_or(|t| t.kind == WrittenTokenKind::Space)
        && view.get(1).is_none_or(|t| t.kind == WrittenTokenKind::Space);
    let ends = view.get(1).is_none_or(|t| {
        matches!(t.kind, WrittenTokenKind::Space | WrittenTokenKind::Line | WrittenTokenKind::Mark)
    });
    match mark {
        '.' if touched && view.word(1).is_some_and(|w| w.starts_with(|c: char| c.is_ascii_lowercase())) => {
            "dot"
        }
        '.' if touched && view.digits(1).is_some() => "dot",
        '.' if ends || touched_before => ".",
        '.' => "dot",
        ',' => ",",
        '?' => "?",
        '!' => "!",
        ';' => ";",
        ':' if touched => "",
        ':' => ":",
        // A bracket pauses where it stands apart from the word before it, and closes what it opened.
        '(' | '['
            if !touched_before && (view.is_solid(1) || "$€£~+-#@".contains(view.mark(1).unwrap_or(' '))) =>
        {
            ","
        }
        ')' | ']' if touched_before && view.is_space(1) && !view.is(2, '(') => ",",
        '-' | '–' | '—' if until(view) => "to",
        '—' => ",",
        '-' | '–' if apart => ",",
        '−' => "minus",
        '-' if !touched_before && view.digits(1).is_some() => "minus",
        '+' => "plus",
        '=' => "equals",
        '<' if apart || view.digits(1).is_some() => "less than",
        '>' if apart || view.digits(1).is_some() => "more than",
        '&' => "and",
        '@' => "at",
        '%' => "percent",
        '#' if view.digits(1).is_some() => "number",
        '#' if view.word(1).is_some() => "hashtag",
        '*' if touched || apart && view.digits(2).is_some() => "times",
        '^' if touched_before => "to the power of",
        '~' | '≈' if view.digits(1).is_some() || view.is_space(1) => "about",
        '|' => ",",
        '×' => "times",
        '÷' => "divided by",
        '±' => "plus or minus",
        '≤' => "at most",
        '≥' => "at least",
        '≠' => "is not",
        '→' => "to",
        '°' => "degrees",
        '²' => "squared",
        '³' => "cubed",
        '$' => "dollars",
        '€' => "euros",
        '¢' => "cents",
        '§' => "section",
        '£' => "pounds",
        '¥' => "yen",
        '₹' => "rupees",
        // Quotes, brackets, hyphens, slashes and what else only shapes the page.
        _ => "",
    }
}

/// Whether a dash leads from one date to another, or to now.
fn until(view: &View<'_>) -> bool {
    let number = view.before_space().is_some_and(|t| t.kind == WrittenTokenKind::Digits);
    let next = view.word(1 + usize::from(view.is_space(1)));
    number
        && next.is_some_and(|w| {
            matches!(w.to_ascii_lowercase().as_str(), "present" | "now" | "today" | "current")
                || date::month(w).is_some()
        })
}
