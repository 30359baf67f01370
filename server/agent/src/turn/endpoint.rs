//! Endpointing: how much silence makes it certain that somebody has finished.

use std::time::Duration;

use super::pauses::Pauses;
use super::unfinished::is_unfinished;

/// After this much silence a turn is over, whatever else says that it is not.
pub const LONGEST: Duration = Duration::from_millis(3000);
/// Where both the sound and the words say that it is over.
const SURE: Duration = Duration::from_millis(300);
/// Where the sound says so and the words do not say otherwise.
const LIKELY: Duration = Duration::from_millis(550);
/// Where nobody can tell.
const OPEN: Duration = Duration::from_millis(1000);
/// Where the sound says that it is not over.
const UNLIKELY: Duration = Duration::from_millis(1400);
/// Where the words want more.
const WANTS_MORE: Duration = Duration::from_millis(1900);
/// So much longer than this person's usual pauses, where it is not certain.
const BEYOND_HABIT: Duration = Duration::from_millis(200);
/// Habits put it off to here at most.
const HABIT_CAP: Duration = Duration::from_millis(2200);

/// What is known of a pause.
#[derive(Clone, Copy, Debug)]
pub struct Evidence<'a> {
    /// How likely it is by the sound that they have finished, from 0 to 1; `None` where nobody judged (yet).
    pub finished: Option<f32>,
    /// All words of the answer so far.
    pub words: &'a str,
}

/// How much silence is needed before the turn is over.
pub fn needed(evidence: Evidence<'_>, pauses: &Pauses) -> Duration {
    let Evidence { finished, words } = evidence;
    let needed = match finished {
        _ if is_unfinished(words) => WANTS_MORE,
        Some(finished) if finished >= 0.9 && ends_sentence(words) => return SURE,
        Some(finished) if finished >= 0.6 => LIKELY,
        Some(finished) if finished >= 0.3 => OPEN,
        Some(_) => UNLIKELY,
        None => OPEN,
    };
    let habit = pauses.usual().map_or(Duration::ZERO, |usual| (usual + BEYOND_HABIT).min(HABIT_CAP));
    needed.max(habit).min(LONGEST)
}

fn ends_sentence(words: &str) -> bool {
    words.trim_end().ends_with(['.', '?', '!'])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ms(finished: Option<f32>, words: &str, habit: u64) -> u128 {
        let mut pauses = Pauses::default();
        (0..4).for_each(|_| pauses.learn(Duration::from_millis(habit)));
        needed(Evidence { finished, words }, &pauses).as_millis()
    }

    #[test]
    fn the_surer_it_is_the_shorter_the_wait() {
        let whole = "We shipped it in March.";
        let waits = [Some(0.95), Some(0.7), Some(0.4), Some(0.1)].map(|finished| ms(finished, whole, 0));
        assert!(waits.is_sorted() && waits[0] < 500 && waits[3] > 1200, "{waits:?}");
        assert!(ms(Some(0.99), "We did it because", 0) > 1500, "the words count more than the sound");
        assert!(ms(None, whole, 0) <= 1200);
    }

    #[test]
    fn it_adapts_to_the_person_within_bounds() {
        assert!(ms(Some(0.7), "We shipped it.", 900) >= 1000);
        assert_eq!(ms(Some(0.95), "We shipped it.", 900), SURE.as_millis());
        for finished in [None, Some(0.0), Some(0.5), Some(1.0)] {
            for words in ["", "and", "Yes."] {
                assert!(ms(finished, words, 2500) <= LONGEST.as_millis());
            }
        }
    }
}
