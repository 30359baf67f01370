//! Whole numbers in words: cardinals, ordinals, years, digit by digit.

const SMALL: [&str; 20] = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
];
const TENS: [&str; 10] =
    ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];
const GROUPS: [&str; 6] = ["", "thousand", "million", "billion", "trillion", "quadrillion"];

/// A longer number is read digit by digit: nobody hears what a quintillion is.
const MOST_DIGITS: usize = 18;

/// One number below a thousand.
fn hundreds(n: u64, out: &mut Vec<&'static str>) {
    let (hundred, rest) = (n / 100 % 10, n % 100);
    if hundred > 0 {
        out.extend([SMALL[hundred as usize], "hundred"]);
    }
    if rest >= 20 {
        out.push(TENS[(rest / 10) as usize]);
        if !rest.is_multiple_of(10) {
            out.push(SMALL[(rest % 10) as usize]);
        }
    } else if rest > 0 {
        out.push(SMALL[rest as usize]);
    }
}

/// Whether a cardinal is said with this word.
pub(crate) fn is_word(word: &str) -> bool {
    let mut lists = [SMALL.as_slice(), &TENS, &GROUPS].into_iter();
    word == "hundred" || (!word.is_empty() && lists.any(|words| words.contains(&word)))
}

/// "one hundred five" for 105.
pub(crate) fn number(n: u64) -> String {
    if n == 0 {
        return SMALL[0].to_owned();
    }
    let mut out = Vec::new();
    for power in (0..GROUPS.len()).rev() {
        let group = n / 1000_u64.pow(power as u32) % 1000;
        // The highest group that has a name takes all that is above it.
        if group > 0 {
            hundreds(group, &mut out);
            if power > 0 {
                out.push(GROUPS[power]);
            }
        }
    }
    out.join(" ")
}

/// Digits as a number; those with a zero in front, and those too long to follow, one by one.
pub(super) fn cardinal(digits: &str) -> String {
    match value(digits) {
        Some(n) if digits == "0" || !digits.starts_with('0') => number(n),
        Some(_) | None => spelled(digits),
    }
}

/// The number, if it is not too long to be said as one.
pub(super) fn value(digits: &str) -> Option<u64> {
    if digits.len() > MOST_DIGITS { None } else { digits.parse().ok() }
}

/// "one zero five" for 105.
pub(crate) fn spelled(digits: &str) -> String {
    let words: Vec<&str> =
        digits.bytes().filter_map(|b| SMALL.get(usize::from(b.wrapping_sub(b'0')))).copied().collect();
    words.join(" ")
}

/// "twenty first" for 21.
pub(super) fn ordinal(n: u64) -> String {
    let words = number(n);
    let (head, last) = words.rsplit_once(' ').map_or(("", words.as_str()), |(head, last)| (head, last));
    let last = match last {
        "one" => "first".to_owned(),
        "two" => "second".to_owned(),
        "three" => "third".to_owned(),
        "five" => "fifth".to_owned(),
        "eight" => "eighth".to_owned(),
        "nine" => "ninth".to_owned(),
        "twelve" => "twelfth".to_owned(),
        _ => last.strip_suffix('y').map_or_else(|| format!("{last}th"), |stem| format!("{stem}ieth")),
    };
    if head.is_empty() { last } else { format!("{head} {last}") }
}

/// Whether an ordinal is said with this one word.
pub(super) fn is_ordinal(word: &str) -> bool {
    (0..20).chain((20..100).step_by(10)).any(|n| ordinal(n) == word)
}

/// Two digits after an hour or a century: "oh five" for 05.
pub(super) fn pair(digits: &str) -> String {
    match digits.strip_prefix('0') {
        Some(last) => format!("oh {}", cardinal(last)),
        None => cardinal(digits),
    }
}

/// "nineteen ninety eight", "two thousand five", "twenty ten"; from 1000 to 9999.
pub(super) fn year(n: u64) -> String {
    let (century, rest) = (n / 100, n % 100);
    match (century % 10, rest) {
        (0, 0..=9) => number(n),
        (_, 0) => format!("{} hundred", number(century)),
        (_, 1..=9) => format!("{} oh {}", number(century), number(rest)),
        (_, _) => format!("{} {}", number(century), number(rest)),
    }
}

/// More than one of it: "nineties", "thousands", "sixes".
pub(super) fn plural(words: &str) -> String {
    if let Some(stem) = words.strip_suffix('y') {
        format!("{stem}ies")
    } else if words.ends_with('x') {
        format!("{words}es")
    } else {
        format!("{words}s")
    }
}
