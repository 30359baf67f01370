//! Takes out of a sentence what is worth quoting.

use std::ops::Range;

use crate::Quotation;
use crate::told::Sentence;

/// Longest quotation, in words.
const MOST: usize = 24;

/// The sentence as a quotation: whole if it is short, else up to the clause that ends in time.
pub(crate) fn whole(sentence: &Sentence<'_>) -> Option<Quotation> {
    let place = clipped(&sentence.message.text, sentence.place.clone(), MOST);
    Quotation::at(sentence.message, place)
}

/// The sentence as a quotation in which this place is.
pub(crate) fn around(sentence: &Sentence<'_>, within: &Range<usize>) -> Option<Quotation> {
    let text = &sentence.message.text;
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

/// At most so many words of this place: up to the last comma that leaves a third of them, else to the last word. Marks at
/// the end that end nothing are left out.
fn clipped(text: &str, place: Range<usize>, most: usize) -> Range<usize> {
    let Some(part) = text.get(place.clone()) else { return place };
    let mut words = 0;
    let (mut comma, mut end) = (None, part.len());
    let mut inside = false;
    for (at, c) in part.char_indices() {
        if c.is_whitespace() {
            inside = false;
        } else if !inside {
            inside = true;
            words += 1;
            if words > most {
                end = comma.unwrap_or(at);
                break;
            }
        }
        if matches!(c, ',' | ';' | ':' | '\u{2014}') && words >= most / 3 {
            comma = Some(at);
        }
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
        assert_eq!(clip("and so,", 4), "and so");
        assert_eq!(clip("", 4), "");
    }
}
