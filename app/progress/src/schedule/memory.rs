//! How long a skill stays: the forgetting curve and the stability of FSRS, by Jarrett Ye and others (the DSR model;
//! "The Algorithm", version 4.5, in the wiki of `open-spaced-repetition/fsrs4anki`), with its published parameters. An
//! interview is a review; nothing of it is fitted to a person.
//!
//! Written here because it is these few formulas: the crate `rs-fsrs` brings `chrono` and asks a clock for its seed, the
//! crate `fsrs` a framework for training.

/// How well something was told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum ReviewGrade {
    /// Not at all.
    Again,
    /// In less than half.
    Hard,
    /// In half or more.
    Good,
    /// Always.
    Easy,
}

impl ReviewGrade {
    fn number(self) -> f64 {
        match self {
            Self::Again => 1.0,
            Self::Hard => 2.0,
            Self::Good => 3.0,
            Self::Easy => 4.0,
        }
    }
}

const W: [f64; 17] = [
    0.4872, 1.4003, 3.7145, 13.8206, 5.1618, 1.2298, 0.8975, 0.031, 1.6474, 0.1367, 1.0461, 2.1072, 0.0793,
    0.3246, 1.587, 0.2272, 2.8755,
];
const DECAY: f64 = -0.5;
/// So that after as many days as the stability says, nine of ten are still there.
const FACTOR: f64 = 19.0 / 81.0;
/// Longest that something is left alone, in days.
const LONGEST: f64 = 60.0;

/// What is known of a skill after a review.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct SkillMemory {
    /// In how many days it falls to nine in ten.
    stability: f64,
    /// From 1 to 10.
    difficulty: f64,
}

impl SkillMemory {
    /// After the first review.
    pub(super) fn first(grade: ReviewGrade) -> Self {
        let stability = match grade {
            ReviewGrade::Again => W[0],
            ReviewGrade::Hard => W[1],
            ReviewGrade::Good => W[2],
            ReviewGrade::Easy => W[3],
        };
        Self { stability, difficulty: initial(grade) }
    }

    /// After another, so many days later.
    pub(super) fn then(self, days: f64, grade: ReviewGrade) -> Self {
        let Self { stability: s, difficulty: d } = self;
        let gone = 1.0 - self.retention(days);
        let stability = if grade == ReviewGrade::Again {
            W[11] * d.powf(-W[12]) * ((s + 1.0).powf(W[13]) - 1.0) * (W[14] * gone).exp()
        } else {
            let how = match grade {
                ReviewGrade::Hard => W[15],
                ReviewGrade::Easy => W[16],
                ReviewGrade::Again | ReviewGrade::Good => 1.0,
            };
            s * (1.0 + W[8].exp() * (11.0 - d) * s.powf(-W[9]) * ((W[10] * gone).exp() - 1.0) * how)
        };
        // What was not told is not known better for it.
        let stability = if grade == ReviewGrade::Again { stability.min(s) } else { stability };
        let difficulty =
            W[7] * initial(ReviewGrade::Good) + (1.0 - W[7]) * (d - W[6] * (grade.number() - 3.0));
        Self { stability: stability.max(0.1), difficulty: difficulty.clamp(1.0, 10.0) }
    }

    /// How much of it is there after so many days, from 1 to 0.
    pub(super) fn retention(self, days: f64) -> f64 {
        (1.0 + FACTOR * days.max(0.0) / self.stability).powf(DECAY)
    }

    /// In how many whole days it is due again, at least one.
    pub(super) fn days(self) -> i64 {
        self.stability.round().clamp(1.0, LONGEST) as i64
    }
}

fn initial(grade: ReviewGrade) -> f64 {
    (W[4] - (grade.number() - 3.0) * W[5]).clamp(1.0, 10.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_intervals_are_those_of_the_source() {
        let days = [ReviewGrade::Again, ReviewGrade::Hard, ReviewGrade::Good, ReviewGrade::Easy]
            .map(|grade| SkillMemory::first(grade).days());
        assert_eq!(days, [1, 1, 4, 14]);
    }

    #[test]
    fn nine_of_ten_are_left_when_it_is_due() {
        let memory = SkillMemory::first(ReviewGrade::Good);
        assert!((memory.retention(W[2]) - 0.9).abs() < 1e-9);
        assert!((memory.retention(0.0) - 1.0).abs() < 1e-9);
    }

    #[test]
    fn what_is_told_well_rests_longer_each_time_and_what_is_not_comes_back() {
        let mut memory = SkillMemory::first(ReviewGrade::Good);
        let mut days = vec![memory.days()];
        for _ in 0..3 {
            memory = memory.then(memory.days() as f64, ReviewGrade::Good);
            days.push(memory.days());
        }
        assert!(days.windows(2).all(|two| two[0] < two[1]), "{days:?}");
        assert!(memory.then(memory.days() as f64, ReviewGrade::Again).days() < days[1]);
    }
}
