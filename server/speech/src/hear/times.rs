//! When each word of a window was said, as well as can be guessed from how long it is to write: every letter takes
//! the same share of the frames that are loud enough to be voiced, and pauses fall between words. A word next to a
//! pause may be put on its other side.

use super::levels::{FRAME, pauses, threshold};

/// A word, and the positions (samples from the start of the stream) between which it was said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PositionedWord {
    pub(super) text: String,
    pub(super) start: u64,
    pub(super) end: u64,
}

/// A pause is put between two words if it is guessed to be at most so far from there, in voiced frames.
const NEAR: f64 = 35.0;
/// What ends a sentence or a part of one is likelier to be followed by a pause: it may be so much further away.
const AT_A_STOP: f64 = 1.7;

/// Spreads the words of a text over a window that starts at a position and has these levels.
pub(super) fn spread(text: &str, start: u64, levels: &[f32]) -> Vec<PositionedWord> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let least = threshold(levels);
    let mut voiced: Vec<usize> = (0..levels.len()).filter(|at| levels[*at] >= least).collect();
    if voiced.is_empty() {
        voiced = (0..levels.len().max(1)).collect();
    }
    let letters = letters(&words);
    let anchors = anchors(&words, &letters, levels, least, &voiced);
    // The position of the sample after so many letters: just after the one before it, or just before the next.
    let place = |share: f64, after: bool| {
        let next = anchors.partition_point(|(letters, _)| *letters <= share).clamp(1, anchors.len() - 1);
        let ((from, first), (to, last)) = (anchors[next - 1], anchors[next]);
        let exact = first + (share - from) / (to - from).max(1.0) * (last - first);
        let frame = if after { exact.floor() } else { exact.ceil() - 1.0 };
        let frame = (frame.max(0.0) as usize).min(voiced.len() - 1);
        let within = ((exact - frame as f64).clamp(0.0, 1.0) * FRAME as f64) as u64;
        start + (voiced[frame] * FRAME) as u64 + within
    };
    words
        .into_iter()
        .zip(letters.windows(2))
        .map(|(word, letters)| {
            let start = place(letters[0], true);
            PositionedWord { text: word.to_owned(), start, end: place(letters[1], false).max(start) }
        })
        .collect()
}

/// How many letters come before each word, and in all. A word takes as long as two more than it has.
fn letters(words: &[&str]) -> Vec<f64> {
    let mut letters = vec![0.0];
    for word in words {
        let own = word.chars().filter(|letter| letter.is_alphanumeric()).count() + 2;
        letters.push(letters[letters.len() - 1] + own as f64);
    }
    letters
}

/// Pairs of letters and of voiced frames that belong together: the start, the pauses that are near a place between
/// two words, and the end.
fn anchors(words: &[&str], letters: &[f64], levels: &[f32], least: f32, voiced: &[usize]) -> Vec<(f64, f64)> {
    let end = (letters[words.len()], voiced.len() as f64);
    let (mut anchors, mut used) = (vec![(0.0, 0.0)], 0);
    for pause in pauses(levels, least, 10) {
        let here = voiced.partition_point(|frame| *frame < pause.start) as f64;
        let (from, first) = anchors[anchors.len() - 1];
        let distance = |at: usize| {
            let guess = first + (letters[at] - from) / (end.0 - from).max(1.0) * (end.1 - first);
            let stop = words[at - 1].ends_with(|last: char| !last.is_alphanumeric());
            (guess - here).abs() / if stop { AT_A_STOP } else { 1.0 }
        };
        let nearest =
            (used + 1..words.len()).min_by(|one, other| distance(*one).total_cmp(&distance(*other)));
        if let Some(at) = nearest.filter(|at| distance(*at) <= NEAR && here > first && here < end.1) {
            anchors.push((letters[at], here));
            used = at;
        }
    }
    anchors.push(end);
    anchors
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_lie_in_the_voiced_frames_in_proportion() {
        // 200 ms of silence, 400 ms of voice, 300 ms of silence, 400 ms of voice.
        let levels = [vec![-80.0; 10], vec![-20.0; 20], vec![-80.0; 15], vec![-20.0; 20]].concat();
        let said = spread("one two six ten", 1000, &levels);
        let at = |frame: u64| 1000 + frame * FRAME as u64;
        let times: Vec<_> = said.iter().map(|said| (said.start, said.end)).collect();
        assert_eq!(times, [(at(10), at(20)), (at(20), at(30)), (at(45), at(55)), (at(55), at(65))]);
    }

    #[test]
    fn a_pause_falls_between_words() {
        // The first two words are said more slowly than the others.
        let levels = [vec![-20.0; 24], vec![-80.0; 15], vec![-20.0; 16]].concat();
        let said = spread("one two six ten", 0, &levels);
        let times: Vec<_> = said.iter().map(|said| (said.start / 320, said.end / 320)).collect();
        assert_eq!(times, [(0, 12), (12, 24), (39, 47), (47, 55)]);
    }

    #[test]
    fn times_are_in_order_even_where_nothing_is_voiced() {
        for levels in [vec![], vec![-90.0; 40], vec![f32::NEG_INFINITY; 3]] {
            let said = spread("a rather long text of many words", 0, &levels);
            assert_eq!(said.len(), 7);
            assert!(said.iter().all(|said| said.start <= said.end));
            assert!(said.windows(2).all(|pair| pair[0].start <= pair[1].start && pair[0].end <= pair[1].end));
        }
        assert!(spread("  ", 0, &[-20.0; 5]).is_empty());
    }
}
