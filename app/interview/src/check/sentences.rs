//! The sentences of a line, and which of them asks.

use super::asking::{asks_by_imperative, questions};
use crate::listen::abbreviated;

/// A sentence of a line.
#[derive(Debug)]
pub(crate) struct LineSentence<'a> {
    pub(crate) text: &'a str,
    /// True if a question mark of its own, not one inside a quotation, is in it.
    marked: bool,
    /// True if a question mark inside a quotation is in it: `They asked "why us?"`.
    quoted_mark: bool,
}

impl LineSentence<'_> {
    /// How many questions it asks.
    pub(super) fn questions(&self) -> usize {
        questions(self.text, self.marked, self.quoted_mark)
    }

    /// Whether it asks, by a mark or by a request.
    pub(crate) fn asks(&self) -> bool {
        self.is_question() || asks_by_imperative(self.text)
    }

    /// Whether it asks with a question mark.
    pub(crate) fn is_question(&self) -> bool {
        self.questions() > 0
    }
}

/// Cuts a line into sentences. What stands in quotation marks ends no sentence unless a new one follows.
pub(crate) fn sentences(text: &str) -> Vec<LineSentence<'_>> {
    let chars: Vec<(usize, char)> = text.char_indices().collect();
    let at = |i: usize| chars.get(i).map_or('\0', |&(_, c)| c);
    let offset = |i: usize| chars.get(i).map_or(text.len(), |&(o, _)| o);
    let mut found = Vec::new();
    let (mut from, mut marked, mut quoted_mark) = (0, false, false);
    // Where the quotation that is open now closes; a mark without a partner opens none.
    let mut closes = 0;
    // A line that is quoted as a whole is just a line.
    let whole = chars.len() > 1
        && matches!((at(0), at(chars.len() - 1)), ('"', '"') | ('“', '”'))
        && chars[1..chars.len() - 1].iter().all(|&(_, c)| !matches!(c, '"' | '“' | '”'));
    let mut i = usize::from(whole);
    while i < chars.len() {
        let c = at(i);
        if i >= closes
            && let Some(partner) = partner(c, i, &chars)
        {
            closes = partner + 1;
        }
        let inside = i + 1 < closes;
        if c == '?' {
            if inside { quoted_mark = true } else { marked = true }
        }
        if matches!(c, '.' | '!' | '?' | '…' | '\n' | '。' | '？' | '！') {
            let mut end = i + 1;
            while matches!(at(end), '.' | '!' | '?' | '…' | '"' | '”' | '’' | '\'' | ')' | '»') {
                marked |= at(end) == '?' && end + 1 >= closes;
                end += 1;
            }
            let mut next = end;
            while at(next).is_whitespace() {
                next += 1;
            }
            let before = text[offset(from)..offset(i)]
                .split(|c: char| c.is_whitespace() || "(\"“".contains(c))
                .next_back();
            let short =
                c == '.' && before.is_some_and(|w| abbreviated(w) || (w.chars().count() == 1 && w != "I"));
            let spaced = next > end || next >= chars.len() || c == '\n';
            let opens = !at(next).is_lowercase() && !matches!(at(next), '—' | '–' | '-' | ',' | ';');
            let leaves_quotation = !inside || (end >= closes && opens) || next >= chars.len();
            if spaced && !short && leaves_quotation && (opens || (c == '?' && !inside) || c == '\n') {
                push(&mut found, &text[offset(from)..offset(end)], marked, quoted_mark);
                (from, marked, quoted_mark) = (next, false, false);
                i = next;
                continue;
            }
            i = end;
            continue;
        }
        i += 1;
    }
    push(&mut found, &text[offset(from)..], marked, quoted_mark);
    found
}

fn push<'a>(found: &mut Vec<LineSentence<'a>>, text: &'a str, marked: bool, quoted_mark: bool) {
    let text = text.trim();
    if text.chars().any(char::is_alphanumeric) {
        found.push(LineSentence { text, marked, quoted_mark });
    }
}

/// Longest quotation, in characters: a mark whose partner is farther away has none.
const LONGEST_QUOTATION: usize = 200;

/// Where the quotation that begins here ends, if one does.
fn partner(c: char, i: usize, chars: &[(usize, char)]) -> Option<usize> {
    let opens = i == 0 || chars[i - 1].1.is_whitespace() || matches!(chars[i - 1].1, '(' | '—' | '–' | ':');
    let closing = match c {
        '"' if opens => '"',
        '“' => '”',
        '«' => '»',
        '‘' => '’',
        '\'' if opens => '\'',
        _ => return None,
    };
    let ahead = chars.get(i + 1..)?.iter().take(LONGEST_QUOTATION);
    let apostrophes = matches!(closing, '\'' | '’');
    let mut found = ahead.enumerate().filter(|(_, (_, c))| *c == closing).map(|(n, _)| i + 1 + n);
    found.find(|&j| !apostrophes || chars.get(j + 1).is_none_or(|(_, c)| !c.is_alphanumeric()))
}

/// The whole sentences that a text begins with, up to the first that asks or does not end.
pub(crate) fn whole_statements(text: &str) -> &str {
    let mut end = 0;
    for sentence in sentences(text) {
        let closed = sentence.text.trim_end_matches(['"', '”', '’', '\'', ')']).ends_with(['.', '!', '…']);
        if !closed || sentence.asks() {
            break;
        }
        end = sentence.text.as_ptr() as usize - text.as_ptr() as usize + sentence.text.len();
    }
    text[..end].trim()
}

/// The sentence of a line that asks: the last one with a question mark, else the last one that asks by an
/// imperative, else the last sentence.
pub(crate) fn question_of(text: &str) -> &str {
    let sentences = sentences(text);
    sentences
        .iter()
        .rfind(|s| s.is_question())
        .or_else(|| sentences.iter().rfind(|s| asks_by_imperative(s.text)))
        .or(sentences.last())
        .map_or("", |s| s.text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(line: &str) -> usize {
        sentences(line).iter().map(LineSentence::questions).sum()
    }

    #[test]
    fn one_question() {
        for line in [
            "What did you do?",
            "You asked \"why us?\" — what did they say?",
            "You asked “why us?” What did they say?",
            "What did they mean by \"why us?\"",
            "Dr. Patel was there, e.g. at night. What did she want?",
            "What did you and your manager decide?",
            "How did you decide what to keep and what to drop?",
            "How did you find out who was hit and who was not?",
            "Did you go on and finish it?",
            "Could you tell me what the bread and the rent cost?",
            "What would you do differently, and with which of them?",
            "Really?!",
            "\"What did you do first?\"",
        ] {
            assert_eq!(count(line), 1, "{line}");
        }
    }

    #[test]
    fn more_than_one_question() {
        for line in [
            "What did you do and who helped you?",
            "What did you do, and why?",
            "How did it end, and what did you learn?",
            "Can you tell me what you did and why you did it?",
            "What happened? And why?",
            "Why did it break, and did you mend it?",
            "Who decided it and how did they tell you?",
        ] {
            assert!(count(line) > 1, "{line}");
        }
    }
}
