//! Lines, and what stands at their start: list marks, headings, quotes.

use super::cardinal;
use super::token::{Verbalisation, View, WrittenTokenKind, part};

/// A numbered list has shorter numbers than this, in digits.
const MOST_LIST_DIGITS: usize = 3;

pub(super) fn read(view: &View<'_>) -> Option<Verbalisation> {
    match view.get(0)?.kind {
        WrittenTokenKind::Line => Some(part(1, if ends(view) { "." } else { "" })),
        WrittenTokenKind::Space => Some(part(1, "")),
        WrittenTokenKind::Mark | WrittenTokenKind::Digits if view.starts_line() => marker(view),
        WrittenTokenKind::Mark | WrittenTokenKind::Digits | WrittenTokenKind::Word => None,
    }
}

/// Whether a sentence ends with the line: a blank line or a mark follows, or it was marked itself. Any other line goes
/// on in the next.
fn ends(view: &View<'_>) -> bool {
    let next = view.from(1 + usize::from(view.is_space(1)));
    view.get(0).is_some_and(|t| t.text.len() > 1)
        || next.get(0).is_some_and(|t| t.kind == WrittenTokenKind::Line)
        || marker(&next).is_some()
        || marker(&view.line_start()).is_some()
}

/// "- ", "* ", "# ", "> ", "1. ", "1) ", "---".
fn marker(view: &View<'_>) -> Option<Verbalisation> {
    if let Some(digits) = view.digits(0) {
        let listed =
            digits.len() <= MOST_LIST_DIGITS && matches!(view.mark(1), Some('.' | ')')) && view.is_space(2);
        return listed.then(|| part(3, format!("{},", cardinal::cardinal(digits))));
    }
    let mark = view.mark(0).filter(|c| "-*+#>–—".contains(*c))?;
    let run = (1..6).take_while(|ahead| view.is(*ahead, mark)).count() + 1;
    let rule = run > 2 && view.get(run).is_none_or(|t| t.kind == WrittenTokenKind::Line);
    if rule {
        return Some(part(run, "."));
    }
    // "- 5" is an item, "-5" is a number.
    let most = if mark == '#' { 6 } else { 1 };
    (run <= most && view.is_space(run)).then(|| part(run + 1, ""))
}
