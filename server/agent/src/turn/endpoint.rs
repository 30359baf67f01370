//! Endpointing: how much silence makes it certain that somebody has finished.
//!
//! What it sounds like alone does not tell the end of a sentence from the end of an answer, since both sound finished; how
//! much this person usually says, and how long they pause between sentences, does.

use std::time::Duration;

use super::habits::Habits;
use super::unfinished::is_unfinished;
use super::words;

/// After this much silence a turn is over, whatever else says that it is not.
pub const LONGEST: Duration = Duration::from_millis(3000);
/// When the sound of a pause is judged again, from its beginning: more silence tells more.
pub const JUDGE_AGAIN: [Duration; 3] =
    [Duration::from_millis(380), Duration::from_millis(750), Duration::from_millis(1150)];
/// Where the sound and the words say that it is over, and as much was said as usual; and where the sound is less sure.
const SURE: Duration = Duration::from_millis(260);
const NEARLY: Duration = Duration::from_millis(340);
/// The same, but less was said than usual, or nothing is known of that.
const CAREFUL: Duration = Duration::from_millis(720);
/// Where nobody can tell.
const OPEN: Duration = Duration::from_millis(1000);
/// Where the sound says that it is not over.
const UNLIKELY: Duration = Duration::from_millis(1450);
/// Where the words want more.
const WANTS_MORE: Duration = Duration::from_millis(1900);
/// The sound says that it is over, that it may be.
const CERTAIN: f32 = 0.92;
pub const OVER: f32 = 0.8;
const MAYBE: f32 = 0.45;
/// So much longer than this person's usual pauses, where it is not certain; and the most that habits put it off to.
const BEYOND_HABIT: Duration = Duration::from_millis(120);
const HABIT_CAP: Duration = Duration::from_millis(1600);

/// What is known of a pause.
#[derive(Clone, Copy, Debug)]
pub struct Evidence<'a> {
    /// How likely it is by the sound that they have finished, from 0 to 1; `None` where nobody judged (yet).
    pub finished: Option<f32>,
    /// All words of the answer so far.
    pub words: &'a str,
}

/// How much silence is needed before the turn is over.
pub fn needed(evidence: Evidence<'_>, habits: &Habits) -> Duration {
    let Evidence { finished, words } = evidence;
    let needed = match finished {
        _ if is_unfinished(words) => WANTS_MORE,
        Some(finished) if finished >= OVER && ends_sentence(words) => {
            if is_full(words, habits) {
                return if finished >= CERTAIN { SURE } else { NEARLY };
            }
            CAREFUL
        }
        Some(finished) if finished >= MAYBE => OPEN,
        Some(_) => UNLIKELY,
        None => OPEN,
    };
    let habit = habits.pause().map_or(Duration::ZERO, |usual| (usual + BEYOND_HABIT).min(HABIT_CAP));
    needed.max(habit).min(LONGEST)
}

fn ends_sentence(words: &str) -> bool {
    words.trim_end().ends_with(['.', '?', '!'])
}

/// Whether this is about as long as this person's answers are: three quarters of the words at least, or half of them in
/// as many sentences.
fn is_full(text: &str, habits: &Habits) -> bool {
    let Some((usual, sentences)) = habits.answer() else { return false };
    let said = words(text).count();
    said * 4 >= usual * 3 || (said * 2 >= usual && sentences > 1 && sentences_of(text) >= sentences)
}

/// How many sentences these words are.
pub fn sentences_of(text: &str) -> usize {
    text.split_whitespace().filter(|word| ends_sentence(word)).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHOLE: &str = "We shipped it in March, and nobody had to work at night.";

    fn habits(pause: u64, words: usize) -> Habits {
        let mut habits = Habits::default();
        (0..4).for_each(|_| habits.paused(Duration::from_millis(pause)));
        (0..3).for_each(|_| habits.answered(words, words.div_ceil(12)));
        habits
    }

    fn ms(finished: Option<f32>, words: &str, habits: &Habits) -> u128 {
        needed(Evidence { finished, words }, habits).as_millis()
    }

    #[test]
    fn the_surer_it_is_the_shorter_the_wait() {
        let habits = habits(0, 12);
        let waits = [Some(0.95), Some(0.7), Some(0.1)].map(|finished| ms(finished, WHOLE, &habits));
        assert!(waits.is_sorted() && waits[0] <= 300 && waits[2] > 1200, "{waits:?}");
        assert!(ms(Some(0.99), "We did it because", &habits) > 1500, "the words count more than the sound");
        assert!(ms(None, WHOLE, &habits) <= 1200);
    }

    #[test]
    fn a_whole_sentence_is_not_yet_a_whole_answer() {
        assert_eq!(ms(Some(0.99), WHOLE, &habits(0, 14)), SURE.as_millis());
        assert!(ms(Some(0.99), WHOLE, &habits(0, 60)) > 700, "they usually say more");
        assert!(ms(Some(0.99), WHOLE, &Habits::default()) > 700, "nothing is known of them");
        let two = "It was late, and it was dark. We shipped it.";
        assert_eq!(ms(Some(0.99), two, &habits(0, 18)), SURE.as_millis(), "as many sentences as usual");
        assert!(ms(Some(0.99), two, &habits(0, 60)) > 700, "but far fewer words");
    }

    #[test]
    fn it_adapts_to_the_person_within_bounds() {
        assert!(ms(Some(0.9), WHOLE, &habits(900, 60)) >= 1000);
        for finished in [None, Some(0.0), Some(0.5), Some(1.0)] {
            for words in ["", "and", "Yes."] {
                assert!(ms(finished, words, &habits(2500, 60)) <= LONGEST.as_millis());
            }
        }
    }
}
