//! Patterns of words that models fall into where they understand nothing: the same again and again, and numbers.

use std::collections::HashMap;

/// So many words that stand somewhere else again are no chance.
const GROUP: usize = 3;

/// Whether most of it is the same few words again and again: one word eight times, up to eight words five times.
pub(super) fn is_looping(said: &[String]) -> bool {
    (1..=8_usize).any(|period| {
        let least = if period == 1 { 8 } else { 5 };
        let (mut run, mut longest) = (0, 0);
        for (one, next) in said.iter().zip(said.iter().skip(period)) {
            run = if one == next { run + 1 } else { 0 };
            longest = longest.max(run);
        }
        let covered = longest + period;
        covered >= period * least && covered * 10 >= said.len() * 6
    })
}

/// Which share of the words stands in groups of three that are there so many times, one after the other, from 0 to 1.
pub(super) fn repeated(said: &[String], times: usize) -> f32 {
    // How often, and where the last one ends: "no, no, no, no" is one group, not two.
    let mut found: HashMap<&[String], (usize, usize)> = HashMap::new();
    for (at, group) in said.windows(GROUP).enumerate() {
        let (count, end) = found.entry(group).or_default();
        if at >= *end {
            (*count, *end) = (*count + 1, at + GROUP);
        }
    }
    let (mut covered, mut until) = (0, 0);
    for (at, group) in said.windows(GROUP).enumerate() {
        if found.get(group).is_some_and(|(count, _)| *count >= times) {
            covered += at + GROUP - until.max(at);
            until = at + GROUP;
        }
    }
    covered as f32 / said.len().max(1) as f32
}

/// Which share of the words has a digit, from 0 to 1.
pub(super) fn numerals(said: &[String]) -> f32 {
    let numbers = said.iter().filter(|word| word.contains(|letter: char| letter.is_ascii_digit())).count();
    numbers as f32 / said.len().max(1) as f32
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::turn::words;

    fn of(text: &str) -> Vec<String> {
        words(text).collect()
    }

    #[test]
    fn shares_of_words() {
        assert_eq!(numerals(&of("In 2019, 40 people and 1.5 more")), 4.0 / 8.0);
        assert_eq!(repeated(&of("a b c d a b c"), 2), 6.0 / 7.0);
        assert_eq!(repeated(&of("a b c d a b c"), 3), 0.0);
        assert_eq!(repeated(&of("no no no no, that was before my time"), 2), 0.0);
        assert_eq!((numerals(&[]), repeated(&[], 2)), (0.0, 0.0));
    }

    proptest! {
        #[test]
        fn what_never_comes_back_does_not_go_round(count in 0..200_usize) {
            let said: Vec<String> = (0..count).map(|at| format!("w{at}")).collect();
            prop_assert!(!is_looping(&said) && repeated(&said, 2) == 0.0);
        }

        #[test]
        fn what_is_said_three_times_is_repeated(period in 3..30_usize, between in 0..2_usize) {
            let round: Vec<String> = (0..period).map(|at| format!("w{at}")).collect();
            let between = |at: usize| (0..between).map(move |_| format!("x{at}"));
            let said: Vec<String> = (0..3).flat_map(|at| round.iter().cloned().chain(between(at))).collect();
            prop_assert!(repeated(&said, 3) > 0.7 && repeated(&said, 4) == 0.0, "{said:?}");
        }
    }
}
