//! What is being said just now. It is shown in the strip only; the transcript has what counts.

/// The most segments of an answer that are shown; earlier ones go first.
const MOST: usize = 12;

/// Captions of both.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Captions {
    /// The interviewer's line so far.
    pub line: String,
    /// The candidate's words: segment, text, and whether they will not change any more.
    said: Vec<(String, String, bool)>,
    /// The segments that the transcript has: late readings of them are not shown again.
    taken: Vec<String>,
}

impl Captions {
    /// The interviewer says this.
    pub(crate) fn heard(&mut self, text: String) {
        self.line = text;
    }

    /// The candidate says this; it takes the place of what was read for the segment before.
    pub(crate) fn said(&mut self, segment: String, text: String, done: bool) {
        if self.taken.contains(&segment) {
            return;
        }
        match self.said.iter_mut().find(|(known, ..)| *known == segment) {
            Some(known) => (known.1, known.2) = (text, done),
            None => self.said.push((segment, text, done)),
        }
        if self.said.len() > MOST {
            self.said.remove(0);
        }
    }

    /// The transcript has what the candidate said.
    pub(crate) fn mark_transcribed(&mut self) {
        self.taken = self.said.drain(..).map(|(segment, ..)| segment).collect();
    }

    /// Nothing is being said.
    pub(crate) fn clear(&mut self) {
        *self = Self::default();
    }

    /// The candidate's words that stay, and those that may still change.
    pub(crate) fn words(&self) -> (String, String) {
        let of = |done: bool| {
            let texts = self.said.iter().filter(|(_, text, is)| *is == done && !text.trim().is_empty());
            texts.map(|(_, text, _)| text.trim()).collect::<Vec<_>>().join(" ")
        };
        (of(true), of(false))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn say(c: &mut Captions, segment: &str, text: &str, done: bool) {
        c.said(segment.to_owned(), text.to_owned(), done);
    }

    #[test]
    fn a_reading_takes_the_place_of_the_one_before() {
        let mut c = Captions::default();
        say(&mut c, "a", "We had four", false);
        say(&mut c, "a", "We had four million rows.", true);
        say(&mut c, "b", "They did not", false);
        assert_eq!(c.words(), ("We had four million rows.".to_owned(), "They did not".to_owned()));
    }

    #[test]
    fn what_the_transcript_has_is_not_shown_again() {
        let mut c = Captions::default();
        say(&mut c, "a", "Yes", false);
        c.mark_transcribed();
        assert_eq!(c.words(), (String::new(), String::new()));
        say(&mut c, "a", "Yes.", true);
        assert_eq!(c.words(), (String::new(), String::new()), "a late reading of what was taken");
        say(&mut c, "b", "And then", false);
        assert_eq!(c.words().1, "And then");
    }

    #[test]
    fn a_long_answer_stays_bounded() {
        let mut c = Captions::default();
        for n in 0..40 {
            say(&mut c, &n.to_string(), &n.to_string(), true);
        }
        assert_eq!(c.words().0, "28 29 30 31 32 33 34 35 36 37 38 39");
    }
}
