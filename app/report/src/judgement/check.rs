//! Checks what a model says of a story against what was said in it.

use std::collections::BTreeSet;

use interview::{Message, listen};

use super::draft::QuotedClaim;
use super::number::numbers;
use super::rejection::StatementRejection;
use crate::Quotation;

/// Longest judgement and longest story in better words, in characters.
const LONGEST_JUDGEMENT: usize = 280;
const LONGEST_WORDING: usize = 1_200;
/// Most quotations that are kept of a statement.
const MOST_QUOTES: usize = 3;
/// Fewer words than these carry nothing.
const LEAST_QUOTED: usize = 2;

/// Words that may begin a sentence with a capital though nobody said them: they name nobody.
const STARTERS: &str = "a about add after all also although an and as at because before being both but by clear \
    clearly despite during each even every finally first for from had have he here his how i if in instead is it its \
    later looking my naming next no not nothing now of on once one only or our overall over she showing since so some \
    still taking that the their then there these they this those though through to together under until we what when \
    where which while who why with within without working you your";

/// What is not judged, and words by which it would be. What a person felt, how they sounded and looked, who they are, and
/// whether they get the work.
const OUT_OF_BOUNDS: &str = "accent anxiety anxious appearance attitude charisma charismatic confidence confident \
    confidently demeanor demeanour dishonest dishonesty emotion emotional emotionally emotions energetic energy \
    enthusiasm enthusiastic feelings fluency fluent grade graded hire hired honest honesty humble humility insecure \
    intelligence intelligent lazy liar lie lied lying nervous nervously nervousness overconfident passion passionate \
    percentile personality pronunciation rank ranked rating score scored sincere sincerity smart smile timid tone \
    trustworthy truth truthful untruthful unconfident unsure voice";

/// What was said in a story.
pub(super) struct StoryEvidence<'a> {
    answers: Vec<&'a Message>,
    words: BTreeSet<String>,
    stems: BTreeSet<String>,
    numbers: BTreeSet<String>,
}

impl<'a> StoryEvidence<'a> {
    /// The answers with these numbers.
    pub(super) fn new(messages: &'a [Message], answers: &[u32]) -> Self {
        let answers: Vec<&Message> = messages.iter().filter(|m| answers.contains(&m.seq)).collect();
        let mut told =
            Self { words: BTreeSet::new(), stems: BTreeSet::new(), numbers: BTreeSet::new(), answers };
        for message in &told.answers {
            told.words.extend(words(&message.text).map(str::to_lowercase));
            told.stems.extend(listen::stems(&message.text));
            told.numbers.extend(numbers(&message.text));
        }
        told
    }

    /// What a judgement rests on.
    ///
    /// # Errors
    /// Why it is dropped.
    pub(super) fn check_judgement(&self, claim: &QuotedClaim) -> Result<Vec<Quotation>, StatementRejection> {
        ensure_plain_text(&claim.text, LONGEST_JUDGEMENT)?;
        if words(&claim.text).any(|word| is_out_of_bounds(&word.to_lowercase())) {
            return Err(StatementRejection::OutOfBounds);
        }
        self.check_evidence(claim)
    }

    /// What a story in better words rests on. Of the words that carry it three in four are the candidate's.
    ///
    /// # Errors
    /// Why it is dropped.
    pub(super) fn check_wording(&self, claim: &QuotedClaim) -> Result<Vec<Quotation>, StatementRejection> {
        ensure_plain_text(&claim.text, LONGEST_WORDING)?;
        let strange = |word: &str| is_out_of_bounds(word) && !self.words.contains(word);
        if words(&claim.text).any(|word| strange(&word.to_lowercase())) {
            return Err(StatementRejection::OutOfBounds);
        }
        let quotes = self.check_evidence(claim)?;
        let stems = listen::stems(&claim.text);
        let theirs = stems.iter().filter(|stem| self.stems.contains(*stem)).count();
        if theirs * 4 < stems.len() * 3 { Err(StatementRejection::Invented) } else { Ok(quotes) }
    }

    /// Its quotations, if each was said, and each number and name.
    fn check_evidence(&self, claim: &QuotedClaim) -> Result<Vec<Quotation>, StatementRejection> {
        let mut quotes: Vec<Quotation> = Vec::new();
        for quote in &claim.quotes {
            let found = self.find(quote).ok_or(StatementRejection::Quotation)?;
            if found.text().split_whitespace().count() < LEAST_QUOTED {
                return Err(StatementRejection::Quotation);
            }
            if !quotes.contains(&found) {
                quotes.push(found);
            }
        }
        if quotes.is_empty() || quoted(&claim.text).any(|quote| self.find(quote).is_none()) {
            return Err(StatementRejection::Quotation);
        }
        if !numbers(&claim.text).is_subset(&self.numbers) {
            return Err(StatementRejection::Number);
        }
        if names(&claim.text).any(|name| !self.words.contains(&name.to_lowercase())) {
            return Err(StatementRejection::Name);
        }
        quotes.truncate(MOST_QUOTES);
        Ok(quotes)
    }

    /// Words of an answer; a mark at their end that stands for more, or ends the model's own sentence, is not of them.
    fn find(&self, words: &str) -> Option<Quotation> {
        let words = words.trim();
        let less = words.trim_end_matches(['.', ',', '\u{2026}']).trim_start_matches(['.', '\u{2026}']);
        [words, less].iter().find_map(|w| self.answers.iter().find_map(|m| Quotation::find(m, w)))
    }
}

/// # Errors
/// [`StatementRejection::Unfit`] if a text is too long, or is no plain text of one paragraph.
fn ensure_plain_text(text: &str, longest: usize) -> Result<(), StatementRejection> {
    let marked = |c: char| c.is_control() || "<>{}[]|*_#`\\@~^=".contains(c);
    let fit = text.chars().count() <= longest && !text.contains(marked) && !text.contains("://");
    if fit { Ok(()) } else { Err(StatementRejection::Unfit) }
}

fn is_out_of_bounds(word: &str) -> bool {
    OUT_OF_BOUNDS.split(' ').any(|known| known == word)
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty())
}

/// What a text has between quotation marks.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    let double = |c: char| matches!(c, '"' | '\u{201c}' | '\u{201d}' | '\u{201e}' | '\u{ab}' | '\u{bb}');
    text.split(double).skip(1).step_by(2).filter(|quote| quote.contains(char::is_alphanumeric))
}

/// The words of a text that may name somebody or something: those with a capital, but for the words that often begin a
/// sentence where they do.
fn names(text: &str) -> impl Iterator<Item = &str> {
    let mut begins = true;
    let mut at = 0;
    words(text).filter(move |word| {
        let place = at + text.get(at..).and_then(|rest| rest.find(*word)).unwrap_or(0);
        let between = text.get(at..place).unwrap_or_default();
        begins |= between.contains(['.', '!', '?', ':', ';']);
        at = place + word.len();
        let first = std::mem::replace(&mut begins, false);
        let ordinary = *word == "I" || first && STARTERS.split(' ').any(|known| known == word.to_lowercase());
        word.contains(char::is_uppercase) && !ordinary
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::said;

    const STORY: &str = "At Northwind I counted every aisle myself, with Daniel. In the end we lost 12 pallets a month \
        less, and I\u{2019}d \u{201c}never\u{201d} go back.";

    fn claim(text: &str, quotes: &[&str]) -> QuotedClaim {
        QuotedClaim {
            text: text.to_owned(),
            quotes: quotes.iter().map(|quote| (*quote).to_owned()).collect(),
        }
    }

    fn judges(text: &str, quotes: &[&str]) -> Result<usize, StatementRejection> {
        let message = said(2, STORY);
        StoryEvidence::new(std::slice::from_ref(&message), &[2])
            .check_judgement(&claim(text, quotes))
            .map(|quotes| quotes.len())
    }

    #[test]
    fn what_was_said_may_be_said_of_it() {
        let on = ["I counted every aisle myself", "12 pallets a month less"];
        for text in [
            "You say what you did at Northwind, and what came of it: twelve pallets a month.",
            "You name Daniel\u{2019}s part in passing. Who decided?",
            "Counted every aisle: \u{201c}I counted every aisle myself,\u{201d} which is a step of your own.",
        ] {
            assert_eq!(judges(text, &on), Ok(2), "{text}");
        }
        assert_eq!(judges("You say it.", &["we lost  12 pallets", "I'd \"never\" go back."]), Ok(2));
    }

    #[test]
    fn what_was_not_said_is_dropped_for_what_it_is() {
        let on = ["I counted every aisle myself"];
        for (text, quotes, why) in [
            ("You say it.", &["I counted every shelf myself"][..], StatementRejection::Quotation),
            ("You say it.", &[], StatementRejection::Quotation),
            ("You say it.", &["aisle"], StatementRejection::Quotation),
            ("You say it.", &["I counted every aisle myself", "we won"], StatementRejection::Quotation),
            ("You say \"we won\" at the end.", &on, StatementRejection::Quotation),
            ("You say \u{201c}we won\u{201d} at the end.", &on, StatementRejection::Quotation),
            ("You lost 13 pallets less.", &on, StatementRejection::Number),
            ("You lost a hundred pallets less.", &on, StatementRejection::Number),
            ("You halved what was lost.", &on, StatementRejection::Number),
            ("You did it with Maria.", &on, StatementRejection::Name),
            ("Maria did it with you.", &on, StatementRejection::Name),
            ("You did it. Maria helped.", &on, StatementRejection::Name),
            ("You did it in SAP.", &on, StatementRejection::Name),
            ("You sounded confident.", &on, StatementRejection::OutOfBounds),
            ("You would be hired.", &on, StatementRejection::OutOfBounds),
            ("You say <b>it</b>.", &on, StatementRejection::Unfit),
            ("You say it at https://example.com", &on, StatementRejection::Unfit),
        ] {
            assert_eq!(judges(text, quotes), Err(why), "{text}");
        }
        assert_eq!(judges(&"You say it. ".repeat(40), &on), Err(StatementRejection::Unfit));
    }

    #[test]
    fn better_words_are_the_candidates_own() {
        let message = said(2, STORY);
        let told = StoryEvidence::new(std::slice::from_ref(&message), &[2]);
        let on = ["I counted every aisle myself"];
        let own = "At Northwind I counted every aisle myself. In the end we lost 12 pallets less a month.";
        assert!(told.check_wording(&claim(own, &on)).is_ok());
        let more =
            "At Northwind I counted every aisle, trained the night shift and presented savings to directors.";
        assert_eq!(told.check_wording(&claim(more, &on)), Err(StatementRejection::Invented));
    }
}
