//! What whoever looks back at an answer asks of its words.

use std::ops::Range;

use super::cardinal::cardinal;
use super::deeds::deeds;
use super::elements::is_year;
use super::token::{AnswerToken, AnswerTokenKind, tokens};
use super::words::{MONTHS, WISHES, is_number_word, is_past, particular, stem};

/// Where the sentences of a text are, in bytes, in order; marks around them belong to them, white space does not. They
/// do not overlap, and begin and end between characters.
pub fn sentences(text: &str) -> Vec<Range<usize>> {
    let mut found: Vec<(usize, Range<usize>)> = Vec::new();
    for token in tokens(text).iter().filter(|token| !token.text.trim().is_empty()) {
        match found.last_mut() {
            Some((sentence, range)) if *sentence == token.sentence => range.end = token.end,
            Some(_) | None => found.push((token.sentence, token.start..token.end)),
        }
    }
    found.into_iter().map(|(_, range)| range).collect()
}

/// Whether the last sentence of a text tells of something that the speaker did.
pub fn ends_in_own_deed(text: &str) -> bool {
    let words = tokens(text);
    let last = words.iter().rfind(|token| token.is_word()).map(|token| token.sentence);
    deeds(&words).iter().any(|deed| !deed.we && Some(words[deed.verb].sentence) == last)
}

/// Whether a sentence says that the speaker wants this work.
pub(crate) fn wants_the_work(sentence: &str) -> bool {
    let low = sentence.to_lowercase();
    WISHES.iter().any(|wish| low.contains(wish))
}

/// Past forms that are other forms as well, or that only ask.
const AMBIGUOUS: [&str; 14] = [
    "did", "had", "let", "put", "cut", "set", "read", "hit", "hurt", "quit", "shut", "cost", "spread",
    "split",
];

/// Whether a text tells of something past: it has a verb that can be nothing else.
pub fn tells_of_the_past(text: &str) -> bool {
    let words = tokens(text);
    words
        .iter()
        .any(|token| token.is_word() && is_past(&token.low) && !AMBIGUOUS.contains(&token.low.as_str()))
}

/// Whether something happens in a text: it has a verb in the past, also one that may be another form, beside any "had
/// done".
pub fn something_happens(text: &str) -> bool {
    let words = tokens(text);
    let words: Vec<&AnswerToken<'_>> = words.iter().filter(|token| token.is_word()).collect();
    let low = |at: usize| words.get(at).map_or("", |token| token.low.as_str());
    let had = |at: usize| matches!(low(at), "had" | "i'd" | "we'd" | "they'd" | "he'd" | "she'd");
    let before = |at: usize| {
        at.checked_sub(1).is_some_and(had)
            || at
                .checked_sub(2)
                .is_some_and(|two| had(two) && matches!(low(at - 1), "already" | "just" | "never" | "been"))
    };
    let done = |at: usize| is_past(low(at)) || matches!(low(at), "done" | "seen");
    (0..words.len()).any(|at| done(at) && low(at) != "had" && !before(at))
}

/// Months as they are cut short; `may` is whole.
const SHORT_MONTHS: [&str; 7] = ["jan", "feb", "aug", "sept", "oct", "nov", "dec"];
/// Words after "at four" that leave it an hour of the day or an age.
const NOT_COUNTED: [&str; 18] = [
    "for", "in", "on", "and", "still", "every", "or", "when", "to", "the", "he", "she", "they", "i", "we",
    "because", "from", "with",
];

/// So many words may be one of the two figures of a change.
const FIGURE: usize = 5;

/// Whether a text says by how much something changed, or how much of it was reached: "from forty to six", "sixty-two times,
/// before it was four", "eight out of the ten".
pub fn measured_change(text: &str) -> bool {
    let words: Vec<AnswerToken<'_>> = tokens(text)
        .into_iter()
        .filter(|token| token.is_word() || token.sort == AnswerTokenKind::Figure)
        .collect();
    let counts = |from: usize, to: usize| {
        let words = words.get(from..to).unwrap_or_default();
        let of_time = words.iter().any(is_year);
        let number = words.iter().any(|token| {
            token.sort == AnswerTokenKind::Figure
                || is_number_word(&token.low)
                || matches!(token.low.as_str(), "zero" | "one" | "half")
        });
        number && !of_time
    };
    let is = |at: usize, word: &str| words.get(at).is_some_and(|token| token.low == word);
    let near = |at: usize| counts(at, words.len().min(at + FIGURE));
    let before = (1..words.len())
        .any(|at| is(at, "before") && is(at + 1, "it") && is(at + 2, "was") && near(at + 3) && counts(0, at));
    let reached = (1..words.len()).any(|at| {
        // "Six of fourteen passed"; "one of two" may only choose.
        let of = is(at, "of") && !is(at - 1, "one") && !is(at + 1, "the");
        let of = is(at, "out") && is(at + 1, "of") && counts(at + 2, words.len().min(at + 4))
            || of && counts(at + 1, at + 2);
        of && counts(at - 1, at)
    });
    before
        || reached
        || turns(&words, &counts)
        || (0..words.len()).filter(|from| is(*from, "from")).any(|from| {
            let to = (from + 2..words.len().min(from + 2 + FIGURE)).find(|to| is(*to, "to"));
            to.is_some_and(|to| {
                let clock = words[to..].iter().take(5).any(of_the_clock);
                counts(from + 1, to) && counts(to + 1, words.len().min(to + 3)) && !clock
            })
        })
}

/// A word after a number that makes it an hour.
fn of_the_clock(token: &AnswerToken<'_>) -> bool {
    matches!(token.low.as_str(), "am" | "pm" | "o'clock" | "morning" | "evening" | "night")
}

/// Verbs that say how something turned.
const TURNS: [&str; 15] = [
    "went",
    "dropped",
    "fell",
    "rose",
    "grew",
    "came",
    "got",
    "cut",
    "jumped",
    "climbed",
    "shrank",
    "improved",
    "reduced",
    "increased",
    "decreased",
];
/// So many words lie between such a verb, what it was before and what it is now.
const APART: usize = 4;

/// "Reviews went from days to same day", "conversion went up 4%", "refunds dropped by half".
fn turns(words: &[AnswerToken<'_>], counts: &impl Fn(usize, usize) -> bool) -> bool {
    let low = |at: usize| words.get(at).map_or("", |token| token.low.as_str());
    let verbs = (0..words.len()).filter(|at| TURNS.contains(&low(*at)));
    verbs.into_iter().any(|verb| {
        let ahead = verb + 1..words.len().min(verb + 1 + APART);
        let from = ahead.clone().find(|at| low(*at) == "from");
        let from_to = from.is_some_and(|from| {
            let to = (from + 2..words.len().min(from + 2 + APART)).find(|to| low(*to) == "to");
            // "From Leeds to York" and "from door to door" are ways.
            to.is_some_and(|to| {
                let next = words.get(to + 1);
                let place = |token: Option<&AnswerToken<'_>>| token.is_some_and(AnswerToken::capital);
                !place(words.get(from + 1))
                    && !place(next)
                    && next.is_some_and(|next| next.low != low(from + 1))
                    && (counts(from + 1, to)
                        || counts(to + 1, to + 3)
                        || TIMES.iter().any(|time| low(from + 1).starts_with(time)))
            })
        });
        let way = ahead.clone().find(|at| matches!(low(*at), "up" | "down" | "by"));
        // "It came down at six" is the clock.
        let by = way.is_some_and(|way| {
            let clock = matches!(low(way + 1), "at" | "in" | "on" | "from")
                || words.iter().skip(way + 2).take(3).any(of_the_clock);
            !clock
                && counts(way + 1, words.len().min(way + 4))
                && (low(way) == "by"
                    || low(way + 1) == "to"
                    || low(way + 1) == "by"
                    || words.get(way + 1).is_some_and(|token| token.sort == AnswerTokenKind::Figure))
        });
        from_to || by
    })
}

/// Lengths of time, as they begin: "days", "weekly".
const TIMES: [&str; 7] = ["day", "dail", "week", "month", "hour", "minute", "year"];

/// Words before a number that it only names: "week six".
const NAMES: [&str; 24] = [
    "week", "day", "page", "level", "grade", "step", "phase", "chapter", "part", "year", "room", "ward",
    "floor", "number", "version", "past", "act", "scene", "stalls", "row", "band", "platform", "gate", "bay",
];

/// Whether a text tells of a choice or a decision: of something that could have been done in another way.
pub fn tells_a_choice(text: &str) -> bool {
    let words = tokens(text);
    let chooses = [
        "either",
        "option",
        "options",
        "choice",
        "choices",
        "instead",
        "rather",
        "whether",
        "could",
        "alternative",
    ];
    words.iter().any(|token| {
        let low = token.low.as_str();
        chooses.contains(&low) || ["decid", "chose", "choos"].iter().any(|stem| low.starts_with(stem))
    })
}

/// Where the figures of a text are: numbers that count something; no years, dates, times of day or ages, no numbers that
/// are names.
pub fn figures(text: &str) -> Vec<Range<usize>> {
    let words: Vec<AnswerToken<'_>> =
        tokens(text).into_iter().filter(|token| !token.text.trim().is_empty()).collect();
    let low = |at: usize| words.get(at).map_or("", |token| token.low.as_str());
    let counts = |at: usize| {
        let token = &words[at];
        token.sort == AnswerTokenKind::Figure && !is_year(token)
            || is_number_word(&token.low)
            || matches!(token.low.as_str(), "half" | "halved" | "doubled" | "tripled" | "percent" | "twice")
    };
    let by_the_clock = |at: usize| {
        let of_day = |at: usize| {
            low(at) == "in"
                && low(at + 1) == "the"
                && matches!(low(at + 2), "morning" | "afternoon" | "evening")
                || low(at) == "at" && low(at + 1) == "night"
        };
        // "Between four and six in the morning."
        let joined = matches!(low(at + 1), "and" | "or" | "to") && of_day(at + 3);
        let colon = low(at + 1) == ":"
            || at > 0 && low(at - 1) == ":" && at > 1 && words[at - 2].sort == AnswerTokenKind::Figure;
        matches!(low(at + 1), "past" | "o'clock" | "am" | "pm" | "a.m" | "p.m")
            || of_day(at + 1)
            || joined
            || colon
    };
    let before = |at: usize| at.checked_sub(1).map_or("", low);
    let number = |at: usize| {
        words
            .get(at)
            .is_some_and(|token| token.sort == AnswerTokenKind::Figure || cardinal(&token.low).is_some())
    };
    // "Room two one four": all of them.
    let named = |at: usize| {
        let first = (0..=at).rev().take_while(|at| number(*at)).last().unwrap_or(at);
        NAMES.contains(&before(first))
    };
    // "March twenty nineteen".
    let year_in_words = |at: usize| {
        let of_a_year = |at: usize| {
            low(at) == "twenty" && cardinal(low(at + 1)).is_some_and(|n| (10..30).contains(&n))
                || low(at) == "nineteen" && cardinal(low(at + 1)).is_some_and(|n| n >= 50)
        };
        of_a_year(at) || at.checked_sub(1).is_some_and(of_a_year)
    };
    let is_month = |word: &str| MONTHS.contains(&word) || SHORT_MONTHS.contains(&word);
    // "On 3 August", "the 3rd of August", "August 3".
    let dated = |at: usize| {
        let month = if low(at + 1) == "of" { low(at + 2) } else { low(at + 1) };
        is_month(month) || is_month(before(at)) && low(at + 1) != "of"
    };
    // "At four", "at seventeen", "half seven".
    let small =
        |at: usize| words[at].text.parse().ok().or_else(|| cardinal(low(at))).is_some_and(|n: u64| n <= 24);
    let at_an_hour = |at: usize| {
        let ends =
            words.get(at + 1).is_none_or(|next| next.is_mark() || NOT_COUNTED.contains(&next.low.as_str()));
        before(at) == "half" && small(at)
            || low(at) == "half" && at + 1 < words.len() && small(at + 1)
            || before(at) == "at" && small(at) && ends
            || before(at) == "minus"
    };
    // "Till about six", "until half past": the clock again.
    let till = |at: usize| {
        let before = if before(at) == "about" && at > 1 { low(at - 2) } else { before(at) };
        matches!(before, "till" | "until") && small(at) && !low(at + 1).ends_with('s')
    };
    // "I'm thirty-three and": an age.
    let aged = |at: usize| {
        matches!(before(at), "i'm" | "im")
            && words.get(at + 1).is_none_or(|next| next.is_mark() || next.low == "and")
    };
    // "A stem half cut", "half the lists": nobody counted; "cut by half" they did.
    let in_part = |at: usize| low(at) == "half" && !matches!(before(at), "by" | "in" | "a" | "one");
    let only_names = |at: usize| {
        by_the_clock(at)
            || named(at)
            || dated(at)
            || at_an_hour(at)
            || year_in_words(at)
            || till(at)
            || aged(at)
            || in_part(at)
    };
    let found = (0..words.len()).filter(|at| counts(*at) && !only_names(*at));
    found.map(|at| words[at].start..words[at].end).collect()
}

/// How many figures a text has: those of several words are one each, "20 percent", "twenty-five".
pub fn count_figures(text: &str) -> usize {
    let figures = figures(text);
    let goes_on = |pair: &&[Range<usize>]| {
        let between = text.get(pair[0].end..pair[1].start).unwrap_or("?");
        between.chars().all(|c| c.is_whitespace() || c == '-')
    };
    figures.len() - figures.windows(2).filter(goes_on).count()
}

/// The stems of the words of a text that carry something, in order.
pub fn stems(text: &str) -> Vec<String> {
    let words = tokens(text);
    words
        .iter()
        .filter(|token| !token.is_mark() && particular(&token.low))
        .map(|token| stem(&token.low))
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn any_words_of_change_in_any_order_are_read(
            words in prop::collection::vec("(from|to|six|of|out|the|before|it|was|one|2019|40|pm|,)", 0..9)
        ) {
            measured_change(&words.join(" "));
        }
    }

    #[test]
    fn a_choice_is_told_from_a_deed() {
        assert!(tells_a_choice("I could have sent him home, but I decided to wait."));
        assert!(tells_a_choice("It was either the roof or the boiler."));
        assert!(!tells_a_choice("I once imaged a woman under the record of another woman."));
    }

    #[test]
    fn a_change_in_figures_is_told_from_other_ways() {
        for (text, expected) in [
            ("I took it from one point two to four million.", true),
            ("They put a kerb and the slides went from forty to six.", true),
            ("Went from six kilos binned to one.", true),
            ("The queue on payday went from two hours to twenty minutes.", true),
            ("They stopped the line sixty-two times in the first year. Before it was four.", true),
            ("He found eight out of the ten.", true),
            ("reviews went from days to same day", true),
            ("Failures went from weekly to one in six months.", true),
            ("got it down to 2s and conversion went up 4%", true),
            ("Failed refunds dropped by half.", true),
            ("I went up to the third floor.", false),
            ("He came down to six of us at breakfast, and went on.", true),
            ("The boat went from Lerwick to Bergen.", false),
            ("I came in by 6 in the morning.", false),
            ("I entered them for the exam. Six of fourteen passed.", true),
            ("It was one of two vans.", false),
            ("I got out of the van before it was light.", false),
            ("I was there from 2012 to 2018.", false),
            ("I stood at the door from six to eight in the morning.", false),
            ("I went from door to door.", false),
            ("I moved from Leeds to York.", false),
            ("", false),
        ] {
            assert_eq!(measured_change(text), expected, "{text}");
        }
    }

    #[test]
    fn sentences_are_found_with_their_marks() {
        let text = "I led it, with Dr. Lee. \u{201c}Stop!\u{201d} he said\n- 3.5 million rows";
        let parts: Vec<&str> = sentences(text).into_iter().map(|range| &text[range]).collect();
        assert_eq!(parts.concat().replace(char::is_whitespace, ""), text.replace(char::is_whitespace, ""));
        assert_eq!(parts[0], "I led it, with Dr. Lee.");
        assert_eq!(*parts.last().unwrap(), "- 3.5 million rows");
        assert!(sentences(" \n ").is_empty());
    }

    #[test]
    fn a_deed_counts_where_the_text_ends() {
        assert!(ends_in_own_deed(
            "I drive forklifts. I'm in Leeds, and I covered for the team lead a while back."
        ));
        assert!(!ends_in_own_deed("I covered for the team lead once. I'm in Leeds."));
        assert!(!ends_in_own_deed("I'm in Leeds. We covered for the others."));
        assert!(!ends_in_own_deed(""));
    }

    #[test]
    fn figures_count_and_years_do_not() {
        let found =
            |text: &str| figures(text).into_iter().map(|range| text[range].to_owned()).collect::<Vec<_>>();
        assert_eq!(found("In 2019 we cut 40% of it in three weeks"), ["40%", "three"]);
        assert!(
            found("one of them, in 2019, in week six at half past three, or at five in the morning")
                .is_empty()
        );
        assert!(found("between four and six in the morning, at 10:30").is_empty());
        assert!(found("every night till about six, with a stem half cut and half the lists gone").is_empty());
        assert!(found("I'm thirty-three and I climb.").is_empty());
        assert_eq!(found("We cut it by half until six doors were done"), ["half", "six"]);
    }

    #[test]
    fn a_figure_of_several_words_is_one() {
        for (text, count) in
            [("It fell by 20 percent.", 1), ("Twenty-five of them, and 30%.", 2), ("None.", 0)]
        {
            assert_eq!(count_figures(text), count, "{text}");
        }
    }

    #[test]
    fn stems_leave_empty_words_out() {
        assert_eq!(stems("The migrations of the ledgers"), stems("migration, ledger"));
    }
}
