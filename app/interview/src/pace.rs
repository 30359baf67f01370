//! How long a writer is waited for: learnt from how long its first words took before.

use std::collections::VecDeque;

use crate::Millis;

/// So many of the last lines are remembered.
const LAST: usize = 10;
/// So many are needed before anything is known.
const ENOUGH: usize = 3;
/// Of ten lines, so many are there by the usual time.
const OF_TEN: usize = 8;
/// A filler comes so soon where the line is known to be late: a person would begin to wonder.
const SOON: Millis = 1_200;
/// Else so long before the words were due: one that is nearly always in time may still come.
const BEFORE: Millis = 300;
/// So long a writer is waited for that is known to be always late.
const MOMENT: Millis = 2_000;
/// A line that is usually there so shortly before its deadline will often miss it.
const NEAR: Millis = 600;

/// How long a writer takes to its first words.
#[derive(Debug, Clone, Default)]
pub struct WriterPace {
    /// `None`: they did not come, however long they were waited for.
    last: VecDeque<Option<Millis>>,
}

impl WriterPace {
    /// The first words took this long; `None`: they were waited for as long as anybody would, and did not come.
    pub fn note(&mut self, took: Option<Millis>) {
        if self.last.len() == LAST {
            self.last.pop_front();
        }
        self.last.push_back(took);
    }

    /// They were not waited for as long as that, and did not come: what was known of it is older by one line.
    pub fn given_up(&mut self) {
        self.last.pop_front();
    }

    /// The time by which they are usually there.
    pub fn usual(&self) -> UsualLatency {
        if self.last.len() < ENOUGH {
            return UsualLatency::Unknown;
        }
        let mut took: Vec<Millis> = self.last.iter().map(|took| took.unwrap_or(Millis::MAX)).collect();
        took.sort_unstable();
        match took[(self.last.len() * OF_TEN).div_ceil(LAST) - 1] {
            Millis::MAX => UsualLatency::Never,
            took => UsualLatency::By(took),
        }
    }
}

/// When a writer's first words are usually there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UsualLatency {
    /// Too few lines were written.
    Unknown,
    /// So long after the ask.
    By(Millis),
    /// Not within any time that a person waits.
    Never,
}

impl UsualLatency {
    /// This, or the other where nothing is known.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        if self == Self::Unknown { other } else { self }
    }

    /// How long a line that somebody sees being waited for may take to its first words, of `due` at most: no longer than a
    /// moment where it is known to come never, so that it is found out soon when that changes.
    pub fn worth_waiting(self, due: Millis) -> Millis {
        match self {
            Self::Never => due.min(MOMENT),
            Self::By(_) | Self::Unknown => due,
        }
    }

    /// When a filler is to be said so that a line that would miss `due` is waited for until `patience`, both counted
    /// from the ask; `None` where it would be said for nothing.
    pub fn filler_at(self, due: Millis, patience: Millis) -> Option<Millis> {
        if patience <= due {
            return None;
        }
        match self {
            Self::Never => None,
            Self::By(usual) if usual >= patience => None,
            Self::By(usual) if usual > due - NEAR => Some(SOON.min(due)),
            Self::By(_) | Self::Unknown => Some((due - BEFORE).max(0)),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn usual(took: &[Option<Millis>]) -> UsualLatency {
        let mut pace = WriterPace::default();
        took.iter().for_each(|took| pace.note(*took));
        pace.usual()
    }

    #[test]
    fn the_usual_time_is_learnt_from_the_last_lines() {
        assert_eq!(usual(&[Some(700); 2]), UsualLatency::Unknown);
        assert_eq!(usual(&[Some(700), Some(900), Some(800)]), UsualLatency::By(900));
        let once: Vec<_> = (1..=10).map(|n| Some(n * 100)).collect();
        assert_eq!(usual(&once), UsualLatency::By(800));
        // Two of ten that never came are bad luck, three are not.
        assert_eq!(usual(&[&[Some(700); 8][..], &[None; 2]].concat()), UsualLatency::By(700));
        assert_eq!(usual(&[&[Some(700); 7][..], &[None; 3]].concat()), UsualLatency::Never);
        // What is long past is forgotten.
        assert_eq!(usual(&[&[None; 30][..], &[Some(3_000); 10]].concat()), UsualLatency::By(3_000));
        let mut pace = WriterPace::default();
        (0..10).for_each(|_| pace.note(None));
        (0..8).for_each(|_| pace.given_up());
        assert_eq!(pace.usual(), UsualLatency::Unknown, "it is tried again in the end");
    }

    #[test]
    fn a_line_that_would_just_miss_is_waited_for_and_a_hopeless_one_is_not() {
        let filler = |usual: UsualLatency| usual.filler_at(2_500, 5_000);
        assert_eq!(filler(UsualLatency::By(3_000)), Some(1_200));
        assert_eq!(filler(UsualLatency::By(2_200)), Some(1_200));
        assert_eq!(
            (filler(UsualLatency::By(600)), filler(UsualLatency::Unknown)),
            (Some(2_200), Some(2_200))
        );
        assert_eq!((filler(UsualLatency::By(6_000)), filler(UsualLatency::Never)), (None, None));
        assert_eq!(UsualLatency::By(700).filler_at(2_500, 2_500), None);
    }

    proptest! {
        #[test]
        fn the_usual_time_is_one_that_was_seen_and_most_lines_were_there_by_it(
            took in prop::collection::vec(prop::option::weighted(0.8, 0..9_000_i64), 0..40),
        ) {
            let last = &took[took.len().saturating_sub(LAST)..];
            match usual(&took) {
                UsualLatency::Unknown => prop_assert!(took.len() < ENOUGH),
                UsualLatency::Never => prop_assert!(last.iter().filter(|took| took.is_none()).count() * 5 > last.len()),
                UsualLatency::By(time) => {
                    prop_assert!(last.contains(&Some(time)));
                    let there = last.iter().flatten().filter(|took| **took <= time).count();
                    prop_assert!(there * 10 >= last.len() * OF_TEN);
                }
            }
        }

        #[test]
        fn a_filler_is_said_before_the_words_are_due(usual in 0..9_000_i64, due in 0..9_000_i64, patience in 0..9_000_i64) {
            for usual in [UsualLatency::Unknown, UsualLatency::By(usual), UsualLatency::Never] {
                if let Some(at) = usual.filler_at(due, patience) {
                    prop_assert!((0..=due).contains(&at) && due < patience);
                }
            }
        }
    }
}
