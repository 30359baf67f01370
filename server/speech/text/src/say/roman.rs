//! Roman numerals, where they are surely that.

use super::cardinal::{number, ordinal};
use super::token::{Verbalisation, View, WrittenTokenKind, part};

/// After these a numeral counts.
const COUNTED: &[&str] = &[
    "war",
    "chapter",
    "part",
    "act",
    "volume",
    "phase",
    "type",
    "tier",
    "book",
    "level",
    "stage",
    "section",
    "article",
    "appendix",
    "class",
    "grade",
    "title",
    "figure",
    "table",
    "group",
    "engineer",
    "developer",
    "analyst",
    "scientist",
    "manager",
    "nurse",
    "step",
    "round",
    "unit",
    "module",
];

/// After these it says which of that name.
const MONARCHS: &[&str] = &[
    "henry",
    "elizabeth",
    "louis",
    "charles",
    "george",
    "edward",
    "richard",
    "james",
    "william",
    "philip",
    "paul",
    "benedict",
    "napoleon",
    "frederick",
    "catherine",
];

pub(super) fn read(view: &View<'_>) -> Option<Verbalisation> {
    let written = view.word(0).filter(|w| w.len() < 8 && view.starts())?;
    let n = value(written)?;
    let last = view.last?;
    let capital = last.starts_with(|c: char| c.is_ascii_uppercase());
    let is = |names: &[&str]| names.iter().any(|name| name.eq_ignore_ascii_case(last));
    if view.digits(1).is_some() || view.is(1, '/') || view.is(1, '+') || view.is(1, '-') {
        return None;
    }
    // A single letter is more often a letter, and I is more often who speaks.
    let goes_on = view.is_space(1)
        && view.get(2).is_some_and(|t| {
            t.kind == WrittenTokenKind::Word && t.text.starts_with(|c: char| c.is_ascii_lowercase())
        });
    let sure = match written {
        "I" => capital && is(COUNTED) && (last == "War" || !goes_on),
        "V" | "X" => capital && is(COUNTED),
        "VI" | "IV" | "XI" | "XX" | "XL" => is(COUNTED) || is(MONARCHS),
        _ => capital && last.len() > 1 || is(COUNTED),
    };
    if !sure {
        return None;
    }
    Some(part(1, if capital && is(MONARCHS) { format!("the {}", ordinal(n)) } else { number(n) }))
}

/// The value of a numeral in its one proper form, from I to XXXIX.
fn value(written: &str) -> Option<u64> {
    (1..40).find(|n| {
        let ones = ["", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX"][(*n % 10) as usize];
        written == format!("{}{ones}", "X".repeat((*n / 10) as usize))
    })
}
