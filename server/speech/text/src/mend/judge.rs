//! Whether a stretch that sounds like a term was the term. An ordinary word resists, an unknown one hardly does;
//! what is talked about around it helps.

use super::Vocabulary;
use super::sounds::PhonemeIndex;
use super::terms::{Term, TermField};
use super::tokens::MendToken;
use super::words::WordFamiliarity;

/// So far around a stretch its company is looked for, in tokens.
const AROUND: usize = 14;
/// Most tokens of a stretch.
const WIDEST: usize = 4;
/// Most sounds of a stretch.
const LONGEST: usize = 30;

/// A stretch of tokens that is a term.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct TermMatch {
    /// The first token.
    pub from: usize,
    /// How many.
    pub count: usize,
    /// Which term.
    pub term: usize,
    /// Whether it ends in an `'s` that belongs to it.
    pub with_s: bool,
    /// How much speaks for it.
    pub worth: f32,
}

/// What the tokens around a stretch say about its field: 0 nothing, 1 something, 2 much.
pub(super) struct FieldContext {
    /// What each token vouches for, and how much.
    vouches: Vec<Vec<(TermField, u8)>>,
}

impl FieldContext {
    /// What these tokens vouch for; `exact` says which of them are terms.
    pub(super) fn new(
        tokens: &[MendToken],
        words: impl Fn(&str) -> Vec<TermField>,
        exact: &[Option<(TermField, bool)>],
    ) -> Self {
        let vouch = |(token, exact): (&MendToken, &Option<(TermField, bool)>)| match exact {
            // A term of this interview is at home anywhere in it.
            Some((field, true)) => vec![(*field, 2), (TermField::Own, 1)],
            Some((field, false)) => vec![(*field, 2)],
            None => words(&token.norm).into_iter().map(|field| (field, 1)).collect(),
        };
        Self { vouches: tokens.iter().zip(exact).map(vouch).collect() }
    }

    /// What speaks for this field around a stretch.
    pub(super) fn of(&self, field: TermField, from: usize, count: usize) -> u8 {
        let around = (from.saturating_sub(AROUND)..from).chain(from + count..from + count + AROUND);
        let mut same = 0_u8;
        let mut other = 0_u8;
        for token in around {
            for (vouched, weight) in self.vouches.get(token).into_iter().flatten() {
                if *vouched == field || field == TermField::Own {
                    same = same.saturating_add(*weight);
                } else if *weight > 1 {
                    other = other.saturating_add(1);
                }
            }
        }
        match (same, other) {
            (2.., _) => 2,
            (1, _) | (_, 2..) => 1,
            (0, 0 | 1) => 0,
        }
    }
}

/// What kind of words a stretch is made of.
struct StretchMakeup {
    /// Share of the sounds that are in words nobody knows.
    unknown: f32,
    /// Share of the sounds that are in rare words and names.
    rare: f32,
    /// Words that hold sentences together.
    glue: f32,
    /// How many sounds.
    sounds: usize,
    digits: String,
    number: bool,
    first_known: WordFamiliarity,
}

impl StretchMakeup {
    fn of(tokens: &[MendToken]) -> Self {
        let all: usize = tokens.iter().map(|token| token.sounds.len()).sum();
        let share = |which: &dyn Fn(WordFamiliarity) -> bool| {
            let some: usize = tokens.iter().filter(|t| which(t.known)).map(|t| t.sounds.len()).sum();
            ratio(some, all)
        };
        Self {
            unknown: share(&|known| known == WordFamiliarity::Not),
            rare: share(&|known| matches!(known, WordFamiliarity::Rare | WordFamiliarity::Name)),
            glue: ratio(tokens.iter().filter(|t| t.known == WordFamiliarity::Glue).count(), 1),
            sounds: all,
            digits: tokens.iter().map(|t| t.digits.as_str()).collect(),
            number: tokens.iter().any(|t| t.number),
            first_known: tokens.first().map_or(WordFamiliarity::Not, |t| t.known),
        }
    }

    /// The most that [`StretchMakeup::allows`] may allow by sound alone; `None`: nothing.
    fn ceiling(&self, count: usize) -> Option<f32> {
        let odd = self.unknown + 0.45 * self.rare;
        match (odd > 0.0, count) {
            (true, _) => Some(0.21 * odd.sqrt() + 0.08 - 0.06 * self.glue).filter(|most| *most >= 0.0),
            (false, 2..) if self.glue == 0.0 => Some(0.11),
            (false, 1) if self.first_known == WordFamiliarity::Usual => Some(0.05),
            (false, _) => None,
        }
    }

    /// The most cost a sound at which the stretch is the term.
    fn allows(&self, term: &Term, company: u8, joined: bool, count: usize) -> f32 {
        let own = if term.own { 0.04 } else { 0.0 };
        let odd = self.unknown + 0.45 * self.rare;
        if odd > 0.0 {
            // A name is a name, and a rare word is a word, unless much speaks for the term.
            match (self.unknown > 0.0, term.own, company, count) {
                (true, _, _, _) | (false, true, 1.., _) | (false, false, 1.., 2..) => {}
                (false, true | false, _, _) => return -1.0,
            }
            let base = match (self.unknown > 0.0, company, count) {
                // A long word is seldom another by chance.
                (true, 0, 1) if self.sounds < 7 => 0.12,
                (true, 0, _) => 0.17,
                (true, _, _) => 0.21,
                (false, _, _) => 0.15,
            };
            let more = if company >= 2 { 0.04 } else { 0.0 };
            // "A sync" is two words as often as one.
            let glue = if joined && company == 0 { 0.3 } else { 0.06 };
            return base * odd.sqrt() + own + more - glue * self.glue;
        }
        // Ordinary words in ordinary order: only as the term's own parts, or in the right company.
        match (company, joined, count) {
            (2.., true, 2..) => 0.2,
            (1, true, 2..) if self.glue == 0.0 => 0.1,
            (2.., false, 2..) if self.glue == 0.0 => 0.07 + own,
            (2.., _, 1) if term.own && self.first_known == WordFamiliarity::Usual => 0.05,
            (_, true | false, _) => -1.0,
        }
    }
}

/// Few enough to be exact.
fn ratio(some: usize, all: usize) -> f32 {
    let number = |count: usize| u16::try_from(count).map_or(f32::MAX, f32::from);
    if all == 0 { 0.0 } else { number(some) / number(all) }
}

/// The stretches that are terms, the best where they overlap, in order. Tokens that are `exact` stay.
pub(super) fn judge(
    tokens: &[MendToken],
    exact: &[Option<(TermField, bool)>],
    company: &FieldContext,
    vocabulary: &Vocabulary,
) -> Vec<TermMatch> {
    let mut found: Vec<TermMatch> = Vec::new();
    for from in 0..tokens.len() {
        let mut heard = Vec::new();
        for count in 1..=WIDEST.min(tokens.len() - from) {
            let last = from + count - 1;
            if exact[last].is_some() || (count > 1 && !tokens[last - 1].flows) {
                break;
            }
            heard.extend_from_slice(&tokens[last].sounds);
            if heard.len() > LONGEST {
                break;
            }
            let stretch = Stretch { tokens: &tokens[from..=last], from, company, vocabulary };
            found.extend(stretch.best(&heard));
            if let (1, Some(other)) = (count, &tokens[last].other) {
                found.extend(stretch.best(other));
            }
            if tokens[last].with_s != tokens[last].at {
                let with_s = [heard.as_slice(), super::sounds::by_letter(b's').as_slice()].concat();
                found.extend(stretch.best(&with_s).map(|found| TermMatch { with_s: true, ..found }));
            }
        }
    }
    found.sort_by(|a, b| b.worth.total_cmp(&a.worth).then(a.from.cmp(&b.from)).then(a.count.cmp(&b.count)));
    let mut taken = vec![false; tokens.len()];
    found.retain(|found| {
        let span = found.from..found.from + found.count;
        let free = !taken[span.clone()].contains(&true);
        if free {
            taken[span].fill(true);
        }
        free
    });
    found.sort_by_key(|found| found.from);
    found
}

/// Tokens that may be a term.
struct Stretch<'a> {
    tokens: &'a [MendToken],
    from: usize,
    company: &'a FieldContext,
    vocabulary: &'a Vocabulary,
}

impl Stretch<'_> {
    /// The term that it most likely is, if it sounds like this.
    fn best(&self, heard: &[PhonemeIndex]) -> Option<TermMatch> {
        let Vocabulary { terms, by_norm, by_heard, index, .. } = self.vocabulary;
        let count = self.tokens.len();
        let stuff = StretchMakeup::of(self.tokens);
        let norms: Vec<&str> = self.tokens.iter().map(|token| token.norm.as_str()).collect();
        // In pieces, or as the words that it is said as.
        let (whole, sure) = match by_heard.get(&norms.join(" ")) {
            Some(&(term, sure)) => (Some(term), sure),
            // "I am" is no IAM, whatever it is said among.
            None if count > 1
                && self.tokens.iter().all(|token| token.known == WordFamiliarity::Glue)
                && norms.iter().any(|norm| norm.len() > 1) =>
            {
                (None, false)
            }
            None => (by_norm.get(&norms.concat()).copied(), false),
        };
        let spelled = |token: &MendToken| token.known == WordFamiliarity::Glue || token.initials;
        let initials = self.tokens.iter().all(spelled)
            && self.tokens.iter().filter(|token| token.initials).count() == 1
            && self.tokens[0].other.as_deref() != Some(heard);
        let mut best: Option<TermMatch> = None;
        let mut weigh = |number: usize, cost: f32| {
            let term = &terms[number];
            // A number is never lost, and none is made up where one was said.
            if stuff.digits != term.digits && (!stuff.digits.is_empty() || stuff.number) {
                return;
            }
            let same = whole == Some(number);
            let near = self.company.of(term.field, self.from, count);
            let allowed = if same && sure { 0.3 } else { stuff.allows(term, near, same, count) };
            // A short sound is soon near another.
            let most = match heard.len().min(term.shortest()) {
                _ if same => allowed,
                // Initials that were written as such are hardly others.
                3.. if initials => 0.02,
                0..=2 => -1.0,
                3 => 0.05,
                4 => 0.12,
                // And what is no initials is hardly some.
                _ if term.initials => allowed.min(0.09),
                _ => allowed,
            };
            let spare = allowed.min(most) - if same { 0.0 } else { cost };
            if spare >= 0.0 {
                let worth = (spare + 0.02) * ratio(heard.len(), 1) + if term.own { 0.05 } else { 0.0 };
                if best.is_none_or(|best| worth > best.worth) {
                    best = Some(TermMatch { from: self.from, count, term: number, with_s: false, worth });
                }
            }
        };
        if let Some(number) = whole {
            weigh(number, 0.0);
        }
        if let Some(most) = stuff.ceiling(count) {
            index.near(terms, heard, most, weigh);
        }
        best
    }
}
