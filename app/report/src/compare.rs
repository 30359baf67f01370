//! Two answers to one question, side by side: what changed, in words that can be checked.

use interview::{Message, Millis, Speaker, listen};
use serde::Serialize;

use crate::aspect::Aspect;
use crate::aspect_mark::{AspectMark, marks};
use crate::statement::Book;
use crate::told;
use crate::{Performance, Quotation, harm, measure};

/// An answer to a question, as one take of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Take {
    /// What there is of each aspect, where the question wants a story.
    pub marks: Vec<(Aspect, AspectMark)>,
    /// Its words.
    pub words: usize,
    /// Its figures.
    pub figures: usize,
    /// How often it says "I".
    pub own: usize,
    /// How long it took to say, if all of it was spoken and measured.
    pub spoke_ms: Option<Millis>,
}

/// What is different.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DifferenceKind {
    /// Something is said that was looked for in the first and not found.
    Gained(Aspect),
    /// Something is said that the first touched on, or of which it was not clear whether it was there.
    Cleared(Aspect),
    /// Something was said in the first, and was looked for and not found.
    Lost(Aspect),
    /// How long it took to say, in seconds.
    Seconds,
    /// How many words.
    Words,
    /// How many figures.
    Figures,
    /// How often "I".
    Own,
}

/// One difference, and what it rests on: words of either answer, or a number from each.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AnswerDifference {
    what: DifferenceKind,
    text: String,
    first: Vec<Quotation>,
    second: Vec<Quotation>,
    counts: Option<(usize, usize)>,
}

impl AnswerDifference {
    /// What is different.
    pub fn what(&self) -> DifferenceKind {
        self.what
    }

    /// It in words, without a subject: "now has a result", "40 words shorter".
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The words of the first answer that it rests on.
    pub fn first(&self) -> &[Quotation] {
        &self.first
    }

    /// The words of the second answer that it rests on.
    pub fn second(&self) -> &[Quotation] {
        &self.second
    }

    /// What was counted in each, if it rests on that.
    pub fn counts(&self) -> Option<(usize, usize)> {
        self.counts
    }
}

/// Two answers to one question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Comparison {
    /// The earlier one.
    pub first: Take,
    /// The later one.
    pub second: Take,
    /// What is different, what matters most first.
    pub changes: Vec<AnswerDifference>,
}

/// "I" that comes so much more or less often says nothing.
const OFTEN: usize = 2;

/// The number of the last message of what was said to the question of this number: to itself, or (`followed`) with all
/// that followed it, up to a question of its own.
pub fn last_reply_seq(messages: &[Message], question: u32, followed: bool) -> u32 {
    let ends = |m: &Message| {
        if followed { told::ends_question_thread(m) } else { m.asks_anew() || told::ends_question_thread(m) }
    };
    let said = messages.iter().skip_while(|m| m.seq <= question).take_while(|m| !ends(m));
    said.filter(|m| m.speaker == Speaker::Candidate).last().map_or(question, |m| m.seq)
}

/// Compares two answers to one question. Of each the messages are the question's line and what was said to it. `None`
/// where one of them does not begin with a question.
pub fn compare(first: &Performance<'_>, second: &Performance<'_>) -> Option<Comparison> {
    let (one, other) = (take(first)?, take(second)?);
    let mut changes = Vec::new();
    // The same words are read in another way beside another question: that is no change of theirs.
    let same = said(first).eq(said(second));
    for (aspect, mark) in other.marks.iter().filter(|_| !same) {
        let before = one.marks.iter().find(|(known, _)| known == aspect).map(|(_, mark)| mark);
        changes.extend(before.and_then(|before| of_aspect(*aspect, before, mark)));
    }
    // What is new stands before what is clearer, and that before what is gone.
    changes.sort_by_key(|change| match change.what {
        DifferenceKind::Cleared(_) => 1,
        DifferenceKind::Lost(_) => 2,
        DifferenceKind::Gained(_)
        | DifferenceKind::Seconds
        | DifferenceKind::Words
        | DifferenceKind::Figures
        | DifferenceKind::Own => 0,
    });
    if let (Some(before), Some(after)) = (one.spoke_ms, other.spoke_ms) {
        let seconds = |ms: Millis| usize::try_from((ms + 500) / 1_000).unwrap_or(0);
        changes.extend(count_change(DifferenceKind::Seconds, seconds(before), seconds(after)));
    }
    changes.extend(count_change(DifferenceKind::Words, one.words, other.words));
    changes.extend(count_change(DifferenceKind::Figures, one.figures, other.figures));
    changes.extend(
        count_change(DifferenceKind::Own, one.own, other.own)
            .filter(|_| one.own.abs_diff(other.own) >= OFTEN),
    );
    Some(Comparison { first: one, second: other, changes })
}

/// What was said, message by message.
fn said<'a>(of: &Performance<'a>) -> impl Iterator<Item = &'a str> {
    of.messages.iter().filter(|m| m.speaker == Speaker::Candidate).map(|m| m.text.as_str())
}

fn take(of: &Performance<'_>) -> Option<Take> {
    let told = told::first_question_thread(of)?;
    let harms = harm::harms(of.messages, of.spoken, of.troubles);
    let measured = measure::measures(&told, of, &harms);
    let words = said(of).map(|text| text.split_whitespace().count()).sum();
    let figures = said(of).map(listen::count_figures).sum();
    let mut book = Book::new(of.struck);
    let marks = if told.kind.tells_stories() {
        let hidden = measured.harms.iter().any(|harm| harm.hides_words());
        marks(&told, hidden, &mut book)
    } else {
        Vec::new()
    };
    Some(Take { marks, words, figures, own: measured.own, spoke_ms: measured.spoke_ms })
}

/// What changed of an aspect: what is said in one, and was looked for in vain in the other or not clear there. What is less
/// clear the second time may be there all the same. Figures are counted.
fn of_aspect(aspect: Aspect, before: &AspectMark, after: &AspectMark) -> Option<AnswerDifference> {
    let change = |what, text, first, second| AnswerDifference { what, text, first, second, counts: None };
    if aspect == Aspect::Number {
        return None;
    }
    if before.is_missing() && after.is_said() {
        let quotes = after.statement()?.quotes().to_vec();
        return Some(change(
            DifferenceKind::Gained(aspect),
            format!("now {}", has(aspect)),
            Vec::new(),
            quotes,
        ));
    }
    if matches!(before, AspectMark::Partly(_) | AspectMark::Unclear) && after.is_said() {
        let quotes = after.statement()?.quotes().to_vec();
        let text = format!("now makes clear {}", clearly(aspect));
        return Some(change(DifferenceKind::Cleared(aspect), text, Vec::new(), quotes));
    }
    if before.is_said() && after.is_missing() {
        let text = format!("we found no {} this time", aspect.sought());
        let quotes = before.statement()?.quotes().to_vec();
        return Some(change(DifferenceKind::Lost(aspect), text, quotes, Vec::new()));
    }
    None
}

fn has(aspect: Aspect) -> &'static str {
    match aspect {
        Aspect::Situation => "says what the situation was",
        Aspect::Part => "says which part was yours",
        Aspect::Action => "says what you did",
        Aspect::Result => "has a result",
        Aspect::Number => "has a figure",
        Aspect::Reflection => "says what you learnt from it",
    }
}

fn clearly(aspect: Aspect) -> &'static str {
    match aspect {
        Aspect::Situation => "what the situation was",
        Aspect::Part => "which part was yours",
        Aspect::Action => "what you did",
        Aspect::Result => "what came of it",
        Aspect::Number => "what the figure measures",
        Aspect::Reflection => "what you learnt from it",
    }
}

/// A difference between two numbers; none where they are the same.
fn count_change(what: DifferenceKind, before: usize, after: usize) -> Option<AnswerDifference> {
    let by = before.abs_diff(after);
    let n = number(by);
    let (longer, more) = if after > before { ("longer", "more") } else { ("shorter", "fewer") };
    let unit = |one: &'static str, many: &'static str| if by == 1 { one } else { many };
    let text = match what {
        DifferenceKind::Seconds => format!("{n} {} {longer}", unit("second", "seconds")),
        DifferenceKind::Words => format!("{n} {} {longer}", unit("word", "words")),
        DifferenceKind::Figures => format!("{n} {more} {}", unit("figure", "figures")),
        DifferenceKind::Own => format!("{n} {more} {} of \u{201c}I\u{201d}", unit("use", "uses")),
        DifferenceKind::Gained(_) | DifferenceKind::Cleared(_) | DifferenceKind::Lost(_) => return None,
    };
    let counts = Some((before, after));
    (by > 0).then(|| AnswerDifference { what, text, first: Vec::new(), second: Vec::new(), counts })
}

/// Small numbers in words, as they are read in a sentence.
fn number(n: usize) -> String {
    const WORDS: [&str; 11] =
        ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];
    WORDS.get(n).map_or_else(|| n.to_string(), |word| (*word).to_owned())
}

impl Comparison {
    /// All differences as a sentence: "Now has a result and says what you did; 40 words shorter."
    pub fn sentence(&self) -> String {
        let gained: Vec<&str> =
            self.changes.iter().filter_map(|change| change.text.strip_prefix("now ")).collect();
        let mut clauses: Vec<String> = match gained.as_slice() {
            [] => Vec::new(),
            [one] => vec![format!("now {one}")],
            [some @ .., last] => vec![format!("now {} and {last}", some.join(", "))],
        };
        clauses.extend(
            self.changes.iter().filter(|change| !change.text.starts_with("now ")).map(|c| c.text.clone()),
        );
        if clauses.is_empty() {
            return "Nothing changed that we could find or count.".to_owned();
        }
        let mut text = clauses.join("; ") + ".";
        if let Some(first) = text.get(..1) {
            text = first.to_uppercase() + &text[1..];
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use interview::{Plan, Profile, Seniority};

    use super::*;
    use crate::statement::{Statement, StatementKind};
    use crate::testing::{asked, line, said, with};

    fn compared(first: &str, second: &str) -> Comparison {
        let profile = Profile::new("Ada", "Engineer", Seniority::Senior, "", "").unwrap();
        let (plan, struck) = (Plan::named("standard").unwrap(), BTreeSet::new());
        let messages =
            [first, second].map(|text| [asked(1, "What was the hardest fault you found?"), said(2, text)]);
        let of = |messages| Performance {
            profile: &profile,
            plan: &plan,
            messages,
            spoken: &[],
            troubles: &[],
            struck: &struck,
            judged: None,
        };
        compare(&of(&messages[0]), &of(&messages[1])).unwrap()
    }

    #[test]
    fn a_retold_story_is_longer_by_so_many_words_and_figures() {
        let first = "Our batch was slow every night, so I rewrote the query and added an index.";
        let second = "Our batch was slow every night, so I rewrote the query. In the end it ran in 9 minutes instead of 180.";
        let comparison = compared(first, second);
        let words = comparison.changes.iter().find(|change| change.what() == DifferenceKind::Words).unwrap();
        assert_eq!((words.text(), words.counts()), ("seven words longer", Some((15, 22))));
        let figures =
            comparison.changes.iter().find(|change| change.what() == DifferenceKind::Figures).unwrap();
        assert_eq!(figures.counts(), Some((0, 2)));
        assert!(
            comparison.sentence().ends_with("seven words longer; two more figures."),
            "{}",
            comparison.sentence()
        );
    }

    #[test]
    fn the_same_answer_is_no_change() {
        let text = "Our batch was slow every night, so I rewrote the query and added an index.";
        let comparison = compared(text, text);
        assert!(comparison.changes.is_empty());
        assert_eq!(comparison.sentence(), "Nothing changed that we could find or count.");
    }

    #[test]
    fn what_the_first_only_touched_on_is_clearer_where_the_second_says_it() {
        let statement = || Statement::new(StatementKind::Story, "story.1.result", "", quotation());
        let of = |before: AspectMark, after: AspectMark| {
            of_aspect(Aspect::Result, &before, &after).map(|it| it.text)
        };
        for before in [AspectMark::Partly(statement()), AspectMark::Unclear] {
            let text = of(before.clone(), AspectMark::Said(statement()));
            assert_eq!(text.as_deref(), Some("now makes clear what came of it"));
            assert_eq!(
                of(AspectMark::Said(statement()), before.clone()),
                None,
                "it may be there all the same"
            );
            assert_eq!(of(before, AspectMark::Struck), None);
        }
        assert_eq!(of(AspectMark::Struck, AspectMark::Said(statement())), None);
    }

    fn quotation() -> Quotation {
        let message = said(2, "In the end it ran.");
        Quotation::find(&message, "it ran").unwrap()
    }

    #[test]
    fn a_word_of_encouragement_asks_for_nothing_else() {
        let messages = [
            asked(1, "What was the hardest fault you found?"),
            said(2, "Our batch was slow every night, so I rewrote the query."),
            line(3, interview::LinePurpose::Nudge, "Take your time."),
            said(4, "It ran in 9 minutes."),
        ];
        let (runs, words, asked) = with(("", ""), &messages, &[], |of| {
            let told = told::first_question_thread(of).unwrap();
            (told.runs.len(), told.words(), told.runs.iter().any(|run| run.asked.is_some()))
        });
        assert_eq!((runs, words, asked), (2, 16, false));
    }

    #[test]
    fn what_was_said_to_a_question_ends_where_another_is_asked() {
        let mut messages =
            vec![asked(1, "a?"), said(2, "b"), asked(3, "c?"), said(4, "d"), asked(5, "e?"), said(6, "f")];
        if let Some(why) = &mut messages[2].why {
            why.purpose = interview::LinePurpose::Probe;
        }
        assert_eq!((last_reply_seq(&messages, 1, false), last_reply_seq(&messages, 1, true)), (2, 4));
        assert_eq!((last_reply_seq(&messages, 3, false), last_reply_seq(&messages, 5, true)), (4, 6));
        assert_eq!(last_reply_seq(&messages[..1], 1, true), 1, "nothing was said");
    }
}
