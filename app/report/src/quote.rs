//! Takes out of a sentence what is worth quoting.

use std::ops::Range;

use interview::Message;

use crate::Quotation;
use crate::sentence::AnswerSentence;

/// Longest quotation, in words.
pub(crate) const MOST: usize = 30;
/// Words that begin a clause of their own: before them a quotation may end.
const JOINTS: [&str; 9] = ["and", "but", "so", "because", "then", "which", "who", "where", "although"];

/// The sentence as a quotation: whole if it is short, else up to the clause that ends in time.
pub(crate) fn quote_sentence(sentence: &AnswerSentence<'_>) -> Option<Quotation> {
    beginning(sentence.message, sentence.place.clone())
}

/// Fewer words than these say nothing without what stands beside them: "Three weeks lost."
pub(crate) const ALONE: usize = 8;

/// The sentence as a quotation, with those after it, else before it, while it has few words. `beside`: all of its answer.
pub(crate) fn quote_with_neighbours(
    sentence: &AnswerSentence<'_>,
    beside: &[AnswerSentence<'_>],
) -> Option<Quotation> {
    let here = |other: &&AnswerSentence<'_>| other.message.seq == sentence.message.seq && !other.idle;
    let (mut place, mut words) = (sentence.place.clone(), sentence.words());
    let after = beside.iter().filter(here).filter(|other| other.place.start >= sentence.place.end);
    let before = beside.iter().rev().filter(here).filter(|other| other.place.end <= sentence.place.start);
    for other in after.chain(before) {
        if words >= ALONE || words + other.words() > MOST {
            break;
        }
        place = place.start.min(other.place.start)..place.end.max(other.place.end);
        words += other.words();
    }
    beginning(sentence.message, place)
}

/// What stands at this place of a message, or its beginning if it is long.
pub(crate) fn beginning(message: &Message, place: Range<usize>) -> Option<Quotation> {
    Quotation::at(message, clipped(&message.text, place, MOST))
}

/// The sentence as a quotation in which this place is.
pub(crate) fn around(sentence: &AnswerSentence<'_>, within: &Range<usize>) -> Option<Quotation> {
    let text = &sentence.message.text;
    // With what is counted.
    let rest = text.get(within.end..sentence.place.end)?;
    let counted = rest.split_inclusive(char::is_whitespace).take(4).map(str::len).sum::<usize>();
    let within = within.start..within.end + counted;
    let place = clipped(text, sentence.place.clone(), MOST);
    if place.end >= within.end {
        return Quotation::at(sentence.message, place);
    }
    // From some words before it on.
    let before = text.get(sentence.place.start..within.start)?;
    let from = before.char_indices().rev().filter(|(_, c)| c.is_whitespace()).map(|(at, _)| at).nth(MOST / 3);
    let from = sentence.place.start + from.unwrap_or(0);
    let place = clipped(text, from..sentence.place.end, MOST);
    Quotation::at(sentence.message, place.start..place.end.max(within.end))
}

/// How the sentence ends: whole if it is short, else from the first clause on that leaves few enough words.
pub(crate) fn ending(sentence: &AnswerSentence<'_>) -> Option<Quotation> {
    let (text, place) = (&sentence.message.text, sentence.place.clone());
    let part = text.get(place.clone())?;
    let words = starts(part);
    let Some(over) = words.len().checked_sub(MOST).filter(|over| *over > 0) else {
        return quote_sentence(sentence);
    };
    let begins = |at: &usize| JOINTS.contains(&&*word(part, words[*at]).to_lowercase());
    let at = (over..words.len() - MOST / 3).find(begins).unwrap_or(over);
    let kept = part.trim_end_matches([',', ';', ':', '\u{2014}', ' ', '\n', '\t']);
    Quotation::at(sentence.message, place.start + words[at]..place.start + kept.len())
}

/// Fewest words of a clause.
const CLAUSE: usize = 6;
/// Who a clause of its own is about.
const SUBJECTS: [&str; 16] = [
    "i", "we", "he", "she", "they", "it", "you", "then", "um", "the", "there", "my", "i'd", "we'd", "nobody",
    "everyone",
];

/// The clauses of a sentence that is too long to be one, as what was spoken often is where nobody wrote marks.
pub(crate) fn clauses(text: &str, place: Range<usize>) -> Vec<Range<usize>> {
    let Some(part) = text.get(place.clone()) else { return vec![place] };
    let words = starts(part);
    if words.len() <= MOST {
        return vec![place];
    }
    let low = |at: usize| word(part, words[at]).to_lowercase().replace('\u{2019}', "'");
    let (mut clauses, mut from) = (Vec::new(), 0);
    for at in 1..words.len() {
        let apart = at - from >= CLAUSE && words.len() - at >= CLAUSE;
        let begins = JOINTS.contains(&low(at).as_str()) && at + 1 < words.len();
        if apart && begins && SUBJECTS.contains(&low(at + 1).as_str()) {
            clauses.push(place.start + words[from]..place.start + part[..words[at]].trim_end().len());
            from = at;
        }
    }
    clauses.push(place.start + words[from]..place.end);
    clauses
}

/// Where the words of a text begin, in bytes.
fn starts(text: &str) -> Vec<usize> {
    text.split_whitespace().map(|word| word.as_ptr() as usize - text.as_ptr() as usize).collect()
}

/// The word that begins here.
fn word(text: &str, at: usize) -> &str {
    text.get(at..).and_then(|rest| rest.split_whitespace().next()).unwrap_or_default()
}

/// At most so many words of this place, and some more where no clause ends before: up to the last clause that ends after a
/// third of them. Marks at the end that end nothing are left out.
fn clipped(text: &str, place: Range<usize>, most: usize) -> Range<usize> {
    let Some(part) = text.get(place.clone()) else { return place };
    let words: Vec<(usize, &str)> = starts(part).into_iter().map(|at| (at, word(part, at))).collect();
    let mut end = part.len();
    if words.len() > most {
        let ends = |at: &usize| clause_ends(&words, *at);
        let before = (most / 3..=most).rev().filter(|at| *at > 0).find(ends);
        let after = || (most + 1..words.len().min(most + most / 3)).find(ends);
        end = before.or_else(after).or(Some(most)).and_then(|at| words.get(at)).map_or(end, |(at, _)| *at);
    }
    let kept = part.get(..end).unwrap_or(part).trim_end_matches([',', ';', ':', '\u{2014}', ' ', '\n', '\t']);
    place.start..place.start + kept.len()
}

/// Words that join a clause of its own to what stands before it, whatever follows.
const JOIN: [&str; 6] = ["because", "which", "who", "where", "although", "but"];
/// Words that nothing ends with.
const OPEN: [&str; 22] = [
    "and", "but", "so", "or", "the", "a", "an", "to", "of", "with", "in", "at", "on", "for", "was", "is",
    "were", "that", "because", "my", "our", "i",
];

/// Whether a clause ends before the word of this number.
fn clause_ends(words: &[(usize, &str)], at: usize) -> bool {
    let low = |at: usize| {
        let letters = |c: char| !c.is_alphanumeric() && c != '\'';
        words.get(at).map_or(String::new(), |(_, word)| word.to_lowercase().trim_matches(letters).to_owned())
    };
    let Some((_, last)) = at.checked_sub(1).and_then(|last| words.get(last)) else { return false };
    if last.ends_with([',', ';', ':', '\u{2014}', '.', '?', '!']) {
        return true;
    }
    let (last, next, then) = (low(at - 1), low(at), low(at + 1));
    let begins = JOINTS.contains(&next.as_str()) && SUBJECTS.contains(&then.as_str());
    (begins || JOIN.contains(&next.as_str())) && !OPEN.contains(&last.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_run_of_speech_is_taken_clause_by_clause_and_ends_with_its_end() {
        let text = "so the recalls um the rate was nineteen percent and everyone just shrugged and said that is how it is and I \
            sat down and I rang about forty of them myself and asked them why and it turned out the text went out six weeks \
            before so I wrote a script with Jackie and within a year we were down to eight";
        let whole: Vec<&str> = clauses(text, 0..text.len()).into_iter().map(|place| &text[place]).collect();
        assert_eq!(
            whole.join(" ").split_whitespace().collect::<Vec<_>>(),
            text.split_whitespace().collect::<Vec<_>>()
        );
        assert!(
            whole.len() > 2 && whole.iter().all(|clause| clause.split_whitespace().count() >= CLAUSE),
            "{whole:?}"
        );
        assert!(
            whole
                .iter()
                .any(|clause| clause.starts_with("and I rang") || clause.contains("I rang about forty"))
        );
        let message = crate::testing::said(2, text);
        let sentence = AnswerSentence::of(&message, 0..text.len(), None);
        let end = ending(&sentence).unwrap();
        assert!(
            text.ends_with(end.text()) && end.text().split_whitespace().count() <= MOST,
            "{}",
            end.text()
        );
        assert_eq!(clauses("I led it, and we won.", 0..21), std::iter::once(0..21).collect::<Vec<_>>());
    }

    fn clip(text: &str, most: usize) -> &str {
        &text[clipped(text, 0..text.len(), most)]
    }

    #[test]
    fn short_sentences_are_quoted_whole_and_long_ones_to_a_clause() {
        assert_eq!(clip("I led it.", 4), "I led it.");
        assert_eq!(clip("I led it in May, with four of us, and then on", 7), "I led it in May");
        assert_eq!(clip("one two three four five six", 4), "one two three four");
        assert_eq!(clip("we split it and I led one half of it then", 6), "we split it");
        assert_eq!(clip("and so,", 4), "and so");
        assert_eq!(clip("", 4), "");
    }
}
