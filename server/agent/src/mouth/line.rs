//! A line being said: its sound so far, its words, and how much of it has been heard. Pure.

use speech::ports::{SpeechChunk, TimedWord};

/// A word of a line, with its place in the line's sound.
#[derive(Clone, Debug, PartialEq)]
struct PlacedWord {
    text: String,
    /// Samples from the start of the line.
    start: usize,
    end: usize,
    /// How many bytes of the line's text are said once it has been said.
    said: usize,
}

/// The sound of a line as it is made, and what is known of its words.
#[derive(Clone, Debug)]
pub struct LineAudio {
    text: String,
    rate: u32,
    pcm: Vec<i16>,
    words: Vec<PlacedWord>,
    complete: bool,
}

impl LineAudio {
    /// A line with these words, of which nothing sounds yet. `rate`: samples a second.
    pub fn new(text: &str, rate: u32) -> Self {
        Self { text: text.to_owned(), rate, pcm: Vec::new(), words: Vec::new(), complete: false }
    }

    /// Its words.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// More of it.
    pub fn add(&mut self, spoken: SpeechChunk) {
        let rate = u64::from(self.rate);
        let at = |ms: u32| usize::try_from(u64::from(ms) * rate / 1000).unwrap_or(usize::MAX);
        let said = spoken.said.iter().copied().chain(std::iter::repeat(0));
        for (TimedWord { text, start_ms, end_ms }, said) in spoken.words.into_iter().zip(said) {
            let said = floor(&self.text, said);
            self.words.push(PlacedWord { text, start: at(start_ms), end: at(end_ms), said });
        }
        self.pcm.extend_from_slice(&spoken.pcm);
    }

    /// There is no more.
    pub fn complete(&mut self) {
        self.complete = true;
    }

    /// Whether there is no more to come.
    pub fn is_complete(&self) -> bool {
        self.complete
    }

    /// Samples so far.
    pub fn len(&self) -> usize {
        self.pcm.len()
    }

    /// The sound from a place on.
    pub fn from(&self, at: usize) -> &[i16] {
        self.pcm.get(at..).unwrap_or_default()
    }

    /// How much of the text (in bytes) has been said at a place: up to the last word that is over.
    pub fn said(&self, at: usize) -> usize {
        if self.complete && at >= self.pcm.len() {
            return self.text.len();
        }
        self.words.iter().take_while(|word| word.end <= at).map(|word| word.said).max().unwrap_or(0)
    }

    /// How much of the text (in bytes) has begun to be said at a place: for captions.
    pub fn begun(&self, at: usize) -> usize {
        if self.complete && at >= self.pcm.len() {
            return self.text.len();
        }
        self.words.iter().take_while(|word| word.start <= at).map(|word| word.said).max().unwrap_or(0)
    }

    /// The words begun in the stretch before a place, `back` samples long: what an echo of it may hold.
    pub fn recent(&self, at: usize, back: usize) -> String {
        let from = at.saturating_sub(back);
        let recent = self.words.iter().filter(|word| word.end >= from && word.start <= at);
        recent.map(|word| word.text.as_str()).collect::<Vec<_>>().join(" ")
    }

    /// Where to go on after stopping at a place: at the start of the word that was cut off.
    pub fn resume_at(&self, at: usize) -> usize {
        self.words
            .iter()
            .rfind(|word| word.start <= at)
            .map_or(0, |word| if word.end <= at { at } else { word.start })
    }
}

/// The largest boundary of a character that is not after this byte.
fn floor(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}

/// Samples at a level, which is reached from another within the first of them, so that nothing clicks.
pub fn at_level(pcm: &[i16], from: f32, to: f32, ramp: usize) -> Vec<i16> {
    let level = |at: usize| if at < ramp { from + (to - from) * at as f32 / ramp as f32 } else { to };
    pcm.iter().enumerate().map(|(at, sample)| (f32::from(*sample) * level(at)) as i16).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line() -> LineAudio {
        let mut line = LineAudio::new("Good day, Zoë. Why?", 1000);
        let word = |text: &str, start_ms, end_ms| TimedWord { text: text.to_owned(), start_ms, end_ms };
        line.add(SpeechChunk {
            pcm: vec![100; 900],
            words: vec![word("Good", 0, 200), word("day,", 200, 400), word("Zoë.", 500, 800)],
            said: vec![4, 9, 15],
        });
        line.add(SpeechChunk { pcm: vec![100; 400], words: vec![word("Why?", 1000, 1250)], said: vec![20] });
        line
    }

    #[test]
    fn what_was_heard_ends_with_a_whole_word() {
        let mut line = line();
        let heard = |line: &LineAudio, at| line.text()[..line.said(at)].to_owned();
        assert_eq!(heard(&line, 0), "");
        assert_eq!(heard(&line, 399), "Good");
        assert_eq!(heard(&line, 400), "Good day,");
        assert_eq!(heard(&line, 900), "Good day, Zoë.");
        assert_eq!(heard(&line, 5000), "Good day, Zoë. Why?");
        assert_eq!(&line.text()[..line.begun(450)], "Good day,");
        assert_eq!(line.begun(500), 15);
        line.complete();
        assert_eq!(line.said(1300), line.text().len());
    }

    #[test]
    fn it_goes_on_at_the_word_that_was_cut_off() {
        let line = line();
        assert_eq!([0, 250, 450, 600, 900, 1100].map(|at| line.resume_at(at)), [0, 200, 450, 500, 900, 1000]);
        assert_eq!(line.recent(600, 300), "day, Zoë.");
    }

    #[test]
    fn a_level_is_reached_without_a_jump() {
        assert_eq!(at_level(&[100; 6], 1.0, 0.5, 4), [100, 87, 75, 62, 50, 50]);
        assert_eq!(at_level(&[100; 2], 0.0, 1.0, 0), [100, 100]);
    }
}
