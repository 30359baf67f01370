//! What was misheard, mended by sound with the vocabulary of the interview.
//!
//! A model of speech writes what it knows: "cooper netties" for Kubernetes, "post gress QL" for PostgreSQL. A
//! [`Vocabulary`] holds the terms that may have been meant: some four hundred of every interview
//! (`data/terms.txt`), and the names and technologies of this one's papers. [`Vocabulary::mend`] compares stretches
//! of one to four words with them by sound: words are spelled out by rules (`letters`), and the distance counts
//! what is easily confused as little (`sounds`). Ordinary words resist (`words`), and company of the same
//! field helps (`judge`): a sentence that makes sense as it stands is left alone.

mod judge;
mod letters;
mod near;
mod pick;
mod sounds;
mod terms;
mod tokens;
mod words;

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use judge::{FieldContext, TermMatch};
use near::Index;
use terms::{Term, TermField};
use tokens::{MendToken, norm, tokens};
use words::WordFamiliarity;

/// Most terms of a vocabulary, those of every interview included.
pub const MOST_TERMS: usize = 2_000;
/// Longest own term, in bytes.
const LONGEST_TERM: usize = 80;
/// Most tokens of a text that are looked at; the rest stays as it was heard.
const MOST_TOKENS: usize = 4_000;
/// Most times the text is gone through: what is mended vouches for what is near it.
const MOST_ROUNDS: usize = 8;

/// The terms that may come up in an interview.
pub struct Vocabulary {
    terms: Vec<Arc<Term>>,
    /// Terms by what is left of them without capitals and punctuation.
    by_norm: HashMap<String, usize>,
    /// Terms by the words they are heard as, and whether nobody means anything else by them.
    by_heard: HashMap<String, (usize, bool)>,
    index: Index,
}

/// One stretch that was mended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MendedSpan {
    /// Where it is in what was heard, in bytes.
    pub heard: Range<usize>,
    /// Where it is in the mended text, in bytes.
    pub mended: Range<usize>,
}

/// A text as it was meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MendedText {
    /// The text.
    pub text: String,
    /// What was changed, in order, without overlap. All else is as it was heard, byte for byte.
    pub changes: Vec<MendedSpan>,
}

impl std::fmt::Debug for Vocabulary {
    /// How many terms; not which: they are out of somebody's papers.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Vocabulary").field("terms", &self.terms.len()).finish_non_exhaustive()
    }
}

impl Default for Vocabulary {
    /// The terms of every interview, and no others.
    fn default() -> Self {
        Self::new([])
    }
}

impl Vocabulary {
    /// The terms of every interview and these: names, technologies; each one to four words. Those that are longer,
    /// empty, or beyond [`MOST_TERMS`] are left out.
    pub fn new<'a>(own: impl IntoIterator<Item = &'a str>) -> Self {
        let mut terms = terms::USUAL.clone();
        let mut by_norm: HashMap<String, usize> = HashMap::new();
        for (at, term) in terms.iter().enumerate() {
            by_norm.entry(term.norm.clone()).or_insert(at);
        }
        for text in own {
            let text = text.trim();
            if let Some(&at) = by_norm.get(&norm(text)) {
                Arc::make_mut(&mut terms[at]).own = true;
            } else if text.len() <= LONGEST_TERM
                && terms.len() < MOST_TERMS
                && let Some(term) = Term::own(text)
            {
                by_norm.insert(term.norm.clone(), terms.len());
                terms.push(Arc::new(term));
            }
        }
        let mut by_heard = HashMap::new();
        for (at, term) in terms.iter().enumerate() {
            by_heard.extend(term.heard.iter().map(|(words, sure)| (words.clone(), (at, *sure))));
        }
        let index = Index::new(&terms);
        Self { terms, by_norm, by_heard, index }
    }

    /// The terms of every interview and those picked out of these texts (a CV, a job description): what is written
    /// with a capital and is no ordinary word, and the known terms among them.
    pub fn of(texts: &[&str]) -> Self {
        let picked = pick::pick(texts);
        let mut vocabulary = Self::new(picked.iter().map(String::as_str));
        for text in texts {
            let tokens = tokens(text, MOST_TOKENS);
            for (term, _, _) in vocabulary.exact(&tokens) {
                Arc::make_mut(&mut vocabulary.terms[term]).own = true;
            }
        }
        vocabulary
    }

    /// The terms of this interview's own papers, in their order: for providers that take a vocabulary.
    pub fn own(&self) -> impl Iterator<Item = &str> {
        self.terms.iter().filter(|term| term.own).map(|term| term.text.as_str())
    }

    /// Mends what was heard.
    pub fn mend(&self, heard: &str) -> MendedText {
        let mut mended = MendedText { text: heard.to_owned(), changes: Vec::new() };
        for _ in 0..MOST_ROUNDS {
            let round = self.round(&mended.text);
            if round.is_empty() {
                break;
            }
            mended = apply(&mended, &round);
        }
        mended
    }

    /// The terms that are there as they are written, but for capitals: which, from which token, how many.
    fn exact(&self, tokens: &[MendToken]) -> Vec<(usize, usize, usize)> {
        let mut exact = Vec::new();
        let mut at = 0;
        while at < tokens.len() {
            let mut joined = String::new();
            let mut longest = None;
            for count in 1..=4.min(tokens.len() - at) {
                joined.push_str(&tokens[at + count - 1].norm);
                // "my SQL" is not "my" and "SQL".
                if count > 1 && self.sure(&tokens[at..at + count]) {
                    longest = None;
                    at += count - 1;
                    break;
                }
                let same = |term: &usize| self.terms[*term].text.split_whitespace().count() == count;
                if let Some(&term) = self.by_norm.get(&joined).filter(|term| same(term)) {
                    longest = Some((term, at, count));
                }
                if !tokens[at + count - 1].flows {
                    break;
                }
            }
            exact.extend(longest);
            at += longest.map_or(1, |(_, _, count)| count);
        }
        exact
    }

    /// Whether these words are how a term is heard, and nothing else.
    fn sure(&self, tokens: &[MendToken]) -> bool {
        let norms: Vec<&str> = tokens.iter().map(|token| token.norm.as_str()).collect();
        self.by_heard.get(&norms.join(" ")).is_some_and(|(_, sure)| *sure)
    }

    /// What is to be changed in this text: where, and into what.
    fn round(&self, text: &str) -> Vec<(Range<usize>, &str)> {
        let tokens = tokens(text, MOST_TOKENS);
        let mut exact = vec![None; tokens.len()];
        let mut recase = Vec::new();
        for (number, from, count) in self.exact(&tokens) {
            let term = &self.terms[number];
            let here = &tokens[from..from + count];
            let at = here[0].at.start..here[count - 1].at.end;
            let written = &text[at.clone()];
            let telling = here.iter().any(|token| token.known >= WordFamiliarity::Name);
            // "rest" and "swift" are words as well; as a name they have a capital where others have none.
            let named =
                telling || (written == term.text && !here[0].first && has_capital(written)) || count > 1;
            let vouches = named.then_some((term.field, term.own));
            for token in &mut exact[from..from + count] {
                *token = Some(vouches);
            }
            if telling && written != term.text && !well_written(written, term) {
                recase.push((from, count, at, term));
            }
        }
        // What is a term in writing stays, whether or not it vouches for others.
        let stays: Vec<_> = exact.iter().map(|e| e.map(|e| e.unwrap_or((TermField::Own, false)))).collect();
        let vouches: Vec<_> = exact.iter().map(|e| e.flatten()).collect();
        let words = |word: &str| terms::VOUCHING.get(word).cloned().unwrap_or_default();
        let company = FieldContext::new(&tokens, words, &vouches);
        let found = judge::judge(&tokens, &stays, &company, self);
        let mut changes: Vec<_> = recase
            .into_iter()
            .filter(|(from, count, _, term)| {
                // "The scrum was fierce": a capital is given where others speak for it.
                term.own || !only_a_capital(term) || company.of(term.field, *from, *count) > 0
            })
            .map(|(_, _, at, term)| (at, term.text.as_str()))
            .collect();
        changes.extend(found.into_iter().map(|found| self.change(&tokens, found)));
        changes.sort_by_key(|(at, _)| at.start);
        changes
    }

    fn change(&self, tokens: &[MendToken], found: TermMatch) -> (Range<usize>, &str) {
        let last = &tokens[found.from + found.count - 1];
        let end = if found.with_s { last.with_s.end } else { last.at.end };
        (tokens[found.from].at.start..end, self.terms[found.term].text.as_str())
    }
}

fn has_capital(text: &str) -> bool {
    text.chars().any(char::is_uppercase)
}

/// Whether a term has a capital at its start, and no other.
fn only_a_capital(term: &Term) -> bool {
    term.text.chars().skip(1).all(char::is_lowercase)
}

/// Whether a term is written well enough: another capital at the start of a sentence, or hyphens.
fn well_written(written: &str, term: &Term) -> bool {
    let mut small = term.text.chars();
    let first = small.next().map(|c| c.to_uppercase().collect::<String>()).unwrap_or_default();
    written == format!("{first}{}", small.as_str())
}

/// The text with these changes, which are in order and in parts that were not changed before or are changed whole.
fn apply(mended: &MendedText, round: &[(Range<usize>, &str)]) -> MendedText {
    let mut text = String::with_capacity(mended.text.len());
    let mut changes: Vec<MendedSpan> = Vec::new();
    let mut before = mended.changes.iter().peekable();
    let mut copied = 0;
    // How far behind the heard text the text of the last round is, at `copied`.
    let heard_at = |place: usize| {
        let (mut from, mut heard) = (0, 0);
        for change in &mended.changes {
            if change.mended.start >= place {
                break;
            }
            (from, heard) = (change.mended.end, change.heard.end);
        }
        heard + place.saturating_sub(from)
    };
    for (at, new) in round {
        while let Some(change) = before.next_if(|change| change.mended.end <= at.start) {
            text.push_str(&mended.text[copied..change.mended.end]);
            copied = change.mended.end;
            let length = change.mended.len();
            changes.push(MendedSpan { heard: change.heard.clone(), mended: text.len() - length..text.len() });
        }
        text.push_str(&mended.text[copied..at.start]);
        let heard = heard_at(at.start)..heard_at(at.end);
        while before.next_if(|change| change.mended.start < at.end).is_some() {}
        let start = text.len();
        text.push_str(new);
        changes.push(MendedSpan { heard, mended: start..text.len() });
        copied = at.end;
    }
    for change in before {
        text.push_str(&mended.text[copied..change.mended.end]);
        copied = change.mended.end;
        changes.push(MendedSpan {
            heard: change.heard.clone(),
            mended: text.len() - change.mended.len()..text.len(),
        });
    }
    text.push_str(&mended.text[copied..]);
    MendedText { text, changes }
}
