//! What was told: the answers to each question, with those to the questions that followed it, sentence by sentence.

use std::collections::BTreeMap;
use std::ops::Range;

use interview::heard::{AnswerAnalysis, AnswerKind, Feeling};
use interview::listen::{self, AnswerContext};
use interview::reading::{AnswerReading, Ask, HardEventOwner, Likely, Part, Probe, Situation};
use interview::{LinePurpose, Message, Speaker, StageKind, bank};

use crate::sentence::AnswerSentence;
use crate::{Harm, Performance, quote};

/// A question of its own, and everything said to it and to what followed it.
pub(crate) struct QuestionThread<'a> {
    pub(crate) question: &'a Message,
    /// The sort of stage it was asked in.
    pub(crate) kind: StageKind,
    /// The topic of the question; empty if it has none.
    pub(crate) topic: &'a str,
    /// What of the candidate's papers the question names, in their words; then it says little of the topic.
    pub(crate) named: Option<String>,
    /// They told of something that weighs on them, or would not speak of it: nothing is asked of how it was told.
    pub(crate) weighs: bool,
    pub(crate) runs: Vec<LineResponse<'a>>,
}

/// What was said to one line of the interviewer's.
pub(crate) struct LineResponse<'a> {
    /// What the line asked for, where it followed what was told.
    pub(crate) asked: Option<Ask>,
    /// The answer; in more than one message if it was taken up again before the next line.
    pub(crate) messages: Vec<&'a Message>,
    pub(crate) heard: AnswerAnalysis,
    /// What a model understood of it, if one read it.
    pub(crate) reading: Option<&'a AnswerReading>,
    pub(crate) sentences: Vec<AnswerSentence<'a>>,
}

/// Fewer words than these make no story that could lack something.
pub(crate) const STORY: usize = 12;
/// From here on something hard is told, in thousandths.
const HARD: u16 = 600;

impl LineResponse<'_> {
    /// True if it is an answer or an attempt at one, not a wish or a refusal.
    pub(crate) fn is_answer_attempt(&self) -> bool {
        matches!(self.heard.kind, AnswerKind::Answer | AnswerKind::Short | AnswerKind::Vague)
    }

    /// True if it tells of something hard that is theirs, or says that they would rather not tell.
    fn is_sensitive(&self) -> bool {
        let hard = |reading: &AnswerReading| {
            let likely =
                |known: &Likely<Situation>| known.what == Situation::HardEvent && known.likely >= HARD;
            reading.whose == Some(HardEventOwner::Own) && reading.situations.iter().any(likely)
        };
        let declines = |message: &&Message| listen::declines(&message.text);
        self.reading.is_some_and(hard)
            || self.heard.kind == AnswerKind::AsksSkip
            || self.heard.feeling == Some(Feeling::Painful)
            || self.messages.iter().any(declines)
    }
}

impl<'a> QuestionThread<'a> {
    /// What was told in answers.
    pub(crate) fn answers(&self) -> impl Iterator<Item = &LineResponse<'a>> {
        self.runs.iter().filter(|run| run.is_answer_attempt())
    }

    pub(crate) fn sentences(&self) -> impl Iterator<Item = &AnswerSentence<'a>> {
        self.answers().flat_map(|run| &run.sentences)
    }

    /// How many words the answers have.
    pub(crate) fn words(&self) -> usize {
        self.answers().map(|run| run.heard.words as usize).sum()
    }

    /// What the system did to the answers, each once.
    pub(crate) fn harms(&self, harms: &BTreeMap<u32, Vec<Harm>>) -> Vec<Harm> {
        let messages = self.runs.iter().flat_map(|run| &run.messages);
        let mut found: Vec<Harm> = messages.filter_map(|m| harms.get(&m.seq)).flatten().copied().collect();
        found.sort_unstable();
        found.dedup();
        found
    }

    /// How likely the answers hold this part, in thousandths; `None` where no model read them.
    pub(crate) fn part_likelihood(&self, part: Part) -> Option<u16> {
        self.answers().filter_map(|run| run.reading).map(|reading| reading.likely(part)).max()
    }

    /// The last sentence told, also one of an answer that says they do not know.
    pub(crate) fn last(&self) -> Option<&AnswerSentence<'a>> {
        let told =
            self.runs.iter().filter(|run| run.is_answer_attempt() || run.heard.kind == AnswerKind::DontKnow);
        told.flat_map(|run| &run.sentences).last()
    }
}

/// True for a line that asks something of its own, not about what was told.
pub fn is_standalone_question(line: &Message) -> bool {
    let purpose = line.why.as_ref().map(|why| why.purpose);
    matches!(purpose, Some(LinePurpose::Opening | LinePurpose::Question | LinePurpose::Transition))
}

/// True for a line after which something else is told: a question of its own, or the end.
pub(crate) fn ends_question_thread(line: &Message) -> bool {
    is_standalone_question(line) || line.why.as_ref().is_some_and(|why| why.purpose == LinePurpose::Closing)
}

/// What was told to the first line, with what followed it.
pub(crate) fn first_question_thread<'a>(of: &Performance<'a>) -> Option<QuestionThread<'a>> {
    of.messages.first().filter(|line| line.speaker == Speaker::Interviewer)?;
    split_question_threads(of, |_, last| last.is_none()).into_iter().next()
}

/// Everything told, by question, in order.
pub(crate) fn question_threads<'a>(of: &Performance<'a>) -> Vec<QuestionThread<'a>> {
    split_question_threads(of, |line, last| {
        is_standalone_question(line) || last.is_some_and(|told| asks_for_another(line, told))
    })
}

/// True for a line after which another story is told: who is asked for an occasion after having told of one tells of another.
fn asks_for_another(line: &Message, last: &QuestionThread<'_>) -> bool {
    let purpose = line.why.as_ref().map(|why| why.purpose);
    matches!(purpose, Some(LinePurpose::Concrete | LinePurpose::Smaller))
        && line.text.ends_with('?')
        && !line.text.contains(" more")
        && last.words() >= STORY
}

/// What was told from each line on that is a question of its own, given what was told last.
fn split_question_threads<'a>(
    of: &Performance<'a>,
    is_own: impl Fn(&Message, Option<&QuestionThread<'a>>) -> bool,
) -> Vec<QuestionThread<'a>> {
    let papers = Papers::of(of);
    let mut all: Vec<QuestionThread<'a>> = Vec::new();
    let mut at = 0;
    // What is answered: a line that only nudges or waits asks for nothing else.
    let mut asking: Option<&Message> = None;
    while let Some(line) = of.messages.get(at) {
        at += 1;
        if line.speaker == Speaker::Candidate {
            continue;
        }
        // Care is shown for what was told before it, and is often the last that is said of it.
        if line.why.as_ref().is_some_and(|why| why.purpose == LinePurpose::Care) {
            all.iter_mut().last().into_iter().for_each(|told| told.weighs = true);
        }
        if is_own(line, all.last()) {
            all.push(papers.start_thread(line, of));
        } else if let Some(told) = all.last_mut()
            && line.asks_on()
        {
            // What an introduction ended with may be asked on in the next part: then it is a story like any other there.
            told.kind = of.kind_of(line);
        }
        let line = if line.asks_on() { line } else { asking.unwrap_or(line) };
        asking = Some(line);
        let messages: Vec<&Message> =
            of.messages[at..].iter().take_while(|m| m.speaker == Speaker::Candidate).collect();
        at += messages.len();
        if let (Some(told), false) = (all.last_mut(), messages.is_empty()) {
            let run = papers.build_line_response(line, messages, of);
            told.weighs |= run.is_sensitive();
            told.runs.push(run);
        }
    }
    all
}

impl Performance<'_> {
    /// The sort of stage that a line belongs to.
    fn kind_of(&self, line: &Message) -> StageKind {
        let stage = self.plan.stages.iter().find(|stage| stage.id == line.stage);
        stage.map_or(StageKind::Experience, |stage| stage.kind)
    }
}

/// What the candidate brought along.
struct Papers {
    pasted: String,
    /// The phrases of it that a question may name.
    phrases: Vec<String>,
}

impl Papers {
    fn of(of: &Performance<'_>) -> Self {
        let (cv, posting) = (&of.profile.cv, &of.profile.job_description);
        let lines = bank::wishes(posting, &of.profile.role);
        let phrases = [bank::named_in_cv(cv), bank::requirements(posting), lines].concat();
        Self { pasted: format!("{cv}\n{posting}"), phrases }
    }

    /// A question that nothing is told to yet.
    fn start_thread<'a>(&self, question: &'a Message, of: &Performance<'a>) -> QuestionThread<'a> {
        let kind = of.kind_of(question);
        let topic = question.why.as_ref().and_then(|why| why.topic.as_deref()).unwrap_or_default();
        let named = self.phrases.iter().find(|phrase| question.text.contains(phrase.as_str())).cloned();
        QuestionThread { question, kind, topic, named, weighs: false, runs: Vec::new() }
    }

    /// What was said to a line.
    fn build_line_response<'a>(
        &self,
        line: &Message,
        messages: Vec<&'a Message>,
        of: &Performance<'_>,
    ) -> LineResponse<'a> {
        let context = AnswerContext { question: &line.text, role: &of.profile.role, pasted: &self.pasted };
        let why =
            line.why.as_ref().filter(|why| matches!(why.purpose, LinePurpose::Probe | LinePurpose::Care));
        let asked = why.and_then(|why| why.probe).map(Probe::ask);
        LineResponse { asked, ..analyse_line_response(messages, context) }
    }
}

fn analyse_line_response<'a>(messages: Vec<&'a Message>, context: AnswerContext<'_>) -> LineResponse<'a> {
    let words: Vec<&str> = messages.iter().map(|message| message.text.as_str()).collect();
    let heard = listen::listen(&words.join("\n"), context);
    let mut sentences = Vec::new();
    let mut start = 0;
    for (at, message) in messages.iter().enumerate() {
        let end = start + message.text.len();
        // A reading is of all that was said so far.
        let last = messages[at..].iter().rev().find_map(|later| later.reading.as_deref());
        let read = last
            .map(|reading| sentences_from_reading(message, start..end, reading))
            .filter(|pieces| !pieces.is_empty());
        sentences.extend(read.unwrap_or_else(|| {
            let places = listen::sentences(&message.text).into_iter();
            let places = places.flat_map(|place| quote::clauses(&message.text, place));
            places.map(|place| AnswerSentence::of(message, place, None)).collect()
        }));
        start = end + 1;
    }
    // "Eleven, I think. No, wait, it was fourteen.": what is taken back was not told.
    let back: Vec<bool> = sentences.iter().skip(1).map(AnswerSentence::takes_back).chain([false]).collect();
    for (sentence, back) in sentences.iter_mut().zip(back) {
        sentence.idle |= back;
    }
    let reading = messages.iter().rev().find_map(|message| message.reading.as_deref());
    LineResponse { asked: None, messages, heard, reading, sentences }
}

/// The sentences of a reading that are in this message, which is at this place of what was read. None if the reading is
/// of other words.
fn sentences_from_reading<'a>(
    message: &'a Message,
    at: Range<usize>,
    reading: &'a AnswerReading,
) -> Vec<AnswerSentence<'a>> {
    let mut found = Vec::new();
    for sentence in &reading.sentences {
        let (from, to) = (sentence.start as usize, sentence.end as usize);
        if to <= at.start || from >= at.end || from >= to {
            continue;
        }
        let place = from.max(at.start) - at.start..to.min(at.end) - at.start;
        if message.text.get(place.clone()).is_none() {
            return Vec::new();
        }
        found.push(AnswerSentence::of(message, place, Some(sentence)));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{asked, line, said, with};

    #[test]
    fn a_story_that_is_asked_on_in_the_next_part_is_one_story_of_that_part() {
        let here = |message: Message| Message { stage: "self_introduction".to_owned(), ..message };
        let messages = [
            here(asked(1, "What are you proud of?")),
            here(said(2, "The printer jammed every morning in May, so I took the feeder apart one night.")),
            line(
                3,
                LinePurpose::Probe,
                "Let's turn to your experience, and start right there. What came of it?",
            ),
            said(4, "It never jammed again, and we stopped buying spare feeders."),
            asked(5, "When did you last help somebody?"),
            said(6, "I helped a new driver with the racks last week, and he knows them now."),
        ];
        with(("", ""), &messages, &[], |of| {
            let told = question_threads(of);
            let runs: Vec<usize> = told.iter().map(|told| told.runs.len()).collect();
            assert_eq!(runs, [2, 1]);
            assert!(told.iter().all(|told| told.kind == StageKind::Experience));
        });
    }

    #[test]
    fn care_is_for_what_was_told_before_it() {
        let story = "I had an apprentice who cut his thumb. I drove him to hospital and stayed with him.";
        let weighs = |after: Message| {
            let messages = [asked(1, "How did that come about?"), said(2, story), after];
            with(("", ""), &messages, &[], |of| question_threads(of)[0].weighs)
        };
        assert!(weighs(line(3, LinePurpose::Care, "That can't have been easy for you.")));
        assert!(!weighs(line(3, LinePurpose::Closing, "Thank you.")));
    }
}
