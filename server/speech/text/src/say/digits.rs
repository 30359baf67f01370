//! Digits that are not an amount: telephone numbers, versions, fractions, sizes, chains.

use super::cardinal::{cardinal, ordinal, spelled, value};
use super::token::{Verbalisation, View, part};

pub(super) fn read(view: &View<'_>) -> Option<Verbalisation> {
    phone(view)
        .or_else(|| version(view))
        .or_else(|| fraction(view))
        .or_else(|| size(view))
        .or_else(|| chain(view))
}

/// The longest telephone number (E.164), and the shortest that is told from a sum by its plus.
const PHONE_DIGITS: std::ops::RangeInclusive<usize> = 8..=15;

/// "+44 20 7946 0958", "(555) 123-4567", "555-1234": digit by digit.
fn phone(view: &View<'_>) -> Option<Verbalisation> {
    if !view.starts() {
        return None;
    }
    let plus = view.is(0, '+');
    let mut groups: Vec<&str> = Vec::new();
    let mut at = usize::from(plus);
    let mut end = at;
    while groups.len() < 7 {
        let bracket = view.is(at, '(') && view.digits(at + 1).is_some() && view.is(at + 2, ')');
        at += usize::from(bracket);
        let Some(digits) = view.digits(at).filter(|d| d.len() < 16) else { break };
        groups.push(digits);
        at += 1 + usize::from(bracket);
        end = at;
        // One mark between groups; a space may follow a bracket.
        if view.is_space(at) || matches!(view.mark(at), Some('-' | '.')) {
            at += 1;
        }
    }
    let lengths: Vec<usize> = groups.iter().map(|g| g.len()).collect();
    let fits = if plus {
        PHONE_DIGITS.contains(&lengths.iter().sum())
    } else {
        match lengths.as_slice() {
            [3, 3, 4] | [1, 3, 3, 4] => true,
            // Written as within a country, with the zero in front.
            [3..=5, _, ..] if groups[0].starts_with('0') => {
                (10..=11).contains(&lengths.iter().sum::<usize>())
            }
            // "555-1234", but not "100-1000".
            [3, 4] => view.is(1, '-') && !groups[1].ends_with('0') && groups[0] > "199",
            _ => false,
        }
    };
    // A word or a unit right after them makes the last group a quantity.
    if !fits || view.word(end).is_some() || view.is(end, '%') {
        return None;
    }
    let said: Vec<String> = groups.iter().map(|g| spelled(g)).collect();
    Some(part(end, format!("{}{}", if plus { "plus " } else { "" }, said.join(", "))))
}

/// Before these, the part after the point is a number of its own: Python 3.11 is not 3.110.
const VERSIONED: &[&str] = &[
    "version",
    "python",
    "java",
    "go",
    "rust",
    "ruby",
    "node",
    "kubernetes",
    "php",
    "django",
    "rails",
    "react",
    "angular",
    "swift",
    "kotlin",
    "scala",
    "typescript",
    "script",
    "postgres",
    "release",
    "linux",
    "kernel",
    "ubuntu",
    "chrome",
    "firefox",
    "android",
    "docker",
    "terraform",
    "spark",
    "kafka",
    "redis",
    "sql",
    "net",
    "spring",
    "boot",
    "tensorflow",
    "flow",
    "torch",
    "version",
    "cuda",
    "julia",
    "elixir",
    "erlang",
    "perl",
    "vue",
    "numpy",
    "pandas",
];

/// "v2.1.3", "1.2.3", "192.168.0.1", and "3.11" after a name that has versions.
fn version(view: &View<'_>) -> Option<Verbalisation> {
    let named = matches!(view.word(0), Some("v" | "V")) && view.starts();
    let from = usize::from(named);
    let mut parts = vec![view.digits(from)?];
    while let Some(next) = view
        .digits(from + 2 * parts.len())
        .filter(|_| view.is(from + 2 * parts.len() - 1, '.') && parts.len() < 9)
    {
        parts.push(next);
    }
    let known = view.last.is_some_and(|last| VERSIONED.iter().any(|name| name.eq_ignore_ascii_case(last)));
    let fits =
        named || parts.len() > 2 || parts.len() == 2 && known && view.starts() && !view.is(from + 3, '%');
    if !fits {
        return None;
    }
    let address = parts.len() == 4 && parts.iter().all(|p| value(p) < Some(256));
    let said: Vec<String> = parts.iter().map(|p| cardinal(p)).collect();
    let said = said.join(if address { " dot " } else { " point " });
    Some(part(from + 2 * parts.len() - 1, if named { format!("version {said}") } else { said }))
}

/// "1/2", "3/4", "2 1/2"; "50/50", "24/7"; the others "over".
fn fraction(view: &View<'_>) -> Option<Verbalisation> {
    if !view.starts() {
        return None;
    }
    let slashed = |at: usize| {
        let (a, b) = (view.digits(at)?, view.digits(at + 2).filter(|_| view.is(at + 1, '/'))?);
        (!view.is(at + 3, '/')).then_some((a, b))
    };
    if let Some((a, b)) =
        slashed(2).filter(|_| view.is_space(1) && view.digits(0).is_some_and(|d| d.len() < 4))
    {
        let said = if (a, b) == ("1", "2") { Some("a half".to_owned()) } else { part_of(a, b) };
        return said
            .map(|said| part(5, format!("{} and {said}", cardinal(view.digits(0).unwrap_or_default()))));
    }
    let (a, b) = slashed(0)?;
    if let Some(said) = part_of(a, b) {
        return Some(part(3, said));
    }
    let between =
        if a == b && a.len() > 1 || (a, b) == ("24", "7") || (a, b) == ("9", "11") { " " } else { " over " };
    Some(part(3, format!("{}{between}{}", cardinal(a), cardinal(b))))
}

fn part_of(a: &str, b: &str) -> Option<String> {
    let (above, below) = (value(a)?, value(b)?);
    let fits = above < below && matches!(below, 2..=10 | 12 | 16 | 20 | 32 | 64 | 100) && above > 0;
    if !fits || a.starts_with('0') || b.starts_with('0') {
        return None;
    }
    let name = match below {
        2 => "half".to_owned(),
        4 => "quarter".to_owned(),
        _ => ordinal(below),
    };
    Some(format!("{} {name}{}", cardinal(a), if above == 1 { "" } else { "s" }))
}

/// "1920x1080", "3×4×5".
fn size(view: &View<'_>) -> Option<Verbalisation> {
    let by = |at: usize| matches!(view.word(at), Some("x" | "X")) || view.is(at, '×');
    let mut said = cardinal(view.digits(0).filter(|_| by(1))?);
    let mut at = 1;
    while let Some(next) = view.digits(at + 1).filter(|_| by(at) && at < 9) {
        said = format!("{said} by {}", cardinal(next));
        at += 2;
    }
    (at > 1).then(|| part(at, said))
}

/// "123-45-6789", "1-2-3": numbers one after another.
fn chain(view: &View<'_>) -> Option<Verbalisation> {
    if !view.starts() {
        return None;
    }
    let mut groups = vec![view.digits(0)?];
    while let Some(next) =
        view.digits(2 * groups.len()).filter(|_| view.is(2 * groups.len() - 1, '-') && groups.len() < 9)
    {
        groups.push(next);
    }
    let said: Vec<String> = groups.iter().map(|g| cardinal(g)).collect();
    (groups.len() > 2).then(|| part(2 * groups.len() - 1, said.join(", ")))
}
