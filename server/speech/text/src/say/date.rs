//! Dates, decades, ordinals.

use super::cardinal::{cardinal, number, ordinal, plural, value, year};
use super::time;
use super::token::{Verbalisation, View, WrittenTokenKind, part};

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// The month of a name or of its first three letters; "Sept" too.
pub(super) fn month(word: &str) -> Option<&'static str> {
    let named = |month: &&&'static str| **month == word || (word.len() == 3 && month.starts_with(word));
    if word == "Sept" { Some(MONTHS[8]) } else { MONTHS.iter().find(named).copied() }
}

fn month_of(digits: &str) -> Option<&'static str> {
    let at = value(digits).filter(|_| digits.len() <= 2)?.checked_sub(1)?;
    MONTHS.get(usize::try_from(at).ok()?).copied()
}

fn day_of(digits: &str) -> Option<String> {
    value(digits).filter(|d| digits.len() <= 2 && (1..=31).contains(d)).map(ordinal)
}

fn year_of(digits: &str) -> Option<String> {
    value(digits).filter(|y| digits.len() == 4 && (1000..3000).contains(y)).map(year)
}

fn recent(digits: &str) -> bool {
    digits.len() == 4 && value(digits).is_some_and(|y| (1900..2100).contains(&y))
}

pub(super) fn read(view: &View<'_>) -> Option<Verbalisation> {
    if view.digits(0).is_some() && view.starts() {
        return numeric(view)
            .or_else(|| month_year(view))
            .or_else(|| day_month(view))
            .or_else(|| decade(view))
            .or_else(|| counted(view));
    }
    named(view)
}

/// "2024-03-01", "3/4/2021" (the month first, as the voice is American, unless it cannot be), "01.03.2024" (the day first).
fn numeric(view: &View<'_>) -> Option<Verbalisation> {
    let mark = view.mark(1).filter(|c| matches!(c, '-' | '/' | '.') && view.is(3, *c))?;
    let (a, b, c) = (view.digits(0)?, view.digits(2)?, view.digits(4)?);
    if view.is(5, mark) && view.is_solid(6) {
        return None;
    }
    let (day, month, year) = if a.len() == 4 && mark != '.' {
        (day_of(c)?, month_of(b)?, year_of(a)?)
    } else {
        let short = value(c).filter(|_| c.len() == 2 && mark == '/').map(|y| year(2000 + y));
        let year = year_of(c).or(short)?;
        let month_first = month_of(a).filter(|_| mark != '.').zip(day_of(b));
        let (month, day) = month_first.or_else(|| month_of(b).zip(day_of(a)))?;
        (day, month, year)
    };
    let mut reading = part(5, format!("{month} {day}, {year}"));
    if view.word(5) == Some("T")
        && let Some((tokens, said)) = time::clock_here(&view.from(6))
    {
        reading.extend(part(1, ""));
        reading.extend(part(tokens, format!(", {said}")));
    }
    Some(reading)
}

/// "03/2021", "2024-03".
fn month_year(view: &View<'_>) -> Option<Verbalisation> {
    let (a, b) = (view.digits(0)?, view.digits(2)?);
    if view.is(3, '-') || view.is(3, '/') || view.is(3, '%') {
        return None;
    }
    let (month, year) = match view.mark(1)? {
        '/' if recent(b) => (month_of(a)?, year_of(b)?),
        '-' if recent(a) && b.len() == 2 => (month_of(b)?, year_of(a)?),
        _ => return None,
    };
    Some(part(3, format!("{month} {year}")))
}

/// "3 March", "3 March 2021".
fn day_month(view: &View<'_>) -> Option<Verbalisation> {
    let day = day_of(view.digits(0)?)?;
    let month = month(view.word(2).filter(|_| view.is_space(1))?)?;
    let the = if view.last.is_some_and(|last| last.eq_ignore_ascii_case("the")) { "" } else { "the " };
    let (tokens, year) = year_after(view, 3);
    Some(part(3 + tokens, format!("{the}{day} of {month}{year}")))
}

/// A year that belongs to the date before it: tokens and words.
fn year_after(view: &View<'_>, at: usize) -> (usize, String) {
    let skip = usize::from(view.is(at, '.') || view.is(at, ','));
    if view.is_space(at + skip)
        && let Some(year) = view.digits(at + skip + 1).filter(|y| recent(y)).and_then(year_of)
    {
        return (skip + 2, format!(", {year}"));
    }
    (0, String::new())
}

/// "1990s", "the 90s", "'90s".
fn decade(view: &View<'_>) -> Option<Verbalisation> {
    let digits = view.digits(0)?;
    let own = view.is(1, '\'') && view.word(2) == Some("s");
    if !own && view.word(1) != Some("s") {
        return None;
    }
    let n = value(digits).filter(|n| n.is_multiple_of(10))?;
    let early = ["the", "early", "late", "mid", "my", "his", "her", "their", "your"];
    let said = match digits.len() {
        4 if (1100..2100).contains(&n) => plural(&year(n)),
        2 if n >= 10
            && (own
                || view.before().is_some_and(|t| t.text == "'")
                || view.last.is_some_and(|last| early.contains(&last))) =>
        {
            plural(&number(n))
        }
        _ => return None,
    };
    Some(part(if own { 3 } else { 2 }, said))
}

/// "21st".
fn counted(view: &View<'_>) -> Option<Verbalisation> {
    view.word(1).filter(|w| matches!(*w, "st" | "nd" | "rd" | "th" | "ST" | "ND" | "RD" | "TH"))?;
    Some(part(2, ordinal(value(view.digits(0)?)?)))
}

/// "March 3rd, 2021", "Mar. 3", "March 3-5", "Mar 2021".
fn named(view: &View<'_>) -> Option<Verbalisation> {
    let month = month(view.word(0)?)?;
    let dot = usize::from(view.is(1, '.'));
    let at = view.is_space(1 + dot).then_some(2 + dot)?;
    let digits = view.digits(at)?;
    if matches!(view.mark(at + 1), Some(':' | '.' | '%' | '/'))
        && view.get(at + 2).is_some_and(|t| t.kind == WrittenTokenKind::Digits)
    {
        return None;
    }
    if recent(digits) {
        let decade = view.word(at + 1).is_some();
        return (!decade).then(|| {
            part(at + 1, format!("{month} {}", year_of(digits).unwrap_or_else(|| cardinal(digits))))
        });
    }
    let day = day_of(digits)?;
    let mut end = at + 1;
    match view.word(end) {
        Some("st" | "nd" | "rd" | "th") => end += 1,
        Some(_) => return None,
        None => {}
    }
    let mut said = format!("{month} {day}");
    if matches!(view.mark(end), Some('-' | '–'))
        && let Some(last) = view.digits(end + 1).and_then(day_of)
    {
        end += 2;
        said = format!("{said} to {last}");
    }
    let (tokens, year) = year_after(view, end);
    Some(part(end + tokens, said + &year))
}
