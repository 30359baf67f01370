//! Contact details in a text, and the person's name: what is left out of a copy that somebody else reads.

mod postal;

use std::ops::Range;

/// What stands in place of contact details.
pub const LEFT_OUT: &str = "[left out]";
/// What stands in place of the person's name.
pub const NAME: &str = "[name]";

/// Fewest digits of a number to call.
const LEAST_DIGITS: usize = 9;
/// Fewest digits in a row that are said as words to be one.
const LEAST_SAID: usize = 7;
/// How addresses end.
const ENDS: [&str; 12] = ["com", "org", "net", "io", "co", "uk", "de", "dev", "eu", "fr", "nl", "app"];
/// How digits are said.
const DIGITS: [&str; 13] = [
    "oh", "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "double", "triple",
];

/// The text without contact details: addresses of mail and of pages, numbers to call, written or said, and postal addresses.
pub fn without_contacts(text: &str) -> String {
    let words = words(text);
    let mut found = Vec::new();
    found.extend(words.iter().filter(|word| is_address(&text[(*word).clone()])).cloned());
    found.extend(said_addresses(text, &words));
    found.extend(numbers(text));
    found.extend(said_numbers(text, &words));
    found.extend(postal::addresses(text, &words));
    replaced(text, found, LEFT_OUT)
}

/// The text without the words of this name; small letters are left, which may be another word ("will").
pub fn without_name(text: &str, name: &str) -> String {
    let parts: Vec<String> = name
        .split(|c: char| !c.is_alphanumeric())
        .filter(|part| part.chars().count() > 1)
        .map(str::to_lowercase)
        .collect();
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut from = 0;
    for word in text.split(|c: char| !c.is_alphanumeric()) {
        let place = from..from + word.len();
        from = place.end + text[place.end..].chars().next().map_or(0, char::len_utf8);
        let capital = word.chars().next().is_some_and(|c| !c.is_lowercase());
        if !(capital && parts.contains(&word.to_lowercase())) {
            continue;
        }
        // First and last name are left out together.
        match found.last_mut() {
            Some(last) if text[last.end..place.start].trim().is_empty() => last.end = place.end,
            Some(_) | None => found.push(place),
        }
    }
    replaced(text, found, NAME)
}

/// The words of a text without the marks around them.
fn words(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut from = 0;
    for word in text.split(char::is_whitespace) {
        let edge = |c: char| !c.is_alphanumeric() && c != '/';
        let inner = word.trim_matches(edge);
        let start = from + (word.len() - word.trim_start_matches(edge).len());
        if !inner.is_empty() {
            found.push(start..start + inner.len());
        }
        from += word.len() + text[from + word.len()..].chars().next().map_or(0, char::len_utf8);
    }
    found
}

fn is_address(word: &str) -> bool {
    let low = word.to_lowercase();
    let mail = low.split_once('@').is_some_and(|(who, host)| !who.is_empty() && host.contains('.'));
    mail || low.contains("://") || low.starts_with("www.") || {
        let host = low.split('/').next().unwrap_or_default();
        // "Node.js" and "3.5" are none; "e.g." ends in nothing.
        let end = host.rsplit_once('.').filter(|(before, _)| before.chars().any(char::is_alphabetic));
        end.is_some_and(|(before, end)| before.len() > 2 && ENDS.contains(&end))
    }
}

/// "Ada dot King at example dot com."
fn said_addresses(text: &str, words: &[Range<usize>]) -> Vec<Range<usize>> {
    let low = |at: usize| words.get(at).map(|place| text[place.clone()].to_lowercase()).unwrap_or_default();
    let mut found = Vec::new();
    for at in 1..words.len() {
        if low(at) != "dot" || !ENDS.contains(&low(at + 1).as_str()) {
            continue;
        }
        let mut first = at - 1;
        while first >= 2 && matches!(low(first - 1).as_str(), "dot" | "at") {
            first -= 2;
        }
        found.push(words[first].start..words[at + 1].end);
    }
    found
}

/// Digits with blanks and the usual marks between them, as many as a number to call has.
fn numbers(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut run: Option<(Range<usize>, usize)> = None;
    for (at, c) in text.char_indices().chain([(text.len(), '\n')]) {
        let digit = c.is_ascii_digit();
        if digit || (c == '+' && run.is_none()) {
            let (place, digits) = run.get_or_insert((at..at, 0));
            place.end = at + c.len_utf8();
            *digits += usize::from(digit);
        } else if !matches!(c, ' ' | '-' | '(' | ')' | '.' | '/' | '\u{a0}' | '\u{2013}')
            || run.as_ref().is_some_and(|(place, _)| at > place.end + 2)
        {
            found.extend(run.take().filter(|(_, digits)| *digits >= LEAST_DIGITS).map(|(place, _)| place));
        }
    }
    found
}

fn said_numbers(text: &str, words: &[Range<usize>]) -> Vec<Range<usize>> {
    let digit = |place: &Range<usize>| DIGITS.contains(&text[place.clone()].to_lowercase().as_str());
    let runs = words.chunk_by(|a, b| digit(a) == digit(b));
    runs.filter(|run| run.len() >= LEAST_SAID && digit(&run[0]))
        .filter_map(|run| Some(run.first()?.start..run.last()?.end))
        .collect()
}

fn replaced(text: &str, mut places: Vec<Range<usize>>, with: &str) -> String {
    places.sort_by_key(|place| (place.start, place.end));
    let mut copy = String::with_capacity(text.len());
    let mut done = 0;
    for place in places {
        if place.start >= done {
            copy.push_str(&text[done..place.start]);
            copy.push_str(with);
        }
        done = done.max(place.end);
    }
    copy.push_str(&text[done..]);
    copy
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn contact_details_are_left_out() {
        for (text, copy) in [
            ("Write to ada.king@example.com, please.", "Write to [left out], please."),
            ("See https://example.org/ada?x=1 or www.ada.dev.", "See [left out] or [left out]."),
            ("I am on linkedin.com/in/ada-king (still).", "I am on [left out] (still)."),
            ("Call +44 (0)20 7946 0958 or 07700 900123.", "Call [left out] or [left out]."),
            ("It is ada dot king at example dot co dot uk.", "It is [left out]."),
            ("Call oh seven seven double one two three four.", "Call [left out]."),
        ] {
            assert_eq!(without_contacts(text), copy);
        }
    }

    #[test]
    fn what_is_no_contact_detail_stays() {
        for text in [
            "We served 1,200,000,000 rows in 2019, 2020 and 2021.",
            "I wrote it in Node.js 18.2, e.g. for one, two or three teams @ work.",
            "From 12.03.2019 on it was at 99.95%.",
            "",
        ] {
            assert_eq!(without_contacts(text), text);
        }
    }

    #[test]
    fn the_name_is_left_out_where_it_is_a_name() {
        assert_eq!(without_name("Thanks, Will. I will go on.", "Will King"), "Thanks, [name]. I will go on.");
        assert_eq!(without_name("I\u{2019}m Ada King-Lee.", "Ada King-Lee"), "I\u{2019}m [name]-[name].");
        assert_eq!(without_name("Adam was there.", "Ada"), "Adam was there.");
        assert_eq!(
            without_name("\u{41f}\u{435}\u{442}\u{44f} said so", "\u{43f}\u{435}\u{442}\u{44f}"),
            "[name] said so"
        );
        assert_eq!(without_name("Nobody.", ""), "Nobody.");
    }

    proptest! {
        #[test]
        fn any_text_is_copied_and_once_is_enough(text in ".{0,80}", name in ".{0,10}") {
            let copy = without_contacts(&text);
            prop_assert_eq!(without_contacts(&copy), copy);
            let copy = without_name(&text, &name);
            prop_assert_eq!(without_name(&copy, &name), copy);
        }

        #[test]
        fn mail_is_found_wherever_it_stands(
            before in "[a-z ,(\u{201c}]{0,12}", who in "[a-z0-9]{1,8}", host in "[a-z]{1,8}", after in "[,.)!\u{201d}]{0,2}",
        ) {
            let text = format!("{before} {who}@{host}.com{after} then");
            prop_assert!(!without_contacts(&text).contains('@'), "{}", text);
        }
    }
}
