//! Endpointing: how much silence makes it certain that somebody has finished.
//!
//! Where the words may be the last, that is calculated ([`likely`]); where they want more, it is a rule.

use std::time::Duration;

use super::asked::ExpectedAnswer;
use super::habits::Habits;
use super::likely::{self, EndpointWeights};
use super::unfinished::{TextEnding, ending};

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
/// Where nobody has judged the sound.
const OPEN: Duration = Duration::from_millis(1000);
/// Where a small word that elsewhere wants more ends what is written as a sentence, by what the sound says. Who looks for
/// words does so for a second or more.
const SMALL_WORD: Duration = Duration::from_millis(1250);
const SMALL_WORD_UNLIKELY: Duration = Duration::from_millis(1600);
/// Where the words want more.
const WANTS_MORE: Duration = Duration::from_millis(1900);
/// The sound says that it is over; and, below, that it is not.
pub const OVER: f32 = 0.8;
const NOT_OVER: f32 = 0.2;
/// So much longer than this person's usual pauses, where it does not sound over; and the most that habits put it off to.
const BEYOND_HABIT: Duration = Duration::from_millis(60);
const HABIT_CAP: Duration = Duration::from_millis(1600);

/// What is known of a pause.
#[derive(Clone, Copy, Debug)]
pub struct EndpointEvidence<'a> {
    /// How likely it is by the sound that they have finished, from 0 to 1; `None` where nobody judged (yet).
    pub finished: Option<f32>,
    /// All words of the answer so far.
    pub words: &'a str,
    /// What the question wants.
    pub asked: ExpectedAnswer,
}

impl EndpointEvidence<'_> {
    /// Whether it sounds as if they had finished.
    pub fn sounds_over(&self) -> bool {
        self.finished.is_some_and(|finished| finished >= OVER)
    }
}

/// How much silence is needed before the turn is over.
pub fn needed_silence(evidence: EndpointEvidence<'_>, habits: &Habits) -> Duration {
    needed_silence_with(evidence, habits, &likely::FITTED)
}

/// The same with other weights for pauses whose words may be the last.
pub(super) fn needed_silence_with(
    evidence: EndpointEvidence<'_>,
    habits: &Habits,
    weights: &EndpointWeights,
) -> Duration {
    let EndpointEvidence { finished, words, .. } = evidence;
    let ending = ending(words);
    let mut least = habits.pause().map_or(Duration::ZERO, |usual| (usual + BEYOND_HABIT).min(HABIT_CAP));
    let needed = match finished {
        Some(_) if ending == TextEnding::Whole => {
            if evidence.sounds_over() {
                least = Duration::ZERO;
            }
            likely::wait(evidence, habits, weights) + habits.caution()
        }
        Some(finished) if sound_affects_wait(words) => {
            interpolate(SMALL_WORD, SMALL_WORD_UNLIKELY, (OVER - finished) / (OVER - NOT_OVER))
        }
        _ if ending != TextEnding::Whole => WANTS_MORE,
        _ => OPEN,
    };
    habits.patience.wait(needed.max(least)).min(longest(habits))
}

/// Whether the sound of a pause after these words changes how long it is waited for.
pub fn sound_affects_wait(words: &str) -> bool {
    let ending = ending(words);
    ending == TextEnding::Whole || ending.may_be_the_last() && ends_sentence(words)
}

/// After how much silence of this person's a turn is over in any case.
pub fn longest(habits: &Habits) -> Duration {
    habits.patience.longest(LONGEST)
}

/// Whether these words end as a sentence is written to end.
pub(super) fn ends_sentence(words: &str) -> bool {
    words.trim_end().ends_with(['.', '?', '!'])
}

/// The first at 0 and below, the second at 1 and above, in between in proportion.
fn interpolate(first: Duration, second: Duration, share: f32) -> Duration {
    first + second.saturating_sub(first).mul_f32(share.clamp(0.0, 1.0))
}

/// How many sentences these words are.
pub fn sentences_of(text: &str) -> usize {
    text.split_whitespace().filter(|word| ends_sentence(word)).count()
}

#[cfg(test)]
mod tests {
    use super::super::patience::PatienceFactor;
    use super::*;

    const WHOLE: &str = "We shipped it in March, and nobody had to work at night.";

    fn habits(pause: u64, words: usize) -> Habits {
        let mut habits = Habits::default();
        (0..4).for_each(|_| habits.paused(Duration::from_millis(pause)));
        (0..3).for_each(|_| habits.answered(words, words.div_ceil(12)));
        habits
    }

    fn ms(finished: Option<f32>, words: &str, habits: &Habits) -> u128 {
        answered(finished, words, ExpectedAnswer::Unknown, habits)
    }

    fn answered(finished: Option<f32>, words: &str, asked: ExpectedAnswer, habits: &Habits) -> u128 {
        needed_silence(EndpointEvidence { finished, words, asked }, habits).as_millis()
    }

    #[test]
    fn the_surer_it_is_the_shorter_the_wait() {
        for habits in [Habits::default(), habits(0, 12), habits(0, 30), habits(900, 12)] {
            let waits = [0.99, 0.9, 0.79, 0.5, 0.2, 0.01].map(|finished| ms(Some(finished), WHOLE, &habits));
            assert!(waits.is_sorted() && waits[0] < waits[5] && waits[5] < 1500, "{waits:?}");
            let open = ms(Some(0.99), "We shipped it in March, and nobody was angry", &habits);
            assert!(open >= ms(Some(0.99), "We shipped it in March, and nobody was angry.", &habits));
            assert!(
                ms(Some(0.99), "We did it because", &habits) > 1500,
                "the words count more than the sound"
            );
            assert!(ms(None, WHOLE, &habits) <= 1200);
        }
    }

    #[test]
    fn a_whole_sentence_is_not_yet_a_whole_answer() {
        assert_eq!(ms(Some(0.99), WHOLE, &habits(0, 8)), 300);
        let waits = [8, 12, 18, 30, 60].map(|usual| ms(Some(0.99), WHOLE, &habits(0, usual)));
        assert!(
            waits.is_sorted() && waits[0] < waits[4] && waits[3] > 690,
            "the less, the longer: {waits:?}"
        );
        assert!(ms(Some(0.99), WHOLE, &Habits::default()) > 690, "nothing is known of them");
        let two = "It was late, and it was dark. We shipped it.";
        let one = "It was late, and it was dark, so we shipped it.";
        assert!(ms(Some(0.99), two, &habits(0, 18)) < ms(Some(0.99), one, &habits(0, 18)), "more sentences");
    }

    #[test]
    fn who_has_said_all_is_not_waited_for_long_however_it_sounds() {
        let said = "I told the customer what had happened. She was angry at first, but later she thanked us.";
        let waits = [0.95, 0.5, 0.05].map(|finished| ms(Some(finished), said, &habits(0, 16)));
        assert!(waits[2] <= 800 && waits.is_sorted(), "as much as ever: {waits:?}");
        assert!(ms(Some(0.05), WHOLE, &habits(0, 40)) > 1200, "there is more to come");
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
            for asked in [ExpectedAnswer::Fact, ExpectedAnswer::YesOrNo] {
                assert!(answered(Some(0.95), short, asked, &habits) <= 450, "{short}");
                assert!(answered(Some(0.05), short, asked, &habits) > 450, "{short}: the sound is unsure");
            }
            for asked in [ExpectedAnswer::Unknown, ExpectedAnswer::Story, ExpectedAnswer::Open] {
                let wait = answered(Some(0.95), short, asked, &habits);
                assert!((690..800).contains(&wait), "{short}: there may be more to tell: {wait}");
            }
        }
        let one = answered(Some(0.95), "Well yes.", ExpectedAnswer::Story, &habits);
        assert!(
            one > 690 && answered(Some(0.95), "Yes.", ExpectedAnswer::YesOrNo, &habits) > 690,
            "it often begins one"
        );
    }

    #[test]
    fn nothing_is_known_of_somebody_as_of_people() {
        let long = "It was late. ".repeat(20);
        assert!(ms(Some(0.99), &long, &Habits::default()) <= 450, "as much as people say");
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
                    habits.patience = PatienceFactor::of(factor).unwrap();
                    (
                        needed_silence(
                            EndpointEvidence { finished, words, asked: ExpectedAnswer::Unknown },
                            &habits,
                        ),
                        longest(&habits),
                    )
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
        assert_eq!([f64::NAN, f64::INFINITY].map(PatienceFactor::of), [None, None]);
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
