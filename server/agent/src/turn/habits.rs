//! How this person speaks, learnt as they do: how long their pauses are within an answer, how long their answers, and
//! whether we lately took a pause for the end of one; and how long they want to be waited for.

use std::collections::VecDeque;
use std::time::Duration;

use super::patience::PatienceFactor;

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
/// Until then they are taken to say as much as people do: four of five answers have no more words, and no more sentences.
const USUAL: (usize, usize) = (60, 4);
/// An answer of fewer words says nothing of how long answers are.
const SHORT: usize = 5;
/// Who was cut short is waited for longer by this, four times as long at first, and less with each answer that is not.
const CAUTION: Duration = Duration::from_millis(60);
const CAUTIOUS: u32 = 4;

/// See the module's description.
#[derive(Clone, Debug, Default)]
pub struct Habits {
    pauses: VecDeque<Duration>,
    /// Their words, and their sentences.
    answers: VecDeque<(usize, usize)>,
    /// The last of them, and what of the one under way was taken for an answer already.
    last: (usize, usize),
    before: (usize, usize),
    caution: u32,
    /// What they chose.
    pub patience: PatienceFactor,
}

impl Habits {
    /// A pause that was followed by more, though the words before it did not want any.
    pub fn paused(&mut self, pause: Duration) {
        if (LEAST..=MOST).contains(&pause) {
            remember(&mut self.pauses, pause, PAUSES);
        }
    }

    /// An answer of so many words, in so many sentences.
    pub fn answered(&mut self, words: usize, sentences: usize) {
        let before = std::mem::take(&mut self.before);
        self.last = (before.0 + words, before.1 + sentences);
        self.caution = self.caution.saturating_sub(1);
        if self.last.0 >= SHORT {
            remember(&mut self.answers, self.last, ANSWERS);
        }
    }

    /// What was taken for the end of the last answer was a pause in it.
    pub fn record_false_end(&mut self, pause: Duration) {
        self.paused(pause);
        if self.last.0 >= SHORT {
            self.answers.pop_back();
        }
        self.before = std::mem::take(&mut self.last);
        self.caution = CAUTIOUS + 1;
    }

    /// How much longer to wait than usual.
    pub fn caution(&self) -> Duration {
        CAUTION * self.caution.min(CAUTIOUS)
    }

    /// Four of five of their pauses are no longer than this. `None` until enough is known.
    pub fn pause(&self) -> Option<Duration> {
        (self.pauses.len() >= ENOUGH_PAUSES).then(|| nth(&self.pauses, 4, 5)).flatten()
    }

    /// Whether enough of their answers are known to tell how long they are.
    pub fn knows_answers(&self) -> bool {
        self.answers.len() >= ENOUGH_ANSWERS
    }

    /// Four of five of their answers have no more words than this, and no more sentences.
    pub fn answer(&self) -> (usize, usize) {
        let (words, sentences): (VecDeque<_>, VecDeque<_>) = self.answers.iter().copied().unzip();
        let theirs =
            self.knows_answers().then(|| Some((nth(&words, 4, 5)?, nth(&sentences, 4, 5)?))).flatten();
        theirs.unwrap_or(USUAL)
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
        assert_eq!(habits.answer(), USUAL);
        habits.answered(40, 4);
        habits.answered(50, 5);
        assert_eq!(habits.answer(), (60, 5));
    }

    #[test]
    fn who_was_cut_short_is_waited_for_and_their_answer_is_one() {
        let mut habits = Habits::default();
        [30, 30].into_iter().for_each(|words| habits.answered(words, 2));
        habits.answered(12, 1);
        assert_eq!(habits.caution(), Duration::ZERO);
        habits.record_false_end(Duration::from_millis(400));
        let cautious = habits.caution();
        habits.answered(20, 2);
        assert_eq!(habits.answer(), (32, 3), "twelve and twenty");
        assert!(habits.caution() == cautious && cautious > Duration::from_millis(100), "{cautious:?}");
        (0..CAUTIOUS).for_each(|_| habits.answered(30, 2));
        assert_eq!(habits.caution(), Duration::ZERO);
        // Two words are no answer to go by, but they count as a part of one.
        let mut habits = Habits::default();
        habits.answered(2, 1);
        habits.record_false_end(Duration::from_millis(400));
        [38, 10].into_iter().for_each(|words| habits.answered(words, 1));
        assert_eq!(habits.answer(), (40, 2));
    }
}
