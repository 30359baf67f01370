//! The numbers of a text, however they are written: "12,000", "12k" and "twelve thousand" are the same.

use std::collections::BTreeSet;

use interview::listen::cardinal;

/// "First" orders what is said as often as it counts.
const ORDINALS: [(&str, u64); 11] = [
    ("second", 2),
    ("third", 3),
    ("fourth", 4),
    ("fifth", 5),
    ("sixth", 6),
    ("seventh", 7),
    ("eighth", 8),
    ("ninth", 9),
    ("tenth", 10),
    ("eleventh", 11),
    ("twelfth", 12),
];
const POWERS: [(&str, usize); 8] = [
    ("hundred", 2),
    ("thousand", 3),
    ("million", 6),
    ("billion", 9),
    ("k", 3),
    ("m", 6),
    ("mn", 6),
    ("bn", 9),
];
/// Words that say how many without a number; those in a line say the same.
const SHARES: [&[&str]; 6] = [
    &["half", "halves", "halve", "halved", "halving"],
    &["twice", "double", "doubled", "doubles", "doubling", "twofold"],
    &["thrice", "triple", "tripled", "tripling", "threefold"],
    &["quarter", "quarters"],
    &["dozen", "dozens"],
    &["percent", "percentage", "%"],
];
/// "One" before these is a number, elsewhere mostly a word like "somebody".
const UNITS: [&str; 16] = [
    "second", "minute", "hour", "day", "week", "month", "year", "decade", "hundred", "thousand", "million",
    "billion", "percent", "dozen", "third", "quarter",
];

/// The numbers of a text, each in one way of writing it.
pub(super) fn numbers(text: &str) -> BTreeSet<String> {
    let words = split(text);
    let mut found = BTreeSet::new();
    let mut at = 0;
    while let Some(word) = words.get(at) {
        if let Some(share) = SHARES.iter().find(|share| share.contains(&word.as_str())) {
            found.extend(share.first().map(|name| (*name).to_owned()));
            at += 1;
        } else if word.contains(char::is_numeric) {
            let (number, after) = figure(word, words.get(at + 1).map(String::as_str));
            found.insert(number);
            at += after;
        } else if let Some((number, after)) = parse_number_words(&words[at..]) {
            found.extend(number.map(|number| number.to_string()));
            at += after;
        } else {
            at += 1;
        }
    }
    found
}

/// Words in small letters and figures with the marks within them; all else parts them.
fn split(text: &str) -> Vec<String> {
    let chars: Vec<char> = text.to_lowercase().chars().collect();
    let mut words: Vec<String> = Vec::new();
    let mut inside = false;
    for (at, c) in chars.iter().enumerate() {
        let digit = |at: Option<usize>| at.and_then(|at| chars.get(at)).is_some_and(|c| c.is_numeric());
        let within = matches!(c, ',' | '.') && digit(at.checked_sub(1)) && digit(Some(at + 1));
        if c.is_alphanumeric() || within {
            if !inside {
                words.push(String::new());
            }
            if let Some(last) = words.last_mut() {
                last.push(*c);
            }
            inside = true;
        } else {
            inside = false;
            if *c == '%' {
                words.push("%".to_owned());
            }
        }
    }
    words
}

/// A number in figures, and how many words it takes.
fn figure(word: &str, next: Option<&str>) -> (String, usize) {
    let digits = word.find(|c: char| !c.is_ascii_digit() && !matches!(c, ',' | '.')).unwrap_or(word.len());
    let (number, rest) = word.split_at(digits);
    let power = |name: &str| POWERS.iter().find(|(known, _)| *known == name).map(|(_, power)| *power);
    let plain =
        if has_thousands_separators(number) { number.replace(',', "") } else { number.replace(',', ".") };
    match (number.is_empty(), rest, next.and_then(power)) {
        (false, "", Some(power)) => (scale_by_power(&plain, power), 2),
        (false, "" | "s" | "st" | "nd" | "rd" | "th" | "x", _) => (scale_by_power(&plain, 0), 1),
        (false, rest, _) if power(rest).is_some() => (scale_by_power(&plain, power(rest).unwrap_or(0)), 1),
        // A number within a word, "b2b", or of another script, is the same only if it is written the same.
        _ => (word.to_owned(), 1),
    }
}

/// "12,000" but not "1,5".
fn has_thousands_separators(number: &str) -> bool {
    let mut groups = number.split('.').next().unwrap_or_default().split(',');
    let first = groups.next().is_some_and(|first| (1..=3).contains(&first.len()));
    let rest: Vec<&str> = groups.collect();
    first && !rest.is_empty() && rest.iter().all(|group| group.len() == 3)
}

/// A number times a power of ten, without what says nothing: "007.50" is "7.5".
fn scale_by_power(number: &str, power: usize) -> String {
    // Dates and versions have more than one mark: they are what they are.
    if number.matches('.').count() > 1 {
        return number.to_owned();
    }
    let (whole, part) = number.split_once('.').unwrap_or((number, ""));
    let mut part = part.to_owned();
    while part.len() < power {
        part.push('0');
    }
    let (more, part) = part.split_at(power);
    let whole = format!("{whole}{more}");
    let (whole, part) = (whole.trim_start_matches('0'), part.trim_end_matches('0'));
    let whole = if whole.is_empty() { "0" } else { whole };
    if part.is_empty() { whole.to_owned() } else { format!("{whole}.{part}") }
}

/// A number in words, and how many words it takes; no number where it is a "one" that counts nothing.
fn parse_number_words(words: &[String]) -> Option<(Option<u64>, usize)> {
    let low = |at: usize| words.get(at).map_or("", String::as_str);
    if let Some((_, ordinal)) = ORDINALS.iter().find(|(name, _)| *name == low(0)) {
        return Some((Some(*ordinal), 1));
    }
    let unit =
        |word: &str| UNITS.contains(&word) || UNITS.iter().any(|unit| word.strip_suffix('s') == Some(unit));
    let counts = low(0) != "one" || unit(low(1));
    let (mut total, mut part, mut at): (u64, u64, usize) = (0, 0, 0);
    // After a ten comes one to nine, after a power anything smaller; else a new number begins.
    let mut below = u64::MAX;
    loop {
        let word = low(at);
        let power = POWERS.iter().take(4).find(|(known, _)| *known == word).map(|(_, power)| *power);
        match (cardinal(word), power) {
            (Some(n), _) if n < below => {
                part += n;
                below = if n >= 20 { 10 } else { 0 };
            }
            (None, Some(2)) if at > 0 && part > 0 && part < 100 => {
                part *= 100;
                below = 100;
            }
            (None, Some(power)) if at > 0 && part > 0 => {
                total += part * 10_u64.pow(u32::try_from(power).unwrap_or(0));
                part = 0;
                below = 1_000;
            }
            _ if word == "and"
                && at > 0
                && below >= 100
                && below != u64::MAX
                && cardinal(low(at + 1)).is_some() => {}
            _ => break,
        }
        at += 1;
    }
    match at {
        0 if POWERS.iter().take(4).any(|(known, _)| *known == low(0)) => {
            let power = POWERS.iter().find(|(known, _)| *known == low(0)).map_or(0, |(_, power)| *power);
            Some((Some(10_u64.pow(u32::try_from(power).unwrap_or(0))), 1))
        }
        0 => None,
        taken => Some(((counts || taken > 1).then_some(total + part), taken)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Vec<String> {
        numbers(text).into_iter().collect()
    }

    #[test]
    fn a_number_is_the_same_however_it_is_written() {
        for (one, other) in [
            ("12,000 orders", "twelve thousand orders"),
            ("12k", "12 thousand"),
            ("1.5 million", "1,500,000"),
            ("25 people", "twenty-five people"),
            ("120 beds", "one hundred and twenty beds"),
            ("40%", "forty percent"),
            ("3.50", "3.5"),
            ("the 1990s", "1990"),
            ("halved it", "by half"),
            ("doubled", "twice"),
            ("the 3rd time", "the third time"),
            ("2bn", "two billion"),
            ("305,000", "three hundred and five thousand"),
        ] {
            assert_eq!(of(one), of(other), "{one} {other}");
            assert!(!of(one).is_empty(), "{one}");
        }
    }

    #[test]
    fn other_numbers_are_others() {
        for (one, other) in
            [("1,5", "15"), ("12", "12k"), ("six", "sixty"), ("b2b", "2"), ("1.2.3", "1.23"), ("24/7", "247")]
        {
            assert_ne!(of(one), of(other), "{one} {other}");
        }
        assert_eq!(of("two, three or twenty"), ["2", "20", "3"]);
        assert_eq!(of("five six"), ["5", "6"]);
    }

    #[test]
    fn one_counts_only_before_what_can_be_counted() {
        assert!(of("one of the nurses, and no one else; first I asked").is_empty());
        assert_eq!(of("in one week"), ["1"]);
        assert_eq!(of("one hundred"), ["100"]);
        assert_eq!(of("a hundred"), ["100"]);
    }
}
