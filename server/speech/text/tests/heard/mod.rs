//! A second reading of number words, written apart from the rules, to tell whether a number was lost.

use proptest::prelude::*;

const ONES: [&str; 20] = [
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
const TENS: [&str; 8] = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];
const GROUPS: [(&str, u64); 5] = [
    ("thousand", 1_000),
    ("million", 1_000_000),
    ("billion", 1_000_000_000),
    ("trillion", 1_000_000_000_000),
    ("quadrillion", 1_000_000_000_000_000),
];
const ORDINALS: [(&str, &str); 9] = [
    ("first", "one"),
    ("second", "two"),
    ("third", "three"),
    ("fifth", "five"),
    ("eighth", "eight"),
    ("ninth", "nine"),
    ("twelfth", "twelve"),
    ("half", "two"),
    ("quarter", "four"),
];
const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// The cardinal a word stands for: "fifth", "fifths", "nineties" as "five", "five", "ninety".
fn base(word: &str) -> String {
    let word = word.to_ascii_lowercase();
    if word == "seconds" {
        return word;
    }
    for candidate in
        [word.as_str(), word.strip_suffix('s').unwrap_or(&word), word.strip_suffix("es").unwrap_or(&word)]
    {
        if candidate == "oh" {
            return "zero".to_owned();
        }
        if let Some((_, cardinal)) = ORDINALS.iter().find(|(ordinal, _)| *ordinal == candidate) {
            return (*cardinal).to_owned();
        }
        if let Some(stem) = candidate.strip_suffix("ieth").or_else(|| candidate.strip_suffix("ie")) {
            return format!("{stem}y");
        }
        if let Some(stem) = candidate.strip_suffix("th").filter(|s| is_number(s)) {
            return stem.to_owned();
        }
        if is_number(candidate) {
            return candidate.to_owned();
        }
    }
    word
}

fn is_number(word: &str) -> bool {
    ONES.contains(&word)
        || TENS.contains(&word)
        || word == "hundred"
        || GROUPS.iter().any(|(g, _)| *g == word)
}

/// The numbers heard in a spoken text, in order. A number ends where the next word cannot belong to it.
pub fn values(spoken: &str) -> Vec<String> {
    let mut reader = Reader::default();
    for written in spoken.split_ascii_whitespace() {
        let pause = written.ends_with(|c: char| !c.is_ascii_alphabetic());
        let bare = written.trim_end_matches(|c: char| !c.is_ascii_alphabetic());
        reader.word(bare);
        // An ordinal, and several of one ("nineties"), are the last word of a number.
        let ordinal = is_number(&base(bare)) && base(bare) != bare.to_ascii_lowercase() && bare != "oh";
        if ordinal {
            reader.end();
        }
        if pause {
            reader.end();
            reader.fraction = false;
        }
    }
    reader.end();
    reader.out
}

#[derive(Default)]
struct Reader {
    out: Vec<String>,
    /// What the finished groups come to, and the group being heard.
    total: u64,
    group: Option<u64>,
    last_group: u64,
    fraction: bool,
}

impl Reader {
    fn end(&mut self) {
        if self.group.is_some() || self.total > 0 {
            self.out.push((self.total + self.group.unwrap_or(0)).to_string());
        }
        self.total = 0;
        self.group = None;
        self.last_group = u64::MAX;
    }

    fn word(&mut self, written: &str) {
        if self.last_group == 0 {
            self.last_group = u64::MAX;
        }
        let word = base(written);
        if written == "a" {
            // "a half": one of two.
            self.end();
            self.out.push("1".to_owned());
        } else if let Some(n) = ONES.iter().position(|o| *o == word) {
            let n = n as u64;
            let fits = match self.group {
                None => self.total == 0 || n > 0,
                Some(group) => {
                    n > 0 && (group % 100 == 0 && group > 0 || n < 10 && group % 10 == 0 && group % 100 >= 20)
                }
            };
            self.put(n, fits);
        } else if let Some(at) = TENS.iter().position(|t| *t == word) {
            let fits = self.group.is_none_or(|group| group > 0 && group % 100 == 0);
            self.put(20 + 10 * at as u64, fits);
        } else if word == "hundred" {
            self.group = self.group.map(|g| g * 100);
        } else if let Some((_, size)) = GROUPS.iter().find(|(name, _)| *name == word) {
            if self.fraction {
                self.end();
            } else if let Some(group) = self.group.take() {
                self.total += group * size;
                self.last_group = *size;
            }
        } else {
            self.end();
            if let Some(at) = MONTHS.iter().position(|m| *m == word) {
                self.out.push((at + 1).to_string());
            }
            self.fraction = word == "point";
            return;
        }
        if !is_number(&word) {
            self.fraction = false;
        }
    }

    fn put(&mut self, n: u64, fits: bool) {
        if !fits {
            self.end();
        }
        *self.group.get_or_insert(0) += n;
    }
}

/// The digit groups of a written text that are not in what is spoken.
pub fn lost(written: &str, spoken: &str) -> Vec<String> {
    let joined = join_thousands(written);
    let mut groups: Vec<&str> =
        joined.split(|c: char| !c.is_ascii_digit()).filter(|g| !g.is_empty()).collect();
    groups.sort_by_key(|g| std::cmp::Reverse(g.len()));
    let values = values(spoken);
    // No cents, and the full hour, are not said.
    let silent = ["dollar", "euro", "pound", "cent", "pence", "o'clock", "hundred", "A M", "P M"];
    if silent.iter().any(|s| spoken.contains(s)) {
        groups.retain(|g| g.len() == 1 || g.bytes().any(|b| b != b'0'));
    }
    let mut used = vec![false; values.len()];
    if assigned(&groups, &values, &mut used) {
        return Vec::new();
    }
    // For the report: what finds no place when each takes its first.
    let mut lost = Vec::new();
    for group in groups {
        match windows(group, &values, &used).first() {
            Some((from, to)) => used[*from..*to].fill(true),
            None => lost.push(group.to_owned()),
        }
    }
    if lost.is_empty() { vec!["not all at once".to_owned()] } else { lost }
}

/// Whether every group has heard values of its own.
fn assigned(groups: &[&str], values: &[String], used: &mut [bool]) -> bool {
    let Some((group, rest)) = groups.split_first() else { return true };
    for (from, to) in windows(group, values, used) {
        used[from..to].fill(true);
        if assigned(rest, values, used) {
            return true;
        }
        used[from..to].fill(false);
    }
    false
}

/// "1,000" as "1000".
fn join_thousands(written: &str) -> String {
    let chars: Vec<char> = written.chars().collect();
    let digit = |at: usize| chars.get(at).is_some_and(char::is_ascii_digit);
    let mut out = String::new();
    let mut run = 0;
    let mut whole = true;
    for (at, c) in chars.iter().enumerate() {
        let next = (1..).take_while(|ahead| digit(at + ahead)).count();
        if *c == ',' && whole && (1..=3).contains(&run) && next == 3 {
            run = 3;
            continue;
        }
        if c.is_ascii_digit() {
            run += 1;
        } else {
            // After a point there are no thousands.
            whole = !(*c == '.' && next > 0 && at > 0 && digit(at - 1));
            run = 0;
        }
        out.push(*c);
    }
    out
}

/// The values not yet taken that are this number: as one, as several ("nineteen" "ninety eight"), or times a group
/// ("twenty thousand" for "20k"). The closest first.
fn windows(group: &str, values: &[String], used: &[bool]) -> Vec<(usize, usize)> {
    let plain = group.trim_start_matches('0');
    let plain = if plain.is_empty() { "0" } else { plain };
    let (mut exact, mut scaled) = (Vec::new(), Vec::new());
    for from in 0..values.len() {
        let mut heard = String::new();
        for to in from..values.len() {
            heard.push_str(&values[to]);
            if used[to] || heard.len() > group.len() + 12 {
                break;
            }
            if heard == group || heard == plain {
                exact.push((from, to + 1));
            } else if heard.strip_prefix(plain).is_some_and(|zeros| {
                matches!(zeros.len(), 2 | 3 | 6 | 9 | 12) && zeros.bytes().all(|b| b == b'0')
            }) {
                scaled.push((from, to + 1));
            }
        }
    }
    exact.sort_by_key(|(from, to)| to - from);
    exact.extend(scaled);
    exact
}

/// Sentences in which numbers meet everything that changes how they are read.
pub fn sentence() -> impl Strategy<Value = String> {
    let number = prop_oneof![
        (0_u32..40).prop_map(|n| n.to_string()),
        (0_u32..10_000).prop_map(|n| n.to_string()),
        (1900_u32..2100).prop_map(|n| n.to_string()),
        (0_u64..10_000_000_000).prop_map(|n| n.to_string()),
        "[0-9]{1,25}",
        (1_u32..1000, prop::sample::select(vec!["k", "M", "bn", " million "]))
            .prop_map(|(n, unit)| format!("{n}{unit}")),
        (1_u32..1000, 0_u32..1000).prop_map(|(a, b)| format!("{a},{b:03}")),
        (0_u32..24, 0_u32..60).prop_map(|(h, m)| format!("{h}:{m:02}")),
        (1900_u32..2100, 1_u32..13, 1_u32..32).prop_map(|(y, m, d)| format!("{y}-{m:02}-{d:02}")),
        (0_u32..1000, 0_u32..100).prop_map(|(a, b)| format!("{a}.{b:02}")),
        (1_u32..12, 2_u32..12).prop_map(|(a, b)| format!("{a}/{b}")),
    ];
    let between = prop::sample::select(vec![
        " ", " and ", ", ", ". ", "-", "–", " - ", "/", ":", "% ", "ms ", " GB ", "x ", "th ", "s ", " $",
        " €", " -", " +", " #", " (", ") ", "am ", " pm ", " March ", " in ", " no. ", " v", " Python ",
        "\n- ", "\n", "\n\n", " = ", "°C ", "/s ", " km/h ", "+ ", " people ", " S", " to ", "...", "!",
        "; ", " at ", "_", "@",
    ]);
    prop::collection::vec((number, between), 1..6)
        .prop_map(|pieces| pieces.into_iter().map(|(number, after)| format!("{number}{after}")).collect())
}
