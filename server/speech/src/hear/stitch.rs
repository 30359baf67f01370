//! Where a new reading meets the words that are known already. Both hold the words of the same audio in part, and
//! either may have misheard some, so that the place is found by the cheapest way to turn one into the other.

/// What it is worth that a word is the same in both, or written as two in one of them; what it costs that a word is in one of them only, that two words
/// differ, and that two similar words differ. That a word was misheard is likelier than that one was lost next to one
/// that is said twice.
const SAME: f32 = -1.0;
const JOINED: f32 = -0.8;
const ONE_ONLY: f32 = 1.9;
/// That the new reading begins with a word that nobody heard before is less likely than that it misheard one.
const FIRST_ONLY: f32 = 2.0;
const DIFFERENT: f32 = 1.0;
const SIMILAR: f32 = 0.5;
/// What it costs that the place is one word from where it was expected; two words are four times as bad, and so on.
const ELSEWHERE: f32 = 0.15;

/// Where they meet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct WordAlignment {
    /// The known word that the new reading begins with; as many as there are, if it begins after them.
    pub(super) start: usize,
    /// Words that are the same in both: the known one's place and the new one's.
    pub(super) same: Vec<(usize, usize)>,
}

/// What of a word counts when words are compared.
pub(super) fn key(word: &str) -> String {
    word.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Finds where `new`, which goes on after all of `known`, begins in it; `expected` is where its times say.
pub(super) fn align_words(known: &[String], new: &[String], expected: usize) -> WordAlignment {
    let (rows, columns) = (known.len() + 1, new.len() + 1);
    // The least cost of having used up so many known and new words, and the step that led there.
    let mut cost = vec![f32::INFINITY; rows * columns];
    let mut step = vec![AlignmentStep::Start; rows * columns];
    let at = |row: usize, column: usize| row * columns + column;
    for row in 0..rows {
        cost[at(row, 0)] = (row.abs_diff(expected) as f32).powi(2) * ELSEWHERE;
        for column in 0..columns {
            let here = cost[at(row, column)];
            let mut offer = |to: usize, price: f32, how: AlignmentStep| {
                if here + price < cost[to] {
                    cost[to] = here + price;
                    step[to] = how;
                }
            };
            if row + 1 < rows && column + 1 < columns {
                offer(at(row + 1, column + 1), difference(&known[row], &new[column]), AlignmentStep::Both);
            }
            // One word here is two words there.
            if row + 2 < rows && column + 1 < columns && joined(&known[row..row + 2], &new[column]) {
                offer(at(row + 2, column + 1), JOINED, AlignmentStep::Joined);
            }
            if row + 1 < rows && column + 2 < columns && joined(&new[column..column + 2], &known[row]) {
                offer(at(row + 1, column + 2), JOINED, AlignmentStep::Split);
            }
            // Known words before the first new one are simply before it.
            if row + 1 < rows && column > 0 {
                offer(at(row + 1, column), ONE_ONLY, AlignmentStep::Known);
            }
            if column + 1 < columns && row + 1 < rows {
                let price = if column == 0 { FIRST_ONLY } else { ONE_ONLY };
                offer(at(row, column + 1), price, AlignmentStep::New);
            }
        }
    }
    // All known words are used up; the new ones that remain come after them. Known words that go on after the new
    // reading's last word count as lost.
    let end = (0..columns)
        .min_by(|one, other| cost[at(rows - 1, *one)].total_cmp(&cost[at(rows - 1, *other)]))
        .unwrap_or(0);
    let (mut row, mut column, mut same) = (rows - 1, end, Vec::new());
    while column > 0 {
        match step[at(row, column)] {
            AlignmentStep::Both => {
                (row, column) = (row - 1, column - 1);
                if known[row] == new[column] {
                    same.push((row, column));
                }
            }
            AlignmentStep::Joined => (row, column) = (row - 2, column - 1),
            AlignmentStep::Split => (row, column) = (row - 1, column - 2),
            AlignmentStep::Known => row -= 1,
            AlignmentStep::New => column -= 1,
            AlignmentStep::Start => break,
        }
    }
    same.reverse();
    WordAlignment { start: row, same }
}

#[derive(Debug, Clone, Copy)]
enum AlignmentStep {
    Start,
    Both,
    Joined,
    Split,
    Known,
    New,
}

/// Whether two words are one word written apart.
fn joined(two: &[String], one: &str) -> bool {
    one.strip_prefix(two[0].as_str()) == Some(two[1].as_str())
}

fn difference(one: &str, other: &str) -> f32 {
    if one == other {
        return SAME;
    }
    let common = one.chars().zip(other.chars()).take_while(|(one, other)| one == other).count();
    let longest = one.chars().count().max(other.chars().count());
    if common * 2 >= longest { SIMILAR } else { DIFFERENT }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meet(known: &str, new: &str, expected: usize) -> (usize, usize) {
        let keys = |text: &str| text.split_whitespace().map(key).collect::<Vec<_>>();
        let meeting = align_words(&keys(known), &keys(new), expected);
        (meeting.start, meeting.same.len())
    }

    #[test]
    fn the_place_is_found_in_spite_of_errors() {
        let known = "it was the age of wisdom it was the age of foolishness";
        assert_eq!(meet(known, "it was the age of foolishness it was the epoch", 6), (6, 6));
        // The times were wrong by two words.
        assert_eq!(meet(known, "it was the age of foolishness it was the epoch", 4), (6, 6));
        assert_eq!(meet(known, "it was the age of foolishness it was the epoch", 8), (6, 6));
        // Both misheard something.
        assert_eq!(meet(known, "is was the edge of foolishness it was", 6), (6, 4));
        assert_eq!(meet("we went to the every thing store", "everything store and", 4), (4, 1));
        assert_eq!(meet("we went to the everything store", "every thing store and", 4), (4, 1));
        // The last known word was cut in two.
        assert_eq!(meet("no matter tro", "no matter try again", 0), (0, 2));
        assert_eq!(meet("no matter tro", "matter try again", 1), (1, 1));
    }

    #[test]
    fn what_begins_after_all_is_added_after_all() {
        assert_eq!(meet("one two three", "four five", 3), (3, 0));
        assert_eq!(meet("", "four five", 0), (0, 0));
        assert_eq!(meet("one two", "", 2), (2, 0));
        assert_eq!(meet("one two", "", 0), (2, 0));
        // However much it sounds like what was said before.
        assert_eq!(meet("it was the age of wisdom", "it was the age of foolishness", 6), (6, 0));
    }

    #[test]
    fn repeated_words_are_placed_by_time() {
        assert_eq!(meet("very very very", "very very good", 1), (1, 2));
        assert_eq!(meet("very very very", "very good", 2), (2, 1));
    }
}
