//! Units: how the letters after a number are said.

use super::token::View;

/// One and several. Only right after the number, since apart they are words or names.
const ATTACHED: &[(&str, &str, &str)] = &[
    ("s", "second", "seconds"),
    ("m", "meter", "meters"),
    ("h", "hour", "hours"),
    ("d", "day", "days"),
    ("g", "gram", "grams"),
    ("l", "liter", "liters"),
    ("L", "liter", "liters"),
    ("V", "volt", "volts"),
    ("W", "watt", "watts"),
    ("A", "amp", "amps"),
    ("C", "degree Celsius", "degrees Celsius"),
    ("F", "degree Fahrenheit", "degrees Fahrenheit"),
    ("b", "bit", "bits"),
    ("y", "year", "years"),
    ("x", "times", "times"),
    ("X", "times", "times"),
    ("in", "inch", "inches"),
    ("c", "cent", "cents"),
    ("w", "week", "weeks"),
    ("mo", "month", "months"),
];

/// Right after the number, or apart from it.
const ANYWHERE: &[(&str, &str, &str)] = &[
    ("ns", "nanosecond", "nanoseconds"),
    ("us", "microsecond", "microseconds"),
    ("micros", "microsecond", "microseconds"),
    ("microm", "micrometer", "micrometers"),
    ("microg", "microgram", "micrograms"),
    ("ms", "millisecond", "milliseconds"),
    ("sec", "second", "seconds"),
    ("secs", "second", "seconds"),
    ("min", "minute", "minutes"),
    ("mins", "minute", "minutes"),
    ("hr", "hour", "hours"),
    ("hrs", "hour", "hours"),
    ("yr", "year", "years"),
    ("yrs", "year", "years"),
    ("wk", "week", "weeks"),
    ("wks", "week", "weeks"),
    ("nm", "nanometer", "nanometers"),
    ("um", "micrometer", "micrometers"),
    ("mm", "millimeter", "millimeters"),
    ("cm", "centimeter", "centimeters"),
    ("km", "kilometer", "kilometers"),
    ("mi", "mile", "miles"),
    ("ft", "foot", "feet"),
    ("mg", "milligram", "milligrams"),
    ("kg", "kilogram", "kilograms"),
    ("lb", "pound", "pounds"),
    ("lbs", "pound", "pounds"),
    ("oz", "ounce", "ounces"),
    ("ml", "milliliter", "milliliters"),
    ("mL", "milliliter", "milliliters"),
    ("kB", "kilobyte", "kilobytes"),
    ("KB", "kilobyte", "kilobytes"),
    ("kb", "kilobyte", "kilobytes"),
    ("MB", "megabyte", "megabytes"),
    ("mb", "megabyte", "megabytes"),
    ("GB", "gigabyte", "gigabytes"),
    ("gb", "gigabyte", "gigabytes"),
    ("TB", "terabyte", "terabytes"),
    ("tb", "terabyte", "terabytes"),
    ("PB", "petabyte", "petabytes"),
    ("KiB", "kibibyte", "kibibytes"),
    ("MiB", "mebibyte", "mebibytes"),
    ("GiB", "gibibyte", "gibibytes"),
    ("TiB", "tebibyte", "tebibytes"),
    ("Mb", "megabit", "megabits"),
    ("Gb", "gigabit", "gigabits"),
    ("bps", "bit per second", "bits per second"),
    ("kbps", "kilobit per second", "kilobits per second"),
    ("Mbps", "megabit per second", "megabits per second"),
    ("Gbps", "gigabit per second", "gigabits per second"),
    ("Hz", "hertz", "hertz"),
    ("kHz", "kilohertz", "kilohertz"),
    ("KHz", "kilohertz", "kilohertz"),
    ("MHz", "megahertz", "megahertz"),
    ("GHz", "gigahertz", "gigahertz"),
    ("mW", "milliwatt", "milliwatts"),
    ("kW", "kilowatt", "kilowatts"),
    ("MW", "megawatt", "megawatts"),
    ("kWh", "kilowatt hour", "kilowatt hours"),
    ("mAh", "milliamp hour", "milliamp hours"),
    ("mA", "milliamp", "milliamps"),
    ("mV", "millivolt", "millivolts"),
    ("kV", "kilovolt", "kilovolts"),
    ("dB", "decibel", "decibels"),
    ("mph", "mile per hour", "miles per hour"),
    ("kph", "kilometer per hour", "kilometers per hour"),
    ("kmh", "kilometer per hour", "kilometers per hour"),
    ("rpm", "R P M", "R P M"),
    ("fps", "frame per second", "frames per second"),
    ("px", "pixel", "pixels"),
    ("pt", "point", "points"),
    ("pp", "percentage point", "percentage points"),
    ("bp", "basis point", "basis points"),
    ("req", "request", "requests"),
    ("reqs", "request", "requests"),
    ("msg", "message", "messages"),
    ("msgs", "message", "messages"),
    ("tx", "transaction", "transactions"),
    ("ops", "operation", "operations"),
    ("mbps", "megabit per second", "megabits per second"),
    ("gbps", "gigabit per second", "gigabits per second"),
    ("pct", "percent", "percent"),
    ("EUR", "euro", "euros"),
];

/// The unit at a token, right after the number or apart from it: tokens and words.
pub(super) fn read(view: &View<'_>, at: usize, one: bool) -> Option<(usize, String)> {
    let space = usize::from(view.is_space(at));
    if view.is(at + space, '%') {
        return Some((space + 1, "percent".to_owned()));
    }
    if view.is(at + space, '°') {
        let (tokens, scale) = match view.word(at + space + 1) {
            Some("C") => (2, " Celsius"),
            Some("F") => (2, " Fahrenheit"),
            Some(_) | None => (1, ""),
        };
        return Some((space + tokens, format!("{}{scale}", if one { "degree" } else { "degrees" })));
    }
    let word = view.word(at + space)?;
    // "2x4" is a size and "5s1p" a code: a unit ends there.
    if view.digits(at + space + 1).is_some() {
        return None;
    }
    let slashed = view.is(at + space + 1, '/') || power(view, at + space + 1).is_some();
    let (_, single, plural) = ANYWHERE
        .iter()
        .find(|(written, ..)| *written == word)
        .or_else(|| ATTACHED.iter().find(|(written, ..)| *written == word && (space == 0 || slashed)))
        .filter(|_| !(space == 1 && matches!(word, "us" | "um" | "ops")) || slashed)?;
    let mut tokens = space + 1;
    let mut said = (if one { *single } else { *plural }).to_owned();
    if let Some(power) = power(view, at + tokens) {
        tokens += 1;
        said = format!("{power} {said}");
    }
    if let Some((more, per)) = per(view, at + tokens) {
        tokens += more;
        said = format!("{said} {per}");
    }
    Some((tokens, said))
}

fn power(view: &View<'_>, at: usize) -> Option<&'static str> {
    match view.mark(at) {
        Some('²') => Some("square"),
        Some('³') => Some("cubic"),
        Some(_) | None => None,
    }
}

/// "/s", "/hour": what an amount is counted by.
pub(super) fn per(view: &View<'_>, at: usize) -> Option<(usize, String)> {
    let word = view.word(at + 1).filter(|_| view.is(at, '/'))?;
    let said = ATTACHED
        .iter()
        .chain(ANYWHERE)
        .find(|(written, ..)| *written == word)
        .map(|(_, single, _)| *single)
        .or_else(|| PLAIN.iter().find(|plain| **plain == word).copied())?;
    let end = usize::from(word == "sec" && view.is(at + 2, '.') && view.is_solid(at + 3));
    Some((2 + end, format!("per {said}")))
}

/// Words that an amount is counted by as they are.
const PLAIN: &[&str] = &[
    "second", "minute", "hour", "day", "week", "month", "quarter", "year", "user", "request", "person",
    "seat", "call", "node", "host", "core", "team", "sprint", "night", "head", "item", "token", "query",
    "row", "message", "session",
];
