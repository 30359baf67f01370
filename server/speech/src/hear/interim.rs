//! The words of one utterance as they are known so far. Every new reading of a part of it goes in where it belongs.

use super::stitch::{align_words, key};
use super::times::PositionedWord;

/// How many words further back than its times say a reading may begin.
const REACH: usize = 8;

/// How a reading is to be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum InterimMergeMode {
    /// Of a window long enough to be right: it replaces all that was known from its start on.
    Whole,
    /// Of a short piece, to have the newest words: what is known stays, as far as they agree.
    Draft,
}

/// See the module's description.
#[derive(Debug)]
pub(super) struct InterimWords {
    words: Vec<PositionedWord>,
    /// Positions in the audio of which it is known exactly how many words come before them, in order.
    marks: Vec<(u64, usize)>,
    /// How many words will not change any more.
    settled: usize,
}

impl InterimWords {
    /// Of an utterance that starts at this position.
    pub(super) fn new(start: u64) -> Self {
        Self { words: Vec::new(), marks: vec![(start, 0)], settled: 0 }
    }

    pub(super) fn words(&self) -> &[PositionedWord] {
        &self.words
    }

    pub(super) fn settled(&self) -> usize {
        self.settled
    }

    /// All words known so far come before this position.
    pub(super) fn mark(&mut self, at: u64) {
        self.marks.retain(|(other, words)| *other < at && *words <= self.words.len());
        self.marks.push((at, self.words.len()));
    }

    /// Takes a reading of a window that starts at `from`; `clean` says that no word is cut in two there. What is
    /// before it is settled, if it is [`InterimMergeMode::Whole`]: no later one may start before it.
    pub(super) fn take(
        &mut self,
        from: u64,
        clean: bool,
        weight: InterimMergeMode,
        reading: Vec<PositionedWord>,
    ) {
        let (keep, skip, start) = self.place(from, clean, weight, &reading);
        let known = self.words.len() - self.before(from);
        // It lost most of what is known already. Nothing at all is believed of a whole window: there was no voice.
        let lost = match weight {
            InterimMergeMode::Draft => known >= 6.max(2 * reading.len()),
            InterimMergeMode::Whole => known >= 6.max(3 * reading.len()) && !reading.is_empty(),
        };
        if lost {
            return;
        }
        // How a word is written at the start of a window tells nothing: each starts like a sentence.
        let first = self.words.get(keep).map(|said| said.text.clone());
        self.words.truncate(keep);
        self.marks.retain(|(at, words)| *at <= from || *words <= keep);
        let mut earliest = self.words.last().map_or(0, |said| said.end);
        for (at, mut said) in reading.into_iter().enumerate().skip(skip) {
            if at == 0
                && let Some(first) = first.as_ref().filter(|first| keep > 0 && key(first) == key(&said.text))
            {
                let letters =
                    |text: &str| text.trim_end_matches(|letter: char| !letter.is_alphanumeric()).len();
                said.text = first[..letters(first)].to_owned() + &said.text[letters(&said.text)..];
            }
            said.start = said.start.max(earliest);
            said.end = said.end.max(said.start);
            earliest = said.end;
            self.words.push(said);
        }
        if weight == InterimMergeMode::Whole {
            // A window that starts within a word leaves the words at its edge to whoever comes next.
            self.settled = self.settled.max(start.min(keep));
            if clean && keep == start && !self.marks.iter().any(|(at, _)| *at == from) {
                self.marks.push((from, start));
                self.marks.sort_unstable();
            }
        }
    }

    /// What a window that starts at this position probably says: each begins like a sentence.
    pub(super) fn guess(&self, from: u64) -> String {
        let marked = self.marks.iter().find(|(at, _)| *at == from).map(|(_, words)| *words);
        let words = self.words.get(marked.unwrap_or_else(|| self.before(from))..).unwrap_or_default();
        let said = words.iter().map(|said| said.text.as_str()).collect::<Vec<_>>().join(" ");
        let mut letters = said.chars();
        letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
    }

    /// How many words come before a position, as far as their times tell.
    fn before(&self, from: u64) -> usize {
        self.words.partition_point(|said| (said.start + said.end) / 2 < from)
    }

    /// How many known words stay, how many words of the reading are left out, and with which known word the reading
    /// begins.
    fn place(
        &self,
        from: u64,
        clean: bool,
        weight: InterimMergeMode,
        reading: &[PositionedWord],
    ) -> (usize, usize, usize) {
        if let Some((_, words)) = self.marks.iter().find(|(at, _)| *at == from) {
            return (*words, 0, *words);
        }
        let expected = self.before(from);
        let low = expected.saturating_sub(REACH).max(self.settled).min(expected);
        let keys = |words: &[PositionedWord]| words.iter().map(|said| key(&said.text)).collect::<Vec<_>>();
        let meeting = align_words(&keys(&self.words[low..]), &keys(reading), expected - low);
        let start = low + meeting.start;
        let joint = match weight {
            InterimMergeMode::Whole if clean => None,
            // Its first word may be half a word.
            InterimMergeMode::Whole => meeting.same.first(),
            // The last known word may be half a word.
            InterimMergeMode::Draft => meeting.same.last(),
        };
        joint.map_or((start, 0, start), |(known, new)| (low + known, *new, start))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Words of 100 samples each, from a position on.
    fn said(from: u64, text: &str) -> Vec<PositionedWord> {
        let words = text.split_whitespace().zip(0..);
        words
            .map(|(word, at)| PositionedWord {
                text: word.into(),
                start: from + at * 100,
                end: from + at * 100 + 90,
            })
            .collect()
    }

    fn text(line: &InterimWords) -> String {
        line.words().iter().map(|said| said.text.as_str()).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn a_reading_from_a_mark_replaces_exactly_what_comes_after_it() {
        let mut line = InterimWords::new(0);
        line.take(0, true, InterimMergeMode::Whole, said(0, "no no no"));
        line.mark(300);
        line.take(300, true, InterimMergeMode::Draft, said(300, "no no"));
        assert_eq!(text(&line), "no no no no no");
        line.take(300, true, InterimMergeMode::Draft, said(300, "No way"));
        assert_eq!(text(&line), "no no no no way");
        line.take(0, true, InterimMergeMode::Whole, said(0, "No no no, no way out"));
        assert_eq!((text(&line).as_str(), line.settled()), ("No no no, no way out", 0));
    }

    #[test]
    fn a_window_probably_says_what_is_known_from_its_start_on() {
        let mut line = InterimWords::new(0);
        assert_eq!(line.guess(0), "");
        line.take(0, true, InterimMergeMode::Whole, said(0, "We had a plan, and the plan was good."));
        line.mark(900);
        line.take(900, true, InterimMergeMode::Draft, said(900, "It worked."));
        assert_eq!(line.guess(0), "We had a plan, and the plan was good. It worked.");
        assert_eq!(line.guess(400), "And the plan was good. It worked.");
        assert_eq!((line.guess(900).as_str(), line.guess(5_000).as_str()), ("It worked.", ""));
    }

    #[test]
    fn a_long_window_further_on_settles_what_is_before_it() {
        let mut line = InterimWords::new(0);
        line.take(0, true, InterimMergeMode::Whole, said(0, "we had a plan, and the plan was good"));
        line.take(400, true, InterimMergeMode::Whole, said(400, "And the plan was very good indeed"));
        assert_eq!(text(&line), "we had a plan, and the plan was very good indeed");
        assert_eq!(line.settled(), 4);
        // From there again: exactly there, whatever it hears.
        line.take(400, true, InterimMergeMode::Whole, said(400, "but the plan was bad"));
        assert_eq!((text(&line).as_str(), line.settled()), ("we had a plan, but the plan was bad", 4));
    }

    #[test]
    fn halves_of_words_at_the_edges_do_not_stay() {
        let mut line = InterimWords::new(0);
        line.take(0, true, InterimMergeMode::Whole, said(0, "it was the worst of ti"));
        line.take(250, false, InterimMergeMode::Draft, said(250, "e worst of times it was"));
        assert_eq!(text(&line), "it was the worst of times it was");
        line.take(150, false, InterimMergeMode::Whole, said(150, "s the worst of times it was the age"));
        assert_eq!(text(&line), "it was the worst of times it was the age");
    }

    #[test]
    fn a_reading_that_loses_most_is_not_believed_and_times_stay_in_order() {
        let mut line = InterimWords::new(0);
        line.take(0, true, InterimMergeMode::Whole, said(0, "one two three four five six seven eight"));
        line.take(10, true, InterimMergeMode::Draft, said(0, "you"));
        assert_eq!(text(&line), "one two three four five six seven eight");
        line.take(0, true, InterimMergeMode::Whole, said(0, "thank you"));
        assert_eq!(text(&line), "one two three four five six seven eight");
        line.take(400, true, InterimMergeMode::Draft, said(300, "eight nine"));
        assert!(line.words().windows(2).all(|pair| pair[0].end <= pair[1].start));
        line.take(0, true, InterimMergeMode::Whole, Vec::new());
        assert_eq!(text(&line), "");
    }
}
