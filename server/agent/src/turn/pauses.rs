//! How long this person's pauses are within an answer, learnt as they speak.

use std::collections::VecDeque;
use std::time::Duration;

/// How many pauses are remembered: the habits of the last answers.
const REMEMBERED: usize = 16;
/// Shorter ones are gaps between words.
const LEAST: Duration = Duration::from_millis(250);
/// Longer ones are interruptions from elsewhere, not a habit.
const MOST: Duration = Duration::from_millis(2500);
/// So many have to be known before they tell anything.
const ENOUGH: usize = 3;

/// The pauses that somebody made and then went on.
#[derive(Clone, Debug, Default)]
pub struct Pauses(VecDeque<Duration>);

impl Pauses {
    /// A pause that was followed by more.
    pub fn learn(&mut self, pause: Duration) {
        if !(LEAST..=MOST).contains(&pause) {
            return;
        }
        if self.0.len() == REMEMBERED {
            self.0.pop_front();
        }
        self.0.push_back(pause);
    }

    /// Four of five of their pauses are no longer than this. `None` until enough is known.
    pub fn usual(&self) -> Option<Duration> {
        if self.0.len() < ENOUGH {
            return None;
        }
        let mut sorted: Vec<Duration> = self.0.iter().copied().collect();
        sorted.sort_unstable();
        sorted.get(sorted.len() * 4 / 5).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn habits_are_learnt_and_forgotten() {
        let mut pauses = Pauses::default();
        let ms = Duration::from_millis;
        pauses.learn(ms(700));
        pauses.learn(ms(100));
        pauses.learn(ms(9000));
        assert_eq!(pauses.usual(), None, "one pause is no habit");
        pauses.learn(ms(800));
        pauses.learn(ms(900));
        assert_eq!(pauses.usual(), Some(ms(900)));
        (0..REMEMBERED).for_each(|_| pauses.learn(ms(300)));
        assert_eq!(pauses.usual(), Some(ms(300)));
    }
}
