//! Numbers of a sentence, with what they count.

use std::ops::Range;

use interview::listen;

use super::ClaimKind;
use super::number::value;

/// How many of what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Quantity {
    pub(super) sort: ClaimKind,
    /// The words of it, in bytes of the sentence.
    pub(super) place: Range<usize>,
    /// In hundredths.
    pub(super) value: u64,
    /// False for "about", "over", "up to".
    pub(super) exact: bool,
    /// The stem of what is counted; the same for all words that mean people.
    pub(super) unit: String,
    /// The stems of the clause around it.
    pub(super) about: Vec<String>,
    /// Whose people they are, if it counts some.
    pub(super) whose: TeamRelation,
}

/// What somebody is to the people whom they count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TeamRelation {
    /// They lead them.
    Led,
    /// They call them theirs: "my team has nine people".
    Own,
    /// They are one of them: "in a team of nine".
    Joined,
    /// It is not said.
    Unsaid,
}

/// What no noun that is counted goes past.
const ENDS: [&str; 36] = [
    "of", "in", "at", "on", "for", "with", "to", "from", "by", "and", "or", "that", "who", "which",
    "because", "but", "as", "when", "while", "after", "before", "across", "over", "under", "within", "a",
    "the", "is", "are", "was", "were", "had", "have", "i", "we", "it",
];
/// Lengths of time, of which years alone are claimed.
const TIMES: [&str; 14] = [
    "second", "seconds", "minute", "minutes", "hour", "hours", "day", "days", "night", "nights", "week",
    "weeks", "month", "months",
];
/// Words before years that say when, not how long: "within three years I ran the shift".
const WHEN: [&str; 9] = ["within", "in", "after", "every", "last", "first", "next", "past", "another"];
const NOT_A_LENGTH: [&str; 5] = ["ago", "old", "later", "earlier", "before"];
/// Whoever is counted without saying what they are.
const PEOPLE: [&str; 9] =
    ["people", "members", "staff", "reports", "colleagues", "employees", "persons", "folks", "others"];
/// Those who make a team.
const TRADES: [&str; 26] = [
    "engineers",
    "developers",
    "designers",
    "analysts",
    "nurses",
    "teachers",
    "managers",
    "assistants",
    "volunteers",
    "technicians",
    "scientists",
    "testers",
    "researchers",
    "consultants",
    "accountants",
    "lawyers",
    "writers",
    "editors",
    "cooks",
    "chefs",
    "drivers",
    "mechanics",
    "electricians",
    "carers",
    "apprentices",
    "agents",
];
/// What leads to a team that somebody is in: "joined a small team of five".
const JOINS: [&str; 9] = ["in", "on", "of", "within", "with", "joined", "join", "joining", "from"];
/// What is counted, and says nothing that could be claimed: "two different ways", "three things".
const VAGUE: [&str; 46] = [
    "ways",
    "things",
    "times",
    "reasons",
    "points",
    "steps",
    "stages",
    "parts",
    "sides",
    "options",
    "ideas",
    "questions",
    "answers",
    "examples",
    "problems",
    "issues",
    "areas",
    "aspects",
    "kinds",
    "types",
    "sorts",
    "levels",
    "views",
    "opinions",
    "choices",
    "lessons",
    "causes",
    "goals",
    "halves",
    "others",
    "ones",
    "words",
    "sentences",
    "colleagues",
    "people",
    "persons",
    "folks",
    "friends",
    "guys",
    "men",
    "women",
    "hands",
    "eyes",
    "versions",
    "places",
    "moments",
];
/// A number at least so large says something of whatever it counts, in hundredths.
const TELLING: u64 = 10 * 100;
const LEADS: [&str; 20] = [
    "lead",
    "led",
    "leading",
    "leads",
    "manage",
    "managed",
    "managing",
    "manages",
    "run",
    "ran",
    "running",
    "supervise",
    "supervised",
    "supervising",
    "head",
    "headed",
    "team",
    "teams",
    "reported",
    "report",
];
const TEAMS: [&str; 6] = ["team", "group", "squad", "crew", "department", "staff"];
const ABOUT: [&str; 13] = [
    "about",
    "around",
    "roughly",
    "some",
    "nearly",
    "almost",
    "over",
    "under",
    "than",
    "least",
    "most",
    "approximately",
    "to",
];

/// The quantities of a sentence, in order.
pub(super) fn quantities(sentence: &str) -> Vec<Quantity> {
    numbers(sentence).into_iter().filter_map(|place| quantity(sentence, place)).collect()
}

/// Where its numbers are; the words of one are together.
fn numbers(sentence: &str) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    for figure in listen::figures(sentence) {
        let between = |last: &Range<usize>| sentence.get(last.end..figure.start).unwrap_or("?");
        let goes_on = |last: &Range<usize>| match between(last) {
            "-" => true,
            " and " => {
                sentence[last.clone()].ends_with("hundred") || sentence[last.clone()].ends_with("thousand")
            }
            between => between.trim().is_empty(),
        };
        match found.last_mut() {
            Some(last) if goes_on(last) => last.end = figure.end,
            Some(_) | None => found.push(figure),
        }
    }
    found
}

fn quantity(sentence: &str, number: Range<usize>) -> Option<Quantity> {
    let text = sentence.get(number.clone())?;
    let value = value(text)?;
    let clause = clause(sentence, &number);
    let before: Vec<(String, usize)> = words(sentence.get(..number.start)?)
        .map(|(word, place)| (word.to_lowercase(), place.start))
        .collect();
    let place_of = |n: usize| before.len().checked_sub(n).and_then(|at| before.get(at));
    let back = |n: usize| place_of(n).map_or("", |(word, _)| word.as_str());
    // "Five to seven": neither.
    if matches!(back(1), "to" | "or" | "and") && super::number::value(back(2)).is_some() {
        return None;
    }
    // What somebody would like is nothing that they claim.
    if words(clause)
        .any(|(word, _)| matches!(word.to_lowercase().as_str(), "prefer" | "like" | "want" | "wish"))
    {
        return None;
    }
    let exact = !ABOUT.contains(&back(1));
    let of_a_team = back(1) == "of" && TEAMS.contains(&back(2));
    let all: Vec<(&str, Range<usize>)> = words(sentence.get(number.end..)?).collect();
    let after = |at: usize| all.get(at).map_or("", |(word, _)| *word);
    let counted = counted(text, &all);
    let (sort, unit, end) = match counted {
        Some((word, at)) => {
            let low = word.to_lowercase();
            let end = number.end + all.get(at)?.1.end;
            match low.as_str() {
                "years" | "year" if NOT_A_LENGTH.contains(&after(at + 1)) => return None,
                "years" | "year" if WHEN.contains(&back(1)) => return None,
                "years" | "year" => (ClaimKind::Years, "year".to_owned(), end),
                time if TIMES.contains(&time) => return None,
                who if leads(sentence) && (PEOPLE.contains(&who) || TRADES.contains(&who)) => (
                    ClaimKind::Team,
                    if PEOPLE.contains(&who) { "people".to_owned() } else { stem(who) },
                    end,
                ),
                other if value < TELLING && VAGUE.contains(&other) => return None,
                other => (ClaimKind::Figure, stem(other), end),
            }
        }
        None if of_a_team => (ClaimKind::Team, "people".to_owned(), number.end),
        None if text.ends_with('%') || text.ends_with("percent") => {
            (ClaimKind::Figure, "%".to_owned(), number.end)
        }
        None => {
            let sign = text.chars().next().filter(|sign| matches!(sign, '£' | '$' | '€'))?;
            (ClaimKind::Figure, sign.to_string(), number.end)
        }
    };
    let own = listen::stems(sentence.get(number.start..end)?);
    let about = listen::stems(clause).into_iter().filter(|stem| !own.contains(stem)).collect();
    // "A team of seven" says what "seven" does not.
    let team = place_of(2).filter(|_| of_a_team && counted.is_none());
    let start = team.map_or(number.start, |(_, start)| *start);
    let whose = match sort {
        ClaimKind::Team => whose(clause, &before),
        ClaimKind::Years | ClaimKind::Tool | ClaimKind::Figure => TeamRelation::Unsaid,
    };
    Some(Quantity { sort, place: start..end, value, exact, unit, about, whose })
}

/// Whose people a clause counts, with the words before their number.
fn whose(clause: &str, before: &[(String, usize)]) -> TeamRelation {
    let led = |word: &str| LEADS.contains(&word) && !TEAMS.contains(&word) && word != "teams";
    if words(clause).any(|(word, _)| led(&word.to_lowercase())) {
        return TeamRelation::Led;
    }
    if words(clause).any(|(word, _)| word.eq_ignore_ascii_case("my")) {
        return TeamRelation::Own;
    }
    // "In a small team of": what leads to the team, past its article and what describes it.
    let team = before.iter().rposition(|(word, _)| TEAMS.contains(&word.as_str()));
    let to_it = team.map_or(&before[before.len()..], |team| &before[team.saturating_sub(4)..team]);
    if to_it.iter().any(|(word, _)| JOINS.contains(&word.as_str())) {
        TeamRelation::Joined
    } else {
        TeamRelation::Unsaid
    }
}

/// The noun that is counted, and which of the words after the number it is.
fn counted<'a>(number: &str, after: &[(&'a str, Range<usize>)]) -> Option<(&'a str, usize)> {
    if number.ends_with('%') || number.ends_with("percent") || number.starts_with(['£', '$', '€']) {
        return None;
    }
    let fits = after.iter().take(3).zip(0..);
    let mut last = 0;
    for ((word, place), at) in fits {
        let low = word.to_lowercase();
        // Nothing but a blank stands between the words of a phrase.
        if ENDS.contains(&low.as_str())
            || place.start != last + 1
            || !low.chars().all(|c| c.is_alphabetic() || c == '-')
        {
            return None;
        }
        last = place.end;
        let plural = low.len() > 3 && low.ends_with('s') && !low.ends_with("ss") && !low.ends_with("us");
        if plural || PEOPLE.contains(&low.as_str()) || matches!(low.as_str(), "children" | "men" | "women") {
            return Some((word, at));
        }
    }
    None
}

/// The words of a text, without the marks around them, and where they are.
fn words(text: &str) -> impl Iterator<Item = (&str, Range<usize>)> {
    let inside =
        |c: char| c.is_alphanumeric() || matches!(c, '-' | '\'' | '\u{2019}' | '%' | '£' | '$' | '€');
    let mut from = 0;
    text.split(move |c: char| !inside(c)).filter_map(move |word| {
        let start = from + text.get(from..)?.find(word)?;
        from = start + word.len();
        (!word.is_empty()).then_some((word, start..from))
    })
}

fn leads(sentence: &str) -> bool {
    words(sentence).any(|(word, _)| LEADS.contains(&word.to_lowercase().as_str()))
}

fn stem(word: &str) -> String {
    listen::stems(word).pop().unwrap_or_else(|| word.to_owned())
}

/// The clause of a sentence that holds this place.
fn clause<'a>(sentence: &'a str, place: &Range<usize>) -> &'a str {
    const MARKS: [&str; 6] = [", ", "; ", ": ", " \u{2014} ", " and ", " but "];
    let before = sentence.get(..place.start).unwrap_or_default();
    let after = sentence.get(place.end..).unwrap_or_default();
    let from =
        MARKS.iter().filter_map(|mark| before.rfind(mark).map(|at| at + mark.len())).max().unwrap_or(0);
    let to = MARKS.iter().filter_map(|mark| after.find(mark)).min().unwrap_or(after.len());
    sentence.get(from..place.end + to).unwrap_or(sentence)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(sentence: &str) -> Vec<(ClaimKind, &str, u64)> {
        let all = quantities(sentence).into_iter();
        all.map(|it| (it.sort, &sentence[it.place], it.value / 100)).collect()
    }

    #[test]
    fn years_teams_and_figures_are_told_apart() {
        assert_eq!(
            found("I have been a nurse for eight years, and I lead a team of seven."),
            [(ClaimKind::Years, "eight years", 8), (ClaimKind::Team, "team of seven", 7)]
        );
        assert_eq!(found("I manage nine senior engineers."), [(ClaimKind::Team, "nine senior engineers", 9)]);
        assert_eq!(
            found("Our shop served 1,200 customers."),
            [(ClaimKind::Figure, "1,200 customers", 1_200)]
        );
        assert_eq!(found("We cut the queue by 40%."), [(ClaimKind::Figure, "40%", 40)]);
    }

    #[test]
    fn lengths_of_time_and_ranges_claim_nothing() {
        for sentence in [
            "It took three weeks.",
            "Five years ago I moved to Leeds.",
            "I managed five to seven people.",
            "In 2019 I left.",
            "Within three years I was running the night shift.",
            "I did that for the last two years.",
            "I led it, with four.",
            "I explained it in two different ways.",
            "I asked two colleagues and three other people.",
            "There were four steps and two options.",
            "",
        ] {
            assert_eq!(found(sentence), [], "{sentence}");
        }
    }

    #[test]
    fn who_leads_a_team_is_told_from_who_is_in_one() {
        let whose = |sentence: &str| quantities(sentence).first().map(|it| it.whose);
        for sentence in ["I lead a team of seven.", "I managed nine people.", "Seven people report to me."] {
            assert_eq!(whose(sentence), Some(TeamRelation::Led), "{sentence}");
        }
        for sentence in ["I work in a team of seven.", "I joined a small, busy team of five people."] {
            assert_eq!(whose(sentence), Some(TeamRelation::Joined), "{sentence}");
        }
        assert_eq!(whose("My team has nine people."), Some(TeamRelation::Own));
        assert_eq!(whose("There was an on-call team of five."), Some(TeamRelation::Unsaid));
    }

    #[test]
    fn what_is_about_so_much_is_not_exact() {
        let exact = |sentence: &str| quantities(sentence).first().map(|it| it.exact);
        assert_eq!(exact("I led nine people."), Some(true));
        for sentence in
            ["I led about nine people.", "I led more than nine people.", "I led up to nine people."]
        {
            assert_eq!(exact(sentence), Some(false), "{sentence}");
        }
    }
}
