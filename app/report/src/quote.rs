//! Takes out of a sentence what is worth quoting.

use std::ops::Range;

use interview::Message;

use crate::Quotation;
use crate::sentence::Sentence;

/// Longest quotation, in words.
const MOST: usize = 30;
/// Words that begin a clause of their own: before them a quotation may end.
const JOINTS: [&str; 9] = ["and", "but", "so", "because", "then", "which", "who", "where", "although"];

/// The sentence as a quotation: whole if it is short, else up to the clause that ends in time.
pub(crate) fn whole(sentence: &Sentence<'_>) -> Option<Quotation> {
    beginning(sentence.message, sentence.place.clone())
}

/// What stands at this place of a message, or its beginning if it is long.
pub(crate) fn beginning(message: &Message, place: Range<usize>) -> Option<Quotation> {
    Quotation::at(message, clipped(&message.text, place, MOST))
}

/// The sentence as a quotation in which this place is.
pub(crate) fn around(sentence: &Sentence<'_>, within: &Range<usize>) -> Option<Quotation> {
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

/// At most so many words of this place: up to the last clause that ends after a third of them, else to the last word.
/// Marks at the end that end nothing are left out.
fn clipped(text: &str, place: Range<usize>, most: usize) -> Range<usize> {
    let Some(part) = text.get(place.clone()) else { return place };
    let words: Vec<(usize, &str)> =
        part.split_whitespace().map(|word| (word.as_ptr() as usize - part.as_ptr() as usize, word)).collect();
    let mut end = part.len();
    if let Some((over, _)) = words.get(most) {
        let ends = |at: &usize| {
            let (_, last) = words[*at - 1];
            let (_, next) = words[*at];
            last.ends_with([',', ';', ':', '\u{2014}', '.', '?', '!'])
                || JOINTS.contains(&&*next.to_lowercase())
        };
        end = (most / 3..=most).rev().filter(|at| *at > 0).find(ends).map_or(*over, |at| words[at].0);
    }
    let kept = part.get(..end).unwrap_or(part).trim_end_matches([',', ';', ':', '\u{2014}', ' ', '\n', '\t']);
    place.start..place.start + kept.len()
}

#[cfg(test)]
mod tests {
    use super::*;

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
