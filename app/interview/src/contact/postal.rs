//! Postal addresses: a street with its number, a town, a postcode.

use std::ops::Range;

/// How streets are called where English is spoken.
const STREETS: [&str; 42] = [
    "street",
    "st",
    "road",
    "rd",
    "avenue",
    "ave",
    "lane",
    "ln",
    "drive",
    "dr",
    "close",
    "court",
    "ct",
    "crescent",
    "cres",
    "gardens",
    "gdns",
    "grove",
    "hill",
    "mews",
    "parade",
    "place",
    "pl",
    "square",
    "sq",
    "terrace",
    "way",
    "walk",
    "boulevard",
    "blvd",
    "row",
    "wharf",
    "quay",
    "park",
    "parkway",
    "highway",
    "circle",
    "yard",
    "rise",
    "vale",
    "green",
    "view",
];
/// How the names of streets end in German.
const ENDINGS: [&str; 9] =
    ["stra\u{df}e", "strasse", "str", "allee", "weg", "platz", "gasse", "damm", "ufer"];
/// How streets begin in French.
const RUES: [&str; 8] = ["rue", "avenue", "boulevard", "place", "chemin", "all\u{e9}e", "impasse", "quai"];
/// Small words within the names of streets.
const WITHIN: [&str; 10] = ["of", "the", "de", "du", "des", "la", "le", "les", "and", "d"];
/// What stands before or after a street, with a number.
const UNITS: [&str; 6] = ["flat", "apartment", "apt", "unit", "suite", "room"];
/// After these a number is a year.
const BEFORE_YEARS: [&str; 8] = ["in", "since", "from", "until", "till", "by", "during", "of"];
/// Most words of a street's name, and of what stands between a street and its postcode.
const MOST_WORDS: usize = 5;

/// The places of postal addresses.
pub(super) fn addresses(text: &str, words: &[Range<usize>]) -> Vec<Range<usize>> {
    let all = AddressWords { text, words };
    let mut found = Vec::new();
    for at in 0..words.len() {
        if let Some(last) = all.street(at) {
            let (first, last) = (all.unit_before(at), all.town_after(all.unit_after(last)));
            found.push(words[first].start..words[last].end);
        }
        if let Some(last) = all.postcode(at).or_else(|| all.box_of_post(at)) {
            found.push(words[at].start..words[last].end);
        }
    }
    found
}

struct AddressWords<'a> {
    text: &'a str,
    words: &'a [Range<usize>],
}

impl<'a> AddressWords<'a> {
    fn word(&self, at: usize) -> &'a str {
        self.words.get(at).map_or("", |place| &self.text[place.clone()])
    }

    fn low(&self, at: usize) -> String {
        self.word(at).to_lowercase()
    }

    fn is_name(&self, at: usize) -> bool {
        let word = self.word(at);
        let ordinal = word.starts_with(|c: char| c.is_ascii_digit()) && word.ends_with(['t', 'h', 'd']);
        word.starts_with(char::is_uppercase) || ordinal || WITHIN.contains(&self.low(at).as_str())
    }

    /// Whether nothing but these marks stands between this word and the one before.
    fn follows(&self, at: usize, marks: &[char]) -> bool {
        let (Some(before), Some(word)) =
            (at.checked_sub(1).and_then(|at| self.words.get(at)), self.words.get(at))
        else {
            return false;
        };
        let between = &self.text[before.end..word.start];
        between.len() <= 4 && between.chars().all(|c| marks.contains(&c))
    }

    /// "12", "221B", "12-14"; no year.
    fn is_house(&self, at: usize) -> bool {
        let word = self.word(at);
        let digits = word.bytes().take_while(u8::is_ascii_digit).count();
        let rest = &word[digits..];
        let whole = rest.is_empty()
            || rest.len() == 1 && rest.starts_with(|c: char| c.is_ascii_alphabetic())
            || rest
                .strip_prefix('-')
                .is_some_and(|to| to.bytes().all(|b| b.is_ascii_digit()) && to.len() < 4);
        let year = word.len() == 4 && (word.starts_with("19") || word.starts_with("20"));
        let dated = at.checked_sub(1).is_some_and(|at| BEFORE_YEARS.contains(&self.low(at).as_str()));
        (1..=5).contains(&digits) && whole && !(year && dated)
    }

    /// The last word of a street that begins here.
    fn street(&self, at: usize) -> Option<usize> {
        self.english(at).or_else(|| self.french(at)).or_else(|| self.german(at))
    }

    /// "12 Acacia Avenue"
    fn english(&self, at: usize) -> Option<usize> {
        if !self.is_house(at) {
            return None;
        }
        let blank = [' ', '\u{a0}', '.'];
        let name = (at + 1..self.words.len().min(at + 2 + MOST_WORDS))
            .take_while(|at| self.is_name(*at) && self.follows(*at, &blank));
        let kind = |at: &usize| {
            self.word(*at).starts_with(char::is_uppercase) && STREETS.contains(&self.low(*at).as_str())
        };
        // A street has a name before its kind; the last kind counts ("Upper St Martin's Lane").
        name.skip(1).filter(kind).last()
    }

    /// "12 bis, rue de la Paix"
    fn french(&self, at: usize) -> Option<usize> {
        if !self.is_house(at) {
            return None;
        }
        let marks = [' ', '\u{a0}', ','];
        let rue = if matches!(self.low(at + 1).as_str(), "bis" | "ter") { at + 2 } else { at + 1 };
        if !RUES.contains(&self.low(rue).as_str()) || !self.follows(rue, &marks) {
            return None;
        }
        let apart = [' ', '\u{a0}', '\'', '\u{2019}'];
        let name = (rue + 1..self.words.len().min(rue + 1 + MOST_WORDS))
            .take_while(|at| self.is_name(*at) && self.follows(*at, &apart));
        name.filter(|at| self.word(*at).starts_with(char::is_uppercase)).last()
    }

    /// "Lindenallee 5a"
    fn german(&self, at: usize) -> Option<usize> {
        let low = self.low(at);
        let name = self.word(at).starts_with(char::is_uppercase) && low.chars().count() > 6;
        let ends = ENDINGS.iter().any(|ending| low.ends_with(ending));
        (name && ends && self.is_house(at + 1) && self.follows(at + 1, &[' ', '.', '\u{a0}']))
            .then_some(at + 1)
    }

    /// From a flat before the street, if there is one.
    fn unit_before(&self, at: usize) -> usize {
        let unit = at.checked_sub(2).filter(|unit| UNITS.contains(&self.low(*unit).as_str()));
        unit.filter(|_| self.follows(at, &[' ', ',', '\n'])).unwrap_or(at)
    }

    /// To a flat after the street, if there is one.
    fn unit_after(&self, at: usize) -> usize {
        let unit = UNITS.contains(&self.low(at + 1).as_str()) && self.follows(at + 1, &[' ', ',', '.', '\n']);
        if unit && at + 2 < self.words.len() { at + 2 } else { at }
    }

    /// To a postcode after the street, with the town before or after it.
    fn town_after(&self, at: usize) -> usize {
        let marks = [' ', ',', '.', '\n', '\r', '\t', '\u{a0}'];
        for next in at + 1..self.words.len().min(at + 2 + MOST_WORDS) {
            if !self.follows(next, &marks) {
                break;
            }
            if let Some(code) = self.postcode(next) {
                return code;
            }
            let five = self.word(next).len() == 5 && self.word(next).bytes().all(|b| b.is_ascii_digit());
            if five && self.word(next + 1).starts_with(char::is_uppercase) && self.follows(next + 1, &marks) {
                return next + 1;
            }
            if !self.is_name(next) {
                break;
            }
        }
        // Names that no postcode follows are another matter.
        at
    }

    /// "LS1 4AB", "CA 94107"
    fn postcode(&self, at: usize) -> Option<usize> {
        if !self.follows(at + 1, &[' ', '\u{a0}']) {
            return None;
        }
        let (first, second) = (self.word(at).as_bytes(), self.word(at + 1).as_bytes());
        let upper = |bytes: &[u8]| bytes.iter().all(u8::is_ascii_uppercase);
        let letters = first.iter().take_while(|b| b.is_ascii_uppercase()).count();
        let district = &first[letters..];
        let british = (1..=2).contains(&letters)
            && (1..=2).contains(&district.len())
            && district[0].is_ascii_digit()
            && district.iter().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase())
            && second.len() == 3
            && second[0].is_ascii_digit()
            && upper(&second[1..]);
        let digits = second.iter().take_while(|b| b.is_ascii_digit()).count();
        let american = STATES.contains(&self.word(at))
            && digits == 5
            && (second.len() == 5 || second.len() == 10 && second[5] == b'-');
        (british || american).then_some(at + 1)
    }

    /// "PO Box 123"
    fn box_of_post(&self, at: usize) -> Option<usize> {
        let post = matches!(self.word(at), "PO" | "P.O" | "Postfach");
        let number = if self.low(at + 1) == "box" { at + 2 } else { at + 1 };
        let digits = self.word(number).bytes().all(|b| b.is_ascii_digit()) && !self.word(number).is_empty();
        (post && digits).then_some(number)
    }
}

/// The states of the United States, as addresses have them.
const STATES: [&str; 51] = [
    "AL", "AK", "AZ", "AR", "CA", "CO", "CT", "DC", "DE", "FL", "GA", "HI", "IA", "ID", "IL", "IN", "KS",
    "KY", "LA", "MA", "MD", "ME", "MI", "MN", "MO", "MS", "MT", "NC", "ND", "NE", "NH", "NJ", "NM", "NV",
    "NY", "OH", "OK", "OR", "PA", "RI", "SC", "SD", "TN", "TX", "UT", "VA", "VT", "WA", "WI", "WV", "WY",
];

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::{LEFT_OUT, without_contacts};

    #[test]
    fn postal_addresses_are_left_out() {
        for (text, copy) in [
            ("Priya Nair, 12 Acacia Avenue, Leeds LS1 4AB. Led it.", "Priya Nair, [left out]. Led it."),
            ("Flat 4, 221B Baker Street, London, NW1 6XE", "[left out]"),
            ("12 Upper St Martin's Lane\nLondon\nWC2H 9NY\n\nExperience", "[left out]\n\nExperience"),
            ("I live at 7 Elm Road, and I cycle.", "I live at [left out], and I cycle."),
            ("4500 N Main St, Apt 3, San Jos\u{e9}, CA 95110-1234", "[left out]"),
            ("350 5th Ave, New York, NY 10118", "[left out]"),
            ("Anna Weber, Lindenallee 5a, 80331 M\u{fc}nchen", "Anna Weber, [left out]"),
            ("Hauptstr. 12, 10115 Berlin, Germany", "[left out], Germany"),
            ("12 bis, rue de la Paix, 75002 Paris", "[left out]"),
            ("Post: PO Box 123, Leeds LS2 8EX.", "Post: [left out], Leeds [left out]."),
        ] {
            assert_eq!(without_contacts(text), copy);
        }
    }

    #[test]
    fn what_is_no_address_stays() {
        for text in [
            "In 2019 Northern Way was my project, and 12 people worked on it.",
            "I managed 3 teams on the Oxford Street site, for 45 000 customers.",
            "We drove 12 Big improvements, and 4 squares of the board were left.",
            "Ran 2 marathons; the second String 12 times. Spring 5 and Java 17 were new.",
            "Moved from OS2 to OS3, A1 to B2, and 99 Percent of it held.",
            "Wall Street was quiet, and so was the avenue.",
            "I wrote 500 lines in CO 12 and IN 2020.",
        ] {
            assert_eq!(without_contacts(text), text);
        }
    }

    proptest! {
        #[test]
        fn a_street_with_its_postcode_is_found_wherever_it_stands(
            number in 1_u32..2_000, name in "[A-Z][a-z]{2,8}", kind in 0_usize..super::STREETS.len(),
            town in "[A-Z][a-z]{2,8}", area in "[A-Z]{1,2}", district in 1_u32..20, end in "[0-9][A-Z]{2}",
            apart in prop::sample::select(vec![", ", "\n", " "]),
        ) {
            let kind = super::STREETS[kind];
            let kind = kind[..1].to_uppercase() + &kind[1..];
            let text = format!("Ada\n{number} {name} {kind}{apart}{town}{apart}{area}{district} {end}\n\nI led.");
            prop_assert_eq!(without_contacts(&text), format!("Ada\n{}\n\nI led.", LEFT_OUT));
        }

        #[test]
        fn once_is_enough(words in prop::collection::vec(prop::sample::select(vec![
            "12", "Elm", "Road", "Flat", "LS1", "4AB", "CA", "94107", ",", "\n", "Weg", "rue", "PO", "Box", "in", "2019",
        ]), 0..12)) {
            let copy = without_contacts(&words.join(" "));
            prop_assert_eq!(without_contacts(&copy), copy);
        }
    }
}
