//! Amounts: a number with its sign, its money, its multiplier and its unit; and two of them as a range.

use super::cardinal::{cardinal, spelled, value, year};
use super::token::{Verbalisation, View, WrittenTokenKind, part};
use super::{time, unit};

/// A number as it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Number {
    pub(super) tokens: usize,
    negative: bool,
    /// The digits before the point, without separators.
    pub(super) whole: String,
    fraction: Option<String>,
    /// Written with separators: a quantity, not a year.
    grouped: bool,
}

impl Number {
    /// At a digit, a sign right before one, or a point right before one.
    pub(super) fn read(view: &View<'_>) -> Option<Number> {
        let negative = matches!(view.mark(0), Some('-' | '−')) && view.starts();
        let mut at = usize::from(negative);
        if view.is(at, '.') && (negative || view.starts()) {
            let fraction = view.digits(at + 1)?.to_owned();
            return Some(Number {
                tokens: at + 2,
                negative,
                whole: String::new(),
                fraction: Some(fraction),
                grouped: false,
            });
        }
        let mut whole = view.digits(at)?.to_owned();
        at += 1;
        let first = whole.len();
        while first <= 3
            && view.is(at, ',')
            && view.digits(at + 1).is_some_and(|d| d.len() == 3)
            && whole.len() < 40
        {
            whole.push_str(view.digits(at + 1)?);
            at += 2;
        }
        let grouped = whole.len() > first;
        let mut fraction = None;
        if view.is(at, '.') && !(view.is(at + 2, '.') && view.digits(at + 3).is_some()) {
            fraction = view.digits(at + 1).map(str::to_owned);
            at += 2 * usize::from(fraction.is_some());
        }
        Some(Number { tokens: at, negative, whole, fraction, grouped })
    }

    fn one(&self) -> bool {
        self.whole == "1" && self.fraction.is_none()
    }

    pub(super) fn said(&self) -> String {
        let mut out = Vec::new();
        if self.negative {
            out.push("minus".to_owned());
        }
        if !self.whole.is_empty() {
            out.push(cardinal(&self.whole));
        }
        if let Some(fraction) = &self.fraction {
            out.extend(["point".to_owned(), spelled(fraction)]);
        }
        out.join(" ")
    }
}

/// Money: one of it, several, and the hundredth.
type Money = (&'static str, &'static str, &'static str);

const SIGNS: &[(char, Money)] = &[
    ('$', ("dollar", "dollars", "cent")),
    ('€', ("euro", "euros", "cent")),
    ('£', ("pound", "pounds", "penny")),
    ('¥', ("yen", "yen", "")),
    ('₹', ("rupee", "rupees", "paisa")),
];

const MULTIPLIERS: &[(&str, &str)] = &[
    ("k", "thousand"),
    ("K", "thousand"),
    ("M", "million"),
    ("mn", "million"),
    ("B", "billion"),
    ("bn", "billion"),
    ("T", "trillion"),
];

const SPACED_MULTIPLIERS: [&str; 4] = ["thousand", "million", "billion", "trillion"];

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Amount {
    pub(super) tokens: usize,
    number: Number,
    multiplier: Option<&'static str>,
    money: Option<Money>,
    /// The unit, or what the money is for: "percent", "per hour".
    unit: Option<String>,
}

impl Amount {
    pub(super) fn read(view: &View<'_>) -> Option<Amount> {
        let negative = matches!(view.mark(0), Some('-' | '−')) && view.starts();
        let mut at = 0;
        let mut money = None;
        let sign = usize::from(negative);
        if let Some(mark) = view.mark(sign)
            && let Some((_, named)) = SIGNS.iter().find(|(c, _)| *c == mark)
        {
            money = Some(*named);
            at = sign + 1;
        }
        let mut number = Number::read(&view.from(at)).filter(|n| at == 0 || !n.negative)?;
        number.negative |= negative;
        at += number.tokens;
        if view.before().is_some_and(|t| t.kind == WrittenTokenKind::Word) {
            // "B2B", "p95s": no unit, the number is part of a name.
            return Some(Amount { tokens: at, number, multiplier: None, money, unit: None });
        }
        let multiplier = multiplier(view, &mut at, money.is_some());
        if money.is_none() {
            money = money_after(view, &mut at);
        }
        let unit = if money.is_some() || (multiplier.is_some() && !view.is_space(at)) {
            unit::per(view, at)
        } else {
            unit::read(view, at, multiplier.is_none() && (number.one() || describes(view, at)))
        };
        let unit = unit.map(|(tokens, said)| {
            at += tokens;
            said
        });
        Some(Amount { tokens: at, number, multiplier, money, unit })
    }

    /// Only digits: nothing says what is counted.
    fn bare(&self) -> bool {
        self.multiplier.is_none() && self.money.is_none() && self.unit.is_none()
    }

    fn plain(&self) -> bool {
        self.bare() && !self.number.negative && !self.number.grouped && self.number.fraction.is_none()
    }

    fn said(&self) -> String {
        let mut out = match self.cents() {
            Some(cents) => cents,
            None => self.counted(),
        };
        if let (Some((one, many, _)), None) = (self.money, self.cents()) {
            out.push(' ');
            out.push_str(if self.number.one() && self.multiplier.is_none() { one } else { many });
        }
        if let Some(unit) = &self.unit {
            out.push(' ');
            out.push_str(unit);
        }
        out
    }

    fn counted(&self) -> String {
        match self.multiplier {
            Some(multiplier) => format!("{} {multiplier}", self.number.said()),
            None => self.number.said(),
        }
    }

    /// "three dollars and fifty cents".
    fn cents(&self) -> Option<String> {
        let (one, many, hundredth) =
            self.money.filter(|(_, _, cent)| !cent.is_empty() && self.multiplier.is_none())?;
        let cents = self.number.fraction.as_deref().filter(|f| f.len() == 2)?;
        let whole = Number { fraction: None, ..self.number.clone() };
        let name = if whole.one() { one } else { many };
        let cents = match (cents, hundredth) {
            ("00", _) => return Some(format!("{} {name}", whole.said())),
            ("01", _) => format!("one {hundredth}"),
            (_, "penny") => format!("{} pence", cardinal(cents.trim_start_matches('0'))),
            (_, "paisa") => format!("{} paisa", cardinal(cents.trim_start_matches('0'))),
            (_, _) => format!("{} {hundredth}s", cardinal(cents.trim_start_matches('0'))),
        };
        if whole.whole == "0" {
            return Some(if whole.negative { format!("minus {cents}") } else { cents });
        }
        Some(format!("{} {name} and {cents}", whole.said()))
    }
}

/// "a 30 s timeout": what describes something is one of its unit.
fn describes(view: &View<'_>, at: usize) -> bool {
    let unit = at + usize::from(view.is_space(at));
    view.last.is_some_and(|last| matches!(last, "a" | "A" | "an" | "An"))
        && view.word(unit).is_some()
        && view.is_space(unit + 1)
        && view.word(unit + 2).is_some_and(|w| w.starts_with(|c: char| c.is_ascii_lowercase()))
}

fn multiplier(view: &View<'_>, at: &mut usize, money: bool) -> Option<&'static str> {
    if let Some(word) = view.word(*at) {
        let found = match word {
            "m" if money => Some("million"),
            "b" if money => Some("billion"),
            // "10m users": in a unit of length nobody would count them.
            "m" if view.is_space(*at + 1) && view.word(*at + 2).is_some_and(is_counted) => Some("million"),
            // "5G", "3D", "4K" are names; so is "2B" in "2B2C".
            _ if view.digits(*at + 1).is_some() => None,
            _ => MULTIPLIERS.iter().find(|(written, _)| *written == word).map(|(_, said)| *said),
        };
        *at += usize::from(found.is_some());
        return found;
    }
    let word = view.word(*at + 1).filter(|_| view.is_space(*at))?;
    let found = SPACED_MULTIPLIERS.iter().find(|said| **said == word).copied();
    *at += 2 * usize::from(found.is_some());
    found
}

/// "20€", "20 €", "20 USD".
fn money_after(view: &View<'_>, at: &mut usize) -> Option<Money> {
    let space = usize::from(view.is_space(*at));
    let found = match (view.mark(*at + space), view.word(*at + space)) {
        (Some(mark), _) if view.digits(*at + space + 1).is_none() => {
            SIGNS.iter().find(|(c, _)| *c == mark).map(|(_, m)| *m)
        }
        (_, Some("USD")) => Some(("U S dollar", "U S dollars", "cent")),
        (_, Some("EUR")) => Some(("euro", "euros", "cent")),
        (_, Some("GBP")) => Some(("pound", "pounds", "penny")),
        (_, _) => None,
    };
    *at += (space + 1) * usize::from(found.is_some());
    found
}

/// Words after a number that make it a quantity: plurals, and people.
fn is_counted(word: &str) -> bool {
    const NOT_PLURAL: [&str; 12] =
        ["is", "was", "has", "as", "this", "us", "its", "does", "vs", "versus", "thus", "plus"];
    word == "people"
        || (word.len() > 1 && word.ends_with('s') && !word.ends_with("ss") && !NOT_PLURAL.contains(&word))
}

/// Words before a number that make an old one a year.
const BEFORE_YEAR: [&str; 8] = ["in", "since", "circa", "year", "by", "until", "till", "from"];

/// The year that an amount without a unit is.
fn as_year(amount: &Amount, view: &View<'_>) -> Option<u64> {
    let digits = &amount.number.whole;
    let n = value(digits).filter(|_| amount.plain() && digits.len() == 4)?;
    let counts = view.is_space(amount.tokens) && view.word(amount.tokens + 1).is_some_and(is_counted);
    let old = view.last.is_some_and(|last| BEFORE_YEAR.iter().any(|word| word.eq_ignore_ascii_case(last)));
    let fits = match n {
        1900..=2099 => !counts,
        1100..=1899 => old && !counts,
        _ => false,
    };
    fits.then_some(n)
}

/// What can stand at either end of a range.
enum RangeEndpoint {
    Time(usize, String),
    Amount(Amount),
}

impl RangeEndpoint {
    fn read(view: &View<'_>) -> Option<RangeEndpoint> {
        match time::clock(view) {
            Some((tokens, said)) => Some(RangeEndpoint::Time(tokens, said)),
            None => Amount::read(view).map(RangeEndpoint::Amount),
        }
    }

    fn tokens(&self) -> usize {
        match self {
            RangeEndpoint::Time(tokens, _) => *tokens,
            RangeEndpoint::Amount(amount) => amount.tokens,
        }
    }

    fn said(&self, view: &View<'_>) -> String {
        match self {
            RangeEndpoint::Time(_, said) => said.clone(),
            RangeEndpoint::Amount(amount) => as_year(amount, view).map_or_else(|| amount.said(), year),
        }
    }
}

/// A time, an amount, or a range of two.
pub(super) fn read(view: &View<'_>) -> Option<Verbalisation> {
    let first = RangeEndpoint::read(view)?;
    if let Some(range) = range(view, &first) {
        return Some(range);
    }
    Some(part(first.tokens(), first.said(view)))
}

fn range(view: &View<'_>, first: &RangeEndpoint) -> Option<Verbalisation> {
    let (dash, between) = dash(view, first.tokens())?;
    let after = view.from(first.tokens() + dash);
    let second = RangeEndpoint::read(&after)?;
    let end = first.tokens() + dash + second.tokens();
    // "1-2-3" is a list, not a range of ranges.
    if view.is(end, '-') && view.digits(end + 1).is_some() {
        return None;
    }
    let to = match (first, &second) {
        (RangeEndpoint::Amount(a), RangeEndpoint::Amount(b))
            if between == '-' && view.is_space(first.tokens()) =>
        {
            if value(&a.number.whole)? < value(&b.number.whole)? { "to" } else { "minus" }
        }
        (
            RangeEndpoint::Time(..) | RangeEndpoint::Amount(_),
            RangeEndpoint::Time(..) | RangeEndpoint::Amount(_),
        ) => "to",
    };
    let said = match (first, &second) {
        // "$10-20k", "$10k-$20k": the money is said once.
        (RangeEndpoint::Amount(a), RangeEndpoint::Amount(b)) if a.money.is_some() && a.cents().is_none() => {
            let both = Amount { money: b.money.or(a.money), ..b.clone() };
            if b.money.is_some() && b.money != a.money {
                format!("{} {to} {}", a.said(), b.said())
            } else {
                format!("{} {to} {}", a.counted(), both.said())
            }
        }
        (
            RangeEndpoint::Time(..) | RangeEndpoint::Amount(_),
            RangeEndpoint::Time(..) | RangeEndpoint::Amount(_),
        ) => {
            format!("{} {to} {}", first.said(view), second.said(&after))
        }
    };
    Some(part(end, said))
}

/// A dash between two numbers: how many tokens, and which.
fn dash(view: &View<'_>, at: usize) -> Option<(usize, char)> {
    let space = usize::from(view.is_space(at));
    let dash = view.mark(at + space).filter(|c| matches!(c, '-' | '–' | '—'))?;
    let after = view.get(at + space + 1)?;
    let even = (after.kind == WrittenTokenKind::Space) == (space == 1);
    even.then_some((1 + 2 * space, dash))
}
