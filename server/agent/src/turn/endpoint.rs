//! Endpointing: how much silence makes it certain that somebody has finished.
//!
//! What it sounds like alone does not tell the end of a sentence from the end of an answer, since both sound finished; how
//! much this person usually says, and how long they pause between sentences, does.

use std::ops::RangeInclusive;
use std::time::Duration;

use super::asked::Asked;
use super::habits::Habits;
use super::unfinished::{Ending, ending};
use super::words;

/// After this much silence a turn is over, whatever else says that it is not; later for who wants to be waited for
/// longer than is usual.
pub const LONGEST: Duration = Duration::from_millis(3000);
/// When the sound of a pause is judged, from its beginning, until it seems to be the end: more silence tells more. Most
/// pauses between words are over by then.
pub const JUDGED: [Duration; 4] = [
    Duration::from_millis(190),
    Duration::from_millis(380),
    Duration::from_millis(750),
    Duration::from_millis(1150),
];
/// Where the sound and the words say that it is over, and as much was said as ever; where it is only just enough; and so
/// much more where the sound is less sure. People pause so long at a comma, too, and sound as sure.
const SURE: Duration = Duration::from_millis(300);
const ENOUGH: Duration = Duration::from_millis(450);
const LESS_SURE: Duration = Duration::from_millis(80);
/// The same, but less was said than usual, or nothing is known of that.
const CAREFUL: Duration = Duration::from_millis(730);
/// Where nobody can tell.
const OPEN: Duration = Duration::from_millis(1000);
/// Where the sound says that it is not over; where it cannot say, something between this and [`CAREFUL`].
const UNLIKELY: Duration = Duration::from_millis(1450);
/// Where a small word that elsewhere wants more ends what is written as a sentence, by what the sound says. Who looks for
/// words does so for a second or more.
const SMALL_WORD: Duration = Duration::from_millis(1250);
const SMALL_WORD_UNLIKELY: Duration = Duration::from_millis(1600);
/// Where the words want more.
const WANTS_MORE: Duration = Duration::from_millis(1900);
/// The sound says that it is over, for certain or nearly; and, below, that it is not.
const CERTAIN: f32 = 0.92;
pub const OVER: f32 = 0.8;
const NOT_OVER: f32 = 0.2;
/// So much of a long answer of this person's is just enough for one; so much is plenty.
const JUST_ENOUGH: f32 = 0.75;
const PLENTY: f32 = 1.0;
/// So few words are just enough for an answer where little was asked for; one alone is often a beginning.
const FEW: RangeInclusive<usize> = 2..=4;
/// So much longer than this person's usual pauses, where it is not certain; and the most that habits put it off to.
const BEYOND_HABIT: Duration = Duration::from_millis(60);
const HABIT_CAP: Duration = Duration::from_millis(1600);

/// What is known of a pause.
#[derive(Clone, Copy, Debug)]
pub struct Evidence<'a> {
    /// How likely it is by the sound that they have finished, from 0 to 1; `None` where nobody judged (yet).
    pub finished: Option<f32>,
    /// All words of the answer so far.
    pub words: &'a str,
    /// What the question wants.
    pub asked: Asked,
}

/// How much silence is needed before the turn is over.
pub fn needed(evidence: Evidence<'_>, habits: &Habits) -> Duration {
    let Evidence { finished, words, asked } = evidence;
    let (ending, stops) = (ending(words), ends_sentence(words));
    let doubt = |finished| (OVER - finished) / (OVER - NOT_OVER);
    let needed = match finished {
        Some(finished) if ending != Ending::Whole && ending.may_be_the_last() && stops => {
            between(SMALL_WORD, SMALL_WORD_UNLIKELY, doubt(finished))
        }
        _ if ending != Ending::Whole => WANTS_MORE,
        Some(finished) => {
            let full = fullness(words, asked, habits);
            if finished >= OVER && stops && full >= JUST_ENOUGH {
                let wait = between(SURE, ENOUGH, (PLENTY - full) / (PLENTY - JUST_ENOUGH));
                let wait = if finished >= CERTAIN { wait } else { wait + LESS_SURE };
                return wait + habits.caution();
            }
            between(CAREFUL, UNLIKELY, doubt(finished))
        }
        None => OPEN,
    };
    let habit = habits.pause().map_or(Duration::ZERO, |usual| (usual + BEYOND_HABIT).min(HABIT_CAP));
    habits.patience.wait(needed.max(habit)).min(longest(habits))
}

/// After how much silence of this person's a turn is over in any case.
pub fn longest(habits: &Habits) -> Duration {
    habits.patience.longest(LONGEST)
}

fn ends_sentence(words: &str) -> bool {
    words.trim_end().ends_with(['.', '?', '!'])
}

/// How much was said, beside a long answer of this person's: 1 is as much. As many sentences are enough, if they are
/// not much shorter; and so are a few words where little was asked for.
fn fullness(text: &str, asked: Asked, habits: &Habits) -> f32 {
    let (usual, sentences) = habits.answer();
    let said = words(text).count();
    let full = said as f32 / usual.max(1) as f32;
    let as_many = full >= 0.5 && sentences > 1 && sentences_of(text) >= sentences;
    let a_few = asked.wants_little() && FEW.contains(&said);
    if as_many || a_few { full.max(JUST_ENOUGH) } else { full }
}

/// The first at 0 and below, the second at 1 and above, in between in proportion.
fn between(first: Duration, second: Duration, share: f32) -> Duration {
    first + second.saturating_sub(first).mul_f32(share.clamp(0.0, 1.0))
}

/// How many sentences these words are.
pub fn sentences_of(text: &str) -> usize {
    text.split_whitespace().filter(|word| ends_sentence(word)).count()
}

#[cfg(test)]
mod tests {
    use super::super::patience::Patience;
    use super::*;

    const WHOLE: &str = "We shipped it in March, and nobody had to work at night.";

    fn habits(pause: u64, words: usize) -> Habits {
        let mut habits = Habits::default();
        (0..4).for_each(|_| habits.paused(Duration::from_millis(pause)));
        (0..3).for_each(|_| habits.answered(words, words.div_ceil(12)));
        habits
    }

    fn ms(finished: Option<f32>, words: &str, habits: &Habits) -> u128 {
        answered(finished, words, Asked::Unknown, habits)
    }

    fn answered(finished: Option<f32>, words: &str, asked: Asked, habits: &Habits) -> u128 {
        needed(Evidence { finished, words, asked }, habits).as_millis()
    }

    #[test]
    fn the_surer_it_is_the_shorter_the_wait() {
        let habits = habits(0, 12);
        let waits = [0.95, 0.85, 0.79, 0.7, 0.4, 0.1].map(|finished| ms(Some(finished), WHOLE, &habits));
        assert!(waits.is_sorted() && waits[0] <= 400 && waits[5] > 1200, "{waits:?}");
        assert!(waits[2] < 780, "just below certain is not far from it: {waits:?}");
        assert!(
            ms(Some(0.99), "We shipped it in March, and nobody was angry", &habits) >= 690,
            "no sentence ends"
        );
        assert!(ms(Some(0.99), "We did it because", &habits) > 1500, "the words count more than the sound");
        assert!(ms(None, WHOLE, &habits) <= 1200);
    }

    #[test]
    fn a_whole_sentence_is_not_yet_a_whole_answer() {
        assert_eq!(ms(Some(0.99), WHOLE, &habits(0, 8)), SURE.as_millis());
        let waits = [12, 13, 14, 15, 16].map(|usual| ms(Some(0.99), WHOLE, &habits(0, usual)));
        assert!(
            waits.is_sorted() && waits[0] < waits[4] && waits[4] <= ENOUGH.as_millis(),
            "the less, the longer: {waits:?}"
        );
        assert!(ms(Some(0.99), WHOLE, &habits(0, 60)) > 690, "they usually say more");
        assert!(ms(Some(0.99), WHOLE, &Habits::default()) > 690, "nothing is known of them");
        let two = "It was late, and it was dark. We shipped it.";
        assert_eq!(ms(Some(0.99), two, &habits(0, 18)), ENOUGH.as_millis(), "as many sentences as usual");
        assert!(ms(Some(0.99), two, &habits(0, 60)) > 690, "but far fewer words");
    }

    #[test]
    fn a_small_word_at_the_end_of_a_sentence_does_not_cost_two_seconds() {
        for whole in [
            "We finished a week early, which I am quite proud of.",
            "There is one thing that I would like to ask before we go on.",
            "I told my lead, and the people I worked with.",
        ] {
            let habits = Habits::default();
            let waits = [0.95, 0.8, 0.5, 0.2, 0.01].map(|finished| ms(Some(finished), whole, &habits));
            assert!(waits.is_sorted() && waits[4] < 1_700, "{whole} {waits:?}");
            let open = ms(Some(0.95), whole.trim_end_matches('.'), &habits);
            assert!(open >= waits[0], "{whole}: without a full stop it is no likelier to be over");
        }
        for cut in ["It was the.", "We moved it to a", "I started with, um."] {
            assert_eq!(ms(Some(0.95), cut, &Habits::default()), WANTS_MORE.as_millis(), "{cut}");
        }
        assert!(
            ms(Some(0.95), "I left because.", &Habits::default()) > 1_200,
            "longer than one looks for a word"
        );
    }

    #[test]
    fn a_few_words_answer_a_question_that_wants_little() {
        let habits = habits(0, 60);
        for short in ["About two weeks.", "Yes, that is right.", "My manager did."] {
            for asked in [Asked::Fact, Asked::YesOrNo] {
                assert!(answered(Some(0.95), short, asked, &habits) <= ENOUGH.as_millis(), "{short}");
                assert!(answered(Some(0.5), short, asked, &habits) > 690, "{short}: the sound is unsure");
            }
            for asked in [Asked::Unknown, Asked::Story, Asked::Open] {
                assert!(answered(Some(0.95), short, asked, &habits) > 690, "{short}: there is more to tell");
            }
        }
        let one = answered(Some(0.95), "Well yes.", Asked::Story, &habits);
        assert!(
            one > 690 && answered(Some(0.95), "Yes.", Asked::YesOrNo, &habits) > 690,
            "it often begins one"
        );
    }

    #[test]
    fn nothing_is_known_of_somebody_as_of_people() {
        let long = "It was late. ".repeat(20);
        assert!(ms(Some(0.99), &long, &Habits::default()) <= ENOUGH.as_millis(), "as much as people say");
        assert!(ms(Some(0.99), WHOLE, &Habits::default()) > 690, "people say more");
    }

    #[test]
    fn patience_stretches_every_wait_and_the_longest() {
        for (finished, words) in
            [(Some(0.95), WHOLE), (Some(0.1), WHOLE), (None, "Yes."), (Some(0.9), "because")]
        {
            for pause in [0, 2500] {
                let with = |factor: f64| {
                    let mut habits = habits(pause, 60);
                    habits.patience = Patience::of(factor).unwrap();
                    (needed(Evidence { finished, words, asked: Asked::Unknown }, &habits), longest(&habits))
                };
                let waits = [0.1, 0.7, 1.0, 1.5, 2.0, 9.0].map(with);
                assert!(waits.is_sorted() && waits[1].0 < waits[2].0 && waits[2].0 < waits[4].0, "{waits:?}");
                assert!(waits[0] == waits[1] && waits[4] == waits[5], "within bounds: {waits:?}");
                assert!(waits[1].1 == LONGEST && waits[4].1 == LONGEST * 2, "{waits:?}");
                assert!(
                    waits[1].0 >= Duration::from_millis(200),
                    "nobody is cut short by a breath: {waits:?}"
                );
            }
        }
        assert_eq!([f64::NAN, f64::INFINITY].map(Patience::of), [None, None]);
    }

    #[test]
    fn it_adapts_to_the_person_within_bounds() {
        assert!(ms(Some(0.9), WHOLE, &habits(900, 60)) >= 950);
        for finished in [None, Some(0.0), Some(0.5), Some(1.0)] {
            for words in ["", "and", "Yes."] {
                assert!(ms(finished, words, &habits(2500, 60)) <= LONGEST.as_millis());
            }
        }
    }
}
