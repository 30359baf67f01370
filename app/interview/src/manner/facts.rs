//! What a line states: names and figures that somebody gave, and not the person's own words over again.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use super::names;
use crate::Brief;
use crate::check::sentences;

/// So many words of the last answer in a row are an echo.
const LONG: usize = 9;
/// So many after "I" or "we" are.
const OWN: usize = 4;

/// Capitalised words that nobody has to have said.
const FREE: &[&str] = &[
    "I",
    "I'd",
    "I'm",
    "I've",
    "I'll",
    "OK",
    "CV",
    "Mr",
    "Mrs",
    "Ms",
    "Dr",
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
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
    "English",
    "Christmas",
    "Easter",
    "New",
    "Year",
];

/// What was given: by the person, in their papers, or said to them.
fn given(brief: &Brief) -> String {
    let profile = &brief.profile;
    let said = brief.said.iter().map(String::as_str);
    let asked = brief.avoid.iter().map(crate::EarlierQuestion::text).chain(brief.question.as_deref());
    let stage = [brief.stage.title.as_str(), &brief.stage.goal];
    [&profile.name, &profile.role, &profile.cv, &profile.job_description]
        .into_iter()
        .map(String::as_str)
        .chain(brief.so_far.answers.iter().map(String::as_str))
        .chain(brief.recent.iter().flat_map(|e| [e.question.as_str(), e.answer.as_str()]))
        .chain(brief.keepsake.as_deref())
        .chain(brief.leaving.as_deref())
        .chain(stage)
        .chain(said)
        .chain(asked)
        .collect::<Vec<_>>()
        .join("\n")
}

/// A name or a figure that was never given.
pub(super) fn find_unsaid_fact(brief: &Brief, text: &str) -> Option<String> {
    let given = given(brief);
    let known: BTreeSet<String> = bare_words(&given).collect();
    let numbers = numbers(&given);
    let one = |word: &str| FREE.contains(&word) || known.contains(&word.to_lowercase());
    // "Fridays", where one was told of.
    let is_free =
        |word: &str| one(word) || word.strip_suffix('s').is_some_and(one) || one(&format!("{word}s"));
    for sentence in sentences(text) {
        let pieces: Vec<&str> = sentence.text.split_whitespace().collect();
        if let Some(name) = names::leading_name(&pieces).filter(|name| !is_free(name)) {
            return Some(name);
        }
        let mut first = true;
        for piece in pieces {
            let opens = std::mem::replace(&mut first, piece.ends_with([':', '“', '"']));
            let word = piece.trim_matches(|c: char| !c.is_alphanumeric());
            let word = word.trim_end_matches("'s").trim_end_matches("’s");
            let quoted = piece.starts_with(['"', '“', '‘', '\'']);
            if let Some(figure) = figures(word).find(|figure| !numbers.contains(figure)) {
                return Some(format!("{figure}"));
            }
            let mut letters = word.chars();
            let named = letters.next().is_some_and(char::is_uppercase)
                && word.chars().count() > 2
                && letters.all(|c| c.is_lowercase() || matches!(c, '-' | '\'' | '’'));
            if named && !is_free(word) && !opens && !quoted {
                return Some(word.to_owned());
            }
        }
    }
    None
}

fn bare_words(text: &str) -> impl Iterator<Item = String> {
    text.split(|c: char| !c.is_alphanumeric() && !matches!(c, '-' | '\'' | '’'))
        .flat_map(|word| {
            // 'Leave the Light On', in the quotation marks of a keyboard.
            let word = word.trim_matches(['\'', '’']);
            let whole = word.trim_end_matches("'s").trim_end_matches("’s");
            [whole, word].into_iter().chain(word.split('-')).map(str::to_lowercase).collect::<Vec<_>>()
        })
        .filter(|word| !word.is_empty())
}

static NUMBER_WORDS: LazyLock<BTreeMap<&'static str, u64>> = LazyLock::new(|| {
    let small = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen \
                 seventeen eighteen nineteen";
    let tens = "twenty thirty forty fifty sixty seventy eighty ninety";
    let mut words: BTreeMap<_, _> = small.split_whitespace().zip(0..).collect();
    words.extend(tens.split_whitespace().zip((2..).map(|ten: u64| ten * 10)));
    words.extend([("hundred", 100), ("thousand", 1_000), ("million", 1_000_000), ("billion", 1_000_000_000)]);
    words
});

/// The numbers of a text, each word of one by itself, and what they come to together.
fn numbers(text: &str) -> BTreeSet<u64> {
    let mut found = BTreeSet::new();
    let mut before = None;
    for word in text.split(|c: char| !c.is_alphanumeric() && !matches!(c, ',' | '.')) {
        let word = word.trim_matches([',', '.']).to_lowercase();
        let plain: String = word.chars().filter(|c| *c != ',').collect();
        let digits: String = plain.chars().take_while(char::is_ascii_digit).collect();
        if let Ok(number) = digits.parse::<u64>() {
            found.insert(number);
            // "42" may be said as "forty-two", "3,000" as "three thousand", "30k" as "thirty thousand".
            for unit in [10, 100, 1_000, 1_000_000] {
                if number >= unit {
                    found.extend([unit, number / unit, number % unit, number / unit * unit]);
                }
            }
            if plain.ends_with('k') {
                found.extend([number * 1_000, 1_000]);
            }
            before = Some(number);
        } else if let Some(number) = NUMBER_WORDS.get(word.as_str()) {
            found.insert(*number);
            if let Some(before) = before {
                let both = if *number >= 100 { before * number } else { before + number };
                found.insert(both);
                insert_scaled_down(&mut found, both);
            }
            before = Some(*number);
        } else if !word.is_empty() && word != "and" {
            before = None;
        }
    }
    found
}

fn insert_scaled_down(found: &mut BTreeSet<u64>, number: u64) {
    for unit in [100, 1_000, 1_000_000] {
        if number >= unit && number.is_multiple_of(unit) {
            found.insert(number / unit);
        }
    }
}

/// The figures of a word of a line: digits, and number words from four on ("one thing", "two or three" state nothing).
fn figures(word: &str) -> impl Iterator<Item = u64> {
    let plain: String = word.chars().filter(|c| *c != ',').collect();
    let digits: String = plain.chars().take_while(char::is_ascii_digit).collect();
    let written = digits.parse::<u64>().ok().filter(|number| *number > 3);
    let low = word.to_lowercase();
    let spelt: Vec<u64> =
        low.split('-').filter_map(|part| NUMBER_WORDS.get(part).copied()).filter(|n| *n > 3).collect();
    written.into_iter().chain(spelt)
}

/// Words that say the person's own over again.
pub(super) fn find_echo(brief: &Brief, text: &str) -> Option<String> {
    let exchange = brief.recent.last()?;
    let plain = |text: &str| -> Vec<String> {
        text.split(|c: char| !c.is_alphanumeric() && !matches!(c, '\'' | '’'))
            .filter(|word| !word.is_empty())
            .map(str::to_lowercase)
            .collect()
    };
    let answer = plain(&exchange.answer);
    let own = |word: &String| matches!(word.as_str(), "i" | "we" | "my" | "our" | "me");
    for sentence in sentences(text) {
        let words = plain(sentence.text);
        let said = |run: &&[String]| answer.windows(run.len()).any(|said| said == *run);
        // What stands in quotation marks is quoted, not said as the speaker's own.
        let quoted = sentence.text.contains(['"', '“']);
        let theirs = || words.windows(OWN).filter(|run| run.iter().any(own)).find(said).filter(|_| !quoted);
        if let Some(run) = words.windows(LONG).find(said).or_else(theirs) {
            return Some(run.join(" "));
        }
    }
    None
}
