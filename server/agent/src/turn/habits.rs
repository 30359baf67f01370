//! How this person speaks, learnt as they do: how long their pauses are within an answer, how long their answers.

use std::collections::VecDeque;
use std::time::Duration;

/// How many pauses, and how many answers, are remembered.
const PAUSES: usize = 16;
const ANSWERS: usize = 6;
/// Shorter pauses are gaps between words.
const LEAST: Duration = Duration::from_millis(250);
/// Longer ones are interruptions from elsewhere, not a habit.
const MOST: Duration = Duration::from_millis(2500);
/// So many have to be known before they tell anything.
const ENOUGH_PAUSES: usize = 3;
const ENOUGH_ANSWERS: usize = 2;
/// An answer of fewer words says nothing of how long answers are.
const SHORT: usize = 5;

/// See the module's description.
#[derive(Clone, Debug, Default)]
pub struct Habits {
    pauses: VecDeque<Duration>,
    /// Their words, and their sentences.
    answers: VecDeque<(usize, usize)>,
}

impl Habits {
    /// A pause that was followed by more.
    pub fn paused(&mut self, pause: Duration) {
        if (LEAST..=MOST).contains(&pause) {
            remember(&mut self.pauses, pause, PAUSES);
        }
    }

    /// An answer of so many words, in so many sentences.
    pub fn answered(&mut self, words: usize, sentences: usize) {
        if words >= SHORT {
            remember(&mut self.answers, (words, sentences), ANSWERS);
        }
    }

    /// Four of five of their pauses are no longer than this. `None` until enough is known.
    pub fn pause(&self) -> Option<Duration> {
        (self.pauses.len() >= ENOUGH_PAUSES).then(|| nth(&self.pauses, 4, 5)).flatten()
    }

    /// How many words their answers have, and how many sentences: half of them more, half of them fewer. `None` until
    /// enough is known.
    pub fn answer(&self) -> Option<(usize, usize)> {
        let (words, sentences): (VecDeque<_>, VecDeque<_>) = self.answers.iter().copied().unzip();
        let enough = self.answers.len() >= ENOUGH_ANSWERS;
        enough.then(|| Some((nth(&words, 1, 2)?, nth(&sentences, 1, 2)?))).flatten()
    }
}

fn remember<T>(queue: &mut VecDeque<T>, new: T, most: usize) {
    if queue.len() == most {
        queue.pop_front();
    }
    queue.push_back(new);
}

/// The one that this share of all does not exceed.
fn nth<T: Copy + Ord>(of: &VecDeque<T>, part: usize, parts: usize) -> Option<T> {
    let mut sorted: Vec<T> = of.iter().copied().collect();
    sorted.sort_unstable();
    sorted.get((sorted.len() * part).div_ceil(parts).checked_sub(1)?).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn habits_are_learnt_and_forgotten() {
        let mut habits = Habits::default();
        let ms = Duration::from_millis;
        habits.paused(ms(700));
        habits.paused(ms(100));
        habits.paused(ms(9000));
        assert_eq!(habits.pause(), None, "one pause is no habit");
        habits.paused(ms(800));
        habits.paused(ms(900));
        assert_eq!(habits.pause(), Some(ms(900)));
        [400, 2200].into_iter().for_each(|pause| habits.paused(ms(pause)));
        assert_eq!(habits.pause(), Some(ms(900)), "the longest of five is the exception");
        (0..PAUSES).for_each(|_| habits.paused(ms(300)));
        assert_eq!(habits.pause(), Some(ms(300)));
        habits.answered(60, 3);
        habits.answered(2, 1);
        assert_eq!(habits.answer(), None);
        habits.answered(40, 4);
        habits.answered(50, 5);
        assert_eq!(habits.answer(), Some((50, 4)));
    }
}
