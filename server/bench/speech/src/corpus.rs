//! What is said: readings, answers of candidates, sentences of interviewers.

/// The opening of "A Tale of Two Cities", as it is read in the recording that comes with the models.
pub(crate) const TWO_CITIES: &str = "It was the best of times, it was the worst of times, it was the age of wisdom, it \
    was the age of foolishness, it was the epoch of belief, it was the epoch of incredulity, it was the season of \
    light, it was the season of darkness, it was the spring of hope, it was the winter of despair. We had everything \
    before us, we had nothing before us, we were all going direct to heaven, we were all going direct the other way. \
    In short, the period was so far like the present period, that some of its noisiest authorities insisted on its \
    being received, for good or for evil, in the superlative degree of comparison only.";

/// The words of "Worstward Ho" that the other recording holds.
pub(crate) const BECKETT: &str = "Ever tried. Ever failed. No matter. Try again. Fail again. Fail better.";

/// What a candidate answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CorpusAnswer {
    /// Its sentences.
    pub(crate) sentences: Vec<String>,
    /// The terms in it, as often as they are said.
    pub(crate) terms: Vec<String>,
}

impl CorpusAnswer {
    /// All of it.
    pub(crate) fn text(&self) -> String {
        self.sentences.join(" ")
    }
}

/// The answers of `data/answers.txt`.
pub(crate) fn answers() -> Vec<CorpusAnswer> {
    let text = include_str!("../data/answers.txt");
    let of_lines = |lines: &str| {
        let lines: Vec<&str> = lines.lines().filter(|line| !line.starts_with('#')).collect();
        let terms = lines.iter().flat_map(|line| {
            line.split('[').skip(1).filter_map(|rest| Some(rest.split_once(']')?.0.to_owned()))
        });
        CorpusAnswer {
            terms: terms.collect(),
            sentences: lines.iter().map(|line| line.replace(['[', ']'], "")).collect(),
        }
    };
    text.split("\n\n").map(of_lines).filter(|answer| !answer.sentences.is_empty()).collect()
}

/// The two hundred sentences that the speech crate's tests say too.
pub(crate) fn sentences() -> Vec<&'static str> {
    include_str!("../../../speech/tests/data/interview_sentences.txt").lines().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_data_is_as_it_is_said_to_be() {
        let answers = answers();
        assert_eq!((answers.len(), sentences().len()), (16, 200));
        assert!(answers.iter().all(|answer| answer.sentences.len() == 4), "{answers:?}");
        assert_eq!(answers[0].terms, ["Python", "Rust"]);
        assert_eq!(
            answers[0].sentences[2],
            "We wrote nearly everything in Python, and the hot parts in Rust."
        );
        assert_eq!(answers.iter().map(|answer| answer.terms.len()).sum::<usize>(), 24);
    }
}
