//! What two interviews say that does not fit together, as questions.

use std::collections::{BTreeMap, BTreeSet};

use super::quantity::{Quantity, TeamRelation};
use super::{ClaimKind, Fact, FigureDiscrepancy, LedgerQuote};
use crate::course::DAY;

/// So many questions are put at once.
const MOST: usize = 3;
/// So much of what two figures are about must be the same for them to be of one thing.
const ALIKE: usize = 2;
/// Who says "eight years" may be in the ninth.
const YEAR: u64 = 100;

/// A kind of thing that is counted, and two numbers of it, the smaller first: "people", seven and nine.
type FigurePair<'a> = (ClaimKind, &'a str, u64, u64);

/// What does not fit together and is not settled, each two numbers once.
pub(super) fn questions(
    facts: &[Fact],
    settled: impl Fn(ClaimKind, &LedgerQuote, &LedgerQuote) -> bool,
) -> Vec<FigureDiscrepancy> {
    let mut pairs: Vec<(FigurePair<'_>, &Fact, &Fact)> = Vec::new();
    for (n, later) in facts.iter().enumerate().rev() {
        let earlier = facts[..n].iter().rev().filter(|earlier| does_not_fit(earlier, later, facts));
        pairs.extend(earlier.filter_map(|earlier| Some((clash(earlier, later)?, earlier, later))));
    }
    let right: BTreeSet<FigurePair<'_>> = pairs
        .iter()
        .filter(|(_, one, other)| settled(one.sort, &one.said, &other.said))
        .map(|(clash, ..)| *clash)
        .collect();
    pairs.retain(|(clash, ..)| !right.contains(clash));
    // The latest stays first.
    pairs.sort_by_key(|(_, earlier, later)| !(earlier.claimed && later.claimed));
    let (mut known, mut of_kind) = (BTreeSet::new(), BTreeMap::<_, usize>::new());
    let mut found = Vec::new();
    for (clash, earlier, later) in pairs {
        if known.insert(clash) {
            let nth = of_kind.entry((clash.0, clash.1)).or_default();
            found.push((*nth, earlier, later));
            *nth += 1;
        }
    }
    // Many of one kind keep no other out.
    found.sort_by_key(|(nth, ..)| *nth);
    found.truncate(MOST);
    let question = |(_, earlier, later): (usize, &Fact, &Fact)| FigureDiscrepancy {
        sort: later.sort,
        earlier: earlier.said.clone(),
        later: later.said.clone(),
    };
    found.into_iter().map(question).collect()
}

fn clash<'a>(one: &'a Fact, other: &'a Fact) -> Option<FigurePair<'a>> {
    let (a, b) = (one.quantity.as_ref()?, other.quantity.as_ref()?);
    Some((one.sort, a.unit.as_str(), a.value.min(b.value), a.value.max(b.value)))
}

/// True if an introduction and another interview give different figures for what seems to be one thing, and neither
/// interview says what the other does.
fn does_not_fit(one: &Fact, other: &Fact, facts: &[Fact]) -> bool {
    if one.said.interview == other.said.interview || !(one.claimed || other.claimed) {
        return false;
    }
    let differs = |a: &Quantity, b: &Quantity| {
        let grown = (other.at - one.at).unsigned_abs() * YEAR / (365 * DAY).unsigned_abs();
        let leeway = if a.sort == ClaimKind::Years { YEAR + grown } else { 0 };
        a.exact && b.exact && a.value.abs_diff(b.value) > leeway
    };
    let says = |interview: usize, what: &Fact| {
        facts
            .iter()
            .filter(|fact| fact.said.interview == interview)
            // A story of seven people does not unsay that the introduction spoke of nine.
            .any(|fact| fact.claimed && fact.sort == what.sort && fact.key == what.key)
    };
    comparable_quantities(one, other).is_some_and(|(a, b)| differs(a, b))
        && !says(other.said.interview, one)
        && !says(one.said.interview, other)
}

/// The quantities of two facts, if they seem to be of one thing.
fn comparable_quantities<'a>(one: &'a Fact, other: &'a Fact) -> Option<(&'a Quantity, &'a Quantity)> {
    let (a, b) = (one.quantity.as_ref()?, other.quantity.as_ref()?);
    let elsewhere = !one.names.is_empty()
        && !other.names.is_empty()
        && !one.names.iter().any(|name| other.names.contains(name));
    let shared = a.about.iter().filter(|stem| b.about.contains(stem)).count();
    let alike = match a.sort {
        ClaimKind::Team => of_one_team((one, a), (other, b)),
        // Stories say of other things, too, how many years they took.
        ClaimKind::Years => {
            let bare = a.about.is_empty() || b.about.is_empty();
            one.claimed && other.claimed && (shared > 0 || bare)
        }
        ClaimKind::Figure => shared >= ALIKE,
        ClaimKind::Tool => false,
    };
    (one.sort == other.sort && a.unit == b.unit && alike && !elsewhere).then_some((a, b))
}

/// Stories and introductions tell of many teams: those who were on call, those who helped. Led and one's own is one, and
/// whoever leads it may be in another.
fn of_one_team((one, a): (&Fact, &Quantity), (other, b): (&Fact, &Quantity)) -> bool {
    let theirs = |of: &Quantity| matches!(of.whose, TeamRelation::Led | TeamRelation::Own);
    theirs(a) && theirs(b) || one.claimed && other.claimed && a.whose == b.whose
}
