//! Finding the terms that sound like a stretch, without comparing it to each of them.

use std::sync::Arc;

use super::sounds::{COSTS, KINDS, PhonemeIndex, SOUNDS, vowel};
use super::terms::Term;

/// Groups of sounds that are seldom heard as a sound of another group.
const GROUPS: [&[u8]; 8] = [b"iIeEaAoOuUV3YWX", b"pbfvw", b"tdTD", b"szSZCJ", b"kg", b"mnN", b"lr3", b"jh"];
/// What one sound of another group costs at least, when a swap counts as two differences.
const GROUP_COST: f32 = 0.12;
/// How alike first sounds must be.
const FIRST: f32 = 0.56;

/// One way to say a term.
#[derive(Debug)]
struct TermVariant {
    term: u16,
    way: u8,
    length: u8,
    groups: [u8; 8],
}

/// The terms by how they begin and how long they are.
#[derive(Debug)]
pub(super) struct Index {
    /// For each first sound of a stretch, the ways that may be meant, from short to long.
    by_first: Vec<Vec<TermVariant>>,
}

fn groups(sounds: &[PhonemeIndex]) -> [u8; 8] {
    let mut counts = [0_u8; 8];
    for &sound in sounds {
        let letter = SOUNDS[usize::from(sound)];
        if let Some(group) = GROUPS.iter().position(|group| group.contains(&letter)) {
            counts[group] = counts[group].saturating_add(1);
        }
    }
    counts
}

/// Whether a word that begins with the one sound may be heard as beginning with the other.
fn may_begin(a: PhonemeIndex, b: PhonemeIndex) -> bool {
    (vowel(a) && vowel(b)) || COSTS.sound_distance(&[a], &[b], FIRST).is_some()
}

impl Index {
    /// An index of these terms.
    pub(super) fn new(terms: &[Arc<Term>]) -> Self {
        let mut by_first: Vec<Vec<TermVariant>> = (0..KINDS).map(|_| Vec::new()).collect();
        for (term, number) in terms.iter().zip(0_u16..) {
            for (said, way) in term.said.iter().zip(0_u8..) {
                for (first, ways) in (0..).zip(by_first.iter_mut()) {
                    if may_begin(first, said[0]) {
                        let length = u8::try_from(said.len()).unwrap_or(u8::MAX);
                        ways.push(TermVariant { term: number, way, length, groups: groups(said) });
                    }
                }
            }
        }
        by_first.iter_mut().for_each(|ways| ways.sort_by_key(|way| way.length));
        Self { by_first }
    }

    /// The terms that sound like this, each with the cost for each sound (of the longer) at most `most`.
    pub(super) fn near(
        &self,
        terms: &[Arc<Term>],
        heard: &[PhonemeIndex],
        most: f32,
        mut found: impl FnMut(usize, f32),
    ) {
        let Some(&first) = heard.first() else { return };
        let length = heard.len();
        let (least, longest) = (length - length * 2 / 5, length + length * 2 / 5);
        let ways = &self.by_first[usize::from(first)];
        let from = ways.partition_point(|way| usize::from(way.length) < least);
        let counts = groups(heard);
        for way in ways[from..].iter().take_while(|way| usize::from(way.length) <= longest) {
            let longer = to_f32(length.max(usize::from(way.length)));
            let other: u8 =
                counts.iter().zip(&way.groups).map(|(a, b)| a.abs_diff(*b)).fold(0, u8::saturating_add);
            if f32::from(other) * GROUP_COST > most * longer {
                continue;
            }
            let said = &terms[usize::from(way.term)].said[usize::from(way.way)];
            if let Some(cost) = COSTS.sound_distance(heard, said, most * longer) {
                found(usize::from(way.term), cost / longer);
            }
        }
    }
}

/// Few enough to be exact.
fn to_f32(count: usize) -> f32 {
    u16::try_from(count).map_or(f32::MAX, f32::from)
}
