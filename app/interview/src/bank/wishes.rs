//! The lines of a posting, whole, as the notes look for them in what was said and *Ask me these* asks about them.

use super::pasted::{lines, uncapital};
use super::sayable::clipped;
use super::word_by_word::list_contains;

/// Most items taken from a posting.
const MOST_WISHES: usize = 12;
/// Beginnings of an item that say nothing of what is asked for.
const PREAMBLES: [&str; 12] = [
    "you will have ",
    "you'll have ",
    "you have ",
    "you will be ",
    "you will ",
    "you'll ",
    "you’ll ",
    "you can ",
    "must have ",
    "the ability to ",
    "ability to ",
    "able to ",
];
/// Words of lines that offer something, or tell of the employer or of the way to apply.
const OFFERS: [&str; 16] = [
    "£",
    "$",
    "€",
    "salary",
    "pension",
    "holiday",
    "we offer",
    "we are",
    "we're",
    "benefits",
    "apply",
    "per annum",
    "hours a week",
    "contract",
    "location",
    "closing date",
];

/// The items of a posting, in its order: the lines of its lists, or else its sentences.
pub(super) fn wishes(posting: &str, role: &str) -> Vec<String> {
    let marked = |line: &str| {
        let line = line.trim_start();
        line.starts_with(['-', '*', '•', '·', '–', '—'])
            || line.starts_with(|c: char| c.is_ascii_digit()) && line.contains(". ")
    };
    let listed = posting.lines().filter(|line| marked(line)).count() >= 2;
    let taken = posting.lines().filter(|line| !listed || marked(line));
    let whole: Vec<&str> = taken.collect();
    let whole = whole.join("\n");
    let mut found: Vec<String> = Vec::new();
    for line in lines(&whole) {
        // "1. ", "2) ".
        let number = line.trim_start_matches(|c: char| c.is_ascii_digit());
        let line = number
            .strip_prefix(". ")
            .or_else(|| number.strip_prefix(") "))
            .filter(|_| number != line)
            .unwrap_or(line);
        let line = without_brackets(line);
        for part in line.split(';').flat_map(sentences) {
            // A few words before a colon are a heading.
            let heading = part.split_once(": ").filter(|(head, _)| head.split_whitespace().count() <= 3);
            let part = heading.map_or(part, |(_, rest)| rest);
            let item = wish(part);
            let title = item.as_ref().is_some_and(|item| same_words(item, role));
            found.extend(item.filter(|item| !title && !found.contains(item)));
        }
    }
    found.truncate(MOST_WISHES);
    found
}

/// A line without what is in brackets, to the end if nothing closes them.
fn without_brackets(line: &str) -> String {
    let mut left = String::new();
    let mut depth = 0_u32;
    for c in line.chars() {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ if depth == 0 => left.push(c),
            _ => {}
        }
    }
    left.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The sentences of a line; "e.g." and the like end none.
fn sentences(line: &str) -> Vec<&str> {
    let (mut parts, mut from) = (Vec::new(), 0);
    for (at, _) in line.match_indices(". ") {
        let word = line[..at].rsplit([' ', ',']).next().unwrap_or_default().to_lowercase();
        if !matches!(
            word.as_str(),
            "e.g" | "eg" | "i.e" | "ie" | "etc" | "incl" | "approx" | "min" | "max" | "no" | "inc"
        ) {
            parts.push(&line[from..at]);
            from = at + 2;
        }
    }
    parts.push(&line[from..]);
    parts
}

/// One item, without what says nothing, at its first bracket or clause if it is long.
fn wish(part: &str) -> Option<String> {
    let part = part.trim().trim_end_matches(['.', ',', ':']);
    let lower = part.to_lowercase();
    let preamble = PREAMBLES.iter().find(|words| lower.starts_with(**words)).map_or(0, |words| words.len());
    let rest = part.get(preamble..)?;
    let item = rest.split(" (").next().unwrap_or(rest).trim();
    let item = if item.split_whitespace().count() > 14 { clipped(item)? } else { item };
    let count = item.split_whitespace().count();
    let offers = OFFERS.iter().any(|word| lower.contains(word)) || part.ends_with('!') || part.ends_with('?');
    ((2..=14).contains(&count) && !offers).then(|| uncapital(item))
}

/// True if a phrase is no more than this title.
fn same_words(phrase: &str, title: &str) -> bool {
    let title = title.to_lowercase();
    let fill =
        |word: &&str| list_contains("a an the lead leading as our for role of join", &word.to_lowercase());
    phrase.split_whitespace().filter(|word| !fill(word)).all(|word| title.contains(&word.to_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_posting_lists_what_it_wishes_for() {
        let posting = "School Kitchen Manager\nWe are a large primary school.\n\nYou will have:\n- Experience of managing a catering team\n\
            - Level 3 food safety\n- The ability to plan menus, order stock and keep to a budget (currently tight)\n- £14.20 an hour\n\
            * lead School Kitchen Manager";
        assert_eq!(
            wishes(posting, "school kitchen manager"),
            [
                "Experience of managing a catering team",
                "Level 3 food safety",
                "plan menus, order stock and keep to a budget"
            ]
        );
        let sentences =
            "Shift Manager. You will: lead a team of 20; plan shifts and rotas; use SAP. Budgets required.";
        assert_eq!(
            wishes(sentences, "Shift Manager"),
            ["lead a team of 20", "plan shifts and rotas", "use SAP", "Budgets required"]
        );
        assert_eq!(wishes("", "x"), [""; 0]);
    }

    #[test]
    fn brackets_and_short_forms_end_no_wish() {
        let wished = wishes(
            "- Confident with GIS mapping (e.g. QGIS or ArcGIS Field Maps)\n- Tools, e.g. Jira. Welsh is desirable",
            "Surveyor",
        );
        assert_eq!(wished, ["Confident with GIS mapping", "Tools, e.g. Jira", "Welsh is desirable"]);
        assert!(wished.iter().all(|wish| !wish.contains([')', '('])));
    }
}
